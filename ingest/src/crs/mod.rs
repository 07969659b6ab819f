//! Coordinate reference systems: how a file's numbers become positions.

/// A coordinate reference system, as a file declares it or a user names it.
#[derive(Clone, Debug, PartialEq)]
pub enum Crs {
    /// An EPSG code: `EPSG:4549`.
    Epsg(u32),
    /// 火星坐标: what AMap and Tencent publish.
    Gcj02,
    /// What Baidu publishes.
    Bd09,
    /// A proj string made from a WKT definition that names no EPSG code.
    Definition(String),
}
