//! Query parameters: taken by name, every fault collected, whatever is left over is unknown.

use crate::error::{ApiError, FieldError};
use axum::http::{HeaderMap, Uri, header};
use gridbeat_onemap::{Bounds, E7};
use jiff::Timestamp;
use percent_encoding::percent_decode;

/// Rows of a page when the caller does not say.
pub const DEFAULT_LIMIT: usize = 100;
/// Rows of a page at most; a larger `limit` is clamped to it.
pub const MAX_LIMIT: usize = 10_000;

/// The parameters of one request.
pub struct Params {
    pairs: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

/// What `datetime` asks for: both ends belong to it, an absent end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// First instant.
    pub start: Option<Timestamp>,
    /// Last instant.
    pub end: Option<Timestamp>,
}

impl TimeRange {
    /// Whether the instant lies in the range.
    pub fn contains(&self, t: Timestamp) -> bool {
        self.meets(t, t)
    }

    /// Whether it shares an instant with the stretch from one to another, both of which belong to it.
    pub fn meets(&self, first: Timestamp, last: Timestamp) -> bool {
        self.start.is_none_or(|s| s <= last) && self.end.is_none_or(|e| first <= e)
    }
}

/// The box of `bbox`: two boxes when it crosses the antimeridian (west > east).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoxFilter(pub Vec<Bounds>);

impl BoxFilter {
    /// Whether the position lies in it.
    pub fn contains(&self, p: E7) -> bool {
        self.0.iter().any(|b| b.contains(p))
    }

    /// Whether it shares at least a border point with the box.
    pub fn intersects(&self, o: &Bounds) -> bool {
        self.0.iter().any(|b| b.intersects(o))
    }
}

/// The representations that there are; each resource has some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `application/json`, or a kind of it.
    Json,
    /// `text/csv`.
    Csv,
    /// `text/html`, for people.
    Html,
    /// `application/flatgeobuf`.
    Fgb,
    /// `application/geo+json-seq` (RFC 8142).
    Seq,
}

impl Format {
    /// The word that `f` takes.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Html => "html",
            Self::Fgb => "fgb",
            Self::Seq => "geojsonseq",
        }
    }

    /// Whether a media type of `Accept` means this one.
    fn is_meant_by(self, media: &str) -> bool {
        match self {
            Self::Json => {
                matches!(media, "application/json" | "application/*" | "*/*")
                    || media.starts_with("application/") && media.ends_with("+json")
            }
            Self::Csv => media == "text/csv",
            Self::Html => matches!(media, "text/html" | "application/xhtml+xml"),
            Self::Fgb => media == "application/flatgeobuf",
            Self::Seq => media == "application/geo+json-seq",
        }
    }
}

impl Params {
    /// Splits and decodes the query.
    pub fn of(uri: &Uri) -> Self {
        let mut this = Self { pairs: Vec::new(), errors: Vec::new() };
        for part in uri.query().unwrap_or_default().split('&').filter(|p| !p.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match (decode(name), decode(value)) {
                (Some(name), Some(value)) => {
                    if this.pairs.iter().any(|(n, _)| *n == name) {
                        this.errors.push(FieldError::new(&name, "stands twice; once was expected"));
                    } else {
                        this.pairs.push((name, value));
                    }
                }
                (name, _) => this.errors.push(FieldError::new(
                    name.unwrap_or_else(|| "?".to_owned()),
                    "is not percent-encoded UTF-8",
                )),
            }
        }
        this
    }

    /// The parameter as it stands.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let at = self.pairs.iter().position(|(n, _)| n == name)?;
        Some(self.pairs.remove(at).1)
    }

    /// The parameter as it stands, left for who reads it.
    pub fn peek(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Remembers a fault, to be told with all others by [`Params::finish`].
    pub fn fault(&mut self, name: &str, detail: impl Into<String>) {
        self.errors.push(FieldError::new(name, detail));
    }

    /// A finite number.
    pub fn number(&mut self, name: &str) -> Option<f64> {
        let text = self.text(name)?;
        match text.trim().parse::<f64>() {
            Ok(n) if n.is_finite() => Some(n),
            _ => {
                self.fault(name, format!("“{}” is not a finite number", short(&text)));
                None
            }
        }
    }

    /// A number that must be there.
    pub fn required_number(&mut self, name: &str) -> Option<f64> {
        if !self.pairs.iter().any(|(n, _)| n == name) {
            self.fault(name, "is missing; a number was expected");
            return None;
        }
        self.number(name)
    }

    /// `lon` and `lat` in degrees, both required.
    pub fn position(&mut self) -> Option<E7> {
        let (lon, lat) = (self.required_number("lon"), self.required_number("lat"));
        let (lon, lat) = (lon?, lat?);
        if !(-180.0..=180.0).contains(&lon) {
            self.fault("lon", "lies outside −180 … 180 degrees");
        }
        if !(-90.0..=90.0).contains(&lat) {
            self.fault("lat", "lies outside −90 … 90 degrees");
        }
        E7::from_degrees(lon, lat)
    }

    /// Whether the parameter is there.
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(n, _)| n == name)
    }

    /// `limit`: a whole number of at least 1, clamped to `max`.
    pub fn limit(&mut self, default: usize, max: usize) -> usize {
        self.count("limit", default, max)
    }

    /// A whole number of at least 1, clamped to `max`.
    pub fn count(&mut self, name: &str, default: usize, max: usize) -> usize {
        let Some(text) = self.text(name) else { return default };
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse::<u64>() {
            // `parse` takes a plus; a whole number as it is written here has none.
            _ if !digits => {}
            Ok(0) => {}
            Ok(n) => return usize::try_from(n).map_or(max, |n| n.min(max)),
            // More digits than a u64 holds is still a whole number, above the limit, so clamped.
            Err(_) => return max,
        }
        self.fault(name, format!("“{}” is not a whole number of at least 1", short(&text)));
        default
    }

    /// `limit` where nothing clamps it; `None` when it is not there.
    pub fn free_limit(&mut self) -> Option<usize> {
        self.has("limit").then(|| self.limit(1, usize::MAX))
    }

    /// `bbox`: west, south, (bottom,) east, north(, top) in degrees.
    pub fn bbox(&mut self) -> Option<BoxFilter> {
        let text = self.text("bbox")?;
        match box_numbers(&text).and_then(degrees_box) {
            Ok(filter) => Some(filter),
            Err(detail) => {
                self.fault("bbox", detail);
                None
            }
        }
    }

    /// `datetime`: an instant or an interval, RFC 3339.
    pub fn datetime(&mut self) -> Option<TimeRange> {
        let text = self.text("datetime")?;
        match parse_datetime(&text) {
            Ok(range) => Some(range),
            Err(detail) => {
                self.fault("datetime", detail);
                None
            }
        }
    }

    /// `f`, else `Accept`, else JSON: JSON or CSV.
    pub fn format(&mut self, headers: &HeaderMap) -> Format {
        self.format_of(headers, &[Format::Json, Format::Csv])
    }

    /// `f`, else `Accept`, else the first of those that there are. Who asks for HTML where it is not among them is
    /// answered with JSON, of which [`people`](super::people) makes a page.
    pub fn format_of(&mut self, headers: &HeaderMap, offered: &[Format]) -> Format {
        let first = offered.first().copied().unwrap_or(Format::Json);
        let has_page = offered.contains(&Format::Html);
        let all: Vec<Format> = offered.iter().copied().chain((!has_page).then_some(Format::Html)).collect();
        let chosen = match self.text("f") {
            None => accepted(headers, &all).unwrap_or(first),
            Some(word) => all.iter().copied().find(|f| f.word() == word).unwrap_or_else(|| {
                let known: Vec<_> = all.iter().map(|f| f.word()).collect();
                let detail =
                    format!("“{}” is not served here; expected {}", short(&word), known.join(" or "));
                self.fault("f", detail);
                first
            }),
        };
        if chosen == Format::Html && !has_page { Format::Json } else { chosen }
    }

    /// `f` where JSON is all there is, besides the page that is made of it.
    pub fn json_or_html(&mut self) {
        if let Some(f) = self.text("f")
            && ![Format::Json.word(), Format::Html.word()].contains(&f.as_str())
        {
            self.fault("f", format!("“{}” is not served here; expected json or html", short(&f)));
        }
    }

    /// Whether a request asks for HTML rather than JSON.
    pub fn prefer_html(uri: &Uri, headers: &HeaderMap) -> bool {
        // Few requests have it, so few are taken apart.
        let named = uri.query().is_some_and(|q| q.contains("f="));
        match named.then(|| Self::of(uri)).as_ref().and_then(|p| p.peek("f")) {
            Some(word) => word == Format::Html.word(),
            None => accepted(headers, &[Format::Json, Format::Html]) == Some(Format::Html),
        }
    }

    /// The names that are still there.
    pub fn left(&self) -> Vec<String> {
        self.pairs.iter().map(|(n, _)| n.clone()).collect()
    }

    /// Everything was taken: what is left is unknown.
    ///
    /// # Errors
    /// [`ApiError::BadParameters`] with every fault.
    pub fn finish(mut self, known: &str) -> Result<(), ApiError> {
        for (name, _) in self.pairs {
            self.errors.push(FieldError::new(name, format!("is not known here; known: {known}")));
        }
        if self.errors.is_empty() { Ok(()) } else { Err(ApiError::BadParameters(self.errors)) }
    }
}

/// The one that the caller ranks highest; of equals the first offered.
fn accepted(headers: &HeaderMap, offered: &[Format]) -> Option<Format> {
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut best: Option<(Format, f32)> = None;
    for &format in offered {
        for part in accept.split(',') {
            let mut pieces = part.split(';').map(str::trim);
            let media = pieces.next().unwrap_or_default();
            let q = pieces.find_map(|p| p.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
            if format.is_meant_by(media) && q > best.map_or(0.0, |(_, q)| q) {
                best = Some((format, q));
            }
        }
    }
    best.map(|(format, _)| format)
}

fn decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    percent_decode(text.as_bytes()).decode_utf8().ok().map(|t| t.into_owned())
}

/// The first 60 characters, for a message.
pub fn short(text: &str) -> String {
    let mut out: String = text.chars().take(60).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// The four numbers of a box; heights between them are left out.
pub fn box_numbers(text: &str) -> Result<[f64; 4], String> {
    let mut numbers = Vec::with_capacity(6);
    for part in text.split(',') {
        match part.trim().parse::<f64>() {
            Ok(n) if n.is_finite() => numbers.push(n),
            _ => return Err(format!("“{}” is not a finite number", short(part))),
        }
    }
    match numbers[..] {
        [a, b, c, d] => Ok([a, b, c, d]),
        [a, b, bottom, c, d, top] if bottom <= top => Ok([a, b, c, d]),
        [_, _, _, _, _, _] => Err("the bottom lies above the top".to_owned()),
        _ => Err(format!("has {} numbers; 4 (or 6) were expected: west,south,east,north", numbers.len())),
    }
}

/// The box of four longitudes and latitudes.
pub fn degrees_box([west, south, east, north]: [f64; 4]) -> Result<BoxFilter, String> {
    if [west, east].iter().any(|v| v.abs() > 180.0) {
        return Err("a longitude lies outside −180 … 180 degrees".to_owned());
    }
    if [south, north].iter().any(|v| v.abs() > 90.0) {
        return Err("a latitude lies outside −90 … 90 degrees".to_owned());
    }
    if south > north {
        return Err("the south lies above the north".to_owned());
    }
    let lat = (inner(south, f64::ceil), inner(north, f64::floor));
    let boxed = |w: i32, e: i32| Bounds { min: E7::new(w, lat.0), max: E7::new(e, lat.1) };
    let (west_u, east_u) = (inner(west, f64::ceil), inner(east, f64::floor));
    if west <= east {
        return Ok(BoxFilter(vec![boxed(west_u, east_u)]));
    }
    Ok(BoxFilter(vec![boxed(west_u, Bounds::WORLD.max.lon), boxed(Bounds::WORLD.min.lon, east_u)]))
}

/// The lattice line of a box's side: the next one inside, unless the side is meant to lie on one
/// (120.3 · 10⁷ is not quite 1 203 000 000 in floating point).
fn inner(degrees: f64, inward: impl Fn(f64) -> f64) -> i32 {
    let units = degrees * 1e7;
    let near = units.round();
    if (units - near).abs() < 1e-3 { near as i32 } else { inward(units) as i32 }
}

fn parse_datetime(text: &str) -> Result<TimeRange, String> {
    match text.split_once('/') {
        None => {
            let t = instant(text)?;
            Ok(TimeRange { start: Some(t), end: Some(t) })
        }
        Some((start, end)) => {
            let side = |s: &str| if s.is_empty() || s == ".." { Ok(None) } else { instant(s).map(Some) };
            let (start, end) = (side(start)?, side(end)?);
            if start.zip(end).is_some_and(|(s, e)| s > e) {
                return Err("the start lies after the end".to_owned());
            }
            Ok(TimeRange { start, end })
        }
    }
}

/// An RFC 3339 time with its zone. A `+` that a form decoder made a space is taken as it was meant.
fn instant(text: &str) -> Result<Timestamp, String> {
    let bad = || {
        format!(
            "“{}” is not a time; expected 2026-05-01T08:00:00+08:00, or two of them with a “/”",
            short(text)
        )
    };
    let mended = match text.rsplit_once(' ') {
        Some((time, zone)) if time.contains('T') => format!("{time}+{zone}"),
        _ => text.to_owned(),
    };
    if !mended.contains(['T', 't']) {
        return Err(bad());
    }
    mended.parse().map_err(|_| bad())
}

#[cfg(test)]
#[path = "params_tests.rs"]
mod tests;
