//! An incident that somebody moves is in its new place on a screen within a second. Alone in its file: the tests of
//! one file run beside each other, and a second browser that draws on the same two cores takes that second.

use gridbeat_e2e::{browser, town};
use serde_json::json;

#[test]
fn an_incident_that_is_moved_changes_two_tiles() {
    let g = town::built();
    let server = g.serve();
    let setting = json!({"name": "town", "from": [120.3090, 31.5060], "to": [120.3150, 31.5060]});
    let told = browser::drive("moves.mjs", &server, &setting);
    assert_eq!(told["faults"], json!([]), "console errors, failed requests or other origins");
    assert_eq!(told["before"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["after"].as_array().unwrap().len(), 1, "{told}");
    assert_ne!(told["before"], told["after"]);
    assert_eq!(told["expected"].as_array().unwrap().len(), 2, "{told}");
    assert_eq!(told["fetched"], told["expected"], "other tiles were fetched: {told}");
    let after = told["afterMs"].as_f64().unwrap();
    assert!(after < 1000.0, "the incident was in its new place after {after} ms");
    server.stop();
}
