/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Report metrics against slow, plain computations of their stated definitions, and against other programs. */
#include "base/maths.h"
#include "base/rng.h"
#include "hrv/nonlinear.h"
#include "hrv/report.h"
#include "hrv/time_domain.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void within(const char *what, double got, double wanted, double share)
{
    if (!(fabs(got - wanted) <= share * fabs(wanted)))
        fail_msg("%s is %.9g, wanted %.9g within %g%%", what, got, wanted, 100.0 * share);
}

static void add(struct ob_nn_list *list, double nn_ms, bool joined)
{
    double before_s = list->count ? list->items[list->count - 1].time_s : 0.0;
    struct ob_nn nn = {.time_s = before_s + nn_ms / 1000.0, .nn_ms = nn_ms, .joined = joined};
    assert_true(ob_nn_list_add(list, nn));
}

static void fill(struct ob_nn_list *list, double seconds, uint64_t seed)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, 1);
    double time_s = 0.0, wander = 0.0;
    while (time_s < seconds) {
        wander = 0.98 * wander + 5.0 * ob_rng_normal(&rng);
        double nn = 850.0 + 40.0 * sin(OB_TAU * 0.1 * time_s) + 25.0 * sin(OB_TAU * 0.26 * time_s) + wander +
                    6.0 * ob_rng_normal(&rng);
        add(list, nn, true);
        time_s += nn / 1000.0;
    }
}

static struct ob_report compute(const struct ob_nn_list *list, double resp_hz)
{
    struct ob_report report;
    struct ob_psd *psd = ob_psd_create();
    assert_non_null(psd);
    assert_true(ob_report_compute(psd, list, resp_hz, &report));
    ob_psd_destroy(psd);
    struct ob_report_line line;
    for (size_t i = 0; ob_report_line(&report, i, &line); i++) {
        assert_true(isfinite(line.metric->value));
        assert_true(line.metric->valid == (line.metric->reason == NULL));
        assert_true(line.metric->valid || line.metric->value == 0.0);
    }
    return report;
}

/* Values of the natural cubic spline through (x, y) by solving its equations as a dense matrix. */
static void slow_spline(const double *x, const double *y, int n, double from, int count, double *out)
{
    int width = n + 1;
    double *m = calloc((size_t)n * (size_t)width, sizeof *m);
    assert_non_null(m);
    m[0] = m[(n - 1) * width + n - 1] = 1.0;
    for (int i = 1; i + 1 < n; i++) {
        double h0 = x[i] - x[i - 1], h1 = x[i + 1] - x[i];
        m[i * width + i - 1] = h0;
        m[i * width + i] = 2.0 * (h0 + h1);
        m[i * width + i + 1] = h1;
        m[i * width + n] = 6.0 * ((y[i + 1] - y[i]) / h1 - (y[i] - y[i - 1]) / h0);
    }
    for (int column = 0; column < n; column++)
        for (int row = column + 1; row < n && row <= column + 2; row++) {
            double factor = m[row * width + column] / m[column * width + column];
            for (int k = column; k <= n; k++)
                m[row * width + k] -= factor * m[column * width + k];
        }
    double *second = calloc((size_t)n, sizeof *second);
    assert_non_null(second);
    for (int row = n - 1; row >= 0; row--) {
        double sum = m[row * width + n];
        for (int k = row + 1; k < n; k++)
            sum -= m[row * width + k] * second[k];
        second[row] = sum / m[row * width + row];
    }
    for (int k = 0; k < count; k++) {
        double t = from + k * 0.25;
        int i = 0;
        while (i + 2 < n && x[i + 1] < t)
            i++;
        double h = x[i + 1] - x[i], left = x[i + 1] - t, right = t - x[i];
        out[k] = second[i] * left * left * left / (6.0 * h) + second[i + 1] * right * right * right / (6.0 * h) +
                 (y[i] / h - second[i] * h / 6.0) * left + (y[i + 1] / h - second[i + 1] * h / 6.0) * right;
    }
    free(second);
    free(m);
}

static void take_line_off(const double *t, double *v, int n)
{
    double st = 0.0, sv = 0.0, stt = 0.0, stv = 0.0;
    for (int i = 0; i < n; i++) {
        st += t[i];
        sv += v[i];
        stt += t[i] * t[i];
        stv += t[i] * v[i];
    }
    double slope = (n * stv - st * sv) / (n * stt - st * st), level = (sv - slope * st) / n;
    for (int i = 0; i < n; i++)
        v[i] -= level + slope * t[i];
}

/* Density of one segment at any frequency, by the plain Fourier sum. */
static double slow_welch_density(const double *v, int n, double hz)
{
    double re = 0.0, im = 0.0, weight = 0.0;
    for (int k = 0; k < n; k++) {
        double hann = 0.5 * (1.0 - cos(OB_TAU * k / n));
        re += hann * v[k] * cos(OB_TAU * hz * k / 4.0);
        im += hann * v[k] * sin(OB_TAU * hz * k / 4.0);
        weight += hann * hann;
    }
    return 2.0 * (re * re + im * im) / (4.0 * weight);
}

static double slow_lomb_density(const double *t, const double *v, int n, double mean_s, double hz)
{
    double w = OB_TAU * hz, s2 = 0.0, c2 = 0.0;
    for (int i = 0; i < n; i++) {
        s2 += sin(2.0 * w * t[i]);
        c2 += cos(2.0 * w * t[i]);
    }
    double tau = atan2(s2, c2) / (2.0 * w), vc = 0.0, vs = 0.0, cc = 0.0, ss = 0.0;
    for (int i = 0; i < n; i++) {
        double c = cos(w * (t[i] - tau)), s = sin(w * (t[i] - tau));
        vc += v[i] * c;
        vs += v[i] * s;
        cc += c * c;
        ss += s * s;
    }
    return 2.0 * mean_s * 0.5 * (vc * vc / cc + vs * vs / ss);
}

/* Integral of the straight lines between bins step apart, in many small steps. */
static double slow_power(double (*density)(double hz, void *of), void *of, double step, double low, double high)
{
    double sum = 0.0;
    int parts = 4000;
    for (int k = 0; k < parts; k++) {
        double hz = low + (k + 0.5) * (high - low) / parts;
        double bin = floor(hz / step);
        double share = hz / step - bin;
        sum += (1.0 - share) * density(bin * step, of) + share * density((bin + 1.0) * step, of);
    }
    return sum * (high - low) / parts;
}

#define SLOW_BINS 420

struct slow {
    double welch[SLOW_BINS], lomb[SLOW_BINS]; /* at their own steps */
};

static double slow_at_welch(double hz, void *of)
{
    return ((struct slow *)of)->welch[(int)floor(hz * 512.0 + 0.5)];
}

static double slow_at_lomb(double hz, void *of)
{
    return ((struct slow *)of)->lomb[(int)floor(hz * 1024.0 + 0.5)];
}

/* The whole stated convention for a list without gaps, the long way. */
static void slow_spectra(const struct ob_nn_list *list, struct slow *slow)
{
    int n = (int)list->count, segments = 0;
    double *x = calloc((size_t)n, sizeof *x), *y = calloc((size_t)n, sizeof *y);
    assert_non_null(x);
    assert_non_null(y);
    memset(slow, 0, sizeof *slow);
    for (int i = 0; i < n; i++) {
        x[i] = list->items[i].time_s;
        y[i] = list->items[i].nn_ms;
    }
    double length = x[n - 1] - x[0] >= 300.0 ? 300.0 : floor((x[n - 1] - x[0]) * 4.0) / 4.0;
    for (double from = x[0]; from + length <= x[n - 1]; from += 150.0, segments++) {
        static double v[1200], t[1200], bt[1200], bv[1200];
        int count = (int)(length * 4.0);
        slow_spline(x, y, n, from, count, v);
        for (int k = 0; k < count; k++)
            t[k] = k;
        take_line_off(t, v, count);
        for (int bin = 0; bin <= 206; bin++)
            slow->welch[bin] += slow_welch_density(v, count, bin / 512.0);
        int beats = 0;
        double seconds = 0.0;
        for (int i = 0; i < n; i++) {
            if (x[i] < from || x[i] >= from + length)
                continue;
            bt[beats] = x[i];
            bv[beats++] = y[i];
            seconds += y[i] / 1000.0;
        }
        take_line_off(bt, bv, beats);
        for (int bin = 1; bin <= 411; bin++)
            slow->lomb[bin] += slow_lomb_density(bt, bv, beats, seconds / beats, bin / 1024.0);
    }
    for (int bin = 0; bin < SLOW_BINS; bin++) {
        slow->welch[bin] /= segments;
        slow->lomb[bin] /= segments;
    }
    free(x);
    free(y);
}

static void compare_spectra(const struct ob_nn_list *list)
{
    struct ob_report report = compute(list, 0.26);
    static struct slow slow;
    slow_spectra(list, &slow);
    double w = 1.0 / 512.0, l = 1.0 / 1024.0, share = 0.0005;
    within("LF", report.lf_ms2.value, slow_power(slow_at_welch, &slow, w, 0.04, 0.15), share);
    within("HF", report.hf_ms2.value, slow_power(slow_at_welch, &slow, w, 0.15, 0.40), share);
    within("resp", report.resp_ms2.value, slow_power(slow_at_welch, &slow, w, 0.23, 0.29), share);
    within("LF Lomb", report.lf_lomb_ms2.value, slow_power(slow_at_lomb, &slow, l, 0.04, 0.15), share);
    within("HF Lomb", report.hf_lomb_ms2.value, slow_power(slow_at_lomb, &slow, l, 0.15, 0.40), share);
    within("resp Lomb", report.resp_lomb_ms2.value, slow_power(slow_at_lomb, &slow, l, 0.23, 0.29), share);
    if (!report.vlf_ms2.valid)
        return;
    within("VLF", report.vlf_ms2.value, slow_power(slow_at_welch, &slow, w, 0.0033, 0.04), share);
    within("VLF Lomb", report.vlf_lomb_ms2.value, slow_power(slow_at_lomb, &slow, l, 0.0033, 0.04), share);
    within("total", report.total_ms2.value, report.vlf_ms2.value + report.lf_ms2.value + report.hf_ms2.value, 1e-9);
}

static void spectra_are_what_the_header_says(void **state)
{
    (void)state;
    static const double seconds[] = {130.0, 290.0, 620.0};
    for (int i = 0; i < 3; i++) {
        struct ob_nn_list list = {.items = NULL};
        fill(&list, seconds[i], (uint64_t)i);
        compare_spectra(&list);
        ob_nn_list_finish(&list);
    }
}

/* Where neighbours are as unequal as in bigeminy, a spline shows whether its system of equations is the right one. */
static void spectra_of_unequal_intervals(void **state)
{
    (void)state;
    struct ob_nn_list list = {.items = NULL};
    for (int i = 0; i < 420; i++)
        add(&list, i % 3 == 1 ? 520.0 + i % 7 : 980.0 - 3.0 * (i % 11), true);
    compare_spectra(&list);
    ob_nn_list_finish(&list);
}

static void a_tone_has_its_power_at_its_place(void **state)
{
    (void)state;
    static const double tones[] = {0.06, 0.1, 0.2, 0.25, 0.3};
    for (int i = 0; i < 5; i++) {
        struct ob_nn_list list = {.items = NULL};
        double time_s = 0.0;
        while (time_s < 310.0) {
            /* the interval that ends at t carries the tone's value at t */
            double nn = 800.0;
            for (int k = 0; k < 20; k++)
                nn = 800.0 + 20.0 * sin(OB_TAU * tones[i] * (time_s + nn / 1000.0));
            add(&list, nn, true);
            time_s += nn / 1000.0;
        }
        struct ob_report report = compute(&list, 0.0);
        bool low = tones[i] < 0.15;
        /* A spline through a beat every 0.8 s loses a little of fast breathing. */
        within("power", low ? report.lf_ms2.value : report.hf_ms2.value, 200.0, low ? 0.02 : 0.12);
        within("Lomb power", low ? report.lf_lomb_ms2.value : report.hf_lomb_ms2.value, 200.0, 0.04);
        within("peak", low ? report.lf_peak_hz.value : report.hf_peak_hz.value, tones[i], 0.003);
        within("Lomb peak", low ? report.lf_peak_lomb_hz.value : report.hf_peak_lomb_hz.value, tones[i], 0.003);
        ob_nn_list_finish(&list);
    }
}

static void entropies_equal_a_plain_count(void **state)
{
    (void)state;
    struct ob_nn_list list = {.items = NULL};
    fill(&list, 300.0, 5);
    int n = (int)list.count;
    double mean = 0.0, squares = 0.0;
    for (int i = 0; i < n; i++)
        mean += list.items[i].nn_ms / n;
    for (int i = 0; i < n; i++)
        squares += pow(list.items[i].nn_ms - mean, 2.0);
    double r = 0.2 * sqrt(squares / (n - 1));
    double a = 0.0, b = 0.0, phi[2] = {0.0, 0.0};
    for (int i = 0; i + 2 < n; i++)
        for (int j = 0; j + 2 < n; j++) {
            const struct ob_nn *x = &list.items[i], *y = &list.items[j];
            bool two = fabs(x[0].nn_ms - y[0].nn_ms) <= r && fabs(x[1].nn_ms - y[1].nn_ms) <= r;
            b += i != j && two;
            a += i != j && two && fabs(x[2].nn_ms - y[2].nn_ms) <= r;
        }
    for (int m = 2; m <= 3; m++) {
        int templates = n - m + 1;
        for (int i = 0; i < templates; i++) {
            int like = 0;
            for (int j = 0; j < templates; j++) {
                bool all = true;
                for (int k = 0; k < m; k++)
                    all = all && fabs(list.items[i + k].nn_ms - list.items[j + k].nn_ms) <= r;
                like += all;
            }
            phi[m - 2] += log((double)like / templates) / templates;
        }
    }
    struct ob_nonlinear got;
    assert_true(ob_nonlinear_compute(&list, &got));
    within("sample entropy", got.sampen.value, -log(a / b), 1e-9);
    within("approximate entropy", got.apen.value, phi[0] - phi[1], 1e-9);
    ob_nn_list_finish(&list);
}

static void fractal_scaling_of_known_noises(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 11, 0);
    struct ob_nn_list white = {.items = NULL}, brown = {.items = NULL};
    double level = 1000.0;
    for (int i = 0; i < 20000; i++) {
        add(&white, 1000.0 + 20.0 * ob_rng_normal(&rng), true);
        level += 1.0 * ob_rng_normal(&rng);
        add(&brown, level, true);
    }
    struct ob_nonlinear got;
    assert_true(ob_nonlinear_compute(&white, &got));
    within("alpha 2 of white noise", got.dfa_alpha2.value, 0.5, 0.06);
    assert_true(ob_nonlinear_compute(&brown, &got));
    within("alpha 2 of a random walk", got.dfa_alpha2.value, 1.5, 0.04);
    ob_nn_list_finish(&white);
    ob_nn_list_finish(&brown);
}

static void nothing_reaches_over_a_gap(void **state)
{
    (void)state;
    /* Two levels with a gap between: taken across, it would be a step of 400 ms. */
    struct ob_nn_list list = {.items = NULL};
    for (int i = 0; i < 800; i++)
        add(&list, (i < 400 ? 1000.0 : 600.0) + 10.0 * (i % 2), i != 400);
    struct ob_report report = compute(&list, 0.0);
    within("rmssd", report.rmssd_ms.value, 10.0, 1e-9);
    assert_true(report.pnn50_pct.value == 0.0);
    assert_true(report.lf_ms2.value < 1.0 && report.vlf_ms2.value < 1.0);
    ob_nn_list_finish(&list);

    /* Without a run of a minute there is no spectrum, whatever the sum is. */
    for (int i = 0; i < 800; i++)
        add(&list, 900.0 + 10.0 * (i % 3), i % 50 != 0);
    report = compute(&list, 0.2);
    assert_true(report.rmssd_ms.valid);
    assert_false(report.hf_ms2.valid);
    assert_false(report.lf_lomb_ms2.valid);
    assert_false(report.dfa_alpha1.valid);
    assert_true(strlen(report.hf_ms2.reason) > 10);
    ob_nn_list_finish(&list);
}

static void what_cannot_be_computed_has_a_reason(void **state)
{
    (void)state;
    for (int count = 0; count < 14; count++) {
        struct ob_nn_list list = {.items = NULL};
        for (int i = 0; i < count; i++)
            add(&list, 800.0 + i, true);
        struct ob_report report = compute(&list, 0.1);
        assert_int_equal(report.hr_bpm.valid, count >= 2);
        assert_int_equal(report.sdnn_ms.valid, count >= 10);
        assert_int_equal(report.rmssd_ms.valid, count >= 11);
        assert_false(report.hf_ms2.valid || report.sampen.valid || report.dfa_alpha1.valid);
        ob_nn_list_finish(&list);
    }
    struct ob_nn_list flat = {.items = NULL};
    for (int i = 0; i < 500; i++)
        add(&flat, 800.0, true);
    struct ob_report report = compute(&flat, 0.0);
    assert_true(report.rmssd_ms.valid && report.rmssd_ms.value == 0.0); /* that is what it is */
    assert_false(report.sampen.valid);
    assert_false(report.dfa_alpha1.valid);
    assert_false(report.resp_ms2.valid);
    ob_nn_list_finish(&flat);
}

static FILE *open_data(const char *name)
{
    const char *dir = getenv("OB_DATA");
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", dir && *dir ? dir : OB_TEST_DATA_DEFAULT, name);
    return fopen(path, "r");
}

static bool load(const char *recording, struct ob_nn_list *list)
{
    static const struct {
        const char *recording, *file;
        double seconds;
    } known[] = {{"rb_rest", "rr/rb_rest.rr.txt", 1e9},
                 {"h10_dhyb", "rr/h10_dhyb.rr.txt", 1e9},
                 {"pyhrv_nni_short", "rr/pyhrv_nni_short.rr.txt", 1e9},
                 {"nsr2_nsr001[0-300s]", "rr/nsr2_nsr001.rr.txt", 300.0},
                 {"rr_nsr001[0-3600s]", "rr/rr_nsr001.rr.txt", 3600.0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        FILE *file = strcmp(recording, known[i].recording) == 0 ? open_data(known[i].file) : NULL;
        if (!file)
            continue;
        double rr, time_s = 0.0;
        while (fscanf(file, "%lf", &rr) == 1 && (time_s += rr / 1000.0) <= known[i].seconds)
            add(list, rr, true);
        fclose(file);
        return true;
    }
    return false;
}

/* The table has: recording, program, n, HR, RMSSD, SDNN, pNN50, LF, HF, LFHF, SD1, SD2, DFA1, SampEn. */
static void other_programs_agree(void **state)
{
    (void)state;
    FILE *file = open_data("reference_values.csv");
    if (!file) {
        print_message("skipped: no reference values in $OB_DATA\n");
        skip();
        return;
    }
    char line[512];
    int compared = 0;
    while (fgets(line, sizeof line, file)) {
        char *cell[14] = {line};
        int cells = 1;
        for (char *c = line; *c && cells < 14; c++) {
            if (*c == ',') {
                *c = '\0';
                cell[cells++] = c + 1;
            }
        }
        struct ob_nn_list list = {.items = NULL};
        if (cells < 14 || !load(cell[0], &list)) {
            ob_nn_list_finish(&list);
            continue;
        }
        struct ob_report report = compute(&list, 0.0);
        if (strstr(cell[1], "formulas")) {
            within("hr", report.hr_bpm.value, atof(cell[3]), 1e-3);
            within("rmssd", report.rmssd_ms.value, atof(cell[4]), 1e-3);
            within("sdnn", report.sdnn_ms.value, atof(cell[5]), 1e-3);
            within("pnn50", report.pnn50_pct.value, atof(cell[6]), 1e-3);
            within("sd1", report.sd1_ms.value, atof(cell[10]), 1e-3);
            within("sd2", report.sd2_ms.value, atof(cell[11]), 1e-3);
            compared++;
        } else if (strstr(cell[1], "welch300s")) {
            within("LF", report.lf_ms2.value, atof(cell[7]), 0.02); /* spline ends and band edges are open there */
            within("HF", report.hf_ms2.value, atof(cell[8]), 0.02);
            compared++;
        } else if (strcmp(cell[1], "nolds") == 0) {
            within("alpha 1", report.dfa_alpha1.value, atof(cell[12]), 0.001);
            if (cell[13][0] > ' ')
                within("sample entropy", report.sampen.value, atof(cell[13]), 0.001);
            compared++;
        }
        ob_nn_list_finish(&list);
    }
    fclose(file);
    assert_int_equal(compared, 15);
}

static void a_day_is_taken_in_windows(void **state)
{
    (void)state;
    struct ob_nn_list list = {.items = NULL};
    fill(&list, 20000.0, 8);
    assert_true(list.count > OB_ENTROPY_WHOLE);
    struct ob_nonlinear got, part;
    assert_true(ob_nonlinear_compute(&list, &got));
    double sum = 0.0;
    int windows = 0;
    double from_s = list.items[0].time_s;
    while (from_s < list.items[list.count - 1].time_s) {
        struct ob_nn_list window = ob_nn_list_part(&list, from_s, from_s + 300.0);
        if (window.count >= 100) {
            assert_true(ob_nonlinear_compute(&window, &part));
            sum += part.sampen.value;
            windows++;
        }
        from_s = window.items[window.count].time_s;
        if (window.items + window.count == list.items + list.count)
            break;
    }
    within("sample entropy", got.sampen.value, sum / windows, 1e-9);
    ob_nn_list_finish(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spectra_are_what_the_header_says),
        cmocka_unit_test(spectra_of_unequal_intervals),
        cmocka_unit_test(a_tone_has_its_power_at_its_place),
        cmocka_unit_test(entropies_equal_a_plain_count),
        cmocka_unit_test(fractal_scaling_of_known_noises),
        cmocka_unit_test(nothing_reaches_over_a_gap),
        cmocka_unit_test(what_cannot_be_computed_has_a_reason),
        cmocka_unit_test(other_programs_agree),
        cmocka_unit_test(a_day_is_taken_in_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
