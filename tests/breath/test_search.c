/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a guided search makes of its breaths. */
#include "breath/search.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PACED(brpm, s)                                                                                                 \
    {                                                                                                                  \
        .kind = OB_PHASE_PACED, .seconds = (s), .from_brpm = (brpm), .to_brpm = (brpm)                                 \
    }
#define REST                                                                                                           \
    {                                                                                                                  \
        .kind = OB_PHASE_UNPACED, .seconds = 30                                                                        \
    }

static const struct ob_session_phase stepped[] = {PACED(6.5, 120), REST, PACED(6.0, 120), REST,
                                                  PACED(5.5, 120), REST, PACED(5.0, 120)};
static const struct ob_session_phase sliding[] = {
    {.kind = OB_PHASE_PACED, .seconds = 900, .from_brpm = 6.75, .to_brpm = 4.25, .flags = OB_PHASE_BY_BREATH}};

static void searches_are_known_by_their_phases(void **state)
{
    (void)state;
    struct ob_search s;
    ob_search_init(&s, stepped, 7);
    assert_true(s.kind == OB_SEARCH_STEPPED && s.steps == 4 && s.phase_of[2] == 4 && s.brpm_of[3] == 5.0);
    ob_search_init(&s, stepped, 5); /* three paces are none */
    assert_int_equal(s.kind, OB_SEARCH_NONE);
    ob_search_init(&s, sliding, 1);
    assert_int_equal(s.kind, OB_SEARCH_SLIDING);
    const struct ob_session_phase box[] = {PACED(3.75, 600), PACED(9.0, 600)};
    ob_search_init(&s, box, 2);
    assert_int_equal(s.kind, OB_SEARCH_NONE);
    struct ob_search_result r;
    char text[200];
    ob_search_breath(&s, 0, 60.0, 5.0, 10.0, 0.9);
    ob_search_result(&s, &r);
    assert_true(r.best == -1 && s.count == 0);
    assert_int_equal(ob_search_text(&r, NULL, text, sizeof text), 0);
}

static void breaths(struct ob_search *s, int phase, double brpm, double swing, double sync)
{
    for (int i = 0; i < 12; i++) /* the first four lie in what is left out */
        ob_search_breath(s, phase, 5.0 + 10.0 * i, brpm, i < 4 ? 40.0 : i == 9 ? 3.0 * swing : swing, sync);
}

static void the_first_criterion_that_parts_two_steps_decides(void **state)
{
    (void)state;
    struct ob_search s;
    struct ob_search_result r;
    ob_search_init(&s, stepped, 7);
    breaths(&s, 0, 6.5, 14.0, 0.60);
    breaths(&s, 2, 6.0, 12.0, 0.90); /* best sync, with the next one */
    breaths(&s, 4, 5.5, 12.6, 0.88); /* alike in sync, more swing */
    breaths(&s, 6, 5.0, 12.5, 0.70);
    ob_search_result(&s, &r);
    assert_true(r.count == 4 && r.best == 2 && r.steps[2].brpm == 5.5);
    assert_true(r.steps[0].breaths == 8 &&
                fabs(r.steps[0].swing_bpm - 14.0) < 1e-5); /* a sigh does not move a median */
    char text[200];
    ob_search_text(&r, NULL, text, sizeof text);
    assert_non_null(strstr(text, "5.5 breaths a minute"));
    assert_non_null(strstr(text, "interval"));
}

static void the_sliding_search_takes_its_best_minute(void **state)
{
    (void)state;
    struct ob_search s;
    struct ob_search_result r;
    ob_search_init(&s, sliding, 1);
    double at = 0.0, brpm = 6.75;
    while (at < 900.0) {
        const double away = brpm - 5.3;
        ob_search_breath(&s, 0, at, brpm, 12.0 - 4.0 * away * away, 0.9);
        at += 60.0 / brpm;
        brpm = 60.0 / (60.0 / brpm + 0.06704);
    }
    ob_search_result(&s, &r);
    assert_int_equal(r.best, 0);
    assert_true(fabs(r.steps[0].brpm - 5.3) < 0.1);
}

static void too_little_is_said_to_be_too_little(void **state)
{
    (void)state;
    struct ob_search s;
    struct ob_search_result r;
    char text[200];
    ob_search_init(&s, stepped, 7);
    for (int i = 0; i < 3; i++)
        ob_search_breath(&s, 2, 60.0 + 10.0 * i, 6.0, 12.0, 0.9);
    ob_search_result(&s, &r);
    assert_int_equal(r.best, -1);
    ob_search_text(&r, NULL, text, sizeof text);
    assert_non_null(strstr(text, "too few"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(searches_are_known_by_their_phases),
        cmocka_unit_test(the_first_criterion_that_parts_two_steps_decides),
        cmocka_unit_test(the_sliding_search_takes_its_best_minute),
        cmocka_unit_test(too_little_is_said_to_be_too_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
