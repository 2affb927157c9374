#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# selftest_symbols.sh CC: symbols.sh finds a call and a global that a pure room must not have.
set -eu
cc=${1:?usage: selftest_symbols.sh CC}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
for tool in nm ar; do
    command -v $tool >/dev/null || { echo "symbols: $tool is missing, skipped" && exit 77; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/ob-house.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src/attic"
failed=0
try() { # try EXPECTED TITLE SOURCE
    rm -f "$work/src/attic/"*
    printf '%s\n' "$3" >"$work/a.c"
    "$cc" -O1 -fPIE -c "$work/a.c" -o "$work/a.o"
    ar rc "$work/src/attic/libob_attic.a" "$work/a.o"
    status=0
    sh "$here/symbols.sh" "$work" attic >"$work/out" 2>&1 || status=1
    [ $status = "$1" ] || { echo "selftest: $2: expected $1, got $status" && cat "$work/out" && failed=1; }
}
try 1 "a print" '#include <stdio.h>
void f(int x); void f(int x) { printf("%d", x); }'
try 1 "a clock" '#include <time.h>
long f(void); long f(void) { return (long)time(0); }'
try 1 "a hidden counter" 'int f(void); int f(void) { static int n; return ++n; }'
try 1 "a filled global" 'int table[2] = {1, 2};'
try 0 "constants, tables of strings, memory and snprintf" '#include <stdio.h>
#include <stdlib.h>
static const char *const words[] = {"a", "b"};
const char *f(int i); const char *f(int i) { return words[i & 1]; }
void *g(char *s); void *g(char *s) { snprintf(s, 2, "%d", 1); return malloc(3); }'
[ $failed = 0 ] && echo "selftest: symbols are seen"
exit $failed
