// An incident that somebody else moves: it leaves the tile where it was and enters the one where it is, and
// only those two are fetched again.
//
// setting: { from: [lon, lat], to: [lon, lat] } — in different tiles of zoom 16
import { base, drive, jump, open, report, rest, sees, setting } from './common.mjs';

const CODE = 'MOVED-1';
const ITEMS = `${base}/api/collections/incidents/items`;

const tile = ([lon, lat], z) => {
  const n = 2 ** z;
  const phi = (lat * Math.PI) / 180;
  return `${z}/${Math.floor(((lon + 180) / 360) * n)}/${Math.floor(((1 - Math.asinh(Math.tan(phi)) / Math.PI) / 2) * n)}`;
};

/** Where the incident of that code is drawn, each place once. */
const places = (page) =>
  page.evaluate((code) => {
    const drawn = window.__gridbeat.map.queryRenderedFeatures().filter((f) => f.sourceLayer === 'incident' && f.properties.code === code);
    return [...new Set(drawn.map((f) => f.geometry.coordinates.map((c) => c.toFixed(4)).join(' ')))];
  }, CODE);

async function move() {
  const page = await (await fetch(`${ITEMS}?code=${CODE}`)).json();
  const one = `${ITEMS}/${page.features[0].id}`;
  const tag = (await fetch(one)).headers.get('etag');
  const answer = await fetch(one, {
    method: 'PATCH',
    headers: { 'content-type': 'application/merge-patch+json', 'if-match': tag },
    body: JSON.stringify({ geometry: { type: 'Point', coordinates: setting.to } }),
  });
  if (!answer.ok) throw new Error(`the incident was not moved: ${answer.status} ${await answer.text()}`);
}

await drive(async (browser) => {
  const { page, faults } = await open(browser);
  const middle = [(setting.from[0] + setting.to[0]) / 2, (setting.from[1] + setting.to[1]) / 2];
  await jump(page, ...middle, 16);
  await report(base, setting.from, { code: CODE });
  await sees(page, CODE);
  await rest(page);
  await page.waitForTimeout(500);
  const before = await places(page);

  const fetched = [];
  page.on('request', (request) => {
    const found = /\/tiles\/([a-z_,]+)\/(\d+\/\d+\/\d+)/.exec(request.url());
    if (found) fetched.push(`${found[1]} ${found[2]}`);
  });
  const shown = await page.evaluate(() => window.__gridbeat.map.getStyle() && [...Object.keys(window.__gridbeat.map.getStyle().sources)]);
  // Asking after these alone leaves the page the time to draw.
  const layers = await page.evaluate(() =>
    window.__gridbeat.map.getStyle().layers.filter((layer) => layer['source-layer'] === 'incident').map((layer) => layer.id),
  );
  const begun = performance.now();
  await move();
  const sent = performance.now();
  const wanted = setting.to.map((c) => c.toFixed(4)).join(' ');
  await page.waitForFunction(
    ([code, place, layers]) => {
      const drawn = window.__gridbeat.map.queryRenderedFeatures({ layers });
      const at = drawn.filter((f) => f.properties.code === code).map((f) => f.geometry.coordinates);
      const near = ([lon, lat]) => Math.abs(lon - place[0]) < 2e-5 && Math.abs(lat - place[1]) < 2e-5;
      return at.length > 0 && at.every(near);
    },
    [CODE, setting.to, layers],
    { timeout: 10_000, polling: 20 },
  );
  const seen = performance.now();
  // Whatever else the change would have fetched comes by then.
  await page.waitForTimeout(1500);
  return {
    faults,
    sources: shown,
    before,
    after: await places(page),
    wanted,
    afterMs: seen - begun,
    writeMs: sent - begun,
    fetched: [...new Set(fetched)].sort(),
    expected: [...new Set([setting.from, setting.to].map((at) => `incident ${tile(at, 16)}`))].sort(),
  };
});
