/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/bowl.h"

#include "base/rt.h"

#include <math.h>

static const double ratio[OB_BOWL_MODES] = {1.0, 8.0 / 3.0, 5.05, 7.86};

/* The second of a pair is weaker: the beating never empties the tone. */
#define WEAKER 0.30f

void ob_bowl_start(struct ob_bowl *bowl, const struct ob_bowl_plan *plan, const struct ob_wave *sine, uint32_t seed,
                   double sample_rate_hz)
{
    bowl->tick_s = (float)(OB_SYNTH_TICK / sample_rate_hz);
    bowl->pan[0] = 0.5f * plan->pan;
    bowl->pan[1] = plan->pan > 0.0f ? bowl->pan[0] - 0.35f : bowl->pan[0] + 0.35f;
    double level = (double)plan->level;
    for (int m = 0; m < OB_BOWL_MODES; m++) {
        const double hz = (double)plan->hz * ratio[m];
        /* Higher modes beat a little faster, never in step. */
        const double beat_hz = (double)plan->beat_hz * (1.0 + 0.37 * m);
        bowl->level[m] = hz < 0.4 * sample_rate_hz ? (float)level : 0.0f;
        level *= (double)plan->upper;
        bowl->cycles[m][0] = (float)(hz / sample_rate_hz);
        bowl->cycles[m][1] = (float)((hz + beat_hz) / sample_rate_hz);
        const double ring_s = (double)plan->ring_s / (1.0 + 0.75 * m);
        bowl->keep[m] = (float)exp(-(double)bowl->tick_s / ring_s);
        bowl->keep_long[m] = (float)exp(-(double)bowl->tick_s / (1.4 * ring_s));
        for (uint32_t v = 0; v < 2; v++) {
            bowl->voice[m][v].wave = sine;
            bowl->voice[m][v].phase = (seed + 31u * (uint32_t)m + v) * 2654435761u;
        }
    }
}

OB_RT void ob_bowl_tick(struct ob_bowl *bowl, float rate, float bright_01, float long_01, float *left, float *right)
{
    float into = rate * bowl->tick_s;
    for (int m = 0; m < OB_BOWL_MODES; m++) {
        const float keep = bowl->keep[m] + long_01 * (bowl->keep_long[m] - bowl->keep[m]);
        bowl->amount[m] = keep * (bowl->amount[m] + into * (1.0f - bowl->amount[m]));
        into *= bright_01;
        const float amount = bowl->amount[m] * bowl->level[m];
        for (int v = 0; v < 2; v++) {
            const float side = v == 0 ? amount : WEAKER * amount;
            ob_voice_tick(&bowl->voice[m][v], bowl->cycles[m][v], side * sqrtf(0.5f - bowl->pan[v]),
                          side * sqrtf(0.5f + bowl->pan[v]), left, right);
        }
    }
}
