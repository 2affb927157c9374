/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time domain and Poincare metrics of NN intervals.
 *
 * Definitions: Task Force of the ESC and NASPE 1996 (Circulation 93:1043, doi 10.1161/01.CIR.93.5.1043); SD1 and SD2
 * after Brennan, Palaniswami & Kamen 2001 (doi 10.1109/10.959330). N intervals, D differences of joined neighbours:
 *   hr      60000 / mean(NN): the rate of the mean interval, not the mean of rates, which is 0.2-1.5% higher
 *   sdnn    SD of NN with N - 1
 *   rmssd   sqrt(mean(dNN^2)) over the D differences
 *   pnn50   share of |dNN| > 50 ms (not equal) among the D differences
 *   sd1     SD of dNN with D - 1, divided by sqrt(2); a little above RMSSD / sqrt(2)
 *   sd2     sqrt(2 SDNN^2 - SD1^2)
 * A difference is only taken where the later interval is joined to the earlier. Pure; any thread. */
#ifndef OB_HRV_TIME_DOMAIN_H
#define OB_HRV_TIME_DOMAIN_H

#include "hrv/metric.h"
#include "signal/nn_list.h"

struct ob_time_domain {
    struct ob_metric hr_bpm;
    struct ob_metric mean_nn_ms;
    struct ob_metric sdnn_ms;
    struct ob_metric rmssd_ms;
    struct ob_metric pnn50_pct;
    struct ob_metric sd1_ms;
    struct ob_metric sd2_ms;
};

/* hr needs 2 intervals, all others 10 intervals or differences. */
void ob_time_domain_compute(const struct ob_nn_list *list, struct ob_time_domain *out);

#endif
