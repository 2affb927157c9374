#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# selftest.sh TREE: the house's checks can fail. Each violation is planted in a copy and must be found.
set -eu
tree=${1:?usage: selftest.sh TREE}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
copy=$(mktemp -d "${TMPDIR:-/tmp}/ob-house.XXXXXX")
trap 'rm -rf "$copy"' EXIT
failed=0
small=0
rooms='' # only these of the tree, where the violations are in them; all

fresh() {
    rm -rf "${copy:?}/tree"
    mkdir -p "$copy/tree"
    if [ "$small" = 1 ]; then # enough for a check that reads strings and pages, and a hundred times quicker
        mkdir -p "$copy/tree/src/base" && cp "$tree/src/base/err.c" "$copy/tree/src/base/"
    elif [ -n "$rooms" ]; then
        mkdir "$copy/tree/src"
        for room in $rooms; do cp -R "$tree/src/$room" "$copy/tree/src/"; done
    else
        cp -R "$tree/src" "$copy/tree/src"
    fi
    printf 'A page.\n' >"$copy/tree/README.md"
}

# finds CHECK TITLE: the check fails on the copy. passes CHECK TITLE: it does not.
finds() {
    if sh "$here/$1.sh" "$copy/tree" >"$copy/out" 2>&1; then
        echo "selftest: $1 did not see: $2" && failed=1
    fi
    fresh
}
passes() {
    if ! sh "$here/$1.sh" "$copy/tree" >"$copy/out" 2>&1; then
        echo "selftest: $1 complains about: $2" && cat "$copy/out" && failed=1
    fi
    fresh
}
plant() { # plant FILE LINE: append the line to a file of the copy
    printf '%s\n' "$2" >>"$copy/tree/$1"
}
spdx='/* SPDX-License-Identifier: GPL-3.0-or-later */'

fresh
rooms='base os signal'
passes includes "the tree as it is"
plant src/base/rng.c '#include "os/clock.h"' && finds includes "a pure room that includes an adapter"
plant src/os/clock.c '#include "signal/rr.h"' && finds includes "a room that is not in the DEPS"
plant src/base/rng.c '#include <unistd.h>' && finds includes "a system header in a pure room"
plant src/base/rng.h '#  include <time.h>' && finds includes "a system header in a pure room's header"
plant src/os/clock.c '#include "../base/rng.h"' && finds includes "an include that climbs"
plant src/os/clock.c '#include "nowhere.h"' && finds includes "a file that is not beside it"
plant src/os/clock.c '#include "attic/x.h"' && finds includes "a room that does not exist"
printf 'ob_room(base PURE SOURCES err.c\n  DEPS\n  os)\n' >"$copy/tree/src/base/CMakeLists.txt" && finds includes "DEPS against the order"
mkdir "$copy/tree/src/attic" && echo 'ob_room(attic PURE SOURCES x.c)' >"$copy/tree/src/attic/CMakeLists.txt" && finds includes "a room that is in no table"
plant src/os/clock.c '#include <unistd.h>' && passes includes "a system header in an adapter"

rooms='' && fresh && rooms='base os signal'
passes tidy "the tree as it is"
echo 'int x;' >"$copy/tree/src/base/x.c" && finds tidy "a source without its licence line"
{ echo "$spdx" && yes 'extern int x;' | head -n 800; } >"$copy/tree/src/base/x.c" && finds tidy "a file of 801 lines"
plant src/base/rng.c "/* see /ho""me/somebody/notes */" && finds tidy "a home folder"
plant src/base/rng.c "/* TO""DO: all of it */" && finds tidy "unfinished work"
plant README.md "Write to somebody@""provider.net" && finds tidy "an address"

small=1 && passes claims "the tree as it is"
plant src/base/err.c 'const char *a = "It diagnoses " "your heart.";' && finds claims "a diagnosis in a string"
plant src/base/err.c 'const char *a = "Raises vag" "al tone.";' && finds claims "a claim over two neighbouring literals"
plant src/base/err.c '/* Nobody shall say "it cures". */' && passes claims "the word in a comment"
plant src/base/err.c 'const char *a = "This does not diagnose anything.";' && passes claims "a denial in a string"
plant README.md 'Clinically proven. It is not.' && finds claims "a claim with a denial only in the next sentence"
plant README.md 'It lowers
your blood pressure.' && finds claims "a claim over two lines"
plant src/base/err.c 'const char *a = "It does not beep. It heals.";' && finds claims "a claim behind a denial in one string"
plant src/base/err.c 'const char *a = "Your assessment is ready.";' && finds claims "a word that is not for people"
plant README.md 'The stepped assessment of Lehrer.' && passes claims "the same word in a page for readers"
mkdir -p "$copy/tree/po" && plant po/de.po 'msgid "Breathe"
msgstr "Das ist nicht alles. Langsames "
"Atmen heilt."' && finds claims "a claim in a translation, over two lines"
mkdir -p "$copy/tree/po" && plant po/de.po 'msgid "Not now"
msgstr "Senkt den Blutdruck"' && finds claims "a claim behind a key that denies"
mkdir -p "$copy/tree/po" && plant po/de.po '# It cures.
msgid "It does not diagnose anything."
msgstr "Es heilt nichts und stellt keine Diagnose."' && passes claims "denials in a translation"
plant src/page.html '<p>Improves your immune system</p>' && finds claims "a claim in a page"
plant src/page.js 'say("Lowers blood pressure");' && finds claims "a claim in a script"
plant src/page.html '<p>{{Nothing is marked yet}}</p><p>{{Lowers blood pressure}}</p>' && finds claims "a claim beside a denial in another element"
plant src/page.js "say('{{Not begun}}', 'Lowers blood pressure')" && finds claims "a claim beside a denial in other quotes"
plant src/page.js "say('{{This can\\'t heal anybody.}}')" && passes claims "a denial in a script"
plant src/page.html '<p>It does not
    heal.</p>' && passes claims "a denial over two lines of a page"
mkdir -p "$copy/tree/config" && plant config/x.yaml 'text: Proven to calm.' && finds claims "a claim in a caption"
mkdir -p "$copy/tree/config" && plant config/x.yaml 'title: Nothing leads
text: Proven to calm' && finds claims "a claim below a denial in another caption"
plant README.md 'It does not diagnose, treat or cure. In a treatment room it is silent.' && passes claims "honest sentences"

small=0
fresh
if command -v clang-format-14 >/dev/null; then
    cp "$tree/.clang-format" "$copy/tree/"
    mkdir -p "$copy/tree/tests"
    plant src/base/rng.c 'int   x ;'
    finds format "a badly set line"
fi
[ $failed = 0 ] && echo "selftest: every planted violation was found"
exit $failed
