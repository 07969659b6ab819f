//! A page for people of every answer that is JSON: who prefers HTML gets it, whatever resource answered.
//!
//! Resources with a page of their own make it themselves and pass through here unchanged. All others know nothing
//! of HTML: [`Params`] lets `f=html` and `Accept: text/html` through as if JSON were asked for, and what they
//! answer is shown by [`html::document`].

use super::{
    answer,
    etag::matches_any,
    html::{self, Language},
    params::Params,
};
use crate::{app::App, error::ApiError, live::tiles::etag};
use axum::{
    body::{Bytes, HttpBody, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::Value;
use std::borrow::Cow;

/// The names of an answer's members in the order in which people read them; an extension of a response.
#[derive(Clone, Default)]
pub struct Order(pub Cow<'static, [&'static str]>);

/// Asks the resource, and makes a page of what it answers where one is asked for.
pub async fn served(app: &App, mut request: Request, next: Next) -> Response {
    match Asked::by(&mut request) {
        None => next.run(request).await,
        Some(asked) => asked.answer(app, next.run(request).await).await,
    }
}

/// A request whose answer is to be HTML if there is any.
struct Asked {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Asked {
    fn by(request: &mut Request) -> Option<Self> {
        if !Params::prefer_html(request.uri(), request.headers()) {
            return None;
        }
        let (method, uri, headers) =
            (request.method().clone(), request.uri().clone(), request.headers().clone());
        if matches!(method, Method::GET | Method::HEAD) {
            // The resource would compare it with its JSON; it is compared with what is sent, below.
            request.headers_mut().remove(header::IF_NONE_MATCH);
        }
        Some(Self { method, uri, headers })
    }

    async fn answer(self, app: &App, response: Response) -> Response {
        let reads = matches!(self.method, Method::GET | Method::HEAD);
        if !is_document(&response) {
            return if reads { validated(&self.headers, response) } else { response };
        }
        let Order(order) = response.extensions().get().cloned().unwrap_or_default();
        let Ok(json) = to_bytes(response.into_body(), usize::MAX).await else {
            return ApiError::Internal.into_response();
        };
        let (app, headers) = (app.clone(), self.headers.clone());
        let made = tokio::task::spawn_blocking(move || self.page(&app, &json, &order)).await;
        match made {
            // A validator of ours after a change would be taken for that of the feature.
            Ok(Ok(page)) if !reads => answer::ok(answer::HTML_UTF8, page),
            Ok(Ok(page)) => answer::with_etag(&headers, etag(page.as_bytes()), answer::HTML_UTF8, page),
            Ok(Err(error)) => failed(&error),
            Err(error) => failed(&error),
        }
    }

    fn page(&self, app: &App, json: &Bytes, order: &[&str]) -> Result<String, serde_json::Error> {
        let document: Value = serde_json::from_slice(json)?;
        let base = app.ours.base(&self.headers);
        let collection = self.uri.path().strip_prefix("/api/collections/").map(|rest| {
            let id = rest.split('/').next().unwrap_or_default();
            super::collections::named(app, id).map_or(id, |c| c.title())
        });
        let context = html::Context {
            language: Language::of(&self.headers),
            base: &base,
            uri: &self.uri,
            // What was sent to ask for it cannot be asked for by a link.
            linked: self.method == Method::GET || self.method == Method::HEAD,
            collection,
            order,
        };
        Ok(html::document(&context, &document))
    }
}

fn failed(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "an answer could not be made a page");
    ApiError::Internal.into_response()
}

/// Whether it is a whole answer in JSON that may be had in other forms. What is streamed has no known length.
fn is_document(response: &Response) -> bool {
    let is = |name, test: fn(&str) -> bool| {
        response.headers().get(name).and_then(|v: &HeaderValue| v.to_str().ok()).is_some_and(test)
    };
    response.status() == StatusCode::OK
        && is(header::CONTENT_TYPE, |t| matches!(t, answer::JSON | answer::GEOJSON | answer::SCHEMA))
        && is(header::VARY, |names| names.split(',').any(|n| n.trim().eq_ignore_ascii_case("accept")))
        && response.body().size_hint().exact().is_some()
}

/// 304 when the caller has what would be sent.
fn validated(request: &HeaderMap, mut response: Response) -> Response {
    let has = response.headers().get(header::ETAG);
    if response.status() != StatusCode::OK
        || !has.is_some_and(|etag| matches_any(request, &header::IF_NONE_MATCH, etag))
    {
        return response;
    }
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.body_mut() = axum::body::Body::empty();
    response.headers_mut().remove(header::CONTENT_TYPE);
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response
}
