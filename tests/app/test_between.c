/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The days between treatments: when a pause is offered, what is suggested, and that a press on the notification begins
 * the session. The desktop is our own, on a private bus; without dbus-daemon or GL those parts are left out, and say
 * so.
 */
#include "app/places/between.h"
#include "os/tr.h"

#include "../bus/fake_bus.h"
#include "../os/fake_desktop.h"
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char folder[64], address[256];
static struct ob_settings settings;

static void wish(const char *pauses, const char *hours)
{
    ob_settings_init(&settings);
    assert_true(ob_settings_take(&settings, OB_SET_BETWEEN_PAUSES, pauses, OB_LAYER_USER, 0));
    assert_true(ob_settings_take(&settings, OB_SET_BETWEEN_HOURS, hours, OB_LAYER_USER, 0));
}

static void times_lie_within_the_hours(void **state)
{
    (void)state;
    int at[OB_BETWEEN_MOST];
    ob_settings_init(&settings);
    assert_int_equal(ob_between_times(&settings, at), 0); /* nobody is asked who did not wish it */
    for (int now = 0; now < 24 * 60; now++)
        assert_false(ob_between_is_due(&settings, now));
    wish("1", "10:00-18:00");
    assert_int_equal(ob_between_times(&settings, at), 1);
    assert_int_equal(at[0], 14 * 60);
    assert_false(ob_between_is_due(&settings, 14 * 60 - 1));
    assert_true(ob_between_is_due(&settings, 14 * 60));
    assert_true(ob_between_is_due(&settings, 14 * 60 + OB_BETWEEN_LATE_MIN - 1));
    assert_false(ob_between_is_due(&settings, 14 * 60 + OB_BETWEEN_LATE_MIN)); /* the machine was asleep: let it be */
    wish("3", "10:00-18:00");
    assert_int_equal(ob_between_times(&settings, at), 3);
    assert_true(at[0] == 11 * 60 + 20 && at[1] == 14 * 60 && at[2] == 16 * 60 + 40);
    wish("2", "22:00-02:00"); /* over midnight */
    assert_int_equal(ob_between_times(&settings, at), 2);
    assert_true(at[0] == 23 * 60 && at[1] == 60);
    assert_true(ob_between_is_due(&settings, 65));
    assert_false(ob_settings_take(&settings, OB_SET_BETWEEN_PAUSES, "9", OB_LAYER_USER, 0));
    assert_false(ob_settings_take(&settings, OB_SET_BETWEEN_HOURS, "never", OB_LAYER_USER, 0));
}

static void one_suggestion_a_day_in_turn(void **state)
{
    (void)state;
    ob_settings_init(&settings);
    for (int64_t day = -20; day < 20; day++) {
        const char *words = ob_between_suggestion(&settings, day);
        assert_ptr_equal(words, ob_between_suggestion(&settings, day));
        for (int later = 1; later < 9; later++)
            assert_string_not_equal(words, ob_between_suggestion(&settings, day + later));
        assert_string_equal(words, ob_between_suggestion(&settings, day + 9));
        const bool drink =
            strstr(words, "water") != NULL || strstr(words, "drink") != NULL; /* water every third day, no other */
        assert_int_equal(drink, (day % 3 + 3) % 3 == 0);
    }
    assert_true(ob_settings_take(&settings, OB_SET_BETWEEN_SUGGESTION, "false", OB_LAYER_USER, 0));
    assert_null(ob_between_suggestion(&settings, 1));
}

static void the_command_sets_the_timer_and_takes_it_away(void **state)
{
    (void)state;
    char told[400], timer[160];
    struct stat there;
    if (!address[0])
        skip();
    assert_true(fake_desktop_start(address, FAKE_LOOKS_ELSEWHERE));
    snprintf(timer, sizeof timer, "%s/systemd/user/" OB_BETWEEN_TIMER ".timer", folder);
    assert_int_equal(run_program("remind on 2"), 0);
    assert_non_null(strstr(printed(), "12:00, 16:00"));
    assert_int_equal(stat(timer, &there), 0);
    assert_int_equal(run_program("config set between.hours 08:00-12:00"), 0); /* and the timer follows */
    assert_int_equal(run_program("remind"), 0);
    assert_non_null(strstr(printed(), "09:00, 11:00"));
    fake_desktop_told(told, sizeof told);
    assert_string_equal(told, "Reload, RestartUnit " OB_BETWEEN_TIMER ".timer, Reload, RestartUnit " OB_BETWEEN_TIMER
                              ".timer");
    assert_int_equal(run_program("--config none remind"), 2); /* an option of the session, not of this */
    assert_int_equal(run_program("remind on 9"), 2);
    assert_int_equal(run_program("remind of"), 2);
    assert_int_equal(run_program("remind off"), 0);
    assert_int_not_equal(stat(timer, &there), 0);
    assert_int_equal(run_program("remind due"), 0); /* nothing is wished: nothing is shown */
    assert_int_equal(fake_desktop_shown().count, 0);
    fake_desktop_stop();
}

/* Hours of twenty minutes around now: one pause in their middle, which is due. */
static void wish_it_now(void)
{
    const time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    const int minute = local.tm_hour * 60 + local.tm_min, from = (minute - 8 + 1440) % 1440,
              to = (minute + 6 + 1440) % 1440;
    assert_int_equal(
        run_program("config set between.hours %02d:%02d-%02d:%02d", from / 60, from % 60, to / 60, to % 60), 0);
    assert_int_equal(run_program("config set between.pauses 1"), 0);
}

static void what_is_due_is_offered_once_and_no_is_no(void **state)
{
    (void)state;
    if (!address[0])
        skip();
    assert_true(fake_desktop_start(address, FAKE_PUTS_AWAY));
    wish_it_now();
    assert_int_equal(run_program("remind due"), 0);
    assert_int_equal(fake_desktop_shown().count, 1);
    assert_string_equal(fake_desktop_shown().title, "A pause?");
    assert_string_equal(fake_desktop_shown().action, "Begin");
    assert_non_null(strstr(fake_desktop_shown().body, "the screen goes dark"));
    assert_string_equal(printed(), "");
    fake_desktop_stop();
    assert_int_equal(run_program("remind due"), 0); /* no desktop, nothing to offer, nothing to complain of */
    assert_int_equal(run_program("remind now"), 4);
}

/* The same program goes on as the session, here as far as it comes without a display: to what its protocol says. */
static void a_press_begins_the_pause(void **state)
{
    (void)state;
    char path[160];
    if (!address[0])
        skip();
    snprintf(path, sizeof path, "%s/outbreath/protocols", folder);
    mkdir(path, 0700);
    strcat(path, "/pause.yaml"); /* somebody's own goes before the shipped one */
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs("version: 1\ntitle: Mine\nphases:\n  - kind: gided\n    minutes: 3\n", out);
    fclose(out);
    assert_true(fake_desktop_start(address, FAKE_PRESSES));
    assert_int_equal(run_program("remind now"), 3);
    assert_non_null(strstr(said(), "pause.yaml:4"));
    assert_int_equal(run_program("config set between.screen_free false"), 0);
    assert_int_equal(run_program("remind now"), 4);
    assert_non_null(strstr(said(), "no display"));
    assert_null(strstr(fake_desktop_shown().body, "dark"));
    fake_desktop_stop();
}

int main(void)
{
    char command[128];
    snprintf(folder, sizeof folder, "/tmp/ob_between_%d", (int)getpid());
    if (mkdir(folder, 0700) != 0)
        return 1;
    snprintf(command, sizeof command, "%s/outbreath", folder);
    mkdir(command, 0700);
    unsetenv("DISPLAY"); /* a desktop that the bus would start has nowhere to show anything */
    unsetenv("WAYLAND_DISPLAY");
    if (!fake_bus_start(address, sizeof address)) {
        printf("dbus-daemon is not installed: what a desktop does was left out\n");
        address[0] = '\0';
    }
    setenv("DBUS_SESSION_BUS_ADDRESS", address[0] ? address : "unix:path=/nonexistent", 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("XDG_STATE_HOME", folder, 1);
    setenv("OUTBREATH_DATA", folder, 1);
    setenv("OUTBREATH_SOUND_MUTE", "true", 1);
    setenv("LC_ALL", "C", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_lie_within_the_hours),
        cmocka_unit_test(one_suggestion_a_day_in_turn),
        cmocka_unit_test(the_command_sets_the_timer_and_takes_it_away),
        cmocka_unit_test(what_is_due_is_offered_once_and_no_is_no),
        cmocka_unit_test(a_press_begins_the_pause),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fake_bus_stop();
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? failed : 1;
}
