//! Who may talk to us: the `Host` and `Origin` must be ours, and answers say what a browser may do.
//!
//! A page of another site can make a browser send requests to 127.0.0.1, by its own name (then the
//! `Origin` gives it away) or by a name of its own that it has pointed at 127.0.0.1 (then the `Host`
//! does). Neither is answered.

use crate::error::ApiError;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Uri, header, uri::Authority};
use std::net::IpAddr;

/// Which names and origins are ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ours {
    /// The port we listen on; `None` on a Unix socket, where the name's port means nothing.
    pub port: Option<u16>,
    /// The address that people use when a proxy stands before us: `https://map.example`.
    pub public_url: Option<String>,
}

impl Ours {
    /// Whether `Host: text` names us.
    fn is_host(&self, text: &str) -> bool {
        if let Some(public) = self.public_authority()
            && public.eq_ignore_ascii_case(text)
        {
            return true;
        }
        let Ok(authority) = text.parse::<Authority>() else { return false };
        // `user@host` is no Host header.
        !text.contains('@') && is_loopback(authority.host()) && self.is_port(authority.port_u16())
    }

    /// Whether `Origin: text` is ours.
    fn is_origin(&self, text: &str) -> bool {
        if let Some(public) = &self.public_url
            && origin_of(public).is_some_and(|o| o.eq_ignore_ascii_case(text))
        {
            return true;
        }
        let Ok(uri) = text.parse::<Uri>() else { return false };
        uri.scheme_str() == Some("http")
            && uri.host().is_some_and(is_loopback)
            && self.is_port(uri.port_u16())
    }

    fn is_port(&self, found: Option<u16>) -> bool {
        self.port.is_none_or(|ours| found.unwrap_or(80) == ours)
    }

    fn public_authority(&self) -> Option<String> {
        let uri: Uri = self.public_url.as_deref()?.parse().ok()?;
        uri.authority().map(|a| a.to_string())
    }

    /// The base of links, without a slash at its end: the public URL, else the `Host` of the request.
    pub fn base(&self, headers: &HeaderMap) -> String {
        if let Some(public) = &self.public_url {
            return public.trim_end_matches('/').to_owned();
        }
        let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
        format!("http://{host}")
    }
}

/// `scheme://authority` of a URL.
fn origin_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?))
}

/// `localhost`, `127.0.0.0/8` or `::1`.
fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// The headers that every answer has: what its page may load, and what others learn of it.
#[derive(Clone, Debug)]
pub struct Protection {
    content: HeaderValue,
    referrer: HeaderValue,
}

impl Protection {
    /// Pages load from here only, and from the origins of a basemap that is configured (`https://host`). Those learn
    /// from which server a request comes, since keys of map services are bound to it, and never from which page.
    pub fn new(basemap: &[String]) -> Self {
        let foreign: String = basemap.iter().map(|origin| format!(" {origin}")).collect();
        // MapLibre starts its worker from a blob.
        let content = format!(
            "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:{foreign}; \
             style-src 'self' 'unsafe-inline'; connect-src 'self'{foreign}; font-src 'self'; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        );
        let referrer = if basemap.is_empty() { "same-origin" } else { "strict-origin-when-cross-origin" };
        Self {
            // Origins were looked at byte by byte; were one no header value, nothing foreign would be loaded.
            content: HeaderValue::try_from(content)
                .unwrap_or_else(|_| HeaderValue::from_static("default-src 'self'")),
            referrer: HeaderValue::from_static(referrer),
        }
    }

    /// Sets them.
    pub fn protect(&self, headers: &mut HeaderMap) {
        headers.reserve(6);
        headers.insert(header::CONTENT_SECURITY_POLICY, self.content.clone());
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, self.referrer.clone());
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    }
}

/// Refuses foreign names and origins.
///
/// # Errors
/// [`ApiError::Forbidden`].
pub fn check(ours: &Ours, uri: &Uri, headers: &HeaderMap) -> Result<(), ApiError> {
    // A request line with a full URL names the host there (RFC 9112, 3.2.2).
    let mut said = headers.get_all(header::HOST).iter().map(|h| h.to_str().unwrap_or_default());
    let host = match (uri.authority(), said.next(), said.next()) {
        (Some(authority), ..) => authority.as_str(),
        (None, Some(host), None) => host,
        _ => return Err(ApiError::Forbidden("exactly one Host header was expected".to_owned())),
    };
    if !ours.is_host(host) {
        return Err(ApiError::Forbidden("the Host of the request is not this server's".to_owned()));
    }
    for origin in headers.get_all(header::ORIGIN) {
        if !origin.to_str().is_ok_and(|o| ours.is_origin(o)) {
            return Err(ApiError::Forbidden("the Origin of the request is not this server's".to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> Ours {
        Ours { port: Some(8080), public_url: Some("https://map.example:444/gridbeat/".into()) }
    }

    #[test]
    fn pages_load_from_here_and_from_the_basemaps_servers() {
        let policy = |origins: &[&str]| {
            let origins: Vec<String> = origins.iter().map(|&o| o.to_owned()).collect();
            let mut headers = HeaderMap::new();
            Protection::new(&origins).protect(&mut headers);
            let text = |name| headers[name].to_str().unwrap().to_owned();
            (text(header::CONTENT_SECURITY_POLICY), text(header::REFERRER_POLICY))
        };
        let (ours, referrer) = policy(&[]);
        assert!(ours.contains("connect-src 'self';") && ours.contains("blob:;") && !ours.contains("http"));
        assert_eq!(referrer, "same-origin");
        let (with, referrer) = policy(&["https://a.example", "https://b.example:1"]);
        for part in [
            "img-src 'self' data: blob: https://a.example https://b.example:1;",
            "connect-src 'self' https://a.example https://b.example:1;",
        ] {
            assert!(with.contains(part), "{with}");
        }
        assert_eq!(referrer, "strict-origin-when-cross-origin");
    }

    #[test]
    fn only_loopback_with_our_port_or_the_public_url_are_ours() {
        let ours = ours();
        for host in [
            "127.0.0.1:8080",
            "localhost:8080",
            "LOCALHOST:8080",
            "[::1]:8080",
            "127.9.9.9:8080",
            "map.example:444",
        ] {
            assert!(ours.is_host(host), "{host}");
        }
        for host in [
            "evil.example:8080",
            "127.0.0.1:8081",
            "127.0.0.1",
            "localhost.evil.example:8080",
            "10.0.0.1:8080",
            "map.example",
            "evil@127.0.0.1:8080",
            "",
            "127.0.0.1.evil.example:8080",
            "[::2]:8080",
        ] {
            assert!(!ours.is_host(host), "{host}");
        }
    }

    #[test]
    fn origins_are_checked_with_scheme_and_port() {
        let ours = ours();
        for origin in
            ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "https://map.example:444"]
        {
            assert!(ours.is_origin(origin), "{origin}");
        }
        for origin in [
            "null",
            "https://127.0.0.1:8080",
            "http://evil.example",
            "http://127.0.0.1:8081",
            "http://localhost",
            "https://map.example",
            "http://localhost:8080.evil.example",
        ] {
            assert!(!ours.is_origin(origin), "{origin}");
        }
    }

    #[test]
    fn two_hosts_or_none_are_refused() {
        let mut headers = HeaderMap::new();
        let uri: Uri = "/api".parse().unwrap();
        assert!(check(&ours(), &uri, &headers).is_err());
        headers.append(header::HOST, "localhost:8080".parse().unwrap());
        assert!(check(&ours(), &uri, &headers).is_ok());
        headers.append(header::HOST, "localhost:8080".parse().unwrap());
        assert!(check(&ours(), &uri, &headers).is_err());
    }

    #[test]
    fn links_use_the_public_url() {
        assert_eq!(ours().base(&HeaderMap::new()), "https://map.example:444/gridbeat");
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "localhost:1".parse().unwrap());
        assert_eq!(Ours::default().base(&headers), "http://localhost:1");
    }
}
