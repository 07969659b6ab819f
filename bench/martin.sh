#!/usr/bin/env bash
# Builds Martin, a peer that serves tiles from PostGIS, and prints the path of its binary. It lives outside the clone
# and is built once, which takes a quarter of an hour on two cores.
set -euo pipefail

version=1.14.0
home=${GRIDBEAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/gridbeat}/martin-$version
if [[ ! -x $home/bin/martin ]]; then
    cargo install martin --version "$version" --locked --no-default-features --features postgres \
        --root "$home" --target-dir "$home/target" >&2
    rm -rf "$home/target"
fi
echo "$home/bin/martin"
