#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# rehearsal.sh PROGRAM [DAYS [MINUTES]]: a month of sessions of one simulated person, and what a person would then do
# with them: look, back up, lose, restore, delete, verify. Faults on the way: a program that is killed, a clock that is
# set back a year, a second program at once. Says what went wrong and ends with 1.
set -eu
program=${1:?usage: rehearsal.sh PROGRAM [DAYS [MINUTES]]}
days=${2:-30}
minutes=${3:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/ob-rehearsal.XXXXXX")
data=$work/data
pid=''
cleanup() {
    [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

OUTBREATH_DATA=$data
OUTBREATH_CONFIG=none
export OUTBREATH_DATA OUTBREATH_CONFIG
unset OUTBREATH_PASSPHRASE

die() {
    printf '%s\n' "rehearsal: $*" >&2
    for file in out err; do [ ! -s "$work/$file" ] || sed "s/^/    $file: /" "$work/$file" >&2; done
    exit 1
}
outbreath() { # the exit status is the caller's to judge
    "$program" "$@" >"$work/out" 2>"$work/err" </dev/null
}
must() { outbreath "$@" || die "outbreath $* ended with $?"; }
must_not() { ! outbreath "$@" || die "outbreath $* should not have worked"; }
says() { grep -q -- "$1" "$work/out" "$work/err" || die "$2: nothing like '$1' was said"; }
count() { grep -c -- "$1" "$work/out" || true; }
found() { grep -rqaF -- "$1" "$data"; }

marker=Quetzalcoatl-4711

# Nothing is there, and looking makes nothing.
must_not sessions
says 'nothing is kept' 'an empty folder'
[ ! -e "$data" ] || die "looking made a folder"

# A folder that can't be one: the session runs, and says that it is not kept.
echo >"$work/file"
must_not headless --store --data "$work/file/below" --minutes 0.5
says 'not being kept' 'a folder that is none'

# A month of mornings. The ninth is kept by a clock that is a year behind.
day=1
while [ "$day" -le "$days" ]; do
    date=$(printf '2026-%02d-%02d' $((3 + day / 29)) $((1 + day % 28)))
    [ "$day" != 9 ] || date=2025-03-09
    must headless --store --person seed=7 --minutes "$minutes" --start-time "${date}T07:30:00+01:00"
    says "Kept as session $day:" "day $day"
    day=$((day + 1))
done
must sessions --json
[ "$(count '"state": "ended"')" = "$days" ] || die "not every session is there"
[ "$(sed -n 's/.*"number": \([0-9]*\),.*/\1/p' "$work/out" | head -n 1)" = "$days" ] || die "the newest is not first"
[ "$days" -lt 9 ] || says '2025-03-09T07:30:00+01:00' 'the clock that was behind'
must sessions
[ "$(count 'ended, simulated')" = "$days" ] || die "the table lacks some"

# The marker goes in, and is in no file.
must people rename 1 "$marker"
must people notes 1 "about $marker"
must people --json
says "$marker" 'the name'
! found "$marker" || die "the name is on the disk in clear"
must sessions --person "$marker"
must_not people rename 1 "$(printf '%01000d' 0)"
says 'at most 200' 'a long name'
must_not people add "$(printf 'a\200b')"
says 'UTF-8' 'a name that is no text'
must verify
says 'All is well' 'verify'

# Killed in the middle: what was said to be safe is there.
"$program" headless --store --realtime --acknowledge --as "$marker" --person seed=7 --minutes 1 >"$work/live" 2>&1 &
pid=$!
waited=0
until [ "$(grep -c safe "$work/live")" -ge 3 ] || [ $waited -ge 600 ]; do
    sleep 0.1
    waited=$((waited + 1))
done
# Meanwhile a second one: it says that it is not kept.
must_not headless --store --as "$marker" --person seed=8 --minutes 0.5
says 'another Outbreath' 'a second one at once'
must_not delete --person "$marker" --yes
says 'end that one first' 'deleting while a session runs'
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
pid=''
safe=$(sed -n 's/^safe: \([0-9]*\) beats/\1/p' "$work/live" | tail -n 1)
must sessions --json
says '"state": "interrupted"' 'the session that was killed'
beats=$(grep '"state": "interrupted"' "$work/out" | sed 's/.*"beats": \([0-9]*\),.*/\1/')
[ "$beats" -ge "$safe" ] || die "$safe beats were said to be safe, $beats are there"

# A passphrase; a wrong one changes nothing.
printf 'open sesame\n' >"$work/good"
printf 'open sesam\n' >"$work/wrong"
must people lock "$marker" --new-passphrase-file "$work/good"
must_not sessions --person 1 --passphrase-file "$work/wrong"
says 'does not fit' 'a wrong passphrase'
must_not sessions --person 1
says 'locked' 'no passphrase'
must sessions --person 1 --passphrase-file "$work/good"
must verify
says '1 locked' 'verify without the passphrase'
must verify --passphrase-file "$work/good"
says 'All is well' 'verify with the passphrase'
must people unlock 1 --passphrase-file "$work/good"

# A backup, a loss, a backup that is cut short, and the whole one.
must backup "$work/backup" --passphrase-file "$work/good"
head -c 40000 "$work/backup" >"$work/cut"
must sessions --json
cp "$work/out" "$work/before"
must_not restore "$work/cut" --yes --passphrase-file "$work/good"
says 'nothing was changed' 'a backup that was cut short'
must sessions --json
cmp -s "$work/out" "$work/before" || die "a backup that was cut short changed something"
rm -rf "$data"
must restore "$work/backup" --passphrase-file "$work/good"
must sessions --json
cmp -s "$work/out" "$work/before" || die "the backup did not bring back what there was"

# Out of the house: as text that other programs read, a line a beat.
must sessions --json
beats=$(grep '"number": 2,' "$work/out" | sed 's/.*"beats": \([0-9]*\),.*/\1/')
must export --session 2 --format rr --out "$work/two.txt"
[ "$(grep -c '^[0-9]' "$work/two.txt")" = "$beats" ] || die "the exported text has not $beats lines"
must export --person "$marker" --format archive --out "$work/archive" --seal-file "$work/good"
! grep -qaF "$marker" "$work/archive" || die "the name is in the sealed archive in clear"

# One session goes, then everything.
must delete --session 3 --yes
must sessions
[ "$(count simulated)" = "$days" ] || die "deleting one session deleted something else"
must_not delete --person "$marker"
says 'nothing was deleted' 'deleting without being asked'
id=$(sed -n 's/.*"person": "\([0-9a-f]*\)".*/\1/p' "$work/before" | head -n 1)
[ -e "$data/keys/$id.key" ] || die "the key is not where it should be"
must delete --person "$marker" --yes
[ ! -e "$data/keys/$id.key" ] || die "the key is still there"
! found "$marker" || die "the name is on the disk"
! found "$id" || die "the id is on the disk"
must sessions
says 'No sessions' 'after deleting'
must verify
says 'people 0' 'after deleting'
[ "$(find "$data" -type f -size +200k | wc -l)" = 0 ] || die "the database did not shrink"

# What was taken out of the house lies outside the key, and brings everything back, once.
must import "$work/archive" --seal-file "$work/good"
must import "$work/archive" --seal-file "$work/good"
says '0 sessions with 0 beats' 'importing twice'
must sessions --json
[ "$(count '"state":')" = $((days + 1)) ] || die "the archive did not bring back what there was"
! found "$marker" || die "the name is on the disk in clear after the import"
must verify
says 'All is well' 'verify after the import'
echo "rehearsal: $days days, then looked, locked, backed up, restored, deleted, verified: all as it should be"
