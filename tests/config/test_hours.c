/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a day, and a setting that is one. */
#include "config/hours.h"
#include "config/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static void hours_hold_or_not(void **state)
{
    (void)state;
    struct ob_hours h;
    assert_true(ob_hours_read("08:00-20:00", &h));
    assert_false(ob_hours_hold(&h, 7 * 60 + 59));
    assert_true(ob_hours_hold(&h, 8 * 60));
    assert_false(ob_hours_hold(&h, 20 * 60));
    assert_int_equal(ob_hours_minutes(&h), 12 * 60);
    assert_true(ob_hours_read("18:00-02:00", &h));
    assert_true(ob_hours_hold(&h, 60));
    assert_true(ob_hours_hold(&h, 23 * 60));
    assert_false(ob_hours_hold(&h, 12 * 60));
    assert_int_equal(ob_hours_minutes(&h), 8 * 60);
    assert_true(ob_hours_read("always", &h));
    assert_true(ob_hours_hold(&h, 3 * 60));
    assert_int_equal(ob_hours_minutes(&h), OB_DAY_MIN);
    assert_true(ob_hours_read("", &h));
    assert_true(ob_hours_read("00:00-24:00", &h));
    assert_true(ob_hours_hold(&h, OB_DAY_MIN - 1));
}

static void what_is_no_hours_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"8",           "08:00",        "08:00-", "25:00-26:00",
                                        "08:00-08:00", "08:00-20:00x", "a-b",    "24:01-3:00",
                                        "-1:00-02:00", "08:60-09:00"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ob_hours h = {7, 9};
        assert_false(ob_hours_read(wrong[i], &h));
        assert_int_equal(h.from_min, 7);
        assert_int_equal(h.to_min, 9);
    }
}

static void a_setting_of_hours_is_checked_as_any_other(void **state)
{
    (void)state;
    static struct ob_settings settings;
    static struct ob_problems problems;
    static const char *const files[] = {"between:\n  hours: 9:00-17:00\nkiosk:\n  opening_hours: \"10:00-22:00\"\n",
                                        "between:\n  hours: 9 to 5\n"};
    ob_settings_init(&settings);
    ob_problems_init(&problems);
    assert_int_equal(ob_settings_read(&settings, OB_LAYER_USER, files[0], strlen(files[0]), &problems), OB_OK);
    assert_int_equal(problems.kept, 0);
    assert_string_equal(ob_settings_text(&settings, OB_SET_BETWEEN_HOURS), "9:00-17:00");
    assert_string_equal(ob_settings_text(&settings, OB_SET_KIOSK_HOURS), "10:00-22:00");
    assert_int_equal(ob_settings_read(&settings, OB_LAYER_USER, files[1], strlen(files[1]), &problems), OB_OK);
    assert_int_equal(problems.errors, 1);
    assert_non_null(strstr(problems.list[0].text, "hours such as 08:00-20:00, or always"));
    assert_string_equal(ob_settings_text(&settings, OB_SET_BETWEEN_HOURS), "9:00-17:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_hold_or_not),
        cmocka_unit_test(what_is_no_hours_is_refused),
        cmocka_unit_test(a_setting_of_hours_is_checked_as_any_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
