//! The table of one import's rows, as they came, before any of them is a row of a layer. It lives as
//! long as the transaction. Its shape follows the layer; its name is always `stage`.

use gridbeat_onemap::record::LayerKind;

/// Columns of a layer's table after `fid, region, code`, with their types: what an import brings.
pub(super) const fn columns(layer: LayerKind) -> &'static [(&'static str, &'static str)] {
    match layer {
        LayerKind::Grid | LayerKind::Beat => &[
            ("name", "text"),
            ("level", "text"),
            ("parent", "text COLLATE \"C\""),
            ("kind", "text"),
            ("geom", "geometry"),
        ],
        LayerKind::Address => &[
            ("text", "text"),
            ("residents", "bigint"),
            ("dwellings", "bigint"),
            ("organisations", "bigint"),
            ("geom", "geometry"),
        ],
        LayerKind::Resident => &[
            ("address", "text COLLATE \"C\""),
            ("household", "text"),
            ("age_band", "text"),
            ("registration", "text"),
        ],
        LayerKind::Incident => &[
            ("title", "text"),
            ("category", "text"),
            ("state", "text"),
            ("risk", "text"),
            ("source", "text"),
            ("reported_at", "timestamptz"),
            ("address", "text"),
            ("placed", "boolean"),
            ("grid", "text COLLATE \"C\""),
            ("beat", "text COLLATE \"C\""),
            ("geom", "geometry"),
        ],
        LayerKind::Staff => &[
            ("role", "text"),
            ("side", "text"),
            ("area", "text COLLATE \"C\""),
            ("on_duty", "boolean"),
            ("seen_at", "timestamptz"),
            ("name", "text"),
            ("phone", "text"),
            ("geom", "geometry"),
        ],
    }
}

/// Their names, as statements list them.
pub(super) fn names(layer: LayerKind) -> String {
    let names: Vec<&str> = columns(layer).iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

/// The statement that makes the table.
pub(super) fn definition(layer: LayerKind) -> String {
    let columns: Vec<String> = columns(layer).iter().map(|(name, kind)| format!("{name} {kind}")).collect();
    format!(
        "CREATE TEMP TABLE stage (ord bigint NOT NULL, region integer NOT NULL, code text COLLATE \"C\" NOT NULL, {}) \
         ON COMMIT DROP",
        columns.join(", ")
    )
}

/// The same for features of a department's layer, whatever its columns are: their cells are texts here.
pub(super) const FEATURES: &str = "CREATE TEMP TABLE stage (ord bigint NOT NULL, region integer NOT NULL, \
     code text COLLATE \"C\" NOT NULL, cells text[] NOT NULL, geom geometry NOT NULL) ON COMMIT DROP";

/// What diesel needs to know to COPY into it. The order of columns is that of [`columns`].
pub(super) mod target {
    macro_rules! stage {
        ($module:ident { $($column:ident: $kind:ty),+ $(,)? }) => {
            pub(in super::super) mod $module {
                diesel::table! {
                    use diesel::sql_types::*;
                    use postgis_diesel::sql_types::Geometry;

                    #[sql_name = "stage"]
                    stage (ord) {
                        ord -> BigInt,
                        region -> Integer,
                        code -> Text,
                        $($column -> $kind,)+
                    }
                }
            }
        };
    }

    stage!(feature { cells: Array<Nullable<Text>>, geom: Geometry });
    stage!(area { name: Nullable<Text>, level: Nullable<Text>, parent: Nullable<Text>, kind: Nullable<Text>, geom: Nullable<Geometry> });
    stage!(address {
        text: Text,
        residents: BigInt,
        dwellings: BigInt,
        organisations: BigInt,
        geom: Geometry
    });
    stage!(resident { address: Text, household: Nullable<Text>, age_band: Nullable<Text>, registration: Nullable<Text> });
    stage!(incident {
        title: Nullable<Text>, category: Nullable<Text>, state: Text, risk: Nullable<Text>, source: Nullable<Text>,
        reported_at: Nullable<Timestamptz>, address: Nullable<Text>, placed: Bool, grid: Nullable<Text>,
        beat: Nullable<Text>, geom: Geometry
    });
    stage!(staff {
        role: Nullable<Text>, side: Text, area: Nullable<Text>, on_duty: Bool, seen_at: Nullable<Timestamptz>,
        name: Nullable<Text>, phone: Nullable<Text>, geom: Nullable<Geometry>
    });
}
