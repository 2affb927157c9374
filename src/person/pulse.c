/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/pulse.h"

#include "base/maths.h"
#include "person/chance.h"

#include <math.h>

void ob_person_pulse_init(struct ob_person_pulse *p, double seed, double bpm)
{
    *p = (struct ob_person_pulse){.usual_s = 60.0 / bpm};
    ob_rng_init(&p->rng, (uint64_t)seed, OB_PERSON_STREAM_PULSE);
    p->arrival_s = ob_rng_range(&p->rng, 0.15, 0.3);
    p->arrival_swing_s = ob_rng_range(&p->rng, 0.005, 0.01);
    p->depth_01 = ob_rng_range(&p->rng, 0.05, 0.2);
}

void ob_person_pulse_beat(struct ob_person_pulse *p, double time_s, double bpm, double full_01, double scale)
{
    static const struct {
        double height, angle, width;
    } parts[2] = {{1.0, -1.2, 0.6}, {0.4, 0.6, 0.9}};
    p->usual_s += 0.1 * (60.0 / bpm - p->usual_s);
    const double s_per_rad = p->usual_s / OB_TAU;
    const double foot_s = time_s + p->arrival_s + p->arrival_swing_s * (full_01 - 0.5);
    const double height = scale * (1.0 - p->depth_01 * full_01);
    for (int i = 0; i < 2 && p->waves < OB_PERSON_PULSE_WAVES; i++) {
        p->wave[p->waves].centre_s = foot_s + (OB_PI + parts[i].angle) * s_per_rad;
        p->wave[p->waves].width_s = parts[i].width * s_per_rad;
        p->wave[p->waves].height = height * parts[i].height;
        p->waves++;
    }
}

double ob_person_pulse_sample(struct ob_person_pulse *p, double time_s, double full_01, double noise)
{
    double value = 0.1 * (full_01 - 0.5) + noise * ob_rng_normal(&p->rng);
    for (int i = 0; i < p->waves;) {
        const double d = (time_s - p->wave[i].centre_s) / p->wave[i].width_s;
        if (d > 5.0) {
            p->wave[i] = p->wave[--p->waves];
            continue;
        }
        if (d > -5.0)
            value += p->wave[i].height * exp(-0.5 * d * d);
        i++;
    }
    return value;
}
