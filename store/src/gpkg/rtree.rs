//! The R-tree of a layer, packed: built bottom-up out of all rows at once.
//!
//! SQLite keeps an R-tree in three plain tables, and a tree may be written into them directly:
//!
//! ```text
//! rtree_T_geom_node   (nodeno, data)        data: depth u16 (root only) · cells u16 · cells, padded
//! rtree_T_geom_rowid  (rowid, nodeno)       in which leaf a row is
//! rtree_T_geom_parent (nodeno, parentnode)  above which node a node is
//! a cell, 24 bytes:   id i64 · minx f32 · maxx f32 · miny f32 · maxy f32, all big-endian
//! ```
//!
//! Node 1 is the root. Rows are sorted along a Hilbert curve and cut into leaves, the leaves' boxes into
//! nodes above them, and so on: ten times quicker than inserting one by one, and the boxes overlap less.

use super::blob;
use crate::error::StoreError;
use rusqlite::{Connection, params};

const CELL: usize = 24;
const HEAD: usize = 4;

/// A box as the R-tree keeps it, rounded outwards to single precision.
#[derive(Clone, Copy)]
struct Cell {
    id: i64,
    // minx, maxx, miny, maxy
    sides: [f32; 4],
}

impl Cell {
    fn of(id: i64, [min_x, max_x, min_y, max_y]: [f64; 4]) -> Self {
        Self { id, sides: [down(min_x), up(max_x), down(min_y), up(max_y)] }
    }

    /// The cell that stands for a node in the node above.
    fn around(id: i64, cells: &[Self]) -> Self {
        let far = [f32::INFINITY, f32::NEG_INFINITY, f32::INFINITY, f32::NEG_INFINITY];
        let sides = cells.iter().fold(far, |[w, e, s, n], c| {
            [w.min(c.sides[0]), e.max(c.sides[1]), s.min(c.sides[2]), n.max(c.sides[3])]
        });
        Self { id, sides }
    }
}

/// Rebuilds the R-tree of `table` out of its rows.
pub(super) fn pack(conn: &Connection, table: &str) -> Result<(), StoreError> {
    let tree = format!("rtree_{table}_geom");
    let node_size: u32 =
        conn.query_row(&format!("SELECT length(data) FROM {tree}_node WHERE nodeno = 1"), [], |r| r.get(0))?;
    let node_size = node_size as usize;
    // A tenth is left free, so that the first rows to come do not split every leaf.
    let fill = ((node_size - HEAD) / CELL * 9 / 10).max(2);
    let mut cells = sorted_cells(conn, table)?;
    conn.execute_batch(&format!(
        "DELETE FROM {tree}_node; DELETE FROM {tree}_rowid; DELETE FROM {tree}_parent;"
    ))?;

    let mut put_node = conn.prepare(&format!("INSERT INTO {tree}_node (nodeno, data) VALUES (?1, ?2)"))?;
    let mut put_parent =
        conn.prepare(&format!("INSERT INTO {tree}_parent (nodeno, parentnode) VALUES (?1, ?2)"))?;
    let mut next = 2; // 1 is the root's
    let mut depth: u16 = 0;
    loop {
        let last = cells.len() <= fill;
        let mut above = Vec::with_capacity(cells.len() / fill + 1);
        let mut rows = Vec::with_capacity(if depth == 0 { cells.len() } else { 0 });
        // Chunks of even size: the last is not a crumb.
        let size = cells.len().div_ceil(cells.len().div_ceil(fill).max(1)).max(1);
        let chunks: Vec<&[Cell]> = if cells.is_empty() { vec![&[]] } else { cells.chunks(size).collect() };
        for chunk in chunks {
            let number = if last { 1 } else { next };
            next += i64::from(!last);
            put_node.execute(params![number, node(chunk, if last { depth } else { 0 }, node_size)])?;
            for cell in chunk {
                if depth == 0 {
                    rows.push((cell.id, number));
                } else {
                    put_parent.execute(params![cell.id, number])?;
                }
            }
            above.push(Cell::around(number, chunk));
        }
        rows.sort_unstable();
        let mut put_row =
            conn.prepare(&format!("INSERT INTO {tree}_rowid (rowid, nodeno) VALUES (?1, ?2)"))?;
        for row in rows {
            put_row.execute(row)?;
        }
        if last {
            return Ok(());
        }
        (cells, depth) = (above, depth + 1);
    }
}

fn sorted_cells(conn: &Connection, table: &str) -> Result<Vec<Cell>, StoreError> {
    let mut statement = conn.prepare(&format!("SELECT fid, geom FROM \"{table}\" WHERE geom IS NOT NULL"))?;
    let mut rows = statement.query([])?;
    let mut keyed = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(sides) = row.get_ref(1)?.as_blob().ok().and_then(blob::envelope) {
            let [min_x, max_x, min_y, max_y] = sides;
            keyed.push((hilbert((min_x + max_x) / 2.0, (min_y + max_y) / 2.0), Cell::of(row.get(0)?, sides)));
        }
    }
    keyed.sort_unstable_by_key(|(key, cell)| (*key, cell.id));
    Ok(keyed.into_iter().map(|(_, cell)| cell).collect())
}

fn node(cells: &[Cell], depth: u16, size: usize) -> Vec<u8> {
    let mut data = Vec::with_capacity(size);
    data.extend(depth.to_be_bytes());
    data.extend((cells.len() as u16).to_be_bytes()); // at most 51 fit
    for cell in cells {
        data.extend(cell.id.to_be_bytes());
        cell.sides.iter().for_each(|v| data.extend(v.to_be_bytes()));
    }
    data.resize(size, 0);
    data
}

fn down(v: f64) -> f32 {
    let f = v as f32;
    if f64::from(f) > v { f.next_down() } else { f }
}

fn up(v: f64) -> f32 {
    let f = v as f32;
    if f64::from(f) < v { f.next_up() } else { f }
}

/// How far along a Hilbert curve over the whole Earth a position lies: near on the curve is near on the
/// ground. 2³¹ steps a side (C. Hamilton's iteration of the four rotated quadrants).
fn hilbert(lon: f64, lat: f64) -> u64 {
    const ORDER: u32 = 31;
    let scale = |v: f64, half: f64| {
        (((v + half) / (2.0 * half)).clamp(0.0, 1.0) * f64::from((1u32 << ORDER) - 1)) as u32
    };
    let (mut x, mut y) = (scale(lon, 180.0), scale(lat, 90.0));
    let mut key = 0;
    for bit in (0..ORDER).rev() {
        let (rx, ry) = ((x >> bit) & 1, (y >> bit) & 1);
        key = (key << 2) | u64::from((3 * rx) ^ ry);
        if ry == 0 {
            if rx == 1 {
                let mask = (1u32 << ORDER) - 1;
                (x, y) = (mask - x, mask - y);
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A layer with points at random places, its R-tree packed; SQLite's own check of the structure.
    fn packed(n: u32) -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(
            "CREATE TABLE t (fid INTEGER PRIMARY KEY, geom BLOB);
             CREATE VIRTUAL TABLE rtree_t_geom USING rtree(id, minx, maxx, miny, maxy);",
        )
        .unwrap();
        let mut blob_bytes = Vec::new();
        for i in 1..=n {
            let at = gridbeat_onemap::e7::E7::new(place(i, 1) - 1_800_000_000, place(i, 7) / 2 - 900_000_000);
            blob::put_point(&mut blob_bytes, at);
            conn.execute("INSERT INTO t VALUES (?1, ?2)", params![i, blob_bytes]).unwrap();
        }
        pack(&conn, "t").unwrap();
        conn
    }

    fn place(i: u32, salt: u32) -> i32 {
        (i.wrapping_mul(2_654_435_761).wrapping_add(salt.wrapping_mul(40_503)).wrapping_mul(2_246_822_519)
            % 1_800_000_000) as i32
    }

    #[test]
    fn sqlite_finds_no_fault_in_it_at_any_depth() {
        for n in [0, 1, 45, 46, 2_000, 30_000] {
            let conn = packed(n);
            let verdict: String =
                conn.query_row("SELECT rtreecheck('rtree_t_geom')", [], |r| r.get(0)).unwrap();
            assert_eq!(verdict, "ok", "{n} rows");
            let found: u32 = conn.query_row("SELECT count(*) FROM rtree_t_geom", [], |r| r.get(0)).unwrap();
            assert_eq!(found, n);
        }
    }

    #[test]
    fn a_window_finds_what_lies_in_it_and_the_tree_still_grows_and_shrinks() {
        let conn = packed(5_000);
        let inside = |t: &str| -> u32 {
            let sql = format!(
                "SELECT count(*) FROM {t} WHERE minx <= 0 AND maxx >= -60 AND miny <= 0 AND maxy >= -45"
            );
            conn.query_row(&sql, [], |r| r.get(0)).unwrap()
        };
        conn.execute_batch("CREATE TABLE flat AS SELECT * FROM rtree_t_geom").unwrap();
        assert!(inside("flat") > 100);
        assert_eq!(inside("rtree_t_geom"), inside("flat"));
        for i in 1..=300 {
            conn.execute("INSERT INTO rtree_t_geom VALUES (?1, -30, -30, -10, -10)", [5_000 + i]).unwrap();
            conn.execute("DELETE FROM rtree_t_geom WHERE id = ?1", [i * 7]).unwrap();
        }
        let verdict: String = conn.query_row("SELECT rtreecheck('rtree_t_geom')", [], |r| r.get(0)).unwrap();
        assert_eq!(verdict, "ok");
    }

    #[test]
    fn boxes_are_rounded_outwards() {
        let v = 120.301_123_4;
        assert!(f64::from(down(v)) <= v && f64::from(up(v)) >= v && down(v) < up(v));
    }
}
