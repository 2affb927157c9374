/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/time.h"
#include "hrv/fit.h"
#include "hrv/rsa.h"
#include "hrv/series.h"
#include "hrv/spectrum.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

/* NN intervals of 900 ms that swing by amplitude_ms at a frequency, for a minute and a half, beside a pacer at another.
 */
static void fill(struct ob_nn_series *s, double hz, double amplitude_ms, double start_turns, double pacer_hz)
{
    ob_nn_series_init(s);
    double t = 0.0;
    for (int i = 0; t < 90.0; i++) {
        const double nn = 900.0 + amplitude_ms * sin(OB_TAU * (hz * t + start_turns));
        t += nn * 1e-3;
        const struct ob_nn_beat b = {.time_ns = ob_ns_from_s(t),
                                     .nn_ms = nn,
                                     .pacer_turns = t * pacer_hz,
                                     .guided = true,
                                     .normal = true,
                                     .follows = i > 0};
        assert_true(ob_nn_series_push(s, &b));
    }
}

static void a_sweep_of_tones_scores_flat(void **state)
{
    (void)state;
    struct ob_spectrum *spectrum = ob_spectrum_create();
    assert_non_null(spectrum);
    double lowest = 1e9, highest = 0.0, low_c = 1e9, high_c = 0.0;
    for (double hz = 0.05; hz <= 0.2001; hz += 0.0013)
        for (double start = 0.0; start < 1.0; start += 0.25) {
            struct ob_nn_series s;
            fill(&s, hz, 40.0, start, hz);
            struct ob_spectrum_result r;
            assert_true(ob_spectrum_compute(spectrum, &s, ob_ns_from_s(89.0), &r));
            if (fabs(r.peak_hz - hz) > 0.0025)
                fail_msg("a tone at %.4f Hz was found at %.4f", hz, r.peak_hz);
            lowest = fmin(lowest, r.coherence);
            highest = fmax(highest, r.coherence);
            low_c = fmin(low_c, r.concentration_01);
            high_c = fmax(high_c, r.concentration_01);
        }
    print_message("coherence %.3f-%.3f, concentration %.3f-%.3f over tones of 0.05-0.20 Hz\n", lowest, highest, low_c,
                  high_c);
    /* published clones: 134 at 0.09375 Hz and 0.8 at 0.1015 Hz, a factor of 170 */
    assert_true(highest / lowest < 1.25);
    assert_true(high_c / low_c < 1.06);
    ob_spectrum_destroy(spectrum);
}

/* A swing at 0.1 Hz, one beside it, and a level that drifts. */
static void mix(struct ob_nn_series *s, double swing_ms, double other_hz, double other_ms, double drift_ms_s)
{
    ob_nn_series_init(s);
    double t = 0.0;
    for (int i = 0; t < 90.0; i++) {
        const double nn =
            900.0 + swing_ms * sin(OB_TAU * 0.1 * t) + other_ms * sin(OB_TAU * other_hz * t) + drift_ms_s * (t - 45.0);
        t += nn * 1e-3;
        const struct ob_nn_beat b = {.time_ns = ob_ns_from_s(t), .nn_ms = nn, .normal = true, .follows = i > 0};
        assert_true(ob_nn_series_push(s, &b));
    }
}

static void what_is_beside_the_peak_is_not_in_it(void **state)
{
    (void)state;
    struct ob_spectrum *spectrum = ob_spectrum_create();
    struct ob_spectrum_result alone, r;
    struct ob_nn_series s;
    mix(&s, 40.0, 0.2, 0.0, 0.0);
    assert_true(ob_spectrum_compute(spectrum, &s, ob_ns_from_s(89.0), &alone));
    for (double hz = 0.05; hz < 0.24; hz += hz < 0.06 ? 0.1 : 0.04) {
        mix(&s, 40.0, hz, 28.0, 0.0); /* half the power of the swing */
        assert_true(ob_spectrum_compute(spectrum, &s, ob_ns_from_s(89.0), &r));
        assert_true(fabs(r.peak_hz - 0.1) < 0.002);
        assert_true(fabs(r.concentration_01 / alone.concentration_01 - 0.67) < 0.05);
    }
    /* a heart that slows by 4 ms a second beside it is a line, no swing */
    mix(&s, 40.0, 0.2, 0.0, 4.0);
    assert_true(ob_spectrum_compute(spectrum, &s, ob_ns_from_s(89.0), &r));
    assert_true(r.concentration_01 > 0.95 * alone.concentration_01);
    ob_spectrum_destroy(spectrum);
}

/* Between bins (0.002 Hz) the parabola leads to the peak; to the wrong side, were its sign another. */
static void the_peak_is_found_between_bins(void **state)
{
    (void)state;
    struct ob_spectrum *spectrum = ob_spectrum_create();
    double square = 0.0, n = 0.0;
    for (double hz = 0.08; hz < 0.12; hz += 0.00031)
        for (double start = 0.0; start < 1.0; start += 0.25, n += 1.0) {
            struct ob_nn_series s;
            struct ob_spectrum_result r;
            fill(&s, hz, 10.0, start, hz);
            assert_true(ob_spectrum_compute(spectrum, &s, ob_ns_from_s(89.0), &r));
            square += (r.peak_hz - hz) * (r.peak_hz - hz);
        }
    print_message("a peak is found within %.5f Hz (root of the mean square)\n", sqrt(square / n));
    assert_true(sqrt(square / n) < 0.0005);
    ob_spectrum_destroy(spectrum);
}

static void the_spectrum_waits_for_thirty_seconds_and_never_bridges_a_gap(void **state)
{
    (void)state;
    struct ob_spectrum *spectrum = ob_spectrum_create();
    struct ob_nn_series s;
    struct ob_spectrum_result r;
    fill(&s, 0.1, 40.0, 0.0, 0.1);
    s.beats[(s.count - 20) % OB_SERIES_MAX].follows = false;
    assert_false(ob_spectrum_compute(spectrum, &s, ob_ns_from_s(89.0), &r));
    s.beats[(s.count - 20) % OB_SERIES_MAX].follows = true;
    s.beats[(s.count - 50) % OB_SERIES_MAX].follows = false;
    assert_true(ob_spectrum_compute(spectrum, &s, ob_ns_from_s(89.0), &r));
    assert_true(r.window_s > 40.0 && r.window_s < 46.0);
    ob_spectrum_destroy(spectrum);
}

static void the_density_holds_the_swing_where_it_is(void **state)
{
    (void)state;
    static double density[OB_SPECTRUM_BINS];
    struct ob_spectrum *spectrum = ob_spectrum_create();
    struct ob_nn_series s;
    struct ob_spectrum_result r;
    fill(&s, 0.1, 40.0, 0.0, 0.1);
    assert_true(ob_spectrum_compute(spectrum, &s, ob_ns_from_s(89.0), &r));
    ob_spectrum_density(spectrum, density);
    double power = 0.0, around = 0.0;
    for (int k = 0; k < OB_SPECTRUM_BINS; k++) {
        power += density[k] * OB_SPECTRUM_STEP_HZ;
        if (fabs(k * OB_SPECTRUM_STEP_HZ - 0.1) < 0.03)
            around += density[k] * OB_SPECTRUM_STEP_HZ;
    }
    print_message("a swing of 40 ms: %.0f ms^2, %.0f of them at its place\n", power, around);
    assert_true(fabs(power - 800.0) < 40.0); /* half the square of the swing */
    assert_true(around > 0.95 * power);
    ob_spectrum_destroy(spectrum);
}

static void fit_tells_following_from_not_following(void **state)
{
    (void)state;
    struct ob_nn_series s;
    double r2 = -1.0;
    fill(&s, 0.1, 40.0, 0.3, 0.1);
    assert_true(ob_fit_r2(&s, ob_ns_from_s(60.0), &r2));
    assert_true(r2 > 0.97);
    fill(&s, 0.23, 40.0, 0.3, 0.1);
    assert_true(ob_fit_r2(&s, ob_ns_from_s(60.0), &r2));
    assert_true(r2 < 0.15);
    fill(&s, 0.1, 0.0, 0.0, 0.1);
    assert_false(ob_fit_r2(&s, ob_ns_from_s(60.0), &r2)); /* nothing moves: not known, not zero */
    ob_nn_series_init(&s);
    assert_false(ob_fit_r2(&s, 0, &r2));
}

static void rmssd_is_the_formula_over_pairs_that_follow(void **state)
{
    (void)state;
    struct ob_nn_series s;
    ob_nn_series_init(&s);
    for (int i = 0; i < 30; i++) {
        const struct ob_nn_beat b = {.time_ns = (i + 1) * OB_NS_PER_S,
                                     .nn_ms = i % 2 ? 950 : 1000,
                                     .normal = i != 10,
                                     .follows = i > 0 && i != 20};
        ob_nn_series_push(&s, &b);
    }
    double rmssd = 0;
    assert_true(ob_nn_series_rmssd_ms(&s, 0, &rmssd));
    assert_true(fabs(rmssd - 50.0) < 1e-9);
    assert_false(ob_nn_series_rmssd_ms(&s, 25 * OB_NS_PER_S, &rmssd));
    const struct ob_nn_beat earlier = {.time_ns = 5 * OB_NS_PER_S, .nn_ms = 1000};
    assert_false(ob_nn_series_push(&s, &earlier));
}

/* Half a breath of five beats, one of them longer by swing_ms. Corrected ones do not count. */
static bool half_breath(struct ob_rsa *rsa, double *t, double swing_ms, bool corrected)
{
    for (int i = 0; i < 5; i++) {
        *t += 1.0;
        const struct ob_nn_beat b = {
            .time_ns = ob_ns_from_s(*t), .nn_ms = 1000 + (i == 2 ? swing_ms : 0), .normal = !corrected || i == 0};
        ob_rsa_beat(rsa, &b);
    }
    return ob_rsa_half_end(rsa, ob_ns_from_s(*t));
}

static void rsa_is_the_median_over_three_breaths(void **state)
{
    (void)state;
    struct ob_rsa rsa;
    ob_rsa_init(&rsa);
    double bpm, ms, t = 0;
    ob_rsa_half_end(&rsa, 0);
    assert_false(half_breath(&rsa, &t, 60, false)); /* half a breath gives no reading */
    for (int k = 0; k < 5; k++) {
        assert_false(ob_rsa_amplitude(&rsa, &bpm, &ms));
        assert_true(half_breath(&rsa, &t, 60, false));
    }
    assert_true(ob_rsa_amplitude(&rsa, &bpm, &ms));
    assert_true(fabs(ms - 60.0) < 1e-9);
    assert_true(fabs(bpm - (60.0 - 60000.0 / 1060.0)) < 1e-9);
    assert_false(half_breath(&rsa, &t, 500, true)); /* mostly corrected: no reading, the amplitude holds */
    assert_true(ob_rsa_amplitude(&rsa, &bpm, &ms) && fabs(ms - 60.0) < 1e-9);
    half_breath(&rsa, &t, 60, false);
    half_breath(&rsa, &t, 200, false); /* one large breath in two readings */
    half_breath(&rsa, &t, 60, false);
    assert_true(ob_rsa_amplitude(&rsa, &bpm, &ms) && fabs(ms - 60.0) < 1e-9);
    ob_rsa_break(&rsa);
    assert_false(half_breath(&rsa, &t, 60, false));
    assert_false(half_breath(&rsa, &t, 60, false)); /* only from the next boundary on */
    assert_true(half_breath(&rsa, &t, 60, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_of_tones_scores_flat),
        cmocka_unit_test(the_density_holds_the_swing_where_it_is),
        cmocka_unit_test(what_is_beside_the_peak_is_not_in_it),
        cmocka_unit_test(the_peak_is_found_between_bins),
        cmocka_unit_test(the_spectrum_waits_for_thirty_seconds_and_never_bridges_a_gap),
        cmocka_unit_test(fit_tells_following_from_not_following),
        cmocka_unit_test(rmssd_is_the_formula_over_pairs_that_follow),
        cmocka_unit_test(rsa_is_the_median_over_three_breaths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
