// Prints the setting of screenshot.mjs: a lively place near the middle of what is served.
//
// usage: node place.mjs BASE FILE
const [, , base, file] = process.argv;
const json = async (path) => (await fetch(base + path)).json();

const [w, s, e, n] = (await json('/tiles/grid,beat.json')).bounds;
let best = { residents: -1 };
for (let i = 0; i < 120; i++) {
  // A sunflower's spiral: even cover, the middle first.
  const far = Math.sqrt(i / 120) * 0.3;
  const lon = (w + e) / 2 + (e - w) * far * Math.cos(i * 2.4);
  const lat = (s + n) / 2 + (n - s) * far * Math.sin(i * 2.4);
  const card = await json(`/api/locate?lon=${lon}&lat=${lat}`);
  const shared = card.grid && card.beat && card.share_of_grid < 0.9;
  if (shared && card.counts.residents > best.residents) best = { residents: card.counts.residents, point: [lon, lat] };
}
if (!best.point) throw new Error('no place has both a grid and a beat');
console.log(JSON.stringify({ file, point: best.point, zoom: 14.2 }));
