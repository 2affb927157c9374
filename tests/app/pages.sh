#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# pages.sh PROGRAM PAGE...: what pages tell people to type is understood by the program: every command in backquotes or in a
# block that begins with "outbreath" or "./run" names commands and options that there are, and settings with values that
# they take. Nothing of it is carried out but 'config set', in a folder of its own.
set -eu
program=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" OUTBREATH_DATA="$work/data" OUTBREATH_CONFIG="$work/mine.yaml"
export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent LC_ALL=C
: >"$work/mine.yaml"
"$program" --help >"$work/help"

for page in "$@"; do
    awk -v page="${page##*/}" '
        function flush(   n, part, i) { # a command may go on in the next line
            n = split(text, part, "`")
            for (i = 2; i <= n; i += 2) if (part[i] ~ /^(outbreath|\.\/run) [a-z-]/) print page "\t" part[i]
            text = ""
        }
        /^```/ { flush(); block = !block; next }
        block { sub(/ +#.*/, ""); if ($0 ~ /^(outbreath|\.\/run)( |$)/) print page "\t" $0; next }
        /^[ \t]*$/ { flush(); next }
        { text = text " " $0 }
        END { flush() }
    ' "$page"
done | sort -u >"$work/commands"

wrong() {
    printf 'pages: %s: %s: %s\n' "$page" "$line" "$1" >&2
    echo x >>"$work/wrong"
}

while IFS="$(printf '\t')" read -r page line; do
    # shellcheck disable=SC2086 # words
    set -f && set -- $line && set +f
    shift
    case ${1-} in test | fuzz | soak | bench | deb) continue ;; esac # of ./run alone
    help="$work/help"
    case ${1-} in
    -* | '') ;;
    *)
        help="$work/help.$1"
        [ -e "$help" ] || "$program" "$1" --help >"$help" 2>/dev/null || { wrong "there is no command '$1'" && continue; }
        ;;
    esac
    if [ "${1-} ${2-}" = 'config set' ] && [ "${3-KEY}" != KEY ]; then
        "$program" config set "$3" "${4-}" >/dev/null 2>"$work/said" || wrong "$(cat "$work/said")"
    fi
    if [ "${1-} ${2-}" = 'config get' ] && [ "${3-KEY}" != KEY ]; then
        "$program" config get "$3" >/dev/null 2>"$work/said" || wrong "$(cat "$work/said")"
    fi
    for word in "$@"; do
        case $word in
        --help) ;;
        --no-*) grep -qE -- "--(no-)?${word#--no-}( |=|\$)" "$help" || wrong "there is no option $word" ;;
        --*) grep -qE -- "${word%%=*}([ =,]|\$)" "$help" || wrong "there is no option $word" ;;
        esac
    done
done <"$work/commands"

count=$(wc -l <"$work/commands")
[ "$count" -gt 0 ] || { echo 'pages: no command was found' >&2; exit 1; }
[ ! -e "$work/wrong" ] || exit 1
echo "pages: $count commands are what they are said to be"
