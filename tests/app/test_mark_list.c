/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/mark_list.h"
#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void times_are_read_strictly(void **state)
{
    (void)state;
    int64_t ns = -1;
    assert_true(ob_mark_time("12:40", &ns));
    assert_true(ns == 760 * OB_NS_PER_S);
    assert_true(ob_mark_time("1:02:03", &ns));
    assert_true(ns == 3723 * OB_NS_PER_S);
    assert_true(ob_mark_time("760", &ns));
    assert_true(ns == 760 * OB_NS_PER_S);
    static const char *const none[] = {"",        ":",  "1:",  ":30",   "1:3",   "1:60",
                                       "1:2:3:4", "-1", "1.5", "99999", "1:00:", "x"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (ob_mark_time(none[i], &ns))
            fail_msg("'%s' was taken for a time", none[i]);
}

static void a_list_comes_in_the_order_of_time(void **state)
{
    (void)state;
    static struct ob_mark_list list;
    char problem[320] = "";
    assert_true(ob_mark_list_parse("12:00=turned-over,4:30=sigh,15:00=text:weicher: jetzt", &list, problem, 320));
    assert_int_equal(list.count, 3);
    assert_int_equal(list.items[0].label, OB_MARK_SIGH);
    assert_int_equal(list.items[1].label, OB_MARK_TURNED_OVER);
    assert_string_equal(list.items[2].words, "weicher: jetzt");
    assert_false(ob_mark_list_parse("4:30=sing", &list, problem, 320));
    assert_non_null(strstr(problem, "sing"));
    assert_false(ob_mark_list_parse("sigh", &list, problem, 320));
    assert_false(ob_mark_list_parse("x=sigh", &list, problem, 320));
    char many[16 * OB_MARK_LIST + 64] = "";
    for (int i = 0; i <= OB_MARK_LIST; i++)
        snprintf(many + strlen(many), sizeof many - strlen(many), "%d=jaw,", i);
    assert_false(ob_mark_list_parse(many, &list, problem, 320));
    many[strlen(many) - strlen("256=jaw,")] = '\0';
    assert_true(ob_mark_list_parse(many, &list, problem, 320));
    assert_int_equal(list.count, OB_MARK_LIST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_strictly),
        cmocka_unit_test(a_list_comes_in_the_order_of_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
