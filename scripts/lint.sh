#!/usr/bin/env bash
# What a reviewer need not look for: formatting, clippy's findings, the web linter's.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo fmt --all -- --check
scripts/web-build.sh # the server embeds web/dist
cargo clippy --locked --workspace --all-targets -- -D warnings
(cd web && npm run --silent lint && npm run --silent typecheck)
bash -n scripts/*.sh .ci/run
