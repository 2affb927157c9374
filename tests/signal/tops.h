/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests take for the true breathing rate: tops of a belt or of the lungs' true volume, counted. */
#ifndef OB_TESTS_SIGNAL_TOPS_H
#define OB_TESTS_SIGNAL_TOPS_H

#include "base/maths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TOPS_SHARE 0.25 /* the hysteresis that counts */

/* Breaths a minute of x[0..count) at fs_hz: with n tops, (n - 1) over the time from the first to the last; tops by a
 * hysteresis of that share of the 10-90% range. NaN: fewer than two. */
static inline double tops_brpm(const double *x, int count, double fs_hz, double share_01)
{
    double *copy = malloc((size_t)count * sizeof *copy);
    if (!copy)
        abort();
    memcpy(copy, x, (size_t)count * sizeof *copy);
    const double high = ob_percentile(copy, (size_t)count, 0.9), low = ob_percentile(copy, (size_t)count, 0.1);
    const double step = share_01 * (high - low);
    free(copy);
    int place = 0, first = -1, last = -1, tops = 0, way = 1;
    for (int i = 1; i < count; i++) {
        if (way * (x[i] - x[place]) > 0.0) {
            place = i;
        } else if (way * (x[place] - x[i]) > step) {
            if (way > 0 && place > 0) {
                first = tops++ == 0 ? place : first;
                last = place;
            }
            way = -way;
            place = i;
        }
    }
    return tops > 1 ? 60.0 * (tops - 1) * fs_hz / (last - first) : (double)NAN;
}

#endif
