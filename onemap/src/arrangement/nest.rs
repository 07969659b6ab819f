//! Gives every cycle its face: outer borders make one each, and the outside of an island (a component
//! of its own, such as a campus inside a grid) belongs to the face that the island lies in.

use super::{UNBOUNDED, cells::Cells, graph::Graph, locate::nearest_west};

/// Sets `face` of every cycle and the number of faces.
pub(super) fn nest(graph: &mut Graph) {
    let mut faces = UNBOUNDED + 1;
    let mut islands = Vec::new();
    for (i, cycle) in graph.cycles.iter_mut().enumerate() {
        // No edge has the same face on both sides (it would change no label), so no cycle is flat.
        if cycle.area2 > 0 {
            cycle.face = faces;
            faces += 1;
        } else {
            islands.push(i);
        }
    }
    graph.faces = faces;
    // West to east: whatever lies west of an island has its face already.
    islands.sort_unstable_by_key(|&i| graph.cycles[i].west);
    if islands.len() < 2 {
        return;
    }
    let cells = Cells::new(&graph.ends);
    for i in islands {
        if let Some(edge) = nearest_west(&graph.ends, &cells, graph.cycles[i].west, true) {
            let (a, b) = graph.ends[edge as usize];
            // The half-edge that runs south has the east on its left.
            let south = 2 * edge + u32::from(a.lat < b.lat);
            graph.cycles[i].face = graph.face(south);
        }
    }
}
