//! Readers of the stream, as many as are wanted, in one thread. What they read is searched quickly, for they share
//! the machine with the server.

use std::{
    net::SocketAddr,
    sync::mpsc,
    thread::{self, JoinHandle},
    time::Instant,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime,
    sync::watch,
};

/// What one reader heard of inserted incidents: their fids in order, and when.
pub type Heard = Vec<(u64, Instant)>;

/// Some readers at work.
pub struct Listeners {
    stop: watch::Sender<bool>,
    done: JoinHandle<Result<Vec<Heard>, String>>,
}

impl Listeners {
    /// Opens `n` streams of incidents; returns when all are open.
    pub fn open(address: SocketAddr, n: usize) -> Result<Self, String> {
        let (stop, stopped) = watch::channel(false);
        let (tell, ready) = mpsc::channel();
        let done = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_all().build();
            runtime.map_err(|e| e.to_string())?.block_on(async move {
                let mut readers = Vec::new();
                for _ in 0..n {
                    let stream = open(address).await.map_err(|e| format!("a stream does not open: {e}"))?;
                    readers.push(tokio::spawn(read(stream, stopped.clone())));
                }
                let _ = tell.send(());
                let mut all = Vec::new();
                for reader in readers {
                    all.push(reader.await.map_err(|e| e.to_string())??);
                }
                Ok(all)
            })
        });
        // An error says that the thread ended: joining tells why.
        if ready.recv().is_err() {
            return match done.join() {
                Ok(Err(error)) => Err(error),
                _ => Err("the readers ended at once".to_owned()),
            };
        }
        Ok(Self { stop, done })
    }

    /// Ends them all: what each heard.
    pub fn close(self) -> Result<Vec<Heard>, String> {
        let _ = self.stop.send(true);
        self.done.join().map_err(|_| "the readers panicked".to_owned())?
    }
}

async fn open(address: SocketAddr) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /api/stream?collection=incidents HTTP/1.1\r\nHost: {address}\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    // The first frame says where the stream begins; what is written after it is heard.
    let mut head = Vec::new();
    while !head.windows(4).any(|w| w == b"id: ") {
        if stream.read_buf(&mut head).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(stream)
}

async fn read(mut stream: TcpStream, mut stop: watch::Receiver<bool>) -> Result<Heard, String> {
    let mut heard = Heard::new();
    let mut text: Vec<u8> = Vec::with_capacity(1 << 14);
    loop {
        let n = tokio::select! {
            n = stream.read_buf(&mut text) => n.map_err(|e| e.to_string())?,
            _ = stop.wait_for(|&s| s) => return Ok(heard),
        };
        if n == 0 {
            return Err("the server ended a stream".to_owned());
        }
        let now = Instant::now();
        let end = memchr::memrchr(b'\n', &text).map_or(0, |i| i + 1);
        let mut start = 0;
        for newline in memchr::memchr_iter(b'\n', &text[..end]) {
            let line = &text[start..newline];
            start = newline + 1;
            if line.starts_with(b"event: lagging") {
                return Err("a reader was dropped".to_owned());
            }
            if let Some(fid) = inserted(line) {
                heard.push((fid, now));
            }
        }
        text.drain(..end);
    }
}

/// The fid in the data of a change that put something in.
fn inserted(line: &[u8]) -> Option<u64> {
    let line = line.strip_prefix(b"data: ")?;
    let after = |name: &[u8]| memchr::memmem::find(line, name).map(|i| &line[i + name.len()..]);
    after(br#""op":"insert""#)?;
    let digits = after(br#""fid":"#)?;
    let digits = &digits[..digits.iter().take_while(|b| b.is_ascii_digit()).count()];
    std::str::from_utf8(digits).ok()?.parse().ok()
}
