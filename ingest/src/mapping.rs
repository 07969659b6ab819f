//! Which column holds which field: what the user says, else a guess by the column's name.
//!
//! Names are compared without case, blanks and punctuation (`Beat_Num` = `beatnum`). For each field a list
//! of names, the surest first; the first that a column has wins, and every guess is printed.

mod names;

use crate::{IngestError, Note, read::Header};
use gridbeat_onemap::record::LayerKind;
use names::{NEVER_CODE, PERSONAL, PERSONAL_PARTS};

/// The column of `--map code=#`: the row's number.
pub(crate) const ROW_NUMBER: &str = "#";

/// Where a field's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    Column(usize),
    RowNumber,
}

/// The fields of a layer and their columns.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    entries: Vec<(&'static str, From)>,
    /// Columns that identify persons (residents only): never read.
    pub dropped: Vec<String>,
}

impl Mapping {
    /// Where a field comes from.
    pub fn get(&self, field: &str) -> Option<From> {
        self.entries.iter().find(|e| e.0 == field).map(|e| e.1)
    }
}

/// The columns of a bare point's longitude, latitude, or geometry as WKT, by their names.
pub(crate) fn position_columns(columns: &[String]) -> [Option<usize>; 3] {
    [names::LON, names::LAT, names::GEOMETRY]
        .map(|names| names.split_whitespace().find_map(|n| columns.iter().position(|c| plain(c) == n)))
}

/// Where the rows of a department's layer lie: what the user says, else, where rows carry no geometry of their
/// own, a guess by the names of columns. The columns that hold the place come beside the mapping.
pub(crate) fn places(
    file: &str,
    header: &Header,
    asked: &[(String, String)],
) -> Result<(Mapping, Vec<usize>), IngestError> {
    const FIELDS: [&str; 3] = ["lon", "lat", "geometry"];
    let fail = |what: String| IngestError::mapping(file, what);
    let columns = &header.columns;
    let mut mapping = Mapping { entries: Vec::new(), dropped: Vec::new() };
    for (field, column) in asked {
        let Some(name) = FIELDS.into_iter().find(|f| f == field) else {
            return Err(fail(format!(
                "--map {field}={column}: a layer of your own keeps its columns as they are; only lon, lat and \
                 geometry can be mapped"
            )));
        };
        let at = columns.iter().position(|c| c == column);
        let at = at.or_else(|| columns.iter().position(|c| c.eq_ignore_ascii_case(column)));
        let at = at.ok_or_else(|| fail(format!("--map {field}={column}: there is no column “{column}”")))?;
        mapping.entries.push((name, From::Column(at)));
    }
    if mapping.entries.is_empty() && !header.has_geometry {
        let [lon, lat, geometry] = position_columns(columns);
        let guess = match (geometry, lon, lat) {
            (Some(geometry), ..) => vec![("geometry", geometry)],
            (None, Some(lon), Some(lat)) => vec![("lon", lon), ("lat", lat)],
            _ => {
                return Err(fail(format!(
                    "no columns look like a position; pass --map lon=COLUMN --map lat=COLUMN, or --map \
                     geometry=COLUMN for WKT; the file has columns {}",
                    columns.join(", ")
                )));
            }
        };
        mapping.entries.extend(guess.into_iter().map(|(field, i)| (field, From::Column(i))));
    }
    if mapping.get("lon").is_some() != mapping.get("lat").is_some() {
        return Err(fail("--map names a column for one of lon and lat only; pass both".to_owned()));
    }
    let held = mapping.entries.iter().filter_map(|(_, from)| match from {
        From::Column(i) => Some(*i),
        From::RowNumber => None,
    });
    let held = held.collect();
    Ok((mapping, held))
}

/// The column that looks like an official code, whose first digits may say the city.
pub(crate) fn code_column(columns: &[String]) -> Option<usize> {
    columns.iter().position(|c| {
        let plain = plain(c);
        plain == "code" || plain.ends_with("编码") || plain.ends_with("代码")
    })
}

/// A name without case, blanks and punctuation.
pub(crate) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn has_word(words: &str, word: &str) -> bool {
    words.split_whitespace().any(|w| w == word)
}

fn is_personal(column: &str) -> bool {
    let p = plain(column);
    has_word(PERSONAL, &p) || PERSONAL_PARTS.split_whitespace().any(|w| column.contains(w))
}

/// Decides the columns of all fields, and says so in notes.
pub(crate) fn resolve(
    file: &str,
    header: &Header,
    layer: LayerKind,
    asked: &[(String, String)],
) -> Result<(Mapping, Vec<Note>), IngestError> {
    let fields = names::fields(layer);
    let columns = &header.columns;
    let list = || {
        if columns.is_empty() { "no columns".to_owned() } else { format!("columns {}", columns.join(", ")) }
    };
    let fail = |what: String| IngestError::mapping(file, what);
    let mut mapping = Mapping { entries: Vec::new(), dropped: Vec::new() };
    let mut notes = Vec::new();
    if layer == LayerKind::Resident {
        mapping.dropped = columns.iter().filter(|c| is_personal(c)).cloned().collect();
    }

    for (field, column) in asked {
        let Some(&(name, _)) = fields.iter().find(|f| f.0 == field) else {
            let names = fields.iter().map(|f| f.0).collect::<Vec<_>>().join(", ");
            return Err(fail(format!(
                "--map {field}={column}: {layer} has no field “{field}”; it has {names}"
            )));
        };
        if mapping.get(name).is_some() {
            return Err(fail(format!("--map names the field “{field}” twice")));
        }
        let from = if column == ROW_NUMBER {
            From::RowNumber
        } else {
            let at = columns.iter().position(|c| c == column);
            let at = at.or_else(|| columns.iter().position(|c| c.eq_ignore_ascii_case(column)));
            From::Column(at.ok_or_else(|| {
                fail(format!(
                    "--map {field}={column}: there is no column “{column}”; the file has {}",
                    list()
                ))
            })?)
        };
        if let From::Column(i) = from
            && mapping.dropped.contains(&columns[i])
        {
            return Err(fail(format!(
                "--map {field}={column}: the column identifies persons, and is not read until protected storage exists"
            )));
        }
        mapping.entries.push((name, from));
    }

    for &(field, names) in fields {
        if mapping.get(field).is_some() || (field == "geometry" && header.has_geometry) {
            continue;
        }
        // A column is guessed for one field only (`类别` is an incident's category, not also its kind).
        let free = |i: usize| {
            let taken = mapping.entries.iter().any(|e| e.1 == From::Column(i));
            let personal = mapping.dropped.contains(&columns[i]);
            let meaningless = field == "code" && has_word(NEVER_CODE, &plain(&columns[i]));
            !(taken || personal || meaningless)
        };
        let guess = names
            .split_whitespace()
            .find_map(|n| columns.iter().enumerate().position(|(i, c)| plain(c) == n && free(i)));
        if let Some(i) = guess {
            mapping.entries.push((field, From::Column(i)));
        }
    }
    if mapping.get("code").is_none() && header.anonymous && matches!(layer, LayerKind::Grid | LayerKind::Beat)
    {
        mapping.entries.push(("code", From::RowNumber));
        notes.push(Note::warning("rows carry no attributes: their number is taken for their code"));
    }
    require(layer, &mapping, header).map_err(|what| fail(format!("{what}; the file has {}", list())))?;

    let pairs: Vec<String> = mapping
        .entries
        .iter()
        .map(|(f, from)| match from {
            From::Column(i) => format!("{f} ← {}", columns[*i]),
            From::RowNumber => format!("{f} ← row number"),
        })
        .collect();
    if !pairs.is_empty() {
        notes.push(Note::info(format!("fields: {}", pairs.join(", "))));
    }
    if !mapping.dropped.is_empty() {
        notes.push(Note::warning(format!(
            "not read, because they identify persons: {}",
            mapping.dropped.join(", ")
        )));
    }
    let unused: Vec<&str> = columns
        .iter()
        .enumerate()
        .filter(|(i, c)| {
            !mapping.entries.iter().any(|e| e.1 == From::Column(*i))
                && !mapping.dropped.contains(c)
                && *c != crate::read::feature::ID_COLUMN
        })
        .map(|(_, c)| c.as_str())
        .collect();
    if !unused.is_empty() {
        notes.push(Note::info(format!("columns not used: {}", unused.join(", "))));
    }
    Ok((mapping, notes))
}

/// What a layer cannot do without.
fn require(layer: LayerKind, mapping: &Mapping, header: &Header) -> Result<(), String> {
    let has = |f: &str| mapping.get(f).is_some();
    let positioned = header.has_geometry || has("geometry") || (has("lon") && has("lat"));
    if layer != LayerKind::Incident && !has("code") {
        return Err(
            "no column looks like the code; pass --map code=COLUMN (or --map code=# for the row's number)"
                .into(),
        );
    }
    if matches!(layer, LayerKind::Address | LayerKind::Incident) && !positioned {
        return Err("no columns look like a position; pass --map lon=COLUMN --map lat=COLUMN, or --map geometry=COLUMN for WKT".into());
    }
    if has("lon") != has("lat") && !header.has_geometry && !has("geometry") {
        let (one, other) = if has("lon") { ("lon", "lat") } else { ("lat", "lon") };
        return Err(format!("there is a column for {one} but none for {other}; pass --map {other}=COLUMN"));
    }
    if layer == LayerKind::Address && !has("text") {
        return Err("no column looks like the address; pass --map text=COLUMN".into());
    }
    if layer == LayerKind::Resident && !has("address") {
        return Err("no column looks like the address's code; pass --map address=COLUMN".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(columns: &[&str]) -> Header {
        Header { columns: columns.iter().map(|c| (*c).to_owned()).collect(), ..Header::default() }
    }

    fn column_of(columns: &[&str], layer: LayerKind, field: &str) -> Option<String> {
        let mut h = header(columns);
        h.has_geometry = matches!(layer, LayerKind::Grid | LayerKind::Beat);
        let (m, _) = resolve("f", &h, layer, &[]).unwrap();
        m.get(field).map(|f| match f {
            From::Column(i) => columns[i].to_owned(),
            From::RowNumber => "#".into(),
        })
    }

    #[test]
    fn english_and_chinese_headers_are_guessed() {
        let zh = ["序号", "网格编码", "网格名称", "上级编码", "网格类型"];
        assert_eq!(column_of(&zh, LayerKind::Grid, "code").as_deref(), Some("网格编码"));
        assert_eq!(column_of(&zh, LayerKind::Grid, "parent").as_deref(), Some("上级编码"));
        let crime = ["id", "case_number", "date", "primary_type", "beat", "latitude", "longitude"];
        assert_eq!(column_of(&crime, LayerKind::Incident, "code").as_deref(), Some("id"));
        assert_eq!(column_of(&crime, LayerKind::Incident, "reported_at").as_deref(), Some("date"));
        assert_eq!(column_of(&crime, LayerKind::Incident, "lon").as_deref(), Some("longitude"));
        assert_eq!(
            column_of(&["beat", "beat_num", "district"], LayerKind::Beat, "code").as_deref(),
            Some("beat_num")
        );
        assert_eq!(
            column_of(&["area", "area_num_1", "area_numbe"], LayerKind::Grid, "code").as_deref(),
            Some("area_numbe")
        );
        let zh = ["事件编号", "事件标题", "类别", "状态", "上报时间", "经度", "纬度"];
        assert_eq!(column_of(&zh, LayerKind::Incident, "lat").as_deref(), Some("纬度"));
    }

    #[test]
    fn an_object_id_is_no_code() {
        let mut h = header(&["OBJECTID", "Shape_Area"]);
        h.has_geometry = true;
        let e = resolve("x.shp", &h, LayerKind::Grid, &[]).unwrap_err().to_string();
        assert!(e.contains("--map code=") && e.contains("OBJECTID"), "{e}");
        let (m, _) = resolve("x.shp", &h, LayerKind::Grid, &[("code".into(), "#".into())]).unwrap();
        assert_eq!(m.get("code"), Some(From::RowNumber));
    }

    #[test]
    fn map_entries_are_checked() {
        let h = header(&["code", "name", "lon", "lat", "address"]);
        let ask = |f: &str, c: &str| resolve("f", &h, LayerKind::Address, &[(f.into(), c.into())]);
        assert!(ask("colour", "name").unwrap_err().to_string().contains("no field “colour”"));
        assert!(ask("code", "nix").unwrap_err().to_string().contains("no column “nix”"));
        let (m, _) = ask("code", "NAME").unwrap();
        assert_eq!(m.get("code"), Some(From::Column(1)));
    }

    #[test]
    fn columns_that_identify_residents_are_dropped() {
        let h = header(&["code", "姓名", "身份证号码", "联系电话", "address", "Phone"]);
        let (m, notes) = resolve("f", &h, LayerKind::Resident, &[]).unwrap();
        assert_eq!(m.dropped, ["姓名", "身份证号码", "联系电话", "Phone"]);
        assert!(notes.iter().any(|n| n.text.contains("identify persons")));
        let e = resolve("f", &h, LayerKind::Resident, &[("household".into(), "姓名".into())]).unwrap_err();
        assert!(e.to_string().contains("identifies persons"));
    }
}
