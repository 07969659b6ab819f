#!/usr/bin/env bash
# What the tests need beyond Rust, a C compiler, Node and npm: a Chromium, PostgreSQL with PostGIS,
# and Python's venv. Root on Debian: installed with apt. Elsewhere: says exactly what is missing.
set -euo pipefail

missing=()      # Debian package names
have() { command -v "$1" >/dev/null 2>&1; }

have chromium || have chromium-browser || have google-chrome || missing+=(chromium)

# PostgreSQL keeps its server programs out of PATH; any version from 15 on will do.
server_dir=$(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -V | tail -n 1 || true)
if have pg_config; then server_dir=${server_dir:-$(pg_config --bindir)}; fi
if [[ -z $server_dir || ! -x $server_dir/initdb ]]; then
    missing+=(postgresql-15 postgresql-15-postgis-3)
elif ! ls /usr/share/postgresql/*/extension/postgis.control \
        "$("$server_dir/pg_config" --sharedir 2>/dev/null)"/extension/postgis.control >/dev/null 2>&1; then
    missing+=(postgresql-15-postgis-3)
fi

have strace || missing+=(strace)

have python3 && python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3 python3-venv)

if ((${#missing[@]} == 0)); then exit 0; fi

if [[ $(id -u) == 0 && -e /etc/debian_version ]] && have apt-get; then
    echo "installing with apt: ${missing[*]}" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    exit 0
fi

cat >&2 <<TEXT
make test needs what this machine lacks. On Debian 12, as root:

    apt-get install --no-install-recommends ${missing[*]}

Elsewhere: a Chromium or Chrome in PATH, PostgreSQL 15 or newer with PostGIS 3, strace, and python3
with venv.
TEXT
exit 1
