/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/breathing.h"

#include "base/maths.h"

#include <math.h>

static const double dt = OB_PERSON_STEP_S;
static const double wander_tau_s = 1.5;
static const double speed_tau_s = 4.0;
static const double silence_tau_s = 12.0; /* about two breaths: the own rate comes back */
static const double lapse_tau_s = 1.0;    /* a lapse comes at once, but nobody's breath jumps */

/* White noise on the phase would let a breath run backwards for a moment. Its speed wanders instead, as strongly as
 * gives a breath of natural length the asked spread: var of the integral over T is 2 s^2 tau (T - tau (1 -
 * e^(-T/tau))). */
static double wander_sd(double cv, double period_s)
{
    const double spread = 2.0 * wander_tau_s * (period_s - wander_tau_s * (1.0 - exp(-period_s / wander_tau_s)));
    return cv / sqrt(spread);
}

void ob_person_breathing_init(struct ob_person_breathing *b, const struct ob_person_desc *desc)
{
    const uint64_t seed = (uint64_t)desc->seed;
    *b = (struct ob_person_breathing){
        .own_hz = desc->rate / 60.0,
        .own_inhale_01 = desc->inhale,
        .g = desc->g,
        .volume_cv = desc->volume_cv,
        .compliance = desc->compliance,
        .coupling = desc->coupling,
        .lag_s = desc->lag_s,
        .lead_s = desc->lead_s,
        .lapses_per_s = desc->lapses_per_min / 60.0,
        .sighs_per_s = desc->sighs_per_h / 3600.0,
        .lead_steps = (int)(desc->lead_s / dt + 0.5),
        .speed_hz = desc->rate / 60.0,
        .inhale_01 = desc->inhale,
        .stretch = 1.0,
    };
    ob_rng_init(&b->rng, seed, OB_PERSON_STREAM_BREATH);
    ob_rng_init(&b->lapse_rng, seed, OB_PERSON_STREAM_LAPSE);
    ob_rng_init(&b->sigh_rng, seed, OB_PERSON_STREAM_SIGH);
    ob_person_ou_init(&b->wander, &b->rng, wander_sd(desc->period_cv, 60.0 / desc->rate), wander_tau_s);
    b->phase_turns = ob_rng_uniform(&b->rng);
    b->depth_l = 0.5 * pow(15.0 / desc->rate, b->g);
    b->lapse_wait_s = ob_person_poisson_wait_s(&b->lapse_rng, b->lapses_per_s);
    b->sigh_wait_s = ob_person_poisson_wait_s(&b->sigh_rng, b->sighs_per_s);
}

/* Half a cosine up, half a cosine down. */
static double fullness_01(double phase_turns, double inhale_01)
{
    if (phase_turns < inhale_01)
        return 0.5 - 0.5 * cos(OB_PI * phase_turns / inhale_01);
    return 0.5 + 0.5 * cos(OB_PI * (phase_turns - inhale_01) / (1.0 - inhale_01));
}

static void begin_breath(struct ob_person_breathing *b, double heard_inhale_01)
{
    b->breaths++;
    const double scatter = fmax(0.3, 1.0 + b->volume_cv * ob_rng_normal(&b->rng));
    b->depth_l = 0.5 * pow(15.0 / (60.0 * b->speed_hz), b->g) * scatter;
    b->stretch = 1.0;
    if (b->sigh_wait_s <= 0) {
        b->sighs++;
        b->depth_l *= ob_rng_range(&b->sigh_rng, 2.2, 3.0);
        b->stretch = 1.4;
        b->sigh_wait_s = ob_person_poisson_wait_s(&b->sigh_rng, b->sighs_per_s);
    }
    b->depth_l = fmin(b->depth_l, 4.5); /* nobody's vital capacity is endless */
    b->inhale_01 = b->own_inhale_01 + b->following_01 * (heard_inhale_01 - b->own_inhale_01);
}

static bool lapse(struct ob_person_breathing *b)
{
    if (b->lapse_left_s > 0) {
        b->lapse_left_s -= dt;
        return true;
    }
    b->lapse_wait_s -= dt;
    if (b->lapse_wait_s <= 0) {
        b->lapse_left_s = ob_rng_range(&b->lapse_rng, 5.0, 20.0);
        b->lapse_wait_s = ob_person_poisson_wait_s(&b->lapse_rng, b->lapses_per_s);
    }
    return false;
}

/* The cue as the person has it in mind now: what was heard lag ago, turned on to where it will be when the lungs get
 * there. For a lag shorter than the lead that means expecting, as one does with a regular cue. */
static struct ob_person_breathing_heard in_mind(const struct ob_person_breathing *b)
{
    const double delay_s = b->lag_s - b->lead_s;
    const int back = delay_s > 0 ? (int)ceil(delay_s / dt) : 0;
    struct ob_person_breathing_heard heard =
        b->heard[(b->steps + OB_PERSON_BREATHING_HEARD - (uint64_t)back) % OB_PERSON_BREATHING_HEARD];
    heard.phase_turns += heard.rate_hz * ((double)back * dt - delay_s);
    return heard;
}

void ob_person_breathing_step(struct ob_person_breathing *b, const struct ob_person_breathing_heard *now,
                              double shift_hz)
{
    b->heard[b->steps % OB_PERSON_BREATHING_HEARD] = *now;
    const struct ob_person_breathing_heard cue = in_mind(b);
    const bool lapsing = lapse(b);
    b->sigh_wait_s -= dt;

    const double own_hz = fmax(b->own_hz + shift_hz, 2.0 / 60.0);
    double pull_hz = 0;
    b->following_01 = lapsing ? 0 : b->compliance * cue.audible_01;
    if (b->following_01 > 0) {
        b->excess_hz = b->following_01 * (cue.rate_hz - own_hz);
        if (b->stretch <= 1.0)
            pull_hz = b->following_01 * b->coupling * sin(OB_TAU * (cue.phase_turns - b->phase_turns)) / OB_TAU;
    } else {
        b->excess_hz -= b->excess_hz * ob_lag(dt, lapsing && cue.audible_01 > 0 ? lapse_tau_s : silence_tau_s);
    }
    const double even_hz = (own_hz + b->excess_hz) / b->stretch;
    const double speed_hz = fmax(even_hz + pull_hz + ob_person_ou_step(&b->wander, &b->rng), 0.15 * even_hz);
    /* Depth follows the pace of breathing, of which one sigh is no part. */
    b->speed_hz += (speed_hz * b->stretch - b->speed_hz) * (dt / speed_tau_s);
    b->phase_turns += speed_hz * dt;
    if (b->phase_turns >= 1.0) {
        b->phase_turns -= 1.0;
        begin_breath(b, cue.inhale_01);
    }
    b->volume_l = b->depth_l * fullness_01(b->phase_turns, b->inhale_01);
    b->steps++;
    b->past[b->steps % OB_PERSON_BREATHING_DELAY] =
        (struct ob_person_lungs){b->phase_turns, b->volume_l, b->depth_l, b->inhale_01, b->stretch};
}

struct ob_person_lungs ob_person_breathing_lungs(const struct ob_person_breathing *b)
{
    return b->past[(b->steps + OB_PERSON_BREATHING_DELAY - (uint64_t)b->lead_steps) % OB_PERSON_BREATHING_DELAY];
}
