/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/asleep.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct ob_asleep_input follows = {.leads = true,
                                               .fit_known = true,
                                               .fit_long_01 = 0.7,
                                               .own_known = true,
                                               .own_brpm = 6.1,
                                               .pace_brpm = 6.0,
                                               .hr_known = true,
                                               .hr_bpm = 64.0};

static const struct ob_asleep_input sleeps = {.leads = true,
                                              .fit_known = true,
                                              .fit_long_01 = 0.03,
                                              .own_known = true,
                                              .own_brpm = 13.0,
                                              .pace_brpm = 6.0,
                                              .hr_known = true,
                                              .hr_bpm = 59.0};

static void live(struct ob_asleep *a, struct ob_asleep_input input, double seconds)
{
    for (int i = 0; i < (int)seconds; i++)
        ob_asleep_second(a, &input);
}

/* Somebody who followed for five minutes, and then this for as long as it may take. */
static double gone_after(struct ob_asleep_input then)
{
    struct ob_asleep a;
    ob_asleep_init(&a);
    live(&a, follows, 300);
    for (int i = 0; i < 1200; i++) {
        ob_asleep_second(&a, &then);
        if (a.let_go_s >= 0.0)
            return i + 1;
    }
    return -1.0;
}

static void a_sleeper_is_let_go_softly(void **state)
{
    (void)state;
    assert_true(fabs(gone_after(sleeps) - OB_ASLEEP_S) < 120.0);
    struct ob_asleep a;
    ob_asleep_init(&a);
    live(&a, follows, 300);
    live(&a, sleeps, gone_after(sleeps));
    assert_true(ob_asleep_gone_01(&a) <= 0.0);
    double before = 0.0;
    for (int i = 0; i < (int)OB_ASLEEP_FADE_S; i++) {
        ob_asleep_second(&a, &sleeps);
        const double gone = ob_asleep_gone_01(&a);
        assert_true(gone > before && gone - before < 0.02);
        before = gone;
    }
    assert_true(before >= 1.0);
    assert_false(ob_asleep_over(&a));
    live(&a, sleeps, OB_ASLEEP_LEAVE_S);
    assert_true(ob_asleep_over(&a));
}

static void each_part_of_the_definition_is_needed(void **state)
{
    (void)state;
    struct ob_asleep_input i = sleeps;
    i.fit_long_01 = 0.15; /* not following, and not clearly not */
    assert_true(gone_after(i) < 0.0);
    i = sleeps;
    i.hr_bpm = 63.0; /* a lively heart */
    assert_true(gone_after(i) < 0.0);
    i = sleeps;
    i.own_brpm = 6.5; /* breathes with the pacer: the heart just does not show it */
    assert_true(gone_after(i) < 0.0);
    i = sleeps;
    i.own_known = false; /* how they breathe is not known */
    assert_true(gone_after(i) < 0.0);
    i = sleeps;
    i.fit_known = false; /* no signal */
    assert_true(gone_after(i) < 0.0);
    i = sleeps;
    i.leads = false; /* nothing leads: a silent sitting may be slept through */
    assert_true(gone_after(i) < 0.0);
    i = sleeps;
    i.disturbed = true;
    assert_true(gone_after(i) < 0.0);
    struct ob_asleep a; /* who never followed */
    ob_asleep_init(&a);
    live(&a, sleeps, 3000);
    assert_true(a.let_go_s < 0.0);
}

static void unsteady_breath_is_awake(void **state)
{
    (void)state;
    struct ob_asleep a;
    ob_asleep_init(&a);
    live(&a, follows, 300);
    for (int k = 0; k < 100; k++) {
        struct ob_asleep_input i = sleeps;
        i.own_brpm = k % 2 ? 18.0 : 10.0;
        live(&a, i, 20);
    }
    assert_true(a.let_go_s < 0.0);
}

static void a_breath_with_the_pacer_or_a_key_begins_anew(void **state)
{
    (void)state;
    struct ob_asleep a;
    ob_asleep_init(&a);
    live(&a, follows, 300);
    for (int k = 0; k < 10; k++) {
        live(&a, sleeps, OB_ASLEEP_S - 20.0);
        if (k % 2) {
            live(&a, follows, 2);
        } else {
            struct ob_asleep_input key = sleeps;
            key.disturbed = true;
            live(&a, key, 1);
        }
    }
    assert_true(a.let_go_s < 0.0);
}

static void a_key_while_it_fades_brings_everything_back(void **state)
{
    (void)state;
    struct ob_asleep a;
    ob_asleep_init(&a);
    live(&a, follows, 300);
    live(&a, sleeps, OB_ASLEEP_S + 60.0);
    assert_true(a.let_go_s >= 0.0);
    struct ob_asleep_input key = sleeps;
    key.disturbed = true;
    live(&a, key, 1);
    assert_true(a.let_go_s < 0.0 && ob_asleep_gone_01(&a) <= 0.0);
    /* and it waits for longer next time */
    live(&a, sleeps, 1.5 * OB_ASLEEP_S);
    assert_true(a.let_go_s < 0.0);
    live(&a, sleeps, OB_ASLEEP_S);
    assert_true(a.let_go_s >= 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sleeper_is_let_go_softly),
        cmocka_unit_test(each_part_of_the_definition_is_needed),
        cmocka_unit_test(unsteady_breath_is_awake),
        cmocka_unit_test(a_breath_with_the_pacer_or_a_key_begins_anew),
        cmocka_unit_test(a_key_while_it_fades_brings_everything_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
