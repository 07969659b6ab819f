//! Layers and their overlay against brute force on rasters, and against `geo` on slanted ground.

use crate::raster::{Raster, assert_valid, map};
use geo::{Area, BooleanOps};
use gridbeat_onemap::{
    E7, MultiPolygon, Polygon, Scope,
    record::{AreaRow, Fid, Region, Side},
};
use proptest::prelude::*;

fn raster(width: usize, scale: i32, areas: u8) -> impl Strategy<Value = Raster> {
    let cell = prop::option::weighted(0.9, 0..areas);
    (prop::collection::vec(cell, width * width), 0..scale, 0..scale).prop_map(move |(cells, x, y)| Raster {
        width,
        cells,
        scale,
        origin: (x, y),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Two rasters at different steps and offsets: every lattice point, borders included, has the grid
    /// and the beat of the cell to its north-east.
    #[test]
    fn one_point_one_answer(g in raster(6, 5, 6), b in raster(5, 7, 4)) {
        let map = map(g.rows(Side::Grid), b.rows(Side::Beat));
        let scope = Scope::all();
        let reader = map.read(&scope);
        let code = |side: Side, id: Option<gridbeat_onemap::AreaId>| {
            id.map(|i| reader.layer(side).area(i).code.clone())
        };
        for x in -1..40 {
            for y in -1..40 {
                let place = reader.locate(E7::new(x, y));
                prop_assert_eq!(code(Side::Grid, place.grid), g.at(x, y).map(|a| format!("G{a:03}")), "at {} {}", x, y);
                prop_assert_eq!(code(Side::Beat, place.beat), b.at(x, y).map(|a| format!("B{a:03}")), "at {} {}", x, y);
            }
        }
        prop_assert_eq!(reader.locate_many(&[E7::new(3, 3)]), vec![reader.locate(E7::new(3, 3))]);
    }

    /// Pieces tile the outline exactly; areas of rasters are whole cells; everything derived is valid.
    #[test]
    fn pieces_tile_exactly(g in raster(6, 5, 6), b in raster(5, 7, 4)) {
        let map = map(g.rows(Side::Grid), b.rows(Side::Beat));
        let scope = Scope::all();
        let reader = map.read(&scope);
        let mut expected = std::collections::BTreeMap::new();
        for x in -1..45 { for y in -1..45 {
            let key = (g.at(x, y), b.at(x, y));
            if key != (None, None) { *expected.entry(key).or_insert(0_i128) += 2; }
        } }
        let overlay = reader.overlay();
        prop_assert_eq!(overlay.pieces().len(), expected.len());
        for id in overlay.ids() {
            let piece = overlay.piece(id);
            let ground = overlay.outline(id);
            assert_valid(&ground);
            let number = |side: Side, a: Option<gridbeat_onemap::AreaId>| {
                a.map(|i| reader.layer(side).area(i).fid.sequence() as u8 - 1)
            };
            let key = (number(Side::Grid, piece.grid), number(Side::Beat, piece.beat));
            prop_assert_eq!(ground.area2(), expected[&key]);
            prop_assert_eq!(overlay.find(&piece.id), Some(id));
            prop_assert_eq!(overlay.of(piece.grid, piece.beat), Some(id));
            prop_assert_eq!(ground.bounds(), piece.bounds);
        }
        for side in Side::BOTH {
            let layer = reader.layer(side);
            for id in layer.ids() {
                let ground = layer.outline(id);
                assert_valid(&ground);
                let pieces: i128 = overlay.pieces_of(side, id).iter().map(|p| overlay.outline(*p).area2()).sum();
                prop_assert_eq!(ground.area2(), pieces);
                let m2: f64 = overlay.pieces_of(side, id).iter().map(|p| overlay.piece(*p).area_m2).sum();
                prop_assert!((m2 - layer.area(id).area_m2).abs() < 1e-3);
            }
        }
    }

    /// Slanted layers: a quadrilateral mesh with moved vertices over another one. Areas of pieces
    /// agree with `geo`'s floating-point overlay within one unit times the borders' length.
    #[test]
    fn slanted_pieces_agree_with_geo(a in mesh(4), b in mesh(3)) {
        let map = map(rows(&a, Side::Grid), rows(&b, Side::Beat));
        let scope = Scope::all();
        let reader = map.read(&scope);
        let overlay = reader.overlay();
        let mut total = 0;
        for (i, p) in a.iter().enumerate() {
            for (j, q) in b.iter().enumerate() {
                let (p, q) = (polygon(p), polygon(q));
                let expected = p.intersection(&q).unsigned_area();
                let find = |side: Side, n: usize| reader.layer(side).by_fid(Fid::new(Region(1), n as u32 + 1));
                let ours = overlay.of(find(Side::Grid, i), find(Side::Beat, j)).map_or(0, |id| {
                    let ground = overlay.outline(id);
                    assert_valid(&ground);
                    ground.area2()
                });
                total += ours;
                let border = 2.0 * 4.0 * 2000.0;
                prop_assert!((expected - ours as f64 / 2.0).abs() <= border, "{} {}: {} {}", i, j, expected, ours);
            }
        }
        let outline = reader.overlay().ids().map(|id| overlay.outline(id).area2()).sum::<i128>();
        prop_assert!(total <= outline);
        let first: i128 = a.iter().map(|r| gridbeat_onemap::shape::ring_area2(r)).sum();
        let ours: i128 = reader.layer(Side::Grid).ids().map(|id| reader.layer(Side::Grid).outline(id).area2()).sum();
        prop_assert_eq!(first, ours, "no vertex of a valid layer moves");
    }
}

/// An n × n mesh of quadrilaterals over 0..n·1000 with inner vertices moved by up to 300.
fn mesh(n: usize) -> impl Strategy<Value = Vec<Vec<E7>>> {
    let count = (n + 1) * (n + 1);
    prop::collection::vec((-300..300_i32, -300..300_i32), count).prop_map(move |moves| {
        let step = 12_000 / n as i32;
        let vertex = |x: usize, y: usize| {
            let (dx, dy) = moves[y * (n + 1) + x];
            E7::new(x as i32 * step + dx, y as i32 * step + dy)
        };
        (0..n * n)
            .map(|i| (i % n, i / n))
            .map(|(x, y)| vec![vertex(x, y), vertex(x + 1, y), vertex(x + 1, y + 1), vertex(x, y + 1)])
            .collect()
    })
}

fn polygon(ring: &[E7]) -> geo_types::Polygon<f64> {
    let points: Vec<(f64, f64)> = ring.iter().map(|p| (f64::from(p.lon), f64::from(p.lat))).collect();
    geo_types::Polygon::new(points.into(), vec![])
}

fn rows(mesh: &[Vec<E7>], side: Side) -> Vec<AreaRow> {
    mesh.iter()
        .enumerate()
        .map(|(i, ring)| AreaRow {
            fid: Fid::new(Region(1), i as u32 + 1),
            region: Region(1),
            code: format!("{}{i}", side.layer()),
            geometry: Some(MultiPolygon(vec![Polygon { exterior: ring.clone(), holes: vec![] }])),
            ..AreaRow::default()
        })
        .collect()
}
