/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Bluetooth source against a fake BlueZ on a private bus. Needs dbus-daemon; without it the test is skipped. */
#include "base/time.h"
#include "os/clock.h"
#include "sensor/ble.h"

#include "fake_bluez.h"
#include "heard.h"

#include <errno.h>
#include <math.h>
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

static struct heard heard;
static char bus_address[256];
static pid_t bus_pid;
static struct ob_sensor *sensor;
static struct ob_sensor_status now;

/* 60 bpm, one interval of 1000/1024 s and a little */
static const unsigned char packet[] = {0x10, 0x3D, 0xE8, 0x03};

static bool start_bus(void)
{
    int line[2];
    if (pipe(line) != 0)
        return false;
    bus_pid = fork();
    if (bus_pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(line[1], 1);
        close(line[0]);
        execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", (char *)NULL);
        _exit(127);
    }
    close(line[1]);
    ssize_t got = read(line[0], bus_address, sizeof bus_address - 1);
    close(line[0]);
    if (got <= 0)
        return false;
    bus_address[got] = '\0';
    bus_address[strcspn(bus_address, "\n")] = '\0';
    return setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address, 1) == 0;
}

static void stop_bus(void)
{
    kill(bus_pid, SIGTERM);
    waitpid(bus_pid, NULL, 0);
}

static void turn(void)
{
    struct pollfd fds[4];
    const int count = sensor->ops->descriptors(sensor, fds, 4);
    const int64_t due_ns = sensor->ops->deadline_ns(sensor), now_ns = ob_clock_monotonic_ns();
    const int64_t left = due_ns > now_ns ? due_ns - now_ns : 0; /* due may be as early as time goes */
    poll(fds, (nfds_t)count, left < 5 * OB_NS_PER_MS ? (int)(left / OB_NS_PER_MS) : 5);
    sensor->ops->service(sensor, ob_clock_monotonic_ns(), fds, count, hear_event, &heard);
    memset(&now, 0, sizeof now);
    sensor->ops->status(sensor, &now);
    assert_true(now.sentence[0] != '\0');
}

static void begin(const char *address)
{
    heard.count = 0;
    sensor = ob_ble_create(&(struct ob_ble_desc){.address = address});
    assert_non_null(sensor);
}

static void end(void)
{
    sensor->ops->close(sensor);
    sensor = NULL;
}

static bool until(bool (*reached)(void), double seconds)
{
    const int64_t end_ns = ob_clock_monotonic_ns() + ob_ns_from_s(seconds);
    while (!reached()) {
        if (ob_clock_monotonic_ns() > end_ns) {
            print_message("waited %g s in vain: %s\n", seconds, now.sentence);
            return false;
        }
        turn();
    }
    return true;
}

static bool streaming(void)
{
    return now.state == OB_SOURCE_STREAMING;
}

static bool searching(void)
{
    return fake_counted().searches > 0;
}

static bool backing_off(void)
{
    return now.state == OB_SOURCE_BACKOFF;
}

static size_t beats_wanted;

static bool enough_beats(void)
{
    return heard_of(&heard, OB_EVENT_RR) >= beats_wanted;
}

static bool not_there(void)
{
    return strstr(now.sentence, "not running") || strstr(now.sentence, "was stopped");
}

static bool asks_what(void)
{
    return strstr(now.sentence, "asking what") != NULL;
}

static bool let_go(void)
{
    return fake_counted().disconnects > 0;
}

static void a_strap_is_found_and_its_beats_come(void **state)
{
    (void)state;
    assert_true(fake_start(bus_address));
    fake_objects_late(true);
    begin("any");
    assert_true(until(searching, 10));
    assert_string_equal(now.sentence, "Looking for a heart strap: put it on and moisten the electrodes.");
    fake_advertise(0, -80);
    fake_advertise(1, -50);
    fake_advertise(2, -70);
    assert_true(until(streaming, 20));
    assert_string_equal(now.name, "Strap 1"); /* the strongest */
    assert_string_equal(now.id, "bluetooth:00:00:00:00:00:01");
    assert_true(fake_subscribed(1) && !fake_subscribed(0));
    assert_int_equal(now.battery_pct, 81);
    fake_packet(1, packet, sizeof packet);
    beats_wanted = 1;
    assert_true(until(enough_beats, 10));
    for (size_t i = 0; i < heard.count; i++)
        if (heard.event[i].kind == OB_EVENT_RR)
            assert_true(fabs(heard.event[i].u.rr.rr_ms - 1000.0 / 1.024) < 1e-9);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 0);
    end();
    for (int i = 0; i < 200 && !let_go(); i++)
        usleep(10000);
    assert_true(let_go()); /* a strap that stays connected empties its battery */
    fake_stop();
}

static void a_strap_that_comes_back_is_taken_at_once(void **state)
{
    (void)state;
    assert_true(fake_start(bus_address));
    begin("00:00:00:00:00:02");
    assert_true(until(searching, 10));
    fake_advertise(0, -40); /* another's */
    fake_advertise(2, -90);
    assert_true(until(streaming, 20));
    assert_string_equal(now.name, "Strap 2");
    fake_packet(2, packet, sizeof packet);
    beats_wanted = 1;
    assert_true(until(enough_beats, 10));
    fake_refuse(3);
    fake_drop(2);
    assert_true(until(backing_off, 10));
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 1);
    const int64_t lost_ns = ob_clock_monotonic_ns();
    while (fake_counted().connects < 4) /* three tries that fail: deep in the back-off */
        turn();
    assert_true(until(backing_off, 10));
    assert_true(ob_clock_monotonic_ns() - lost_ns > 3 * OB_NS_PER_S);
    fake_advertise(2, -88);
    const int64_t back_ns = ob_clock_monotonic_ns();
    assert_true(until(streaming, 10));
    fake_packet(2, packet, sizeof packet);
    beats_wanted = 2;
    assert_true(until(enough_beats, 10));
    print_message("from its advertisement to beats: %.0f ms\n", (double)(ob_clock_monotonic_ns() - back_ns) * 1e-6);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 1);
    end();
    fake_stop();
}

static void a_restart_of_bluez_is_survived(void **state)
{
    (void)state;
    begin("any"); /* there is none yet */
    assert_true(until(not_there, 10));
    assert_true(fake_start(bus_address));
    assert_true(until(searching, 10));
    fake_advertise(0, -60);
    assert_true(until(streaming, 20));
    fake_packet(0, packet, sizeof packet);
    beats_wanted = 1;
    assert_true(until(enough_beats, 10));
    fake_stop();
    assert_true(until(not_there, 10));
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 1);
    assert_true(fake_start(bus_address));
    assert_true(until(searching, 10));
    fake_advertise(0, -60);
    assert_true(until(streaming, 20));
    end();
    fake_stop();
}

static void what_is_connected_already_is_adopted(void **state)
{
    (void)state;
    assert_true(fake_start(bus_address));
    fake_leave_connected(1);
    begin("any");
    assert_true(until(streaming, 10));
    assert_int_equal(fake_counted().searches, 0);
    end();
    fake_stop();
}

static void what_never_resolves_is_given_up(void **state)
{
    (void)state;
    assert_true(fake_start(bus_address));
    fake_never_resolve(true);
    begin("any");
    assert_true(until(searching, 10));
    fake_advertise(0, -60);
    assert_true(until(asks_what, 10));
    const int64_t from_ns = ob_clock_monotonic_ns();
    assert_true(until(backing_off, 60));
    assert_true(ob_clock_monotonic_ns() - from_ns > 14 * OB_NS_PER_S);
    assert_true(until(let_go, 10));
    fake_never_resolve(false);
    assert_true(until(streaming, 30));
    end();
    fake_stop();
}

static void without_a_bus_it_says_so(void **state)
{
    (void)state;
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    begin("any");
    for (int i = 0; i < 20; i++)
        turn();
    assert_non_null(strstr(now.sentence, "system bus"));
    assert_int_equal(now.state, OB_SOURCE_SEARCHING);
    end();
    setenv("DBUS_SYSTEM_BUS_ADDRESS", bus_address, 1);
    assert_null(ob_ble_create(&(struct ob_ble_desc){.address = "nonsense"}));
    assert_true(ob_ble_address_valid("aA:00:11:22:33:44") && !ob_ble_address_valid("aA:00:11:22:33:44:55"));
}

int main(void)
{
    if (!start_bus()) {
        print_message("skipped: there is no dbus-daemon\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strap_is_found_and_its_beats_come),
        cmocka_unit_test(a_strap_that_comes_back_is_taken_at_once),
        cmocka_unit_test(a_restart_of_bluez_is_survived),
        cmocka_unit_test(what_is_connected_already_is_adopted),
        cmocka_unit_test(what_never_resolves_is_given_up),
        cmocka_unit_test(without_a_bus_it_says_so),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    stop_bus();
    return failed;
}
