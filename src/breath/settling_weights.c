/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Written by tests/accuracy/settling_fit.c; but the constant with a belt is 0.9 below the fit's, which had been made
 * before sighs and movement were looked at: of 300 other half hours 5% then have a mark again. */
#include "breath/settling_weights.h"

const double ob_settling_weights[OB_SETTLING_VIEWS][OB_SETTLING_FEATURES] = {
    {-1.6335, 2.8881, 4.9253, -1.5132, -0.0003, 0.7833, 0.3539, -0.3829, -0.2455, 0.0000, 0.0000, -6.1507},
    {-2.1764, 2.7351, 4.3732, 2.9865, -0.0003, 0.0534, 0.3427, -0.2475, -0.1120, -2.9613, -0.1083, -13.3946},
    {-1.5060, 1.2145, 1.6152, 1.0900, 0.3693, 0.2725, 0.2139, 0.3956, -0.3429, 0.0000, 0.0000, -5.3756},
};
