/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The offline correction without our additions is the published one (Lipponen & Tarvainen 2019,
 * doi:10.1080/03091902.2019.1640306): a second, plain reading of the paper must judge every beat alike. And the edges
 * of what is possible and of what counts as premature, offline and live. */
#include "base/maths.h"
#include "base/rng.h"
#include "signal/rr.h"
#include "signal/rr_offline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define COUNT 600

static double rr[COUNT];
static unsigned char kinds[COUNT];

/* The quartile deviation of |x| over 91 beats, times 5.2. */
static double threshold(const double *x, int i, double least)
{
    double near[91];
    int n = 0;
    for (int k = i - 45; k <= i + 45; k++)
        if (k >= 0 && k < COUNT)
            near[n++] = fabs(x[k]);
    const double high = ob_percentile(near, (size_t)n, 0.75), low = ob_percentile(near, (size_t)n, 0.25);
    return fmax(5.2 * (high - low) / 2.0, least);
}

static double d[COUNT + 2], m[COUNT + 2], th2[COUNT], medians[COUNT];

static void measure(void)
{
    double steps[COUNT], offs[COUNT];
    for (int i = 0; i < COUNT; i++) {
        double near[11];
        int n = 0;
        for (int k = i - 5; k <= i + 5; k++)
            if (k >= 0 && k < COUNT)
                near[n++] = rr[k];
        medians[i] = ob_median(near, (size_t)n);
        steps[i] = i > 0 ? rr[i] - rr[i - 1] : 0.0;
        offs[i] = (rr[i] - medians[i]) * (rr[i] < medians[i] ? 2.0 : 1.0);
    }
    memset(d, 0, sizeof d);
    for (int i = 0; i < COUNT; i++) {
        d[i] = steps[i] / threshold(steps, i, 0.001 * medians[i]);
        th2[i] = threshold(offs, i, 0.001 * medians[i]);
        m[i] = offs[i] / th2[i];
    }
}

static int ectopic(int i)
{
    const double before = i > 0 ? d[i - 1] : 0.0, after = d[i + 1];
    return i > 0 && ((d[i] > 1.0 && fmax(before, after) < -0.13 * d[i] - 0.17) ||
                     (d[i] < -1.0 && fmin(before, after) > -0.13 * d[i] + 0.17));
}

static enum ob_rr_class other(int i)
{
    const int rises = d[i] > 1.0 && fmin(d[i + 1], d[i + 2]) < -1.0;
    const int falls = d[i] < -1.0 && fmax(d[i + 1], d[i + 2]) > 1.0;
    if (!rises && !falls && fabs(m[i]) <= 3.0)
        return OB_RR_NORMAL;
    const int longer = rises || (!falls && m[i] > 3.0);
    if (longer && fabs(rr[i] / 2.0 - medians[i]) < th2[i])
        return OB_RR_MISSED;
    if (!longer && i + 1 < COUNT && fabs(rr[i] + rr[i + 1] - medians[i]) < th2[i])
        return OB_RR_EXTRA;
    return longer ? OB_RR_LONG : OB_RR_SHORT;
}

static void judge(unsigned char *out)
{
    memset(out, OB_RR_NORMAL, COUNT);
    for (int i = 0; i < COUNT; i++) {
        if (out[i] != OB_RR_NORMAL || fabs(d[i]) <= 1.0)
            continue;
        if (ectopic(i)) {
            out[i] = OB_RR_ECTOPIC;
            if (out[i - 1] == OB_RR_NORMAL || out[i - 1] == OB_RR_SHORT || out[i - 1] == OB_RR_LONG)
                out[i - 1] = OB_RR_ECTOPIC;
            continue;
        }
        out[i] = (unsigned char)other(i);
        if (out[i] == OB_RR_NORMAL && i + 1 < COUNT && fabs(d[i + 1]) < fabs(d[i + 2]) && !ectopic(i + 1))
            out[i + 1] = (unsigned char)other(i + 1);
        if (out[i] == OB_RR_EXTRA)
            out[i + 1] = OB_RR_EXTRA;
    }
}

static void the_published_method_is_the_published_method(void **state)
{
    (void)state;
    int accused = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct ob_rng rng;
        unsigned char plain[COUNT];
        ob_rng_init(&rng, seed, 0);
        const double swing = 10.0 + 60.0 * ob_rng_uniform(&rng), noise = 2.0 + 30.0 * ob_rng_uniform(&rng);
        for (int i = 0; i < COUNT; i++) {
            /* restless in parts, so that it matters which beats a threshold comes from */
            const double more = (i / 60) % 2 ? 1.0 : 0.3;
            rr[i] = 850.0 + swing * sin(0.3 * i) + more * noise * ob_rng_normal(&rng);
        }
        for (int i = 3; i + 2 < COUNT; i += 5 + (int)(30.0 * ob_rng_uniform(&rng))) {
            const double early = (0.03 + 0.3 * ob_rng_uniform(&rng)) * rr[i], which = ob_rng_uniform(&rng);
            rr[i] += which < 0.6 ? -early : which < 0.8 ? rr[i] : early;
            rr[i + 1] += which < 0.6 ? early * (1.2 * ob_rng_uniform(&rng)) : 0.0;
        }
        const struct ob_rr_offline_options options = {.published_only = true};
        struct ob_nn_list list = {.items = NULL};
        struct ob_rr_report report;
        assert_true(ob_rr_offline(rr, COUNT, 0.0, &options, kinds, &list, &report));
        measure();
        judge(plain);
        for (int i = 0; i < COUNT; i++) {
            if (kinds[i] != plain[i])
                fail_msg("seed %d, beat %d: %d, but the paper says %d", (int)seed, i, kinds[i], plain[i]);
            accused += plain[i] != OB_RR_NORMAL;
        }
        ob_nn_list_finish(&list);
    }
    assert_true(accused > 1000);
}

static int live_kinds(int count)
{
    struct ob_rr_causal causal;
    struct ob_rr_out out[OB_RR_OUT_MAX];
    int done = 0;
    ob_rr_causal_init(&causal);
    for (int i = 0; i <= count; i++) {
        const struct ob_rr_in in = {.time_ns = i, .rr_ms = rr[i < count ? i : 0], .confidence_01 = 1.0f};
        const int got = i < count ? ob_rr_causal_push(&causal, &in, out) : ob_rr_causal_gap(&causal, out);
        for (int k = 0; k < got; k++)
            kinds[done++] = (unsigned char)out[k].kind;
    }
    return done;
}

/* Steady hearts at the edges of 300 and 2000 ms: inside they are hearts, outside gaps. */
static void possible_intervals_have_edges(void **state)
{
    (void)state;
    static const double levels[] = {296.0, 304.0, 1990.0, 2010.0};
    for (int i = 0; i < 4; i++) {
        const int wanted = i == 1 || i == 2 ? OB_RR_NORMAL : OB_RR_GAP;
        for (int k = 0; k < 100; k++)
            rr[k] = levels[i] + k % 3;
        struct ob_nn_list list = {.items = NULL};
        struct ob_rr_report report;
        assert_true(ob_rr_offline(rr, 100, 0.0, NULL, kinds, &list, &report));
        for (int k = 0; k < 100; k++)
            assert_int_equal(kinds[k], wanted);
        assert_int_equal(list.count, wanted == OB_RR_NORMAL ? 100 : 0);
        ob_nn_list_finish(&list);
        assert_int_equal(live_kinds(100), 100);
        for (int k = 10; k < 100; k++)
            assert_int_equal(kinds[k], wanted);
    }
}

/* A rhythm of 800 ms with steps of its own, and every 40th beat early by a share, with its full pause. */
static void with_early_beats(double own_ms, double early_01)
{
    for (int k = 0; k < COUNT; k++) {
        const int place = k % 40;
        const double shift = place == 20 ? -early_01 * 800.0 : place == 21 ? early_01 * 800.0 : 0.0;
        rr[k] = 800.0 + (shift < 0.0 || shift > 0.0 ? shift : own_ms * sin(1.3 * k));
    }
}

/* How small a prematurity is seen: 5.6% in a calm rhythm, 7.5% in one that steps by 4%. */
static void premature_has_a_least_share(void **state)
{
    (void)state;
    static const struct {
        double own_ms, early_01;
        int least, most;
    } cases[] = {{4.0, 0.05, 0, 0}, {4.0, 0.065, 14, 14}, {34.0, 0.06, 0, 1}, {34.0, 0.0875, 7, 14}};
    for (int i = 0; i < 4; i++) {
        struct ob_nn_list list = {.items = NULL};
        struct ob_rr_report report;
        int live = 0, offline = 0;
        with_early_beats(cases[i].own_ms, cases[i].early_01);
        live_kinds(COUNT);
        for (int k = 60; k < COUNT; k += 40)
            live += kinds[k] == OB_RR_ECTOPIC;
        assert_true(ob_rr_offline(rr, COUNT, 0.0, NULL, kinds, &list, &report));
        for (int k = 60; k < COUNT; k += 40)
            offline += kinds[k] == OB_RR_ECTOPIC;
        ob_nn_list_finish(&list);
        print_message("%4.1f%% early where steps are %2.0f ms: live %d, offline %d of 14\n", 100.0 * cases[i].early_01,
                      cases[i].own_ms, live, offline);
        assert_in_range(live, cases[i].least, cases[i].most);
        assert_in_range(offline, cases[i].least, cases[i].most);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_method_is_the_published_method),
        cmocka_unit_test(possible_intervals_have_edges),
        cmocka_unit_test(premature_has_a_least_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
