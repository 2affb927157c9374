/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `outbreath evaluate` in small: it counts the same whoever counts, and its exit status is its verdict. The figures of
 * record need 500 persons (docs/loop.md); here stand bounds that a dozen persons keep with room to spare. */
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The value of the figure whose text begins so. */
static double figure(const char *json, const char *what)
{
    char wanted[160];
    snprintf(wanted, sizeof wanted, "{\"what\": \"%s", what);
    const char *at = strstr(json, wanted);
    if (!at)
        fail_msg("there is no figure '%s'", what);
    const char *value = strstr(at, "\"value\": ");
    assert_non_null(value);
    return strtod(value + 9, NULL);
}

static void the_pace_is_found_and_the_count_does_not_depend_on_threads(void **state)
{
    (void)state;
    static char one[65536];
    const int code = run_program("evaluate --persons 12 --only pace --json --threads 1");
    snprintf(one, sizeof one, "%s", printed());
    assert_int_equal(run_program("evaluate --persons 12 --only pace --json --threads 3"), code);
    assert_string_equal(one, printed());
    assert_int_equal(strncmp(one, "{\n  \"simulated\": true", 21), 0);
    assert_true(figure(one, "error of the pace, root") < 0.45);
    assert_true(figure(one, "90% interval") >= 0.75);
    /* The exit status is the verdict. */
    assert_int_equal(code == 0, strstr(one, "\"holds\": false") == NULL);
    assert_int_equal(code == 0, strstr(one, "\n  \"holds\": true") != NULL);
}

static void the_loop_is_quiet_and_the_reward_is_honest(void **state)
{
    (void)state;
    assert_int_equal(run_program("evaluate --persons 8 --only settling"), 0);
    assert_non_null(strstr(printed(), "imulated persons, never people"));
    assert_non_null(strstr(printed(), "(simulated)"));
    run_program("evaluate --persons 8 --only reward --json");
    assert_true(figure(printed(), "5% artefacts raise feedback by, mean") < 0.01);
    assert_true(figure(printed(), "exhales: rank correlation") > 0.75);
    assert_true(figure(printed(), "breathing alone at 12-18/min") < 0.35);
    run_program("evaluate --persons 8 --only convergence --json");
    assert_true(figure(printed(), "compliant: the pace is within 5%") > 0.8);
}

static void the_exhale_moment_is_found_and_rarely_invented(void **state)
{
    (void)state;
    run_program("evaluate --persons 5 --only moment --json");
    assert_true(figure(printed(), "heart alone: quiet half hours with a mark") <= 0.2);
    assert_true(figure(printed(), "heart alone: shifts of -4 bpm found within 5 min") >= 0.6);
    assert_true(figure(printed(), "heart alone: seconds until it is known") < 240.0);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    assert_int_equal(run_program("evaluate --only paces"), 2);
    assert_non_null(strstr(said(), "did you mean 'pace'"));
    assert_int_equal(run_program("evaluate --persons 0"), 2);
    assert_int_equal(run_program("evaluate --help"), 0);
}

int main(void)
{
    scratch_folder();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pace_is_found_and_the_count_does_not_depend_on_threads),
        cmocka_unit_test(the_loop_is_quiet_and_the_reward_is_honest),
        cmocka_unit_test(the_exhale_moment_is_found_and_rarely_invented),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
