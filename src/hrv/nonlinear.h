/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Non-linear metrics of NN intervals: fractal scaling and entropy.
 *
 * DFA (Peng et al. 1995, doi 10.1063/1.166141). The profile is the running sum of NN minus its mean. It is cut into
 * consecutive boxes of n intervals from the start of each run, never over a gap, the rest at the end unused; in each
 * box a least-squares line is taken off, and F(n) is the root of the mean square of all residuals. Alpha is the
 * least-squares slope of log F over log n: alpha 1 for n = 4, 5 ... 16, alpha 2 for n = 16, 17 ... 64. Programs
 * differ by up to 0.22 in alpha 1: with boxes of 4-11 that overlap by half one gives 1.75 where this gives 1.54.
 *
 * Sample entropy (Richman & Moorman 2000, doi 10.1152/ajpheart.2000.278.6.H2039). m = 2, r = 0.2 SD (with n - 1),
 * greatest distance of corresponding intervals, a match at a distance of r or less, no self-matches; both template
 * lengths over the same N - m starts. -ln(A / B).
 *
 * Approximate entropy (Pincus 1991, doi 10.1073/pnas.88.6.2297). Same m and r, self-matches counted.
 *
 * Templates never reach over a gap. Up to OB_ENTROPY_WHOLE intervals the series is taken as a whole; longer ones are
 * cut into consecutive windows of OB_ENTROPY_WINDOW_S, and the mean over the windows is given (a drifting level would
 * otherwise inflate r and make everything look alike). Pure; any thread. */
#ifndef OB_HRV_NONLINEAR_H
#define OB_HRV_NONLINEAR_H

#include "hrv/metric.h"
#include "signal/nn_list.h"

#define OB_ENTROPY_WHOLE    12000
#define OB_ENTROPY_WINDOW_S 300.0

struct ob_nonlinear {
    struct ob_metric dfa_alpha1; /* from 64 intervals in a run on */
    struct ob_metric dfa_alpha2; /* from 256 intervals in a run on */
    struct ob_metric sampen;     /* from 100 intervals on */
    struct ob_metric apen;
};

/* False without memory. */
bool ob_nonlinear_compute(const struct ob_nn_list *list, struct ob_nonlinear *out);

#endif
