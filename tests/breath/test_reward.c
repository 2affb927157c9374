/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/time.h"
#include "breath/exhale.h"
#include "breath/feedback.h"
#include "breath/swell.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

/* One breath of 10 s at 40:60 with beats each 0.8 s whose rate falls by slowing_bpm over the exhale. Returns the mean
 * level over the exhale; beats arrive age_s late. artefact: one beat early in the exhale is corrected. */
static double breathe(struct ob_exhale *x, uint64_t breath, double slowing_bpm, double age_s, bool artefact)
{
    struct ob_pacer_segment s = {.rate_brpm = 6, .shape = ob_breath_shape_make(0.4, 6, 0, 0)};
    s.next = s.shape;
    double sum = 0.0, next_beat_s = 0.4;
    int n = 0;
    for (int i = 0; i < 1000; i++) {
        const double t = i * 0.01;
        const struct ob_pacer_state now = ob_pacer_at(&s, ob_ns_from_s(t));
        if (t >= next_beat_s) {
            const double measured = t - (age_s > 1.0 ? 0.0 : age_s); /* long delays: the caller shifts by breaths */
            const struct ob_pacer_state then = ob_pacer_at(&s, ob_ns_from_s(measured));
            const double hr = 70.0 - (then.stage == OB_EXHALE ? slowing_bpm * then.stage_01 : 0.0);
            ob_exhale_beat(x, breath, &then, hr, !(artefact && t > 4.5 && t < 5.5));
            next_beat_s += 0.8;
        }
        ob_exhale_tick(x, breath, &now, age_s, true, 0.01);
        if (now.stage == OB_EXHALE) {
            sum += x->level_01;
            n++;
        }
    }
    return sum / n;
}

static void more_slowing_earns_more_light_and_a_longer_tail(void **state)
{
    (void)state;
    struct ob_exhale x;
    ob_exhale_init(&x);
    double last = -1.0, last_tail = -1.0;
    for (uint64_t i = 0; i < 5; i++) {
        struct ob_exhale fresh = x; /* the same person, the same past */
        const double level = breathe(&fresh, i + 1, 2.0 * (double)i, 0.1, false);
        assert_true(level > last + 0.01);
        assert_true(fresh.tail_01 > last_tail + 0.02);
        last = level;
        last_tail = fresh.tail_01;
    }
    assert_true(last < 1.0);
}

static void no_slowing_earns_nothing_and_the_level_is_gone_by_the_next_exhale(void **state)
{
    (void)state;
    struct ob_exhale x;
    ob_exhale_init(&x);
    breathe(&x, 1, 12.0, 0.1, false);
    assert_true(x.tail_01 > 0.4);
    const double after = breathe(&x, 2, 0.0, 0.1, false);
    assert_true(after < 0.05);
}

static void an_artefact_holds_what_was_earned_and_adds_nothing(void **state)
{
    (void)state;
    struct ob_exhale clean, held;
    ob_exhale_init(&clean);
    ob_exhale_init(&held);
    assert_true(breathe(&held, 1, 10.0, 0.1, true) < 0.5 * breathe(&clean, 1, 10.0, 0.1, false));
}

static void late_data_shape_the_next_exhale(void **state)
{
    (void)state;
    struct ob_exhale x;
    ob_exhale_init(&x);
    /* Beats of breath k are laid into k while k + 1 is under way: here simply with an age of 3 s. */
    breathe(&x, 1, 10.0, 3.0, false);
    const double next = breathe(&x, 2, 0.0, 3.0, false);
    assert_true(next > 0.2);
}

static void feedback_is_neutral_then_rises_faster_than_it_falls(void **state)
{
    (void)state;
    struct ob_feedback f;
    ob_feedback_init(&f, 0.0);
    for (int i = 0; i < 6000; i++)
        ob_feedback_tick(&f, 20.0, 0.95, 1.0, true, false, 0.01);
    assert_true(ob_feedback_01(&f) == 0.5); /* no baseline yet */
    for (int i = 0; i < OB_BASELINE_BREATHS; i++)
        ob_feedback_breath(&f, 8.0 + 0.3 * i);
    for (int i = 0; i < 400; i++)
        ob_feedback_tick(&f, 20.0, 0.95, 1.0, true, false, 0.01);
    const double risen = ob_feedback_01(&f);
    assert_true(fabs(risen - (0.5 + 0.5 * (1 - exp(-1)))) < 0.01); /* tau 4 s */
    for (int i = 0; i < 4000; i++)
        ob_feedback_tick(&f, 20.0, 0.95, 1.0, true, false, 0.01);
    assert_true(ob_feedback_01(&f) > 0.99); /* saturates */
    for (int i = 0; i < 1000; i++)
        ob_feedback_tick(&f, 20.0, 0.95, 1.0, true, true, 0.01);
    assert_true(ob_feedback_01(&f) > 0.99); /* held */
    const double before = f.score_01;
    for (int i = 0; i < 2000; i++)
        ob_feedback_tick(&f, 20.0, 0.1, 1.0, true, false, 0.01); /* swings, but not with the breath */
    assert_true(fabs(f.score_01 / before - exp(-1)) < 0.01);     /* tau 20 s */
    for (int i = 0; i < 100000; i++)
        ob_feedback_tick(&f, 1.0, 0.0, 1.0, true, false, 0.01);
    assert_true(ob_feedback_01(&f) >= 0.5); /* never below neutral */
}

static void the_pulse_keeps_to_two_a_second_and_has_no_jumps(void **state)
{
    (void)state;
    struct ob_swell p;
    ob_swell_init(&p);
    assert_true(ob_swell_tick(&p, 0) == 0.0);
    double last = 0.0;
    int swells = 0;
    bool rising = false;
    for (int i = 0; i < 6000; i++) { /* a minute at 180 bpm */
        const int64_t now = i * OB_TICK_NS;
        if (i % 33 == 0)
            ob_swell_beat(&p, now, now, 333.0);
        const double h = ob_swell_tick(&p, now);
        assert_true(h >= 0.0 && h <= 1.0 && fabs(h - last) < 0.2);
        if (h > last && !rising)
            swells++;
        rising = h > last;
        last = h;
    }
    assert_true(swells > 60 && swells <= 120);
}

static void the_pulse_runs_on_with_late_beats_at_their_place(void **state)
{
    (void)state;
    struct ob_swell p;
    ob_swell_init(&p);
    /* beats each second on the second, known 3.3 s late */
    int64_t swell_ns = 0;
    for (int i = 0; i < 6000; i++) {
        const int64_t now = i * OB_TICK_NS;
        if (i % 100 == 30 && i > 400)
            ob_swell_beat(&p, now - 3300 * OB_NS_PER_MS, now, 1000.0);
        ob_swell_tick(&p, now);
        swell_ns = p.swell_ns;
    }
    const double off = ob_fract(ob_s_from_ns(swell_ns) + 0.5) - 0.5;
    assert_true(fabs(off) < 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_slowing_earns_more_light_and_a_longer_tail),
        cmocka_unit_test(no_slowing_earns_nothing_and_the_level_is_gone_by_the_next_exhale),
        cmocka_unit_test(an_artefact_holds_what_was_earned_and_adds_nothing),
        cmocka_unit_test(late_data_shape_the_next_exhale),
        cmocka_unit_test(feedback_is_neutral_then_rises_faster_than_it_falls),
        cmocka_unit_test(the_pulse_keeps_to_two_a_second_and_has_no_jumps),
        cmocka_unit_test(the_pulse_runs_on_with_late_beats_at_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
