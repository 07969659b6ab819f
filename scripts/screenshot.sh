#!/usr/bin/env bash
# Takes docs/screenshot.png from the demo: the district at community zoom, with the card open.
#
#   scripts/screenshot.sh GRIDBEAT     (`make screenshot` builds it first)
set -euo pipefail
cd "$(dirname "$0")/.."

gridbeat=$1
scripts/web-deps.sh e2e/browser

work=$(mktemp -d)
"$gridbeat" demo --scale district --listen 127.0.0.1:0 --dir demo-data >"$work/said" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

until grep -q '^listening on ' "$work/said"; do
    kill -0 "$server" # ends the script when the server has ended
    sleep 0.2
done
base=$(sed -n 's/^listening on //p' "$work/said" | head -n 1)
base=${base%/}

# A place near the middle that both sides answer for: the first grid with a beat on a spiral.
setting=$(node e2e/browser/place.mjs "$base" "$PWD/docs/screenshot.png")
mkdir -p docs
cd e2e/browser
node screenshot.mjs "$base" "$work" "$setting"
