# Counts tests over several runners. Sourced by scripts/test.sh.
#
#   step  NAME COMMAND…   something that must work but is no test; a failure counts as one
#   cargo_tests NAME COMMAND…   `cargo test` or `cargo nextest run`
#   web_tests NAME JSON COMMAND…   vitest, which writes its report to JSON
#   totals                the last line; returns 1 when anything failed

passed=0 failed=0 skipped=0
failures=()

step() {
    local name=$1; shift
    echo "── $name"
    if ! "$@"; then
        failed=$((failed + 1)); failures+=("$name")
    fi
}

# Sums the numbers that stand before a word, on the lines of a log that match a pattern.
sum() { # LOG PATTERN WORD
    awk -v pattern="$2" -v word="$3" '
        $0 ~ pattern { while (match($0, "[0-9]+ " word)) { n += substr($0, RSTART) + 0; $0 = substr($0, RSTART + RLENGTH) } }
        END { print n + 0 }' "$1"
}

cargo_tests() {
    local name=$1 log status=0 ok bad ignored; shift
    echo "── $name"
    log=$(mktemp "$work/log.XXXXXX")
    "$@" 2>&1 | tee "$log" || status=$?
    # Runners colour their words when told to; the numbers must be found all the same.
    sed -i 's/\x1b\[[0-9;]*m//g' "$log"
    ok=$(($(sum "$log" '^test result:' passed) + $(sum "$log" '^ +Summary \[' passed)))
    bad=$(($(sum "$log" '^test result:' failed) + $(sum "$log" '^ +Summary \[' failed) \
        + $(sum "$log" '^ +Summary \[' 'timed out')))
    ignored=$(($(sum "$log" '^test result:' ignored) + $(sum "$log" '^ +Summary \[' skipped)))
    # A runner that fails without naming a test (it did not compile, or crashed) is one failure.
    if ((status != 0 && bad == 0)); then bad=1; fi
    # A test may only be skipped for want of the shared data: `#[ignore]` hides a failure.
    if ((ignored > 0)); then
        echo "$name: $ignored ignored tests; nothing may be ignored" >&2
        bad=$((bad + ignored))
    fi
    passed=$((passed + ok)) failed=$((failed + bad))
    if ((bad > 0)); then failures+=("$name"); fi
}

web_tests() {
    local name=$1 json=$2 status=0 ok=0 bad=0 pending=0; shift 2
    echo "── $name"
    rm -f "$json"
    "$@" || status=$?
    if [[ -e $json ]]; then
        read -r ok bad pending < <(node -e '
            const r = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
            console.log(r.numPassedTests, r.numFailedTests, r.numPendingTests + r.numTodoTests);' "$json")
    fi
    if ((status != 0 && bad == 0)); then bad=1; fi
    if ((pending > 0)); then
        echo "$name: $pending tests do not run; nothing may be left out" >&2
        bad=$((bad + pending))
    fi
    passed=$((passed + ok)) failed=$((failed + bad))
    if ((bad > 0)); then failures+=("$name"); fi
}

totals() {
    # A test that found no shared data wrote its name here and returned; its runner took that for a pass.
    if [[ -s $GRIDBEAT_SKIP_LOG ]]; then
        skipped=$(sort -u "$GRIDBEAT_SKIP_LOG" | wc -l)
        passed=$((passed - skipped))
        echo "skipped, because the shared data folder is absent:"
        sort -u "$GRIDBEAT_SKIP_LOG" | sed 's/^/  /'
    fi
    if ((${#failures[@]} > 0)); then
        printf 'failed: %s\n' "${failures[@]}"
    fi
    echo "$passed passed, $failed failed, $skipped skipped"
    ((failed == 0))
}
