//! Any rings in, valid tiles out: drawings that cross, overlap, fold back and leave gaps become a map, and every
//! tile of it must be readable, its ground a valid coverage for GEOS.
//!
//! A plain test run takes some dozens of maps, always the same. To search on:
//!
//! ```sh
//! GRIDBEAT_FUZZ_MINUTES=10 cargo test --release -p gridbeat-tiles --test fuzz -- --nocapture
//! ```
//!
//! then begins elsewhere each time; `GRIDBEAT_FUZZ_SEED` repeats one.

mod common;

use common::{ALL, Feature, Shape, decode};
use gridbeat_onemap::{
    E7, MapBuilder, MultiPolygon, OneMap, Polygon,
    record::{AreaRow, Fid, Region, Side},
};
use gridbeat_oracle::{Ground, judge};
use gridbeat_tiles::{Keep, MatrixSet, TileId, TileLayer, TileMaker, TileRange, TileRequest};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Maps of a plain test run.
const FEW: u32 = 40;
/// Tiles of one zoom of one map at most.
const MOST: usize = 6;

/// Steele, Lea & Flood 2014: SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: i32) -> i32 {
        (self.next() % n as u64) as i32
    }
}

/// A map of rings without rhyme or reason, and how wide it is.
fn map(dice: &mut Dice) -> (OneMap, i32) {
    // From a courtyard to a province; vertices on a coarse raster meet and fall together often.
    let wide = [300, 5_000, 200_000, 5_000_000, 60_000_000][dice.below(5) as usize];
    let raster = (wide / [4, 9, 40, 4_000][dice.below(4) as usize]).max(1);
    let corner = match dice.below(4) {
        0 => E7::new(-1_800_000_000, -900_000_000),
        1 => E7::new(1_800_000_000 - wide, 900_000_000 - wide),
        2 => E7::new(-wide / 2, -wide / 2),
        _ => E7::new(1_203_000_000, 315_000_000),
    };
    let mut builder = MapBuilder::new();
    let mut sequence = 0;
    for side in Side::BOTH {
        for n in 0..1 + dice.below(9) {
            sequence += 1;
            let mut ring = || {
                let (x, y) = (dice.below(wide), dice.below(wide));
                let reach = 1 + dice.below(wide);
                (0..3 + dice.below(9))
                    .map(|_| {
                        let mut at = |from: i32| (from + dice.below(reach)).min(wide) / raster * raster;
                        E7::new(corner.lon + at(x), corner.lat + at(y))
                    })
                    .collect::<Vec<_>>()
            };
            let polygon = Polygon { exterior: ring(), holes: if n % 3 == 0 { vec![ring()] } else { vec![] } };
            builder.area(
                side,
                AreaRow {
                    fid: Fid::new(Region(3202), sequence),
                    region: Region(3202),
                    code: format!("{}{n}", side.layer()),
                    geometry: Some(MultiPolygon(vec![polygon])),
                    ..AreaRow::default()
                },
            );
        }
    }
    (builder.finish(1), wide)
}

/// The ground of each feature, in tile units.
fn ground(features: &[Feature]) -> Vec<MultiPolygon> {
    let ring = |r: &Vec<(i32, i32)>| r.iter().map(|&(x, y)| E7::new(x, y)).collect::<Vec<_>>();
    let polygons = |f: &Feature| match &f.shape {
        Shape::Polygons(all) => all
            .iter()
            .map(|rings| Polygon { exterior: ring(&rings[0]), holes: rings[1..].iter().map(ring).collect() })
            .collect(),
        _ => Vec::new(),
    };
    features.iter().map(|f| MultiPolygon(polygons(f))).collect()
}

#[test]
fn any_coverage_gives_valid_tiles() {
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
    let minutes = number("GRIDBEAT_FUZZ_MINUTES");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let seed = number("GRIDBEAT_FUZZ_SEED").unwrap_or(if minutes.is_some() { now } else { 1 });
    let end = minutes.map(|m| Instant::now() + Duration::from_secs(60 * m));
    let (mut maps, mut tiles, mut areas) = (0, 0, 0);
    while end.map_or(maps < FEW, |end| Instant::now() < end) {
        let place = seed.wrapping_add(u64::from(maps));
        let mut dice = Dice(place);
        let (map, wide) = map(&mut dice);
        let reader = map.read(&ALL);
        let maker = TileMaker::new(&reader);
        let (mut names, mut grounds) = (Vec::new(), Vec::new());
        for set in MatrixSet::ALL {
            // The zoom at which the map is about a tile wide, and others.
            let fit = (3.6e9 / f64::from(wide)).log2() as i32;
            for z in [fit - 4, fit, fit + 2, dice.below(23)] {
                let z = z.clamp(i32::from(set.first_zoom()), 22) as u8;
                let Some(range) = TileRange::covering_in(set, &reader.bounds(), z) else { continue };
                let few = |ids: &mut dyn Iterator<Item = TileId>| ids.take(MOST).collect::<Vec<_>>();
                for id in few(&mut range.iter()) {
                    for layer in TileLayer::ALL {
                        let layers = [layer];
                        let asked = TileRequest { set, id, layers: &layers, keep: Keep::ALL };
                        let tile = maker.make(&reader, &asked);
                        // Reading it is half of the test.
                        let features = decode(tile.as_deref(), layer);
                        tiles += usize::from(tile.is_some());
                        if matches!(layer, TileLayer::Grid | TileLayer::Beat | TileLayer::Piece) {
                            areas += features.len();
                            names.push(format!("map {place}, {layer} in {} {id}", set.as_str()));
                            grounds.push(ground(&features));
                        }
                    }
                }
            }
        }
        let sent: Vec<Ground> =
            grounds.iter().map(|g| Ground::on_lattice(g.iter().filter(|m| !m.0.is_empty()))).collect();
        for (name, verdict) in names.iter().zip(judge(&sent)) {
            verdict.assert_coverage(name);
        }
        maps += 1;
    }
    eprintln!("seed {seed}: {maps} maps, {tiles} tiles, {areas} areas");
    assert!(tiles > 20 * maps as usize && areas > 20 * maps as usize, "{tiles} tiles and {areas} areas only");
}
