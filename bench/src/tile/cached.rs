//! Requests per second for one tile of about 20 KB that is in the cache, against the same bytes from a handler
//! that does nothing else. Both behind the same HTTP library, asked over kept connections.

use crate::{
    case::{Measured, Unit, in_turn_timed},
    served::Served,
};
use axum::{Router, body::Bytes, http::header, routing::get};
use gridbeat_synth::Scale;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Instant,
};

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
    let mut connection = Connection::open(address)?;
    let length = connection.get(path)?;
    Ok(connection.buffer[connection.filled - length..connection.filled].to_vec())
}

/// A kept connection: as little of a client as is needed, so that it is not what is measured.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    filled: usize,
}

impl Connection {
    fn open(address: SocketAddr) -> Result<Self, String> {
        let stream = TcpStream::connect(address).map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        Ok(Self { stream, buffer: vec![0; 1 << 20], filled: 0 })
    }

    /// The length of the body, which lies at the end of what was read.
    fn get(&mut self, path: &str) -> Result<usize, String> {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost:{}\r\naccept-encoding: gzip\r\n\r\n",
            self.port()?
        );
        self.stream.write_all(request.as_bytes()).map_err(|e| e.to_string())?;
        self.filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[self.filled..]).map_err(|e| e.to_string())?;
            if read == 0 {
                return Err("the connection ended".to_owned());
            }
            self.filled += read;
            let Some(end) = self.buffer[..self.filled].windows(4).position(|w| w == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
            if !head.starts_with("http/1.1 20") {
                return Err(format!("{path}: {head}"));
            }
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok())
                .unwrap_or(0);
            if self.filled >= end + 4 + length {
                return Ok(length);
            }
        }
    }

    fn port(&self) -> Result<u16, String> {
        self.stream.peer_addr().map(|a| a.port()).map_err(|e| e.to_string())
    }
}
