/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/rng.h"
#include "signal/rr_offline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

#define COUNT 600

static double rr[COUNT + 10];
static unsigned char kinds[COUNT + 10];

static void resting(uint64_t seed)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, 4);
    double time_s = 0.0;
    for (int i = 0; i < COUNT; i++) {
        rr[i] = 900.0 + 30.0 * sin(OB_TAU * time_s / 4.0) + 12.0 * ob_rng_normal(&rng);
        time_s += rr[i] / 1000.0;
    }
}

static struct ob_rr_report correct(size_t count, bool published_only, struct ob_nn_list *series)
{
    struct ob_rr_report report;
    struct ob_rr_offline_options options = {.published_only = published_only};
    ob_nn_list_init(series);
    assert_true(ob_rr_offline(rr, count, 10.0, &options, kinds, series, &report));
    size_t all = 0;
    for (int k = 0; k < 7; k++)
        all += report.by_class[k];
    assert_int_equal(all, count);
    for (size_t i = 0; i < series->count; i++) {
        assert_true(series->items[i].nn_ms >= 300.0 && series->items[i].nn_ms <= 2000.0);
        assert_true(i == 0 || series->items[i].time_s > series->items[i - 1].time_s);
    }
    return report;
}

static void clean_intervals_pass_untouched(void **state)
{
    (void)state;
    for (uint64_t seed = 20; seed < 40; seed++) {
        resting(seed);
        struct ob_nn_list series;
        struct ob_rr_report report = correct(COUNT, false, &series);
        assert_int_equal(series.count, COUNT);
        assert_true(report.usable);
        assert_true(report.corrected_01 == 0.0);
        double time_s = 10.0;
        for (int i = 0; i < COUNT; i++) {
            time_s += rr[i] / 1000.0;
            assert_true(series.items[i].nn_ms == rr[i]);
            assert_near(series.items[i].time_s, time_s, 1e-9);
            assert_int_equal(series.items[i].joined, i > 0);
        }
        ob_nn_list_finish(&series);
    }
}

static void classes_and_corrections(void **state)
{
    (void)state;
    for (int published = 0; published < 2; published++) {
        resting(2);
        double whole = rr[300], double_rr = 2.0 * rr[200];
        rr[100] -= 250.0;
        rr[101] += 250.0;
        rr[200] = double_rr;
        rr[300] = 0.4 * whole;
        rr[301] = 0.6 * whole;
        rr[400] = 1.55 * rr[400];
        rr[500] = 0.72 * rr[500];
        double seconds = 0.0;
        for (int i = 0; i < COUNT; i++)
            seconds += rr[i] / 1000.0;
        struct ob_nn_list series;
        struct ob_rr_report report = correct(COUNT, published != 0, &series);
        assert_int_equal(kinds[100], OB_RR_ECTOPIC);
        assert_int_equal(kinds[101], OB_RR_ECTOPIC);
        assert_int_equal(kinds[200], OB_RR_MISSED);
        assert_int_equal(kinds[300], OB_RR_EXTRA);
        assert_int_equal(kinds[301], OB_RR_EXTRA);
        assert_int_equal(kinds[400], OB_RR_LONG);
        assert_int_equal(kinds[500], OB_RR_SHORT);
        assert_int_equal(series.count, COUNT); /* one more for the missed beat, one less for the extra one */
        assert_near(series.items[series.count - 1].time_s, 10.0 + seconds, 1e-6);
        if (!published) { /* the published method alone also accuses a few ordinary beats */
            assert_int_equal(report.by_class[OB_RR_NORMAL], COUNT - 7);
            assert_near(report.corrected_01, 5.0 / COUNT, 1e-12);
        }
        for (size_t i = 1; i < series.count; i++) {
            assert_true(series.items[i].joined);
            assert_true(fabs(series.items[i].nn_ms - 900.0) < 130.0);
        }
        ob_nn_list_finish(&series);
    }
}

/* The parabola leans on the two intervals before a pair: a step of theirs may lead it no further than an ordinary step.
 */
static void a_pair_is_cut_no_steeper_than_the_heart_steps(void **state)
{
    (void)state;
    for (int i = 0; i < COUNT; i++)
        rr[i] = 900.0 + (i % 3 - 1) * 6.0;
    rr[298] = 940.0;
    rr[299] = 866.0;
    rr[300] = 600.0;
    rr[301] = 1200.0;
    struct ob_nn_list series;
    correct(COUNT, false, &series);
    assert_int_equal(kinds[300], OB_RR_ECTOPIC);
    assert_int_equal(kinds[301], OB_RR_ECTOPIC);
    assert_int_equal(kinds[299], OB_RR_NORMAL);
    const double a = series.items[300].nn_ms, b = series.items[301].nn_ms;
    assert_near(a + b, 1800.0, 1e-9);
    assert_near(b - a, 0.7 * OB_RR_OFFLINE_FLOOR * 900.0, 2.0); /* the parabola alone: 71 ms */
    ob_nn_list_finish(&series);
}

static void the_first_interval_is_judged_too(void **state)
{
    (void)state;
    resting(12);
    rr[0] *= 0.6;
    struct ob_nn_list list;
    (void)correct(COUNT, false, &list);
    assert_int_equal(kinds[0], OB_RR_SHORT);
    assert_true(fabs(list.items[0].nn_ms - 900.0) < 60.0);
    ob_nn_list_finish(&list);
}

static void holes_are_never_bridged(void **state)
{
    (void)state;
    resting(3);
    rr[100] = 9000.0;
    rr[200] = (double)NAN;
    rr[300] = -5.0;
    struct ob_nn_list series;
    struct ob_rr_report report = correct(COUNT, false, &series);
    assert_int_equal(report.by_class[OB_RR_GAP], 3);
    assert_int_equal(series.count, COUNT - 3);
    for (size_t i = 1; i < series.count; i++)
        assert_int_equal(series.items[i].joined, i != 100 && i != 199 && i != 298);
    assert_near(report.gap_s, 9.0, 1e-12);
    ob_nn_list_finish(&series);
}

static void frequent_ectopy_blinds_the_published_thresholds_only(void **state)
{
    (void)state;
    size_t seen[2] = {0, 0};
    for (int published = 0; published < 2; published++) {
        resting(4);
        for (int i = 20; i + 3 < COUNT; i += 3) {
            rr[i] *= 0.68;
            rr[i + 1] *= 1.32;
        }
        struct ob_nn_list series;
        (void)correct(COUNT, published != 0, &series);
        for (int i = 20; i + 3 < COUNT; i += 3)
            seen[published] += kinds[i] == OB_RR_ECTOPIC;
        ob_nn_list_finish(&series);
    }
    assert_true(seen[0] >= 184); /* of 192 */
    assert_true(seen[1] < 60);
}

static void a_quick_change_of_pace_is_no_artefact(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 9, 4);
    for (int i = 0; i < COUNT; i++)
        rr[i] = 560.0 + 540.0 * fabs(fmod(i / 60.0, 2.0) - 1.0) + 4.0 * ob_rng_normal(&rng);
    for (int i = 57; i < COUNT; i += 120) /* near the fastest */
        rr[i] *= 2.0;
    struct ob_nn_list list;
    (void)correct(COUNT, false, &list);
    for (int i = 0; i < COUNT; i++) {
        bool missed = i % 120 == 57;
        if (kinds[i] != (missed ? OB_RR_MISSED : OB_RR_NORMAL))
            fail_msg("interval %d of %g ms is of class %d", i, rr[i], kinds[i]);
    }
    ob_nn_list_finish(&list);
}

static void what_is_short_is_judged_by_its_own_surroundings(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 10, 4);
    for (int i = 0; i < COUNT; i++)
        rr[i] = (i / 30 % 4 == 1 ? 1000.0 : 700.0) + 5.0 * ob_rng_normal(&rng);
    for (int i = 45; i < COUNT; i += 120)
        rr[i] = 740.0; /* ordinary anywhere but here */
    struct ob_nn_list list;
    (void)correct(COUNT, false, &list);
    for (int i = 45; i < COUNT; i += 120)
        assert_int_equal(kinds[i], OB_RR_SHORT);
    ob_nn_list_finish(&list);
}

static void what_cannot_be_used_is_said_in_words(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 5, 5);
    for (int i = 0; i < COUNT; i++) /* fibrillation: no memory from beat to beat */
        rr[i] = ob_rng_range(&rng, 420.0, 1150.0);
    struct ob_nn_list series;
    struct ob_rr_report report = correct(COUNT, false, &series);
    assert_false(report.usable);
    assert_non_null(report.reason);
    ob_nn_list_finish(&series);
    resting(6);
    report = correct(5, false, &series);
    assert_false(report.usable);
    assert_true(strlen(report.reason) > 10);
    ob_nn_list_finish(&series);
    report = correct(0, false, &series);
    assert_int_equal(series.count, 0);
    assert_false(report.usable);
    ob_nn_list_finish(&series);
}

static void a_part_of_a_series_is_cut_by_time(void **state)
{
    (void)state;
    resting(7);
    struct ob_nn_list series;
    (void)correct(COUNT, false, &series);
    struct ob_nn_list part = ob_nn_list_part(&series, 40.0, 70.0);
    assert_true(part.count > 25 && part.count < 40);
    assert_true(part.items[0].time_s >= 40.0 && part.items[-1].time_s < 40.0);
    assert_true(part.items[part.count - 1].time_s < 70.0 && part.items[part.count].time_s >= 70.0);
    assert_int_equal(ob_nn_list_part(&series, 70.0, 40.0).count, 0);
    ob_nn_list_finish(&series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_intervals_pass_untouched),
        cmocka_unit_test(classes_and_corrections),
        cmocka_unit_test(a_pair_is_cut_no_steeper_than_the_heart_steps),
        cmocka_unit_test(the_first_interval_is_judged_too),
        cmocka_unit_test(holes_are_never_bridged),
        cmocka_unit_test(frequent_ectopy_blinds_the_published_thresholds_only),
        cmocka_unit_test(a_quick_change_of_pace_is_no_artefact),
        cmocka_unit_test(what_is_short_is_judged_by_its_own_surroundings),
        cmocka_unit_test(what_cannot_be_used_is_said_in_words),
        cmocka_unit_test(a_part_of_a_series_is_cut_by_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
