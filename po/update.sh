#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# po/update.sh: gathers the words of the program into outbreath.pot and merges them into each catalogue.
# po/update.sh check: says whether outbreath.pot is what the sources give, and whether each catalogue is complete.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Titles, names and captions of the sessions that are shipped, as if they stood in a source.
for file in config/protocols/*.yaml; do
    sed -n -E 's/^( *- | *)(title|about|name|text): (.*)$/\3/p' "$file" | sed -E 's/ +#.*$//; s/^"(.*)"$/\1/; s/^'"'"'(.*)'"'"'$/\1/; s/\\/\\\\/g; s/"/\\"/g; s/^(.*)$/ob_tr("\1");/'
done >"$work/protocols.c"
# What the scenes call themselves.
sed -n -E 's|^// name: +(.*)$|ob_tr("\1");|p' shaders/scenes/*.glsl >>"$work/protocols.c"

# The sentences of the console's page: {{...}} in its files, blanks and line breaks being one blank.
cat src/stream/page/*.html src/stream/page/*.js | tr '\n' ' ' | grep -oE '\{\{[^}]*\}\}' |
    sed -E 's/^\{\{ *//; s/ *\}\}$//; s/ +/ /g; s/\\/\\\\/g; s/"/\\"/g; s/^(.*)$/ob_tr("\1");/' >>"$work/protocols.c"

common="--from-code=UTF-8 --language=C --no-location --sort-output --package-name=outbreath --copyright-holder= --add-comments=Translators"
# shellcheck disable=SC2046,SC2086 # lists of words
xgettext $common --keyword --keyword=ob_tr --keyword=OB_TR --keyword=ob_ui_tr:2 --keyword=ob_in:2 --keyword=OB_IN \
    -o "$work/code.pot" "$work/protocols.c" $(find src \( -name '*.c' -o -name '*.h' \) | LC_ALL=C sort)
# shellcheck disable=SC2086
xgettext $common --keyword --keyword=X:3 -o "$work/lines.pot" src/script/lines.h
# shellcheck disable=SC2086
xgettext $common --keyword --keyword=X:2 -o "$work/errors.pot" src/base/err.h src/base/mark.h
msgcat --use-first --no-location --sort-output "$work/code.pot" "$work/lines.pot" "$work/errors.pot" |
    sed -e '/^"POT-Creation-Date:/d' -e 's/charset=CHARSET/charset=UTF-8/' -e '/@/s/ <[^>]*>//' -e 's/SOME DESCRIPTIVE TITLE/The words of Outbreath/' >"$work/outbreath.pot"

if [ "${1-}" = check ]; then
    diff -u po/outbreath.pot "$work/outbreath.pot" >&2 || { echo "the words have changed: run po/update.sh" >&2; exit 1; }
    for po in po/*.po; do
        msgfmt --check --statistics -o /dev/null "$po" 2>"$work/said" || { cat "$work/said" >&2; exit 1; }
        if grep -qE 'untranslated|fuzzy' "$work/said"; then
            printf '%s: ' "$po" >&2
            cat "$work/said" >&2
            exit 1
        fi
    done
    exit 0
fi
cp "$work/outbreath.pot" po/outbreath.pot
for po in po/*.po; do
    [ -e "$po" ] || continue
    msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-location --sort-output "$po" po/outbreath.pot
    sed -i -e '/^"POT-Creation-Date:/d' "$po"
done
