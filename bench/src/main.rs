//! Side-by-side measurements against peers, ours and theirs in the same run.
//!
//! `gridbeat-bench CASE --json` prints one line for each case that matches: `overlay/city`, or the
//! group `overlay`. Every case first asserts that both sides give the same answer, else the program
//! exits 1; then the median of at least five runs taken in turn.
//!
//! - [`case`]: what a case is, how it is timed and printed.
//! - [`city`]: the synthetic city that everything is measured on.
//! - [`geos`]: the peer in another process. [`memory`]: what is held in this one.
//! - [`served`]: a serving gridbeat. [`peers`]: servers of others. [`connection`]: who asks them.
//! - [`overlay`], [`incremental`], [`province`], [`validate`], [`clean`], [`locate`], [`index`],
//!   [`http`], [`live`], [`store`], [`tile`]: the cases.

mod case;
mod city;
mod clean;
mod connection;
mod geos;
mod http;
mod incremental;
mod index;
mod live;
mod locate;
mod memory;
mod overlay;
mod peers;
mod province;
mod served;
mod store;
mod tile;
mod validate;

use case::Case;
use clap::Parser;
use std::process::ExitCode;

/// What takes half an hour and 60 GB of disk, or whose peer must be built first, runs only when it is named.
const LARGE: [&str; 3] = ["store/province", "store/province-start", "tile/http-cold-martin"];

/// Measures Gridbeat against peers.
#[derive(Parser)]
struct Arguments {
    /// A case (`overlay/district`) or a group (`overlay`); all when left out.
    case: Option<String>,
    /// One JSON object a line instead of a table.
    #[arg(long)]
    json: bool,
    /// Lists the cases without running them.
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let wanted = |name: &str| match &arguments.case {
        None => true,
        Some(c) => name == c || name.starts_with(&format!("{c}/")),
    };
    let all = [
        overlay::CASES,
        incremental::CASES,
        province::CASES,
        validate::CASES,
        clean::CASES,
        locate::CASES,
        index::CASES,
        http::CASES,
        live::CASES,
        store::CASES,
        tile::CASES,
    ];
    let cases: Vec<&Case> = all.into_iter().flatten().filter(|c| wanted(c.name)).collect();
    if cases.is_empty() {
        eprintln!("no case is called “{}”; --list shows them all", arguments.case.unwrap_or_default());
        return ExitCode::from(2);
    }
    for case in cases {
        let named = arguments.case.as_deref() == Some(case.name);
        if !named && !arguments.list && LARGE.contains(&case.name) {
            eprintln!(
                "{} is left out: it takes half an hour and 60 GB of disk; name it to run it",
                case.name
            );
            continue;
        }
        if arguments.list {
            let peer = if case.peer_name.is_empty() { "nobody" } else { case.peer_name };
            println!("{:<24} against {peer}", case.name);
            continue;
        }
        match (case.run)() {
            Ok(measured) => println!("{}", case.line(&measured, arguments.json)),
            Err(difference) => {
                eprintln!("{}: ours and {} differ: {difference}", case.name, case.peer_name);
                return ExitCode::from(1);
            }
        }
    }
    ExitCode::SUCCESS
}
