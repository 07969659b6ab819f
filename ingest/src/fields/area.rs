//! Areas: grids, beats and their parents. Collected, because several rows may be parts of one area.

use super::{Context, Fault, words};
use crate::{
    read::{Geometry, RawRow},
    repair,
    report::{Merged, Repair, Report},
};
use gridbeat_onemap::{
    MultiPolygon,
    record::{AreaRow, Fid, Level, Region, Side},
};
use std::collections::{HashMap, HashSet};

/// The areas of a file.
pub(crate) struct Areas {
    side: Side,
    areas: Vec<Collected>,
    by_code: HashMap<(Region, String), usize>,
    levels_guessed: u64,
    not_drawn: u64,
    conflicts: Vec<String>,
}

struct Collected {
    row: AreaRow,
    rows: u64,
    first: u64,
}

impl Areas {
    pub fn new(side: Side) -> Self {
        Self {
            side,
            areas: Vec::new(),
            by_code: HashMap::new(),
            levels_guessed: 0,
            not_drawn: 0,
            conflicts: Vec::new(),
        }
    }

    /// Takes a row.
    pub fn add(&mut self, cx: &Context, row: &RawRow, report: &mut Report) -> Result<(), Fault> {
        let code = cx.needed_code(row, "code")?;
        let parent = cx.code(row, "parent")?.filter(|p| *p != code);
        let mut level = cx
            .text(row, "level")
            .map(|w| words::level(&w, self.side))
            .transpose()
            .map_err(|e| ("level", e))?;
        let geometry = match cx.geometry(row)?.as_ref() {
            Geometry::None => None,
            Geometry::Polygons(raw) => {
                let (ground, done) =
                    repair::polygons(raw, |x, y| cx.place(x, y)).map_err(|e| ("geometry", e))?;
                if !done.is_empty() {
                    report.repaired_rows += 1;
                    if report.repaired.len() < Report::LIST {
                        report.repaired.push(Repair {
                            row: row.number,
                            code: code.clone(),
                            what: done.join("; "),
                        });
                    }
                }
                Some(ground)
            }
            Geometry::Point(..) => {
                return Err(("geometry", "is a point; expected a polygon".into()));
            }
            Geometry::Lines(_) => return Err(("geometry", "is a line; expected a polygon".into())),
            Geometry::Other(kind) => {
                return Err(("geometry", format!("is a {kind}; expected a polygon")));
            }
        };
        let key = (cx.region([Some(&code), parent.as_deref()]), code);
        let known = self.by_code.get(&key).copied();
        if geometry.is_none() && level.is_none() && known.is_none() {
            // A row without a drawing is a parent, and a parent is of some level.
            level = self.level_of_code(&key.1);
            if level.is_none() {
                let levels: Vec<&str> =
                    Level::ALL.iter().filter(|l| l.side() == self.side).map(|l| l.as_str()).collect();
                return Err((
                    "level",
                    format!(
                        "the row has no geometry, so it is a parent, and must state its level: one of {}",
                        levels.join(", ")
                    ),
                ));
            }
            self.levels_guessed += 1;
        }
        let (name, kind) = (cx.owned(row, "name"), cx.owned(row, "kind"));
        let new = AreaRow {
            fid: Fid::default(),
            region: key.0,
            code: key.1.clone(),
            name,
            level,
            parent,
            kind,
            geometry,
        };
        match known {
            Some(i) => self.merge(i, new, row.number, report),
            None => {
                if new.geometry.is_none() && new.level == Some(Level::default_of(self.side)) {
                    self.not_drawn += 1;
                }
                self.by_code.insert(key, self.areas.len());
                self.areas.push(Collected { row: new, rows: 1, first: row.number });
                Ok(())
            }
        }
    }

    /// Adds a further row of an area.
    fn merge(&mut self, i: usize, new: AreaRow, number: u64, report: &mut Report) -> Result<(), Fault> {
        let Some(known) = self.areas.get_mut(i) else {
            return Ok(());
        };
        if known.row.geometry.is_none() && new.geometry.is_none() {
            return Err((
                "code",
                format!("{} stands in row {} already, and neither row has a geometry", new.code, known.first),
            ));
        }
        known.rows += 1;
        let row = &mut known.row;
        let mut conflict = |field: &str, a: &str, b: &str| {
            if self.conflicts.len() < 100 {
                self.conflicts.push(format!(
                    "{}: row {number} has {field} “{b}”, row {} had “{a}”, which stays",
                    new.code, known.first
                ));
            }
        };
        let mut keep = |field: &str, old: &mut Option<String>, new: Option<String>| match (&old, new) {
            (None, n) => *old = n,
            (Some(a), Some(b)) if *a != b => conflict(field, a, &b),
            _ => {}
        };
        keep("name", &mut row.name, new.name);
        keep("parent", &mut row.parent, new.parent);
        keep("kind", &mut row.kind, new.kind);
        match (row.level, new.level) {
            (None, l) => row.level = l,
            (Some(a), Some(b)) if a != b => conflict("level", a.as_str(), b.as_str()),
            _ => {}
        }
        if let Some(ground) = new.geometry {
            let old = row.geometry.get_or_insert_with(MultiPolygon::default);
            // The same drawing twice is one drawing.
            let known_rings: HashSet<_> = old.0.iter().map(|p| p.exterior.clone()).collect();
            let before = ground.0.len();
            let fresh: Vec<_> = ground.0.into_iter().filter(|p| !known_rings.contains(&p.exterior)).collect();
            if fresh.len() < before {
                report.warnings.push(format!(
                    "{}: row {number} repeats a part that was there already; dropped",
                    new.code
                ));
            }
            old.0.extend(fresh);
        }
        Ok(())
    }

    /// Ends the collection: all areas in the order of the file, and what there is to say about them.
    pub fn finish(self, report: &mut Report) -> Vec<AreaRow> {
        for a in self.areas.iter().filter(|a| a.rows > 1) {
            report.merged.push(Merged {
                code: a.row.code.clone(),
                rows: a.rows,
                parts: a.row.geometry.as_ref().map_or(0, |g| g.0.len()),
            });
        }
        report.warnings.extend(self.conflicts);
        if self.levels_guessed > 0 {
            report.warnings.push(format!(
                "{} parents state no level: taken from the digits of their codes",
                self.levels_guessed
            ));
        }
        if self.not_drawn > 0 {
            let level = Level::default_of(self.side);
            report
                .warnings
                .push(format!("{} rows are of level {level} and have no geometry", self.not_drawn));
        }
        self.areas.into_iter().map(|a| a.row).collect()
    }

    /// The level that a division code's digits tell: 2 province, 4 city, 6 county, 9 town, 12 community;
    /// 12 digits that end in zeros are of a higher level (`320213000000` is a county).
    fn level_of_code(&self, code: &str) -> Option<Level> {
        if self.side != Side::Grid || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let ends = |zeros: usize| code.len() == 12 && code[12 - zeros..].bytes().all(|b| b == b'0');
        match code.len() {
            2 => Some(Level::Province),
            4 => Some(Level::City),
            6 => Some(Level::County),
            9 => Some(Level::Town),
            12 if ends(10) => Some(Level::Province),
            12 if ends(8) => Some(Level::City),
            12 if ends(6) => Some(Level::County),
            12 if ends(3) => Some(Level::Town),
            12 => Some(Level::Community),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_codes_tell_their_level() {
        let grids = Areas::new(Side::Grid);
        for (code, level) in [
            ("32", Some(Level::Province)),
            ("320200000000", Some(Level::City)),
            ("320213", Some(Level::County)),
            ("320213000000", Some(Level::County)),
            ("320213025", Some(Level::Town)),
            ("320213025000", Some(Level::Town)),
            ("320213025001", Some(Level::Community)),
            ("320213025001001", None),
            ("41016300Q101", None),
        ] {
            assert_eq!(grids.level_of_code(code), level, "{code}");
        }
        assert_eq!(Areas::new(Side::Beat).level_of_code("320213025001"), None);
    }
}
