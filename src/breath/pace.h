/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pace: where between 4.25 and 7 breaths/min this heart answers breathing most. A posterior, never a verdict.
 *
 * A grid of 23 rates times 4 shapes of resonance (from none to sharp), so that the interval knows that nobody knows how
 * sharp this person's is. Prior over rates N(5.6, 0.5^2). Two kinds of evidence, each tempered so that the 90% interval
 * holds the truth of simulated persons in about 90% (docs/loop.md has the figures):
 *
 *   swing   each usable breath: ln(peak - trough) of heart rate against the template at that breath's rate. The
 *           level is free in each session, the deepening of slow breaths is N(0.3, 0.2^2) in ln(rate), the spread
 *           unknown about 0.3 (a t distribution comes of that).
 *   ripple  each 10 s: what the heart does beside the pacer (breath/ripple.h). Where breaths differ in depth and
 *           pressure waves run, the rest of the movement is highest at the resonance. Likelihood by Whittle 1953
 *           (doi:10.1007/BF02590998) against the sum of a breath's own spectrum times |H|^2, waves at the resonance
 *           (deBoer et al. 1987, doi:10.1152/ajpheart.1987.253.3.H680: one loop makes both) and 1/f noise; how much all
 *           of that is in this window is half known.
 *
 * At one steady rate the swing alone teaches next to nothing: its spread from breath to breath is 0.3, the template
 * bends by 0.1 a breath/min. The ripple tells more; that waves and resonance are the same loop is its assumption.
 *
 * Kept between sessions as a blob of OB_PACE_BLOB bytes with a version. O(grid) a breath. Pure; one thread at a time.
 */
#ifndef OB_BREATH_PACE_H
#define OB_BREATH_PACE_H

#include "base/event.h"
#include "base/words.h"
#include "breath/resonance.h"
#include "breath/ripple.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_PACE_FIRST_BRPM 4.25
#define OB_PACE_STEP_BRPM  0.125
#define OB_PACE_RATES      23
#define OB_PACE_SHAPES     4
#define OB_PACE_PRIOR_BRPM 5.6
#define OB_PACE_PRIOR_SD   0.5
#define OB_PACE_WIDE_BRPM  1.0 /* an interval wider than this is no number to name */
#define OB_PACE_RIPPLE_S   10  /* seconds from ripple to ripple */

struct ob_own_pace {
    double ln_past[OB_PACE_SHAPES][OB_PACE_RATES];   /* sessions before, and the prior */
    double ln_ripple[OB_PACE_SHAPES][OB_PACE_RATES]; /* this session's */
    /* This session's breaths: sums of x = -ln(rate / 6) and of what the template leaves of ln(swing). */
    double n, x, xx;
    double y[OB_PACE_SHAPES][OB_PACE_RATES], yy[OB_PACE_SHAPES][OB_PACE_RATES], xy[OB_PACE_SHAPES][OB_PACE_RATES];
    double median_ln; /* running, to know a sigh or a talk when it comes */
    uint32_t breaths; /* used in all sessions, this one with them */
    uint32_t ripples;
};

enum ob_own_pace_word {
    OB_PACE_UNKNOWN,  /* too little seen yet */
    OB_PACE_WIDE,     /* the interval is wider than 1/min: anywhere near 5.5-6 suits */
    OB_PACE_ANYWHERE, /* the heart answers alike over the whole range: no pace is better than another */
    OB_PACE_NUMBER,   /* a rate with its interval */
};

struct ob_own_pace_estimate {
    double mean_brpm, sd_brpm;
    double low_brpm, high_brpm; /* 90% */
    double flat_01;             /* probability that the rate hardly matters */
    uint32_t breaths;
    enum ob_own_pace_word word;
};

void ob_own_pace_init(struct ob_own_pace *pace);

/* A usable breath: guided, followed, no corrected beat in it. swing_bpm: peak minus trough of heart rate. What is
 * outside 3.5-10 breaths/min or far from the breaths before it (a sigh, a word) is left out. */
void ob_own_pace_breath(struct ob_own_pace *pace, double brpm, double swing_bpm);

/* A window of the ripple, each OB_PACE_RIPPLE_S seconds. */
void ob_own_pace_ripple(struct ob_own_pace *pace, const struct ob_ripple *ripple);

void ob_own_pace_estimate(const struct ob_own_pace *pace, struct ob_own_pace_estimate *estimate_out);

/* The probability of each rate of the grid, adding up to 1; for pictures. */
void ob_own_pace_probabilities(const struct ob_own_pace *pace, double probabilities_out[OB_PACE_RATES]);

/* Everything learnt so far, for the next session. The log probabilities are kept to 0.05 in a byte each. */
#define OB_PACE_BLOB OB_EVENT_PAST_MAX
void ob_own_pace_save(const struct ob_own_pace *pace, unsigned char blob_out[OB_PACE_BLOB]);

/* Starts from a blob; the level of the new session is free. What was known fades by a tenth (in ln) from session to
 * session, since people change. False, and the prior: not a blob of this version, or damaged. */
bool ob_own_pace_load(struct ob_own_pace *pace, const unsigned char blob[OB_PACE_BLOB]);

/* A sentence for people: "Near 5.4 breaths a minute (likely 5.1 to 5.8)." Honest where it is not known. tr:
 * NULL for English. Returns its length as snprintf does. */
size_t ob_own_pace_text(const struct ob_own_pace_estimate *estimate, ob_tr_fn *tr, char *out, size_t size);

#endif
