//! `/styles/…`, `/sprites/…`, `/fonts/…`: what MapLibre draws with, embedded, nothing from elsewhere.

use super::{
    answer,
    assets::{bytes, media_type, validator},
    params::Params,
};
use crate::{app::App, error::ApiError, live::tiles::etag};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../styles"]
#[include = "light.json"]
#[include = "dark.json"]
#[include = "print.json"]
#[include = "overview.json"]
#[include = "sprites/*"]
#[include = "fonts/*"]
struct Styles;

/// The styles: two for screens, one for paper, one for a wall.
pub const STYLES: [&str; 4] = ["light", "dark", "print", "overview"];

/// The font that stands in for one that is not here.
const FALLBACK: &str = "Noto Sans Regular";

/// A style, with `{origin}` replaced by our own address.
///
/// # Errors
/// [`ApiError::NotFound`].
pub async fn style(
    State(app): State<App>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut params = Params::of(&uri);
    params.json_or_html();
    params.finish("f")?;
    let missing = || {
        let all = STYLES.map(|s| format!("{s}.json"));
        ApiError::NotFound(format!("there is no such style; there are {}", all.join(", ")))
    };
    let known = name.strip_suffix(".json").is_some_and(|n| STYLES.contains(&n));
    let file = Styles::get(&name).filter(|_| known).ok_or_else(missing)?;
    let base = app.ours.base(&headers);
    let text = String::from_utf8_lossy(&file.data);
    let text = app.basemap.as_ref().map_or(text.clone().into_owned(), |b| b.under(&text));
    let text = text.replace("{origin}", &base);
    Ok(answer::with_etag(&headers, etag(text.as_bytes()), answer::JSON, text))
}

/// A sprite sheet or its index.
///
/// # Errors
/// [`ApiError::NotFound`].
pub async fn sprite(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, ApiError> {
    let path = format!("sprites/{name}");
    let file = Styles::get(&path).ok_or_else(|| ApiError::NotFound("there is no such sprite".to_owned()))?;
    let etag = validator(&file);
    Ok(answer::with_etag(&headers, etag, media_type(&path), bytes(file)))
}

/// The glyphs of 256 characters. A stack that is not here falls back to ours; a range that the font
/// does not have is an empty one (the client draws Chinese by itself).
///
/// # Errors
/// [`ApiError::NotFound`] when the range is none.
pub async fn glyphs(
    Path((stack, range)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let range = range
        .strip_suffix(".pbf")
        .filter(|r| is_range(r))
        .ok_or_else(|| ApiError::NotFound("expected a range such as 0-255.pbf".to_owned()))?;
    let mut names = stack.split(',').map(str::trim).chain([FALLBACK]).filter(|n| !n.contains('/'));
    let found = names.find_map(|n| Styles::get(&format!("fonts/{n}/{range}.pbf")));
    let (etag, body) = match found {
        Some(file) => (validator(&file), bytes(file)),
        None => {
            let empty = no_glyphs(FALLBACK, range);
            (etag(&empty), empty.into())
        }
    };
    Ok(answer::with_etag(&headers, etag, media_type(".pbf"), body))
}

/// `0-255`, `256-511`, … `65280-65535`.
fn is_range(text: &str) -> bool {
    let Some((start, end)) = text.split_once('-') else { return false };
    let number = |t: &str| t.parse::<u32>().ok().filter(|n| n.to_string() == t);
    number(start).zip(number(end)).is_some_and(|(s, e)| s % 256 == 0 && e == s + 255 && e <= 65_535)
}

/// A glyph file with no glyph: `glyphs { stacks { name, range } }` in protocol buffers.
fn no_glyphs(name: &str, range: &str) -> Vec<u8> {
    fn field(number: u8, value: &[u8]) -> Vec<u8> {
        // Both texts are short, so that one byte holds each length.
        let mut out = vec![number << 3 | 2, value.len() as u8];
        out.extend_from_slice(value);
        out
    }
    let stack = [field(1, name.as_bytes()), field(2, range.as_bytes())].concat();
    field(1, &stack)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_ranges_of_256_are_ranges() {
        for ok in ["0-255", "256-511", "65280-65535"] {
            assert!(is_range(ok), "{ok}");
        }
        for bad in ["0-256", "1-256", "00-255", "65536-65791", "-255", "0-", "a-b", "0-255-1", "../0-255"] {
            assert!(!is_range(bad), "{bad}");
        }
    }

    #[test]
    fn an_empty_glyph_file_is_a_valid_message() {
        let bytes = no_glyphs("Noto", "0-255");
        assert_eq!(bytes, [&[0x0a, 13, 0x0a, 4][..], b"Noto", &[0x12, 5], b"0-255"].concat());
    }
}
