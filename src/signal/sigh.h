/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sighs in a signal that is the chest's own movement: one breath, and not the one after it, at least OB_SIGH_TIMES as
 * deep as the median of the last ten (Perez-Padilla, West & Kryger 1983, doi:10.1093/sleep/6.3.234, take twice; at that
 * ordinary breaths are called sighs thrice as often: docs/loop.md).
 *
 * The depth of a breath is the smaller of its two legs, so that a chest that shifts and stays there is none; tops and
 * bottoms are followed apart, so that it does not matter which way a sensor points. Intervals of the heart alone show
 * sighs too badly (design: 10 false an hour), and are never asked. Pure; a part of resp.h. */
#ifndef OB_SIGNAL_SIGH_H
#define OB_SIGNAL_SIGH_H

#include <stdbool.h>
#include <stdint.h>

#define OB_SIGH_TIMES   2.2
#define OB_SIGH_BREATHS 10

struct ob_sigh_side {
    double depth[OB_SIGH_BREATHS]; /* of the last breaths, any unit; the newest is at (count - 1) % OB_SIGH_BREATHS */
    uint32_t count;
    int64_t newest_ns; /* of the newest breath */
    int64_t deep_ns;   /* of a deep breath that waits for the next one; INT64_MIN: none */
    bool deep_before;  /* the breath before was deep as well */
};

struct ob_sighs {
    struct ob_sigh_side side[2]; /* by tops, by bottoms */
    int64_t newest_ns;           /* of the newest sigh; INT64_MIN: none yet */
    uint32_t count;
};

void ob_sighs_init(struct ob_sighs *sighs);

/* Looks at a window of evenly spaced samples, oldest first; windows may overlap, each breath counts once. calm (NULL:
 * all are): samples in which nothing shook; a breath with another one in it is left out. */
void ob_sighs_look(struct ob_sighs *sighs, const double *x, const bool *calm, int n, int64_t from_ns, int64_t step_ns);

#endif
