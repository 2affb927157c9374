/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/rumble.h"

#include "base/maths.h"

#include <math.h>

#define INHALE_PEAK 0.55 /* a small motor at half its strength is felt as much as a great one at more */
#define INHALE_ENDS 0.80 /* of the inhale: from here on it sinks, so that the exhale begins in stillness */
#define PLAIN       0.75 /* of an exhale without any reward; the rest is earned */

static double soft(double x)
{
    const double u = ob_clamp01(x);
    return u * u * (3.0 - 2.0 * u);
}

/* Falls from 1 to 0 over the exhale: soon where the tail is short, late where it is long, at the end always. */
static double fade(double stage_01, double tail_01)
{
    return pow(1.0 - stage_01, 1.8 - 0.9 * tail_01) * soft((1.0 - stage_01) / 0.1);
}

static double stage_s(double share, double rate_brpm)
{
    return rate_brpm > 0.0 ? share * 60.0 / rate_brpm : 0.0;
}

struct ob_rumble ob_rumble_at(const struct ob_pacer_segment *pacer, const struct ob_params *params, float strength_01,
                              int64_t time_ns)
{
    const struct ob_pacer_state now = ob_pacer_at(pacer, time_ns);
    const double whole = (double)OB_RUMBLE_MAX_01 * ob_clamp01((double)strength_01) *
                         ob_clamp01((double)params->presence_01) * ob_clamp01((double)params->guidance_01);
    struct ob_rumble rumble = {0};
    if (pacer->rate_brpm <= 0.0)
        return rumble;
    if (now.stage == OB_INHALE) {
        const double rise = soft(now.stage_01 / INHALE_ENDS);
        const double sink = soft((1.0 - now.stage_01) / (1.0 - INHALE_ENDS));
        rumble.fast_01 = (float)(whole * INHALE_PEAK * rise * sink);
    } else if (now.stage == OB_EXHALE) {
        /* The inhale before may have been another shape's; the exhale's own length is what counts. */
        const double exhale_s = stage_s(pacer->shape.exhale_01, now.rate_brpm);
        const double onset = soft(now.stage_01 * exhale_s / OB_RUMBLE_ONSET_S);
        const double earned = ob_clamp01((double)params->exhale_01) * 0.7 + ob_clamp01((double)params->bloom_01) * 0.3;
        rumble.slow_01 = (float)(whole * (PLAIN + (1.0 - PLAIN) * earned) * onset *
                                 fade(now.stage_01, ob_clamp01((double)params->tail_01)));
    }
    return rumble;
}
