/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/ecg.h"

#include "base/maths.h"
#include "person/chance.h"

#include <math.h>

/* a b^2/w of the R wave at 60 bpm, which is to be 1 mV high. */
static const double r_height = 30.0 * 0.1 * 0.1 / OB_TAU;

struct shape {
    double degrees, a, b;
    int moves; /* how strongly the angle follows the rate: 1 for P and T, 0 for the QRS */
};

static const struct shape normal[] = {
    {-70, 1.2, 0.25, 1}, {-15, -5.0, 0.1, 0}, {0, 30.0, 0.1, 0}, {15, -7.5, 0.1, 0}, {100, 0.75, 0.4, 1},
};
/* From the ventricle itself: no P, a wide and tall QRS, and a T against it. */
static const struct shape ectopic[] = {
    {0, 7.5, 0.23, 0},
    {38, -3.0, 0.25, 0},
    {110, -1.0, 0.42, 1},
};
/* A crackle of the electrode, narrower than any QRS and as tall. */
static const struct shape spike[] = {{0, 130.0, 0.045, 0}, {7, -80.0, 0.05, 0}};

void ob_person_ecg_init(struct ob_person_ecg *ecg, double seed, double sample_hz, double noise_mv, double mains_mv)
{
    *ecg = (struct ob_person_ecg){
        .period_s = 1.0 / sample_hz,
        .noise_mv = noise_mv,
        .mains_mv = mains_mv,
        .relax = exp(-1.0 / sample_hz),
    };
    ob_rng_init(&ecg->rng, (uint64_t)seed, OB_PERSON_STREAM_ECG);
}

static void add_wave(struct ob_person_ecg *ecg, const struct shape *shape, double cycles, double widen, double scale)
{
    if (ecg->waves >= OB_PERSON_ECG_WAVES)
        return;
    const double angle = shape->degrees * OB_PI / 180.0 * (shape->moves ? sqrt(widen) : 1.0);
    ecg->wave[ecg->waves++] = (struct ob_person_ecg_wave){
        .centre_rad = OB_TAU * cycles + angle,
        .width_rad = shape->b * widen,
        /* Widths grow with the root of the rate while the turn takes less time: heights stay as at 60 bpm. */
        .height_mv = scale * shape->a * shape->b * shape->b / OB_TAU / r_height,
    };
}

void ob_person_ecg_beat(struct ob_person_ecg *ecg, enum ob_person_ecg_beat kind, double cycles, double bpm,
                        double scale)
{
    const double widen = sqrt(bpm / 60.0);
    const struct shape *shapes = kind == OB_PERSON_ECG_NORMAL    ? normal
                                 : kind == OB_PERSON_ECG_ECTOPIC ? ectopic
                                                                 : spike;
    const size_t count = kind == OB_PERSON_ECG_NORMAL    ? sizeof normal / sizeof normal[0]
                         : kind == OB_PERSON_ECG_ECTOPIC ? sizeof ectopic / sizeof ectopic[0]
                                                         : sizeof spike / sizeof spike[0];
    for (size_t i = 0; i < count; i++)
        add_wave(ecg, &shapes[i], cycles, widen, scale);
}

double ob_person_ecg_sample(struct ob_person_ecg *ecg, double cycles, double baseline_mv, double noise_factor)
{
    const double phase_rad = OB_TAU * cycles;
    ecg->z_mv = baseline_mv + (ecg->z_mv - baseline_mv) * ecg->relax;
    for (int i = 0; i < ecg->waves;) {
        struct ob_person_ecg_wave *w = &ecg->wave[i];
        const double d = (phase_rad - w->centre_rad) / w->width_rad;
        const double now = d > -5.0 && d < 5.0 ? exp(-0.5 * d * d) : 0.0;
        ecg->z_mv += w->height_mv * (now - w->before);
        w->before = now;
        if (d >= 5.0)
            *w = ecg->wave[--ecg->waves];
        else
            i++;
    }
    double mv = ecg->z_mv + ecg->noise_mv * noise_factor * ob_rng_normal(&ecg->rng);
    if (ecg->mains_mv > 0) {
        ecg->mains_turns = ob_fract(ecg->mains_turns + 50.0 * ecg->period_s);
        mv += ecg->mains_mv * sin(OB_TAU * ecg->mains_turns);
    }
    return mv;
}
