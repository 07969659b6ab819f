//! For every face, how often the rings of each tag wind around it.
//!
//! Starts outside, where nothing winds, and walks over edges, adding what each one changes. The
//! result does not depend on the way taken, because rings are closed.

use super::{Tag, UNBOUNDED, graph::Graph};

/// Tags with their winding, by tag.
type Label = Box<[(Tag, i32)]>;

/// (Windings of all faces one after the other, where each face's begin; one more start than faces.)
pub(super) fn label(graph: &Graph) -> (Vec<(Tag, i32)>, Vec<u32>) {
    let faces = graph.faces as usize;
    let mut cycles_of = vec![Vec::new(); faces];
    for (i, cycle) in graph.cycles.iter().enumerate() {
        cycles_of[cycle.face as usize].push(i);
    }
    let mut labels: Vec<Option<Label>> = vec![None; faces];
    labels[UNBOUNDED as usize] = Some(Box::default());
    let mut todo = vec![UNBOUNDED];
    while let Some(face) = todo.pop() {
        let here = labels[face as usize].clone().unwrap_or_default();
        for &c in &cycles_of[face as usize] {
            for h in graph.around(&graph.cycles[c]) {
                let beyond = graph.face(h ^ 1);
                if labels[beyond as usize].is_none() {
                    labels[beyond as usize] = Some(add(&here, graph.deltas(h ^ 1)));
                    todo.push(beyond);
                }
            }
        }
    }
    let mut starts = Vec::with_capacity(faces + 1);
    let mut all = Vec::new();
    for label in labels {
        starts.push(all.len() as u32);
        all.extend_from_slice(&label.unwrap_or_default());
    }
    starts.push(all.len() as u32);
    (all, starts)
}

/// A label with some deltas added; both sorted by tag.
fn add(label: &[(Tag, i32)], deltas: impl Iterator<Item = (Tag, i32)>) -> Label {
    let mut sum = label.to_vec();
    for (tag, delta) in deltas {
        match sum.binary_search_by_key(&tag, |l| l.0) {
            Ok(i) => {
                sum[i].1 += delta;
                if sum[i].1 == 0 {
                    sum.remove(i);
                }
            }
            Err(i) => sum.insert(i, (tag, delta)),
        }
    }
    sum.into_boxed_slice()
}
