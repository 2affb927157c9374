/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "base/time.h"
#include "sensor/rate_fit.h"
#include "sensor/serial_decode.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_serial_decode decode;
static struct ob_serial_item items[5000];

static size_t feed(const void *bytes, size_t size, size_t step)
{
    size_t n = 0;
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = (const unsigned char *)bytes + at;
        size_t count = size - at < step ? size - at : step;
        while (n < 5000 && ob_serial_decode_next(&decode, &p, &count, &items[n]))
            n++;
    }
    return n;
}

static size_t decode_text(const char *text, size_t step)
{
    ob_serial_decode_init(&decode, OB_SERIAL_AUTO);
    return feed(text, strlen(text), step);
}

static void every_board_is_recognised(void **state)
{
    (void)state;
    for (size_t step = 1; step < 20; step += 6) {
        assert_int_equal(decode_text("12\r\nS512\r\nB72\r\nQ832\r\nS514\n", step), 3);
        assert_int_equal(decode.format, OB_SERIAL_PULSESENSOR);
        assert_true(items[0].kind == OB_SERIAL_SAMPLE && items[0].value == 512);
        assert_true(items[1].kind == OB_SERIAL_INTERVAL && items[1].value == 832);
        assert_int_equal(decode_text("72,0,510\n72,832,514\n", step), 3);
        assert_int_equal(decode.format, OB_SERIAL_PLOTTER);
        assert_true(items[1].kind == OB_SERIAL_INTERVAL_STATE && items[1].value == 832 && items[2].value == 514);
        assert_int_equal(decode_text("5\n510\n511\n512\n-1.5\n!\n", step), 3);
        assert_int_equal(decode.format, OB_SERIAL_NUMBERS);
        assert_true(items[0].value == 512 && items[1].value == -1.5f && items[2].kind == OB_SERIAL_LEADS_OFF);
    }
}

static void impossible_intervals_are_counted_and_kept_out(void **state)
{
    (void)state;
    const size_t n = decode_text("Q800\nQ0\nQ-1\nQ1e9\nQnan\nQ199\nQ3001\nQ810\n", 3);
    size_t beats = 0;
    for (size_t i = 0; i < n; i++)
        beats += items[i].kind == OB_SERIAL_INTERVAL;
    assert_int_equal(beats, 2);
    assert_int_equal(decode.bad_intervals, 5);
    assert_int_equal(decode.bad_lines, 1);
}

static void a_megabyte_of_noise_leaves_nothing_behind(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 4, 1);
    ob_serial_decode_init(&decode, OB_SERIAL_AUTO);
    static unsigned char noise[1 << 20];
    memset(noise, '1', sizeof noise); /* one endless line */
    assert_int_equal(feed(noise, sizeof noise, 4096), 0);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)(ob_rng_u32(&rng) | 0x80u);
    assert_int_equal(feed(noise, sizeof noise, 4096), 0);
    assert_int_equal(feed("\nQ800\n", 6, 6), 1);
    assert_true(items[0].kind == OB_SERIAL_INTERVAL && items[0].value == 800);
    assert_int_equal(decode.bad_lines, 1);
    feed("Q8", 2, 2);
    ob_serial_decode_break(&decode);
    assert_int_equal(feed("Q900\n", 5, 5), 1);
    assert_true(items[0].value == 900);
}

static void a_board_may_be_exchanged_for_another(void **state)
{
    (void)state;
    decode_text("Q800\nQ810\n", 1);
    size_t n = 0;
    for (int i = 0; i < 30; i++)
        n += feed("512\n", 4, 4);
    assert_int_equal(decode.format, OB_SERIAL_NUMBERS);
    assert_true(n >= 20);
    ob_serial_decode_init(&decode, OB_SERIAL_NUMBERS);
    assert_int_equal(feed("Q800\n512\n", 9, 9), 1); /* what was said to be numbers stays numbers */
    for (int f = OB_SERIAL_AUTO; f <= OB_SERIAL_NUMBERS; f++)
        assert_true(strlen(ob_serial_format_name((enum ob_serial_format)f)) > 3);
}

/* A stream of fs that arrives in batches of `batch` samples, each late by up to late_ms. Worst error of the stamps
 * after 10 s, in ms, relative to the best of them. */
static double run_fit(struct ob_rate_fit *fit, double fs, int batch, double late_ms, double seconds, uint64_t seed)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, 1);
    double low = 1e9, high = -1e9;
    int64_t before = 0;
    for (int i = batch; i < seconds * fs; i += batch) {
        const double true_s = i / fs;
        int64_t now = ob_ns_from_s(true_s + ob_rng_uniform(&rng) * late_ms * 1e-3);
        now = now > before ? now : before;
        before = now;
        ob_rate_fit_batch(fit, (uint32_t)batch, now);
        if (true_s < 10)
            continue;
        const double error_ms = (double)(ob_rate_fit_newest_ns(fit, now) - ob_ns_from_s(true_s)) * 1e-6;
        low = fmin(low, error_ms);
        high = fmax(high, error_ms);
        assert_true(ob_rate_fit_newest_ns(fit, now) <= now);
    }
    return high - low;
}

static void the_rate_is_found_from_uneven_arrival(void **state)
{
    (void)state;
    static const struct {
        double fs;
        int batch;
        double late_ms;
    } cases[] = {{360, 1, 10}, {250, 16, 20}, {130, 73, 30}, {1000, 64, 16}, {99.5, 3, 40}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ob_rate_fit fit;
        ob_rate_fit_init(&fit, 0);
        const double spread_ms = run_fit(&fit, cases[i].fs, cases[i].batch, cases[i].late_ms, 30, i);
        const double error = 1e9 / fit.period_ns / cases[i].fs - 1;
        print_message("%g Hz, batches of %d, up to %g ms late: rate off by %.3f%%, stamps within %.1f ms\n",
                      cases[i].fs, cases[i].batch, cases[i].late_ms, error * 100, spread_ms);
        assert_true(fabs(error) < 0.01);
        assert_true(spread_ms < cases[i].late_ms + 5);
        assert_false(fit.broken);
    }
}

static void a_known_rate_is_kept_unless_it_is_wrong(void **state)
{
    (void)state;
    struct ob_rate_fit fit;
    ob_rate_fit_init(&fit, 250);
    assert_true(ob_rate_fit_ready(&fit));
    run_fit(&fit, 250.3, 5, 10, 20, 1);
    assert_true(fit.period_ns == 4e6);
    ob_rate_fit_init(&fit, 250);
    run_fit(&fit, 260, 5, 10, 40, 1);
    assert_true(fabs(fit.period_ns * 260e-9 - 1) < 0.01);
}

static void lost_samples_break_the_line(void **state)
{
    (void)state;
    struct ob_rate_fit fit;
    ob_rate_fit_init(&fit, 100);
    int64_t now = 0;
    for (int i = 0; i < 500; i++)
        ob_rate_fit_batch(&fit, 1, now += 10 * OB_NS_PER_MS);
    /* 400 ms late, then caught up: nothing is lost */
    now += 400 * OB_NS_PER_MS;
    ob_rate_fit_batch(&fit, 40, now);
    for (int i = 0; i < 300; i++) {
        ob_rate_fit_batch(&fit, 1, now += 10 * OB_NS_PER_MS);
        assert_false(fit.broken);
    }
    /* half a second of samples that never come */
    now += 500 * OB_NS_PER_MS;
    bool broken = false;
    for (int i = 0; i < 150 && !broken; i++) {
        ob_rate_fit_batch(&fit, 1, now += 10 * OB_NS_PER_MS);
        broken = fit.broken;
    }
    assert_true(broken);
    ob_rate_fit_restart(&fit);
    ob_rate_fit_batch(&fit, 1, now += 10 * OB_NS_PER_MS);
    assert_true(ob_rate_fit_ready(&fit) && !fit.broken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_board_is_recognised),
        cmocka_unit_test(impossible_intervals_are_counted_and_kept_out),
        cmocka_unit_test(a_megabyte_of_noise_leaves_nothing_behind),
        cmocka_unit_test(a_board_may_be_exchanged_for_another),
        cmocka_unit_test(the_rate_is_found_from_uneven_arrival),
        cmocka_unit_test(a_known_rate_is_kept_unless_it_is_wrong),
        cmocka_unit_test(lost_samples_break_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
