// The same map in the dark, on a phone, on a small laptop, and by keyboard alone.
//
// setting: { name, point: [lon, lat] }
import { artefact, clickAt, drawn, drive, jump, open, readCard, setting } from './common.mjs';

/** How light the map's ground is, 0–1. */
const lightness = (page) =>
  page.evaluate(() => {
    const map = window.__gridbeat.map;
    const background = map.getStyle().layers.find((layer) => layer.type === 'background');
    // The browser reads the colour, however the style writes it.
    const probe = document.createElement('div');
    probe.style.color = background.paint['background-color'];
    document.body.append(probe);
    const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number);
    probe.remove();
    return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
  });

/** Whether anything sticks out sideways. */
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

await drive(async (browser) => {
  const [lon, lat] = setting.point;
  const told = { faults: [] };

  for (const colorScheme of ['light', 'dark']) {
    const { page, context, faults } = await open(browser, { colorScheme });
    told[colorScheme] = { lightness: await lightness(page), drawn: await drawn(page), overflow: await overflow(page) };
    await page.screenshot({ path: artefact(`${setting.name}-${colorScheme}.png`) });
    told.faults.push(...faults);
    await context.close();
  }

  {
    const { page, context, faults } = await open(browser, {
      viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2,
    });
    await jump(page, lon, lat, 15);
    await clickAt(page, lon, lat);
    told.phone = { card: await readCard(page), drawn: await drawn(page), overflow: await overflow(page) };
    told.phone.box = await page.getByTestId('card').boundingBox();
    await page.screenshot({ path: artefact(`${setting.name}-phone.png`) });
    told.faults.push(...faults);
    await context.close();
  }

  {
    // A link says it all: place, zoom, card, language.
    const hash = `#map=15.00/${lat}/${lon}&at=${lat},${lon}&lang=en`;
    const { page, context, faults } = await open(browser, { hash });
    told.link = { card: await readCard(page), lang: await page.evaluate(() => document.documentElement.lang) };
    // Esc closes the card, `/` goes to the search, what is found there is gone to.
    await page.keyboard.press('Escape');
    await page.getByTestId('card').waitFor({ state: 'detached', timeout: 5_000 });
    await page.keyboard.press('/');
    told.searchFocused = await page.evaluate(() => document.activeElement?.dataset.testid ?? document.activeElement?.closest('[data-testid]')?.dataset.testid);
    await page.keyboard.type(setting.search);
    await page.getByTestId('search-result').first().waitFor({ timeout: 5_000 });
    told.results = await page.getByTestId('search-result').allInnerTexts();
    await page.keyboard.press('Enter');
    told.found = await readCard(page);
    await page.screenshot({ path: artefact(`${setting.name}-search.png`) });
    told.faults.push(...faults);
    await context.close();
  }
  return told;
});
