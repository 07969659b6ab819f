#!/usr/bin/env bash
# Makes the Python that serves as a peer over HTTP, tipg on uvicorn, and prints its path. It lives outside
# the clone and is made once.
set -euo pipefail

home=${GRIDBEAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/gridbeat}/tipg-1.6.1
if [[ ! -e $home/.complete ]]; then
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check tipg==1.6.1 uvicorn==0.38.0 >&2
    touch "$home/.complete"
fi
echo "$home/bin/python"
