/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a metric begins and where a band ends: the lengths that are needed, the bins that belong, the window sizes of
 * DFA, each against a plain count. */
#include "base/maths.h"
#include "base/rng.h"
#include "hrv/report.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static void add(struct ob_nn_list *list, double nn_ms)
{
    const double before_s = list->count ? list->items[list->count - 1].time_s : 0.0;
    const struct ob_nn nn = {.time_s = before_s + nn_ms / 1000.0, .nn_ms = nn_ms, .joined = true};
    assert_true(ob_nn_list_add(list, nn));
}

static struct ob_report compute(const struct ob_nn_list *list)
{
    struct ob_report report;
    struct ob_psd *psd = ob_psd_create();
    assert_non_null(psd);
    assert_true(ob_report_compute(psd, list, 0.0, &report));
    ob_psd_destroy(psd);
    return report;
}

/* Two tones, a small one that is asked for and a large one beside its band. */
static struct ob_nn_list tones(double seconds, double hz, double ms, double beside_hz, double beside_ms)
{
    struct ob_nn_list list = {.items = NULL};
    for (double t = 0.0; t < seconds;) {
        double nn = 800.0;
        for (int k = 0; k < 20; k++) {
            const double at = t + nn / 1000.0;
            nn = 800.0 + ms * sin(OB_TAU * hz * at) + beside_ms * sin(OB_TAU * beside_hz * at);
        }
        add(&list, nn);
        t += nn / 1000.0;
    }
    return list;
}

static void bands_need_their_lengths(void **state)
{
    (void)state;
    static const double lengths[] = {57.0, 64.0, 116.0, 124.0, 266.0, 274.0};
    for (int i = 0; i < 6; i++) {
        struct ob_nn_list list = tones(lengths[i], 0.25, 20.0, 0.1, 20.0);
        const struct ob_report report = compute(&list);
        assert_int_equal(report.hf_ms2.valid, i >= 1);
        assert_int_equal(report.hf_peak_hz.valid, i >= 1);
        assert_int_equal(report.lf_ms2.valid, i >= 3);
        assert_int_equal(report.lf_peak_lomb_hz.valid, i >= 3);
        assert_int_equal(report.vlf_ms2.valid, i >= 5);
        assert_int_equal(report.total_lomb_ms2.valid, i >= 5);
        ob_nn_list_finish(&list);
    }
}

static void peaks_lie_between_bins_and_inside_their_band(void **state)
{
    (void)state;
    /* a bin is 1/512 Hz: these lie a quarter and three quarters of the way to the next */
    static const double hz[] = {51.25 / 512.0, 51.75 / 512.0, 128.25 / 512.0, 128.75 / 512.0};
    for (int i = 0; i < 4; i++) {
        struct ob_nn_list list = tones(320.0, hz[i], 5.0, 0.0, 0.0);
        const struct ob_report report = compute(&list);
        const double got = i < 2 ? report.lf_peak_hz.value : report.hf_peak_hz.value;
        if (fabs(got - hz[i]) > 0.045 / 512.0)
            fail_msg("a tone at %.6f Hz has its peak at %.6f", hz[i], got);
        ob_nn_list_finish(&list);
    }
    static const struct {
        double beside_hz, wanted_hz;
    } cases[] = {{0.034, 0.1}, {0.158, 0.1}, {0.142, 0.25}, {0.41, 0.25}};
    for (int i = 0; i < 4; i++) {
        struct ob_nn_list list = tones(320.0, cases[i].wanted_hz, 5.0, cases[i].beside_hz, 40.0);
        const struct ob_report report = compute(&list);
        const double got = cases[i].wanted_hz < 0.15 ? report.lf_peak_hz.value : report.hf_peak_hz.value;
        if (fabs(got - cases[i].wanted_hz) > 0.002)
            fail_msg("beside a tone at %g Hz the peak is %g, wanted %g", cases[i].beside_hz, got, cases[i].wanted_hz);
        ob_nn_list_finish(&list);
    }
}

/* Slope of log F over log n for n from low to high, by the definition: boxes one after the other, a line off each. */
static double plain_alpha(const struct ob_nn_list *list, int low, int high)
{
    const int count = (int)list->count;
    double *profile = malloc((size_t)count * sizeof *profile), mean = 0.0, level = 0.0;
    for (int i = 0; i < count; i++)
        mean += list->items[i].nn_ms / count;
    for (int i = 0; i < count; i++)
        profile[i] = level += list->items[i].nn_ms - mean;
    double sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0, points = 0.0;
    for (int n = low; n <= high; n++) {
        double squares = 0.0;
        int values = 0;
        for (int from = 0; from + n <= count; from += n) {
            double st = 0.0, sv = 0.0, stt = 0.0, stv = 0.0;
            for (int k = 0; k < n; k++) {
                st += k;
                sv += profile[from + k];
                stt += (double)k * k;
                stv += k * profile[from + k];
            }
            const double slope = (n * stv - st * sv) / (n * stt - st * st), start = (sv - slope * st) / n;
            for (int k = 0; k < n; k++, values++)
                squares += pow(profile[from + k] - start - slope * k, 2.0);
        }
        const double x = log(n), y = 0.5 * log(squares / values);
        points += 1.0;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    free(profile);
    return (points * sxy - sx * sy) / (points * sxx - sx * sx);
}

static void dfa_is_its_definition(void **state)
{
    (void)state;
    struct ob_nn_list list = {.items = NULL};
    struct ob_rng rng;
    ob_rng_init(&rng, 4, 0);
    double wander = 0.0;
    for (int i = 0; i < 64; i++)
        add(&list, 800.0 + 30.0 * ob_rng_normal(&rng));
    struct ob_report report = compute(&list);
    assert_true(fabs(report.dfa_alpha1.value - plain_alpha(&list, 4, 16)) < 1e-6);
    assert_false(report.dfa_alpha2.valid);
    for (int i = 64; i < 400; i++) {
        wander = 0.97 * wander + 5.0 * ob_rng_normal(&rng);
        if (i == 255)
            assert_false(compute(&list).dfa_alpha2.valid);
        if (i == 256)
            assert_true(compute(&list).dfa_alpha2.valid);
        add(&list, 800.0 + 30.0 * sin(0.7 * i) + wander + 5.0 * ob_rng_normal(&rng));
    }
    report = compute(&list);
    assert_true(fabs(report.dfa_alpha1.value - plain_alpha(&list, 4, 16)) < 1e-6);
    assert_true(fabs(report.dfa_alpha2.value - plain_alpha(&list, 16, 64)) < 1e-6);
    ob_nn_list_finish(&list);
    list = (struct ob_nn_list){.items = NULL};
    for (int i = 0; i < 63; i++)
        add(&list, 800.0 + 30.0 * ob_rng_normal(&rng));
    assert_false(compute(&list).dfa_alpha1.valid);
    ob_nn_list_finish(&list);
}

static void entropy_begins_at_a_hundred(void **state)
{
    (void)state;
    for (int count = 99; count <= 100; count++) {
        struct ob_nn_list list = {.items = NULL};
        for (int i = 0; i < count; i++)
            add(&list, 800.0 + 30.0 * sin(0.7 * i));
        const struct ob_report report = compute(&list);
        assert_int_equal(report.sampen.valid, count >= 100);
        assert_int_equal(report.apen.valid, count >= 100);
        ob_nn_list_finish(&list);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bands_need_their_lengths),
        cmocka_unit_test(peaks_lie_between_bins_and_inside_their_band),
        cmocka_unit_test(dfa_is_its_definition),
        cmocka_unit_test(entropy_begins_at_a_hundred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
