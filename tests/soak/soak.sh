#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# soak.sh PROGRAM [HOURS]: what `./run soak` does. A simulated day (24 h) without picture and sound, in pieces with a
# simulated person each. While a piece runs, its memory and its open files are read from /proc; they have to stay
# where they are. Afterwards the event log is replayed twice and must give one and the same hash.
set -eu
program=${1:?usage: soak.sh PROGRAM [HOURS]}
hours=${2:-24}
piece_hours=${OB_SOAK_PIECE_HOURS:-2}
max_growth_kib=${OB_SOAK_GROWTH_KIB:-128} # between the first and the last third of a piece
case $hours in '' | *[!0-9]* | 0) echo "soak: \"$hours\" is no whole number of hours" >&2 && exit 2 ;; esac

work=$(mktemp -d "${TMPDIR:-/tmp}/ob-soak.XXXXXX")
pid=''
cleanup() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

watch() { # watch PID FILE: a line a look: anonymous and shared memory in KiB, open files
    while kill -0 "$1" 2>/dev/null; do
        memory=$(awk '/^Rss(Anon|Shmem):/ { sum += $2 } END { print sum + 0 }' "/proc/$1/status" 2>/dev/null) || break
        files=$(find "/proc/$1/fd" -mindepth 1 2>/dev/null | wc -l)
        [ "$memory" -gt 0 ] && [ "$files" -gt 0 ] && echo "$memory $files" >>"$2"
        sleep 0.05
    done
}

printf '%-6s %8s %10s %10s %10s %8s %8s  %s\n' piece hours seconds MiB growth/KiB files 'x real' hash
failed=0
seed=1
left=$hours
while [ "$left" -gt 0 ]; do
    piece=$piece_hours
    [ "$piece" -le "$left" ] || piece=$left
    left=$((left - piece))
    out=$work/piece$seed
    looks=$work/looks$seed
    : >"$looks"
    begun=$(date +%s.%N)
    "$program" headless --person "seed=$seed,ectopic_pct=1,missed_pct=1" --minutes $((piece * 60)) --out "$out" \
        --no-frames --no-sound >"$work/log" 2>&1 &
    pid=$!
    watch "$pid" "$looks"
    if ! wait "$pid"; then
        pid=''
        echo "soak: piece $seed did not end well:" >&2
        tail -n 5 "$work/log" >&2
        failed=1
        seed=$((seed + 1))
        continue
    fi
    pid=''
    seconds=$(awk -v a="$begun" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }')
    hash=$("$program" replay "$out/events.oblog" --hash | tail -n 1)
    again=$("$program" replay "$out/events.oblog" --hash | tail -n 1)
    # The first tenth is start-up. Medians of thirds leave out a look that fell between two allocations.
    awk -v seed="$seed" -v hours="$piece" -v seconds="$seconds" -v limit="$max_growth_kib" -v hash="$hash" -v again="$again" '
        function median(from, to,   i, j, n, v, t) {
            n = 0
            for (i = from; i <= to; i++) { v[n] = memory[i]; for (j = n++; j > 0 && v[j - 1] > v[j]; j--) { t = v[j]; v[j] = v[j - 1]; v[j - 1] = t } }
            return v[int((n - 1) / 2)]
        }
        { memory[++n] = $1; files[n] = $2 }
        END {
            if (n < 9) { printf "soak: only %d looks, too few for a verdict on memory; take longer pieces\n", n; few = 1; bad = 1 }
            from = int(n / 10) + 1; third = int((n - from + 1) / 3); if (third < 1) third = 1
            first = median(from, from + third - 1); last = median(n - third + 1, n)
            low = high = files[from]
            for (i = from; i <= n - 1; i++) { if (files[i] < low) low = files[i]; if (files[i] > high) high = files[i] }
            printf "%-6d %8d %10.1f %10.1f %10d %8s %8.0f  %s\n", seed, hours, seconds, last / 1024, last - first,
                low == high ? high : low "-" high, hours * 3600 / seconds, substr(hash, 1, 40)
            if (!few && last - first > limit) { print "soak: memory grew by " last - first " KiB"; bad = 1 }
            if (!few && files[n - 1] > files[from] + 1) { print "soak: open files grew from " files[from] " to " files[n - 1]; bad = 1 }
            if (hash == "" || hash != again) { print "soak: two replays of one log differ: " hash " and " again; bad = 1 }
            exit bad
        }' "$looks" || failed=1
    rm -rf "$out"
    seed=$((seed + 1))
done
if [ $failed = 0 ]; then
    echo "soak: $hours simulated hours, memory and open files flat, replays alike"
else
    echo "soak: see above; one piece alone: outbreath headless --person seed=N --minutes M --out DIR --no-frames --no-sound" >&2
fi
exit $failed
