//! Ground for which a layer's drawings give no single answer: several areas claim it, or areas leave it
//! between them.
//!
//! The layer answers all the same, and always the same way: of several claimants the one whose code
//! comes first by code point (areas of two regions with one code: the lower region), and nobody for
//! ground that is none's. What is gathered here says where that is, so that a map can show it.

use super::{
    AreaId, Layer,
    validate::{Drawing, FindingKind, Severity, Tolerance, validate_drawings},
};
use crate::{Bounds, E7, MultiPolygon, boxes::Boxes, e7::cross};

/// One connected piece of such ground.
#[derive(Clone, Debug)]
pub struct Fault {
    /// [`FindingKind::Overlap`], [`FindingKind::Gap`] or [`FindingKind::NarrowGap`].
    pub kind: FindingKind,
    /// How bad it is.
    pub severity: Severity,
    /// Of an overlap all claimants, the one that answers first, then by code. Of a gap the areas around
    /// it, by code.
    pub areas: Vec<AreaId>,
    /// The ground.
    pub ground: MultiPolygon,
    /// The box around it.
    pub bounds: Bounds,
    /// A place in it.
    pub at: Option<E7>,
    /// Square metres.
    pub area_m2: f64,
    /// Mean width in metres.
    pub width_m: f64,
    /// Whether it is tiny or thin.
    pub sliver: bool,
}

impl Fault {
    /// Whether several areas claim the ground, rather than none.
    pub fn is_disputed(&self) -> bool {
        self.kind == FindingKind::Overlap
    }
}

/// All of a layer's. Grounds do not overlap.
#[derive(Debug)]
pub struct Faults {
    all: Vec<Fault>,
    boxes: Boxes,
}

impl Faults {
    /// Searches a layer, with the usual tolerance.
    pub fn of(layer: &Layer) -> Self {
        let drawn = layer.ids().filter(|&id| layer.area(id).drawn);
        let drawings: Vec<_> =
            drawn.filter_map(|id| Some(Drawing { id, ground: layer.drawing(id)? })).collect();
        let all: Vec<Fault> = validate_drawings(&drawings, &Tolerance::default())
            .into_iter()
            .filter(|f| matches!(f.kind, FindingKind::Overlap | FindingKind::Gap | FindingKind::NarrowGap))
            .filter_map(|mut f| {
                let ground = f.ground()?.clone();
                f.areas.sort_by_key(|&id| (&layer.area(id).code, id));
                Some(Fault {
                    kind: f.kind,
                    severity: f.severity,
                    bounds: ground.bounds(),
                    areas: f.areas,
                    ground,
                    at: f.at,
                    area_m2: f.area_m2,
                    width_m: f.width_m,
                    sliver: f.sliver,
                })
            })
            .collect();
        let boxes = Boxes::new(all.iter().map(|f| f.bounds));
        Self { all, boxes }
    }

    /// Every fault, worst first.
    pub fn all(&self) -> &[Fault] {
        &self.all
    }

    /// The fault that a position lies in. On a border by the rule of the map: the ground just east of
    /// it, and if that is still the border, just north.
    pub fn at(&self, at: E7) -> Option<&Fault> {
        let near = self.boxes.meeting(&Bounds { min: at, max: at });
        near.into_iter().map(|i| &self.all[i as usize]).find(|f| holds(&f.ground, at))
    }
}

/// Whether ground holds a position moved by ε to the east and ε² to the north: the number of borders
/// to the west of it is odd.
fn holds(ground: &MultiPolygon, at: E7) -> bool {
    let sides = ground.rings().flat_map(|r| r.iter().zip(r.iter().cycle().skip(1)));
    let west = sides.filter(|&(&a, &b)| {
        let (south, north) = if a.lat <= b.lat { (a, b) } else { (b, a) };
        // A vertex on the latitude lies south of the moved position. Not to the right of the position
        // as seen going north: west of it, or under it.
        south.lat <= at.lat && at.lat < north.lat && cross(south, north, at) <= 0
    });
    west.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Polygon,
        record::{AreaRow, Fid, Region, Side},
    };

    fn layer(squares: &[(&str, i32, i32)]) -> Layer {
        let rows = squares.iter().zip(1..).map(|(&(code, x, y), n)| {
            let exterior =
                [(0, 0), (9000, 0), (9000, 9000), (0, 9000)].map(|(u, v)| E7::new(x + u, y + v)).to_vec();
            AreaRow {
                fid: Fid::new(Region(0), n),
                code: code.into(),
                geometry: Some(MultiPolygon(vec![Polygon { exterior, holes: vec![] }])),
                ..AreaRow::default()
            }
        });
        Layer::new(Side::Beat, rows.collect())
    }

    #[test]
    fn disputed_ground_names_who_answers_first() {
        let layer = layer(&[("C", 0, 0), ("B", 4000, 0), ("A", 6000, 5000)]);
        let faults = Faults::of(&layer);
        let codes = |lon, lat| -> Option<String> {
            let fault = faults.at(E7::new(lon, lat))?;
            Some(fault.areas.iter().map(|&a| layer.area(a).code.as_str()).collect())
        };
        assert_eq!(codes(5000, 1000).as_deref(), Some("BC"));
        assert_eq!(codes(7000, 6000).as_deref(), Some("ABC"));
        assert_eq!(codes(12_000, 6000).as_deref(), Some("AB"));
        assert_eq!(codes(1000, 1000), None);
        // The western and the southern border belong to the ground, the others do not.
        assert_eq!(codes(4000, 1000).as_deref(), Some("BC"));
        assert_eq!(codes(4000, 0).as_deref(), Some("BC"));
        assert_eq!(codes(9000, 1000), None);
        assert_eq!(codes(5000, 9000), None);
        assert!(faults.all().iter().all(Fault::is_disputed));
    }

    #[test]
    fn a_slit_names_the_areas_beside_it() {
        let layer = layer(&[("A", 0, 0), ("B", 9040, 0)]);
        let faults = Faults::of(&layer);
        let slit = faults.at(E7::new(9010, 4000)).unwrap();
        assert_eq!((slit.kind, slit.areas.len()), (FindingKind::NarrowGap, 2));
        assert!(!slit.is_disputed() && (slit.width_m - 0.44).abs() < 0.01, "{} m", slit.width_m);
    }
}
