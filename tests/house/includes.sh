#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# includes.sh TREE: fails on an include against the direction of the house.
#  - a room's DEPS stay within rooms.txt;
#  - #include "room/x.h" names the own room or one of its DEPS, and the file exists;
#  - pure rooms include no system header for I/O, threads, clocks or devices.
set -eu
tree=${1:?usage: includes.sh TREE}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "$tree"

# What the pure rooms may have from outside. snprintf and sscanf live in stdio.h; symbols.sh sees to it
# that nothing else of it is used. cairo is for plot and ui, libyaml for config (it reads from memory).
pure_headers="assert.h complex.h ctype.h errno.h fenv.h float.h inttypes.h limits.h math.h stdalign.h stdarg.h
    stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h fftw3.h emmintrin.h xmmintrin.h pmmintrin.h immintrin.h"

files=$(find src -name '*.[ch]' | sort)
lists=$(find src -mindepth 2 -name CMakeLists.txt | sort)
[ -n "$files" ] || { echo "includes: no sources below $tree/src" && exit 1; }
# shellcheck disable=SC2086 # lists of names without blanks
awk -v pure_headers="$pure_headers" '
function room_of(path,   p) { split(path, p, "/"); return p[2] }
function bad(sentence) { print sentence; failed = 1 }
function finish_call(   n, w, i, mode, name) { # ob_room(name PURE|ADAPTER SOURCES ... DEPS ... LIBS ...)
    n = split(call, w, /[ \t()]+/)
    name = w[2]
    if (w[3] == "PURE") purity[folder] = purity[folder] "P"; else purity[folder] = purity[folder] "A"
    for (i = 4; i <= n; i++) {
        if (w[i] ~ /^(SOURCES|DEPS|LIBS)$/) { mode = w[i]; continue }
        if (w[i] == "") continue
        if (mode == "DEPS") {
            deps[folder, w[i]] = 1
            if (!((folder, w[i]) in allowed))
                bad(FILENAME ": " folder " may not depend on " w[i] " (tests/house/rooms.txt)")
        }
        if (mode == "SOURCES" && w[3] == "PURE") pure_file["src/" folder "/" w[i]] = 1
    }
    call = ""
}
BEGIN { n = split(pure_headers, h, /[ \n]+/); for (i = 1; i <= n; i++) if (h[i] != "") pure_ok[h[i]] = 1 }

FILENAME ~ /rooms\.txt$/ {
    if ($0 ~ /^#/ || NF == 0) next
    sub(/:$/, "", $1); known[$1] = 1
    for (i = 2; i <= NF; i++) allowed[$1, $i] = 1
    next
}
FILENAME ~ /CMakeLists\.txt$/ {
    sub(/#.*/, "")
    folder = room_of(FILENAME)
    if (!(folder in known)) { if (!told[folder]++) bad(FILENAME ": room " folder " is not in tests/house/rooms.txt"); next }
    if (call == "" && $0 ~ /^[ \t]*ob_room[ \t]*\(/) call = $0
    else if (call != "") call = call " " $0
    if (call ~ /\)/) finish_call()
    next
}
FNR == 1 && !(room_of(FILENAME) in purity) && (room_of(FILENAME) in known) { skipping = FILENAME } # not built (yet)
FILENAME == skipping { next }
FNR == 1 { folder = room_of(FILENAME); count++
    is_pure = (FILENAME in pure_file) || (FILENAME ~ /\.h$/ && purity[folder] ~ /^P+$/)
    if (!(folder in known) && !told[folder]++) bad(FILENAME ": room " folder " is not in tests/house/rooms.txt")
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, q, "\""); name = q[2]
    if (name ~ /\.\./) { bad(FILENAME ":" FNR ": \"" name "\": name the room instead of climbing"); next }
    if (name !~ /\//) {
        path = FILENAME; sub(/[^\/]*$/, name, path)
        if ((getline line < path) < 0) bad(FILENAME ":" FNR ": \"" name "\" is not beside it; name its room")
        close(path); next
    }
    room = name; sub(/\/.*/, "", room)
    if (!(room in known)) { bad(FILENAME ":" FNR ": \"" name "\": there is no room " room); next }
    if (room != folder && !((folder, room) in deps))
        bad(FILENAME ":" FNR ": \"" name "\": " folder " does not have " room " in its DEPS")
    next
}
/^[ \t]*#[ \t]*include[ \t]*</ {
    split($0, q, /[<>]/)
    if (!is_pure || (q[2] in pure_ok) || ((folder == "plot" || folder == "ui") && q[2] ~ /^(cairo|pango)/) ||
        (folder == "config" && q[2] == "yaml.h")) next
    bad(FILENAME ":" FNR ": <" q[2] "> has no place in a pure room (tests/house/includes.sh lists what has)")
}
END {
    if (failed) exit 1
    print "includes: " count " files keep the direction"
}' "$here/rooms.txt" $lists $files
