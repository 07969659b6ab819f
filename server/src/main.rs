//! The binary `gridbeat`: see [`gridbeat_server::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    gridbeat_server::cli::main()
}
