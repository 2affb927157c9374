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

# shellcheck disable=SC2086 # lists of names without blanks
awk '
    function close_file() {
        if (name == "") return
        if (!licensed) { print "tidy: " name ": no SPDX line at its head"; failed = 1 }
        if (lines > 800) { print "tidy: " name ": " lines " lines; a file past 800 holds more than one noun"; failed = 1 }
    }
    FNR == 1 { close_file(); name = FILENAME; licensed = 0 }
    { lines = FNR }
    FNR <= 3 && /SPDX-License-Identifier: / { licensed = 1 }
    END { close_file(); exit failed }' $sources || failed=1

# Home folders, the folders of one machine, addresses of people; words that say that something is unfinished (they
# belong into the list of issues). Pictures, recordings and corpora aside. The patterns are put together here so that
# this file does not match itself.
slash=/
marks="TO""DO|FIX""ME|X""XX"
text=$(printf '%s\n' "$files" | grep -vE '\.(png|wav|dat|ico|oblog)$|^tests/fuzz/corpus/|^LICENSE$')
# shellcheck disable=SC2086
found=$(grep -nIHE "(^|[^A-Za-z0-9_.])${slash}(home|Users|root|work)${slash}[A-Za-z0-9_.-]+" $text) && complain "a path of one machine:
$found"
# shellcheck disable=SC2086
found=$(grep -nIHE '[A-Za-z0-9._-]+@[A-Za-z0-9-]+\.[a-z]{2,}' $text | grep -vE '@example\.(org|com)|\.service') && complain "somebody's address:
$found"
# shellcheck disable=SC2086
found=$(grep -nHE "\b($marks)\b" $sources) && complain "unfinished by its own words:
$found"

[ $failed = 0 ] && echo "tidy: $(printf '%s\n' "$files" | wc -l) files, each with what it needs and nothing personal"
exit $failed
