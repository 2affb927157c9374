/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/sigh.h"

#include "base/maths.h"
#include "base/time.h"
#include "signal/resp_ridge.h"

#include <math.h>
#include <string.h>

#define LEAST_BREATHS 6
#define NEAR_NS       (6 * OB_NS_PER_S) /* top and bottom of one sigh, or the same one seen anew */
#define SAME_NS       (OB_NS_PER_S)
#define STALE_NS      (60 * OB_NS_PER_S) /* after a longer hole breaths begin to be known anew */
#define TURN_01       0.25

void ob_sighs_init(struct ob_sighs *s)
{
    *s = (struct ob_sighs){.newest_ns = INT64_MIN};
    for (int i = 0; i < 2; i++)
        s->side[i].newest_ns = s->side[i].deep_ns = INT64_MIN;
}

static void sighed(struct ob_sighs *s, int64_t at_ns)
{
    if (s->newest_ns != INT64_MIN && at_ns - s->newest_ns < NEAR_NS)
        return;
    s->newest_ns = at_ns;
    s->count++;
}

/* Deep is only what stands alone: a belt that is pulled tighter makes every breath deep. */
static void take_breath(struct ob_sighs *s, struct ob_sigh_side *side, int64_t at_ns, double depth)
{
    if (side->newest_ns != INT64_MIN && at_ns - side->newest_ns < SAME_NS)
        return;
    if (side->newest_ns != INT64_MIN && at_ns - side->newest_ns > STALE_NS)
        *side = (struct ob_sigh_side){.deep_ns = INT64_MIN};
    double last[OB_SIGH_BREATHS];
    const uint32_t known = side->count < OB_SIGH_BREATHS ? side->count : OB_SIGH_BREATHS;
    memcpy(last, side->depth, known * sizeof *last);
    const bool deep = known >= LEAST_BREATHS && depth >= OB_SIGH_TIMES * ob_median(last, known);
    if (side->deep_ns != INT64_MIN && !deep)
        sighed(s, side->deep_ns);
    side->deep_ns = deep && !side->deep_before ? at_ns : INT64_MIN;
    side->deep_before = deep;
    side->newest_ns = at_ns;
    side->depth[side->count++ % OB_SIGH_BREATHS] = depth;
}

/* Nothing shook between two samples. */
static bool calm_between(const bool *calm, int from, int to)
{
    for (int i = from; calm && i <= to; i++)
        if (!calm[i])
            return false;
    return true;
}

void ob_sighs_look(struct ob_sighs *s, const double *x, const bool *calm, int n, int64_t from_ns, int64_t step_ns)
{
    double copy[RIDGE_SAMPLES];
    if (n < 3 || n > RIDGE_SAMPLES)
        return;
    memcpy(copy, x, (size_t)n * sizeof *copy);
    const double high = ob_percentile(copy, (size_t)n, 0.9);
    const double step = TURN_01 * (high - ob_percentile(copy, (size_t)n, 0.1));
    /* Turning points, each later by the hysteresis. Three make a breath; the first of a window is cut off. */
    int at[3] = {0}, turns = 0, place = 0;
    bool rises = true;
    for (int i = 1; i < n; i++) {
        const double sign = rises ? 1.0 : -1.0;
        if (sign * (x[i] - x[place]) > 0.0) {
            place = i;
        } else if (sign * (x[place] - x[i]) > step) {
            if (place > 0) {
                at[0] = at[1];
                at[1] = at[2];
                at[2] = place;
                if (++turns >= 3 && calm_between(calm, at[0], at[2]))
                    take_breath(s, &s->side[rises], from_ns + at[1] * step_ns,
                                fmin(fabs(x[at[1]] - x[at[0]]), fabs(x[at[2]] - x[at[1]])));
            }
            rises = !rises;
            place = i;
        }
    }
}
