// Reads every tile of a PMTiles file as a web map does, and prints what is in it:
// {header, metadata, zooms: {z: {layer: {tiles, features, rings}}}}.
import { classifyRings, VectorTile } from '@mapbox/vector-tile';
import { open } from 'node:fs/promises';
import { PbfReader } from 'pbf';
import { PMTiles, tileIdToZxy } from 'pmtiles';

/** A file as the reader of PMTiles wants it. */
class FileSource {
  constructor(path, file) {
    this.path = path;
    this.file = file;
  }
  getKey() {
    return this.path;
  }
  async getBytes(offset, length) {
    const bytes = new Uint8Array(length);
    const { bytesRead } = await this.file.read(bytes, 0, length, offset);
    return { data: bytes.buffer.slice(0, bytesRead) };
  }
}

const path = process.argv[2];
const file = await open(path);
const archive = new PMTiles(new FileSource(path, file));
const header = await archive.getHeader();
const metadata = await archive.getMetadata();

/** All entries of a directory and those below it. */
async function* entries(offset, length) {
  for (const entry of await archive.cache.getDirectory(archive.source, offset, length, header)) {
    if (entry.runLength === 0) yield* entries(header.leafDirectoryOffset + entry.offset, entry.length);
    else yield entry;
  }
}

const zooms = {};
let [addressed, before, clustered] = [0, -1, true];
const seen = new Set();
for await (const entry of entries(header.rootDirectoryOffset, header.rootDirectoryLength)) {
  // Clustered: an offset is the end of what came before, or one that was there already.
  if (!seen.has(entry.offset)) {
    clustered &&= entry.offset >= before;
    before = entry.offset + entry.length;
    seen.add(entry.offset);
  }
  for (let i = 0; i < entry.runLength; i++) {
    const [z, x, y] = tileIdToZxy(entry.tileId + i);
    const tile = await archive.getZxy(z, x, y);
    addressed++;
    const layers = new VectorTile(new PbfReader(new Uint8Array(tile.data))).layers;
    for (const [name, layer] of Object.entries(layers)) {
      const count = ((zooms[z] ??= {})[name] ??= { tiles: 0, features: 0, polygons: 0 });
      count.tiles++;
      for (let f = 0; f < layer.length; f++) {
        const feature = layer.feature(f);
        const rings = feature.loadGeometry();
        if (!rings.length) throw new Error(`${z}/${x}/${y}: a feature of ${name} without a geometry`);
        count.features++;
        // Exteriors and holes are told apart by the way they run.
        if (feature.type === 3) count.polygons += classifyRings(rings).length;
      }
    }
  }
}
await file.close();
console.log(JSON.stringify({ header, metadata, addressed, clustered, zooms }));
