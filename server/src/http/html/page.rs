//! What every page has: language, head, the way here, other formats.

use super::escaped;
use axum::http::{HeaderMap, header};

/// The languages of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 简体中文, where nothing else is asked for.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The one that `Accept-Language` ranks higher.
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let rank = |prefix: &str| {
            text.split(',')
                .filter_map(|part| {
                    let mut pieces = part.split(';').map(str::trim);
                    let tag = pieces.next()?.to_ascii_lowercase();
                    let q: f32 =
                        pieces.find_map(|p| p.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
                    (tag == prefix || tag.starts_with(&format!("{prefix}-"))).then_some(q)
                })
                .fold(0.0, f32::max)
        };
        if rank("en") > rank("zh") { Self::English } else { Self::Chinese }
    }

    /// The one of two texts that is in this language.
    pub fn pick<'a>(self, chinese: &'a str, english: &'a str) -> &'a str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    fn tag(self) -> &'static str {
        self.pick("zh-CN", "en")
    }
}

/// One page being put together.
pub struct Page<'a> {
    /// In which language.
    pub language: Language,
    /// What it is about.
    pub title: &'a str,
    /// `(name, address)` of what it is part of, outermost first.
    pub way: &'a [(&'a str, String)],
    /// `(name, address)` of the same in other formats.
    pub formats: &'a [(&'a str, String)],
}

impl Page<'_> {
    /// The whole page around its body.
    pub fn with(&self, body: &str) -> String {
        let title = escaped(self.title);
        let link =
            |(name, href): &(&str, String)| format!("<a href=\"{}\">{}</a>", escaped(href), escaped(name));
        let way: Vec<_> = self.way.iter().map(link).collect();
        let formats: Vec<_> = self.formats.iter().map(link).collect();
        format!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{title}</title>\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\">\n\
             <link rel=\"stylesheet\" href=\"/fonts.css\">\n<style>\n{}</style>\n</head>\n<body>\n\
             <nav>{}<span class=\"formats\">{}</span></nav>\n<main>\n<h1>{title}</h1>\n{body}</main>\n</body>\n</html>\n",
            self.language.tag(),
            include_str!("style.css"),
            way.join(" <span>›</span> "),
            formats.join(" "),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_higher_ranked_language_wins_and_chinese_else() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, text.parse().unwrap());
            Language::of(&headers)
        };
        assert_eq!(of("en-US,en;q=0.9,zh;q=0.8"), Language::English);
        assert_eq!(of("zh-CN,zh;q=0.9,en;q=0.8"), Language::Chinese);
        assert_eq!(of("de,en;q=0.5"), Language::English);
        assert_eq!(of("de"), Language::Chinese);
        assert_eq!(Language::of(&HeaderMap::new()), Language::Chinese);
    }
}
