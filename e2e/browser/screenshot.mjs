// docs/screenshot.png: the demo as a chief sees it, with the card open.
//
// setting: { file, point: [lon, lat], zoom }
import { clickAt, drive, jump, open, readCard, rest, setting } from './common.mjs';

await drive(async (browser) => {
  const { page, faults } = await open(browser, { viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
  const [lon, lat] = setting.point;
  await jump(page, lon, lat, setting.zoom);
  await clickAt(page, lon, lat);
  await readCard(page);
  await rest(page);
  await page.screenshot({ path: setting.file });
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return { file: setting.file };
});
