/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causal artefact correction of RR intervals: decides each interval with at most one following beat.
 *
 * Never bridges a gap, never reads a clock, constant memory, a fixed small cost a beat. Pure; one thread at a time.
 *
 * How it judges. Each interval is held until the next one is known. Both are compared with the corrected intervals of
 * the last half minute: with their range over about a breath, and with a threshold from the spread of their successive
 * differences. That is the idea of Lipponen & Tarvainen 2019 (doi 10.1080/03091902.2019.1640306), with three changes a
 * live loop needs: the window trails instead of being centred; the threshold is taken from corrected intervals and is
 * capped, because theirs swells under frequent ectopy until nothing is found; and a premature beat is recognised as
 * a pair, a short interval and the pause that makes up for it, so that bigeminy (every second beat premature) is
 * a row of such pairs. Slow, strong respiratory swings stay inside the range of a breath and are left alone.
 *
 * Start. With fewer than OB_RR_SURE accepted intervals thresholds are wide and an interval is accepted when it agrees
 * with its follower to 20%. When nothing has been accepted for a while, or everything looked doubled or halved for
 * long, the history is wrong rather than the heart, and starts again from the newest intervals. */
#ifndef OB_SIGNAL_RR_H
#define OB_SIGNAL_RR_H

#include <stdbool.h>
#include <stdint.h>

enum ob_rr_class {
    OB_RR_NORMAL,
    OB_RR_ECTOPIC, /* premature or late with a compensating neighbour; both intervals are marked, nn is interpolated */
    OB_RR_MISSED,  /* an interval over beats that were not seen; nn is its equal part */
    OB_RR_EXTRA,   /* split by a beat that was none: the first half has no nn, the second has that of both */
    OB_RR_LONG,    /* too long or too short without compensation: nn is interpolated from the neighbours */
    OB_RR_SHORT,
    OB_RR_GAP, /* the first interval after a gap, or outside 300-2000 ms and not explained: no nn */
};

struct ob_rr_in {
    int64_t time_ns;     /* of the beat that ends the interval */
    double rr_ms;        /* any number; what is not finite or not above 0 is taken as a gap */
    float confidence_01; /* of that beat */
};

struct ob_rr_out {
    int64_t time_ns;
    double rr_ms; /* as it came in */
    double nn_ms; /* corrected; 0: none */
    enum ob_rr_class kind;
    uint32_t parts; /* how many NN intervals of nn_ms this stands for: 1, or more for MISSED, 0 where nn_ms is 0 */
};

#define OB_RR_OUT_MAX 4
#define OB_RR_HISTORY 32 /* corrected intervals that thresholds come from */
#define OB_RR_RAW     8  /* newest raw intervals, to start again from */
#define OB_RR_SURE    5  /* accepted intervals from which on judgements are firm */

struct ob_rr_causal {
    struct ob_rr_in pending; /* waits for its follower */
    bool has_pending;
    bool after_gap;                   /* the next interval is the first after a gap */
    bool joined;                      /* history's newest interval ends where the pending one begins */
    double history_ms[OB_RR_HISTORY]; /* corrected intervals, oldest first */
    uint32_t history_count;
    double raw_ms[OB_RR_RAW]; /* raw intervals since the last gap, oldest first */
    uint32_t raw_count;
    uint32_t since_pair; /* intervals since a premature beat */
    uint32_t doubtful;   /* decided in a row without a plain normal one, pairs not counted */
};

void ob_rr_causal_init(struct ob_rr_causal *causal);

/* One interval in, the decided ones out (0 to OB_RR_OUT_MAX, oldest first). */
int ob_rr_causal_push(struct ob_rr_causal *causal, const struct ob_rr_in *in, struct ob_rr_out out[OB_RR_OUT_MAX]);

/* A gap, or the end: what is pending is decided without a following beat. The next interval pushed is taken to reach
 * over the gap and has no nn. */
int ob_rr_causal_gap(struct ob_rr_causal *causal, struct ob_rr_out out[OB_RR_OUT_MAX]);

#endif
