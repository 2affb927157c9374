/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polar sensors through a fake BlueZ: streams, bonding, refusals, and that they are always stopped. Needs dbus-daemon;
 * without it the test is skipped. */
#include "base/time.h"

#include "../bus/fake_bus.h"
#include "ble_rig.h"
#include "fake_bluez.h"
#include "polar_person.h"

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

#define ECG 1u
#define ACC 4u
#define PPI 8u

static struct worn worn;
static unsigned char bytes[FRAME_MAX];

static size_t of_signal(uint32_t signal)
{
    size_t frames = 0;
    for (size_t i = 0; i < rig_heard.count; i++)
        if (rig_heard.event[i].kind == OB_EVENT_SAMPLES && rig_heard.event[i].u.samples.signal == signal)
            frames += rig_heard.event[i].u.samples.frames;
    return frames;
}

static uint32_t wanted_streams;

static bool streams_run(void)
{
    return fake_polar_now(1).on == wanted_streams;
}

static bool searching(void)
{
    return fake_counted().searches > 0;
}

static void start(const struct fake_polar *polar)
{
    assert_true(fake_start(rig_bus));
    fake_polar_set(1, polar);
    rig_begin("any");
    assert_true(rig_until(searching, 10));
    fake_advertise(1, -50);
    assert_true(rig_until_phase("STREAMING", 20));
    rig_hurry(false);
}

static void reach(uint32_t streams)
{
    wanted_streams = streams;
    assert_true(rig_until(streams_run, 20));
}

static bool says(const char *words)
{
    return strstr(rig_status.sentence, words) != NULL;
}

static const char *wanted_words;

static bool says_it(void)
{
    return says(wanted_words);
}

static void until_said(const char *words, double seconds)
{
    wanted_words = words;
    assert_true(rig_until(says_it, seconds));
}

static bool all_off(void)
{
    return fake_polar_now(1).on == 0 && !fake_connected(1);
}

/* What the sensor was told at the end, seen from its side. */
static void end_and_see_it_stopped(int stops)
{
    rig_end();
    for (int i = 0; i < 300 && !all_off(); i++)
        usleep(10000);
    assert_true(all_off());
    assert_int_equal(fake_polar_now(1).stops, stops);
    fake_stop();
}

/* The person lives on and what the strap has is sent; the clock goes along. */
static void wear(double seconds, unsigned what)
{
    static double begun_s;
    size_t ecg = of_signal(OB_SIGNAL_ECG), acc = of_signal(OB_SIGNAL_ACC);
    if (seconds <= 0.0) {
        begun_s = 0.0;
        return;
    }
    for (const double end_s = begun_s + seconds; begun_s < end_s;) {
        begun_s += 0.25;
        ob_person_advance(worn.person, ob_ns_from_s(begun_s), NULL);
        rig_skip(0.25);
        size_t count;
        while ((count = worn_ecg(&worn, bytes)) > 0)
            if (what & ECG) {
                fake_frame(1, bytes, count);
                ecg += WORN_ECG;
            }
        while ((count = worn_acc(&worn, bytes)) > 0)
            if (what & ACC) {
                fake_frame(1, bytes, count);
                acc += WORN_ACC;
            }
        while ((count = worn_ppi(&worn, bytes, 8)) > 0)
            if (what & PPI)
                fake_frame(1, bytes, count);
        for (int i = 0; i < 500 && (of_signal(OB_SIGNAL_ECG) < ecg || of_signal(OB_SIGNAL_ACC) < acc); i++)
            rig_turn();
        rig_turn();
    }
}

static void a_chest_strap_streams_ecg_and_acceleration(void **state)
{
    (void)state;
    start(&(struct fake_polar){.features = ECG | ACC});
    rig_beat(1);
    assert_true(rig_until_beats(1, 5)); /* the plain ones at once */
    reach(ECG | ACC);
    until_said("warming up", 2);
    worn_init(&worn, "seed=3,drift_ppm=70", UINT64_C(599618164814402794));
    wear(0, 0);
    wear(20.0, ECG | ACC);
    assert_true(of_signal(OB_SIGNAL_ECG) > 19 * 130 && of_signal(OB_SIGNAL_ACC) > 18 * 50);
    assert_true(says("Receiving ECG and breathing movement"));
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), 1); /* where the plain beats ended */
    assert_true((double)rig_status.quality_01 > 0.5);
    assert_int_equal(rig_status.battery_pct, 81);
    /* its plain beats are silent now */
    const size_t beats = heard_of(&rig_heard, OB_EVENT_RR);
    rig_beat(1);
    wear(1.0, ECG | ACC);
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_RR), beats);
    /* the ECG falls silent: they speak again, and it is asked for anew */
    const int starts = fake_polar_now(1).starts;
    for (int i = 0; i < 14; i++) {
        wear(1.0, ACC);
        rig_beat(1);
    }
    assert_true(heard_of(&rig_heard, OB_EVENT_RR) > beats + 5);
    assert_true(fake_polar_now(1).starts > starts);
    reach(ECG | ACC);
    wear(2.0, ECG | ACC);
    assert_true(says("Receiving ECG"));
    worn_finish(&worn);
    end_and_see_it_stopped(3);
}

static void an_armband_streams_pulse_intervals(void **state)
{
    (void)state;
    start(&(struct fake_polar){.features = PPI | ACC | 2u});
    reach(PPI);
    worn_init(&worn, "seed=5,rr_step_ms=1,jitter_ms=4", 0);
    wear(0, 0);
    wear(20.0, PPI);
    assert_true(heard_of(&rig_heard, OB_EVENT_RR) >= 12);
    for (size_t i = 0; i < rig_heard.count; i++)
        if (rig_heard.event[i].kind == OB_EVENT_RR)
            assert_int_equal(rig_heard.event[i].u.rr.beats, OB_BEATS_PPG);
    assert_true(says("Receiving pulse intervals"));
    assert_true((double)rig_status.quality_01 > 0.6);
    size_t at = frame_head(bytes, 3, 0, 0);
    at = frame_ppi(bytes, at, 60, 1000, 400, 4);
    fake_frame(1, bytes, at);
    until_said("does not touch", 5);
    worn_finish(&worn);
    end_and_see_it_stopped(1);
}

static void it_is_bonded_when_it_asks(void **state)
{
    (void)state;
    start(&(struct fake_polar){.features = ECG, .wants_bond = true});
    reach(ECG);
    assert_true(fake_polar_now(1).bonded && fake_polar_now(1).pairs == 1);
    assert_int_equal(fake_counted().agents, 1);
    end_and_see_it_stopped(1);
}

static bool started_anew(void)
{
    return fake_polar_now(1).stops == 2 && fake_polar_now(1).starts == 4;
}

static void every_refusal_leaves_the_plain_beats(void **state)
{
    (void)state;
    static const struct {
        const char *name, *words;
        struct fake_polar polar;
    } cases[] = {
        {"settings refused",
         "refuses the settings",
         {.features = ECG, .error_order = 2, .error = 5, .error_times = 99}},
        {"MTU", "packets too small", {.features = ECG, .error_order = 2, .error = 10, .error_times = 99}},
        {"in its charger", "charger", {.features = ECG, .error_order = 2, .error = 13, .error_times = 99}},
        {"no answer", "does not come; its plain", {.features = ECG, .mute = true}},
        {"unknown error",
         "refuses its raw signal",
         {.features = ECG, .error_order = 1, .error = 77, .error_times = 99}},
        {"nothing to offer", "Receiving beats", {.features = 2u}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        start(&cases[i].polar);
        for (int second = 0; second < 60 && !says(cases[i].words); second++) {
            rig_beat(1);
            rig_skip(1.0);
            rig_for(0.01);
        }
        assert_true(says(cases[i].words));
        print_message("%-18s %s\n", cases[i].name, rig_status.sentence);
        const size_t beats = heard_of(&rig_heard, OB_EVENT_RR);
        rig_beat(1);
        assert_true(rig_until_beats(beats + 1, 5));
        assert_int_equal(rig_status.state, OB_SOURCE_STREAMING);
        rig_end();
        fake_stop();
    }
    /* already on, from a crash: ours to stop and to start */
    assert_true(fake_start(rig_bus));
    fake_polar_set(1, &(struct fake_polar){.features = ECG | ACC, .on = ECG | ACC});
    fake_leave_connected(1);
    rig_begin("any");
    assert_true(rig_until_phase("STREAMING", 10));
    reach(ECG | ACC);
    assert_true(rig_until(started_anew, 5));
    reach(ECG | ACC);
    end_and_see_it_stopped(4);
}

/* On the way out of a silent link, of a lost one, and of a BlueZ that dies. */
static void streams_are_stopped_on_every_way_out(void **state)
{
    (void)state;
    start(&(struct fake_polar){.features = ECG | ACC});
    reach(ECG | ACC);
    rig_hurry(true);
    assert_true(rig_until_phase("BACKOFF", 60)); /* nothing ever came */
    assert_true(rig_until(all_off, 2));
    assert_true(fake_polar_now(1).stops >= 2);
    rig_hurry(false);
    fake_advertise(1, -50);
    assert_true(rig_until_phase("STREAMING", 10));
    reach(ECG | ACC);
    worn_init(&worn, "seed=6", 0);
    wear(0, 0);
    wear(3.0, ECG | ACC);
    const size_t gaps = heard_of(&rig_heard, OB_EVENT_GAP);
    fake_drop(1);
    assert_true(rig_until_phase("BACKOFF", 10));
    assert_int_equal(heard_of(&rig_heard, OB_EVENT_GAP), gaps + 1);
    fake_advertise(1, -50);
    assert_true(rig_until_phase("STREAMING", 10));
    reach(ECG | ACC);
    wear(3.0, ECG | ACC);
    assert_true(says("Receiving ECG"));
    worn_finish(&worn);
    fake_stop();
    until_said("was stopped", 10);
    assert_true(fake_start(rig_bus));
    fake_is_polar(1, ECG | ACC);
    rig_hurry(true);
    assert_true(rig_until(searching, 10));
    fake_advertise(1, -50);
    assert_true(rig_until_phase("STREAMING", 10));
    rig_hurry(false);
    reach(ECG | ACC);
    assert_int_equal(fake_counted().agents, 1); /* the new BlueZ knows our agent too */
    end_and_see_it_stopped(2);
}

int main(void)
{
    if (!rig_start_bus()) {
        print_message("skipped: there is no dbus-daemon\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chest_strap_streams_ecg_and_acceleration),
        cmocka_unit_test(an_armband_streams_pulse_intervals),
        cmocka_unit_test(it_is_bonded_when_it_asks),
        cmocka_unit_test(every_refusal_leaves_the_plain_beats),
        cmocka_unit_test(streams_are_stopped_on_every_way_out),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fake_bus_stop();
    return failed;
}
