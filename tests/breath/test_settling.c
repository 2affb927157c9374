/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/settling.h"

#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"
#include "breath/settling_lines.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A heart that wanders a little and swings with 13 breaths/min; from shift_s on, over a minute, it slows by drop_bpm,
 * its swing grows by a half and breathing slows by 3/min. */
struct heart {
    struct ob_rng rng;
    double time_s, slow, slower, turns;
    double shift_s, drop_bpm;
};

static struct heart new_heart(uint64_t seed, double shift_s, double drop_bpm)
{
    struct heart h = {.shift_s = shift_s, .drop_bpm = drop_bpm};
    ob_rng_init(&h.rng, seed, 1);
    return h;
}

static double let_go_01(const struct heart *h)
{
    return h->shift_s < 0.0 ? 0.0 : ob_clamp01((h->time_s - h->shift_s) / 60.0);
}

static double next_nn_ms(struct heart *h)
{
    const double gone = let_go_01(h);
    const double bpm =
        66.0 - h->drop_bpm * gone + h->slow + h->slower + 2.5 * (1.0 + 0.5 * gone) * sin(OB_TAU * h->turns);
    const double s = 60.0 / bpm;
    h->slow += -h->slow * ob_lag(s, 20.0) + 0.7 * sqrt(2.0 * s / 20.0) * ob_rng_normal(&h->rng);
    h->slower += -h->slower * ob_lag(s, 120.0) + 0.7 * sqrt(2.0 * s / 120.0) * ob_rng_normal(&h->rng);
    h->turns += s * (13.0 - 3.0 * gone) / 60.0;
    h->time_s += s;
    return 1000.0 * s;
}

static void live(struct ob_settling *s, struct heart *h, double until_s, bool belt)
{
    while (h->time_s < until_s) {
        const double nn_ms = next_nn_ms(h);
        if (belt)
            ob_settling_breath(s, 13.0 - 3.0 * let_go_01(h) + 0.3 * ob_rng_normal(&h->rng));
        ob_settling_beat(s, ob_ns_from_s(h->time_s), nn_ms, true, true);
    }
}

static void assert_near(const struct ob_settling *s, double at_s)
{
    if (s->marks != 1 || fabs(ob_s_from_ns(s->mark.at_ns) - at_s) > 90.0)
        fail_msg("%u marks, the newest at %.0f s; one at %.0f s was wanted", s->marks, ob_s_from_ns(s->mark.at_ns),
                 at_s);
    assert_true(ob_s_from_ns(s->mark.known_ns) - at_s < 300.0);
    assert_true(s->mark.known_ns > s->mark.at_ns);
}

static void a_shift_is_found_afterwards(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct ob_settling s;
        ob_settling_init(&s, 0);
        struct heart h = new_heart(seed, 800.0, 6.0);
        live(&s, &h, 1500.0, false);
        assert_near(&s, 800.0);
        assert_false(s.mark.paced);
        assert_false(s.mark.breath_known);
        assert_true(s.mark.heart_bpm < -1.5 && s.mark.heart_bpm > -9.0);
        assert_true(s.mark.swing_percent > 10.0);
    }
}

static void a_heart_shows_that_breath_has_slowed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct ob_settling s;
        struct heart slowing = new_heart(seed, 500.0, 0.0), steady = new_heart(seed, -1.0, 0.0);
        ob_settling_init(&s, 0);
        live(&s, &slowing, 710.0, false);
        assert_true(ob_settling_slower_breath(&s.epochs, 45, 14) > 1.0);
        assert_true(ob_settling_slower_breath(&s.epochs, 18, 14) == 0.0); /* too little before */
        ob_settling_init(&s, 0);
        live(&s, &steady, 710.0, false);
        assert_true(ob_settling_slower_breath(&s.epochs, 45, 14) < 0.0);
    }
}

static void with_a_belt_it_says_what_breathing_did(void **state)
{
    (void)state;
    struct ob_settling s;
    ob_settling_init(&s, 0);
    struct heart h = new_heart(7, 800.0, 4.0);
    live(&s, &h, 1500.0, true);
    assert_near(&s, 800.0);
    assert_true(s.mark.breath_known);
    assert_true(s.mark.breath_brpm < -1.5 && s.mark.breath_brpm > -4.5);
}

static void a_quiet_or_a_rising_heart_has_no_mark(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct ob_settling s;
        ob_settling_init(&s, 0);
        struct heart h = new_heart(seed, seed > 3 ? 800.0 : -1.0, -6.0);
        live(&s, &h, 1500.0, false);
        assert_int_equal(s.marks, 0);
        assert_int_equal(s.state, OB_SETTLING_LOOKING);
        assert_true(s.watched > 60);
    }
}

static void it_needs_minutes_and_whole_ones(void **state)
{
    (void)state;
    struct ob_settling s;
    ob_settling_init(&s, 0);
    struct heart h = new_heart(1, 800.0, 6.0);
    live(&s, &h, 400.0, false);
    assert_int_equal(s.state, OB_SETTLING_TOO_SHORT);
    assert_int_equal(s.watched, 0);
    /* one beat in five corrected: it can't be told, whatever the heart does */
    for (int i = 0; h.time_s < 1500.0; i++) {
        const double nn_ms = next_nn_ms(&h);
        ob_settling_beat(&s, ob_ns_from_s(h.time_s), nn_ms, true, i % 5 != 0);
    }
    assert_int_equal(s.state, OB_SETTLING_CANNOT_TELL);
    assert_int_equal(s.marks, 0);
    assert_true(s.blind > 30);
}

static void movement_blinds(void **state)
{
    (void)state;
    struct ob_settling s;
    ob_settling_init(&s, 0);
    struct heart h = new_heart(1, 800.0, 6.0);
    live(&s, &h, 700.0, false);
    while (h.time_s < 1300.0) {
        const double nn_ms = next_nn_ms(&h);
        ob_settling_moved(&s, ob_ns_from_s(h.time_s));
        ob_settling_beat(&s, ob_ns_from_s(h.time_s), nn_ms, true, true);
    }
    assert_int_equal(s.marks, 0);
    assert_int_equal(s.state, OB_SETTLING_CANNOT_TELL);
}

static void guided_and_free_minutes_are_not_compared(void **state)
{
    (void)state;
    struct ob_settling s;
    ob_settling_init(&s, 0);
    struct heart h = new_heart(2, 800.0, 8.0);
    ob_settling_pace(&s, 6.0);
    live(&s, &h, 800.0, false);
    ob_settling_pace(&s, 0.0); /* guidance ends where the heart slows */
    live(&s, &h, 1200.0, false);
    assert_int_equal(s.marks, 0);
    assert_int_equal(s.state, OB_SETTLING_TOO_SHORT);
}

static void a_gap_is_no_shift(void **state)
{
    (void)state;
    struct ob_settling s;
    ob_settling_init(&s, 0);
    struct heart h = new_heart(3, -1.0, 0.0);
    live(&s, &h, 900.0, false);
    h.time_s += 100.0;
    ob_settling_beat(&s, ob_ns_from_s(h.time_s), 900.0, false, true);
    live(&s, &h, 1300.0, false);
    assert_int_equal(s.marks, 0);
    /* a night later nothing of before is left */
    h.time_s += 8.0 * 3600.0;
    ob_settling_beat(&s, ob_ns_from_s(h.time_s), 900.0, false, true);
    live(&s, &h, h.time_s + 60.0, false);
    assert_false(ob_settling_epochs_back(&s.epochs, 20)->heart);
    assert_true(ob_settling_epochs_back(&s.epochs, 0)->heart);
    assert_int_equal(s.state, OB_SETTLING_CANNOT_TELL);
}

static void an_epoch_is_the_mean_of_its_heart_rate(void **state)
{
    (void)state;
    struct ob_settling_epochs e;
    ob_settling_epochs_init(&e, 0);
    double t = 0.0;
    while (e.count < 8) {
        const double nn_ms = 900.0 + 60.0 * sin(OB_TAU * t / 5.0);
        t += nn_ms * 1e-3;
        ob_settling_epochs_beat(&e, ob_ns_from_s(t), nn_ms, t > 1.0, true);
    }
    for (uint32_t i = 0; i < 4; i++) {
        const struct ob_settling_epoch *epoch = ob_settling_epochs_back(&e, i);
        assert_true(epoch->heart && epoch->swing);
        assert_float_equal(epoch->hr_bpm, 66.7, 0.5);
        /* 12 breaths/min: in the band of free breathing, not in the floor; nearer to the low rhythm than to the high */
        assert_true(epoch->power[OB_SETTLING_SWING] > 4.0f && epoch->power[OB_SETTLING_SWING] < 12.0f);
        assert_true(epoch->power[OB_SETTLING_FLOOR] < 0.02f * epoch->power[OB_SETTLING_SWING]);
        assert_true(epoch->power[OB_SETTLING_LOW] > 2.0f * epoch->power[OB_SETTLING_HIGH]);
    }
    assert_null(ob_settling_epochs_back(&e, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shift_is_found_afterwards),
        cmocka_unit_test(a_heart_shows_that_breath_has_slowed),
        cmocka_unit_test(with_a_belt_it_says_what_breathing_did),
        cmocka_unit_test(a_quiet_or_a_rising_heart_has_no_mark),
        cmocka_unit_test(it_needs_minutes_and_whole_ones),
        cmocka_unit_test(movement_blinds),
        cmocka_unit_test(guided_and_free_minutes_are_not_compared),
        cmocka_unit_test(a_gap_is_no_shift),
        cmocka_unit_test(an_epoch_is_the_mean_of_its_heart_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
