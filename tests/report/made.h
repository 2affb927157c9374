/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session with a bit of everything, the same each time. */
#ifndef OB_TESTS_REPORT_MADE_H
#define OB_TESTS_REPORT_MADE_H

#include "report/kept.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_BEATS 600

static inline struct ob_kept made_session(uint32_t beats_from)
{
    struct ob_kept kept;
    memset(&kept, 0, sizeof kept);
    snprintf(kept.id, sizeof kept.id, "00112233445566778899aabbccddeeff");
    snprintf(kept.state, sizeof kept.state, "ended");
    snprintf(kept.protocol, sizeof kept.protocol, "guided");
    snprintf(kept.source, sizeof kept.source, "Bluetooth heart strap \"H\\10\"\t");
    kept.number = 7;
    kept.start_wall_ns = INT64_C(1709251199123456789); /* 2024-02-29 23:59:59.1 */
    kept.utc_offset_s = 3600;
    kept.planned_minutes = 10;
    kept.beats_from = beats_from;
    kept.checkin[1] = 7;
    int64_t t_ns = -2345678901; /* a strap's first beat, older than the session */
    for (int i = 0; i < MADE_BEATS; i++) {
        struct ob_kept_beat beat = {.age_ns = 1000003 * i, .flag = OB_BEAT_NORMAL};
        beat.rr_ms = (float)(900.0 + 61.7 * sin(i * 0.31) + 1000.0 / 1024.0 * (i % 5));
        beat.nn_ms = beat.rr_ms;
        t_ns += (int64_t)((double)beat.rr_ms * 1e6);
        switch (i) {
        case 50: /* a gap of a minute */
            t_ns += INT64_C(60000000000);
            beat.flag = OB_BEAT_GAP;
            beat.nn_ms = 0.0f;
            break;
        case 60: /* and one of a second and a half */
            t_ns += INT64_C(1500000000);
            beat.flag = OB_BEAT_GAP;
            beat.nn_ms = 0.0f;
            break;
        case 80:
            beat.flag = OB_BEAT_MISSED;
            beat.nn_ms = beat.rr_ms / 2.0f;
            break;
        case 90:
            beat.flag = OB_BEAT_EXTRA;
            beat.nn_ms = 0.0f;
            break;
        case 91:
            beat.flag = OB_BEAT_EXTRA;
            beat.nn_ms = beat.rr_ms + kept.beats[90].rr_ms;
            break;
        case 100:
            beat.flag = OB_BEAT_ECTOPIC;
            break;
        default:
            break;
        }
        beat.time_ns = t_ns;
        if (!ob_kept_add_beat(&kept, &beat))
            abort();
    }
    kept.duration_s = (double)(t_ns / 1000000000);
    for (int s = 0; s < (int)kept.duration_s; s++) {
        struct ob_kept_second second = {.time_ns = (int64_t)s * 1000000000,
                                        .stage = s < 20 ? OB_STAGE_UNPACED_BEFORE : OB_STAGE_GUIDED};
        for (int f = 0; f < OB_FEATURES; f++)
            second.values[f] = s < 10 + f ? NAN : (float)(5.0 + f + sin(s * 0.1 + f) / 3.0);
        if (!ob_kept_add_second(&kept, &second))
            abort();
    }
    struct ob_kept_mark mark = {.time_ns = 33333333333, .kind = "text"};
    snprintf(mark.words, sizeof mark.words, "sp\xc3\xa4t, \"\xe6\x9c\x88\"\n and more words than an annotation holds");
    if (!ob_kept_add_mark(&kept, &mark))
        abort();
    return kept;
}

#endif
