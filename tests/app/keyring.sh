#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# keyring.sh PROGRAM: a person's key in the desktop's keyring, with a real one (gnome-keyring) on a bus of its own, and
# without any. Skips the former where gnome-keyring is not installed.
set -eu
program=${1:?usage: keyring.sh PROGRAM}
if [ "${2-}" != inside ]; then
    work=$(mktemp -d "${TMPDIR:-/tmp}/ob-keyring.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    mkdir -m 700 "$work/run" "$work/home"
    HOME=$work/home XDG_RUNTIME_DIR=$work/run XDG_DATA_HOME=$work/home OUTBREATH_DATA=$work/data OUTBREATH_CONFIG=none
    export HOME XDG_RUNTIME_DIR XDG_DATA_HOME OUTBREATH_DATA OUTBREATH_CONFIG
    unset DBUS_SESSION_BUS_ADDRESS DISPLAY OUTBREATH_PASSPHRASE GNOME_KEYRING_CONTROL

    # Without a keyring: a sentence, nobody half made.
    if "$program" people add Ada --keyring >"$work/said" 2>&1; then
        cat "$work/said"
        echo "keyring: it should have said that there is none" && exit 1
    fi
    grep -q "keyring does not answer here" "$work/said" || { cat "$work/said" && exit 1; }
    [ "$("$program" people)" = "Nobody is kept here yet." ] || { "$program" people && exit 1; }

    for needed in dbus-run-session gnome-keyring-daemon; do
        command -v $needed >/dev/null || { echo "keyring: $needed is not installed, skipped" && exit 77; }
    done
    status=0
    dbus-run-session -- sh "$0" "$program" inside "$work" || status=$?
    exit $status
fi

work=$3
eval "$(printf 'a login' | gnome-keyring-daemon --unlock --components=secrets 2>/dev/null)"
say() { "$program" "$@" >"$work/said" 2>&1 || { cat "$work/said" && echo "keyring: outbreath $* failed" && exit 1; }; }
has() { grep -q "$1" "$work/said" || { cat "$work/said" && echo "keyring: nothing like '$1'" && exit 1; }; }

say people add Ada --keyring
say people
has 'Ada .*desktop keyring'
say verify
has 'All is well'
say people rename Ada Beatrix # the key opens by itself
# Another keyring, such as after a new login as somebody else: it says so, and nothing is lost.
id=$("$program" people --json | sed -n 's/.*"id": "\([0-9a-f]*\)".*/\1/p')
dbus-run-session -- sh -c '
    eval "$(printf other | HOME="$2/home2" XDG_DATA_HOME="$2/home2" gnome-keyring-daemon --unlock --components=secrets 2>/dev/null)"
    ! "$1" sessions --person 1 >"$2/other" 2>&1' sh "$program" "$work"
grep -q 'has no key for this person' "$work/other" || { cat "$work/other" && exit 1; }
# To a key file and back, and gone.
say people unlock Beatrix
say people
has 'Beatrix .*key file'
say people lock Beatrix --keyring
say delete --person Beatrix --yes
[ ! -e "$OUTBREATH_DATA/keys/$id.key" ] || { echo "keyring: the key is still there" && exit 1; }
echo "keyring: kept, opened, replaced and forgotten in the desktop's keyring"
