#!/usr/bin/env bash
# Rewrites the stored snapshots (insta in Rust, vitest in web). Look at `git diff` afterwards: a
# snapshot that changed without a reason is a bug that has just been blessed.
set -euo pipefail
cd "$(dirname "$0")/.."

INSTA_UPDATE=always INSTA_FORCE_PASS=1 cargo test --locked --workspace --exclude gridbeat-e2e
(cd web && npx --no-install vitest run --update)
git status --short -- '*.snap' '*.snap.new'
