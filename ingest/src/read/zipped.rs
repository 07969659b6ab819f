//! A zip that holds one shapefile, or one other file that is read here.
//!
//! Members are unpacked into unnamed temporary files: no name in the archive ever becomes a path on disk.
//! What they inflate to is counted while they do, whatever the archive claims.

use super::{
    bytes::{Blob, FREE, MAX_INFLATED, MAX_RATIO},
    shapefile::{self, Parts},
    table::{Header, Input},
};
use crate::IngestError;
use std::io::{Read, Seek, SeekFrom, Write};
use zip::ZipArchive;

/// More members are refused.
const MAX_MEMBERS: usize = 10_000;

struct Member {
    index: usize,
    name: String,
    packed: u64,
}

impl Member {
    fn ending(&self) -> String {
        self.name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default()
    }
    /// Everything before the ending, in small letters: parts of one shapefile share it.
    fn stem(&self) -> String {
        self.name.rsplit_once('.').map_or(&*self.name, |(s, _)| s).to_lowercase()
    }
    /// What a user calls it: the last segment without the ending.
    fn layer(&self) -> &str {
        let last = self.name.rsplit('/').next().unwrap_or(&self.name);
        last.rsplit_once('.').map_or(last, |(s, _)| s)
    }
}

/// Looks into a zip.
pub(crate) fn open(blob: &Blob, layer: Option<&str>) -> Result<(Box<dyn Input>, Header), IngestError> {
    let mut zip =
        Zip { archive: ZipArchive::new(blob.raw()?).map_err(|e| damaged(blob, &e))?, blob, inflated: 0 };
    let members = zip.members()?;
    if members.iter().any(|m| m.name == "[Content_Types].xml") {
        return Err(IngestError::format(&blob.name, "is an Office document; save the sheet as CSV (UTF-8)"));
    }
    let readable: Vec<&Member> = members
        .iter()
        .filter(|m| matches!(m.ending().as_str(), "shp" | "csv" | "geojson" | "json" | "fgb"))
        .collect();
    // A shapefile's zip often has a readme.csv or a metadata.json: the shapefile is meant.
    let shapes: Vec<&Member> = readable.iter().copied().filter(|m| m.ending() == "shp").collect();
    let pool = if shapes.is_empty() { readable } else { shapes };
    let names = || pool.iter().map(|m| m.layer()).collect::<Vec<_>>().join(", ");
    let chosen = match (layer, pool.as_slice()) {
        (_, []) => {
            return Err(IngestError::format(
                &blob.name,
                "holds no shapefile (.shp), CSV, GeoJSON or FlatGeobuf file",
            ));
        }
        (Some(l), _) => pool.iter().copied().find(|m| m.layer() == l || m.name == l).ok_or_else(|| {
            IngestError::mapping(&blob.name, format!("holds no layer “{l}”; it has {}", names()))
        })?,
        (None, [one]) => one,
        (None, _) => {
            return Err(IngestError::mapping(
                &blob.name,
                format!("holds several layers ({}); pass --source-layer with one of them", names()),
            ));
        }
    };
    let main = zip.unpack(chosen)?;
    if chosen.ending() != "shp" {
        return super::format::open_content(main);
    }
    let mut parts = Parts::default();
    for m in members.iter().filter(|m| m.stem() == chosen.stem()) {
        match m.ending().as_str() {
            "dbf" => parts.dbf = Some(zip.unpack(m)?),
            "prj" => parts.prj = Some(shapefile::side_text(&zip.unpack(m)?)?),
            "cpg" => parts.cpg = Some(shapefile::side_text(&zip.unpack(m)?)?),
            _ => {}
        }
    }
    let (input, header) = shapefile::open(main, parts)?;
    Ok((Box::new(input), header))
}

struct Zip<'a> {
    archive: ZipArchive<super::bytes::RawFile>,
    blob: &'a Blob,
    inflated: u64,
}

fn damaged(blob: &Blob, e: &zip::result::ZipError) -> IngestError {
    IngestError::format(&blob.name, format!("is no whole zip archive: {e}"))
}

impl Zip<'_> {
    /// The members, after a look at all their names and claims.
    fn members(&mut self) -> Result<Vec<Member>, IngestError> {
        let blob = self.blob;
        if self.archive.len() > MAX_MEMBERS {
            return Err(IngestError::limit(&blob.name, format!("holds more than {MAX_MEMBERS} members")));
        }
        let mut out = Vec::new();
        for index in 0..self.archive.len() {
            let file = self.archive.by_index_raw(index).map_err(|e| damaged(blob, &e))?;
            let name = file.name().map_err(|e| damaged(blob, &e))?.into_owned();
            if leads_out(&name) {
                return Err(IngestError::format(
                    &blob.name,
                    format!(
                        "holds a member whose name leads out of the archive (“{}”); refused",
                        name.escape_debug()
                    ),
                ));
            }
            if file.encrypted() {
                return Err(IngestError::format(&blob.name, format!("its member “{name}” is encrypted")));
            }
            if file.is_dir() || name.starts_with("__MACOSX/") {
                continue;
            }
            out.push(Member { index, packed: file.compressed_size(), name });
        }
        Ok(out)
    }

    fn unpack(&mut self, member: &Member) -> Result<Blob, IngestError> {
        let blob = self.blob;
        let system = |e| IngestError::io(&blob.name, e);
        let mut file = self.archive.by_index(member.index).map_err(|e| damaged(blob, &e))?;
        let mut out = tempfile::tempfile().map_err(system)?;
        let mut buffer = vec![0u8; 1 << 16];
        let mut size = 0u64;
        loop {
            let n = file.read(&mut buffer).map_err(|e| {
                IngestError::format(&blob.name, format!("its member “{}” is damaged: {e}", member.name))
            })?;
            if n == 0 {
                break;
            }
            size += n as u64;
            self.inflated += n as u64;
            if self.inflated > MAX_INFLATED {
                return Err(IngestError::limit(
                    &blob.name,
                    format!("inflates to more than {} GB", MAX_INFLATED >> 30),
                ));
            }
            if size > FREE && size / MAX_RATIO > member.packed {
                return Err(IngestError::limit(
                    &blob.name,
                    format!(
                        "its member “{}” inflates to more than {MAX_RATIO} times its packed size",
                        member.name
                    ),
                ));
            }
            out.write_all(&buffer[..n]).map_err(system)?;
        }
        out.seek(SeekFrom::Start(0)).map_err(system)?;
        let last = member.name.rsplit('/').next().unwrap_or(&member.name);
        Ok(Blob::of_temporary(format!("{} in {}", last, blob.name), out, size))
    }
}

/// `../x`, `/x`, `C:\x`, `a\..\x`.
fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\'])
        || name.contains(':')
        || name.split(['/', '\\']).any(|s| s == "..")
        || name.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_out() {
        for n in ["../x.shp", "/etc/x", "a/../../x", "C:\\x", "a\\..\\x"] {
            assert!(leads_out(n), "{n}");
        }
        for n in ["a/b.shp", "a..b.shp", "网格.shp"] {
            assert!(!leads_out(n), "{n}");
        }
    }
}
