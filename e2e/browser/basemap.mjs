// The map over one of another server: whether the browser may load its pictures, and draws them.
//
// setting: { name, origin, point, zoom }
import { artefact, drive, jump, open, setting } from './common.mjs';

await drive(async (browser) => {
  const told = { pictures: 0, referrers: [] };
  const { page, faults } = await open(browser, { expected: [new RegExp(`^another origin: ${setting.origin}/`)] });
  page.on('response', async (response) => {
    if (!response.url().startsWith(setting.origin) || response.status() !== 200) return;
    told.pictures += 1;
    told.referrers.push((await response.request().allHeaders()).referer ?? null);
  });
  await jump(page, ...setting.point, setting.zoom);
  await page.screenshot({ path: artefact(`${setting.name}-basemap.png`) });
  told.layers = await page.evaluate(() => window.__gridbeat.map.getStyle().layers.slice(0, 2).map((layer) => layer.id));
  told.loaded = await page.evaluate(() => window.__gridbeat.map.isSourceLoaded('basemap-0'));
  told.faults = faults;
  return told;
});
