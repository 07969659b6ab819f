//! Requests per second for one tile of about 20 KB that is in the cache, against the same bytes from a handler
//! that does nothing else. Both behind the same HTTP library, asked over kept connections.

use crate::{
    case::{Measured, Unit, in_turn_timed},
    connection::Connection,
    served::Served,
};
use axum::{Router, body::Bytes, http::header, routing::get};
use gridbeat_synth::Scale;
use std::{net::SocketAddr, time::Instant};

/// Requests of one run, over so many connections.
const REQUESTS: usize = 8_000;
const CONNECTIONS: usize = 8;

pub fn run() -> Result<Measured, String> {
    let served = Served::demo(Scale::City)?;
    let path = tile_of_20_kb(&served)?;
    let body = ask(served.address, &path)?;
    let bare = bare(body.clone())?;
    if ask(bare, "/tile")? != body {
        return Err("the bodies differ".to_owned());
    }
    let mut failed = None;
    let (ours, peer) = in_turn_timed(
        || failed = failed.take().or(many(served.address, &path).err()),
        || {
            let start = Instant::now();
            many(bare, "/tile")?;
            Ok(start.elapsed().as_secs_f64() * 1e3)
        },
    )?;
    let rate = |ms: f64| REQUESTS as f64 / ms * 1e3;
    match failed {
        Some(error) => Err(error),
        None => Ok(Measured { ours: rate(ours), peer: Some(rate(peer)), unit: Unit::PerSecond }),
    }
}

/// Of the tiles in the middle of the city, the one nearest to 20 KB.
fn tile_of_20_kb(served: &Served) -> Result<String, String> {
    let mut best: Option<(usize, String)> = None;
    for z in 10..=16 {
        let (x, y) = super::tile_of(super::CENTER, z);
        for layers in ["grid", "grid,beat", "grid,beat,piece,grid_line,beat_line"] {
            let path = format!("/tiles/{layers}/{z}/{x}/{y}");
            let far = ask(served.address, &path)?.len().abs_diff(20_000);
            if best.as_ref().is_none_or(|(least, _)| far < *least) {
                best = Some((far, path));
            }
        }
    }
    best.map(|(_, path)| path).ok_or_else(|| "no tile".to_owned())
}

/// A server of one handler, in a thread of this program.
fn bare(body: Vec<u8>) -> Result<SocketAddr, String> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    let body = Bytes::from(body);
    let router = Router::new().route(
        "/tile",
        get(move || async move {
            (
                [
                    (header::CONTENT_TYPE, "application/vnd.mapbox-vector-tile"),
                    (header::CONTENT_ENCODING, "gzip"),
                ],
                body,
            )
        }),
    );
    let listener =
        runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    std::thread::spawn(move || runtime.block_on(async { axum::serve(listener, router).await }));
    Ok(address)
}

/// Asks over some connections at once, each kept.
fn many(address: SocketAddr, path: &str) -> Result<(), String> {
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| -> Result<(), String> {
                    let mut connection = Connection::open(address)?;
                    for _ in 0..REQUESTS / CONNECTIONS {
                        connection.get(path)?;
                    }
                    Ok(())
                })
            })
            .collect();
        all.into_iter().try_for_each(|t| t.join().map_err(|_| "a client panicked".to_owned())?)
    })
}

fn ask(address: SocketAddr, path: &str) -> Result<Vec<u8>, String> {
    Ok(Connection::open(address)?.get(path)?.to_vec())
}
