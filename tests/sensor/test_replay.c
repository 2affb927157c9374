/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ring.h"
#include "base/time.h"
#include "os/clock.h"
#include "sensor/hub.h"
#include "sensor/replay.h"

#include "heard.h"
#include "scratch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct heard heard;
static char sentence[OB_RECORDING_SENTENCE_MAX];

/* A ramp with a hole: 3000 frames of 360 Hz, frames 1000-1499 missing, then the sample is the frame's number. */
static const char *write_ramp(void)
{
    static int16_t samples[3000];
    for (int i = 0; i < 3000; i++)
        samples[i] = (int16_t)(i >= 1000 && i < 1500 ? -32768 : i);
    scratch_write("ramp.dat", samples, sizeof samples);
    const char *header = "ramp 1 360 3000\nramp.dat 16 1(0)/au 16 0 0 0 0 MLII\n";
    return scratch_write("ramp.hea", header, strlen(header));
}

static struct ob_hub *open_hub(const struct ob_replay_desc *desc)
{
    struct ob_sensor *sensor;
    const enum ob_err err = ob_replay_open(desc, &sensor, sentence, sizeof sentence);
    if (err)
        print_error("%s\n", sentence);
    assert_int_equal(err, OB_OK);
    struct ob_hub *hub;
    const struct ob_hub_desc hub_desc = {.emit = hear_event, .emit_user = &heard};
    assert_int_equal(ob_hub_create(&hub_desc, &hub), OB_OK);
    assert_int_equal(ob_hub_add(hub, sensor, OB_HUB_ALL), 1);
    heard.count = 0;
    return hub;
}

/* Steps from deadline to deadline, as headless does. */
static void run_virtual(struct ob_hub *hub, int64_t start_ns)
{
    int64_t now = start_ns;
    ob_hub_service(hub, now);
    while (ob_hub_deadline_ns(hub) != INT64_MAX) {
        assert_true(ob_hub_deadline_ns(hub) > now);
        now = ob_hub_deadline_ns(hub);
        ob_hub_service(hub, now);
    }
}

static void every_frame_comes_once_at_its_time(void **state)
{
    (void)state;
    static const double speeds[] = {0, 2.5};
    for (int k = 0; k < 2; k++) {
        const double speed = speeds[k] > 0 ? speeds[k] : 1;
        struct ob_hub *hub =
            open_hub(&(struct ob_replay_desc){.recording = {.path = write_ramp()}, .speed = speeds[k]});
        const int64_t start = 123456789012;
        run_virtual(hub, start);
        int frame = 0, gaps = 0;
        for (size_t i = 0; i < heard.count; i++) {
            const struct ob_event *e = &heard.event[i];
            assert_int_equal(e->source, 1);
            assert_true(e->arrived_ns >= e->measured_ns && e->applied_ns == e->arrived_ns);
            if (e->kind == OB_EVENT_GAP) {
                assert_true(e->measured_ns == start + ob_ns_from_s(1500 / 360.0 / speed));
                gaps++;
                continue;
            }
            assert_int_equal(e->kind, OB_EVENT_SAMPLES);
            assert_int_equal(e->u.samples.signal, OB_SIGNAL_ECG);
            assert_true(e->u.samples.period_ns == 1e9 / 360);
            for (int f = 0; f < e->u.samples.frames; f++, frame++) {
                const float v = e->u.samples.values[f];
                assert_true(frame >= 1000 && frame < 1500 ? isnan(v) : v == (float)frame);
            }
            assert_true(e->measured_ns == start + ob_ns_from_s((frame - 1) / 360.0 / speed));
            assert_true(e->arrived_ns == e->measured_ns);
        }
        assert_int_equal(frame, 3000);
        assert_int_equal(gaps, 1);
        struct ob_sensor_status status;
        assert_true(ob_hub_status(hub, 0, &status));
        assert_int_equal(status.state, OB_SOURCE_ENDED);
        assert_false(status.simulated);
        ob_hub_destroy(hub);
    }
}

static void intervals_come_at_the_time_of_their_beat(void **state)
{
    (void)state;
    const char *text = "800\n850\n0\n900\n6000\n750\n1e9\n-1\n";
    struct ob_hub *hub =
        open_hub(&(struct ob_replay_desc){.recording = {.path = scratch_write("a.txt", text, strlen(text))}});
    run_virtual(hub, 1000);
    static const struct {
        uint32_t kind;
        double at_ms, rr_ms;
    } wanted[] = {{OB_EVENT_RR, 800, 800}, {OB_EVENT_RR, 1650, 850}, {OB_EVENT_GAP, 1650, 0}, {OB_EVENT_RR, 2550, 900},
                  {OB_EVENT_GAP, 8550, 0}, {OB_EVENT_RR, 9300, 750}, {OB_EVENT_GAP, 9300, 0}, {OB_EVENT_GAP, 9300, 0}};
    assert_int_equal(heard.count, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(heard.event[i].kind, wanted[i].kind);
        assert_true(heard.event[i].measured_ns == 1000 + ob_ns_from_s(wanted[i].at_ms * 1e-3));
        if (wanted[i].kind == OB_EVENT_RR)
            assert_true(heard.event[i].u.rr.rr_ms == wanted[i].rr_ms);
    }
    struct ob_sensor_status status;
    ob_hub_status(hub, 0, &status);
    assert_non_null(strstr(status.sentence, "3 of 8 lines"));
    ob_hub_destroy(hub);
}

static void a_channel_is_found_or_its_lack_is_told(void **state)
{
    (void)state;
    struct ob_sensor *sensor;
    struct ob_replay_desc desc = {.recording = {.path = write_ramp()}, .channel = "V5"};
    assert_int_equal(ob_replay_open(&desc, &sensor, sentence, sizeof sentence), OB_ERR_NOT_FOUND);
    assert_null(sensor);
    assert_non_null(strstr(sentence, "MLII"));
    desc.channel = "mlii";
    desc.signal_kind = OB_SIGNAL_PPG + 1;
    struct ob_hub *hub = open_hub(&desc);
    run_virtual(hub, 0);
    assert_int_equal(heard.event[0].u.samples.signal, OB_SIGNAL_PPG);
    ob_hub_destroy(hub);
    desc.recording.path = "/nowhere.txt";
    assert_int_equal(ob_replay_open(&desc, &sensor, sentence, sizeof sentence), OB_ERR_NOT_FOUND);
}

/* Two sources on the hub's own thread, a reader of statuses on this one: what the thread sanitizer looks at. */
static void two_sources_share_the_hub_thread(void **state)
{
    (void)state;
    static struct ob_event slots[4096];
    static struct ob_ring ring;
    ob_ring_init(&ring, slots, sizeof *slots, 4096);
    struct ob_wake wake;
    assert_int_equal(ob_wake_init(&wake), OB_OK);
    struct ob_hub *hub;
    assert_int_equal(ob_hub_create(&(struct ob_hub_desc){.ring = &ring, .wake = &wake}, &hub), OB_OK);
    const char *text = "800\n850\n900\n";
    scratch_write("a.txt", text, strlen(text));
    write_ramp();
    const struct ob_replay_desc descs[] = {
        {.recording = {.path = scratch_path("a.txt")}, .speed = 50},
        {.recording = {.path = scratch_path("ramp.hea")}, .speed = 100},
    };
    for (uint32_t i = 0; i < 2; i++) {
        struct ob_sensor *sensor;
        assert_int_equal(ob_replay_open(&descs[i], &sensor, sentence, sizeof sentence), OB_OK);
        assert_int_equal(ob_hub_add(hub, sensor, OB_HUB_ALL), i + 1);
    }
    assert_int_equal(ob_hub_start(hub), OB_OK);
    int frames = 0, beats = 0, ended = 0;
    const int64_t give_up = ob_clock_monotonic_ns() + 60 * OB_NS_PER_S;
    while ((ended < 2 || ob_hub_events(hub) == 0) && ob_clock_monotonic_ns() < give_up) {
        struct pollfd fd = {.fd = wake.fd, .events = POLLIN};
        poll(&fd, 1, 100);
        ob_wake_clear(&wake);
        struct ob_event e;
        while (ob_ring_pop(&ring, &e)) {
            assert_int_equal(e.source, e.kind == OB_EVENT_RR ? 1 : 2);
            frames += e.kind == OB_EVENT_SAMPLES ? e.u.samples.frames : 0;
            beats += e.kind == OB_EVENT_RR;
        }
        ended = 0;
        for (int i = 0; i < 2; i++) {
            struct ob_sensor_status status;
            assert_true(ob_hub_status(hub, i, &status));
            ended += status.state == OB_SOURCE_ENDED;
        }
    }
    ob_hub_stop(hub);
    struct ob_event e;
    while (ob_ring_pop(&ring, &e)) {
        frames += e.kind == OB_EVENT_SAMPLES ? e.u.samples.frames : 0;
        beats += e.kind == OB_EVENT_RR;
    }
    assert_int_equal(ended, 2);
    assert_int_equal(frames, 3000);
    assert_int_equal(beats, 3);
    assert_int_equal(ob_ring_refused(&ring), 0);
    assert_false(ob_hub_status(hub, 2, &(struct ob_sensor_status){0}));
    ob_hub_destroy(hub);
    ob_wake_finish(&wake);
}

static void the_hub_holds_so_many_sources(void **state)
{
    (void)state;
    struct ob_hub *hub;
    assert_int_equal(ob_hub_create(&(struct ob_hub_desc){.emit = hear_event, .emit_user = &heard}, &hub), OB_OK);
    assert_true(ob_hub_deadline_ns(hub) == INT64_MAX);
    write_ramp();
    for (uint32_t i = 0; i <= OB_HUB_SOURCES_MAX; i++) {
        struct ob_sensor *sensor;
        const struct ob_replay_desc desc = {.recording = {.path = scratch_path("ramp")}};
        assert_int_equal(ob_replay_open(&desc, &sensor, sentence, sizeof sentence), OB_OK);
        assert_int_equal(ob_hub_add(hub, sensor, OB_HUB_ALL), i < OB_HUB_SOURCES_MAX ? i + 1 : 0);
    }
    ob_hub_stop(hub);
    ob_hub_destroy(hub);
    ob_hub_destroy(NULL);
    for (int i = 0; i < 8; i++)
        assert_true(strlen(ob_sensor_state_name((enum ob_sensor_state)i)) > 3);
    assert_string_equal(ob_sensor_state_name((enum ob_sensor_state)88), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_frame_comes_once_at_its_time),
        cmocka_unit_test(intervals_come_at_the_time_of_their_beat),
        cmocka_unit_test(a_channel_is_found_or_its_lack_is_told),
        cmocka_unit_test(two_sources_share_the_hub_thread),
        cmocka_unit_test(the_hub_holds_so_many_sources),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
