// What every script needs: a browser, a page that is watched, a map that has come to rest.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const [, , baseArgument, artefactsArgument, settingArgument] = process.argv;
/** The server's origin. */
export const base = baseArgument;
/** What the test wants to be done, as its JSON says. */
export const setting = JSON.parse(settingArgument ?? '{}');

/** A file among the artefacts. */
export const artefact = (name) => join(artefactsArgument, name);

/** The browser of the machine. */
function executable() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not here
      }
    }
  }
  throw new Error(`none of ${names.join(', ')} is in PATH: scripts/prerequisites.sh says how to get one`);
}

/** Runs `steps(browser)` and prints what it returns as JSON; an error ends with exit 1. */
export async function drive(steps) {
  const browser = await chromium.launch({
    executablePath: executable(),
    // No sandbox: tests run as root in containers. SwiftShader: WebGL without a graphics card.
    args: [
      '--no-sandbox', '--disable-dev-shm-usage', '--use-angle=swiftshader', '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist', '--disable-background-networking',
    ],
  });
  try {
    console.log(JSON.stringify((await steps(browser)) ?? {}));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

/**
 * Opens the map. `faults` fills with console errors, script errors, failed requests and requests that
 * leave the server's origin; `expected` says which of them the test provokes. `tab()` opens the same map in
 * another tab of the same browser, watched as the first is. `without` names what the browser shall lack.
 */
export async function open(browser, { hash = '', origin = base, expected = [], without = [], ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options,
  });
  await context.addInitScript((names) => {
    for (const name of names) delete window[name];
  }, without);
  const faults = [];
  const fault = (text) => {
    if (!expected.some((pattern) => pattern.test(text))) faults.push(text);
  };
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== new URL(origin).origin) {
      fault(`another origin: ${url.href}`);
    }
  });
  const tab = async () => {
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') fault(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => fault(`script: ${error.message}`));
    page.on('response', (response) => {
      if (response.status() >= 400) fault(`${response.status()}: ${response.url()}`);
    });
    await page.goto(`${origin}/${hash}`);
    await rest(page);
    return page;
  };
  return { page: await tab(), context, faults, tab };
}

/** Waits until the map has drawn all it has to. */
export async function rest(page, timeout = 60_000) {
  await page.waitForFunction(
    () => {
      const map = window.__gridbeat?.map;
      return map && map.loaded() && map.areTilesLoaded() && !map.isMoving();
    },
    null,
    { timeout },
  );
  // One more frame, so that what is loaded is drawn.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Moves the map at once and waits until it has drawn. */
export async function jump(page, lon, lat, zoom) {
  await page.evaluate(([center, z]) => {
    const { map } = window.__gridbeat;
    const idle = new Promise((done) => map.once('idle', done));
    map.jumpTo({ center, zoom: z });
    return idle;
  }, [[lon, lat], zoom]);
  await rest(page);
  // The legend follows the map when it has come to rest.
  await page.waitForTimeout(400);
}

/** How many features are on the screen, by source layer. */
export const drawn = (page) =>
  page.evaluate(() => {
    const counts = {};
    for (const feature of window.__gridbeat.map.queryRenderedFeatures()) {
      counts[feature.sourceLayer] = (counts[feature.sourceLayer] ?? 0) + 1;
    }
    return counts;
  });

/** Clicks the map at a position, as a hand would. */
export async function clickAt(page, lon, lat) {
  const at = await page.evaluate(([x, y]) => {
    const map = window.__gridbeat.map;
    const point = map.project([x, y]);
    const box = map.getContainer().getBoundingClientRect();
    return [box.left + point.x, box.top + point.y];
  }, [lon, lat]);
  await page.mouse.click(...at);
}

/** Waits for the responsibility card and reads it. */
export async function readCard(page) {
  const card = page.getByTestId('card');
  await card.waitFor({ timeout: 10_000 });
  await page.waitForFunction(() => document.querySelector('[data-testid="card"]')?.dataset.state === 'ready', null, { timeout: 10_000 });
  const text = async (id) => {
    const found = page.getByTestId(id);
    return (await found.count()) ? (await found.first().innerText()).trim() : null;
  };
  return {
    grid: await text('card-grid-code'),
    beat: await text('card-beat-code'),
    gridName: await text('card-grid-name'),
    beatName: await text('card-beat-name'),
    addresses: await text('card-addresses'),
    residents: await text('card-residents'),
    incidents: await text('card-incidents'),
    phones: await card.locator('a[href^="tel:"]').evaluateAll((links) => links.map((a) => a.textContent.trim())),
    parents: await card.locator('ol li').allInnerTexts(),
    all: await card.innerText(),
  };
}

/** Reports an incident as somebody else would, past the page. */
export async function report(origin, [lon, lat], properties) {
  const answer = await fetch(`${origin}/api/collections/incidents/items`, {
    method: 'POST',
    headers: { 'content-type': 'application/geo+json' },
    body: JSON.stringify({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: { category: 'noise', risk: 'red', ...properties },
    }),
  });
  if (answer.status !== 201) throw new Error(`the incident was not taken: ${answer.status} ${await answer.text()}`);
}

/** Waits until the map draws the incident of that code. */
export const sees = (page, code) =>
  page.waitForFunction(
    (wanted) => window.__gridbeat.map.queryRenderedFeatures().some((f) => f.sourceLayer === 'incident' && f.properties.code === wanted),
    code,
    { timeout: 10_000, polling: 50 },
  );

/** Waits until the page says that its connection is `open`, `connecting` or `lost`. */
export const connection = (page, wanted) =>
  page.waitForFunction((w) => document.querySelector('[data-testid="connection"]')?.dataset.status === w, wanted, { timeout: 30_000 });
