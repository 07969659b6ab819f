#!/usr/bin/env bash
# Writes web/src/api/schema.d.ts, the types of the API, from the OpenAPI document that the server makes.
# With --check it only says whether the file is up to date. GRIDBEAT_BIN names a binary that is built already.
#
#   scripts/api-types.sh [--check]
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/gridbeat/target}
scripts/web-deps.sh web
if [[ -z ${GRIDBEAT_BIN:-} ]]; then
    cargo build --quiet --locked -p gridbeat-server
    GRIDBEAT_BIN=$CARGO_TARGET_DIR/debug/gridbeat
fi
node web/scripts/apiTypes.mjs "$@" "$GRIDBEAT_BIN"
