//! A fuzz target for building coverages and overlaying them, on any toolchain: bytes become rings, rings become
//! layers, and what must hold of every layer is checked ([`check`]). GEOS judges what it gets in batches.
//!
//! Inputs that lead somewhere new (another number of faces, holes, arcs, …) are kept and changed further. Every
//! test run takes a thousand inputs, always the same. To search on:
//!
//! ```sh
//! GRIDBEAT_FUZZ_MINUTES=10 cargo test --release -p gridbeat-onemap --test coverage fuzz -- --nocapture
//! ```
//!
//! then begins elsewhere each time (`GRIDBEAT_FUZZ_SEED` repeats one). A failure prints its input, made as short
//! as it goes; it belongs into [`FOUND`] with the mending.

mod bytes;
mod check;

use crate::{cases::Random, judge};
use bytes::{decode, hex};
use check::{Shape, check};
use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

/// Inputs that failed once, in hexadecimal digits, and what was wrong with them.
const FOUND: [(&str, &str); 7] = [
    (
        "010004010104090104090974e00109010496000509097407040300040c0704020c090104000c07040c09010404",
        "cleaning handed out a ring that crossed itself",
    ),
    (
        "049136043ba80f040f3204b75d3204b75d04b75c0104dc3eadfc040f3204b75c01043b954904c35ac200454d031535220446f9f18379140004fe648a77bb045f96010e85a1ff052967aa04d22f4db7761b43de038e708bcfd1040674aa094eb31e7ea004b40455f912aee1ef0704d4f41695a1",
        "a neighbour's bent edge passed to the other side of half a square unit",
    ),
    (
        "0400046b5f045bd60b043ce913945204500304ec6804c1caf3c1c8071a3c7dcf56020435e42bb8130370461276046bffa6aec487f002",
        "an edge of the other layer crossed a border beside its corner, and was bent past the corner",
    ),
    (
        "049004bfcd221943c66885ab055d38d8357fa6ef2004ab09d1cc040109040300040c0704020c07bcdb0fe18f",
        "cleaning handed out a hole that crossed its exterior",
    ),
    (
        "58000456ee04552d04b1c880a82e026004016f040bd8a5049d",
        "cleaning took vertices out until a ring was turned over",
    ),
    (
        "0001044e3c04677c0414d004eb8104a88304284704829d0410b004a818328e0426d704a4f802046b3004a4fa04cac4a818020404328e0426d704a4f80204ae3304a57604f331",
        "two holes that begin in the same vertex came in another order when the layer was built again",
    ),
    (
        "1d00040c0704020c97043f086fc10499e65b03047815020c0004",
        "cleaning cut a spike off and left a ring that ran the other way",
    ),
];

/// Inputs of a plain test run.
const FEW: usize = 1_000;
/// Inputs between two questions to GEOS.
const BATCH: usize = 200;

#[test]
fn fuzz() {
    let minutes: Option<u64> = std::env::var("GRIDBEAT_FUZZ_MINUTES").ok().and_then(|m| m.parse().ok());
    let told: Option<u64> = std::env::var("GRIDBEAT_FUZZ_SEED").ok().and_then(|s| s.parse().ok());
    let now =
        || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let seed = told.unwrap_or_else(|| if minutes.is_some() { now() } else { 1 });
    let end = minutes.map(|m| Instant::now() + Duration::from_secs(60 * m));
    let mut random = Random::new(seed);
    let mut corpus = vec![bytes::sample(&mut random)];
    let mut seen: HashSet<Shape> = HashSet::new();
    let (mut inputs, mut waiting) = (0, Vec::new());
    while end.map_or(inputs < FEW, |end| Instant::now() < end) {
        let input = bytes::next(&mut random, &corpus);
        inputs += 1;
        match catch_unwind(AssertUnwindSafe(|| check(decode(&input)))) {
            Ok((shape, built)) => {
                if seen.insert(shape) {
                    corpus.push(input);
                    if is_local(&built) {
                        waiting.push(built);
                    }
                }
            }
            Err(_) => {
                let short = shortest(input);
                panic!("seed {seed}, input {inputs} fails: {}", hex(&short));
            }
        }
        if waiting.len() >= BATCH {
            judge::judge(&std::mem::take(&mut waiting));
        }
    }
    judge::judge(&waiting);
    eprintln!("seed {seed}: {inputs} inputs, {} kept", corpus.len());
    assert!(corpus.len() > 100, "only {} inputs led somewhere new", corpus.len());
}

/// Whether the ground is no wider than a province. In degrees a vertex is off its place by up to 10⁻¹⁴: on lines
/// across half the world, that is as much as a lattice point may lie beside a line, and GEOS sees it on the line.
fn is_local(built: &judge::Built) -> bool {
    let b = built.overlay.bounds();
    b.is_empty()
        || (i64::from(b.max.lon) - i64::from(b.min.lon)).max(i64::from(b.max.lat) - i64::from(b.min.lat))
            < 1 << 26
}

#[test]
fn what_was_found_is_mended() {
    for (input, what) in FOUND {
        let digits: Vec<u8> = (0..input.len() / 2)
            .map(|i| u8::from_str_radix(&input[2 * i..2 * i + 2], 16).expect("hexadecimal digits"))
            .collect();
        let (_, built) = check(decode(&digits));
        eprintln!("{what}: holds");
        judge::judge(&[built]);
    }
}

/// Takes bytes away as long as the input still fails.
fn shortest(mut input: Vec<u8>) -> Vec<u8> {
    let fails = |input: &[u8]| catch_unwind(AssertUnwindSafe(|| check(decode(input)))).is_err();
    let mut chunk = input.len() / 2;
    while chunk > 0 {
        let mut at = 0;
        while at + chunk <= input.len() {
            let mut fewer = input.clone();
            fewer.drain(at..at + chunk);
            if fails(&fewer) { input = fewer } else { at += chunk }
        }
        chunk /= 2;
    }
    input
}
