// The server goes away and comes back: the page says so, and mends itself.
//
// setting: { name, command: [program, …arguments without --listen] }
import { spawn } from 'node:child_process';
import { artefact, connection, drive, open, report, sees, setting } from './common.mjs';

/** Starts the server at an address and waits for the line that says where it listens. */
function start(listen) {
  const [program, ...args] = setting.command;
  const child = spawn(program, [...args, '--listen', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  const origin = new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (bytes) => {
      said += bytes;
      const found = said.match(/listening on (http:\/\/\S+)/);
      if (found) resolve(found[1].replace(/\/$/, ''));
    });
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      child.on('exit', resolve);
      child.kill('SIGTERM');
    });
  return { origin, stop };
}

await drive(async (browser) => {
  let server = start('127.0.0.1:0');
  try {
    const origin = await server.origin;
    // While the server is gone every request fails, and the browser says so in its console.
    const expected = [/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|NetworkError|Failed to fetch/];
    const { page, faults } = await open(browser, { origin, expected });
    await connection(page, 'open');

    await server.stop();
    await connection(page, 'lost');
    await page.screenshot({ path: artefact(`${setting.name}-lost.png`) });

    server = start(new URL(origin).host);
    await server.origin;
    const back = performance.now();
    await connection(page, 'open');
    const told = { healedAfterMs: performance.now() - back };

    // What happens after the mending is seen again.
    await report(origin, setting.point, { code: 'HEALED' });
    await page.evaluate((center) => window.__gridbeat.map.jumpTo({ center, zoom: 16 }), setting.point);
    await sees(page, 'HEALED');
    told.faults = faults;
    return told;
  } finally {
    await server.stop();
  }
});
