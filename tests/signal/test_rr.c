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
            assert_float_equal(run_one.out[i].nn_ms, rr[i], 0.0);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deep_breathing_is_no_artefact),
        cmocka_unit_test(ectopic_pairs_leave_the_swing),
        cmocka_unit_test(missed_beats_leave_the_swing),
        cmocka_unit_test(a_gap_is_never_bridged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
