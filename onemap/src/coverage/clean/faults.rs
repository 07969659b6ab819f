//! Faces of an arrangement that are at fault: nobody's ground, or several areas'.

use super::{
    planar::{Arc, Label, Meaning, Planar},
    scale::edges,
};
use crate::{E7, MultiPolygon, Polygon, coverage::outlines};
use std::{borrow::Cow, collections::HashMap};

/// One face at fault.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub label: Label,
    pub ground: Polygon,
    /// Arcs along its border, and whether the face lies to their left.
    pub border: Vec<(u32, bool)>,
}

/// All faults of one arrangement.
pub(super) struct Faults<'a> {
    pub planar: &'a Planar,
    pub arcs: Vec<Arc<'a>>,
    pub faults: Vec<Fault>,
    /// The fault to the left and to the right of each arc.
    pub beside: Vec<[Option<u32>; 2]>,
}

impl<'a> Faults<'a> {
    /// Finds the faces whose meaning `is_fault`. Faces of one label that meet along a line are one face.
    pub fn new(planar: &'a Planar, is_fault: impl Fn(&Meaning) -> bool) -> Self {
        let arcs: Vec<Arc<'a>> = planar.arcs().collect();
        let group = |l: Label| is_fault(planar.meaning(l)).then_some(l);
        let by_label =
            outlines(arcs.iter().map(|a| (Cow::Borrowed(a.points), group(a.left), group(a.right))));
        let mut faults: Vec<Fault> = Vec::new();
        for (label, MultiPolygon(faces)) in by_label {
            faults.extend(faces.into_iter().map(|ground| Fault { label, ground, border: Vec::new() }));
        }
        // A face lies to the left of each edge of its rings.
        let mut left_of: HashMap<(E7, E7), u32> = HashMap::new();
        for (i, fault) in faults.iter().enumerate() {
            left_of.extend(fault.ground.rings().flat_map(|r| edges(r)).map(|e| (e, i as u32)));
        }
        let beside: Vec<[Option<u32>; 2]> = arcs
            .iter()
            .map(|a| {
                let face = |p, q| left_of.get(&(p, q)).copied();
                [face(a.points[0], a.points[1]), face(a.points[1], a.points[0])]
            })
            .collect();
        for (i, sides) in beside.iter().enumerate() {
            for (side, fault) in sides.iter().enumerate() {
                if let Some(f) = fault {
                    faults[*f as usize].border.push((i as u32, side == 0));
                }
            }
        }
        Self { planar, arcs, faults, beside }
    }

    pub fn meaning(&self, fault: u32) -> &Meaning {
        self.planar.meaning(self.faults[fault as usize].label)
    }

    /// Faults that meet along a line and of which `joins` holds for both, grouped: for each fault the
    /// smallest number of its group.
    pub fn groups(&self, joins: impl Fn(u32, u32) -> bool) -> Vec<u32> {
        let mut group: Vec<u32> = (0..self.faults.len() as u32).collect();
        fn root(group: &mut [u32], mut i: u32) -> u32 {
            while group[i as usize] != i {
                group[i as usize] = group[group[i as usize] as usize];
                i = group[i as usize];
            }
            i
        }
        for sides in &self.beside {
            if let [Some(l), Some(r)] = *sides
                && l != r
                && joins(l, r)
            {
                let (l, r) = (root(&mut group, l), root(&mut group, r));
                group[l.max(r) as usize] = l.min(r);
            }
        }
        (0..group.len() as u32).map(|i| root(&mut group, i)).collect()
    }

    /// The ground of a group of faults as polygons.
    pub fn union(&self, members: &[u32]) -> MultiPolygon {
        if let [one] = members {
            return MultiPolygon(vec![self.faults[*one as usize].ground.clone()]);
        }
        let mut border: Vec<u32> =
            members.iter().flat_map(|&m| &self.faults[m as usize].border).map(|b| b.0).collect();
        border.sort_unstable();
        border.dedup();
        let inside = |f: Option<u32>| f.filter(|f| members.contains(f)).map(|_| ());
        let borders = border.iter().map(|&i| {
            let [l, r] = self.beside[i as usize];
            (Cow::Borrowed(self.arcs[i as usize].points), inside(l), inside(r))
        });
        outlines(borders).remove(&()).unwrap_or_default()
    }
}
