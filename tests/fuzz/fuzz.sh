#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fuzz.sh ROOT [SECONDS] [NAME...]: what `./run fuzz` does once the targets are built.
# Inputs that reach new code go to tests/fuzz/corpus/NAME, reduced to those that are needed; an input that
# crashes goes there as well and is from then on a regression input of every test run.
set -eu
root=${1:?usage: fuzz.sh ROOT [SECONDS] [NAME...]}
shift
seconds=60
case ${1-} in [0-9]*) seconds=$1 && shift ;; esac
case $seconds in *[!0-9]*) echo "fuzz: \"$seconds\" is no number of seconds" >&2 && exit 2 ;; esac
bin=$root/build/fuzz/tests/fuzz
corpora=$root/tests/fuzz/corpus

if [ $# = 0 ]; then
    for f in "$root"/tests/fuzz/fuzz_*.c; do
        f=${f##*/fuzz_}
        set -- "$@" "${f%.c}"
    done
fi

table=$root/build/fuzz/table.txt
printf '%-20s %12s %8s %8s %8s %8s\n' target runs runs/s edges new crashes >"$table"
crashed=''
for name; do
    [ -x "$bin/fuzz_$name" ] || { echo "fuzz: there is no target $name in tests/fuzz" >&2 && exit 2; }
    echo "$name: $seconds s ..."
    work=$root/build/fuzz/work/$name
    found=$root/build/fuzz/found/$name
    log=$root/build/fuzz/$name.log
    rm -rf "$found"
    mkdir -p "$work" "$found" "$corpora/$name"
    before=$(find "$corpora/$name" -type f | wc -l)
    "$bin/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="$found/" "$work" "$corpora/$name" >"$log" 2>&1 || true
    crashes=$(find "$found" -type f | wc -l)
    if [ "$crashes" -gt 0 ]; then
        cp "$found"/* "$corpora/$name/"
        crashed="$crashed $name"
    fi
    # Keep few and small inputs: only those that reach code which the corpus does not (counts of loops aside).
    "$bin/fuzz_$name" -merge=1 -use_counters=0 -max_len=4096 -timeout=10 "$corpora/$name" "$work" >>"$log" 2>&1 || true
    after=$(find "$corpora/$name" -type f | wc -l)
    awk -v name="$name" -v seconds="$seconds" -v new=$((after - before - crashes)) -v crashes="$crashes" '
        /^#[0-9]+/ { for (i = 1; i < NF; i++) if ($i == "cov:" && !merging) edges = $(i + 1) }
        /MERGE-OUTER/ { merging = 1 }
        /stat::number_of_executed_units:/ && !merging { runs = $2 }
        /^#[0-9]+/ && !merging { last = substr($1, 2) }
        END { if (!runs) runs = last + 0
              printf "%-20s %12d %8d %8d %8d %8d\n", name, runs, runs / (seconds > 0 ? seconds : 1), edges, new, crashes }' "$log" >>"$table"
done
echo
cat "$table"
if [ -n "$crashed" ]; then
    echo "fuzz: crashes in:$crashed. The inputs are in tests/fuzz/corpus/, the reports in build/fuzz/NAME.log;" \
        "once more: build/fuzz/tests/fuzz/fuzz_NAME FILE" >&2
    exit 1
fi
