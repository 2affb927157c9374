#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tidy.sh TREE: licence lines, file sizes, and nothing that belongs to one person or one machine.
set -eu
cd "${1:?usage: tidy.sh TREE}"
failed=0
complain() {
    printf '%s\n' "tidy: $1"
    failed=1
}

files=$(find . \( -path ./build -o -path ./.git -o -name 'outbreath-*' \) -prune -o -type f -print | sed 's|^\./||' | sort)
sources=$(printf '%s\n' "$files" | grep -E '(\.[ch]|\.cmake|CMakeLists\.txt|\.sh|\.glsl|\.vert|\.frag|\.desktop|\.xml|\.svg|\.1)$|^run$|^\.ci/run$' | grep -v '^tests/fuzz/corpus/' || true)

for f in $sources; do
    head -n 3 "$f" | grep -q 'SPDX-License-Identifier: ' || complain "$f: no SPDX line at its head"
done

for f in $sources; do
    lines=$(wc -l <"$f")
    [ "$lines" -le 800 ] || complain "$f: $lines lines; a file past 800 holds more than one noun"
done

# Home folders, the folders of one machine, addresses of people. Pictures, recordings and corpora aside.
# The patterns are put together here so that this file does not match itself.
slash=/
text=$(printf '%s\n' "$files" | grep -vE '\.(png|wav|dat|ico|oblog)$|^tests/fuzz/corpus/|^LICENSE$')
for f in $text; do
    grep -nIE "(^|[^A-Za-z0-9_.])${slash}(home|Users|root|work)${slash}[A-Za-z0-9_.-]+" "$f" | sed "s|^|$f:|" | grep . && complain "$f: a path of one machine"
    grep -nIE '[A-Za-z0-9._-]+@[A-Za-z0-9-]+\.[a-z]{2,}' "$f" | grep -vE '@example\.(org|com)|@[0-9.]+x|\.service' | sed "s|^|$f:|" | grep . && complain "$f: somebody's address"
done

# Words that say that something is not finished belong into the list of issues.
marks="TO""DO|FIX""ME|X""XX"
for f in $sources; do
    grep -nE "\b($marks)\b" "$f" | sed "s|^|$f:|" | grep . && complain "$f: unfinished by its own words"
done

[ $failed = 0 ] && echo "tidy: $(printf '%s\n' "$files" | wc -l) files, each with what it needs and nothing personal"
exit $failed
