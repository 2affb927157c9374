/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/time.h"
#include "breath/history.h"
#include "breath/pacer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define FRAME_NS (OB_NS_PER_S / 60)

static struct ob_pacer_segment at_rate(double brpm)
{
    const struct ob_breath_shape shape = ob_breath_shape_make(0.4, brpm, 0, 0);
    return (struct ob_pacer_segment){.rate_brpm = brpm, .shape = shape, .next = shape};
}

/* The shorter way round between two phases, turns. */
static double apart(double a, double b)
{
    const double d = ob_fract(a - b);
    return d < 0.5 ? d : 1.0 - d;
}

static void a_change_of_rate_never_moves_the_phase(void **state)
{
    (void)state;
    /* 7 -> 6.5 -> 5 breaths/min, each change at every phase in thousandths of a turn */
    for (int i = 0; i < 1000; i++)
        for (int j = 0; j < 1000; j += 37) {
            struct ob_pacer_segment s = at_rate(7.0);
            const int64_t first = ob_ns_from_s(60.0 / 7.0 * i / 1000.0);
            const struct ob_pacer_segment t = ob_pacer_continue(&s, first, 6.5);
            const int64_t second = first + ob_ns_from_s(60.0 / 6.5 * j / 1000.0);
            const struct ob_pacer_segment u = ob_pacer_continue(&t, second, 5.0);
            const double limit = 7.0 / 60.0 / 60.0; /* what a frame moves it by */
            assert_true(apart(ob_pacer_at(&s, first).phase_turns, ob_pacer_at(&t, first).phase_turns) < 1e-9);
            assert_true(apart(ob_pacer_at(&t, second).phase_turns, ob_pacer_at(&u, second).phase_turns) < 1e-9);
            const double before = ob_pacer_at(&s, first - FRAME_NS / 2).phase_turns;
            const double after = ob_pacer_at(&t, first + FRAME_NS / 2).phase_turns;
            assert_true(apart(before, after) < limit + 1e-9);
            assert_true(fabs(ob_pacer_at(&t, second).volume_01 - ob_pacer_at(&u, second).volume_01) < 1e-6);
        }
}

static void a_breath_is_inhale_hold_exhale_hold(void **state)
{
    (void)state;
    struct ob_pacer_segment s = at_rate(3.75);
    s.shape = s.next = ob_breath_shape_make(0.5, 3.75, 4.0, 4.0); /* box breathing: 4-4-4-4 */
    const struct {
        double s;
        enum ob_breath_stage stage;
        double volume;
    } expected[] = {{0.0, OB_INHALE, 0.0},      {2.0, OB_INHALE, 0.5},  {4.5, OB_HOLD_FULL, 1.0},
                    {7.5, OB_HOLD_FULL, 1.0},   {10.0, OB_EXHALE, 0.5}, {12.5, OB_HOLD_EMPTY, 0.0},
                    {15.5, OB_HOLD_EMPTY, 0.0}, {18.0, OB_INHALE, 0.5}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct ob_pacer_state p = ob_pacer_at(&s, ob_ns_from_s(expected[i].s));
        assert_int_equal(p.stage, expected[i].stage);
        assert_true(fabs(p.volume_01 - expected[i].volume) < 1e-6);
    }
    assert_true(fabs(ob_pacer_at(&s, ob_ns_from_s(3.0)).to_next_exhale_s - 5.0) < 1e-6);
    assert_true(fabs(ob_pacer_at(&s, ob_ns_from_s(9.0)).to_next_exhale_s - 15.0) < 1e-6);
    assert_true(fabs(ob_pacer_at(&s, ob_ns_from_s(9.0)).to_next_inhale_s - 7.0) < 1e-6);
}

static void shapes_are_whole_and_within_limits(void **state)
{
    (void)state;
    for (double share = -1.0; share < 2.0; share += 0.05)
        for (double hold = 0.0; hold < 60.0; hold += 7.0) {
            const struct ob_breath_shape b = ob_breath_shape_make(share, 6.0, hold, hold / 2);
            assert_true(fabs(b.inhale_01 + b.hold_full_01 + b.exhale_01 + b.hold_empty_01 - 1.0) < 1e-12);
            const double of_both = b.inhale_01 / (b.inhale_01 + b.exhale_01);
            assert_true(of_both > 1.0 / 3.0 - 1e-9 && of_both < 0.5 + 1e-9);
            assert_true(b.inhale_01 + b.exhale_01 >= 0.5 - 1e-9);
        }
}

static void a_new_shape_begins_with_a_new_breath(void **state)
{
    (void)state;
    struct ob_pacer_segment s = at_rate(6.0);
    s.next = ob_breath_shape_make(0.5, 6.0, 0, 0);
    assert_true(ob_pacer_at(&s, ob_ns_from_s(4.5)).stage == OB_EXHALE);  /* 40:60 still */
    assert_true(ob_pacer_at(&s, ob_ns_from_s(14.5)).stage == OB_INHALE); /* 50:50 from the next on */
}

static void history_finds_the_phase_of_late_data(void **state)
{
    (void)state;
    struct ob_history h;
    ob_history_init(&h);
    struct ob_history_point p;
    assert_false(ob_history_at(&h, 0, &p));
    for (int i = 0; i < 2000; i++) {
        const struct ob_history_point in = {.turns = i * 0.025, .volume_01 = 0.5f, .guided = true};
        ob_history_push(&h, i * OB_HISTORY_STEP_NS, &in);
    }
    for (double back = -0.9; back < 100.0; back += 0.33) {
        const int64_t t = 1999 * OB_HISTORY_STEP_NS - ob_ns_from_s(back);
        assert_true(ob_history_at(&h, t, &p));
        assert_true(fabs(p.turns - ob_s_from_ns(t) * 0.1) < 1e-9);
    }
    assert_false(ob_history_at(&h, 1999 * OB_HISTORY_STEP_NS + 2 * OB_NS_PER_S, &p));
    assert_false(ob_history_at(&h, 100 * OB_HISTORY_STEP_NS, &p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_of_rate_never_moves_the_phase),
        cmocka_unit_test(a_breath_is_inhale_hold_exhale_hold),
        cmocka_unit_test(shapes_are_whole_and_within_limits),
        cmocka_unit_test(a_new_shape_begins_with_a_new_breath),
        cmocka_unit_test(history_finds_the_phase_of_late_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
