/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/rng.h"
#include "hrv/rhythm.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

/* So many seconds of intervals of 800 ms: a breath that swings by swing_ms at a wandering rate, and disorder. */
static enum ob_rhythm rhythm(double seconds, double breath_brpm, double swing_ms, double disorder_ms)
{
    struct ob_nn_series series;
    struct ob_rng rng;
    double t_s = 0.0, turns = 0.0, rate = 1.0;
    ob_nn_series_init(&series);
    ob_rng_init(&rng, 3, 9);
    while (t_s < seconds) {
        const double nn_ms =
            fmax(800.0 + 0.5 * swing_ms * sin(OB_TAU * turns) + disorder_ms * ob_rng_normal(&rng), 350.0);
        rate += 0.1 * (1.0 - rate) + 0.04 * ob_rng_normal(&rng);
        turns += rate * breath_brpm / 60000.0 * nn_ms;
        t_s += nn_ms * 1e-3;
        const struct ob_nn_beat beat = {
            .time_ns = (int64_t)(t_s * 1e9), .nn_ms = nn_ms, .normal = true, .follows = true};
        assert_true(ob_nn_series_push(&series, &beat));
    }
    return ob_rhythm_of(&series, (int64_t)((seconds - 60.0) * 1e9));
}

static void breath_is_order_at_any_rate(void **state)
{
    (void)state;
    for (double brpm = 4.0; brpm < 24.0; brpm += 1.0)
        for (double swing = 20.0; swing <= 320.0; swing *= 2.0)
            assert_int_equal(rhythm(70.0, brpm, swing, 15.0), OB_RHYTHM_SCORED);
}

static void disorder_is_none_when_it_is_large(void **state)
{
    (void)state;
    assert_int_equal(rhythm(70.0, 14.0, 20.0, 20.0), OB_RHYTHM_SCORED); /* small, as in any heart */
    for (double ms = 80.0; ms < 240.0; ms += 20.0)
        assert_int_equal(rhythm(70.0, 14.0, 20.0, ms), OB_RHYTHM_NONE);
}

static void a_pacemaker_is_fixed_and_a_still_heart_is_not(void **state)
{
    (void)state;
    assert_int_equal(rhythm(70.0, 14.0, 0.0, 1.0), OB_RHYTHM_FIXED);
    assert_int_equal(rhythm(70.0, 14.0, 0.0, 5.0), OB_RHYTHM_SCORED);
    assert_int_equal(rhythm(20.0, 14.0, 0.0, 1.0), OB_RHYTHM_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breath_is_order_at_any_rate),
        cmocka_unit_test(disorder_is_none_when_it_is_large),
        cmocka_unit_test(a_pacemaker_is_fixed_and_a_still_heart_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
