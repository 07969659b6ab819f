//! One HTTP exchange, with the checks every exchange deserves.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

/// A request being put together.
#[derive(Debug)]
pub struct Request {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, url: &str) -> Self {
        Self { method: method.into(), url: url.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// A body of a given type.
    #[must_use]
    pub fn body(self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut this = self.header("content-type", kind);
        this.body = body.into();
        this
    }

    /// A GeoJSON body.
    #[must_use]
    pub fn geojson(self, body: &Value) -> Self {
        self.body("application/geo+json", body.to_string())
    }

    /// Sends it and reads the whole answer.
    #[track_caller]
    pub fn send(self) -> Reply {
        let line = format!("{} {}", self.method, self.url);
        self.try_send().unwrap_or_else(|e| panic!("{line}: {e}"))
    }

    /// The same; an error when the connection broke before the answer was whole.
    ///
    /// # Errors
    /// What broke.
    pub fn try_send(self) -> Result<Reply, String> {
        let line = format!("{} {}", self.method, self.url);
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(120)))
            .build()
            .into();
        let mut request = ureq::http::Request::builder().method(self.method.as_str()).uri(&self.url);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let has_body = !self.body.is_empty() || self.headers.iter().any(|(n, _)| n == "content-type");
        let answer = if has_body {
            agent.run(request.body(self.body).unwrap())
        } else {
            agent.run(request.body(()).unwrap())
        };
        let mut answer = answer.map_err(|e| e.to_string())?;
        let mut headers: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in answer.headers() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            headers.entry(name.as_str().into()).and_modify(|v| *v = format!("{v}, {value}")).or_insert(value);
        }
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        answer.body_mut().as_reader().read_to_end(&mut body).map_err(|e| e.to_string())?;
        let reply = Reply { line, status, headers, body };
        reply.check();
        Ok(reply)
    }
}

impl Request {
    /// Sends only the head of the request, with the headers as they are (a `Content-Length` that is a lie),
    /// and reads only the status of the answer.
    #[track_caller]
    pub fn send_announced(self) -> u16 {
        let rest = self.url.strip_prefix("http://").expect("the server speaks plain HTTP");
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let mut head = format!("{} {path} HTTP/1.1\r\nhost: {host}\r\n", self.method);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut wire = TcpStream::connect(host).unwrap();
        wire.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        wire.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        let mut line = String::new();
        BufReader::new(wire).read_line(&mut line).unwrap();
        line.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or_else(|| panic!("no status in {line:?}"))
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    line: String,
    /// Status code.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body as sent (it may be compressed).
    pub body: Vec<u8>,
}

impl Reply {
    /// What holds for every answer: an error is problem+json and tells nothing of the inside.
    #[track_caller]
    fn check(&self) {
        assert!(self.status < 500 || self.status == 503, "the server failed at\n{self}");
        if self.status < 400 {
            return;
        }
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "type of the error\n{self}"
        );
        if !self.line.starts_with("HEAD ") {
            let problem = self.json();
            assert!(
                problem["type"].as_str().is_some_and(|t| t.starts_with("urn:gridbeat:problem:")),
                "type of the problem in\n{self}"
            );
            assert_eq!(problem["status"], self.status, "status inside and outside of\n{self}");
            assert!(problem["title"].is_string(), "title of\n{self}");
        }
        let text = self.text();
        for leak in [
            "SELECT ",
            "INSERT ",
            "sqlite",
            "postgres://",
            "diesel",
            "panicked",
            "/src/",
            ".rs:",
            "/tmp/",
            "backtrace",
        ] {
            assert!(!text.contains(leak), "internal text ({leak}) in\n{self}");
        }
    }

    /// It has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "status of\n{self}");
        self
    }

    /// It is a problem of this status whose text mentions `word` (letter case does not matter).
    #[track_caller]
    pub fn problem(self, status: u16, word: &str) -> Self {
        assert_eq!(self.status, status, "status of\n{self}");
        let text = self.text();
        assert!(text.to_lowercase().contains(&word.to_lowercase()), "“{word}” was expected in\n{self}");
        self
    }

    /// The body as a Feature without its links: they name the server that was asked.
    #[track_caller]
    pub fn feature(&self) -> Value {
        let mut feature = self.json();
        feature.as_object_mut().unwrap_or_else(|| panic!("no feature: {self}")).remove("links");
        feature
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The body without its compression.
    #[track_caller]
    pub fn content(&self) -> Vec<u8> {
        match self.header("content-encoding") {
            None => self.body.clone(),
            Some("gzip") => {
                let mut plain = Vec::new();
                GzDecoder::new(&self.body[..])
                    .read_to_end(&mut plain)
                    .unwrap_or_else(|e| panic!("gzip: {e}\n{self}"));
                plain
            }
            Some(other) => panic!("content-encoding {other} was not asked for\n{self}"),
        }
    }

    /// The body as text.
    #[track_caller]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.content()).into_owned()
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.content()).unwrap_or_else(|e| panic!("JSON: {e}\n{self}"))
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(1500).collect();
        write!(f, "{}\n{} {:?}\n{body}", self.line, self.status, self.headers)
    }
}
