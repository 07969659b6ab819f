//! `/api` and `/api/conformance`.

use super::{escaped, page::Language, page::Page};

/// The landing page of a map with this title.
pub fn landing(language: Language, title: &str, base: &str) -> String {
    let entries = [
        (
            "/api/collections",
            "数据集",
            "Collections",
            "网格、警格、双格单元、标准地址、事件、人员",
            "Grids, beats, pieces, addresses, incidents, staff",
        ),
        (
            "/api/openapi.html",
            "接口文档",
            "API reference",
            "全部接口、参数与数据结构(OpenAPI 3.1)",
            "All paths, parameters and schemas (OpenAPI 3.1)",
        ),
        (
            "/api/conformance",
            "符合性声明",
            "Conformance",
            "本接口满足的 OGC 符合性类",
            "The OGC conformance classes that this API meets",
        ),
        ("/", "地图", "Map", "在地图上查看全部数据", "Everything on one map"),
    ];
    let mut body = format!(
        "<p>{}</p>\n<ul class=\"plain\">\n",
        language.pick(
            "网格与警格一张图：社区网格与公安警格叠加，每一个地点都知道由谁负责。",
            "One map of two administrations: community grids and police beats laid over each other, and for every place who is responsible on both sides.",
        )
    );
    for (path, zh, en, zh_text, en_text) in entries {
        let (name, text) = (language.pick(zh, en), language.pick(zh_text, en_text));
        body.push_str(&format!(
            "<li><a href=\"{}\">{name}</a><br><span class=\"soft\">{text}</span></li>\n",
            escaped(&format!("{base}{path}"))
        ));
    }
    body.push_str("</ul>\n");
    Page {
        language,
        title,
        way: &[("API", format!("{base}/api"))],
        formats: &[("JSON", "?f=json".to_owned())],
    }
    .with(&body)
}

/// The conformance classes.
pub fn conformance(language: Language, classes: &[&str], base: &str) -> String {
    let mut body = String::from("<ul>\n");
    for class in classes {
        body.push_str(&format!("<li><code>{}</code></li>\n", escaped(class)));
    }
    body.push_str("</ul>\n");
    let page = Page {
        language,
        title: language.pick("符合性声明", "Conformance"),
        way: &[("API", format!("{base}/api"))],
        formats: &[("JSON", "?f=json".to_owned())],
    };
    page.with(&body)
}
