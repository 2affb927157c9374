/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/clockmap.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define BLOCK 512

struct run {
    double ppm;       /* how much slower the device's crystal is */
    double jitter_ms; /* uniform to either side */
    double straggler; /* share of stamps that are 40 ms late */
    uint64_t seed;
};

/* Worst error after 5 s, and the worst step between where one block ends by the map and the next begins, in ms. */
static void listen_to(const struct run *run, double seconds, double *error_ms_out, double *step_ms_out)
{
    struct ob_clockmap map;
    struct ob_rng rng;
    ob_rng_init(&rng, run->seed, 1);
    ob_clockmap_init(&map, 48000, BLOCK);
    const double true_ns = 1e9 / 48000.0 * (1.0 + run->ppm * 1e-6);
    const int64_t start_ns = INT64_C(86400000000000) * 400;
    double expected_ns = 0.0;
    *error_ms_out = *step_ms_out = 0.0;
    for (uint64_t frame = 0; (double)frame < seconds * 48000.0; frame += BLOCK) {
        double stamp = (double)frame * true_ns + ob_rng_range(&rng, -1e6, 1e6) * run->jitter_ms;
        if (ob_rng_uniform(&rng) < run->straggler)
            stamp += 40e6;
        double ns_per_frame = 0.0;
        const int64_t heard_ns = ob_clockmap_heard(&map, frame, start_ns + (int64_t)stamp, &ns_per_frame);
        const double heard = (double)(heard_ns - start_ns);
        if (frame > 0)
            *step_ms_out = fmax(*step_ms_out, fabs(heard - expected_ns) * 1e-6);
        expected_ns = heard + BLOCK * ns_per_frame;
        if (frame > 5 * 48000)
            *error_ms_out = fmax(*error_ms_out, fabs(heard - (double)frame * true_ns) * 1e-6);
    }
}

static void within_a_millisecond_after_five_seconds(void **state)
{
    (void)state;
    static const struct run runs[] = {
        {0, 0, 0, 1},       {100, 0, 0, 1}, {100, 5, 0, 1},  {-100, 5, 0, 2}, {100, 5, 0, 3},
        {-100, 5, 0.01, 4}, {300, 5, 0, 5}, {-300, 2, 0, 6}, {20, 5, 0, 7},   {100, 5, 0.01, 8},
    };
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        double error_ms, step_ms;
        listen_to(&runs[i], 60.0, &error_ms, &step_ms);
        print_message("%+4.0f ppm, +-%.0f ms, %.0f%% stragglers: worst error %.3f ms after 5 s, worst step %.6f ms\n",
                      runs[i].ppm, runs[i].jitter_ms, 100 * runs[i].straggler, error_ms, step_ms);
        assert_true(error_ms < 1.0);
        assert_true(step_ms < 0.001);
    }
}

static void the_slope_finds_the_crystal(void **state)
{
    (void)state;
    struct ob_clockmap map;
    struct ob_rng rng;
    ob_rng_init(&rng, 3, 1);
    ob_clockmap_init(&map, 48000, BLOCK);
    double ns_per_frame = 0.0;
    for (uint64_t frame = 0; frame < 120 * 48000; frame += BLOCK) {
        const double stamp = (double)frame * (1e9 / 48000.0) * 1.0001 + ob_rng_range(&rng, -5e6, 5e6);
        ob_clockmap_heard(&map, frame, (int64_t)stamp, &ns_per_frame);
    }
    assert_true(fabs(ns_per_frame * 48000.0 / 1e9 - 1.0001) < 100e-6);
}

static void a_device_that_stopped_is_followed(void **state)
{
    (void)state;
    struct ob_clockmap map;
    ob_clockmap_init(&map, 48000, BLOCK);
    double ns_per_frame = 0.0;
    int64_t heard_ns = 0;
    const int64_t block_ns = BLOCK * INT64_C(1000000000) / 48000;
    int64_t now_ns = 1000;
    int turned = -1;
    for (int n = 0; n < 2000; n++, now_ns += block_ns) {
        if (n == 1000)
            now_ns += 3000000000; /* the machine slept, or a buffer was lost */
        heard_ns = ob_clockmap_heard(&map, (uint64_t)n * BLOCK, now_ns, &ns_per_frame);
        if (n >= 1000 && turned < 0 && llabs(heard_ns - now_ns) < 1000000)
            turned = n;
    }
    assert_in_range(turned, 1001, 1000 + 94); /* within a second */
    assert_true(llabs(heard_ns - now_ns + block_ns) < 100000);
}

static void one_late_stamp_moves_nothing(void **state)
{
    (void)state;
    struct ob_clockmap map;
    ob_clockmap_init(&map, 48000, BLOCK);
    double ns_per_frame = 0.0;
    for (int n = 0; n < 1000; n++) {
        const int64_t right_ns = (int64_t)(n * BLOCK * 1e9 / 48000.0);
        const int64_t heard_ns =
            ob_clockmap_heard(&map, (uint64_t)n * BLOCK, right_ns + (n == 600 ? 900000000 : 0), &ns_per_frame);
        assert_true(llabs(heard_ns - right_ns) < 200000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(within_a_millisecond_after_five_seconds),
        cmocka_unit_test(the_slope_finds_the_crystal),
        cmocka_unit_test(a_device_that_stopped_is_followed),
        cmocka_unit_test(one_late_stamp_moves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
