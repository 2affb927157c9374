/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/settling_lines.h"

#include "base/maths.h"

#include <math.h>

#define LINES        OB_SETTLING_LINES
#define RAMP         4 /* epochs that belong to neither side */
#define LEAST_AFTER  4
#define LEAST_BEFORE 6
#define MOVES        4   /* of 1, 2, 3 and 4 breaths/min */
#define GROWN        1.5 /* the power of the swing, beside what a slower breath alone adds to it */
#define FLOOR_SHARE  0.9 /* of the lowest point, taken as 1/f^2: what is no breath */
#define CREST_SHARE  0.02
#define TINY         1e-5 /* bpm^2 */
#define SCALE        10.0
#define MOST         3.0

static double hz_of(int line)
{
    return OB_SETTLING_LINE_HZ + OB_SETTLING_LINE_STEP_HZ * line;
}

/* Mean spectra before and since; false where either is of too few epochs. */
static bool both_sides(const struct ob_settling_epochs *s, uint32_t epochs, int onset, double before[LINES],
                       double since[LINES], int *since_count)
{
    int before_count = 0;
    *since_count = 0;
    for (int k = 0; k < LINES; k++)
        before[k] = since[k] = 0.0;
    for (int i = 0; i < (int)epochs; i++) {
        const struct ob_settling_epoch *e = ob_settling_epochs_back(s, (uint32_t)i);
        if (!e->swing || (i >= onset - RAMP && i < onset))
            continue;
        double *side = i < onset ? since : before;
        for (int k = 0; k < LINES; k++)
            side[k] += (double)e->power[OB_SETTLING_LINE + k];
        *(i < onset ? since_count : &before_count) += 1;
    }
    if (*since_count < LEAST_AFTER || before_count < LEAST_BEFORE)
        return false;
    for (int k = 0; k < LINES; k++) {
        before[k] = before[k] / before_count + TINY;
        since[k] = since[k] / *since_count + TINY;
    }
    return true;
}

/* Between two lines, by a straight one; beyond the last as there. */
static double between(const double x[LINES], double line)
{
    const double u = ob_clamp(line, 0.0, LINES - 1.0);
    const int i = u < LINES - 1.0 ? (int)u : LINES - 2;
    return ob_lerp(x[i], x[i + 1], u - i);
}

double ob_settling_slower_breath(const struct ob_settling_epochs *s, uint32_t epochs, int onset)
{
    double before[LINES], since[LINES], floor[LINES], crest_ln[LINES];
    int count;
    if (!both_sides(s, epochs, onset, before, since, &count))
        return 0.0;
    double lowest = (double)INFINITY;
    for (int k = 0; k < LINES; k++)
        lowest = fmin(lowest, before[k] * hz_of(k) * hz_of(k));
    for (int k = 0; k < LINES; k++) {
        floor[k] = FLOOR_SHARE * lowest / (hz_of(k) * hz_of(k));
        crest_ln[k] = log(fmax(before[k] - floor[k], CREST_SHARE * before[k]));
    }
    double best = -(double)INFINITY;
    for (int move = 1; move <= MOVES; move++) {
        const double move_hz = move / 60.0;
        double ln = 0.0;
        for (int k = 1; k < LINES; k++) { /* the first is there for the moves' sake: pressure waves reach it */
            const double slower = (hz_of(k) + move_hz) / hz_of(k);
            const double crest = exp(between(crest_ln, k + move_hz / OB_SETTLING_LINE_STEP_HZ));
            const double moved = floor[k] + GROWN * slower * slower * crest;
            ln += log(before[k] / moved) + since[k] / before[k] - since[k] / moved;
        }
        best = fmax(best, ln);
    }
    return ob_clamp(best * count / SCALE, -MOST, MOST);
}
