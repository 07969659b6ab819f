#!/usr/bin/env bash
# Every test there is, from the parts to the whole: web, Rust, then the built binary end to end.
# The last line is the totals; the exit code is 1 when anything failed.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/gridbeat/target}
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Tests that need the shared data and do not find it append their name here.
export GRIDBEAT_SKIP_LOG=$work/skipped
: >"$GRIDBEAT_SKIP_LOG"

scripts/prerequisites.sh
GRIDBEAT_PYTHON=${GRIDBEAT_PYTHON:-$(scripts/oracle.sh)}
export GRIDBEAT_PYTHON

source scripts/totals.sh

# Web first: the server embeds what it builds.
step "web: build" scripts/web-build.sh
step "web: lint" npm --prefix web run --silent lint
step "web: types" npm --prefix web run --silent typecheck
vitest() { (cd web && npx --no-install vitest run --reporter=default --reporter=json --outputFile.json="$1"); }
web_tests "web: tests" "$work/vitest.json" vitest "$work/vitest.json"

step "rust: format" cargo fmt --all -- --check

# The end-to-end crate runs last and by itself: its topics share one machine with browsers and
# databases, and each runs the binary that is built here.
rust=(--locked --workspace --exclude gridbeat-e2e)
if cargo nextest --version >/dev/null 2>&1; then
    cargo_tests "rust: tests" cargo nextest run "${rust[@]}" --no-fail-fast --show-progress=none
    cargo_tests "rust: examples in the documentation" cargo test "${rust[@]}" --doc --no-fail-fast
else
    cargo_tests "rust: tests" cargo test "${rust[@]}" --no-fail-fast
fi

step "e2e: browser driver" scripts/web-deps.sh e2e/browser
step "e2e: readers of archives" scripts/web-deps.sh e2e/readers
step "e2e: binary" cargo build --locked -p gridbeat-server
export GRIDBEAT_BIN=$CARGO_TARGET_DIR/debug/gridbeat
step "web: types of the API are up to date" scripts/api-types.sh --check
cargo_tests "e2e" cargo test --locked -p gridbeat-e2e --no-fail-fast -- --test-threads=2

totals
