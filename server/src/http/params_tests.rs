//! Tests of the query parameters.

use super::*;

fn params(query: &str) -> Params {
    Params::of(&format!("/x?{query}").parse().unwrap())
}

fn faults(p: Params) -> Vec<String> {
    match p.finish("a") {
        Ok(()) => Vec::new(),
        Err(ApiError::BadParameters(errors)) => errors.into_iter().map(|e| e.parameter).collect(),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn what_nobody_takes_is_unknown() {
    let mut p = params("a=1&b=2&c=%E7%BD%91+x");
    assert_eq!(p.text("c").as_deref(), Some("网 x"));
    assert_eq!(p.text("a").as_deref(), Some("1"));
    assert_eq!(faults(p), ["b"]);
}

#[test]
fn a_parameter_stands_once_and_is_utf8() {
    assert_eq!(
        faults({
            let mut p = params("a=1&a=2");
            p.text("a");
            p
        }),
        ["a"]
    );
    assert_eq!(faults(params("q=%FF")), ["q"]);
}

#[test]
fn limits_are_clamped_above_and_refused_below() {
    assert_eq!(params("").limit(100, 10_000), 100);
    assert_eq!(params("limit=7").limit(100, 10_000), 7);
    assert_eq!(params("limit=99999").limit(100, 10_000), 10_000);
    assert_eq!(params("limit=99999999999999999999999").limit(100, 10_000), 10_000);
    for bad in ["0", "-1", "1.5", "x", "", "%2B1"] {
        let mut p = params(&format!("limit={bad}"));
        p.limit(100, 10_000);
        assert_eq!(faults(p), ["limit"], "{bad}");
    }
}

#[test]
fn boxes_lie_on_the_lattice_and_may_cross_the_antimeridian() {
    let one = params("bbox=120.3,31.5,120.4,31.6").bbox().unwrap();
    assert_eq!(
        one.0,
        [Bounds { min: E7::new(1_203_000_000, 315_000_000), max: E7::new(1_204_000_000, 316_000_000) }]
    );
    // A side between two lattice lines moves inward, so that no point outside is let in.
    let fine = params("bbox=0.00000005,0,1,1").bbox().unwrap();
    assert_eq!(fine.0[0].min.lon, 1);
    let six = params("bbox=120.3,31.5,0,120.4,31.6,9").bbox().unwrap();
    assert_eq!(six, one);
    let two = params("bbox=170,-10,-170,10").bbox().unwrap();
    assert!(two.contains(E7::new(1_750_000_000, 0)) && two.contains(E7::new(-1_750_000_000, 0)));
    assert!(!two.contains(E7::new(0, 0)));
    for bad in [
        "1,2,3",
        "a,b,c,d",
        "1,2,3,NaN",
        "1,2,3,inf",
        "0,10,1,5",
        "-181,0,0,1",
        "0,0,1,91",
        "",
        "0,0,5,1,1,4",
    ] {
        let mut p = params(&format!("bbox={bad}"));
        assert_eq!(p.bbox(), None, "{bad}");
        assert_eq!(faults(p), ["bbox"], "{bad}");
    }
}

#[test]
fn times_are_instants_or_intervals_with_open_ends() {
    let t = |s: &str| s.parse::<Timestamp>().unwrap();
    let range = |q: &str| params(&format!("datetime={q}")).datetime();
    let instant = range("2026-05-01T08:00:00%2B08:00").unwrap();
    assert!(instant.contains(t("2026-05-01T00:00:00Z")) && !instant.contains(t("2026-05-01T00:00:01Z")));
    assert_eq!(range("2026-05-01T08:00:00+08:00"), Some(instant), "a plus that was not encoded");
    let open = range("2026-05-01T00:00:00Z/..").unwrap();
    assert!(open.contains(t("2030-01-01T00:00:00Z")) && !open.contains(t("2026-04-30T23:59:59Z")));
    assert_eq!(range("/2026-05-01T00:00:00Z").unwrap().start, None);
    assert_eq!(range("../.."), Some(TimeRange { start: None, end: None }));
    for bad in
        ["2026", "2026-05-01", "2026-05-01T00:00:00", "x/y", "2026-05-02T00:00:00Z/2026-05-01T00:00:00Z", ""]
    {
        let mut p = params(&format!("datetime={bad}"));
        p.datetime();
        assert_eq!(faults(p), ["datetime"], "{bad}");
    }
}

#[test]
fn positions_need_both_numbers_in_range() {
    assert_eq!(params("lon=120.5&lat=31.5").position(), Some(E7::new(1_205_000_000, 315_000_000)));
    for (query, names) in [
        ("lon=1", vec!["lat"]),
        ("", vec!["lon", "lat"]),
        ("lon=NaN&lat=0", vec!["lon"]),
        ("lon=181&lat=-91", vec!["lon", "lat"]),
    ] {
        let mut p = params(query);
        assert_eq!(p.position(), None);
        assert_eq!(faults(p), names, "{query}");
    }
}

#[test]
fn the_parameter_f_beats_accept() {
    let accept = |text: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, text.parse().unwrap());
        headers
    };
    assert_eq!(params("").format(&HeaderMap::new()), Format::Json);
    assert_eq!(params("").format(&accept("text/csv")), Format::Csv);
    assert_eq!(params("").format(&accept("text/csv;q=0.5, application/json")), Format::Json);
    assert_eq!(params("f=json").format(&accept("text/csv")), Format::Json);
    assert_eq!(params("f=csv").format(&HeaderMap::new()), Format::Csv);
    let mut p = params("f=xml");
    p.format(&HeaderMap::new());
    assert_eq!(faults(p), ["f"]);
}

#[test]
fn html_is_preferred_by_f_or_by_rank_and_answered_by_what_makes_it() {
    let preferred = |query: &str, accept: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, accept.parse().unwrap());
        Params::prefer_html(&format!("/x?{query}").parse().unwrap(), &headers)
    };
    assert!(preferred("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
    assert!(preferred("limit=1&f=html", "application/json") && preferred("off=1", "text/html"));
    for accept in [
        "*/*",
        "application/json",
        "text/html, application/json",
        "text/html;q=0.5, */*",
        "application/vnd.oai.openapi+json;version=3.0, text/html;q=0.5",
        "",
    ] {
        assert!(!preferred("", accept), "{accept}");
    }
    assert!(!preferred("f=json", "text/html") && !preferred("half=html", "*/*"));
    // Who has no page of its own answers with JSON; of what is ranked higher there is no page.
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, "text/csv;q=0.5, text/html".parse().unwrap());
    assert_eq!(params("").format(&headers), Format::Json);
    assert_eq!(params("").format_of(&headers, &[Format::Json, Format::Html]), Format::Html);
    assert_eq!(params("f=html").format(&HeaderMap::new()), Format::Json);
}
