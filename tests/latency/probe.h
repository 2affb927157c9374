/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outside probe of latency: heartbeats down a serial line, and when light and sound answered, seen from outside the
 * program.
 *
 * Times are CLOCK_MONOTONIC. A flip is the moment at which the patch in the upper left corner of the X server's
 * framebuffer is seen changed, by a look each quarter of a millisecond. A click's moment is when its first sample plays
 * on the null sink. The recording has no clock of its own on this time: it is found from when its blocks arrive
 * (probe_sound_origin). */
#ifndef OB_TESTS_PROBE_H
#define OB_TESTS_PROBE_H

#include "../live/stage.h"

#include <stddef.h>
#include <stdint.h>

#define PROBE_BEATS_MAX 4096

struct probe {
    struct stage *stage;
    int64_t said_ns[PROBE_BEATS_MAX]; /* just before the write */
    size_t said;
    int64_t flip_ns[PROBE_BEATS_MAX];
    size_t flips;
    int64_t look_gap_ns;             /* the longest time between two looks while measuring */
    double click_s[PROBE_BEATS_MAX]; /* from the recording's first frame */
    size_t clicks;
    double origin_s; /* of the recording on the monotonic clock */
    double slack_s;  /* it may be so much later, not earlier */
    int64_t seed;
};

/* Says a beat each 0.7 to 1.1 s for the given number of them, and looks. false: the program ended meanwhile. */
bool probe_run(struct probe *probe, size_t beats);

/* After the recording was stopped: finds the clicks, and the clock. */
void probe_listen(struct probe *probe);

/* The first flip or click at or after a beat and before the next; INT64_MIN when there is none. */
int64_t probe_flip_after_ns(const struct probe *probe, size_t beat);
int64_t probe_click_after_ns(const struct probe *probe, size_t beat);

#endif
