/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether somebody breathes with the pacer, as far as a heart shows it: ln of the odds.
 *
 * A heart that follows swings with the pacer, always at about the same place of the breath. One that does not swings
 * faster, at its owner's own rate, and against the pacer anyhow. So the heart rate of the last 30, 60, 100 and 200 s
 * (as much of them as was guided), laid on a grid of half a second and freed of everything slower than 0.04 Hz, is
 * asked for the share that goes with the pacer, the share that its double adds, the share of the strongest rhythm that
 * is at least 15% faster than the pacer, and where in the breath the heart is fastest. How much these say depends on
 * the pace and on how much the heart moves at all. The own breathing rate, where it is known, is a further sign. A
 * logistic score weighs all of them (following_weights.c): its weights come from simulated persons of any compliance
 * who were led down whatever they did (tests/accuracy/following_fit.c). A weak heart tells half a unit in 30 s, a
 * strong one three or four. Pure; any thread. */
#ifndef OB_BREATH_FOLLOWING_H
#define OB_BREATH_FOLLOWING_H

#include "hrv/series.h"

#include <stdbool.h>

#define OB_FOLLOWING_LEAST_S 25.0 /* of guided heart rate without a hole, for an answer */
#define OB_FOLLOWING_VIEW    14   /* signs of one window */
#define OB_FOLLOWING_SIGNS   62   /* of four windows, and 6 of the whole */

/* own_brpm: the own breathing rate, 0: not known. False: not known (too little that was guided, a hole of 4 s, a heart
 * that does not change its rate at all). */
bool ob_following_signs(const struct ob_nn_series *series, double own_brpm, double signs_out[OB_FOLLOWING_SIGNS]);

/* ln of the odds that the breath of the last half minute is at most a tenth faster than the pacer. */
double ob_following_ln_odds(const double signs[OB_FOLLOWING_SIGNS]);

#endif
