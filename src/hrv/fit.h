/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Following the pace": how much of the heart rate's movement goes with the pacer.
 *
 * R squared of heart rate on sine and cosine of the pacer's phase, beyond a straight line in time, by least squares
 * over the beats of a window. Spontaneous breathing gives .01-.58, paced breathing .56-.94 (simulated persons).
 * Because it uses the pacer's phase and not its frequency, it holds while the pace glides. */
#ifndef OB_HRV_FIT_H
#define OB_HRV_FIT_H

#include "hrv/series.h"

/* Over the guided beats after since_ns. False below 12 such beats, below 20 s between the first and the last, or when
 * the heart rate does not move at all. r2_out is 0-1. */
bool ob_fit_r2(const struct ob_nn_series *series, int64_t since_ns, double *r2_out);

#endif
