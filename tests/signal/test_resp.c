/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/rng.h"
#include "signal/resp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Beats of a heart at 70 a minute that breathing at brpm moves by rr_ms and by height. */
static void breathe(struct ob_resp *resp, double seconds, double brpm, double rr_ms, double height, double noise)
{
    struct ob_rng g;
    ob_rng_init(&g, 1, 0);
    ob_resp_init(resp);
    for (double t = 0.5; t < seconds;) {
        double phase = OB_TAU * brpm / 60.0 * t;
        double rr = 857.0 + rr_ms * sin(phase) + noise * 20.0 * ob_rng_normal(&g);
        ob_resp_push(resp, t, rr, 1.0 + height * cos(phase) + noise * 0.05 * ob_rng_normal(&g));
        t += rr / 1000.0;
    }
}

static void finds_the_rate_from_either_series(void **state)
{
    (void)state;
    static const double rates[] = {4.5, 6.0, 9.0, 13.0, 18.0, 24.0};
    struct ob_resp resp;
    double brpm, quality;
    for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++)
        for (int which = 0; which < 3; which++) {
            breathe(&resp, 90.0, rates[k], which == 1 ? 0.0 : 40.0, which == 0 ? 0.0 : 0.1, 0.3);
            assert_true(ob_resp_rate(&resp, 90.0, &brpm, &quality));
            assert_true(fabs(brpm - rates[k]) < 0.6);
            assert_true(quality > 0.4);
        }
}

static void noise_has_a_low_quality(void **state)
{
    (void)state;
    struct ob_resp resp;
    double brpm, clear, blurred;
    breathe(&resp, 90.0, 6.0, 40.0, 0.1, 0.1);
    assert_true(ob_resp_rate(&resp, 90.0, &brpm, &clear));
    breathe(&resp, 90.0, 6.0, 0.0, 0.0, 1.0);
    assert_true(ob_resp_rate(&resp, 90.0, &brpm, &blurred));
    assert_true(blurred < 0.35);
    assert_true(clear > blurred + 0.3);
}

static void too_little_is_no_rate(void **state)
{
    (void)state;
    struct ob_resp resp;
    double brpm, quality;
    ob_resp_init(&resp);
    assert_false(ob_resp_rate(&resp, 0.0, &brpm, &quality));
    breathe(&resp, 20.0, 6.0, 40.0, 0.1, 0.1);
    assert_false(ob_resp_rate(&resp, 20.0, &brpm, &quality));
    breathe(&resp, 90.0, 6.0, 40.0, 0.1, 0.1);
    assert_false(ob_resp_rate(&resp, 120.0, &brpm, &quality)); /* half a minute without beats */
    ob_resp_reset(&resp);
    assert_false(ob_resp_rate(&resp, 90.0, &brpm, &quality));
    for (int i = 0; i < 2000; i++)
        ob_resp_push(&resp, 0.3 * i, (double)NAN, (double)INFINITY);
    assert_false(ob_resp_rate(&resp, 600.0, &brpm, &quality));
    for (int i = 0; i < 2000; i++)
        ob_resp_push(&resp, 600.0 + 0.8 * i, 800.0, 1.0); /* a pacemaker: nothing breathes in it */
    assert_false(ob_resp_rate(&resp, 2200.0, &brpm, &quality));
}

static void one_missing_series_is_enough(void **state)
{
    (void)state;
    struct ob_resp resp;
    double brpm, quality;
    ob_resp_init(&resp);
    for (int i = 0; i < 100; i++) {
        double t = 0.8 * i;
        ob_resp_push(&resp, t, 800.0 + 40.0 * sin(OB_TAU * 0.2 * t), (double)NAN);
    }
    assert_true(ob_resp_rate(&resp, 80.0, &brpm, &quality));
    assert_true(fabs(brpm - 12.0) < 0.4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_rate_from_either_series),
        cmocka_unit_test(noise_has_a_low_quality),
        cmocka_unit_test(too_little_is_no_rate),
        cmocka_unit_test(one_missing_series_is_enough),
    };
    return cmocka_run_group_tests_name("resp", tests, NULL, NULL);
}
