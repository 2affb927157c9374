/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The slow score: how large the heart's swing is for this person, as far as it goes with the breath.
 *
 * target = min(p / 0.75, 1) x gate x trust, p the percentile of the RSA amplitude among the person's own, taken as
 * log-normal about the median of the baseline; gate a smooth step of the pacer fit. Shown as 0.5 + target / 2: neutral
 * is the floor. The first ten clean guided breaths are a new person's baseline; until then it is neutral. It improves
 * with a time constant of 4 s and declines with 20 s. Beside an artefact it stands, or falls if the clean breaths say
 * so, and never rises; each share of corrected beats in the last minute takes twice that share of the target away,
 * so that what is known less well is rewarded less. Pure. */
#ifndef OB_BREATH_FEEDBACK_H
#define OB_BREATH_FEEDBACK_H

#include <stdbool.h>
#include <stdint.h>

#define OB_BASELINE_BREATHS 10

struct ob_feedback {
    double ln_rsa[OB_BASELINE_BREATHS];
    uint32_t baseline_count;
    double median_ln, spread_ln;
    double doubt_ln; /* by which the median is taken higher: breaths were left out while it was found */
    bool baseline_known;
    double target_01; /* of the score, 0-1 */
    double score_01;  /* 0-1, smoothed */
};

/* baseline_rsa_bpm: the person's median of before, or 0. */
void ob_feedback_init(struct ob_feedback *feedback, double baseline_rsa_bpm);

/* A clean guided breath and its RSA amplitude. */
void ob_feedback_breath(struct ob_feedback *feedback, double rsa_bpm);

/* A guided breath that was not clean: while the baseline is being found, each such breath makes it doubtful. */
void ob_feedback_spoiled(struct ob_feedback *feedback);

/* One tick. rsa_bpm: the reading; clean_01: share of the last minute's beats that are uncorrected; known: it and the
 * fit are valid and the pacer leads; hold: an artefact is about. */
void ob_feedback_tick(struct ob_feedback *feedback, double rsa_bpm, double fit_01, double clean_01, bool known,
                      bool hold, double dt_s);

/* 0.5-1, for ob_params. */
double ob_feedback_01(const struct ob_feedback *feedback);

#endif
