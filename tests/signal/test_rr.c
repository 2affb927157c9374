/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/rng.h"
#include "signal/rr.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define assert_near(a, b, within) assert_true(fabs((a) - (b)) <= (within))

#define MANY 4000

struct run {
    struct ob_rr_out out[MANY];
    int count;
    double nn_ms[MANY];
    int nn_count;
};

static struct run run_one, run_two;

static void keep(struct run *run, const struct ob_rr_out *out, int count)
{
    assert_in_range(count, 0, OB_RR_OUT_MAX);
    for (int i = 0; i < count; i++) {
        run->out[run->count++] = out[i];
        for (uint32_t k = 0; k < out[i].parts; k++)
            run->nn_ms[run->nn_count++] = out[i].nn_ms;
    }
}

static void correct(struct run *run, const double *rr, int count)
{
    struct ob_rr_causal causal;
    struct ob_rr_out out[OB_RR_OUT_MAX];
    ob_rr_causal_init(&causal);
    run->count = run->nn_count = 0;
    double time_ms = 0.0;
    for (int i = 0; i < count; i++) {
        time_ms += rr[i];
        struct ob_rr_in in = {.time_ns = (int64_t)(time_ms * 1e6), .rr_ms = rr[i], .confidence_01 = 1.0f};
        keep(run, out, ob_rr_causal_push(&causal, &in, out));
        assert_true(run->count >= i); /* at most one interval waits */
    }
    keep(run, out, ob_rr_causal_gap(&causal, out));
    assert_int_equal(run->count, count);
}

static int paced(double *rr, int count, double swing_ms)
{
    double time_s = 0.0;
    for (int i = 0; i < count; i++) {
        rr[i] = 900.0 + 0.5 * swing_ms * sin(OB_TAU * time_s / 10.0);
        time_s += rr[i] / 1000.0;
    }
    return count;
}

static void deep_breathing_is_no_artefact(void **state)
{
    (void)state;
    static double rr[600];
    for (double swing = 0.0; swing <= 320.0; swing += 40.0) {
        int count = paced(rr, 600, swing);
        correct(&run_one, rr, count);
        for (int i = 0; i < run_one.count; i++) {
            assert_int_equal(run_one.out[i].kind, OB_RR_NORMAL);
            assert_near(run_one.out[i].nn_ms, rr[i], 0.0);
        }
    }
}

/* Median of max - min in windows of one breath: what a live reading does. */
static double reading(const struct run *run)
{
    static double swings[MANY];
    size_t count = 0;
    double time_s = 0.0, low = 1e9, high = 0.0;
    int breath = 0;
    for (int i = 0; i < run->nn_count; i++) {
        time_s += run->nn_ms[i] / 1000.0;
        if ((int)(time_s / 10.0) != breath) {
            if (breath > 2)
                swings[count++] = high - low;
            breath = (int)(time_s / 10.0);
            low = 1e9;
            high = 0.0;
        }
        low = fmin(low, run->nn_ms[i]);
        high = fmax(high, run->nn_ms[i]);
    }
    double sum = 0.0;
    for (size_t i = 0; i < count; i++)
        sum += swings[i];
    return sum / (double)count;
}

static void ectopic_pairs_leave_the_swing(void **state)
{
    (void)state;
    static double rr[900];
    for (double swing = 40.0; swing <= 160.0; swing += 30.0) {
        int count = paced(rr, 900, swing);
        correct(&run_one, rr, count);
        double clean = reading(&run_one);
        for (int i = 30; i + 1 < count; i += 30) {
            rr[i] -= 300.0;
            rr[i + 1] += 300.0;
        }
        correct(&run_two, rr, count);
        for (int i = 30; i + 1 < count; i += 30) {
            assert_int_equal(run_two.out[i].kind, OB_RR_ECTOPIC);
            assert_int_equal(run_two.out[i + 1].kind, OB_RR_ECTOPIC);
            /* put where they belong on the wave, not merely halved */
            assert_near(run_two.out[i].nn_ms, rr[i] + 300.0, 0.035 * swing);
            assert_near(run_two.out[i + 1].nn_ms, rr[i + 1] - 300.0, 0.035 * swing);
        }
        double changed = reading(&run_two);
        if (fabs(changed - clean) > 0.05 * clean)
            fail_msg("swing %g: %g instead of %g", swing, changed, clean);
    }
}

static void missed_beats_leave_the_swing(void **state)
{
    (void)state;
    static double rr[900], holes[900];
    for (double swing = 40.0; swing <= 160.0; swing += 30.0) {
        int count = paced(rr, 900, swing);
        correct(&run_one, rr, count);
        double clean = reading(&run_one);
        int fewer = 0;
        for (int i = 0; i < count; i++) {
            holes[fewer++] = i > 0 && i % 30 == 0 && i + 1 < count ? rr[i] + rr[i + 1] : rr[i];
            if (i > 0 && i % 30 == 0)
                i++;
        }
        correct(&run_two, holes, fewer);
        double changed = reading(&run_two);
        if (fabs(changed - clean) > 0.05 * clean)
            fail_msg("swing %g: %g instead of %g", swing, changed, clean);
    }
}

static void a_gap_is_never_bridged(void **state)
{
    (void)state;
    struct ob_rr_causal causal;
    struct ob_rr_out out[OB_RR_OUT_MAX];
    ob_rr_causal_init(&causal);
    struct ob_rr_in in = {.rr_ms = 800.0, .confidence_01 = 1.0f};
    for (int i = 0; i < 20; i++)
        (void)ob_rr_causal_push(&causal, &in, out);
    assert_int_equal(ob_rr_causal_gap(&causal, out), 1);
    assert_int_equal(out[0].kind, OB_RR_NORMAL);
    in.rr_ms = 820.0;
    assert_int_equal(ob_rr_causal_push(&causal, &in, out), 1);
    assert_int_equal(out[0].kind, OB_RR_GAP);
    assert_true(out[0].nn_ms == 0.0);
    assert_int_equal(ob_rr_causal_push(&causal, &in, out), 0);
    assert_int_equal(ob_rr_causal_push(&causal, &in, out), 1);
    assert_int_equal(out[0].kind, OB_RR_NORMAL);
}

/* Something ordinary: a breath, a slow wave and a little noise. */
static void resting(double *rr, int count, uint64_t seed)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, 3);
    double time_s = 0.0;
    for (int i = 0; i < count; i++) {
        rr[i] =
            860.0 + 30.0 * sin(OB_TAU * time_s / 4.2) + 25.0 * sin(OB_TAU * time_s / 11.0) + 10.0 * ob_rng_normal(&rng);
        time_s += rr[i] / 1000.0;
    }
}

static void every_class_is_named_rightly(void **state)
{
    (void)state;
    static double rr[200];
    resting(rr, 200, 1);
    rr[40] *= 0.7;
    rr[41] *= 1.3;
    rr[80] *= 2.0;
    double whole = rr[120];
    rr[120] = 0.35 * whole;
    rr[121] = 0.65 * whole;
    rr[150] *= 3.0;
    rr[170] *= 0.6;
    rr[185] = 0.05 * rr[185];
    correct(&run_one, rr, 200);
    const struct ob_rr_out *out = run_one.out;
    assert_int_equal(out[40].kind, OB_RR_ECTOPIC);
    assert_int_equal(out[41].kind, OB_RR_ECTOPIC);
    assert_near(out[40].nn_ms + out[41].nn_ms, rr[40] + rr[41], 1e-9);
    assert_true(fabs(out[40].nn_ms - out[41].nn_ms) < 100.0);
    assert_int_equal(out[80].kind, OB_RR_MISSED);
    assert_int_equal(out[80].parts, 2);
    assert_near(out[80].nn_ms, rr[80] / 2.0, 1e-9);
    assert_int_equal(out[120].kind, OB_RR_EXTRA);
    assert_int_equal(out[120].parts, 0);
    assert_int_equal(out[121].kind, OB_RR_EXTRA);
    assert_near(out[121].nn_ms, whole, 1e-9);
    assert_int_equal(out[150].kind, OB_RR_MISSED);
    assert_int_equal(out[150].parts, 3);
    assert_int_equal(out[170].kind, OB_RR_SHORT);
    assert_true(out[170].nn_ms > 700.0);
    assert_int_equal(out[185].kind, OB_RR_GAP);
    int ordinary = 0;
    for (int i = 0; i < 200; i++)
        ordinary += out[i].kind == OB_RR_NORMAL;
    assert_int_equal(ordinary, 200 - 8);
}

/* Breathing so deep that neighbours differ by a tenth: a beat that is a tenth early where the heart is fastest anyway
 * has less contrast than that, and is known by being below all. */
static void an_early_beat_is_seen_in_deep_breathing(void **state)
{
    (void)state;
    static double rr[200];
    paced(rr, 200, 360.0);
    int early = 0;
    for (int i = 60; i < 140; i++)
        if (rr[i] < rr[i - 1] && rr[i] < rr[i + 1] && i > early + 30) {
            early = i;
            const double by = 0.1 * rr[i];
            rr[i] -= by;
            rr[i + 1] += by;
        }
    assert_true(early > 90);
    correct(&run_one, rr, 200);
    int seen = 0, before = 0;
    for (int i = 60; i < 140; i++) {
        seen += run_one.out[i].kind == OB_RR_ECTOPIC;
        before += run_one.out[i].kind != OB_RR_NORMAL && run_one.out[i].kind != OB_RR_ECTOPIC;
    }
    assert_int_equal(before, 0);
    assert_int_equal(seen, 6);
}

static void bigeminy_is_seen_from_the_first_pair_to_the_last(void **state)
{
    (void)state;
    static double rr[400];
    resting(rr, 400, 2);
    for (int i = 50; i < 350; i += 2) {
        rr[i] *= 0.65;
        rr[i + 1] *= 1.35;
    }
    correct(&run_one, rr, 400);
    int seen = 0;
    for (int i = 50; i < 350; i++)
        seen += run_one.out[i].kind == OB_RR_ECTOPIC;
    assert_true(seen >= 294);
    for (int i = 0; i < run_one.nn_count; i++)
        assert_in_range((int)run_one.nn_ms[i], 700, 1020);
}

static void bigeminy_from_the_first_beat_finds_its_level(void **state)
{
    (void)state;
    static double rr[100];
    for (int i = 0; i < 100; i++)
        rr[i] = i % 2 ? 1100.0 : 600.0;
    correct(&run_one, rr, 100);
    for (int i = 12; i < 98; i++)
        assert_int_equal(run_one.out[i].kind, OB_RR_ECTOPIC);
}

static void a_new_level_is_believed(void **state)
{
    (void)state;
    static double rr[120];
    static const double levels[] = {500.0, 620.0, 1100.0, 1300.0, 450.0};
    for (size_t l = 0; l < sizeof levels / sizeof *levels; l++) {
        for (int i = 0; i < 120; i++)
            rr[i] = (i < 60 ? 850.0 : levels[l]) + 8.0 * sin(i);
        correct(&run_one, rr, 120);
        for (int i = 85; i < 120; i++) {
            if (run_one.out[i].kind != OB_RR_NORMAL || run_one.out[i].nn_ms != rr[i])
                fail_msg("level %g, interval %d: class %d", levels[l], i, (int)run_one.out[i].kind);
        }
    }
}

static void pulses_seen_twice_are_no_fast_heart(void **state)
{
    (void)state;
    static double rr[200];
    int count = 0;
    for (int i = 0; i < 100; i++) {
        double whole = 680.0 + 30.0 * sin(0.6 * i);
        bool twice = i >= 20 && i < 80; /* the second wave of a pulse, a minute long */
        rr[count++] = twice ? 0.58 * whole : whole;
        if (twice)
            rr[count++] = 0.42 * whole;
    }
    correct(&run_one, rr, count);
    assert_int_equal(run_one.nn_count, 100);
    for (int i = 0; i < 100; i++)
        assert_near(run_one.nn_ms[i], 680.0 + 30.0 * sin(0.6 * i), 1e-9);
}

static void any_number_is_survived_and_told_the_same_twice(void **state)
{
    (void)state;
    static double rr[1000];
    struct ob_rng rng;
    ob_rng_init(&rng, 9, 1);
    static const double odd[] = {0.0, -1.0, 1e9, 1e-300, 1e300};
    for (int i = 0; i < 1000; i++) {
        double pick = ob_rng_uniform(&rng);
        rr[i] = pick < 0.5   ? 800.0 * ob_rng_range(&rng, 0.9, 1.1)
                : pick < 0.9 ? ob_rng_range(&rng, 1.0, 4000.0)
                             : odd[ob_rng_u32(&rng) % 5];
        if (i % 97 == 0)
            rr[i] = (double)NAN;
        if (i % 101 == 0)
            rr[i] = (double)INFINITY;
    }
    for (int round = 0; round < 2; round++) {
        struct run *run = round ? &run_two : &run_one;
        struct ob_rr_causal causal;
        struct ob_rr_out out[OB_RR_OUT_MAX];
        ob_rr_causal_init(&causal);
        run->count = run->nn_count = 0;
        for (int i = 0; i < 1000; i++) {
            struct ob_rr_in in = {.time_ns = i, .rr_ms = rr[i], .confidence_01 = 1.0f};
            keep(run, out, ob_rr_causal_push(&causal, &in, out));
        }
        keep(run, out, ob_rr_causal_gap(&causal, out));
        assert_int_equal(run->count, 1000);
    }
    for (int i = 0; i < 1000; i++) {
        const struct ob_rr_out *one = &run_one.out[i], *two = &run_two.out[i];
        assert_int_equal(one->time_ns, i);
        assert_int_equal(one->kind, two->kind);
        assert_true(one->nn_ms == two->nn_ms);
        assert_true((one->nn_ms == 0.0) == (one->parts == 0));
        assert_true(one->nn_ms == 0.0 || (one->nn_ms >= 300.0 && one->nn_ms <= 2000.0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deep_breathing_is_no_artefact),
        cmocka_unit_test(ectopic_pairs_leave_the_swing),
        cmocka_unit_test(missed_beats_leave_the_swing),
        cmocka_unit_test(a_gap_is_never_bridged),
        cmocka_unit_test(every_class_is_named_rightly),
        cmocka_unit_test(an_early_beat_is_seen_in_deep_breathing),
        cmocka_unit_test(bigeminy_is_seen_from_the_first_pair_to_the_last),
        cmocka_unit_test(bigeminy_from_the_first_beat_finds_its_level),
        cmocka_unit_test(a_new_level_is_believed),
        cmocka_unit_test(pulses_seen_twice_are_no_fast_heart),
        cmocka_unit_test(any_number_is_survived_and_told_the_same_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
