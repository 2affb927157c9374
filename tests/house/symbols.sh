#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# symbols.sh BUILD-FOLDER ROOM...: what pure rooms really call, seen in their object files.
# They do no I/O, read no clock, start no thread and keep no changing globals.
# An exception stands in symbols.txt as "room symbol reason".
set -eu
build=${1:?usage: symbols.sh BUILD-FOLDER ROOM...}
shift
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
command -v nm >/dev/null || { echo "symbols: nm is missing, skipped" && exit 77; }
failed=0
for room; do
    lib=$build/src/$room/libob_$room.a
    [ -f "$lib" ] || { echo "symbols: $lib is not built" && exit 1; }
    nm -f sysv "$lib" | awk -F'|' -v room="$room" '
        FILENAME != "-" { split($0, w, " "); if (w[1] == room) excused[w[2]] = 1; next }
        /^(Symbols|Undefined symbols) from / { file = $0; sub(/.*\[/, "", file); sub(/\].*/, "", file); next }
        NF < 7 || $1 ~ /^Name/ { next }
        { name = $1; gsub(/ /, "", name); class = $3; gsub(/ /, "", class); section = $7; gsub(/ /, "", section)
          plain = name; sub(/@.*/, "", plain); sub(/^__(isoc99_|isoc23_)?/, "", plain); sub(/_chk$/, "", plain) }
        excused[name] { next }
        class == "U" && plain ~ /^(f?open(64)?|fdopen|freopen|popen|f?close|f?read|f?write|getline|v?f?printf|f?puts|f?putc|putchar|v?fscanf|scanf|f?getc|fgets|std(in|out|err)|perror|ioctl|poll|socket|connect|bind|mmap|unlink|rename|mkdir|stat|fstat|time|clock|clock_gettime|gettimeofday|localtime(_r)?|gmtime(_r)?|mktime|strftime|nanosleep|usleep|sleep|getenv|setenv|setlocale|rand|srand|random|drand48|pthread_.*|thrd_.*|mtx_.*|sem_.*|syscall|fork|exec.*|system|exit|_exit|signal|sigaction|strtok)$/ {
            print "symbols: " room " calls " name " (" file "): a pure room does no I/O, reads no clock, starts no thread"; failed = 1 }
        section ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && section !~ /^\.data\.rel\.ro/ {
            print "symbols: " room " has the changing global " name " (" file "): a pure room keeps none"; failed = 1 }
        END { exit failed }' "$here/symbols.txt" - || failed=1
done
[ $failed = 0 ] && echo "symbols: pure rooms are pure: $*"
exit $failed
