#!/usr/bin/env bash
# Installs the locked npm dependencies of a folder, unless the last install is newer than the lock.
#
#   scripts/web-deps.sh web
set -euo pipefail
cd "$(dirname "$0")/../$1"

stamp=node_modules/.gridbeat-installed
if [[ ! -e $stamp || package-lock.json -nt $stamp || package.json -nt $stamp ]]; then
    npm ci --no-audit --no-fund
    touch "$stamp"
fi
