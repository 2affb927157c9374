#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# kiosk_unit.sh UNIT: the kiosk's service keeps its sandbox (an exposure of at most 2.0) and what heals it.
set -eu
command -v systemd-analyze >/dev/null 2>&1 || { echo "no systemd-analyze here: skipped"; exit 77; }
for line in Type=notify WatchdogSec=10 Restart=always LimitCORE=0; do
    grep -qx "$line" "$1" || { echo "the unit has no line $line" >&2; exit 1; }
done
systemd-analyze security --offline=true --threshold=20 "$1" | tail -1
systemd-analyze security --offline=true --threshold=20 "$1" >/dev/null
