/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The next massage: how it is said, how it passes, that it goes along with an archive and is forgotten with its person.
 */
#include "app/places/appointment.h"
#include "os/tr.h"

#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static int64_t at(const char *text)
{
    struct ob_keepsake k = {0};
    assert_true(ob_appointment_read(text, &k));
    return k.appointment_s;
}

static void expect_words(const char *when, const char *now, const char *words)
{
    struct ob_keepsake k = {0};
    char said_so[120];
    assert_true(ob_appointment_read(when, &k));
    ob_appointment_words(&k, now ? at(now) : 0, said_so, sizeof said_so);
    assert_string_equal(said_so, words);
}

static void it_is_said_in_words(void **state)
{
    (void)state;
    expect_words("2026-12-03 15:30", "2026-11-21 20:00", "Thursday 3 December at 15:30");
    expect_words("2026-12-03", "2026-11-21 20:00", "Thursday 3 December");
    expect_words("2026-12-03 09:05", "2026-12-02 23:59", "tomorrow at 9:05");
    expect_words("2026-12-03T09:05", "2026-12-03 00:00", "today at 9:05");
    expect_words("2026-12-03", "2026-12-02 10:00", "tomorrow");
    expect_words("2026-12-03", "2026-12-03 10:00", "today");
    expect_words("2027-01-01 10:00", "2026-12-31 22:00", "tomorrow at 10:00");
    expect_words("2026-12-03 09:05", NULL, "Thursday 3 December at 9:05"); /* for paper */
}

static void it_passes_by_itself(void **state)
{
    (void)state;
    struct ob_keepsake k = {0};
    assert_false(ob_appointment_is_to_come(&k, 0));
    assert_true(ob_appointment_read("2026-12-03 15:30", &k));
    assert_true(ob_appointment_is_to_come(&k, at("2026-12-03 15:29")));
    assert_false(ob_appointment_is_to_come(&k, at("2026-12-03 15:30")));
    assert_true(ob_appointment_read("2026-12-03", &k));
    assert_true(ob_appointment_is_to_come(&k, at("2026-12-03 23:59")));
    assert_false(ob_appointment_is_to_come(&k, at("2026-12-04 00:00")));
    static const char *const wrong[] = {
        "", "soon", "2026-13-01", "2026-12-03 25:00", "3.12.2026", "2026-12-03 15:30 or so"};
    const struct ob_keepsake before = k;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(ob_appointment_read(wrong[i], &k));
    assert_memory_equal(&before, &k, sizeof k);
}

static void a_hand_turns_it(void **state)
{
    (void)state;
    struct ob_keepsake k = {0};
    const int64_t now = at("2026-03-24 10:00");
    ob_appointment_turn(&k, -1, 0, now); /* there is none to take away */
    assert_false(ob_appointment_is_to_come(&k, now));
    ob_appointment_turn(&k, 1, 0, now);
    assert_true(k.appointment_s == at("2026-03-31 15:00")); /* a week on, over the change of the clocks */
    ob_appointment_turn(&k, 1, 0, now);
    ob_appointment_turn(&k, 0, -15, now);
    assert_true(k.appointment_s == at("2026-04-01 14:45"));
    for (int i = 0; i < 8; i++)
        ob_appointment_turn(&k, -1, 0, now);
    assert_true(k.appointment_s == at("2026-03-24 14:45"));
    ob_appointment_turn(&k, -1, 0, now); /* that would be over: there is none */
    assert_false(ob_appointment_is_to_come(&k, now));
}

static void it_is_kept_taken_along_and_forgotten(void **state)
{
    (void)state;
    const char *folder = scratch_folder();
    char data[200];
    snprintf(data, sizeof data, "%s/data", folder);
    assert_int_equal(run_program("appointment --data %s", data), 0);
    assert_non_null(strstr(printed(), "No appointment is noted."));
    assert_int_equal(run_program("appointment --data %s 2020-01-01 10:00", data), 2);
    assert_int_equal(run_program("appointment --data %s then", data), 2);
    assert_int_equal(run_program("appointment --data %s 2196-12-03 15:30", data), 0); /* the first person is made */
    assert_int_equal(run_program("appointment --data %s", data), 0);
    assert_non_null(strstr(printed(), "Next massage: Saturday 3 December at 15:30"));
    /* A simulated person beside the only real one is no reason to ask whose it is. */
    assert_int_equal(run_program("headless --store --minutes 0.5 --data %s", data), 0);
    assert_int_equal(run_program("appointment --data %s 2196-12-03 15:30", data), 0);
    assert_non_null(strstr(printed(), "Next massage: Saturday 3 December at 15:30"));
    assert_int_equal(run_program("export --data %s --person 1 --format archive --clear --out %s/me.tar", data, folder),
                     0);
    assert_int_equal(run_program("import --data %s/other %s/me.tar", folder, folder), 0);
    assert_int_equal(run_program("appointment --data %s/other", folder), 0);
    assert_non_null(strstr(printed(), "Saturday 3 December at 15:30"));
    assert_int_equal(run_program("delete --data %s --person 1 --yes", data), 0);
    assert_int_equal(run_program("people --data %s", data), 0);
    assert_null(strstr(printed(), "Me"));
    assert_int_equal(run_program("people --data %s add Anna", data), 0);
    assert_int_equal(run_program("appointment --data %s", data), 0);
    assert_non_null(strstr(printed(), "No appointment is noted."));
    assert_int_equal(run_program("appointment --data %s/other none", folder), 0);
    assert_non_null(strstr(printed(), "No appointment is noted."));
}

int main(void)
{
    setenv("TZ", "Europe/Berlin", 1);
    setenv("LC_ALL", "C", 1);
    setenv("OUTBREATH_CONFIG", "none", 1);
    tzset();
    ob_tr_begin("en");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_said_in_words),
        cmocka_unit_test(it_passes_by_itself),
        cmocka_unit_test(a_hand_turns_it),
        cmocka_unit_test(it_is_kept_taken_along_and_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
