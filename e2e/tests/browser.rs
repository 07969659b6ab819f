//! The map in a real Chromium. Screenshots are kept in `e2e/artefacts`.

use gridbeat_e2e::{Server, browser, town};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    thread,
};

/// Features drawn of a source layer.
fn drawn(told: &Value, layer: &str) -> u64 {
    told[layer].as_u64().unwrap_or(0)
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// What a page may never have, whatever else it did.
#[track_caller]
fn no_faults(told: &Value) {
    assert_eq!(told["faults"], json!([]), "console errors, failed requests or other origins");
}

/// The card on the screen says what `/api/locate` says.
#[track_caller]
fn card_is_right(card: &Value, answer: &Value) {
    assert_eq!(card["grid"], answer["grid"]["code"], "{card}");
    assert_eq!(card["beat"], answer["beat"]["code"], "{card}");
    assert_eq!(card["gridName"], answer["grid"]["name"], "{card}");
    assert_eq!(card["beatName"], answer["beat"]["name"], "{card}");
    let number = |name: &str| -> u64 {
        let digits: String = card[name].as_str().unwrap().chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_else(|_| panic!("{name} of {card}"))
    };
    assert_eq!(number("addresses"), answer["counts"]["addresses"], "{card}");
    assert_eq!(number("residents"), answer["counts"]["residents"], "{card}");
    assert_eq!(number("incidents"), answer["counts"]["incidents_open"], "{card}");
    let all = card["all"].as_str().unwrap();
    for side in ["grid", "beat"] {
        for parent in answer[side]["parents"].as_array().unwrap() {
            let name = parent["name"].as_str().unwrap();
            assert!(all.contains(name), "{name} is not on the card:\n{all}");
        }
        for person in answer[side]["on_duty"].as_array().unwrap() {
            for word in [&person["name"], &person["phone"]] {
                let word = word.as_str().unwrap();
                assert!(all.contains(word), "{word} is not on the card:\n{all}");
            }
        }
    }
}

#[track_caller]
fn walk(server: &Server, name: &str, point: [f64; 2], zooms: [f64; 3]) {
    let answer = server.get(&format!("/api/locate?lon={}&lat={}", point[0], point[1])).is(200).json();
    let setting = json!({"name": name, "point": point,
        "zooms": {"city": zooms[0], "community": zooms[1], "building": zooms[2]}});
    let told = browser::drive("walk.mjs", server, &setting);
    no_faults(&told);

    for view in ["opening", "city", "community", "building"] {
        let all: u64 = told[view].as_object().unwrap().values().filter_map(Value::as_u64).sum();
        assert!(all > 0, "nothing is drawn at {view}: {told}");
    }
    for layer in ["grid", "beat", "grid_line", "beat_line", "grid_label", "beat_label"] {
        assert!(drawn(&told["community"], layer) > 0, "no {layer} at community zoom: {}", told["community"]);
    }
    assert!(drawn(&told["building"], "address") > 0, "no addresses at building zoom: {}", told["building"]);

    card_is_right(&told["card"], &answer);
    let after = told["incidentAfterMs"].as_f64().unwrap();
    assert!(after < 2000.0, "the incident appeared after {after} ms");

    // zh-CN comes first.
    let (zh, en) = (&told["first"], &told["second"]);
    assert_eq!((&zh["lang"], &en["lang"]), (&json!("zh-CN"), &json!("en")));
    assert!(has_chinese(zh["layers"].as_str().unwrap()) && has_chinese(zh["placeholder"].as_str().unwrap()));
    assert!(!has_chinese(en["layers"].as_str().unwrap()), "{}", en["layers"]);
    assert!(!has_chinese(en["placeholder"].as_str().unwrap()));
    for label in en["labels"].as_array().unwrap() {
        // Names of places stay as they are; what the program says does not.
        let label = label.as_str().unwrap();
        assert!(!has_chinese(label) || label.contains(' '), "an untranslated label: {label}");
    }
    let fonts = told["fonts"].as_array().unwrap();
    assert!(
        fonts.iter().any(|f| f.as_str().is_some_and(|f| f.contains("Noto Sans SC"))),
        "no bundled Chinese font was loaded: {fonts:?}"
    );
    assert!(
        told["url"].as_str().unwrap().contains("map="),
        "the view is not in the address: {}",
        told["url"]
    );
}

#[test]
fn the_town_from_opening_to_incident() {
    let g = town::built();
    let server = g.serve();
    walk(&server, "town", [120.3005, 31.5005], [12.0, 14.0, 16.5]);
    server.stop();
}

#[test]
fn light_dark_phone_link_and_keyboard() {
    let g = town::built();
    let server = g.serve();
    let point = [120.3175, 31.5055];
    let answer = server.get(&format!("/api/locate?lon={}&lat={}", point[0], point[1])).is(200).json();
    let told =
        browser::drive("screens.mjs", &server, &json!({"name": "town", "point": point, "search": "山北路"}));
    no_faults(&told);

    let lightness = |scheme: &str| told[scheme]["lightness"].as_f64().unwrap();
    assert!(lightness("light") > 0.6, "{}", told["light"]);
    assert!(lightness("dark") < 0.3, "{}", told["dark"]);
    for screen in ["light", "dark", "phone"] {
        assert_eq!(told[screen]["overflow"], 0, "{screen} scrolls sideways");
        assert!(drawn(&told[screen]["drawn"], "grid") > 0, "{}", told[screen]);
    }
    card_is_right(&told["phone"]["card"], &answer);
    let (card, side) = (&told["phone"]["box"], |name: &str| told["phone"]["box"][name].as_f64().unwrap());
    assert!(
        side("x") >= 0.0 && side("x") + side("width") <= 390.5 && side("y") + side("height") <= 844.5,
        "{card}"
    );
    assert!(side("height") < 700.0, "the card hides the map: {card}");

    assert_eq!(told["link"]["lang"], "en");
    assert_eq!(told["link"]["card"]["grid"], answer["grid"]["code"]);
    assert_eq!(told["searchFocused"], "search-input");
    assert!(told["results"].to_string().contains("山北路"), "{}", told["results"]);
    let found = told["found"]["grid"].as_str().unwrap();
    assert!([town::GRIDS[2], town::GRIDS[3]].contains(&found), "山北路 lies in the north: {found}");
    server.stop();
}

#[test]
fn pages_of_the_api_are_drawn_without_a_chinese_font() {
    let g = town::built();
    let server = g.serve();
    let paths = ["/api/", "/api/collections/grids/items", "/api/summary?by=grid", "/api/openapi.html"];
    let told = browser::drive("pages.mjs", &server, &json!({ "name": "town", "paths": paths }));
    assert_eq!(told["faults"], json!([]), "{told}");
    let fonts = told["fonts"].as_array().unwrap();
    assert!(fonts.len() == 8 && fonts.iter().all(|n| n.as_u64().unwrap() > 0), "{told}");
    server.stop();
}

#[test]
fn a_lost_connection_is_said_and_heals() {
    let g = town::built();
    let server = g.serve();
    let command = g.serve_command();
    let told = browser::drive(
        "heals.mjs",
        &server,
        &json!({"name": "town", "command": command, "point": [120.3005, 31.5005]}),
    );
    no_faults(&told);
    server.stop();
}

/// Opens tabs of one browser, which has shared workers or has not.
#[track_caller]
fn tabs(worker: bool) -> Value {
    let g = town::built();
    let server = g.serve();
    let name = if worker { "town" } else { "town-alone" };
    let setting = json!({"name": name, "point": [120.3005, 31.5005], "worker": worker});
    let told = browser::drive("tabs.mjs", &server, &setting);
    no_faults(&told);
    server.stop();
    told
}

#[test]
fn tabs_of_one_browser_share_one_connection() {
    let told = tabs(true);
    for (when, streams) in [("before", 0), ("both", 1), ("one", 1), ("again", 1), ("none", 0)] {
        assert_eq!(told[when], streams, "streams with {when}: {told}");
    }
}

#[test]
fn tabs_without_a_shared_worker_have_one_each() {
    let told = tabs(false);
    for (when, streams) in [("before", 0), ("both", 2), ("one", 1), ("again", 2), ("none", 0)] {
        assert_eq!(told[when], streams, "streams with {when}: {told}");
    }
}

/// Answers every request with one green pixel, as a tile server does that any page may use; returns its origin.
fn pictures() -> String {
    const PIXEL: &[u8] = include_bytes!("fixtures/pixel.png");
    fn answer(mut stream: &TcpStream) -> std::io::Result<()> {
        let lines = BufReader::new(stream).lines();
        lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
        let head = "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\naccess-control-allow-origin: *\r\nconnection: close";
        write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n", PIXEL.len())?;
        stream.write_all(PIXEL)
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || answer(&stream));
        }
    });
    origin
}

#[test]
fn a_basemap_of_another_server_is_drawn() {
    let g = town::built();
    let origin = pictures();
    let config = g.file("map.toml", format!("[basemap]\nurls = ['{origin}/{{z}}/{{x}}/{{y}}.png']\n"));
    let server = g.serve_with(&["--config", config.to_str().unwrap()]);
    let setting = json!({"name": "town", "origin": origin, "point": [120.3005, 31.5005], "zoom": 14.0});
    let told = browser::drive("basemap.mjs", &server, &setting);
    no_faults(&told);
    assert_eq!((&told["layers"], &told["loaded"]), (&json!(["background", "basemap-0"]), &json!(true)));
    assert!(told["pictures"].as_u64().unwrap() > 0, "{told}");
    // They learn from which server, and no more.
    let ours = json!(format!("{}/", server.base()));
    assert!(told["referrers"].as_array().unwrap().iter().all(|r| *r == ours), "{told}");
    server.stop();
}

#[test]
fn the_demo() {
    let dir = tempfile::TempDir::with_prefix("gridbeat-demo-").unwrap();
    let server = Server::demo(dir.path(), "district");
    // The middle of what there is, then the nearest ground that both sides answer for.
    let bounds = server.get("/tiles/grid,beat.json").is(200).json()["bounds"].clone();
    let b: Vec<f64> = serde_json::from_value(bounds).unwrap();
    let point = (1..400)
        .map(|i| {
            let (turn, far) = (f64::from(i) * 2.4, f64::from(i).sqrt() / 60.0);
            [
                (b[0] + b[2]) / 2.0 + (b[2] - b[0]) * far * turn.cos(),
                (b[1] + b[3]) / 2.0 + (b[3] - b[1]) * far * turn.sin(),
            ]
        })
        .find(|[lon, lat]| {
            let card = server.get(&format!("/api/locate?lon={lon}&lat={lat}")).json();
            card["counts"]["addresses"].as_u64().is_some_and(|n| n > 50) && card["beat"]["code"].is_string()
        })
        .expect("a district has ground that both sides answer for");
    walk(&server, "demo", point, [11.5, 13.5, 16.5]);
    server.stop();

    // What is there is used again: the second start does not make the city anew.
    let begun = std::time::Instant::now();
    let server = Server::demo(dir.path(), "district");
    assert!(begun.elapsed().as_secs() < 30, "the second start took {:?}", begun.elapsed());
    server.get("/api/locate?lon=120.3&lat=31.57").is(200);
    server.stop();
}
