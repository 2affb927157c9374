/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/paths.h"
#include "os/tr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define ENGLISH "off"
#define GERMAN  "aus"

static void need_words(void)
{
    char folder[4096];
    if (ob_paths_locale(folder, sizeof folder) == OB_OK)
        return;
    print_message("skipped: there is no catalogue beside this program\n");
    skip();
}

/* Somebody who tries a language and goes back to the desktop's has the desktop's again. */
static void the_desktops_language_comes_back(void **state)
{
    (void)state;
    need_words();
    ob_tr_begin("auto");
    assert_string_equal(ob_tr(ENGLISH), ENGLISH);
    ob_tr_begin("de");
    assert_string_equal(ob_tr(ENGLISH), GERMAN);
    ob_tr_begin("en");
    assert_string_equal(ob_tr(ENGLISH), ENGLISH);
    ob_tr_begin("de");
    ob_tr_begin("auto");
    assert_string_equal(ob_tr(ENGLISH), ENGLISH);
    assert_null(getenv("LANGUAGE"));
}

static void nothing_is_nothing_in_every_language(void **state)
{
    (void)state;
    ob_tr_begin("de");
    assert_string_equal(ob_tr(""), "");
    assert_string_equal(ob_tr("This sentence is in no catalogue."), "This sentence is in no catalogue.");
}

static void numbers_have_the_sign_of_their_language(void **state)
{
    (void)state;
    char text[] = "Um 5.5, am 3. Dezember um 10.25: 1.2.3.", again[] = "5.5";
    need_words();
    ob_tr_begin("de");
    ob_tr_numbers(text);
    assert_string_equal(text, "Um 5,5, am 3. Dezember um 10,25: 1,2,3.");
    ob_tr_begin("en");
    ob_tr_numbers(again);
    assert_string_equal(again, "5.5");
    ob_tr_numbers(text + strlen(text)); /* nothing is left alone */
}

int main(void)
{
    setenv("LC_ALL", "C", 1);
    unsetenv("LANGUAGE");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_desktops_language_comes_back),
        cmocka_unit_test(nothing_is_nothing_in_every_language),
        cmocka_unit_test(numbers_have_the_sign_of_their_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
