/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a source's intervals are what they claim to be. Pure.
 *
 * Some devices give a heart rate but no intervals, smooth their intervals, repeat one for ever, or send milliseconds
 * where 1/1024 s are due. Nothing of that may be scored; it is recognised within about a minute and named. */
#ifndef OB_SENSOR_BEAT_JUDGE_H
#define OB_SENSOR_BEAT_JUDGE_H

#include <stddef.h>
#include <stdint.h>

#define OB_JUDGE_WINDOW 64 /* intervals */

enum ob_beat_verdict {
    OB_BEATS_GOOD,         /* nothing speaks against them */
    OB_BEATS_HR_ONLY,      /* a heart rate for 15 s and not one interval */
    OB_BEATS_IMPLAUSIBLE,  /* more than a fifth outside 300-2000 ms */
    OB_BEATS_STUCK,        /* the same interval 8 times on end, or in most of the window */
    OB_BEATS_MILLISECONDS, /* milliseconds sent as ticks: heart rate and wall clock both say so */
    OB_BEATS_MISMATCH,     /* more than 15% away from the device's own heart rate */
    OB_BEATS_SMOOTHED,     /* hardly any scatter from beat to beat, and differences that resemble their neighbours */
    OB_BEATS_OLD,          /* arrive more than 8 s after they were */
};

struct ob_beat_judge {
    enum ob_beat_verdict verdict;
    /* private */
    int64_t silent_since_ns; /* a heart rate without intervals; 0: there are intervals */
    int64_t begun_ns;
    double sum_s; /* of intervals since begun_ns */
    double hr_sum, hr_rr_sum;
    int hr_count;
    int count, run, smooth_run;
    uint16_t ticks[OB_JUDGE_WINDOW];
};

void ob_beat_judge_init(struct ob_beat_judge *judge);

/* Data were lost: wall clock and sum no longer belong together. The verdict stays until there is a new one. */
void ob_beat_judge_gap(struct ob_beat_judge *judge);

/* A packet: when it came, the device's own heart rate (0: none), its intervals in ticks, and the age of the newest
 * beat as the timeline sees it (0 without one). Returns the verdict. */
enum ob_beat_verdict ob_beat_judge_packet(struct ob_beat_judge *judge, int64_t arrived_ns, unsigned hr_bpm,
                                          const uint16_t *rr_ticks, size_t count, int64_t age_ns);

/* A sentence for people, "" for OB_BEATS_GOOD. Static memory. */
const char *ob_beat_verdict_sentence(enum ob_beat_verdict verdict);

#endif
