/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People as they come: what the loop does with somebody who does not breathe with it, holds the breath, talks, leaves
 * and returns, or has a heart that no score fits. In all of them pacing goes on, and nobody is told off. */
#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"
#include "engine/engine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define SWING_BPM 5.0
#define OWN_BRPM  14.0

enum manner { WITH_THE_PACER, ALONE, HOLDING, TALKING, AWAY, PACEMAKER, NO_RHYTHM };

struct guest {
    struct ob_engine *e;
    struct ob_rng rng;
    double cycles, beat_s, own_turns, wander_bpm, talk_brpm;
    double low_brpm, high_brpm; /* of the pace since the last call */
    float most_exhale_01, most_feedback_01;
    bool scored;
};

static void arrive(struct guest *g, double minutes)
{
    struct ob_event begin = {.kind = OB_EVENT_BEGIN};
    begin.u.plan.minutes = minutes;
    *g = (struct guest){.e = ob_engine_create(), .talk_brpm = 16.0};
    assert_non_null(g->e);
    ob_rng_init(&g->rng, 11, 3);
    ob_engine_step(g->e, &begin);
}

static double heart_bpm(struct guest *g, enum manner manner, double dt_s)
{
    const struct ob_snapshot *s = ob_engine_snapshot(g->e);
    g->wander_bpm += -g->wander_bpm * dt_s / 20.0 + 0.3 * sqrt(dt_s) * ob_rng_normal(&g->rng);
    double swing = 0.0;
    switch (manner) {
    case WITH_THE_PACER:
        g->own_turns = ob_pacer_at(&s->pacer, s->now_ns).phase_turns;
        swing = SWING_BPM * cos(OB_TAU * (g->own_turns - 0.35));
        break;
    case ALONE:
        g->own_turns += OWN_BRPM / 60.0 * dt_s;
        swing = 0.6 * SWING_BPM * cos(OB_TAU * g->own_turns);
        break;
    case TALKING:
        g->talk_brpm = ob_clamp(g->talk_brpm + 8.0 * sqrt(dt_s) * ob_rng_normal(&g->rng), 9.0, 24.0);
        g->own_turns += g->talk_brpm / 60.0 * dt_s;
        swing = 0.6 * SWING_BPM * cos(OB_TAU * g->own_turns);
        break;
    case PACEMAKER:
        return 70.0;
    default: /* a held breath moves no heart */
        break;
    }
    return 68.0 + g->wander_bpm + swing;
}

static void feel_beat(struct guest *g, double now_s, double rr_s)
{
    struct ob_event v = {.kind = OB_EVENT_RR};
    v.measured_ns = v.arrived_ns = v.applied_ns = ob_ns_from_s(now_s);
    v.u.rr.rr_ms = rr_s * 1e3;
    v.u.rr.beats = OB_BEATS_RR;
    v.u.rr.quality_01 = 1.0f;
    ob_engine_step(g->e, &v);
}

/* Stays so for some seconds. */
static const struct ob_snapshot *stay(struct guest *g, enum manner manner, double seconds)
{
    const struct ob_snapshot *s = ob_engine_snapshot(g->e);
    const int64_t until_ns = s->now_ns + ob_ns_from_s(seconds);
    g->low_brpm = 100.0;
    g->high_brpm = 0.0;
    g->most_exhale_01 = g->most_feedback_01 = 0.0f;
    g->scored = false;
    while (s->now_ns < until_ns && s->stage != OB_STAGE_ENDED) {
        const double phase = s->pacer.phase_turns;
        ob_engine_advance(g->e, s->now_ns + OB_TICK_NS);
        if (s->stage == OB_STAGE_GUIDED && s->now_ns < s->end_ns - 11 * OB_NS_PER_S)
            assert_true(s->pacer.phase_turns != phase); /* pacing goes on, whoever breathes */
        const double now_s = ob_s_from_ns(s->now_ns);
        g->low_brpm = fmin(g->low_brpm, s->pacer.rate_brpm);
        g->high_brpm = fmax(g->high_brpm, s->pacer.rate_brpm);
        g->most_exhale_01 = fmaxf(g->most_exhale_01, s->params.exhale_01);
        g->most_feedback_01 = fmaxf(g->most_feedback_01, s->params.feedback_01);
        g->scored |= s->rsa_bpm.valid || s->fit_01.valid;
        if (manner == AWAY)
            continue;
        g->cycles += heart_bpm(g, manner, 0.01) / 60.0 * 0.01;
        const double due = manner == NO_RHYTHM ? 0.55 + 0.8 * ob_rng_uniform(&g->rng) : 1.0;
        if (g->cycles < due || now_s - g->beat_s < 0.3)
            continue;
        g->cycles = 0.0;
        if (g->beat_s > 0.0 && now_s - g->beat_s < 3.0)
            feel_beat(g, now_s, now_s - g->beat_s);
        g->beat_s = now_s;
    }
    return s;
}

static void go(struct guest *g)
{
    ob_engine_destroy(g->e);
}

static void somebody_who_breathes_alone_is_met_and_not_led(void **state)
{
    (void)state;
    struct guest g;
    arrive(&g, 15.0);
    const struct ob_snapshot *s = stay(&g, ALONE, 120.0);
    assert_true(g.low_brpm > 8.8); /* never led downwards */
    s = stay(&g, ALONE, 600.0);
    assert_true(s->waiting);
    assert_true(g.low_brpm > 8.8 && fabs(s->pacer.rate_brpm - 10.0) < 0.05); /* as near to 14 as automatic pace goes */
    assert_true(g.most_feedback_01 < 0.6f);
    assert_string_equal(s->reason, ""); /* and no word about it */
    /* Who joins late is led from there. */
    s = stay(&g, WITH_THE_PACER, 100.0);
    assert_true(g.most_feedback_01 > 0.6f);
    go(&g);
}

static void a_held_breath_earns_nothing_and_is_waited_for(void **state)
{
    (void)state;
    struct guest g;
    arrive(&g, 15.0);
    const struct ob_snapshot *s = stay(&g, WITH_THE_PACER, 240.0);
    const float before = s->params.feedback_01;
    const double pace = s->pacer.rate_brpm;
    assert_true(before > 0.7f && pace < 7.5);
    s = stay(&g, HOLDING, 10.0);
    s = stay(&g, HOLDING, 35.0);
    assert_true(g.most_exhale_01 < 0.35f); /* nothing slows, nothing shines */
    assert_true(g.most_feedback_01 <= before + 0.05f && s->params.feedback_01 < before);
    assert_true(g.low_brpm > pace - 1.3);
    assert_int_equal(s->stage, OB_STAGE_GUIDED);
    assert_string_equal(s->reason, "");
    s = stay(&g, WITH_THE_PACER, 240.0);
    assert_true(fabs(s->pacer.rate_brpm - s->drift_brpm - s->target_brpm) < 0.05);
    assert_true(s->params.feedback_01 > 0.7f);
    go(&g);
}

static void who_talks_a_minute_goes_on_afterwards(void **state)
{
    (void)state;
    struct guest g;
    arrive(&g, 20.0);
    const struct ob_snapshot *s = stay(&g, WITH_THE_PACER, 200.0);
    const double pace = s->pacer.rate_brpm;
    const float before = s->params.feedback_01;
    s = stay(&g, TALKING, 60.0);
    assert_true(g.low_brpm > pace - 0.7 && g.high_brpm < pace + 2.0);
    assert_true(s->params.feedback_01 < before); /* goes down softly, no further than neutral */
    assert_true(s->params.feedback_01 >= 0.5f);
    s = stay(&g, WITH_THE_PACER, 400.0);
    assert_true(fabs(s->pacer.rate_brpm - s->drift_brpm - s->target_brpm) < 0.05);
    go(&g);
}

static void who_leaves_finds_the_pacer_going_on(void **state)
{
    (void)state;
    struct guest g;
    arrive(&g, 20.0);
    const struct ob_snapshot *s = stay(&g, WITH_THE_PACER, 200.0);
    s = stay(&g, AWAY, 90.0);
    assert_int_equal(s->sensor, OB_SENSOR_LOST);
    assert_non_null(strstr(s->reason, "plain pacing until they return"));
    assert_false(s->hr_bpm.valid || s->rsa_bpm.valid || s->fit_01.valid);
    assert_true(s->params.feedback_01 < 0.55f && s->params.exhale_01 < 0.05f);
    assert_int_equal(s->stage, OB_STAGE_GUIDED);
    s = stay(&g, WITH_THE_PACER, 45.0);
    assert_int_equal(s->sensor, OB_SENSOR_LIVE);
    assert_true(s->hr_bpm.valid && s->fit_01.valid);
    s = stay(&g, WITH_THE_PACER, 300.0);
    assert_true(fabs(s->pacer.rate_brpm - s->drift_brpm - s->target_brpm) < 0.05);
    go(&g);
}

static void no_score_fits(enum manner manner)
{
    struct guest g;
    arrive(&g, 20.0);
    const struct ob_snapshot *s = stay(&g, manner, 120.0);
    assert_int_equal(s->sensor, OB_SENSOR_UNFIT);
    assert_string_equal(s->reason,
                        "these scores do not fit this recording; pacing continues. This is not a heart check");
    s = stay(&g, manner, 480.0);
    assert_int_equal(s->sensor, OB_SENSOR_UNFIT);
    assert_false(g.scored);
    assert_true(g.most_feedback_01 < 0.55f && g.most_exhale_01 < 0.2f);
    assert_true(s->hr_bpm.valid); /* a pulse it is */
    /* Nobody knows whether this person follows: led as somebody without a sensor. */
    assert_true(fabs(s->pacer.rate_brpm - s->drift_brpm - s->target_brpm) < 0.05);
    go(&g);
}

static void a_pacemaker_is_paced_and_not_scored(void **state)
{
    (void)state;
    no_score_fits(PACEMAKER);
}

static void an_irregular_heart_is_led_as_one_without_a_sensor(void **state)
{
    (void)state;
    no_score_fits(NO_RHYTHM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_who_breathes_alone_is_met_and_not_led),
        cmocka_unit_test(a_held_breath_earns_nothing_and_is_waited_for),
        cmocka_unit_test(who_talks_a_minute_goes_on_afterwards),
        cmocka_unit_test(who_leaves_finds_the_pacer_going_on),
        cmocka_unit_test(a_pacemaker_is_paced_and_not_scored),
        cmocka_unit_test(an_irregular_heart_is_led_as_one_without_a_sensor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
