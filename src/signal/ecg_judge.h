/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judges one candidate of the ECG detector: a small network over traits that have no unit.
 *
 * Private to the room and to the program that fits the weights (tests/accuracy/ecg_fit.c). */
#ifndef OB_SIGNAL_ECG_JUDGE_H
#define OB_SIGNAL_ECG_JUDGE_H

#include <stdbool.h>

struct ob_ecg;

enum ob_ecg_trait {
    OB_TRAIT_LEVEL,       /* ln of the slope sum against that of recent beats */
    OB_TRAIT_NOISE,       /* ... against that of recent candidates that were none */
    OB_TRAIT_PHASE,       /* time since the last beat, in median RR */
    OB_TRAIT_SINCE_S,     /* ... in seconds */
    OB_TRAIT_LIKE_BEAT,   /* correlation with the most similar beat shape */
    OB_TRAIT_LIKE_MAIN,   /* ... with the commonest one */
    OB_TRAIT_LIKE_OTHER,  /* ... with the most similar shape that was no beat */
    OB_TRAIT_CREST,       /* ln of the steepest slope against the mean slope */
    OB_TRAIT_CREST_REL,   /* ... less what beats have */
    OB_TRAIT_HIGH,        /* ln of the share of high frequencies */
    OB_TRAIT_HIGH_REL,    /* ... less what beats have */
    OB_TRAIT_LOW_REL,     /* ln of height against slope sum, less what beats have */
    OB_TRAIT_BEFORE_MEAN, /* ln of the slope sum 400-100 ms before against its own */
    OB_TRAIT_BEFORE_MAX,  /* ... its maximum 200-70 ms before */
    OB_TRAIT_IRREGULAR,   /* mean deviation of the last RR from their median, in median RR */
    OB_TRAIT_LAST,        /* ln of the slope sum against the last beat's */
    OB_TRAIT_RR,          /* ln of median RR in s */
    OB_TRAIT_FLOOR,       /* ln of the noise level against the beats' */
    OB_TRAIT_OTHER_S,     /* time since the last candidate that was none, at most 0.6 s */
    OB_TRAIT_OTHER_LEVEL, /* ln of that one's slope sum against its own */
    OB_TRAIT_LAST_ODDS,   /* how sure the last beat was */
    OB_TRAIT_PHASE_TWO,   /* time since the last but one beat, in median RR */
    OB_TRAIT_PASSED,      /* ln of the largest refused between beats against the beats, trailing mean */
    OB_TRAIT_CURVE,       /* ln of the mean bend of the slope against the mean slope: the mean frequency */
    OB_TRAIT_CURVE_REL,   /* ... less what beats have */
    OB_TRAIT_USUAL_LEVEL, /* what usually follows the form that it is like within 320 ms: ln of its slope sum against it
                           */
    OB_TRAIT_USUAL_CURVE, /* ... its mean frequency less the form's */
    OB_TRAIT_EARLY,       /* late only: the early judgement */
    OB_TRAIT_AFTER_MAX,   /* late only: ln of the slope sum 60-168 ms after against its own */
    OB_TRAIT_RIVAL,       /* late only: the early judgement of the best candidate after it */
    OB_TRAIT_RIVAL_S,     /* late only: how long after it, at most 0.3 s */
    OB_TRAIT_COUNT
};
#define OB_TRAIT_EARLY_COUNT 27
#define OB_JUDGE_HIDDEN      32 /* two fitted networks of 16, averaged */

struct ob_judge {
    float mean[OB_TRAIT_COUNT], scale[OB_TRAIT_COUNT];
    float in[OB_TRAIT_COUNT][OB_JUDGE_HIDDEN], in_bias[OB_JUDGE_HIDDEN];
    float out[OB_JUDGE_HIDDEN], out_bias;
};

/* ln of the odds that it is a beat, by the first OB_TRAIT_EARLY_COUNT traits or all OB_TRAIT_COUNT. */
float ob_judge(const struct ob_judge *judge, const float traits[OB_TRAIT_COUNT], int count);

struct ob_ecg_weights {
    struct ob_judge judges[2]; /* early, late */
};
extern const struct ob_ecg_weights ob_ecg_fitted;

/* Told of every judgement ; returns what is to be decided: -1 as judged, 0 no, 1 yes, 2 wait. */
typedef int ob_ecg_oracle(void *user, double index, bool late, const float *traits, float ln_odds);

/* For the fitting program: other weights (NULL: the fitted ones; they must outlive the detector), and who is told. */
void ob_ecg_watch(struct ob_ecg *ecg, const struct ob_ecg_weights *weights, ob_ecg_oracle *oracle, void *user);

#endif
