//! What people call the resources of the API.

use super::page::Language;

/// The name of a resource by the last word of its path; `None` for one that has no other name.
pub fn of(word: &str, language: Language) -> Option<&'static str> {
    let (chinese, english) = match word {
        "collections" => ("数据集", "Collections"),
        "items" => ("数据", "Features"),
        "schema" => ("属性结构", "Schema"),
        "queryables" => ("可查询属性", "Queryable properties"),
        "sortables" => ("可排序属性", "Sortable properties"),
        "neighbours" => ("相邻区域", "Neighbours"),
        "tiles" => ("矢量瓦片", "Vector tiles"),
        "tileMatrixSets" => ("瓦片矩阵集", "Tile matrix sets"),
        "locate" => ("责任归属", "Who is responsible"),
        "search" => ("搜索", "Search"),
        "nearest" => ("就近查询", "Nearest"),
        "within" => ("范围查询", "Within"),
        "summary" => ("统计", "Summary"),
        "square" => ("方格统计", "Counts by square"),
        "hexagon" => ("六边形统计", "Counts by hexagon"),
        "crosswalk" => ("网格警格对照", "Crosswalk of grids and beats"),
        "mismatch" => ("网格警格错位", "Mismatch of grids and beats"),
        "healthz" => ("存活检查", "Liveness"),
        "readyz" => ("就绪检查", "Readiness"),
        _ => return None,
    };
    Some(language.pick(chinese, english))
}
