/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeping awake against a logind and a desktop of our own (fake_logind.h), and against python3-dbusmock's logind, which
 * we did not write. Skipped, and says so, without dbus-daemon. */
#include "base/time.h"
#include "os/awake.h"
#include "os/clock.h"

#include "../bus/fake_bus.h"
#include "fake_logind.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char address[256];
static struct ob_awake *awake;
static int64_t skew_ns; /* the clock of the tests may jump */

static int64_t now_ns(void)
{
    return ob_clock_monotonic_ns() + skew_ns;
}

static int setup(void **state)
{
    (void)state;
    skew_ns = 0;
    setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
    awake = ob_awake_create();
    return awake ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    ob_awake_destroy(awake);
    awake = NULL;
    fake_logind_stop();
    return 0;
}

/* Steps until it is in that state; a minute is patience for a slow machine, not a measure. */
static void until(enum ob_awake_state wanted)
{
    for (int64_t end = ob_clock_monotonic_ns() + 60 * OB_NS_PER_S; ob_clock_monotonic_ns() < end;) {
        ob_awake_step(awake, now_ns());
        if (ob_awake_status(awake).state == wanted)
            break;
        usleep(2000);
    }
    assert_int_equal(ob_awake_status(awake).state, wanted);
}

static void until_holds(int wanted, int wanted_desktop)
{
    int holds = -1, desktop = -1;
    for (int64_t end = ob_clock_monotonic_ns() + 60 * OB_NS_PER_S; ob_clock_monotonic_ns() < end; usleep(2000)) {
        ob_awake_step(awake, now_ns());
        holds = fake_logind_holds(NULL, 0);
        desktop = fake_desktop_holds();
        if (holds == wanted && desktop == wanted_desktop)
            break;
    }
    assert_int_equal(holds, wanted);
    assert_int_equal(desktop, wanted_desktop);
}

static void held_and_released(void **state)
{
    (void)state;
    char what[128];
    assert_true(fake_logind_start(address, FAKE_WILLING));
    assert_string_equal(ob_awake_status(awake).sentence, "");
    ob_awake_want(awake, true, now_ns());
    until(OB_AWAKE_HELD);
    until_holds(1, 1);
    assert_true(ob_awake_status(awake).desktop);
    fake_logind_holds(what, sizeof what);
    assert_string_equal(what, "idle:sleep:handle-lid-switch");
    ob_awake_want(awake, true, now_ns()); /* once more is not twice */
    skew_ns += 100 * OB_NS_PER_S;
    ob_awake_step(awake, now_ns());
    assert_int_equal(fake_logind_calls(), 1);
    ob_awake_want(awake, false, now_ns()); /* a pause */
    assert_int_equal(ob_awake_status(awake).state, OB_AWAKE_OFF);
    until_holds(0, 0);
    ob_awake_want(awake, true, now_ns());
    until(OB_AWAKE_HELD);
    until_holds(1, 1);
    ob_awake_destroy(awake);
    awake = NULL;
    until_holds(0, 0);
}

static void less_where_less_is_permitted(void **state)
{
    (void)state;
    static const struct {
        enum fake_logind_mood mood;
        enum ob_awake_state state;
        int calls, holds;
        const char *what;
    } cases[] = {{FAKE_NOT_THE_LID, OB_AWAKE_NO_LID, 2, 1, "idle:sleep"},
                 {FAKE_IDLE_ONLY, OB_AWAKE_IDLE, 3, 1, "idle"},
                 {FAKE_UNWILLING, OB_AWAKE_REFUSED, 3, 0, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char what[128];
        assert_true(fake_logind_start(address, cases[i].mood));
        ob_awake_want(awake, true, now_ns());
        until(cases[i].state);
        assert_int_equal(fake_logind_holds(what, sizeof what), cases[i].holds);
        assert_string_equal(what, cases[i].what);
        skew_ns += 100 * OB_NS_PER_S; /* rules do not change by asking again */
        for (int turn = 0; turn < 10; turn++, usleep(2000))
            ob_awake_step(awake, now_ns());
        assert_int_equal(fake_logind_calls(), cases[i].calls);
        assert_true(ob_awake_status(awake).sentence[0] != '\0');
        ob_awake_want(awake, false, now_ns());
        fake_logind_stop();
    }
}

/* Nobody there is a state at once or after a while, and is asked again. */
static void nobody_to_ask(void **state)
{
    (void)state;
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    ob_awake_want(awake, true, now_ns());
    assert_int_equal(ob_awake_status(awake).state, OB_AWAKE_ABSENT); /* no bus */
    setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
    skew_ns += ob_ns_from_s(OB_AWAKE_AGAIN_S + 1.0);
    ob_awake_step(awake, now_ns());
    until(OB_AWAKE_ABSENT); /* a bus, and no logind on it */
    assert_true(fake_logind_start(address, FAKE_SILENT));
    skew_ns += ob_ns_from_s(OB_AWAKE_AGAIN_S + 1.0);
    ob_awake_step(awake, now_ns());
    assert_int_equal(ob_awake_status(awake).state, OB_AWAKE_ASKING);
    skew_ns += ob_ns_from_s(OB_AWAKE_PATIENCE_S + 1.0);
    ob_awake_step(awake, now_ns());
    assert_int_equal(ob_awake_status(awake).state, OB_AWAKE_ABSENT); /* one that says nothing */
    assert_true(fake_logind_start(address, FAKE_WILLING));
    skew_ns += ob_ns_from_s(OB_AWAKE_AGAIN_S + 1.0);
    ob_awake_step(awake, now_ns());
    until(OB_AWAKE_HELD);
}

static void logind_begun_anew(void **state)
{
    (void)state;
    assert_true(fake_logind_start(address, FAKE_WILLING));
    ob_awake_want(awake, true, now_ns());
    until(OB_AWAKE_HELD);
    fake_logind_stop();
    assert_true(fake_logind_start(address, FAKE_WILLING));
    skew_ns += ob_ns_from_s(OB_AWAKE_AGAIN_S + 1.0);
    ob_awake_step(awake, now_ns());
    until(OB_AWAKE_HELD);
    assert_int_equal(fake_logind_holds(NULL, 0), 1);
}

/* A program that is killed holds nothing any more. */
static void killed(void **state)
{
    (void)state;
    assert_true(fake_logind_start(address, FAKE_WILLING));
    int line[2];
    char ready;
    assert_int_equal(pipe(line), 0);
    const pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        struct ob_awake *own = ob_awake_create();
        ob_awake_want(own, true, now_ns());
        while (ob_awake_status(own).state == OB_AWAKE_ASKING || !ob_awake_status(own).desktop) {
            ob_awake_step(own, now_ns());
            usleep(2000);
        }
        if (write(line[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(line[0], &ready, 1), 1);
    until_holds(1, 1);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(line[0]);
    close(line[1]);
    until_holds(0, 0);
}

static void no_memory_is_no_crash(void **state)
{
    (void)state;
    ob_awake_want(NULL, true, 0);
    ob_awake_step(NULL, 0);
    assert_int_equal(ob_awake_status(NULL).state, OB_AWAKE_ABSENT);
    ob_awake_destroy(NULL);
}

#ifdef OB_PYTHON
static void a_logind_of_others(void **state)
{
    (void)state;
    int out[2];
    assert_int_equal(pipe(out), 0);
    const pid_t peer = fork();
    if (peer == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(out[1], 1);
        close(out[0]);
        execl(OB_PYTHON, OB_PYTHON, OB_SOURCE_DIR "/tests/os/mock_logind.py", (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    char said[64] = "";
    const ssize_t got = read(out[0], said, sizeof said - 1);
    if (got > 0 && strncmp(said, "ready", 5) == 0) {
        ob_awake_want(awake, true, now_ns());
        until(OB_AWAKE_HELD);
    } else {
        print_message("python3-dbusmock is not installed: its logind was left out\n");
    }
    kill(peer, SIGTERM);
    waitpid(peer, NULL, 0);
    close(out[0]);
    if (got <= 0 || strncmp(said, "ready", 5) != 0)
        skip();
}
#endif

int main(void)
{
    if (!fake_bus_start(address, sizeof address)) {
        printf("skipped: dbus-daemon is not installed\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(held_and_released, setup, teardown),
        cmocka_unit_test_setup_teardown(less_where_less_is_permitted, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_to_ask, setup, teardown),
        cmocka_unit_test_setup_teardown(logind_begun_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(killed, setup, teardown),
        cmocka_unit_test_setup_teardown(no_memory_is_no_crash, setup, teardown),
#ifdef OB_PYTHON
        cmocka_unit_test_setup_teardown(a_logind_of_others, setup, teardown),
#endif
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fake_bus_stop();
    return failed;
}
