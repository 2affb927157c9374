/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Has the person fallen asleep while the pacer led? Then they are let go softly: nobody is told anything.
 *
 * At sleep onset the heart slows and breathing becomes steady at a rate of its own (Shinar et al. 2006,
 * doi:10.1016/j.autneu.2006.04.006), and nobody follows a pacer any more. All of this has to hold, for OB_ASLEEP_S
 * without a break (what is not known at a second neither counts nor breaks):
 *   - before that, the person followed the pacer clearly for OB_ASLEEP_FOLLOWED_S in this session;
 *   - the heart does not swing with the pacer: fit over two minutes below 0.10 (clearly followed: 0.25 or more);
 *   - where the own breathing is known (for a quarter of the time at least), it is faster than the pace by a quarter
 *     for two thirds of it, and steady: its spread is at most 3.2 /min;
 *   - the heart is slower than it was while they followed, by 2 bpm;
 *   - no key, no movement.
 * So who practises badly, never followed, or stopped for a while with a lively heart, is not asleep. Figures on
 * simulated persons: docs/loop.md. Pure; one thread at a time. */
#ifndef OB_BREATH_ASLEEP_H
#define OB_BREATH_ASLEEP_H

#include <stdbool.h>
#include <stdint.h>

#define OB_ASLEEP_S          240.0
#define OB_ASLEEP_FOLLOWED_S 120.0
#define OB_ASLEEP_FADE_S     90.0 /* in which sound and light go: 60 dB, linear in dB */
#define OB_ASLEEP_LEAVE_S    30.0 /* of silence and darkness until the session ends */

/* What is known at one second. */
struct ob_asleep_input {
    bool leads;     /* the pacer leads, in a phase in which people may be let go */
    bool disturbed; /* a key, or a movement, since the second before */
    bool fit_known;
    double fit_long_01; /* over two minutes */
    bool own_known;
    double own_brpm;
    double pace_brpm;
    bool hr_known;
    double hr_bpm;
};

struct ob_asleep {
    double followed_s, followed_bpm; /* clearly; the heart rate then */
    double away_s;                   /* of not following, without a break */
    double own_s, faster_s;          /* of these, own breathing known; and faster than the pace */
    double own_mean, own_square;     /* mean and sum of squared deviations of it (Welford 1962, doi:10.2307/1266577) */
    double slow_bpm;                 /* heart rate over the last two minutes of being away */
    double patience_s;               /* OB_ASLEEP_S; twice as long after each time that somebody was not asleep */
    double let_go_s;                 /* since it was decided; negative: it is not */
};

void ob_asleep_init(struct ob_asleep *asleep);

/* One second. */
void ob_asleep_second(struct ob_asleep *asleep, const struct ob_asleep_input *input);

/* How far guidance has gone: 0 all there, 1 gone. */
double ob_asleep_gone_01(const struct ob_asleep *asleep);

/* The session may end. */
bool ob_asleep_over(const struct ob_asleep *asleep);

#endif
