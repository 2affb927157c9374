/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causal artefact correction of RR intervals: decides each interval with at most one following beat.
 *
 * Never bridges a gap, never reads a clock, constant memory. Pure; one thread at a time. */
#ifndef OB_SIGNAL_RR_H
#define OB_SIGNAL_RR_H

#include <stdbool.h>
#include <stdint.h>

enum ob_rr_class {
    OB_RR_NORMAL,
    OB_RR_ECTOPIC, /* premature or late with a compensating neighbour; nn is interpolated */
    OB_RR_MISSED,  /* an interval over beats that were not seen; nn is its equal part */
    OB_RR_EXTRA,   /* a beat that was none: this interval has no nn, the next is joined with it */
    OB_RR_LONG,
    OB_RR_SHORT,
    OB_RR_GAP, /* the first interval after a gap, or outside 300-2000 ms and not explained: no nn */
};

struct ob_rr_in {
    int64_t time_ns;     /* of the beat that ends the interval */
    double rr_ms;        /* > 0 */
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
#define OB_RR_HISTORY 32

struct ob_rr_causal {
    struct ob_rr_in pending[2];
    int pending_count;
    double history_ms[OB_RR_HISTORY]; /* accepted intervals, for the trailing thresholds */
    uint32_t history_count;
    bool after_gap;
};

void ob_rr_causal_init(struct ob_rr_causal *causal);

/* One interval in, the decided ones out (0 to OB_RR_OUT_MAX, oldest first). */
int ob_rr_causal_push(struct ob_rr_causal *causal, const struct ob_rr_in *in, struct ob_rr_out out[OB_RR_OUT_MAX]);

/* A gap, or the end: what is pending is decided without a following beat. */
int ob_rr_causal_gap(struct ob_rr_causal *causal, struct ob_rr_out out[OB_RR_OUT_MAX]);

#endif
