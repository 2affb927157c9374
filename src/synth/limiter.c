/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/limiter.h"

#include "base/maths.h"
#include "base/rt.h"

#include <math.h>
#include <string.h>

void ob_limiter_init(struct ob_limiter *limiter, double sample_rate_hz)
{
    *limiter = (struct ob_limiter){.gain = 1.0f, .wanted = {1.0f, 1.0f}};
    for (int n = 0; n < 5; n++)
        limiter->need[n] = 1.0f;
    double widest = 1.0;
    for (int p = 0; p < OB_LIMITER_PHASES; p++) {
        double sum = 0.0;
        double reach = 0.0;
        double taps[OB_LIMITER_TAPS];
        for (int t = 0; t < OB_LIMITER_TAPS; t++) {
            const double x = t - (OB_LIMITER_TAPS / 2 - 1) - 0.25 * (p + 1);
            const double window = 0.5 + 0.5 * cos(OB_PI * x / (0.5 * OB_LIMITER_TAPS + 0.5));
            taps[t] = window * sin(OB_PI * x) / (OB_PI * x);
            sum += taps[t];
        }
        for (int t = 0; t < OB_LIMITER_TAPS; t++) {
            limiter->taps[p][t] = (float)(taps[t] / sum);
            reach += fabs(taps[t] / sum);
        }
        widest = fmax(widest, reach);
    }
    limiter->safe_peak = OB_LIMITER_CEILING / (float)widest;
    limiter->release = (float)(1.0 - exp(-OB_SYNTH_TICK / (0.3 * sample_rate_hz)));
}

static float sample_peak(const float *x, int count)
{
    float peak = 0.0f;
    for (int i = 0; i < count; i++) {
        const float size = x[i] < 0.0f ? -x[i] : x[i];
        peak = size > peak ? size : peak;
    }
    return peak;
}

/* x: OB_LIMITER_TAPS frames of history, then one tick. */
static float true_peak(const struct ob_limiter *limiter, const float *x)
{
    float peak = sample_peak(x, OB_LIMITER_TAPS + OB_SYNTH_TICK);
    if (peak <= limiter->safe_peak)
        return peak;
    for (int p = 0; p < OB_LIMITER_PHASES; p++) {
        float between[OB_SYNTH_TICK] = {0};
        for (int t = 0; t < OB_LIMITER_TAPS; t++)
            for (int i = 0; i < OB_SYNTH_TICK; i++)
                between[i] += limiter->taps[p][t] * x[1 + i + t];
        /* What still hides between quarters of a frame: 0.7 dB for white noise far above the ceiling. */
        const float found = 1.08f * sample_peak(between, OB_SYNTH_TICK);
        peak = found > peak ? found : peak;
    }
    return peak;
}

static float least(float a, float b)
{
    return a < b ? a : b;
}

/* Four ticks are in play: need[1] belongs to the one that leaves, need[4] to the one that comes. A true peak may lie in
 * a tick or, by the reach of the interpolation, be found with the tick after it; so the gain at a boundary must satisfy
 * the ticks on both sides and the one after. */
OB_RT void ob_limiter_tick(struct ob_limiter *limiter, float *left, float *right)
{
    float *channel[2] = {left, right};
    float peak = 0.0f;
    for (int c = 0; c < 2; c++) {
        float x[OB_LIMITER_TAPS + OB_SYNTH_TICK];
        memcpy(x, limiter->history[c], sizeof limiter->history[c]);
        memcpy(x + OB_LIMITER_TAPS, channel[c], OB_SYNTH_TICK * sizeof *x);
        memcpy(limiter->history[c], x + OB_SYNTH_TICK, sizeof limiter->history[c]);
        const float found = true_peak(limiter, x);
        peak = found > peak ? found : peak;
    }
    memmove(limiter->need, limiter->need + 1, 4 * sizeof *limiter->need);
    limiter->need[4] = peak > OB_LIMITER_CEILING ? OB_LIMITER_CEILING / peak : 1.0f;

    /* Boundary at the end of the leaving tick: between need[1] and need[2]; its neighbour one tick on: need[2],
     * need[3].
     */
    const float *need = limiter->need;
    const float here = least(least(need[1], need[2]), need[3]);
    const float next = least(least(need[2], need[3]), need[4]);
    limiter->wanted[0] = limiter->wanted[1];
    limiter->wanted[1] = least(here, next);
    const float mean = 0.5f * (limiter->wanted[0] + limiter->wanted[1]);
    const float recovered = limiter->gain + limiter->release * (1.0f - limiter->gain);
    const float end = least(mean, recovered);

    const float step = (end - limiter->gain) * (1.0f / OB_SYNTH_TICK);
    for (int c = 0; c < 2; c++) {
        float *waiting = limiter->waiting[c];
        float out[OB_SYNTH_TICK];
        for (int i = 0; i < OB_SYNTH_TICK; i++)
            out[i] = waiting[i] * (limiter->gain + step * (float)(i + 1));
        memmove(waiting, waiting + OB_SYNTH_TICK, (OB_LIMITER_DELAY - OB_SYNTH_TICK) * sizeof *waiting);
        memcpy(waiting + OB_LIMITER_DELAY - OB_SYNTH_TICK, channel[c], OB_SYNTH_TICK * sizeof *waiting);
        memcpy(channel[c], out, sizeof out);
    }
    limiter->gain = end;
}
