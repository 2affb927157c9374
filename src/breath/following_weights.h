/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The coefficients of the signs of following, in their order; the last is the constant. Private to following.c. */
#ifndef OB_BREATH_FOLLOWING_WEIGHTS_H
#define OB_BREATH_FOLLOWING_WEIGHTS_H

#include "breath/following.h"

extern const double ob_following_weights[OB_FOLLOWING_SIGNS];

#endif
