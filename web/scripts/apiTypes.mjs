// Writes src/api/schema.d.ts from the OpenAPI document of a built server. With --check it writes nothing and
// exits 1 when the file is not what that server's document yields.
//
//   node scripts/apiTypes.mjs [--check] PATH/TO/gridbeat
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const TARGET = fileURLToPath(new URL('../src/api/schema.d.ts', import.meta.url));
const SAMPLE = fileURLToPath(new URL('../../data/sample/grid.geojson', import.meta.url));
const HEADER = '// Made from the OpenAPI document of the server by scripts/api-types.sh; not edited by hand.\n\n';

/** Calls `use(origin)` while the binary serves the sample, and stops it. */
async function whileServing(binary, use) {
  const folder = mkdtempSync(join(tmpdir(), 'gridbeat-api-types-'));
  const store = join(folder, 'sample.gpkg');
  try {
    execFileSync(binary, ['import', '--store', store, '--layer', 'grid', SAMPLE], { stdio: ['ignore', 'ignore', 'pipe'] });
    const server = spawn(binary, ['serve', '--store', store, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => server.on('close', resolve));
    try {
      for await (const line of createInterface({ input: server.stdout })) {
        const origin = line.match(/^listening on (http:\S+)/)?.[1];
        if (origin) return await use(origin);
      }
      throw new Error(`${binary} ended before it listened`);
    } finally {
      server.kill('SIGTERM');
      await ended;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The document's paths begin at its server, `/api`, unless they name another, the origin; the client's at the origin. */
const fromTheRoot = (paths) =>
  Object.fromEntries(Object.entries(paths).map(([path, item]) => [item.servers ? path : `/api${path === '/' ? '' : path}`, item]));

/**
 * The types of a document. Fixed lengths of arrays count, so that a position is a pair; a least length does not:
 * openapi-typescript takes the items of such an array for arrays where they are pairs.
 */
async function types(document) {
  const plain = JSON.parse(document, (_, schema) => {
    if (schema?.minItems !== schema?.maxItems) delete schema.minItems;
    return schema;
  });
  return HEADER + astToString(await openapiTS({ ...plain, paths: fromTheRoot(plain.paths) }, { arrayLength: true }));
}

const binary = process.argv.slice(2).find((argument) => argument !== '--check');
if (!binary) {
  console.error('usage: node scripts/apiTypes.mjs [--check] PATH/TO/gridbeat');
  process.exit(2);
}
const made = await whileServing(binary, async (origin) => {
  const answer = await fetch(`${origin}/api/openapi.json`);
  if (!answer.ok) throw new Error(`/api/openapi.json was answered with ${answer.status}`);
  return types(await answer.text());
});

if (!process.argv.includes('--check')) {
  writeFileSync(TARGET, made);
} else {
  const [kept, wanted] = [readFileSync(TARGET, 'utf8').split('\n'), made.split('\n')];
  const at = wanted.findIndex((line, i) => line !== kept[i]);
  if (at >= 0 || kept.length !== wanted.length) {
    const line = at >= 0 ? at : wanted.length;
    console.error(`web/src/api/schema.d.ts is not what the server's OpenAPI document yields, from line ${line + 1} on:`);
    console.error(`  kept:   ${kept[line] ?? '(ends)'}\n  wanted: ${wanted[line] ?? '(ends)'}`);
    console.error('scripts/api-types.sh writes it anew.');
    process.exitCode = 1;
  }
}
