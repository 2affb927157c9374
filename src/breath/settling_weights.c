/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first two rows as tests/accuracy/settling_fit.c fits them; that of paced minutes is of an earlier fit, without
 * the faults of straps, which others than those of the fit showed to be no worse. */
#include "breath/settling_weights.h"

const double ob_settling_weights[OB_SETTLING_VIEWS][OB_SETTLING_FEATURES] = {
    {-2.0256, 2.3198, 4.0439, 2.3457, -0.6566, 0.4003, 0.4516, -0.9055, 0.0474, 0.0000, 0.0000, 1.5675, -7.7500},
    {-2.6935, 3.0084, 4.2670, 6.5200, 0.8146, 0.2943, 0.6159, -1.3418, 0.1342, -1.9280, -0.2388, 0.7710, -14.3714},
    {-1.5060, 1.2145, 1.6152, 1.0900, 0.3693, 0.2725, 0.2139, 0.3956, -0.3429, 0.0000, 0.0000, 0.0000, -5.3756},
};
