/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sampling rate of a stream without time stamps, from when its samples arrive. Pure.
 *
 * Samples arrive in batches and late, never early. The period is a least-squares line through (number of the batch's
 * last sample, arrival), over up to 50 s; the line is then lowered until it touches the earliest arrival (the batch
 * that was delayed least): that is where a sample is put in time. */
#ifndef OB_SENSOR_RATE_FIT_H
#define OB_SENSOR_RATE_FIT_H

#include <stdbool.h>
#include <stdint.h>

#define OB_RATE_FIT_POINTS 256

struct ob_rate_fit {
    double period_ns; /* the fit, or the nominal one while there is none; 0: not known yet */
    bool broken;      /* with the last batch the stream left its line: samples were lost, or came twice */
    /* private */
    double nominal_ns;
    uint64_t samples; /* so far */
    int64_t origin_ns;
    int64_t late_since_ns;
    double offset_ns; /* arrival of sample 0 on the lowered line, from origin_ns */
    int count, next;
    struct {
        double index, arrived_ns; /* from origin_ns */
    } point[OB_RATE_FIT_POINTS];
};

/* nominal_hz: what is known of the rate; 0: nothing. It is kept while the fit is within half a percent of it. */
void ob_rate_fit_init(struct ob_rate_fit *fit, double nominal_hz);

/* Forget where the line lies (after a gap); the period is kept as a first guess. */
void ob_rate_fit_restart(struct ob_rate_fit *fit);

/* `added` more samples (at least 1) have arrived by now_ns. */
void ob_rate_fit_batch(struct ob_rate_fit *fit, uint32_t added, int64_t now_ns);

/* As many more have come, but the batch goes on: they are counted, and say nothing of when. */
void ob_rate_fit_count(struct ob_rate_fit *fit, uint32_t added, int64_t now_ns);

/* Whether period_ns can be relied on: at once with a nominal rate, else after 1.5 s. */
bool ob_rate_fit_ready(const struct ob_rate_fit *fit);

/* When the newest sample was taken: never later than it arrived. */
int64_t ob_rate_fit_newest_ns(const struct ob_rate_fit *fit, int64_t now_ns);

#endif
