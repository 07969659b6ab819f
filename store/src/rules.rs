//! What every store refuses, whatever its backend.
