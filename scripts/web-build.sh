#!/usr/bin/env bash
# Builds the map client into web/dist, unless it is newer than everything it is made of.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/web-deps.sh web

built=web/dist/index.html
newer() {
    find web styles data/codes -newer "$built" -type f \
        -not -path '*/node_modules/*' -not -path 'web/dist/*' -print -quit 2>/dev/null
}
if [[ ! -e $built || -n $(newer) ]]; then
    (cd web && npm run --silent build)
    touch "$built"
fi
