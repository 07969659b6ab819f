//! Problem details (RFC 9457): how every error looks on the wire.

use crate::error::ApiError;
use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, StatusCode, Uri, header},
    response::IntoResponse,
};
use serde_json::json;

/// The media type of every error.
pub const MEDIA_TYPE: &str = "application/problem+json";

impl IntoResponse for ApiError {
    fn into_response(self) -> axum::response::Response {
        let (status, name, title) = self.row();
        let mut body = json!({
            "type": format!("urn:gridbeat:problem:{name}"),
            "title": title,
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        if !self.fields().is_empty() {
            body["errors"] = json!(self.fields());
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// Gives the router's own refusals (no such route, no such method) the form of a problem.
pub fn dressed(response: axum::response::Response, method: Method, uri: &Uri) -> axum::response::Response {
    let status = response.status();
    let fine = !(status.is_client_error() || status.is_server_error());
    if fine || response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t == MEDIA_TYPE) {
        return response;
    }
    let path = uri.path();
    match status {
        StatusCode::NOT_FOUND => ApiError::NotFound(format!("there is nothing at {path}")),
        // The router adds the header `Allow` itself, after us.
        StatusCode::METHOD_NOT_ALLOWED => {
            ApiError::MethodNotAllowed { method: method.to_string(), allow: String::new() }
        }
        StatusCode::PAYLOAD_TOO_LARGE => ApiError::TooLarge(super::BODY_LIMIT),
        // A path that is not percent-encoded UTF-8 names nothing.
        StatusCode::BAD_REQUEST => ApiError::NotFound(format!("there is nothing at {path}")),
        _ => {
            tracing::error!(%status, %path, "an answer had no problem of its own");
            ApiError::Internal
        }
    }
    .into_response()
}

/// What a panic becomes: the cause goes to the log, not over the wire.
pub fn panicked(cause: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(panic = text, "a handler panicked");
    ApiError::Internal.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::FieldError;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn a_problem_names_its_type_and_every_wrong_parameter() {
        let error = ApiError::BadParameters(vec![
            FieldError::new("limit", "“x” is no whole number"),
            FieldError::new("bbox", "needs 4 or 6 numbers"),
        ]);
        let response = error.into_response();
        assert_eq!(response.status(), 400);
        assert_eq!(response.headers()[header::CONTENT_TYPE], MEDIA_TYPE);
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(body["type"], "urn:gridbeat:problem:bad-parameter");
        assert_eq!(body["status"], 400);
        assert_eq!(body["errors"][1]["parameter"], "bbox");
        assert!(body["detail"].as_str().unwrap().contains("limit: “x”"));
    }

    #[tokio::test]
    async fn a_panic_says_nothing_of_its_cause() {
        let response = panicked(Box::new("secret path /srv/x"));
        assert_eq!(response.status(), 500);
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        assert!(!String::from_utf8_lossy(&bytes).contains("secret"));
    }
}
