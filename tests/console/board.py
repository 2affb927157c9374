# SPDX-License-Identifier: GPL-3.0-or-later
"""A pulse sensor on a serial line of its own, for tests: prints the path of the line, then beats until nobody reads.

The heart is calm, wanders with a breath of six a minute, and is nobody's.
"""
import math
import os
import pty
import sys
import time
import tty

ours, theirs = pty.openpty()
tty.setraw(theirs)
print(os.ttyname(theirs), flush=True)
begun = time.monotonic()
next_beat = 1.0
for tick in range(1 << 30):
    at = tick / 50.0
    time.sleep(max(0.0, begun + at - time.monotonic()))
    line = "S%d\n" % (512 + 200 * math.sin(6.3 * at))
    if at >= next_beat:
        rr = 0.9 + 0.06 * math.sin(2 * math.pi * at / 10.0)
        line += "B%d\nQ%d\n" % (60 / rr, 1000 * rr)
        next_beat += rr
    try:
        os.write(ours, line.encode())
    except OSError:
        sys.exit(0)
    if os.getppid() == 1:
        sys.exit(0)
