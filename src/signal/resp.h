/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breathing rate from the heart, without a belt: breathing speeds up and slows down the beats (RSA) and makes them
 * larger and smaller (the heart turns in the chest, and pulses carry its pressure). Both are looked at over the last
 * minute, and believed as far as each shows one clear rhythm (in the spirit of Karlen et al. 2013,
 * https://doi.org/10.1109/TBME.2013.2246160, who fused three series from the pulse). Causal, constant memory.
 *
 * From 4 to 36 breaths/min, and never above half the heart rate, where beats are too sparse to tell. Pure; one thread
 * at a time. */
#ifndef OB_SIGNAL_RESP_H
#define OB_SIGNAL_RESP_H

#include <stdbool.h>

#define OB_RESP_WINDOW_S  60.0
#define OB_RESP_BEATS_MAX 256

enum ob_resp_series {
    OB_RESP_RR,     /* interval that ends with the beat, corrected, in any unit */
    OB_RESP_HEIGHT, /* of R or of the pulse's flank, in any unit */
    OB_RESP_SERIES_COUNT,
};

struct ob_resp {
    double time_s[OB_RESP_BEATS_MAX];
    float value[OB_RESP_SERIES_COUNT][OB_RESP_BEATS_MAX]; /* NaN: not known at this beat */
    int first, count;
};

void ob_resp_init(struct ob_resp *resp);

/* A beat; times must rise. A value that is NaN or infinite is left out. */
void ob_resp_push(struct ob_resp *resp, double time_s, double rr, double height);

/* Forget everything (a gap). */
void ob_resp_reset(struct ob_resp *resp);

/* The rate over the last minute before now_s. False while there are fewer than 30 s of beats. quality_01: how much of
 * what the series do is this one rhythm; below about 0.3 the rate is a guess. */
bool ob_resp_rate(const struct ob_resp *resp, double now_s, double *brpm_out, double *quality_01_out);

#endif
