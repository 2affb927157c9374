/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offering something on a desktop that takes it, puts it away, or is not there; and the timer of the person's systemd.
 * Skipped, and says so, without dbus-daemon. */
#include "base/time.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/notify.h"
#include "os/user_timer.h"

#include "../bus/fake_bus.h"
#include "fake_desktop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char address[256], home[64];

static int set_up(void **state)
{
    (void)state;
    setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake_desktop_stop();
    return 0;
}

static enum ob_notify_answer offer(double patience_s, bool (*give_up)(void))
{
    return ob_notify(&(struct ob_notify_desc){.title = "Three minutes?",
                                              .body = "A pause.",
                                              .way = "Outbreath is in the menu.",
                                              .action = "Begin",
                                              .patience_s = patience_s,
                                              .give_up = give_up});
}

static void what_is_offered_is_taken(void **state)
{
    (void)state;
    static const enum fake_desktop_mood moods[] = {FAKE_PRESSES, FAKE_PRESSES_AT_ONCE};
    for (size_t i = 0; i < 2; i++) {
        assert_true(fake_desktop_start(address, moods[i]));
        assert_true(ob_notify_is_there());
        assert_int_equal(offer(120.0, NULL), OB_NOTIFY_TAKEN);
        const struct fake_shown shown = fake_desktop_shown();
        assert_int_equal(shown.count, 1);
        assert_int_equal(shown.taken_back, 0);
        assert_string_equal(shown.title, "Three minutes?");
        assert_string_equal(shown.body, "A pause."); /* the other way is for those without a button */
        assert_string_equal(shown.key, "default");
        assert_string_equal(shown.action, "Begin");
        assert_int_equal(shown.urgency, 1);
    }
}

static bool at_once(void)
{
    return true;
}

static void what_is_put_away_or_not_seen_is_gone(void **state)
{
    (void)state;
    assert_true(fake_desktop_start(address, FAKE_PUTS_AWAY));
    assert_int_equal(offer(120.0, NULL), OB_NOTIFY_LEFT);
    assert_int_equal(fake_desktop_shown().taken_back, 0);
    static const enum fake_desktop_mood moods[] = {FAKE_LOOKS_ELSEWHERE, FAKE_PRESSES_ANOTHER};
    for (size_t i = 0; i < 2; i++) {
        assert_true(fake_desktop_start(address, moods[i]));
        assert_int_equal(offer(0.4, NULL), OB_NOTIFY_LEFT);
        assert_int_equal(fake_desktop_shown().taken_back, 1);
    }
    assert_true(fake_desktop_start(address, FAKE_LOOKS_ELSEWHERE));
    assert_int_equal(offer(600.0, at_once), OB_NOTIFY_LEFT); /* the person ends it */
    assert_int_equal(fake_desktop_shown().taken_back, 1);
}

static void without_buttons_it_says_another_way(void **state)
{
    (void)state;
    assert_true(fake_desktop_start(address, FAKE_KNOWS_NO_BUTTONS));
    assert_int_equal(offer(600.0, NULL), OB_NOTIFY_MUTE);
    assert_string_equal(fake_desktop_shown().body, "A pause. Outbreath is in the menu.");
    assert_string_equal(fake_desktop_shown().action, "");
}

/* The desktop's own thread stops while the offer waits. */
static bool and_then_it_is_gone(void)
{
    if (fake_desktop_shown().count > 0)
        fake_desktop_stop();
    return false;
}

static void nobody_to_show_it(void **state)
{
    (void)state;
    assert_true(fake_desktop_start(address, FAKE_REFUSES));
    assert_int_equal(offer(600.0, NULL), OB_NOTIFY_ABSENT);
    assert_true(fake_desktop_start(address, FAKE_LOOKS_ELSEWHERE));
    assert_int_equal(offer(600.0, and_then_it_is_gone), OB_NOTIFY_LEFT);
    assert_false(ob_notify_is_there());
    assert_int_equal(offer(600.0, NULL), OB_NOTIFY_ABSENT); /* a bus, and nobody on it */
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    assert_int_equal(offer(600.0, NULL), OB_NOTIFY_ABSENT);
    assert_false(ob_notify_is_there());
}

/* ---- the timer ---- */

#define NAME "outbreath-trial"

static const struct ob_user_timer twice = {.name = NAME,
                                           .about = "A trial",
                                           .words = "remind due",
                                           .program = "/opt/my $own\" 100%/outbreath",
                                           .at_min = {760, 920},
                                           .count = 2};

static void read_unit(const char *ending, char *out, size_t size)
{
    char path[160];
    unsigned char *bytes = NULL;
    size_t length = 0;
    snprintf(path, sizeof path, "%s/systemd/user/" NAME "%s", home, ending);
    out[0] = '\0';
    if (ob_file_read(path, 65536, &bytes, &length) == OB_OK)
        snprintf(out, size, "%s", (const char *)bytes);
    free(bytes);
}

static bool link_is_there(void)
{
    char path[160];
    struct stat status;
    snprintf(path, sizeof path, "%s/systemd/user/timers.target.wants/" NAME ".timer", home);
    return stat(path, &status) == 0; /* follows it: what it points to is there */
}

static void a_timer_comes_and_goes(void **state)
{
    (void)state;
    char text[2000], told[400];
    enum ob_user_timer_state how;
    assert_true(fake_desktop_start(address, FAKE_LOOKS_ELSEWHERE));
    assert_false(ob_user_timer_is_set(NAME));
    assert_int_equal(ob_user_timer_set(&twice, &how), OB_OK);
    assert_int_equal(how, OB_USER_TIMER_NOW);
    assert_true(ob_user_timer_is_set(NAME) && link_is_there());
    read_unit(".timer", text, sizeof text);
    assert_non_null(strstr(text, "\nOnCalendar=*-*-* 12:40:00\nOnCalendar=*-*-* 15:20:00\n"));
    assert_null(strstr(text, "Persistent=")); /* what was missed is not made up for */
    read_unit(".service", text, sizeof text);
    assert_non_null(strstr(text, "\nExecStart=\"/opt/my $$own\\\" 100%%/outbreath\" remind due\n"));
    fake_desktop_told(told, sizeof told);
    assert_string_equal(told, "Reload, RestartUnit " NAME ".timer");
    assert_int_equal(ob_user_timer_set(&twice, &how), OB_OK); /* as it is: nobody is bothered */
    assert_int_equal(how, OB_USER_TIMER_AS_IT_WAS);
    fake_desktop_told(told, sizeof told);
    assert_string_equal(told, "Reload, RestartUnit " NAME ".timer");
    struct ob_user_timer none = twice;
    none.count = 0;
    assert_int_equal(ob_user_timer_set(&none, &how), OB_OK);
    assert_int_equal(how, OB_USER_TIMER_NOW);
    assert_false(ob_user_timer_is_set(NAME) || link_is_there());
    read_unit(".service", text, sizeof text);
    assert_string_equal(text, "");
    fake_desktop_told(told, sizeof told);
    assert_non_null(strstr(told, "StopUnit " NAME ".timer, Reload"));
    assert_int_equal(ob_user_timer_set(&none, &how), OB_OK);
    assert_int_equal(how, OB_USER_TIMER_AS_IT_WAS);
}

static void without_systemd_it_waits_for_the_next_time(void **state)
{
    (void)state;
    enum ob_user_timer_state how;
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    assert_int_equal(ob_user_timer_set(&twice, &how), OB_OK);
    assert_int_equal(how, OB_USER_TIMER_LATER);
    assert_true(link_is_there());
    struct ob_user_timer none = twice;
    none.count = 0;
    assert_int_equal(ob_user_timer_set(&none, NULL), OB_OK);
    assert_false(link_is_there());
    setenv("XDG_CONFIG_HOME", "/proc/nowhere", 1);
    assert_int_not_equal(ob_user_timer_set(&twice, NULL), OB_OK);
    setenv("XDG_CONFIG_HOME", home, 1);
}

/* systemd itself has to understand the files. */
static void systemd_reads_them(void **state)
{
    (void)state;
    char command[400];
    if (system("command -v systemd-analyze >/dev/null 2>&1") != 0) {
        print_message("there is no systemd-analyze: left out\n");
        skip();
    }
    struct ob_user_timer real = twice;
    real.program = "/bin/true";
    assert_int_equal(ob_user_timer_set(&real, NULL), OB_OK);
    snprintf(command, sizeof command,
             "XDG_RUNTIME_DIR=%s systemd-analyze --user verify %s/systemd/user/" NAME ".timer >%s/said 2>&1", home,
             home, home);
    const int code = system(command);
    snprintf(command, sizeof command, "cat %s/said", home);
    assert_int_equal(system(command), 0);
    assert_int_equal(code, 0);
    real.count = 0;
    assert_int_equal(ob_user_timer_set(&real, NULL), OB_OK);
}

int main(void)
{
    char command[128];
    snprintf(home, sizeof home, "/tmp/ob_notify_%d", (int)getpid());
    /* A desktop that is installed here and would be started by the bus has nowhere to show anything. */
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    if (!fake_bus_start(address, sizeof address) || mkdir(home, 0700) != 0) {
        printf("skipped: dbus-daemon is not installed\n");
        return 77;
    }
    setenv("XDG_CONFIG_HOME", home, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_offered_is_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_put_away_or_not_seen_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_buttons_it_says_another_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_to_show_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_timer_comes_and_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_systemd_it_waits_for_the_next_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(systemd_reads_them, set_up, tear_down),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fake_bus_stop();
    snprintf(command, sizeof command, "rm -rf %s", home);
    return system(command) == 0 ? failed : 1;
}
