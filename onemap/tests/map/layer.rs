//! Parents, disputes and gaps of one layer.

use crate::raster::{Raster, assert_valid};
use gridbeat_onemap::{
    E7, Layer, MultiPolygon, Polygon,
    coverage::{FindingKind, Tolerance, validate},
    record::{AreaRow, Fid, Level, Region, Side},
};

fn square(x: i32, y: i32, w: i32, h: i32) -> MultiPolygon {
    MultiPolygon(vec![Polygon {
        exterior: vec![E7::new(x, y), E7::new(x + w, y), E7::new(x + w, y + h), E7::new(x, y + h)],
        holes: vec![],
    }])
}

fn row(n: u32, code: &str, parent: Option<&str>, level: Level, geometry: Option<MultiPolygon>) -> AreaRow {
    AreaRow {
        fid: Fid::new(Region(3202), n),
        region: Region(3202),
        code: code.into(),
        parent: parent.map(Into::into),
        level: Some(level),
        geometry,
        ..AreaRow::default()
    }
}

fn kinds(layer: &Layer) -> Vec<FindingKind> {
    validate(layer, &Tolerance::default()).iter().map(|f| f.kind).collect()
}

#[test]
fn a_parent_is_the_union_of_its_children() {
    let layer = Layer::new(
        Side::Grid,
        vec![
            row(1, "T", None, Level::Town, None),
            row(2, "C1", Some("T"), Level::Community, None),
            row(3, "C2", Some("T"), Level::Community, None),
            row(4, "G1", Some("C1"), Level::Grid, Some(square(0, 0, 1000, 1000))),
            row(5, "G2", Some("C1"), Level::Grid, Some(square(1000, 0, 1000, 1000))),
            row(6, "G3", Some("C2"), Level::Grid, Some(square(2000, 0, 1000, 1000))),
        ],
    );
    let id = |code: &str| layer.find(code).unwrap();
    assert_eq!(layer.outline(id("C1")), {
        // The vertices where G1 and G2 met stay: they are the coverage's.
        let exterior = [(0, 0), (1000, 0), (2000, 0), (2000, 1000), (1000, 1000), (0, 1000)];
        MultiPolygon(vec![Polygon { exterior: exterior.map(|(x, y)| E7::new(x, y)).to_vec(), holes: vec![] }])
    });
    assert_eq!(layer.outline(id("T")).area2(), 2 * 3000 * 1000);
    assert!(!layer.area(id("T")).drawn && layer.area(id("G1")).drawn);
    let town = layer.area(id("T")).area_m2;
    let sum: f64 = ["G1", "G2", "G3"].iter().map(|c| layer.area(id(c)).area_m2).sum();
    assert!((town - sum).abs() < 1e-9);
    let codes: Vec<_> = layer.ancestors(id("G3")).map(|a| layer.area(a).code.as_str()).collect();
    assert_eq!(codes, ["C2", "T"]);
    assert_eq!(layer.at_level(id("G3"), Level::Town), Some(id("T")));
    assert_eq!(kinds(&layer), []);
}

#[test]
fn disputed_ground_goes_to_the_first_code_and_is_reported() {
    // The later row has the code that comes first.
    let rows = vec![
        row(1, "B", None, Level::Beat, Some(square(0, 0, 1000, 1000))),
        row(2, "A", None, Level::Beat, Some(square(900, 0, 1000, 1000))),
    ];
    let layer = Layer::new(Side::Beat, rows);
    let (a, b) = (layer.find("A").unwrap(), layer.find("B").unwrap());
    assert_eq!(layer.outline(a).area2(), 2 * 1000 * 1000);
    assert_eq!(layer.outline(b).area2(), 2 * 900 * 1000);
    let found = validate(&layer, &Tolerance::default());
    assert_eq!(found[0].kind, FindingKind::Overlap);
    assert_eq!(found[0].areas, [b, a]);
    assert_eq!(found[0].ground().unwrap().area2(), 2 * 100 * 1000);
    // The corners of each lie on the other's sides.
    assert_eq!(kinds(&layer), [FindingKind::Overlap, FindingKind::UnmatchedVertex]);
    assert_eq!(found[1].count, 4);
}

#[test]
fn a_gap_between_areas_is_nobodys_and_is_reported() {
    // A ring of eight cells around an empty one.
    let cells = [0, 1, 2, 3, 9, 4, 5, 6, 7].map(|n| (n != 9).then_some(n));
    let raster = Raster { width: 3, cells: cells.to_vec(), scale: 1000, origin: (0, 0) };
    let layer = Layer::new(Side::Grid, raster.rows(Side::Grid));
    let found = validate(&layer, &Tolerance::default());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, FindingKind::Gap);
    assert_eq!(found[0].areas.len(), 4, "the four areas that share an edge with it");
    assert_eq!(found[0].ground().unwrap().area2(), 2 * 1000 * 1000);
}

#[test]
fn a_campus_in_a_grid_is_a_hole_in_it() {
    let mut around = square(0, 0, 1000, 1000);
    // Hole drawn counter-clockwise on purpose: either way is taken.
    around.0[0].holes.push(square(400, 400, 400, 400).0[0].exterior.clone());
    let layer = Layer::new(
        Side::Grid,
        vec![
            row(1, "G", None, Level::Grid, Some(around)),
            row(2, "Campus", None, Level::Grid, Some(square(400, 400, 400, 400))),
        ],
    );
    let ground = layer.outline(layer.find("G").unwrap());
    assert_valid(&ground);
    assert_eq!(ground.0[0].holes.len(), 1);
    assert_eq!(kinds(&layer), []);
}

#[test]
fn mistakes_among_parents_are_found() {
    let layer = Layer::new(
        Side::Grid,
        vec![
            row(1, "A", Some("B"), Level::Town, None),
            row(2, "B", Some("A"), Level::Town, None),
            row(3, "G", Some("nowhere"), Level::Grid, Some(square(-5000, 0, 1000, 1000))),
            row(4, "C", None, Level::Community, Some(square(0, 0, 9000, 9000))),
            row(5, "G2", Some("C"), Level::Grid, Some(square(0, 200, 9300, 8800))),
            row(6, "two", None, Level::Grid, {
                let mut parts = square(20_000, 0, 1000, 1000);
                parts.0.extend(square(22_000, 0, 1000, 1000).0);
                Some(parts)
            }),
        ],
    );
    assert_eq!(
        kinds(&layer),
        [
            FindingKind::ParentCircle,
            FindingKind::ChildOutside,
            FindingKind::ParentDiffers,
            FindingKind::ParentMissing,
            FindingKind::MultiPart
        ]
    );
    assert!(layer.ancestors(layer.find("A").unwrap()).count() <= 1, "the circle is cut");
}
