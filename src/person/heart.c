/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/heart.h"

#include "base/maths.h"

#include <math.h>

static const double dt = OB_PERSON_STEP_S;

/* First-order sections by the bilinear transform with the corner in its true place. */
static void first_order(double corner_rad_s, double *scale_low_out, double *scale_high_out, double *keep_out)
{
    const double k = tan(0.5 * corner_rad_s * dt);
    *scale_low_out = k / (1.0 + k);
    *scale_high_out = 1.0 / (1.0 + k);
    *keep_out = (1.0 - k) / (1.0 + k);
}

void ob_person_heart_init(struct ob_person_heart *h, const struct ob_person_desc *desc)
{
    const uint64_t seed = (uint64_t)desc->seed;
    *h = (struct ob_person_heart){
        .rate_bpm = desc->hr,
        .gain_bpm_l = desc->gain > 0 ? desc->gain : 25.0 * exp(-0.022 * (fmin(desc->age, 60.0) - 20.0)),
        .settle_bpm = desc->habituation_bpm,
        .settle_tau_s = 60.0 * desc->habituation_tau_min,
        .shift_bpm = desc->shift_bpm,
        .shift_gain = desc->shift_gain_pct / 100.0,
        .rho = desc->rho,
        .bpm = desc->hr,
    };
    /* An early beat brings two beats where there would have been two: of b cycles with a chance p, b p are early
     * and b follow, so the share of early ones is p / (1 + p). */
    const double share = desc->ectopic_pct / 100.0;
    h->ectopic_01 = share / (1.0 - share);

    double unused;
    first_order(OB_TAU * 0.01, &unused, &h->high_scale, &h->high_keep);
    first_order(OB_TAU * 0.12, &h->low_scale, &unused, &h->low_keep);
    const double w = OB_TAU * desc->rf / 60.0;
    const double k = tan(0.5 * w * dt), norm = 1.0 / (1.0 + k / desc->q + k * k);
    h->res_b = k / desc->q * norm;
    h->res_a1 = 2.0 * (k * k - 1.0) * norm;
    h->res_a2 = (1.0 - k / desc->q + k * k) * norm;

    ob_rng_init(&h->wander_rng, seed, OB_PERSON_STREAM_WANDER);
    ob_rng_init(&h->mayer_rng, seed, OB_PERSON_STREAM_MAYER);
    ob_rng_init(&h->ectopic_rng, seed, OB_PERSON_STREAM_ECTOPIC);
    static const double taus_s[OB_PERSON_HEART_WANDERERS] = {2, 8, 30, 120, 480};
    for (int i = 0; i < OB_PERSON_HEART_WANDERERS; i++)
        ob_person_ou_init(&h->wander[i], &h->wander_rng, desc->noise / sqrt(OB_PERSON_HEART_WANDERERS), taus_s[i]);

    /* Pressure waves: a turning vector that forgets, Q 3; each of its parts has the asked spread. */
    h->mayer_keep = exp(-0.5 * w / 3.0 * dt);
    h->mayer_kick = desc->mayer_bpm * sqrt(1.0 - h->mayer_keep * h->mayer_keep);
    h->mayer_cos = cos(w * dt);
    h->mayer_sin = sin(w * dt);
    h->mayer_re = desc->mayer_bpm * ob_rng_normal(&h->mayer_rng);
    h->mayer_im = desc->mayer_bpm * ob_rng_normal(&h->mayer_rng);

    h->high_in = 0.25; /* about the mean of a breath: no long swing at the beginning */
    h->cycles = ob_rng_uniform(&h->ectopic_rng);
    h->due_cycles = 1.0;
}

static double answer_to_breath(struct ob_person_heart *h, double volume_l)
{
    const double v = h->high_keep * h->high_state + h->high_scale * (volume_l - h->high_in);
    h->high_state = v;
    h->high_in = volume_l;

    h->low_state = h->low_keep * h->low_state + h->low_scale * (v + h->low_in);
    h->low_in = v;

    const double y = h->res_b * (v - h->res_x2) - h->res_a1 * h->res_y1 - h->res_a2 * h->res_y2;
    h->res_x2 = h->res_x1;
    h->res_x1 = v;
    h->res_y2 = h->res_y1;
    h->res_y1 = y;
    return (1.0 - h->rho) * h->low_state + h->rho * y;
}

void ob_person_heart_step(struct ob_person_heart *h, double volume_l, double life_s, double shift_01)
{
    h->answer_l = answer_to_breath(h, volume_l);
    h->rsa_bpm = h->gain_bpm_l * (1.0 + h->shift_gain * shift_01) * h->answer_l;

    const double re = h->mayer_keep * (h->mayer_cos * h->mayer_re - h->mayer_sin * h->mayer_im);
    const double im = h->mayer_keep * (h->mayer_sin * h->mayer_re + h->mayer_cos * h->mayer_im);
    h->mayer_re = re + h->mayer_kick * ob_rng_normal(&h->mayer_rng);
    h->mayer_im = im + h->mayer_kick * ob_rng_normal(&h->mayer_rng);

    double wander = 0;
    for (int i = 0; i < OB_PERSON_HEART_WANDERERS; i++)
        wander += ob_person_ou_step(&h->wander[i], &h->wander_rng);

    const double settled = h->settle_bpm * (1.0 - exp(-life_s / h->settle_tau_s));
    const double bpm = h->rate_bpm - settled + h->rsa_bpm + h->mayer_re + wander + h->shift_bpm * shift_01;
    h->bpm = ob_clamp(bpm, 25.0, 220.0);
}

void ob_person_heart_beaten(struct ob_person_heart *h)
{
    /* After an early beat the sinus node's own next beat finds the ventricles deaf: the one after it is due. */
    if (h->due_ectopic) {
        h->due_ectopic = false;
        h->sinus_cycles += 1.0;
        h->due_cycles = h->sinus_cycles + 1.0;
        return;
    }
    h->sinus_cycles = h->due_cycles;
    const double chance = ob_rng_uniform(&h->ectopic_rng);
    const double early = ob_rng_range(&h->ectopic_rng, 0.6, 0.8);
    h->due_ectopic = chance < h->ectopic_01;
    h->due_cycles = h->sinus_cycles + (h->due_ectopic ? early : 1.0);
}
