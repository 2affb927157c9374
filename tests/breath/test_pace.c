/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The posterior over rates: what it learns from swing and ripple, what it keeps, and what it says. */
#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"
#include "breath/pace.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_template_is_highest_at_its_rate(void **state)
{
    (void)state;
    const struct ob_resonance sharp = {.rate_brpm = 5.5, .rho = 0.55, .q = 2.7};
    const struct ob_resonance flat = {.rate_brpm = 5.5, .rho = 0.1, .q = 1.0};
    /* |H| by the formula in complex numbers, once by hand: at the resonance the band is 1. */
    const double u = 5.5 / 60.0 / 0.12, re = 0.45 / (1.0 + u * u) + 0.55, im = 0.45 * u / (1.0 + u * u);
    assert_true(fabs(ob_resonance_gain2(&sharp, 5.5) - (re * re + im * im)) < 1e-12);
    assert_true(ob_resonance_gain2(&sharp, 5.5) > ob_resonance_gain2(&sharp, 6.5));
    assert_true(ob_resonance_gain2(&sharp, 5.5) > ob_resonance_gain2(&sharp, 4.5));
    assert_true(ob_resonance_sharpness(&sharp) > 0.15 && ob_resonance_sharpness(&flat) < 0.03);
}

static void the_prior_is_the_stated_one(void **state)
{
    (void)state;
    struct ob_own_pace pace;
    struct ob_own_pace_estimate e;
    ob_own_pace_init(&pace);
    ob_own_pace_estimate(&pace, &e);
    assert_true(fabs(e.mean_brpm - 5.6) < 0.02 && fabs(e.sd_brpm - 0.49) < 0.02);
    assert_true(fabs(e.high_brpm - e.low_brpm - 2.0 * 1.645 * 0.5) < 0.06);
    assert_int_equal(e.word, OB_PACE_UNKNOWN);
}

/* Breaths at five rates as a stepped search has them, whose swing follows a template of 4.9 or 6.1. */
static void swings_over_many_rates_show_the_rate(void **state)
{
    (void)state;
    const double rates[] = {4.9, 6.1};
    for (int i = 0; i < 2; i++) {
        const struct ob_resonance heart = {.rate_brpm = rates[i], .rho = 0.5, .q = 2.5};
        struct ob_own_pace pace;
        struct ob_own_pace_estimate e;
        struct ob_rng rng;
        ob_own_pace_init(&pace);
        ob_rng_init(&rng, 5, 1);
        for (int n = 0; n < 90; n++) {
            const double brpm = 6.5 - 0.5 * (n / 18);
            const double swing =
                16.0 * sqrt(ob_resonance_gain2(&heart, brpm)) * pow(6.0 / brpm, 0.3) * exp(0.15 * ob_rng_normal(&rng));
            ob_own_pace_breath(&pace, brpm, n % 17 == 9 ? 4.0 * swing : swing); /* sighs are left out */
        }
        ob_own_pace_estimate(&pace, &e);
        print_message("%.1f: %.2f (%.2f-%.2f), %u breaths\n", rates[i], e.mean_brpm, e.low_brpm, e.high_brpm,
                      e.breaths);
        assert_true(e.low_brpm < rates[i] + 0.1 && rates[i] - 0.1 < e.high_brpm);
        assert_true(fabs(e.mean_brpm - rates[i]) < 0.35);
        assert_in_range(e.breaths, 84, 86);
    }
}

static void a_flat_heart_is_told_anywhere(void **state)
{
    (void)state;
    struct ob_own_pace pace;
    struct ob_own_pace_estimate e;
    struct ob_rng rng;
    ob_own_pace_init(&pace);
    ob_rng_init(&rng, 6, 1);
    const struct ob_resonance heart = {.rate_brpm = 5.5, .rho = 0.0, .q = 1.0};
    for (int n = 0; n < 400; n++) {
        const double brpm = 7.0 - 0.5 * (n / 70);
        ob_own_pace_breath(&pace, brpm,
                           14.0 * sqrt(ob_resonance_gain2(&heart, brpm)) * pow(6.0 / brpm, 0.3) *
                               exp(0.05 * ob_rng_normal(&rng)));
    }
    ob_own_pace_estimate(&pace, &e);
    char text[160];
    ob_own_pace_text(&e, NULL, text, sizeof text);
    print_message("flat with %.2f: %s\n", e.flat_01, text);
    assert_int_equal(e.word, OB_PACE_ANYWHERE);
    assert_non_null(strstr(text, "anywhere"));
}

/* A heart whose pressure waves ring at a rate, beside a pacer at another. */
static bool ripple_of(double waves_brpm, double pace_brpm, uint32_t seed, int corrected, struct ob_ripple *ripple_out)
{
    struct ob_nn_series series;
    struct ob_rng rng;
    ob_nn_series_init(&series);
    ob_rng_init(&rng, seed, 1);
    double t = 0.0, re = 0.0, im = 0.0;
    while (t < 100.0) {
        const double angle = OB_TAU * waves_brpm / 60.0 * 0.85, keep = exp(-0.5 * angle / 3.0);
        const double turned = keep * (re * cos(angle) - im * sin(angle));
        im = keep * (re * sin(angle) + im * cos(angle)) + 2.0 * sqrt(1.0 - keep * keep) * ob_rng_normal(&rng);
        re = turned + 2.0 * sqrt(1.0 - keep * keep) * ob_rng_normal(&rng);
        const double hr = 70.0 + 5.0 * cos(OB_TAU * pace_brpm / 60.0 * t + 1.0) + re;
        t += 60.0 / hr;
        const struct ob_nn_beat beat = {.time_ns = ob_ns_from_s(t),
                                        .nn_ms = 60000.0 / hr,
                                        .pacer_turns = t * pace_brpm / 60.0,
                                        .guided = true,
                                        .normal = t < 60.0 || corrected-- <= 0,
                                        .follows = true};
        ob_nn_series_push(&series, &beat);
    }
    return ob_ripple_measure(&series, ripple_out);
}

static void the_ripple_leaves_the_pacer_out_and_shows_the_waves(void **state)
{
    (void)state;
    struct ob_ripple ripple;
    double at_waves = 0.0, elsewhere = 0.0;
    for (uint32_t seed = 0; seed < 20; seed++) {
        assert_true(ripple_of(4.7, 6.5, seed, 0, &ripple));
        assert_true(fabs(ripple.pace_brpm - 6.5) < 0.02 && fabs(ripple.swing_bpm - 5.0) < 1.2);
        assert_true(fabs(ripple.mean_bpm - 70.0) < 1.5);
        at_waves += ripple.power[4];                              /* 4.7 */
        elsewhere += 0.5 * (ripple.power[10] + ripple.power[13]); /* 6.5, the pacer's own, and 7.4 */
    }
    print_message("power at the waves %.0f, elsewhere %.0f bpm^2/Hz\n", at_waves / 20, elsewhere / 20);
    assert_true(at_waves > 4.0 * elsewhere);
    assert_true(ripple_of(4.7, 6.5, 1, 14, &ripple));
    assert_false(ripple_of(4.7, 6.5, 1, 16, &ripple));
}

static void ripples_pull_the_estimate_to_the_waves(void **state)
{
    (void)state;
    double mean[2] = {0};
    for (int i = 0; i < 2; i++) {
        struct ob_own_pace pace;
        struct ob_own_pace_estimate e;
        ob_own_pace_init(&pace);
        for (uint32_t seed = 0; seed < 30; seed++) {
            struct ob_ripple ripple;
            assert_true(ripple_of(i == 0 ? 4.9 : 6.3, 5.7, seed, 0, &ripple));
            ob_own_pace_ripple(&pace, &ripple);
        }
        ob_own_pace_estimate(&pace, &e);
        mean[i] = e.mean_brpm;
    }
    print_message("waves at 4.9 and 6.3: %.2f, %.2f\n", mean[0], mean[1]);
    assert_true(mean[0] < 5.3 && mean[1] > 5.9);
}

static void it_is_kept_from_session_to_session(void **state)
{
    (void)state;
    struct ob_own_pace pace, again;
    struct ob_own_pace_estimate a, b, c;
    unsigned char blob[OB_PACE_BLOB], twice[OB_PACE_BLOB];
    ob_own_pace_init(&pace);
    const struct ob_resonance heart = {.rate_brpm = 4.8, .rho = 0.5, .q = 2.5};
    for (int n = 0; n < 120; n++) {
        const double brpm = 7.0 - 0.5 * (n / 20);
        ob_own_pace_breath(&pace, brpm, 16.0 * sqrt(ob_resonance_gain2(&heart, brpm)));
    }
    ob_own_pace_estimate(&pace, &a);
    ob_own_pace_save(&pace, blob);
    ob_own_pace_save(&pace, twice);
    assert_memory_equal(blob, twice, sizeof blob);
    assert_true(ob_own_pace_load(&again, blob));
    ob_own_pace_estimate(&again, &b);
    assert_int_equal(b.breaths, 120);
    assert_true(fabs(a.mean_brpm - b.mean_brpm) < 0.1 && b.sd_brpm > a.sd_brpm && b.sd_brpm < 1.25 * a.sd_brpm);
    /* Another level in the next session teaches nothing by itself. */
    for (int n = 0; n < 20; n++)
        ob_own_pace_breath(&again, 6.0, 3.0);
    ob_own_pace_estimate(&again, &c);
    assert_true(fabs(c.mean_brpm - b.mean_brpm) < 0.05);

    for (size_t i = 0; i < OB_PACE_BLOB; i++) {
        memcpy(twice, blob, sizeof blob);
        twice[i] ^= 1;
        assert_false(ob_own_pace_load(&again, twice));
        ob_own_pace_estimate(&again, &c);
        assert_int_equal(c.breaths, 0); /* the prior */
    }
}

static void what_makes_no_sense_teaches_nothing(void **state)
{
    (void)state;
    struct ob_own_pace pace, before;
    ob_own_pace_init(&pace);
    ob_own_pace_init(&before);
    const double odd[] = {0.0, -1.0, (double)NAN, (double)INFINITY, 300.0};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        ob_own_pace_breath(&pace, odd[i], 10.0);
        ob_own_pace_breath(&pace, 6.0, odd[i]);
    }
    assert_memory_equal(&pace, &before, sizeof pace);
}

static void words_are_honest(void **state)
{
    (void)state;
    char text[160];
    struct ob_own_pace_estimate e = {.mean_brpm = 5.44, .low_brpm = 5.06, .high_brpm = 5.84, .word = OB_PACE_NUMBER};
    ob_own_pace_text(&e, NULL, text, sizeof text);
    assert_string_equal(text, "Near 5.4 breaths a minute, likely between 5.1 and 5.8.");
    e.word = OB_PACE_WIDE;
    ob_own_pace_text(&e, NULL, text, sizeof text);
    assert_non_null(strstr(text, "still wide"));
    assert_non_null(strstr(text, "5.5 to 6"));
    e.word = OB_PACE_UNKNOWN;
    assert_int_equal(ob_own_pace_text(&e, NULL, text, 10),
                     strlen("Your own pace is not known yet. Anywhere near 5.5 to 6 "
                            "breaths a minute suits."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_template_is_highest_at_its_rate),
        cmocka_unit_test(the_prior_is_the_stated_one),
        cmocka_unit_test(swings_over_many_rates_show_the_rate),
        cmocka_unit_test(a_flat_heart_is_told_anywhere),
        cmocka_unit_test(the_ripple_leaves_the_pacer_out_and_shows_the_waves),
        cmocka_unit_test(ripples_pull_the_estimate_to_the_waves),
        cmocka_unit_test(it_is_kept_from_session_to_session),
        cmocka_unit_test(what_makes_no_sense_teaches_nothing),
        cmocka_unit_test(words_are_honest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
