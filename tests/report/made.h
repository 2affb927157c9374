/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session with a bit of everything, the same each time. */
#ifndef OB_TESTS_REPORT_MADE_H
#define OB_TESTS_REPORT_MADE_H

#include "report/copy.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_BEATS 600

static inline struct ob_copy made_session(uint32_t beats_from)
{
    struct ob_copy copy;
    memset(&copy, 0, sizeof copy);
    snprintf(copy.id, sizeof copy.id, "00112233445566778899aabbccddeeff");
    snprintf(copy.state, sizeof copy.state, "ended");
    snprintf(copy.protocol, sizeof copy.protocol, "guided");
    snprintf(copy.source, sizeof copy.source, "Bluetooth heart strap \"H\\10\"\t");
    copy.number = 7;
    copy.start_wall_ns = INT64_C(1709251199123456789); /* 2024-02-29 23:59:59.1 */
    copy.utc_offset_s = 3600;
    copy.planned_minutes = 10;
    copy.beats_from = beats_from;
    copy.checkin[1] = 7;
    int64_t t_ns = -2345678901; /* a strap's first beat, older than the session */
    for (int i = 0; i < MADE_BEATS; i++) {
        struct ob_copy_beat beat = {.age_ns = 1000003 * i, .flag = OB_BEAT_NORMAL};
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
            beat.nn_ms = beat.rr_ms + copy.beats[90].rr_ms;
            break;
        case 100:
            beat.flag = OB_BEAT_ECTOPIC;
            break;
        default:
            break;
        }
        beat.time_ns = t_ns;
        if (!ob_copy_add_beat(&copy, &beat))
            abort();
    }
    copy.duration_s = (double)(t_ns / 1000000000);
    for (int s = 0; s < (int)copy.duration_s; s++) {
        struct ob_copy_second second = {.time_ns = (int64_t)s * 1000000000,
                                        .stage = s < 20 ? OB_STAGE_UNPACED_BEFORE : OB_STAGE_GUIDED};
        for (int f = 0; f < OB_FEATURES; f++)
            second.values[f] = s < 10 + f ? NAN : (float)(5.0 + f + sin(s * 0.1 + f) / 3.0);
        if (!ob_copy_add_second(&copy, &second))
            abort();
    }
    struct ob_copy_mark mark = {.time_ns = 33333333333, .kind = "text"};
    snprintf(mark.words, sizeof mark.words, "sp\xc3\xa4t, \"\xe6\x9c\x88\"\n and more words than an annotation holds");
    if (!ob_copy_add_mark(&copy, &mark))
        abort();
    return copy;
}

#endif
