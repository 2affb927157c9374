/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is usual, and windows: by numbers that can be checked by hand, and by chance. */
#include "base/rng.h"
#include "report/usual.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ob_window window(double hr, double rmssd, double breath)
{
    struct ob_window w = {.there = true, .to_s = 120.0, .beats = 120, .covered_01 = 1.0};
    w.hr_bpm = ob_metric_of(hr);
    w.rmssd_ms = ob_metric_of(rmssd);
    w.breath_brpm = ob_metric_of(breath);
    return w;
}

static struct ob_past_session past(double hr, double rmssd)
{
    struct ob_past_session p = {.posture = "supine"};
    p.windows.before = window(hr, rmssd, 14.0);
    return p;
}

static void the_general_range_is_that_of_one_repetition(void **state)
{
    (void)state;
    struct ob_windows w = {.before = window(64.0, 30.0, 14.0), .after = window(60.0, 45.0, 11.0)};
    struct ob_change c;
    ob_usual_change(OB_USUAL_HR, &w, "", false, NULL, 0, &c);
    assert_true(c.known && c.basis == OB_USUAL_GENERAL && !c.beyond);
    assert_true(c.change == -4.0);
    assert_true(fabs(c.usual_high - 64.0 * 0.1526) < 0.1); /* a factor of e^0.142 */
    ob_usual_change(OB_USUAL_RMSSD, &w, "", false, NULL, 0, &c);
    assert_true(!c.beyond); /* a factor of 1.5 of 1.70 */
    assert_true(fabs(c.usual_high - 30.0 * 0.7006) < 0.1 && fabs(c.usual_low + 30.0 * 0.4120) < 0.1);
    assert_true(fabs(c.low - (45.0 / 1.7006 - 30.0)) < 0.1);
    w.after.rmssd_ms = ob_metric_of(51.2); /* just above */
    ob_usual_change(OB_USUAL_RMSSD, &w, "", false, NULL, 0, &c);
    assert_true(c.beyond);
    ob_usual_change(OB_USUAL_BREATH, &w, "", false, NULL, 0, &c);
    assert_true(c.known && c.basis == OB_USUAL_UNKNOWN && !c.beyond && c.change == -3.0);
}

static void eight_sessions_of_one_s_own_take_its_place(void **state)
{
    (void)state;
    struct ob_past_session before[9];
    struct ob_windows w = {.before = window(64.0, 30.0, 14.0), .after = window(61.0, 30.0, 14.0)};
    struct ob_change c;
    for (int i = 0; i < 9; i++)
        before[i] = past(64.0 * exp(i % 2 ? 0.01 : -0.01), 30.0);
    ob_usual_change(OB_USUAL_HR, &w, "supine", false, before, 7, &c);
    assert_int_equal(c.basis, OB_USUAL_GENERAL);
    ob_usual_change(OB_USUAL_HR, &w, "supine", false, before, 8, &c);
    assert_int_equal(c.basis, OB_USUAL_OWN);
    assert_int_equal(c.sessions, 8);
    /* SD of +-0.01 over eight: 0.01 sqrt(8/7); times sqrt 2 and t of 7 degrees, 2.365 */
    assert_true(fabs(c.usual_high - 64.0 * (exp(0.010690 * 1.41421 * 2.365) - 1.0)) < 1e-3);
    assert_true(c.beyond);
    /* Another posture, or pulse instead of beats, is another thing. */
    ob_usual_change(OB_USUAL_HR, &w, "sitting", false, before, 9, &c);
    assert_int_equal(c.basis, OB_USUAL_GENERAL);
    ob_usual_change(OB_USUAL_HR, &w, "supine", true, before, 9, &c);
    assert_int_equal(c.basis, OB_USUAL_GENERAL);
    before[3].windows.before.hr_bpm = ob_metric_none("too few good beats");
    ob_usual_change(OB_USUAL_HR, &w, "supine", false, before, 9, &c);
    assert_int_equal(c.sessions, 8);
    before[4].windows.compare = OB_COMPARE_UNFIT;
    ob_usual_change(OB_USUAL_HR, &w, "supine", false, before, 9, &c);
    assert_int_equal(c.basis, OB_USUAL_GENERAL);
}

static void what_may_not_be_compared_is_not(void **state)
{
    (void)state;
    struct ob_windows w = {.before = window(64.0, 30.0, 14.0), .after = window(44.0, 90.0, 6.0)};
    struct ob_change c;
    for (int compare = OB_COMPARE_FINE + 1; compare <= OB_COMPARE_UNFIT; compare++) {
        w.compare = (enum ob_compare)compare;
        ob_usual_change(OB_USUAL_HR, &w, "", false, NULL, 0, &c);
        assert_true(!c.known && !c.beyond);
    }
    w.compare = OB_COMPARE_FINE;
    w.after.rmssd_ms = ob_metric_none("more than 5% of the beats had to be corrected");
    ob_usual_change(OB_USUAL_RMSSD, &w, "", false, NULL, 0, &c);
    assert_false(c.known);
}

/* Somebody in whom nothing changes, eight sessions known: how often is it called more than usual? */
static void chance_calls_one_in_twenty_more_than_usual(void **state)
{
    (void)state;
    enum { PEOPLE = 4000 };
    struct ob_rng rng;
    int beyond = 0, plain = 0;
    ob_rng_init(&rng, 11, 5);
    for (int person = 0; person < PEOPLE; person++) {
        struct ob_past_session before[OB_USUAL_SESSIONS];
        for (int i = 0; i < OB_USUAL_SESSIONS; i++)
            before[i] = past(64.0 * exp(0.05 * ob_rng_normal(&rng)), 30.0);
        const struct ob_windows w = {.before = window(64.0 * exp(0.05 * ob_rng_normal(&rng)), 30.0, 14.0),
                                     .after = window(64.0 * exp(0.05 * ob_rng_normal(&rng)), 30.0, 14.0)};
        struct ob_change c;
        ob_usual_change(OB_USUAL_HR, &w, "supine", false, before, OB_USUAL_SESSIONS, &c);
        assert_int_equal(c.basis, OB_USUAL_OWN);
        beyond += c.beyond;
        const double half = log(1.0 + c.usual_high / c.before);
        plain += fabs(log(c.after / c.before)) > half * 1.96 / ob_usual_t975(OB_USUAL_SESSIONS - 1);
    }
    const double share = (double)beyond / PEOPLE, by_196 = (double)plain / PEOPLE;
    print_message("changes of nothing called more than usual: %.3f; with 1.96: %.3f\n", share, by_196);
    assert_true(share > 0.035 && share < 0.065);
    assert_true(by_196 > 0.075);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_general_range_is_that_of_one_repetition),
        cmocka_unit_test(eight_sessions_of_one_s_own_take_its_place),
        cmocka_unit_test(what_may_not_be_compared_is_not),
        cmocka_unit_test(chance_calls_one_in_twenty_more_than_usual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
