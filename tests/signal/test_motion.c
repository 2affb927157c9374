/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/motion.h"

#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HZ 50.0

struct body {
    double breath_mg, stroke_mg, shake_mg, shake_from_s, shake_to_s, turn_at_s;
};

struct seen {
    int moved, turned;
    double first_s, last_s;
};

static struct seen watch(const struct body *b, double seconds)
{
    struct ob_motion m;
    struct seen seen = {.first_s = -1.0};
    struct ob_rng rng;
    ob_rng_init(&rng, 7, 1);
    ob_motion_init(&m);
    for (int i = 0; i < (int)(seconds * HZ); i++) {
        const double t = i / HZ;
        const bool shakes = t >= b->shake_from_s && t < b->shake_to_s, turned = t >= b->turn_at_s;
        double mg[3] = {turned ? 900.0 : 100.0, 200.0, turned ? 300.0 : 970.0};
        const double slow = b->breath_mg * sin(OB_TAU * t / 5.0) + b->stroke_mg * fmax(0.0, sin(OB_TAU * t / 6.0));
        for (int k = 0; k < 3; k++)
            mg[k] += 0.5 * slow + 2.0 * ob_rng_normal(&rng) + (shakes ? b->shake_mg * ob_rng_normal(&rng) : 0.0);
        const enum ob_motion_kind kind = ob_motion_push(&m, ob_ns_from_s(t), mg);
        seen.moved += kind == OB_MOTION_MOVED;
        seen.turned += kind == OB_MOTION_TURNED;
        if (kind != OB_MOTION_STILL) {
            seen.first_s = seen.first_s < 0.0 ? t : seen.first_s;
            seen.last_s = t;
        }
    }
    return seen;
}

static void breath_and_soft_hands_are_no_movement(void **state)
{
    (void)state;
    const struct body calm = {.breath_mg = 45.0, .stroke_mg = 90.0, .turn_at_s = 1e9};
    const struct seen seen = watch(&calm, 300.0);
    assert_int_equal(seen.moved, 0);
    assert_int_equal(seen.turned, 0);
}

static void shaking_is_movement_while_it_lasts(void **state)
{
    (void)state;
    const struct body restless = {
        .breath_mg = 45.0, .shake_mg = 80.0, .shake_from_s = 60.0, .shake_to_s = 63.0, .turn_at_s = 1e9};
    const struct seen seen = watch(&restless, 120.0);
    assert_in_range(seen.moved, 5, 7); /* half seconds */
    assert_true(seen.first_s > 60.0 && seen.last_s < 64.5);
    assert_int_equal(seen.turned, 0);
}

static void turning_over_is_told_once(void **state)
{
    (void)state;
    const struct body turns = {.breath_mg = 45.0, .turn_at_s = 100.0};
    const struct seen seen = watch(&turns, 300.0);
    assert_int_equal(seen.turned, 1);
    assert_true(seen.first_s > 100.0 && seen.first_s < 104.0);
    /* who has just lain down has not turned */
    const struct body early = {.turn_at_s = 8.0};
    assert_int_equal(watch(&early, 10.0).turned, 0);
}

static void what_makes_no_sense_is_dropped(void **state)
{
    (void)state;
    struct ob_motion m;
    ob_motion_init(&m);
    const double bad[][3] = {{(double)NAN, 0, 0}, {0, (double)INFINITY, 0}, {0, 0, 1e300}};
    for (int i = 0; i < 100; i++) {
        assert_int_equal(ob_motion_push(&m, i * 20 * OB_NS_PER_MS, (const double[3]){0, 0, 1000}), OB_MOTION_STILL);
        assert_int_equal(ob_motion_push(&m, i * 20 * OB_NS_PER_MS, (const double[3]){900, 0, 0}), OB_MOTION_STILL);
        assert_int_equal(ob_motion_push(&m, (i * 20 + 1) * OB_NS_PER_MS, bad[i % 3]), OB_MOTION_STILL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breath_and_soft_hands_are_no_movement),
        cmocka_unit_test(shaking_is_movement_while_it_lasts),
        cmocka_unit_test(turning_over_is_told_once),
        cmocka_unit_test(what_makes_no_sense_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
