//! One beat edited: only what it touches done again, against both the beats and the overlay anew.

use crate::{
    case::{Case, Measured, Unit, in_turn},
    city::City,
};
use gridbeat_onemap::{
    E7, Layer, Overlay,
    overlay::Edited,
    record::{AreaRow, Side},
};
use gridbeat_synth::Scale;

pub const CASES: &[Case] =
    &[Case { name: "overlay/incremental", peer_name: "beats and overlay built anew", run }];

fn run() -> Result<Measured, String> {
    let City { grids, beats: before } = City::new(Scale::City);
    let after = edited(&before)?;
    let changed: Vec<AreaRow> =
        after.iter().zip(&before).filter(|(a, b)| a.geometry != b.geometry).map(|(a, _)| a.clone()).collect();
    let grids = Layer::new(Side::Grid, grids);
    let old = Layer::new(Side::Beat, before);
    let overlay = Overlay::new(&grids, &old);
    let ours = || {
        let (beats, change) = old.with(changed.iter().map(|r| (r.fid, Some(r.clone()))).collect());
        let unchanged = Edited { before: &grids, now: &grids, change: None };
        let next = overlay.with(unchanged, Edited { before: &old, now: &beats, change: Some(&change) });
        (beats, next)
    };
    let peer = || {
        let beats = Layer::new(Side::Beat, after.clone());
        let overlay = Overlay::new(&grids, &beats);
        (beats, overlay)
    };
    let ((beats, next), (beats_anew, anew)) = (ours(), peer());
    if next.pieces() != anew.pieces() || beats.areas() != beats_anew.areas() {
        return Err("pieces or beats".to_owned());
    }
    if next.pieces() == overlay.pieces() {
        return Err("nothing, for the edit did nothing".to_owned());
    }
    if let Some(id) = next.ids().find(|id| next.outline(*id) != anew.outline(*id)) {
        return Err(format!("the ground of {}", next.piece(id).id));
    }
    let (ours, peer) = in_turn(ours, peer);
    Ok(Measured { ours, peer: Some(peer), unit: Unit::Milliseconds })
}

/// The beats with the border of the middle one moved: ten vertices in a row go 500 units (about 5 m) to the
/// north-east, in all beats that share them.
fn edited(beats: &[AreaRow]) -> Result<Vec<AreaRow>, String> {
    let middle = beats.get(beats.len() / 2).and_then(|r| r.geometry.as_ref());
    let ring = middle.and_then(|g| g.0.first()).map(|p| &p.exterior).ok_or("there is no beat")?;
    let moved: Vec<E7> = ring.iter().take(10).copied().collect();
    let mut after = beats.to_vec();
    for polygon in after.iter_mut().filter_map(|r| r.geometry.as_mut()).flat_map(|g| &mut g.0) {
        for p in std::iter::once(&mut polygon.exterior).chain(&mut polygon.holes).flatten() {
            if moved.contains(p) {
                *p = E7::new(p.lon + 500, p.lat + 500);
            }
        }
    }
    Ok(after)
}
