/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/body.h"

#include "base/maths.h"

#include <math.h>
#include <string.h>

static const double dt = OB_PERSON_STEP_S;

static void scale_to(double length, double v[3])
{
    const double norm = length / sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    for (int i = 0; i < 3; i++)
        v[i] *= norm;
}

static void next_stroke(struct ob_person_body *b)
{
    const double period_s = 1.0 / b->strokes_per_s * fmax(0.5, 1.0 + 0.1 * ob_rng_normal(&b->stroke_rng));
    b->stroke_age_s = 0;
    b->stroke_length_s = 0.7 * period_s;
    b->stroke_pause_s = 0.3 * period_s;
    b->stroke_mg = ob_rng_range(&b->stroke_rng, 40.0, 90.0);
}

void ob_person_body_init(struct ob_person_body *b, const struct ob_person_desc *desc)
{
    const uint64_t seed = (uint64_t)desc->seed;
    *b = (struct ob_person_body){
        .strokes_per_s = desc->strokes / 60.0, .motions_per_s = desc->motion_per_min / 60.0, .beat_s = -10.0};
    ob_rng_init(&b->stroke_rng, seed, OB_PERSON_STREAM_STROKE);
    ob_rng_init(&b->motion_rng, seed, OB_PERSON_STREAM_MOTION);
    ob_rng_init(&b->acc_rng, seed, OB_PERSON_STREAM_ACC);

    /* Nobody straps a sensor on straight: everyone has an own gravity and an own axis of breath. */
    struct ob_rng build;
    ob_rng_init(&build, seed, OB_PERSON_STREAM_BUILD);
    const double lie[3] = {0.1, 0.15, 1.0}, breath[3] = {0.55, 0.35, 0.75}, stroke[3] = {0.8, -0.5, 0.3};
    for (int i = 0; i < 3; i++) {
        b->gravity_mg[i] = lie[i] + 0.12 * ob_rng_normal(&build);
        b->breath_axis[i] = breath[i] + 0.15 * ob_rng_normal(&build);
        b->stroke_axis[i] = stroke[i] + 0.15 * ob_rng_normal(&build);
    }
    scale_to(1000.0, b->gravity_mg);
    scale_to(1.0, b->breath_axis);
    scale_to(1.0, b->stroke_axis);

    for (int i = 0; i < 4; i++)
        ob_person_ou_init(&b->shake[i], &b->motion_rng, 1.0, i < 3 ? 0.06 : 0.12);
    b->motion_wait_s = ob_person_poisson_wait_s(&b->motion_rng, b->motions_per_s);
    if (b->strokes_per_s > 0)
        next_stroke(b);
}

void ob_person_body_step(struct ob_person_body *b)
{
    b->stroke_01 = 0;
    if (b->strokes_per_s > 0) {
        b->stroke_age_s += dt;
        if (b->stroke_age_s >= b->stroke_length_s + b->stroke_pause_s)
            next_stroke(b);
        if (b->stroke_age_s < b->stroke_length_s)
            b->stroke_01 = sin(OB_PI * b->stroke_age_s / b->stroke_length_s);
    }
    b->motion_01 = 0;
    if (b->motion_length_s > 0) {
        b->motion_age_s += dt;
        const double s = sin(OB_PI * fmin(b->motion_age_s / b->motion_length_s, 1.0));
        b->motion_01 = s * s;
        for (int i = 0; i < 4; i++)
            ob_person_ou_step(&b->shake[i], &b->motion_rng);
        if (b->motion_age_s >= b->motion_length_s)
            b->motion_length_s = 0;
    } else if ((b->motion_wait_s -= dt) <= 0) {
        b->motion_age_s = 0;
        b->motion_length_s = ob_rng_range(&b->motion_rng, 1.0, 4.0);
        b->motion_wait_s = ob_person_poisson_wait_s(&b->motion_rng, b->motions_per_s);
    }
}

double ob_person_body_artefact(const struct ob_person_body *b)
{
    return b->motion_01 * b->shake[3].value;
}

void ob_person_body_acc(struct ob_person_body *b, double time_s, double volume_l, float mg_out[3])
{
    /* A litre tilts the breastbone by about two degrees; deep breaths stiffen. */
    const double tilt_mg = 45.0 * tanh(volume_l / 1.5);
    /* Recoil of the heart: a few mg ringing at 12 Hz after the valves. */
    const double since_s = time_s - b->beat_s - 0.04;
    const double recoil_mg =
        since_s > 0 && since_s < 0.5 ? 8.0 * exp(-since_s / 0.07) * sin(OB_TAU * 12.0 * since_s) : 0;
    for (int i = 0; i < 3; i++) {
        double mg = b->gravity_mg[i] + tilt_mg * b->breath_axis[i] + recoil_mg * (i == 2 ? 1.0 : 0.3);
        mg += b->stroke_01 * (b->stroke_mg * b->stroke_axis[i] + 12.0 * ob_rng_normal(&b->acc_rng));
        mg += 250.0 * b->motion_01 * b->shake[i].value + 1.5 * ob_rng_normal(&b->acc_rng);
        mg_out[i] = (float)mg;
    }
}
