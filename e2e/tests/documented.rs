//! The examples of `docs/api.md`, sent as they stand there: a request in a block of `http`, and in the next
//! block what the answer holds at least.

use gridbeat_e2e::{Gridbeat, Server, town};
use serde_json::Value;

/// A fenced block: its language and what is in it.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut parts = page.split("\n```").skip(1);
    let mut all = Vec::new();
    // Fences come in pairs: what begins a block, and what ends it.
    while let (Some(block), Some(_)) = (parts.next(), parts.next()) {
        all.push(block.split_once('\n').expect("a block has a first line"));
    }
    all
}

/// Bytes that cannot stand in a request line, percent-encoded.
fn encoded(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_graphic() && b != b'\'' && b != b'"';
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn send(server: &Server, request: &str) -> gridbeat_e2e::Reply {
    let (head, body) = request.split_once("\n\n").unwrap_or((request, ""));
    let mut lines = head.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let mut request = server.request(method, &encoded(path));
    let mut kind = None;
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        if name.eq_ignore_ascii_case("content-type") {
            kind = Some(value);
        } else {
            request = request.header(name, value);
        }
    }
    match kind {
        Some(kind) => request.body(kind, format!("{body}\n")).send(),
        None => request.send(),
    }
}

/// Where an answer does not hold what is documented.
fn differs(documented: &Value, answer: &Value, at: &str) -> Option<String> {
    match (documented, answer) {
        (Value::Object(wanted), Value::Object(found)) => wanted.iter().find_map(|(name, value)| {
            let at = format!("{at}.{name}");
            found.get(name).map_or(Some(format!("{at} is missing")), |f| differs(value, f, &at))
        }),
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            wanted.iter().zip(found).enumerate().find_map(|(i, (w, f))| differs(w, f, &format!("{at}[{i}]")))
        }
        (wanted, found) => (wanted != found).then(|| format!("{at} is {found}, documented as {wanted}")),
    }
}

#[test]
fn every_example_answers_as_documented() {
    let page = std::fs::read_to_string(gridbeat_oracle::repository().join("docs/api.md")).unwrap();
    let g = Gridbeat::new();
    town::import_from(&g, &gridbeat_oracle::repository().join("data/sample"));
    let server = g.serve();
    let blocks = blocks(&page);
    let mut asked = 0;
    for pair in blocks.windows(2) {
        let [("http", request), (kind, wanted)] = pair else { continue };
        let answer = send(&server, request).is(200);
        match *kind {
            "json" => {
                let wanted = serde_json::from_str(wanted).unwrap_or_else(|e| panic!("{request}: {e}"));
                if let Some(what) = differs(&wanted, &answer.json(), "") {
                    panic!("{request}: {what}");
                }
            }
            "csv" => assert_eq!(answer.text().trim_end(), wanted.trim_end(), "{request}"),
            other => panic!("{request}: an answer in a block of “{other}”"),
        }
        asked += 1;
    }
    let requests = blocks.iter().filter(|(kind, _)| *kind == "http").count();
    assert_eq!(asked, requests, "each request has its answer");
    assert!(asked >= 10, "{asked} examples");
    server.stop();
}
