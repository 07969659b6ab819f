//! Which column holds which field: what the user says, else a guess by the column's name.
//!
//! Names are compared without case, blanks and punctuation (`Beat_Num` = `beatnum`). For each field a list
//! of names, the surest first; the first that a column has wins, and every guess is printed.

use crate::{IngestError, Note, read::Header};
use gridbeat_onemap::record::LayerKind;

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

/// A field: its name, and names of columns that likely hold it.
type Field = (&'static str, &'static [&'static str]);

const AREA: &[Field] = &[
    (
        "code",
        &[
            "code",
            "网格编码",
            "警格编码",
            "网格编号",
            "警格编号",
            "网格代码",
            "警格代码",
            "单元编码",
            "区划编码",
            "区划代码",
            "行政区划代码",
            "编码",
            "代码",
            "编号",
            "gridcode",
            "beatcode",
            "gridid",
            "beatid",
            "gridno",
            "beatno",
            "beatnum",
            "areacode",
            "areanumbe",
            "areanumber",
            "adcode",
            "geoid",
            "geoid20",
            "geoid10",
            "zonecode",
            "wgbm",
            "jgbm",
            "bm",
            "dm",
            "县代码",
            "distnum",
            "districtcode",
            "precinct",
            "precinctid",
            "ward",
            "wardno",
            "district",
            "districtnumber",
            "beat",
            "prename",
            "id",
            "uuid",
            "guid",
        ],
    ),
    (
        "name",
        &[
            "name",
            "网格名称",
            "警格名称",
            "单元名称",
            "区划名称",
            "名称",
            "社区名称",
            "派出所名称",
            "title",
            "areaname",
            "gridname",
            "beatname",
            "community",
            "namelsad",
            "namelsad20",
            "namelsad10",
            "name20",
            "name10",
            "县名",
            "wgmc",
            "jgmc",
            "mc",
            "distlabel",
            "label",
        ],
    ),
    (
        "level",
        &["level", "级别", "层级", "网格级别", "类型级别", "等级"],
    ),
    (
        "parent",
        &[
            "parent",
            "上级编码",
            "上级代码",
            "上级网格编码",
            "上级机构编码",
            "父级编码",
            "所属社区编码",
            "所属派出所编码",
            "parentcode",
            "parentid",
            "pcode",
            "streetcode",
            "areacode",
            "parentadcode",
            "sjbm",
        ],
    ),
    (
        "kind",
        &[
            "kind",
            "网格类型",
            "警格类型",
            "类型",
            "类别",
            "gridtype",
            "type",
        ],
    ),
    ("geometry", GEOMETRY),
];

const GEOMETRY: &[&str] = &[
    "geometry",
    "geom",
    "thegeom",
    "wkt",
    "wktgeometry",
    "shape",
    "geomwkt",
    "wkbgeometry",
    "边界",
    "坐标串",
    "几何",
    "空间坐标",
];
const LON: &[&str] = &[
    "lon",
    "longitude",
    "lng",
    "long",
    "经度",
    "x",
    "xcoord",
    "pointx",
    "jd",
    "经度坐标",
    "x坐标",
    "easting",
    "东坐标",
    "lonx",
];
const LAT: &[&str] = &[
    "lat",
    "latitude",
    "纬度",
    "y",
    "ycoord",
    "pointy",
    "wd",
    "纬度坐标",
    "y坐标",
    "northing",
    "北坐标",
    "laty",
];

const ADDRESS: &[Field] = &[
    (
        "code",
        &[
            "code",
            "地址编码",
            "标准地址编码",
            "地址代码",
            "地址编号",
            "编码",
            "代码",
            "编号",
            "addresscode",
            "addressid",
            "addrcode",
            "dzbm",
            "id",
            "uuid",
        ],
    ),
    (
        "text",
        &[
            "text",
            "地址",
            "标准地址",
            "地址全称",
            "地址名称",
            "详细地址",
            "address",
            "fulladdress",
            "addr",
            "dzmc",
            "名称",
            "name",
        ],
    ),
    ("lon", LON),
    ("lat", LAT),
    ("geometry", GEOMETRY),
    (
        "residents",
        &[
            "residents",
            "居住人数",
            "人口数",
            "实有人口",
            "人数",
            "population",
            "pop",
        ],
    ),
    (
        "dwellings",
        &["dwellings", "户数", "房屋数", "实有房屋", "households"],
    ),
    (
        "organisations",
        &[
            "organisations",
            "organizations",
            "单位数",
            "实有单位",
            "units",
        ],
    ),
];

const RESIDENT: &[Field] = &[
    (
        "code",
        &[
            "code",
            "人员编码",
            "人口编码",
            "人员编号",
            "居民编码",
            "编码",
            "代码",
            "编号",
            "residentcode",
            "residentid",
            "personid",
            "id",
            "uuid",
        ],
    ),
    (
        "address",
        &[
            "address",
            "地址编码",
            "标准地址编码",
            "地址代码",
            "addresscode",
            "addressid",
            "addrcode",
            "dzbm",
        ],
    ),
    (
        "household",
        &[
            "household",
            "户编码",
            "户编号",
            "家庭编码",
            "户号",
            "householdcode",
            "householdid",
        ],
    ),
    ("age_band", &["ageband", "年龄段", "年龄组", "agegroup"]),
    (
        "registration",
        &[
            "registration",
            "户籍类型",
            "户籍",
            "登记类型",
            "人口类型",
            "人员类别",
        ],
    ),
];

const INCIDENT: &[Field] = &[
    (
        "code",
        &[
            "code",
            "事件编码",
            "事件编号",
            "警情编号",
            "案件编号",
            "工单编号",
            "接警编号",
            "编码",
            "编号",
            "incidentcode",
            "incidentid",
            "eventid",
            "id",
            "caseid",
            "casenumber",
            "uuid",
        ],
    ),
    (
        "title",
        &[
            "title",
            "标题",
            "事件标题",
            "事件名称",
            "警情名称",
            "名称",
            "description",
            "摘要",
            "简要案情",
            "内容",
            "name",
        ],
    ),
    (
        "category",
        &[
            "category",
            "类别",
            "事件类别",
            "警情类别",
            "事件类型",
            "警情类型",
            "类型",
            "primarytype",
            "type",
            "offense",
            "crimetype",
        ],
    ),
    (
        "state",
        &[
            "state",
            "状态",
            "事件状态",
            "办理状态",
            "处置状态",
            "status",
        ],
    ),
    (
        "risk",
        &["risk", "风险", "风险等级", "紧急程度", "risklevel"],
    ),
    (
        "source",
        &["source", "来源", "事件来源", "上报来源", "线索来源"],
    ),
    (
        "reported_at",
        &[
            "reportedat",
            "上报时间",
            "报警时间",
            "接警时间",
            "发生时间",
            "事发时间",
            "登记时间",
            "创建时间",
            "时间",
            "日期",
            "reporttime",
            "reportedtime",
            "occurredat",
            "datetime",
            "timestamp",
            "date",
            "time",
            "createdat",
            "createtime",
        ],
    ),
    (
        "address",
        &[
            "address",
            "地址",
            "事发地址",
            "发生地点",
            "地点",
            "详细地址",
            "block",
            "addr",
        ],
    ),
    ("lon", LON),
    ("lat", LAT),
    ("geometry", GEOMETRY),
];

const STAFF: &[Field] = &[
    (
        "code",
        &[
            "code",
            "人员编码",
            "人员编号",
            "工号",
            "警号",
            "编码",
            "编号",
            "staffcode",
            "staffid",
            "badge",
            "id",
            "uuid",
        ],
    ),
    ("role", &["role", "角色", "职务", "岗位"]),
    ("side", &["side", "所属", "归属", "队伍", "类别"]),
    (
        "area",
        &[
            "area",
            "网格编码",
            "警格编码",
            "责任区编码",
            "辖区编码",
            "所属网格",
            "所属警格",
            "区划编码",
            "areacode",
            "gridcode",
            "beatcode",
        ],
    ),
    (
        "on_duty",
        &["onduty", "在岗", "是否在岗", "值班", "是否值班", "duty"],
    ),
    (
        "seen_at",
        &[
            "seenat",
            "定位时间",
            "最后定位时间",
            "更新时间",
            "lastseen",
            "positiontime",
        ],
    ),
    ("lon", LON),
    ("lat", LAT),
    ("geometry", GEOMETRY),
    ("name", &["name", "姓名", "人员姓名"]),
    (
        "phone",
        &[
            "phone",
            "电话",
            "值班电话",
            "联系电话",
            "手机",
            "手机号",
            "手机号码",
            "mobile",
            "tel",
        ],
    ),
];

/// Column names that identify a resident, whole (`name`) or as a part (`身份证`).
const PERSONAL: &[&str] = &[
    "name",
    "fullname",
    "residentname",
    "surname",
    "givenname",
    "idnumber",
    "idno",
    "idcard",
    "idcardno",
    "cardno",
    "identity",
    "identitynumber",
    "nationalid",
    "passport",
    "ssn",
    "phone",
    "phonenumber",
    "mobile",
    "mobilephone",
    "tel",
    "telephone",
    "cell",
    "cellphone",
    "xm",
    "sfz",
    "sfzh",
    "sfzhm",
    "gmsfhm",
    "sjh",
    "sjhm",
    "lxdh",
    "email",
    "wechat",
];
const PERSONAL_PARTS: &[&str] = &[
    "姓名",
    "身份证",
    "证件号",
    "公民身份",
    "护照",
    "电话",
    "手机",
    "微信",
    "邮箱",
    "户主",
];

/// Columns whose name says nothing but “row”: never a code.
const NEVER_CODE: &[&str] = &[
    "objectid",
    "objectid1",
    "fid",
    "ogcfid",
    "gid",
    "index",
    "rowid",
];

/// The fields of a layer.
fn fields(layer: LayerKind) -> &'static [Field] {
    match layer {
        LayerKind::Grid | LayerKind::Beat => AREA,
        LayerKind::Address => ADDRESS,
        LayerKind::Resident => RESIDENT,
        LayerKind::Incident => INCIDENT,
        LayerKind::Staff => STAFF,
    }
}

/// The names under which positions are looked for, for streams of bare points.
pub(crate) fn position_columns(columns: &[String]) -> (Option<usize>, Option<usize>) {
    let find = |names: &[&str]| {
        names
            .iter()
            .find_map(|n| columns.iter().position(|c| plain(c) == *n))
    };
    (find(LON), find(LAT))
}

/// A name without case, blanks and punctuation.
pub(crate) fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_personal(column: &str) -> bool {
    let p = plain(column);
    PERSONAL.contains(&p.as_str()) || PERSONAL_PARTS.iter().any(|w| column.contains(w))
}

/// Decides the columns of all fields, and says so in notes.
pub(crate) fn resolve(
    file: &str,
    header: &Header,
    layer: LayerKind,
    asked: &[(String, String)],
) -> Result<(Mapping, Vec<Note>), IngestError> {
    let fields = fields(layer);
    let columns = &header.columns;
    let list = || {
        if columns.is_empty() {
            "no columns".to_owned()
        } else {
            format!("columns {}", columns.join(", "))
        }
    };
    let fail = |what: String| IngestError::mapping(file, what);
    let mut mapping = Mapping {
        entries: Vec::new(),
        dropped: Vec::new(),
    };
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
            !mapping.entries.iter().any(|e| e.1 == From::Column(i))
                && !mapping.dropped.contains(&columns[i])
                && !(field == "code" && NEVER_CODE.contains(&plain(&columns[i]).as_str()))
        };
        let guess = names.iter().find_map(|n| {
            columns
                .iter()
                .enumerate()
                .position(|(i, c)| plain(c) == *n && free(i))
        });
        if let Some(i) = guess {
            mapping.entries.push((field, From::Column(i)));
        }
    }
    if mapping.get("code").is_none()
        && header.anonymous
        && matches!(layer, LayerKind::Grid | LayerKind::Beat)
    {
        mapping.entries.push(("code", From::RowNumber));
        notes.push(Note::warning(
            "rows carry no attributes: their number is taken for their code",
        ));
    }
    require(layer, &mapping, header)
        .map_err(|what| fail(format!("{what}; the file has {}", list())))?;

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
        notes.push(Note::info(format!(
            "columns not used: {}",
            unused.join(", ")
        )));
    }
    Ok((mapping, notes))
}

/// What a layer cannot do without.
fn require(layer: LayerKind, mapping: &Mapping, header: &Header) -> Result<(), String> {
    let has = |f: &str| mapping.get(f).is_some();
    let positioned = header.has_geometry || has("geometry") || (has("lon") && has("lat"));
    if layer != LayerKind::Incident && !has("code") {
        return Err("no column looks like the code; pass --map code=COLUMN (or --map code=# for the row's number)".into());
    }
    if matches!(layer, LayerKind::Address | LayerKind::Incident) && !positioned {
        return Err("no columns look like a position; pass --map lon=COLUMN --map lat=COLUMN, or --map geometry=COLUMN for WKT".into());
    }
    if has("lon") != has("lat") && !header.has_geometry && !has("geometry") {
        let (one, other) = if has("lon") {
            ("lon", "lat")
        } else {
            ("lat", "lon")
        };
        return Err(format!(
            "there is a column for {one} but none for {other}; pass --map {other}=COLUMN"
        ));
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
        Header {
            columns: columns.iter().map(|c| (*c).to_owned()).collect(),
            ..Header::default()
        }
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
        assert_eq!(
            column_of(&zh, LayerKind::Grid, "code").as_deref(),
            Some("网格编码")
        );
        assert_eq!(
            column_of(&zh, LayerKind::Grid, "parent").as_deref(),
            Some("上级编码")
        );
        let crime = [
            "id",
            "case_number",
            "date",
            "primary_type",
            "beat",
            "latitude",
            "longitude",
        ];
        assert_eq!(
            column_of(&crime, LayerKind::Incident, "code").as_deref(),
            Some("id")
        );
        assert_eq!(
            column_of(&crime, LayerKind::Incident, "reported_at").as_deref(),
            Some("date")
        );
        assert_eq!(
            column_of(&crime, LayerKind::Incident, "lon").as_deref(),
            Some("longitude")
        );
        assert_eq!(
            column_of(&["beat", "beat_num", "district"], LayerKind::Beat, "code").as_deref(),
            Some("beat_num")
        );
        assert_eq!(
            column_of(
                &["area", "area_num_1", "area_numbe"],
                LayerKind::Grid,
                "code"
            )
            .as_deref(),
            Some("area_numbe")
        );
        let zh = [
            "事件编号",
            "事件标题",
            "类别",
            "状态",
            "上报时间",
            "经度",
            "纬度",
        ];
        assert_eq!(
            column_of(&zh, LayerKind::Incident, "lat").as_deref(),
            Some("纬度")
        );
    }

    #[test]
    fn an_object_id_is_no_code() {
        let mut h = header(&["OBJECTID", "Shape_Area"]);
        h.has_geometry = true;
        let e = resolve("x.shp", &h, LayerKind::Grid, &[])
            .unwrap_err()
            .to_string();
        assert!(e.contains("--map code=") && e.contains("OBJECTID"), "{e}");
        let (m, _) = resolve("x.shp", &h, LayerKind::Grid, &[("code".into(), "#".into())]).unwrap();
        assert_eq!(m.get("code"), Some(From::RowNumber));
    }

    #[test]
    fn map_entries_are_checked() {
        let h = header(&["code", "name", "lon", "lat", "address"]);
        let ask = |f: &str, c: &str| resolve("f", &h, LayerKind::Address, &[(f.into(), c.into())]);
        assert!(
            ask("colour", "name")
                .unwrap_err()
                .to_string()
                .contains("no field “colour”")
        );
        assert!(
            ask("code", "nix")
                .unwrap_err()
                .to_string()
                .contains("no column “nix”")
        );
        let (m, _) = ask("code", "NAME").unwrap();
        assert_eq!(m.get("code"), Some(From::Column(1)));
    }

    #[test]
    fn columns_that_identify_residents_are_dropped() {
        let h = header(&["code", "姓名", "身份证号码", "联系电话", "address", "Phone"]);
        let (m, notes) = resolve("f", &h, LayerKind::Resident, &[]).unwrap();
        assert_eq!(m.dropped, ["姓名", "身份证号码", "联系电话", "Phone"]);
        assert!(notes.iter().any(|n| n.text.contains("identify persons")));
        let e = resolve(
            "f",
            &h,
            LayerKind::Resident,
            &[("household".into(), "姓名".into())],
        )
        .unwrap_err();
        assert!(e.to_string().contains("identifies persons"));
    }
}
