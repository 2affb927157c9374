#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# instructions.sh PROGRAM [CASE...]: instructions for one unit of each case, counted by callgrind, so that a cost can
# be compared between machines. Each case is run for N and for 2N steps; the difference leaves out start and set-up.
set -eu
program=${1:?usage: instructions.sh PROGRAM [CASE...]}
shift
steps=${OB_BENCH_STEPS:-500}
cases=$("$program" --counted 2>/dev/null) || exit 0 # a benchmark with tables of its own
command -v valgrind >/dev/null || { echo "(no instruction counts: valgrind is not installed)" && exit 0; }
out=$(mktemp "${TMPDIR:-/tmp}/ob-callgrind.XXXXXX")
trap 'rm -f "$out"' EXIT

count() { # count CASE STEPS: instructions of the whole run
    valgrind --tool=callgrind --callgrind-out-file="$out" "$program" --once "$1" "$2" >/dev/null 2>"$out.err" || {
        tail -n 5 "$out.err" >&2
        rm -f "$out.err"
        return 1
    }
    rm -f "$out.err"
    awk '/^(summary|totals):/ { print $2; exit }' "$out"
}

printf '%-32s %-10s %10s\n' case one instructions
printf '%s\n' "$cases" | while IFS="$(printf '\t')" read -r name unit units; do
    if [ $# -gt 0 ]; then
        listed=no
        for wanted; do [ "$wanted" = "$name" ] && listed=yes; done
        [ $listed = yes ] || continue
    fi
    once=$(count "$name" "$steps")
    twice=$(count "$name" $((2 * steps)))
    awk -v name="$name" -v unit="$unit" -v n=$((steps * units)) -v a="$once" -v b="$twice" \
        'BEGIN { printf "%-32s %-10s %10.1f\n", name, unit, (b - a) / n }'
done
