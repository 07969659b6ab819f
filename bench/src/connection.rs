//! A kept HTTP connection: as little of a client as is needed, so that it is not what is measured.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

/// Bytes of an answer at most.
const MOST: usize = 1 << 22;

/// A connection to a server that says how long its answers are.
pub struct Connection {
    stream: TcpStream,
    host: String,
    buffer: Vec<u8>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Self, String> {
        let stream = TcpStream::connect(address).map_err(|e| e.to_string())?;
        stream.set_nodelay(true).map_err(|e| e.to_string())?;
        Ok(Self { stream, host: format!("localhost:{}", address.port()), buffer: vec![0; MOST] })
    }

    /// The body, as it was sent (gzip, if the server likes).
    pub fn get(&mut self, path: &str) -> Result<&[u8], String> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept-encoding: gzip\r\n\r\n", self.host);
        self.stream.write_all(request.as_bytes()).map_err(|e| e.to_string())?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).map_err(|e| e.to_string())?;
            if read == 0 {
                return Err(format!(
                    "{path}: the connection ended, or the answer has more than {MOST} bytes"
                ));
            }
            filled += read;
            let Some(end) = self.buffer[..filled].windows(4).position(|w| w == b"\r\n\r\n") else {
                continue;
            };
            let head = String::from_utf8_lossy(&self.buffer[..end]).to_ascii_lowercase();
            if !head.starts_with("http/1.1 20") {
                return Err(format!("{path}: {head}"));
            }
            let length = head.lines().find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok());
            let length = match length {
                Some(length) => length,
                None if head.starts_with("http/1.1 204") => 0,
                None => return Err(format!("{path}: the length is not said: {head}")),
            };
            if filled >= end + 4 + length {
                return Ok(&self.buffer[end + 4..end + 4 + length]);
            }
        }
    }
}
