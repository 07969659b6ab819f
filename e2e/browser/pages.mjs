// Pages of the API for people: that their Chinese is drawn in a browser that has no Chinese font.
//
// setting: { name, paths }
import { artefact, base, drive, setting } from './common.mjs';

await drive(async (browser) => {
  const told = { faults: [], fonts: [] };
  const looks = [
    { locale: 'zh-CN', colorScheme: 'light', viewport: { width: 1366, height: 768 } },
    { locale: 'en', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  ];
  for (const [i, path] of setting.paths.entries()) {
    for (const look of looks) {
      const page = await browser.newPage(look);
      page.on('console', (message) => message.type() === 'error' && told.faults.push(message.text()));
      page.on('requestfailed', (request) => told.faults.push(request.url()));
      await page.goto(`${base}${path}`, { waitUntil: 'networkidle' });
      // The faces that hold these characters; none when the page knows none.
      const faces = await page.evaluate(async () => (await document.fonts.load('16px "Noto Sans SC Variable"', '网格警')).length);
      told.fonts.push(faces);
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: artefact(`${setting.name}-page-${i}-${look.locale}.png`) });
      await page.close();
    }
  }
  return told;
});
