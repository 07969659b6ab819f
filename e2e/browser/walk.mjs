// A chief's morning: open the map, look at three zooms, ask who is responsible, see an incident come in,
// change the language and the light.
//
// setting: { name, point: [lon, lat], zooms: { city, community, building } }
import { artefact, base, clickAt, drawn, drive, jump, open, readCard, report, rest, sees, setting } from './common.mjs';

await drive(async (browser) => {
  const { page, faults } = await open(browser);
  const told = { opening: await drawn(page) };
  const [lon, lat] = setting.point;

  for (const [name, zoom] of Object.entries(setting.zooms)) {
    await jump(page, lon, lat, zoom);
    told[name] = await drawn(page);
    await page.screenshot({ path: artefact(`${setting.name}-${name}.png`) });
  }

  await jump(page, lon, lat, setting.zooms.building);
  await clickAt(page, lon, lat);
  told.card = await readCard(page);
  await page.screenshot({ path: artefact(`${setting.name}-card.png`) });

  // An incident that somebody else reports must appear by itself.
  const code = `E2E-${Date.now()}`;
  await report(base, [lon, lat], { code, title: '端到端测试' });
  const posted = performance.now();
  await sees(page, code);
  told.incidentAfterMs = performance.now() - posted;
  await page.screenshot({ path: artefact(`${setting.name}-incident.png`) });

  // Both languages, whole: what a person reads is in the one that was chosen.
  const read = async () => ({
    lang: await page.evaluate(() => document.documentElement.lang),
    layers: await page.getByTestId('layers').innerText(),
    placeholder: await page.getByTestId('search-input').getAttribute('placeholder'),
    // A notice that was up before keeps the language in which it was said.
    labels: await page.locator('[aria-label]').evaluateAll((all) =>
      all.filter((e) => !e.closest('.ant-notification')).map((e) => e.getAttribute('aria-label'))),
  });
  told.first = await read();
  await page.getByTestId('language').click();
  await page.waitForFunction((before) => document.documentElement.lang !== before, told.first.lang);
  await rest(page);
  told.second = await read();
  await page.screenshot({ path: artefact(`${setting.name}-second-language.png`) });

  // Names on the map come with the page: a machine without Chinese fonts draws them too.
  told.fonts = await page.evaluate(() => [...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family));
  told.url = page.url();
  told.faults = faults;
  return told;
});
