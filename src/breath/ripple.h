/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left of the heart's movement when the pacer's own rhythm is taken out: the ripple.
 *
 * Over 80 s of guided breathing the heart rate is laid on a grid of 0.5 s; a straight line and the pacer's phase with
 * its second harmonic are fitted and taken out; of the rest, under a Hann window, comes the power at 16 rates from 3.5
 * to 8 breaths/min. Breaths that are deeper or shallower than others, and the pressure waves that are always there,
 * ring at the person's resonance: that is where the ripple is high. Pure; one thread at a time. */
#ifndef OB_BREATH_RIPPLE_H
#define OB_BREATH_RIPPLE_H

#include "hrv/series.h"

#include <stdbool.h>

#define OB_RIPPLE_S          80.0
#define OB_RIPPLE_RATES      16
#define OB_RIPPLE_FIRST_BRPM 3.5
#define OB_RIPPLE_STEP_BRPM  0.3

struct ob_ripple {
    double pace_brpm;              /* mean pace of the window */
    double swing_bpm;              /* amplitude (half of peak to trough) of the pacer's own rhythm in heart rate */
    double mean_bpm;               /* mean heart rate */
    double power[OB_RIPPLE_RATES]; /* one-sided density, bpm^2/Hz, at FIRST + k STEP breaths/min */
};

/* Of the window that ends with the newest beat. False: not all of it was guided, or more than 14 of its beats were
 * corrected, or there is a hole of more than 4 s. */
bool ob_ripple_measure(const struct ob_nn_series *series, struct ob_ripple *ripple_out);

#endif
