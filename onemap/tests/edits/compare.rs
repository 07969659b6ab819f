//! What must be equal after an edit.

use crate::city::Town;
use gridbeat_onemap::{
    Bounds, Layer, MultiPolygon, Overlay, PieceId,
    coverage::LayerChange,
    record::{AreaRow, Side},
};
use gridbeat_oracle::{Ground, assert_coverages, judge};
use std::sync::Arc;

/// The areas that an edit touched, and the pieces that they consist of, are what they would be if nothing but
/// their surroundings existed.
pub fn neighbourhood(
    layers: &[Arc<Layer>; 2],
    overlay: &Overlay,
    side: Side,
    change: &LayerChange,
    town: &Town,
) {
    let layer = &layers[side as usize];
    let drawn = change.areas.iter().copied().filter(|&a| layer.area(a).drawn);
    let touched: Vec<_> = drawn.collect();
    let around =
        touched.iter().filter_map(|&a| layer.drawing(a)).fold(Bounds::EMPTY, |b, d| b.join(d.bounds()));
    if around.is_empty() {
        return;
    }
    let alone = [Side::Grid, Side::Beat].map(|s| Layer::new(s, town.rows_near(s, &around)));
    let over = Overlay::new(&alone[0], &alone[1]);
    for &a in &touched {
        let there = alone[side as usize].by_fid(layer.area(a).fid);
        let Some(there) = there else {
            panic!("{} does not lie in its own surroundings", layer.area(a).code)
        };
        assert_eq!(layer.outline(a), alone[side as usize].outline(there), "ground of {}", layer.area(a).code);
        let pieces = |o: &Overlay, ids: &[PieceId]| -> Vec<(String, f64, MultiPolygon)> {
            let mut all: Vec<_> =
                ids.iter().map(|&p| (o.piece(p).id.clone(), o.piece(p).area_m2, o.outline(p))).collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            all
        };
        let (ours, theirs) =
            (pieces(overlay, overlay.pieces_of(side, a)), pieces(&over, over.pieces_of(side, there)));
        assert_eq!(ours, theirs, "pieces of {}", layer.area(a).code);
        if let Some(label) = layer.label(a) {
            let who = |layer: &Layer| layer.locate(label).map(|l| layer.area(l).fid);
            assert_eq!(who(layer), who(&alone[side as usize]), "the area at its label");
            let piece = overlay.locate(label).map(|p| overlay.piece(p).id.as_str());
            assert_eq!(
                piece,
                over.locate(label).map(|p| over.piece(p).id.as_str()),
                "the piece at its label"
            );
            assert_eq!(
                overlay.locate_all(&[label]),
                [overlay.locate(label)],
                "asked for together with others"
            );
        }
    }
}

/// Everything is what it would be if it were built anew, to the last bit; and to GEOS it is a coverage on
/// the lattice. The last time labels are compared too, and GEOS also sees degrees as they are written.
pub fn whole(layers: &[Arc<Layer>; 2], overlay: &Overlay, rows: [Vec<AreaRow>; 2], last: bool) {
    let [grids, beats] = rows;
    let anew = [Layer::new(Side::Grid, grids), Layer::new(Side::Beat, beats)];
    let mut grounds: Vec<Vec<MultiPolygon>> = Vec::new();
    for (edited, anew) in layers.iter().zip(&anew) {
        assert_eq!(edited.areas(), anew.areas());
        assert_eq!(edited.levels(), anew.levels());
        let mut drawn = Vec::new();
        for id in edited.ids() {
            assert_eq!(edited.drawn_below(id), anew.drawn_below(id));
            assert_eq!(edited.outline(id), anew.outline(id), "ground of {}", edited.area(id).code);
            if last {
                assert_eq!(edited.label(id), anew.label(id), "label of {}", edited.area(id).code);
            }
            if edited.area(id).drawn {
                drawn.push(edited.outline(id));
            }
        }
        grounds.push(drawn);
    }
    let over = Overlay::new(&anew[0], &anew[1]);
    assert_eq!(overlay.pieces(), over.pieces());
    for id in overlay.ids() {
        assert_eq!(overlay.outline(id), over.outline(id), "ground of {}", overlay.piece(id).id);
    }
    for side in [Side::Grid, Side::Beat] {
        for id in layers[side as usize].ids() {
            assert_eq!(overlay.pieces_of(side, id), over.pieces_of(side, id));
        }
    }
    let arcs = |o: &Overlay| {
        let mut all: Vec<_> = o.arcs().map(|(p, l, r)| (p.to_vec(), l, r)).collect();
        all.sort();
        all
    };
    assert_eq!(arcs(overlay), arcs(&over));
    grounds.push(overlay.ids().map(|id| overlay.outline(id)).collect());
    let names = ["grids", "beats", "pieces"];
    if last {
        return assert_coverages(names.into_iter().zip(grounds.iter().map(Vec::as_slice)));
    }
    let on_lattice: Vec<Ground> = grounds.iter().map(Ground::on_lattice).collect();
    for (name, verdict) in names.iter().zip(judge(&on_lattice)) {
        verdict.assert_coverage(name);
    }
}
