/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/time.h"
#include "breath/rumble.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define STEP_NS (10 * OB_NS_PER_MS)

static const struct ob_params led = {.presence_01 = 1, .guidance_01 = 1, .feedback_01 = 0.5f};

static struct ob_pacer_segment breathing(double brpm, double inhale, double hold_full_s, double hold_empty_s)
{
    const struct ob_breath_shape shape = ob_breath_shape_make(inhale, brpm, hold_full_s, hold_empty_s);
    return (struct ob_pacer_segment){.rate_brpm = brpm, .shape = shape, .next = shape};
}

static struct ob_rumble felt(const struct ob_pacer_segment *pacer, const struct ob_params *params, double s)
{
    return ob_rumble_at(pacer, params, 1.0f, ob_ns_from_s(s));
}

static void inhale_and_exhale_are_told_apart(void **state)
{
    (void)state;
    for (double brpm = 3.0; brpm <= 12.0; brpm += 0.5) {
        const struct ob_pacer_segment pacer = breathing(brpm, 0.4, brpm < 6.0 ? 2.0 : 0.0, brpm < 6.0 ? 2.0 : 0.0);
        double fast = 0.0, slow = 0.0;
        for (int64_t t = 0; t < ob_ns_from_s(120.0 / brpm); t += STEP_NS) {
            const enum ob_breath_stage stage = ob_pacer_at(&pacer, t).stage;
            const struct ob_rumble r = ob_rumble_at(&pacer, &led, 1.0f, t);
            if (stage != OB_INHALE)
                assert_true(r.fast_01 == 0.0f);
            if (stage != OB_EXHALE)
                assert_true(r.slow_01 == 0.0f);
            fast = fmax(fast, (double)r.fast_01);
            slow = fmax(slow, (double)r.slow_01);
        }
        assert_true(fast > 0.2);
        assert_true(slow > 0.3);
    }
}

/* From the exhale's peak it only falls, and the inhale rises until it sinks: no throb in between. */
static void one_rise_and_one_fall_each(void **state)
{
    (void)state;
    const struct ob_pacer_segment pacer = breathing(5.0, 0.4, 0.0, 0.0);
    int turns = 0;
    bool rising = true;
    double before = 0.0;
    for (int64_t t = 0; t < 12 * OB_NS_PER_S; t += STEP_NS) {
        const struct ob_rumble r = ob_rumble_at(&pacer, &led, 1.0f, t);
        const double now = (double)r.fast_01 + (double)r.slow_01;
        if (fabs(now - before) > 1e-6 && (now > before) != rising) {
            rising = !rising;
            turns++;
        }
        before = now;
    }
    assert_int_equal(turns, 3); /* inhale down, exhale up, exhale down */
}

static void nothing_jumps(void **state)
{
    (void)state;
    const double limit = (double)OB_RUMBLE_MAX_01 * 2.0 * 0.01 / OB_RUMBLE_ONSET_S; /* a soft curve is steeper amid */
    struct ob_params p = led;
    for (int tail = 0; tail <= 4; tail++)
        for (double brpm = 3.0; brpm <= 12.0; brpm += 0.25) {
            const struct ob_pacer_segment pacer = breathing(brpm, 1.0 / 3.0, tail, 0.0);
            struct ob_rumble before = {0};
            p.tail_01 = (float)tail / 4.0f;
            p.exhale_01 = p.bloom_01 = (float)tail / 4.0f;
            for (int64_t t = 0; t < ob_ns_from_s(130.0 / brpm); t += STEP_NS) {
                const struct ob_rumble r = ob_rumble_at(&pacer, &p, 1.0f, t);
                assert_true(fabs((double)(r.fast_01 - before.fast_01)) < limit);
                assert_true(fabs((double)(r.slow_01 - before.slow_01)) < limit);
                before = r;
            }
        }
}

static void limits_hold_whatever_comes(void **state)
{
    (void)state;
    const struct ob_pacer_segment pacer = breathing(6.0, 0.4, 0.0, 0.0);
    struct ob_params p = {.presence_01 = 5, .guidance_01 = 3, .exhale_01 = 9, .tail_01 = 4, .bloom_01 = 7};
    for (int64_t t = 0; t < 10 * OB_NS_PER_S; t += STEP_NS) {
        const struct ob_rumble r = ob_rumble_at(&pacer, &p, 8.0f, t);
        assert_true(r.fast_01 >= 0.0f && r.fast_01 <= OB_RUMBLE_MAX_01);
        assert_true(r.slow_01 >= 0.0f && r.slow_01 <= OB_RUMBLE_MAX_01);
    }
    /* not where nothing leads, nobody is there, it is switched off, or the pacer stands */
    const struct ob_params off[] = {{.presence_01 = 1}, {.guidance_01 = 1}};
    for (int64_t t = 0; t < 10 * OB_NS_PER_S; t += STEP_NS) {
        for (int i = 0; i < 2; i++) {
            const struct ob_rumble r = ob_rumble_at(&pacer, &off[i], 1.0f, t);
            assert_true(r.fast_01 == 0.0f && r.slow_01 == 0.0f);
        }
        const struct ob_rumble r = ob_rumble_at(&pacer, &led, 0.0f, t);
        assert_true(r.fast_01 == 0.0f && r.slow_01 == 0.0f);
    }
    struct ob_pacer_segment still = pacer;
    still.rate_brpm = 0.0;
    still.phase_turns = 0.6;
    assert_true(felt(&still, &led, 3.0).slow_01 == 0.0f);
}

static void the_reward_is_felt_and_the_heart_is_not(void **state)
{
    (void)state;
    const struct ob_pacer_segment pacer = breathing(6.0, 0.4, 0.0, 0.0);
    struct ob_params rewarded = led, beating = led, blooming = led;
    rewarded.exhale_01 = rewarded.tail_01 = 1.0f;
    blooming.bloom_01 = 1.0f;
    assert_true(felt(&pacer, &rewarded, 8.0).slow_01 > 1.5f * felt(&pacer, &led, 8.0).slow_01); /* late in it */
    assert_true(felt(&pacer, &rewarded, 5.0).slow_01 > felt(&pacer, &led, 5.0).slow_01);
    assert_true(felt(&pacer, &blooming, 5.0).slow_01 > felt(&pacer, &led, 5.0).slow_01);
    beating.pulse_01 = 1.0f;
    for (double s = 0.0; s < 10.0; s += 0.05) {
        assert_true(felt(&pacer, &beating, s).slow_01 == felt(&pacer, &led, s).slow_01);
        assert_true(felt(&pacer, &beating, s).fast_01 == felt(&pacer, &led, s).fast_01);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inhale_and_exhale_are_told_apart),
        cmocka_unit_test(one_rise_and_one_fall_each),
        cmocka_unit_test(nothing_jumps),
        cmocka_unit_test(limits_hold_whatever_comes),
        cmocka_unit_test(the_reward_is_felt_and_the_heart_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
