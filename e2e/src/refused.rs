//! Tables of bad files: what is imported, and what must be said about it.

use crate::town;

/// One bad file, or one bad way of importing a good one.
#[derive(Debug)]
pub struct Case {
    /// File name; also the name of the case.
    pub name: &'static str,
    /// `--layer`.
    pub layer: &'static str,
    /// What stands in the file.
    pub content: Vec<u8>,
    /// Further arguments.
    pub args: &'static [&'static str],
    /// 1: the input is bad; 2: the command line is.
    pub code: i32,
    /// What the message must contain; alternatives are separated by `|`.
    pub says: &'static [&'static str],
}

/// A case without special arguments that ends with exit 1 and names its file.
pub fn case(
    name: &'static str,
    layer: &'static str,
    content: impl Into<Vec<u8>>,
    says: &'static [&'static str],
) -> Case {
    Case { name, layer, content: content.into(), args: &[], code: 1, says }
}

/// The same with arguments, and the exit code they deserve.
pub fn with(args: &'static [&'static str], code: i32, case: Case) -> Case {
    Case { args, code, ..case }
}

/// One polygon feature with code X.
pub fn polygon(coordinates: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"code":"X"}},
        "geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}]}}"#
    )
}

/// The coordinates of a square away from the town.
pub const SQUARE: &str = "[[[120.4,31.4],[120.41,31.4],[120.41,31.41],[120.4,31.41],[120.4,31.4]]]";

/// Runs the cases over one store, and says of all at once what went wrong.
#[track_caller]
pub fn refused(cases: Vec<Case>) {
    let g = town::built();
    let before = g.checksum();
    let mut faults = Vec::new();
    for case in cases {
        let file = g.file(case.name, &case.content);
        let run = g.import(case.layer, &file, case.args);
        let mut fault = |what: String| faults.push(format!("── {}: {what}\n{run}", case.name));
        if run.code != case.code {
            fault(format!("exit {} instead of {}", run.code, case.code));
        }
        for text in case.says {
            if !text.split('|').any(|t| run.said(t)) {
                fault(format!("“{text}” was expected"));
            }
        }
        if case.code == 1 && !run.said(case.name) {
            fault("the message does not name the file".to_owned());
        }
        for leak in ["SELECT", "INSERT", "sqlite3", "src/", ".rs:", "Error {", "Err("] {
            if run.stderr.contains(leak) {
                fault(format!("internal text ({leak})"));
            }
        }
        if g.checksum() != before {
            fault("the store changed".to_owned());
            break;
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
