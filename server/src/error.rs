//! Every error of the server, and the one table that gives each its status and problem type.

use axum::http::{HeaderName, StatusCode};
use gridbeat_ingest::IngestError;
use gridbeat_store::StoreError;
use serde::Serialize;

/// One parameter or property that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Its name as the caller wrote it; a property of a body as `properties.category`.
    pub parameter: String,
    /// What is wrong, and what was expected.
    pub detail: String,
}

impl FieldError {
    /// An error of `parameter`.
    pub fn new(parameter: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { parameter: parameter.into(), detail: detail.into() }
    }
}

/// Why a request was not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Query parameters that are wrong.
    #[error("{}", join(.0))]
    BadParameters(Vec<FieldError>),
    /// A body that is wrong; the errors name its members.
    #[error("{}", join(.0))]
    BadBody(Vec<FieldError>),
    /// There is no such resource.
    #[error("{0}")]
    NotFound(String),
    /// The resource knows other methods.
    #[error("{method} is not allowed here{}", allowed(.allow))]
    MethodNotAllowed {
        /// What was asked.
        method: String,
        /// The header `Allow`; empty when the router adds it.
        allow: String,
    },
    /// The `Host` or `Origin` is not ours.
    #[error("{0}")]
    Forbidden(String),
    /// A row with this code exists.
    #[error("an incident with the code “{0}” exists already")]
    DuplicateCode(String),
    /// `If-Match` is missing.
    #[error("changing a feature needs the header If-Match with the ETag that GET gave")]
    PreconditionRequired,
    /// `If-Match` does not match.
    #[error("the feature has changed since it was read: GET it again")]
    PreconditionFailed,
    /// The body is too large.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// The body's media type is not understood.
    #[error("{0}")]
    UnsupportedMediaType(String),
    /// More than one request may cost.
    #[error("{0}")]
    TooCostly(String),
    /// Took too long.
    #[error("the answer took longer than {0} s")]
    Timeout(u64),
    /// More is asked for at one time than is done.
    #[error("{0}: ask again later")]
    Busy(String),
    /// The store does not do its part now.
    #[error("{0}")]
    Unavailable(String),
    /// The client was not built into this binary.
    #[error("the map client was not built into this binary: run `make web`, then build again")]
    NoClient,
    /// A fault of ours; the cause is in the log only.
    #[error("the server failed to answer; the cause is in its log")]
    Internal,
}

fn join(errors: &[FieldError]) -> String {
    let all: Vec<_> = errors.iter().map(|e| format!("{}: {}", e.parameter, e.detail)).collect();
    all.join("; ")
}

fn allowed(methods: &str) -> String {
    if methods.is_empty() { String::new() } else { format!("; allowed: {methods}") }
}

/// Status, problem name (`urn:gridbeat:problem:NAME`), title.
pub type Row = (StatusCode, &'static str, &'static str);

impl ApiError {
    /// The table.
    pub fn row(&self) -> Row {
        use StatusCode as S;
        match self {
            Self::BadParameters(_) => (S::BAD_REQUEST, "bad-parameter", "A parameter is wrong"),
            Self::BadBody(_) => (S::BAD_REQUEST, "bad-body", "The body is wrong"),
            Self::NotFound(_) => (S::NOT_FOUND, "not-found", "Not found"),
            Self::MethodNotAllowed { .. } => {
                (S::METHOD_NOT_ALLOWED, "method-not-allowed", "Method not allowed")
            }
            Self::Forbidden(_) => (S::FORBIDDEN, "forbidden", "Forbidden"),
            Self::DuplicateCode(_) => (S::CONFLICT, "duplicate-code", "The code exists already"),
            Self::PreconditionRequired => {
                (S::PRECONDITION_REQUIRED, "precondition-required", "If-Match is required")
            }
            Self::PreconditionFailed => {
                (S::PRECONDITION_FAILED, "precondition-failed", "The feature has changed")
            }
            Self::TooLarge(_) => (S::PAYLOAD_TOO_LARGE, "too-large", "The body is too large"),
            Self::UnsupportedMediaType(_) => {
                (S::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", "Media type not supported")
            }
            Self::TooCostly(_) => (S::BAD_REQUEST, "too-costly", "The question is too large"),
            Self::Timeout(_) => (S::SERVICE_UNAVAILABLE, "timeout", "The request took too long"),
            Self::Busy(_) => (S::SERVICE_UNAVAILABLE, "busy", "The server is busy"),
            Self::Unavailable(_) => (S::SERVICE_UNAVAILABLE, "unavailable", "The store is not available"),
            Self::NoClient => (S::SERVICE_UNAVAILABLE, "no-client", "The map client was not built"),
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "internal", "Internal error"),
        }
    }

    /// The parameters at fault.
    pub fn fields(&self) -> &[FieldError] {
        match self {
            Self::BadParameters(errors) | Self::BadBody(errors) => errors,
            _ => &[],
        }
    }

    /// Headers that belong to the answer.
    pub fn headers(&self) -> Vec<(HeaderName, String)> {
        use axum::http::header;
        match self {
            Self::MethodNotAllowed { allow, .. } if !allow.is_empty() => vec![(header::ALLOW, allow.clone())],
            Self::Busy(_) | Self::Unavailable(_) | Self::Timeout(_) => {
                vec![(header::RETRY_AFTER, "1".to_owned())]
            }
            _ => Vec::new(),
        }
    }

    /// The same error for one more who waited for the same.
    pub fn again(&self) -> Self {
        match self {
            Self::TooCostly(text) => Self::TooCostly(text.clone()),
            Self::Timeout(seconds) => Self::Timeout(*seconds),
            Self::Unavailable(text) => Self::Unavailable(text.clone()),
            _ => Self::Internal,
        }
    }

    /// One wrong parameter.
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::BadParameters(vec![FieldError::new(name, detail)])
    }

    /// One wrong member of a body.
    pub fn body(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::BadBody(vec![FieldError::new(name, detail)])
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::DuplicateCode(code) => Self::DuplicateCode(code),
            StoreError::NotFound => Self::NotFound("there is no such feature".to_owned()),
            StoreError::BadRow { field: field @ ("geometry" | "properties"), reason } => {
                Self::body(field, reason)
            }
            StoreError::BadRow { field, reason } => Self::body(format!("properties.{field}"), reason),
            StoreError::Busy | StoreError::LayerDiffers { .. } => Self::Unavailable(error.public()),
            other => {
                tracing::error!(error = %Chain(&other), "the store failed");
                Self::Unavailable(other.public())
            }
        }
    }
}

/// Why a command of the command line did not do what it was told; says the exit code too.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The input is bad, and nothing was changed.
    #[error("{0}")]
    BadInput(String),
    /// Wrong usage.
    #[error("{0}")]
    Usage(String),
    /// Anything else: disk, database, network.
    #[error("{0}")]
    Other(String),
}

impl CliError {
    /// The exit code of the contract.
    pub const fn code(&self) -> u8 {
        match self {
            Self::BadInput(_) => 1,
            Self::Usage(_) => 2,
            Self::Other(_) => 3,
        }
    }

    /// A failure to read or write something.
    pub fn io(what: impl std::fmt::Display, error: &std::io::Error) -> Self {
        Self::Other(format!("{what}: {error}"))
    }
}

impl From<IngestError> for CliError {
    fn from(error: IngestError) -> Self {
        if error.is_system() { Self::Other(error.to_string()) } else { Self::BadInput(error.to_string()) }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let text = Chain(&error).to_string();
        match error {
            StoreError::BadUrl { .. } => Self::Usage(text),
            StoreError::Missing { .. }
            | StoreError::NotAStore { .. }
            | StoreError::NotEmpty
            | StoreError::BadBackup { .. }
            | StoreError::Exists { .. }
            | StoreError::Newer { .. }
            | StoreError::DuplicateCode(_)
            | StoreError::NotFound
            | StoreError::LayerDiffers { .. }
            | StoreError::BadRow { .. } => Self::BadInput(text),
            StoreError::Source(failed) => match failed.0.downcast::<IngestError>() {
                Ok(error) => (*error).into(),
                Err(other) => Self::Other(other.to_string()),
            },
            StoreError::Busy
            | StoreError::Outdated
            | StoreError::Damaged { .. }
            | StoreError::Unavailable { .. } => Self::Other(text),
        }
    }
}

/// An error with all its causes, for the log and the command line: `a: b: c`.
pub struct Chain<'a>(pub &'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut last = self.0.to_string();
        f.write_str(&last)?;
        let mut next = self.0.source();
        while let Some(error) = next {
            let text = error.to_string();
            // A transparent wrapper says the same as what it wraps.
            if text != last {
                write!(f, ": {text}")?;
            }
            last = text;
            next = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_name_of_its_own() {
        let all = [
            ApiError::BadParameters(vec![]),
            ApiError::BadBody(vec![]),
            ApiError::NotFound(String::new()),
            ApiError::MethodNotAllowed { method: String::new(), allow: String::new() },
            ApiError::Forbidden(String::new()),
            ApiError::DuplicateCode(String::new()),
            ApiError::PreconditionRequired,
            ApiError::PreconditionFailed,
            ApiError::TooLarge(1),
            ApiError::UnsupportedMediaType(String::new()),
            ApiError::Timeout(1),
            ApiError::Unavailable(String::new()),
            ApiError::NoClient,
            ApiError::Internal,
        ];
        let mut names: Vec<_> = all.iter().map(|e| e.row().1).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all.len());
        assert!(all.iter().all(|e| e.row().0.as_u16() >= 400));
    }

    #[test]
    fn a_failed_source_keeps_the_exit_code_of_its_cause() {
        let cause = IngestError::Format { file: "a.csv".into(), what: "cut off".into() };
        let error = StoreError::Source(gridbeat_store::SourceFailed(Box::new(cause)));
        let cli = CliError::from(error);
        assert_eq!((cli.code(), cli.to_string().as_str()), (1, "a.csv: cut off"));
    }
}
