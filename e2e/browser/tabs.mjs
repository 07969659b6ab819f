// Several tabs of one browser: with a shared worker they listen over one connection, without over one each,
// and every one sees what happens.
//
// setting: { name, point: [lon, lat], worker: whether the browser has shared workers }
import { setTimeout as wait } from 'node:timers/promises';
import { artefact, base, connection, drive, jump, open, report, sees, setting } from './common.mjs';

/** How many streams the server feeds, by its own count. */
async function streams() {
  const page = await (await fetch(`${base}/metrics`)).text();
  return Number(page.match(/^gridbeat_streams (\d+)$/m)[1]);
}

/** Waits until the server feeds as many as wanted; the answer is how many it feeds in the end. */
async function settled(wanted) {
  for (let left = 100; left > 0 && (await streams()) !== wanted; left--) await wait(100);
  return streams();
}

/** Whether every one of the pages shows an incident that is reported now. */
async function allSee(pages) {
  const code = `E2E-${Date.now()}`;
  await report(base, setting.point, { code });
  await Promise.all(pages.map((page) => sees(page, code)));
}

await drive(async (browser) => {
  const told = { before: await streams() };
  const { page: first, context, faults, tab } = await open(browser, { without: setting.worker ? [] : ['SharedWorker'] });
  const second = await tab();
  for (const page of [first, second]) {
    await connection(page, 'open');
    await jump(page, ...setting.point, 16);
  }
  told.both = await settled(setting.worker ? 1 : 2);
  await allSee([first, second]);
  await second.screenshot({ path: artefact(`${setting.name}-tabs.png`) });

  // The first goes, which began it all.
  await first.close();
  told.one = await settled(1);
  await allSee([second]);

  // One that is loaded anew, and one that comes late, are told as well.
  await second.reload();
  const third = await tab();
  for (const page of [second, third]) {
    await connection(page, 'open');
    await jump(page, ...setting.point, 16);
  }
  told.again = await settled(setting.worker ? 1 : 2);
  await allSee([second, third]);

  // With the last tab goes the connection.
  await second.close();
  await third.close();
  told.none = await settled(0);
  await context.close();
  return { ...told, faults };
});
