#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# bench.sh ROOT [NAME...]: what `./run bench` does once the programs are built: every benchmark's table, then the
# instructions of its cases.
set -eu
root=${1:?usage: bench.sh ROOT [NAME...]}
shift
bin=$root/build/test/tests/bench
if [ $# = 0 ]; then
    for program in "$bin"/bench_*; do
        if [ ! -f "$program" ] || [ ! -x "$program" ]; then continue; fi
        set -- "$@" "${program##*/bench_}"
    done
fi
[ $# -gt 0 ] || { echo "bench: there are no benchmarks in $bin" >&2 && exit 1; }
failed=''
for name; do
    program=$bin/bench_$name
    [ -x "$program" ] || { echo "bench: there is no benchmark $name in tests/bench" >&2 && exit 2; }
    printf '\n== %s\n' "$name"
    "$program" || failed="$failed $name"
    sh "$root/tests/bench/instructions.sh" "$program" || failed="$failed $name"
done
[ -z "$failed" ] || { echo "bench: these ended with an error:$failed" >&2 && exit 1; }
