/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The coefficients of the settling score, by view: for each feature of a candidate; the last is the constant, less the
 * threshold at which 5% of half hours without a shift have a mark. Private to settling.c. */
#ifndef OB_BREATH_SETTLING_WEIGHTS_H
#define OB_BREATH_SETTLING_WEIGHTS_H

#include "breath/settling.h"

extern const double ob_settling_weights[OB_SETTLING_VIEWS][OB_SETTLING_FEATURES];

#endif
