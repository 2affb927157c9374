/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How fast somebody breathes, causally, from what there is: a belt, a chest's acceleration, or the marks that breathing
 * leaves on a heart signal.
 *
 * Of a heart signal up to six series are used: intervals (breathing speeds the heart up and slows it down), size,
 * slope and base line of the QRS (the chest moves the heart under the electrodes), height and base line of the pulse
 * (breathing moves the blood), all at 2 Hz over the last 60 s. Which of them carries breath differs from person to
 * person and from minute to minute (Charlton et al. 2016, doi:10.1088/0967-3334/37/4/610), so each is weighted by how
 * concentrated its own spectrum is.
 *
 * Of each series wavelet spectra of 4 cycles (12-30 s) are taken every 5 s at 96 rates from 3.6 to 42 breaths/min, and
 * tilted against slow wandering: by sqrt(f), intervals by f^2 since the heart also swings by itself below 0.15 Hz.
 * The weighted mean of the normalised spectra is a map of rate over time; its best ridge (the path with the highest sum
 * of logarithms, less a penalty for each octave that it moves; Viterbi 1967, doi:10.1109/TIT.1967.1054010) is the
 * course of breathing over the window, and the mean along it the rate. Within a window breathing may thus change its
 * pace, where a spectrum of the whole window shows two peaks or none. Quality says how far the ridge stands above the
 * map and above the best ridge elsewhere, and falls with holes, artefacts, a short window, and where intervals are
 * all there is: these alone do not tell breath from pressure waves. What a movement leaves in a series is bridged; a
 * series that is strongest at the slowest rate of all is a drift and counts little. Intervals that move by
 * less than 0.5 ms and shapes by less than 0.2% of a beat are taken as not moving.
 *
 * A belt's or chest's breaths are also counted, from top to top and bottom to bottom; where count and ridge agree the
 * count is the rate.
 *
 * Acceleration: half seconds of shaking above 40 mg are left out. What tilts together with the shaking of a hand is the
 * hand; its axis is taken out, and the first principal axis of what is left is the chest.
 *
 * Times lie within half of what int64_t holds. Constant memory. A call that gives data costs little, ob_resp_rate()
 * about a tenth of a millisecond for each series. Pure; one thread at a time. */
#ifndef OB_SIGNAL_RESP_H
#define OB_SIGNAL_RESP_H

#include <stdbool.h>
#include <stdint.h>

#define OB_RESP_WINDOW_S  60.0
#define OB_RESP_LEAST_S   30.0 /* of data from which on there is an answer */
#define OB_RESP_TRUST_01  0.4  /* quality from which on a rate may be shown and acted on */
#define OB_RESP_LOW_BRPM  3.6
#define OB_RESP_HIGH_BRPM 42.0

struct ob_resp;

enum ob_resp_source {
    OB_RESP_NONE,
    OB_RESP_HEART, /* intervals and shapes of ECG or pulse */
    OB_RESP_ACC,
    OB_RESP_BELT,
};

enum ob_resp_wave {
    OB_RESP_ECG,
    OB_RESP_PPG,
};

/* What one beat of a wave looks like, in units of the signal; NaN where not known. See signal/resp_shape.h. */
struct ob_resp_shape {
    double size;     /* of the QRS, or of the pulse from foot to top */
    double slope;    /* steepest rise plus steepest fall of the QRS; not used of a pulse */
    double baseline; /* mean of the signal from this beat to the next */
};

struct ob_resp_rate {
    double brpm;        /* mean over the window */
    double latest_brpm; /* over its last 20 s: less exact */
    double quality_01;  /* how much to trust it: about 0.8 when all agree, below OB_RESP_TRUST_01 do not show it */
    double window_s;    /* 30-60 */
    bool mechanical;    /* the chest itself, or what it does to the shape of beats, was there: not intervals alone */
    enum ob_resp_source source;
};

/* NULL without memory. */
struct ob_resp *ob_resp_create(void);
void ob_resp_destroy(struct ob_resp *resp); /* NULL is fine */

/* Forget everything (another person, another session). After a gap in the data there is no need: what is missing shows
 * in the times, and lowers the quality. */
void ob_resp_reset(struct ob_resp *resp);

/* One NN interval that ends at time_ns. usable false: an artefact or a corrected interval, which is only counted.
 * Times of each kind of data must rise; what does not, and values that are no numbers, are dropped. */
void ob_resp_interval(struct ob_resp *resp, int64_t time_ns, double nn_ms, bool usable);

/* The shape of a beat at time_ns. */
void ob_resp_beat(struct ob_resp *resp, enum ob_resp_wave wave, int64_t time_ns, const struct ob_resp_shape *shape);

/* A sample of a belt or an impedance channel: any unit, either direction, 2 Hz or more. */
void ob_resp_belt(struct ob_resp *resp, int64_t time_ns, double value);

/* A sample of a chest's acceleration, mg, 10 Hz or more. */
void ob_resp_acc(struct ob_resp *resp, int64_t time_ns, const double mg[3]);

/* The rate over the last 30-60 s of what came up to now_ns. False: not known (too little data, nothing moves, or it
 * ended more than 10 s before). With several sources the belt is believed before acceleration before the heart, as long
 * as its quality allows. */
bool ob_resp_rate(struct ob_resp *resp, int64_t now_ns, struct ob_resp_rate *rate_out);

/* Sighs (signal/sigh.h) in what ob_resp_rate() has seen of a belt, else of the chest's acceleration, since the
 * beginning: how many, and when the newest was (INT64_MIN: none). False: neither showed a breath in the last minute,
 * and nothing is known of sighs. */
bool ob_resp_sighs(const struct ob_resp *resp, int64_t now_ns, uint32_t *count_out, int64_t *newest_ns_out);

#endif
