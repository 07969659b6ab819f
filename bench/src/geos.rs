//! GEOS as a peer: one Python process with shapely that holds a coverage and is asked to work on it.
//!
//! It times itself, so that neither its start nor the transport of the coverage counts.

use gridbeat_onemap::{E7, MultiPolygon};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// A process that holds one coverage.
pub struct Geos {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Geos {
    /// Starts it with some areas, in lattice units.
    pub fn new(areas: &[&MultiPolygon]) -> Result<Self, String> {
        let python = std::env::var_os("GRIDBEAT_PYTHON").unwrap_or_else(|| "python3".into());
        // As text: the program runs anywhere.
        let script = include_str!("../geos.py");
        let mut child = Command::new(python)
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| {
                format!("python does not start ({e}); scripts/oracle.sh makes one for GRIDBEAT_PYTHON")
            })?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("python has no standard input or output".to_owned());
        };
        let mut geos = Self { child, to, from: BufReader::new(from) };
        geos.to.write_all(&packed(areas)).and_then(|()| geos.to.flush()).map_err(|e| e.to_string())?;
        let version = geos.line()?;
        if version.is_empty() {
            return Err(
                "python ends at once: shapely 2.2 is missing; scripts/oracle.sh makes a python that has it"
                    .to_owned(),
            );
        }
        Ok(geos)
    }

    /// Runs something once: (milliseconds, what came out).
    pub fn run(&mut self, what: &str) -> Result<(f64, i64), String> {
        writeln!(self.to, "{what}").and_then(|()| self.to.flush()).map_err(|e| e.to_string())?;
        let line = self.line()?;
        let mut words = line.split_whitespace();
        let parsed = (|| Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?)))();
        parsed.ok_or_else(|| format!("GEOS says: {line}"))
    }

    fn line(&mut self) -> Result<String, String> {
        let mut line = String::new();
        self.from.read_line(&mut line).map_err(|e| e.to_string())?;
        Ok(line.trim().to_owned())
    }
}

impl Drop for Geos {
    fn drop(&mut self) {
        // It is ours alone, and has nothing to save.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn packed(areas: &[&MultiPolygon]) -> Vec<u8> {
    let (mut of_areas, mut of_polygons, mut of_rings) = (vec![0_u32], vec![0_u32], vec![0_u32]);
    let mut vertices: Vec<f64> = Vec::new();
    for area in areas {
        for polygon in &area.0 {
            for ring in polygon.rings() {
                let closed = ring.iter().chain(ring.first());
                vertices.extend(closed.flat_map(|p: &E7| [f64::from(p.lon), f64::from(p.lat)]));
                of_rings.push(vertices.len() as u32 / 2);
            }
            of_polygons.push(of_rings.len() as u32 - 1);
        }
        of_areas.push(of_polygons.len() as u32 - 1);
    }
    let counts = [areas.len(), of_polygons.len() - 1, of_rings.len() - 1, vertices.len() / 2];
    let words = counts.into_iter().map(|n| n as u32).chain(of_areas).chain(of_polygons).chain(of_rings);
    words.flat_map(u32::to_le_bytes).chain(vertices.into_iter().flat_map(f64::to_le_bytes)).collect()
}
