//! Where to listen: loopback or a Unix socket, nothing else until accounts exist.

use crate::error::CliError;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

/// An address to listen on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    /// A loopback address.
    Tcp(SocketAddr),
    /// A Unix socket.
    Unix(PathBuf),
}

/// When nothing is said.
pub const DEFAULT: &str = "127.0.0.1:8080";

impl FromStr for Listen {
    type Err = CliError;

    fn from_str(text: &str) -> Result<Self, CliError> {
        if let Some(path) = text.strip_prefix("unix:") {
            if path.is_empty() {
                return Err(CliError::Usage("--listen unix:PATH: the path is missing".to_owned()));
            }
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        let bad = || CliError::Usage(format!("--listen {text}: expected HOST:PORT or unix:PATH"));
        let (host, port) = text.rsplit_once(':').ok_or_else(bad)?;
        let port: u16 = port.parse().map_err(|_| bad())?;
        // A name is not looked up: whoever answers for names would decide where we listen.
        let ip = match host {
            "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
            _ => host.trim_start_matches('[').trim_end_matches(']').parse().map_err(|_| bad())?,
        };
        if !ip.is_loopback() {
            return Err(CliError::Usage(format!(
                "--listen {text}: only loopback (127.0.0.1, [::1]) or unix:PATH; there are no accounts yet, so whoever \
                 reached this server could read and write everything"
            )));
        }
        Ok(Self::Tcp(SocketAddr::new(ip, port)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_and_sockets() {
        assert_eq!("127.0.0.1:0".parse::<Listen>().unwrap(), Listen::Tcp("127.0.0.1:0".parse().unwrap()));
        assert_eq!("localhost:80".parse::<Listen>().unwrap(), Listen::Tcp("127.0.0.1:80".parse().unwrap()));
        assert_eq!("[::1]:9".parse::<Listen>().unwrap(), Listen::Tcp("[::1]:9".parse().unwrap()));
        assert_eq!("unix:/run/g".parse::<Listen>().unwrap(), Listen::Unix("/run/g".into()));
        for bad in [
            "0.0.0.0:80",
            "[::]:80",
            "192.168.1.2:80",
            "example.org:80",
            "127.0.0.1",
            "127.0.0.1:x",
            "unix:",
            ":80",
        ] {
            assert_eq!(bad.parse::<Listen>().unwrap_err().code(), 2, "{bad}");
        }
    }
}
