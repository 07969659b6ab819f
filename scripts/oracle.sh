#!/usr/bin/env bash
# Makes the Python that the tests check against (GEOS by shapely, GDAL by pyogrio, PROJ by pyproj) and
# prints its path. It lives outside the clone and is made again only when its requirements change.
# With --made it prints the path only if it is there already, and makes nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=$(cksum <e2e/oracle/requirements.txt | cut -d' ' -f1)
home=${GRIDBEAT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/gridbeat}/oracle-$wanted

if [[ ${1:-} == --made ]]; then
    [[ -e $home/.complete ]] && echo "$home/bin/python"
    exit
fi
if [[ ! -e $home/.complete ]]; then
    rm -rf "$home"
    python3 -m venv "$home"
    "$home/bin/pip" install --quiet --disable-pip-version-check -r e2e/oracle/requirements.txt >&2
    touch "$home/.complete"
fi
echo "$home/bin/python"
