/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Bluetooth source against a fake BlueZ on a private bus: every way in which it can go wrong, with the states that
 * it goes through and the time that it takes to recover. Needs dbus-daemon; without it the test is skipped. */
#include "base/time.h"
#include "sensor/last_good.h"

#include "../bus/fake_bus.h"
#include "ble_rig.h"
#include "fake_bluez.h"
#include "scratch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static bool searching(void)
{
    return fake_counted().searches > 0;
}

static bool not_there(void)
{
    return strstr(rig_status.sentence, "not running") || strstr(rig_status.sentence, "was stopped");
}

static bool let_go(void)
{
    return fake_counted().disconnects > 0;
}

static double seconds_since(int64_t from_ns)
{
    return ob_s_from_ns(rig_now_ns() - from_ns);
}

static void report(const char *fault, double recovered_s)
{
    if (recovered_s >= 0.0)
        print_message("%-34s back after %7.3f s  %s\n", fault, recovered_s, rig_phases);
    else
        print_message("%-34s                     %s\n", fault, rig_phases);
}

/* A strap at this strength, until a first beat has come. */
static void reach_streaming(int device)
{
    assert_true(rig_until(searching, 10));
    fake_advertise(device, -60);
    assert_true(rig_until_phase("STREAMING", 20));
    const size_t before = heard_of(&rig_heard, OB_EVENT_RR);
    rig_beat(device);
    assert_true(rig_until_beats(before + 1, 10));
}

/* From now until a beat comes again, the strap being heard once. Whatever is measured here is real time. */
static double back_to_beats(int device)
{
    const size_t before = heard_of(&rig_heard, OB_EVENT_RR);
    rig_hurry(false);
    const int64_t from_ns = rig_now_ns();
    fake_advertise(device, -70);
    assert_true(rig_until_phase("STREAMING", 10));
    rig_beat(device);
    assert_true(rig_until_beats(before + 1, 10));
    rig_hurry(true);
    return seconds_since(from_ns);
}

static void finish(void)
{
    rig_end();
    fake_stop();
}

static void a_strap_is_found_and_its_beats_come(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    rig_begin("any");
    assert_true(rig_until(searching, 10));
    fake_advertise(0, -80);
    fake_advertise(1, -55);
    fake_advertise(2, -70);
    assert_true(rig_until_phase("STREAMING", 20));
    assert_string_equal(rig_status.name, "Strap 1"); /* the strongest */
    assert_string_equal(rig_status.id, "bluetooth:00:00:00:00:00:01");
    assert_true(fake_subscribed(1) && !fake_subscribed(0));
    assert_int_equal(rig_status.battery_pct, 81);
    assert_int_equal(rig_status.rssi_dbm, -55);
    rig_beat(1);
    assert_true(rig_until_beats(1, 10));
    for (size_t i = 0; i < rig_heard.count; i++)
        if (rig_heard.event[i].kind == OB_EVENT_RR)
            assert_true(fabs(rig_heard.event[i].u.rr.rr_ms - 1000.0) < 60.0);
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 0);
    report("none", -1);
    assert_string_equal(rig_phases, "SCAN > FOUND > CONNECTING > RESOLVING > SUBSCRIBING > STREAMING");
    rig_end();
    for (int i = 0; i < 200 && !let_go(); i++)
        usleep(10000);
    assert_true(let_go()); /* a strap that stays connected empties its battery */
    assert_int_equal(fake_counted().stop_notifies, 1);
    fake_stop();
}

static struct ob_sensor_status crowd[64];

/* Of the 40, those with a heart-rate service. */
static bool all_are_in_sight(void)
{
    return rig_sensor->ops->found(rig_sensor, crowd, 64) == 30;
}

static void in_a_crowd_the_right_one_is_chosen(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    for (int i = 0; i < FAKE_SECOND; i++)
        if (i % 4 == 3)
            fake_stranger(i);
    rig_begin("any");
    assert_true(rig_until(searching, 10));
    rig_hurry(false); /* they are all to be heard before it chooses */
    for (int i = 0; i < FAKE_SECOND; i++)
        fake_advertise(i, i == 22 ? -41 : i == 23 ? -30 : -50 - i * 7 % 45);
    assert_true(rig_until(all_are_in_sight, 60));
    const int count = rig_sensor->ops->found(rig_sensor, crowd, 64);
    for (int i = 1; i < count; i++)
        assert_true(crowd[i - 1].rssi_dbm >= crowd[i].rssi_dbm && !strstr(crowd[i].name, "Lamp"));
    assert_string_equal(crowd[0].name, "Strap 22");
    assert_int_equal(rig_sensor->ops->found(rig_sensor, crowd, 3), 3);
    assert_string_equal(crowd[0].name, "Strap 22");
    assert_true(crowd[1].rssi_dbm >= crowd[2].rssi_dbm && crowd[2].rssi_dbm >= -60);
    rig_hurry(true);
    assert_true(rig_until_phase("STREAMING", 20));
    assert_string_equal(rig_status.name, "Strap 22");
    report("40 devices in range", -1);
    rig_end();
    rig_begin("00:00:00:00:00:17");
    assert_true(rig_until(searching, 10));
    fake_advertise(22, -41);
    fake_advertise(17, -90);
    assert_true(rig_until_phase("STREAMING", 20));
    assert_string_equal(rig_status.name, "Strap 17"); /* however weak: it was asked for */
    finish();
}

static void who_only_looks_connects_to_nothing(void **state)
{
    (void)state;
    struct ob_sensor_status found[4];
    assert_true(fake_start(rig_bus));
    fake_leave_connected(2);
    rig_begin(NULL);
    assert_true(rig_until(searching, 10));
    fake_advertise(0, -80);
    fake_advertise(1, -55);
    rig_for(30); /* whoever connects has chosen by then */
    assert_int_equal(rig_sensor->ops->found(rig_sensor, found, 4), 3);
    assert_non_null(strstr(rig_status.sentence, "Looking for heart straps"));
    assert_int_equal(fake_counted().connects, 0);
    assert_string_equal(rig_phases, "SCAN");
    rig_end();
    assert_int_equal(fake_counted().disconnects, 0);
    fake_stop();
}

/* The last good strap is taken at once if it is there, waited for a little if not, and not insisted on. */
static void the_last_good_one_comes_first(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    rig_begin_preferring("any", "00:00:00:00:00:07");
    assert_true(rig_until(searching, 10));
    fake_advertise(3, -40);
    rig_for(3.0);
    fake_advertise(7, -90);
    assert_true(rig_until_phase("STREAMING", 20));
    assert_string_equal(rig_status.name, "Strap 7");
    report("last good one, far away", -1);
    finish();
    assert_true(fake_start(rig_bus));
    rig_begin_preferring("any", "00:00:00:00:00:09");
    assert_true(rig_until(searching, 10));
    fake_advertise(3, -40);
    const int64_t from_ns = rig_now_ns();
    assert_true(rig_until_phase("STREAMING", 20));
    assert_string_equal(rig_status.name, "Strap 3");
    assert_true(seconds_since(from_ns) >= 5.0);
    finish();
}

static void it_is_remembered(void **state)
{
    (void)state;
    char address[OB_LAST_GOOD_SIZE];
    assert_int_equal(setenv("XDG_STATE_HOME", scratch_folder, 1), 0);
    struct ob_sensor_status status = {.state = OB_SOURCE_STREAMING, .quality_01 = 0.3f};
    assert_false(ob_last_good_read(address));
    strcpy(status.id, "bluetooth:00:00:00:00:00:07");
    assert_false(ob_last_good_note(&status)); /* not good */
    status.quality_01 = 0.9f;
    status.state = OB_SOURCE_STALE;
    assert_false(ob_last_good_note(&status)); /* not now */
    assert_false(ob_last_good_read(address));
    status.state = OB_SOURCE_STREAMING;
    assert_true(ob_last_good_note(&status) && ob_last_good_note(&status));
    assert_true(ob_last_good_read(address));
    assert_string_equal(address, "00:00:00:00:00:07");
    strcpy(status.id, "serial:/dev/ttyUSB0");
    assert_false(ob_last_good_note(&status));
    strcpy(status.id, "bluetooth:any");
    assert_false(ob_last_good_note(&status));
    scratch_write("outbreath/last-strap", "any\n", 4); /* garbage is no address */
    assert_false(ob_last_good_read(address));
    assert_string_equal(address, "");
    assert_int_equal(unlink(scratch_path("outbreath/last-strap")) + rmdir(scratch_path("outbreath")), 0);
    unsetenv("XDG_STATE_HOME");
}

static void a_strap_that_comes_back_is_taken_at_once(void **state)
{
    (void)state;
    static const double depth_s[] = {0.5, 1, 2, 4, 8, 8, 8};
    for (int failures = 0; failures < 7; failures++) {
        char name[64];
        assert_true(fake_start(rig_bus));
        rig_begin("any");
        reach_streaming(2);
        fake_fault(FAKE_REFUSE_CONNECT, failures);
        const int connects = fake_counted().connects;
        fake_drop(2);
        rig_forget();
        assert_true(rig_until_phase("BACKOFF", 10));
        assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 1);
        const int64_t lost_ns = rig_now_ns();
        double waited_s = 0.0;
        for (int i = 0; i < failures; i++)
            waited_s += depth_s[i];
        while (fake_counted().connects < connects + failures)
            rig_turn();
        assert_true(rig_until_phase("BACKOFF", 10));
        assert_true(seconds_since(lost_ns) >= waited_s - 0.4); /* it is given time */
        const int64_t due_ns = rig_now_ns() + ob_ns_from_s(depth_s[failures] - 0.5);
        const double took_s = back_to_beats(2);
        snprintf(name, sizeof name, "link lost, %d tries failed", failures);
        report(name, took_s);
        /* not by the end of the back-off, which is seconds away at some depth: the clock here does not hurry */
        if (failures >= 3)
            assert_true(rig_now_ns() < due_ns);
        assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 1);
        finish();
    }
}

/* In a room with two people, a lost strap is not replaced by the neighbour's. */
static void anothers_strap_is_not_taken_for_a_lost_one(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    rig_begin("any");
    reach_streaming(2);
    fake_fault(FAKE_REFUSE_CONNECT, -1);
    fake_drop(2);
    assert_true(rig_until_phase("BACKOFF", 10));
    for (int i = 0; i < 50; i++) {
        fake_advertise(0, -30);
        rig_for(1.0);
    }
    assert_string_equal(rig_status.name, "Strap 2");
    fake_fault(FAKE_REFUSE_CONNECT, 0);
    report("lost beside another's strap", back_to_beats(2));
    assert_string_equal(rig_status.name, "Strap 2");
    finish();
}

static void a_connection_that_is_never_made_is_given_up(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    fake_fault(FAKE_NO_CONNECT_REPLY, -1);
    rig_begin("any");
    assert_true(rig_until(searching, 10));
    fake_advertise(0, -60);
    assert_true(rig_until_phase("CONNECTING", 10));
    const int64_t from_ns = rig_now_ns();
    assert_true(rig_until_phase("BACKOFF", 60));
    assert_true(fabs(seconds_since(from_ns) - 20.0) < 1.0);
    assert_true(rig_until(let_go, 1)); /* or BlueZ goes on trying */
    fake_fault(FAKE_NO_CONNECT_REPLY, 0);
    report("connect never completes", back_to_beats(0));
    finish();
}

static void what_never_resolves_is_given_up(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    fake_fault(FAKE_NEVER_RESOLVE, -1);
    rig_begin("any");
    assert_true(rig_until(searching, 10));
    fake_advertise(0, -60);
    assert_true(rig_until_phase("RESOLVING", 10));
    const int64_t from_ns = rig_now_ns();
    assert_true(rig_until_phase("BACKOFF", 60));
    assert_true(fabs(seconds_since(from_ns) - 15.0) < 1.0);
    assert_true(rig_until(let_go, 10));
    fake_fault(FAKE_NEVER_RESOLVE, 0);
    report("services never resolve", back_to_beats(0));
    finish();
}

static void objects_that_come_late_are_waited_for(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    fake_fault(FAKE_OBJECTS_LATE, 1);
    rig_begin("any");
    reach_streaming(0);
    report("objects late", -1);
    assert_null(strstr(rig_phases, "BACKOFF"));
    finish();
}

static void a_subscription_that_fails_is_tried_again(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    fake_fault(FAKE_REFUSE_NOTIFY, 1);
    rig_begin("any");
    assert_true(rig_until(searching, 10));
    fake_advertise(0, -60);
    assert_true(rig_until_phase("BACKOFF", 20));
    assert_true(rig_until(let_go, 1));
    report("subscribe refused", back_to_beats(0));
    finish();
    assert_true(fake_start(rig_bus));
    fake_fault(FAKE_NO_NOTIFY_REPLY, 1);
    rig_begin("any");
    assert_true(rig_until(searching, 10));
    fake_advertise(0, -60);
    assert_true(rig_until_phase("SUBSCRIBING", 20));
    const int64_t from_ns = rig_now_ns();
    assert_true(rig_until_phase("BACKOFF", 60));
    assert_true(fabs(seconds_since(from_ns) - 10.0) < 1.0);
    report("subscribe never answered", back_to_beats(0));
    finish();
}

static void silence_is_noticed_and_ended(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    rig_begin("any");
    reach_streaming(0);
    rig_forget();
    const int64_t from_ns = rig_now_ns();
    assert_true(rig_until_phase("STALE", 10));
    assert_true(fabs(seconds_since(from_ns) - 5.0) < 0.5);
    assert_int_equal(rig_status.state, OB_SOURCE_STALE);
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 1);
    rig_beat(0);
    assert_true(rig_until_beats(1, 5));
    assert_int_equal(rig_status.state, OB_SOURCE_STREAMING);
    report("silent for 5 s", -1);
    rig_forget();
    assert_true(rig_until_phase("BACKOFF", 30));
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 1);
    assert_true(rig_until(let_go, 1));
    report("silent for 15 s", back_to_beats(0));
    finish();
}

static void a_restart_of_bluez_is_survived(void **state)
{
    (void)state;
    rig_begin("any"); /* there is none yet */
    assert_true(rig_until(not_there, 10));
    report("BlueZ absent", -1);
    assert_true(fake_start(rig_bus));
    reach_streaming(0);
    rig_forget();
    fake_stop();
    assert_true(rig_until(not_there, 10));
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 1);
    rig_for(60.0);
    assert_int_equal(rig_status.state, OB_SOURCE_SEARCHING);
    assert_true(fake_start(rig_bus));
    assert_true(rig_until(searching, 10));
    report("BlueZ died, came back", back_to_beats(0));
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 1);
    finish();
}

static void what_is_connected_already_is_adopted(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    fake_leave_connected(1);
    rig_begin("any");
    assert_true(rig_until_phase("STREAMING", 10));
    report("left connected by a crash", -1);
    assert_int_equal(fake_counted().searches, 0);
    finish();
}

static bool told(void)
{
    return strstr(rig_status.sentence, "may not be used") != NULL;
}

static void forbidden_bluetooth_is_named(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    fake_fault(FAKE_DENIED, -1);
    rig_begin("any");
    assert_true(rig_until(told, 10));
    report("permission denied", -1);
    fake_fault(FAKE_DENIED, 0);
    reach_streaming(0);
    finish();
}

static bool refuses(void)
{
    return strstr(rig_status.sentence, "refuses to search") != NULL;
}

static bool switched_off(void)
{
    return strstr(rig_status.sentence, "switched off") != NULL;
}

static bool no_adapter(void)
{
    return strstr(rig_status.sentence, "no Bluetooth adapter") != NULL;
}

static bool looks_again(void)
{
    return rig_status.state == OB_SOURCE_SEARCHING;
}

static void adapters_come_and_go(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    fake_fault(FAKE_REFUSE_SEARCH, 2);
    rig_begin("any");
    assert_true(rig_until(refuses, 10));
    reach_streaming(3);
    report("search refused twice", -1);
    /* a second one is switched on, the first is pulled out in the middle of a session: the same strap at the other */
    fake_power(1, true);
    rig_forget();
    fake_adapter(0, false);
    assert_true(rig_until(looks_again, 10));
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 1);
    fake_advertise(41, -30); /* the neighbour's */
    rig_for(5.0);
    const double took_s = back_to_beats(43);
    assert_string_equal(rig_status.name, "Strap 43");
    assert_string_equal(rig_status.id, "bluetooth:00:00:00:00:00:03");
    report("its adapter was pulled out", took_s);
    rig_end();
    fake_adapter(1, false);
    rig_begin("any");
    assert_true(rig_until(no_adapter, 10));
    fake_power(0, false);
    fake_adapter(0, true);
    assert_true(rig_until(switched_off, 10));
    fake_power(0, true);
    report("no adapter, switched off, on", -1);
    reach_streaming(5);
    finish();
}

static void two_adapters_hear_the_same_strap(void **state)
{
    (void)state;
    assert_true(fake_start(rig_bus));
    rig_begin("00:00:00:00:00:02");
    assert_true(rig_until(searching, 10));
    fake_power(1, true); /* the second comes second, or it might be the one that searches */
    fake_advertise(42, -40);
    fake_advertise(2, -60);
    assert_true(rig_until_phase("STREAMING", 20));
    assert_string_equal(rig_status.name, "Strap 2"); /* at the adapter that searches */
    assert_int_equal(fake_counted().connects, 1);
    report("two adapters", -1);
    finish();
}

static void without_a_bus_it_says_so(void **state)
{
    (void)state;
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    rig_begin("any");
    for (int i = 0; i < 20; i++)
        rig_turn();
    assert_non_null(strstr(rig_status.sentence, "system bus"));
    assert_int_equal(rig_status.state, OB_SOURCE_SEARCHING);
    rig_end();
    setenv("DBUS_SYSTEM_BUS_ADDRESS", rig_bus, 1);
    assert_null(ob_ble_create(&(struct ob_ble_desc){.address = "nonsense"}));
    assert_true(ob_ble_address_valid("aA:00:11:22:33:44") && !ob_ble_address_valid("aA:00:11:22:33:44:55"));
}

int main(void)
{
    if (!rig_start_bus()) {
        print_message("skipped: there is no dbus-daemon\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_strap_is_found_and_its_beats_come),
        cmocka_unit_test(in_a_crowd_the_right_one_is_chosen),
        cmocka_unit_test(who_only_looks_connects_to_nothing),
        cmocka_unit_test(the_last_good_one_comes_first),
        cmocka_unit_test_setup_teardown(it_is_remembered, scratch_make, scratch_remove),
        cmocka_unit_test(a_strap_that_comes_back_is_taken_at_once),
        cmocka_unit_test(anothers_strap_is_not_taken_for_a_lost_one),
        cmocka_unit_test(a_connection_that_is_never_made_is_given_up),
        cmocka_unit_test(what_never_resolves_is_given_up),
        cmocka_unit_test(objects_that_come_late_are_waited_for),
        cmocka_unit_test(a_subscription_that_fails_is_tried_again),
        cmocka_unit_test(silence_is_noticed_and_ended),
        cmocka_unit_test(a_restart_of_bluez_is_survived),
        cmocka_unit_test(what_is_connected_already_is_adopted),
        cmocka_unit_test(forbidden_bluetooth_is_named),
        cmocka_unit_test(adapters_come_and_go),
        cmocka_unit_test(two_adapters_hear_the_same_strap),
        cmocka_unit_test(without_a_bus_it_says_so),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fake_bus_stop();
    return failed;
}
