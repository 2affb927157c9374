/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The serial source over a pty. Time is virtual: the pty carries the bytes, the test says when they arrived. */
#include "base/rng.h"
#include "base/time.h"
#include "sensor/serial.h"

#include "heard.h"
#include "scratch.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct heard heard;

/* The board's end of a pty; its other end is linked to port(). */
static int plug_in(void)
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    unlink(scratch_path("port"));
    assert_int_equal(symlink(ptsname(master), scratch_path("port")), 0);
    return master;
}

static struct ob_sensor *open_board(double fs_hz)
{
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", scratch_path("port"));
    struct ob_sensor *sensor = ob_serial_create(&(struct ob_serial_desc){.path = path, .fs_hz = fs_hz});
    assert_non_null(sensor);
    heard.count = 0;
    return sensor;
}

/* Waits until the pty has carried over what was written (or until nothing is expected), then lets the source work. */
static void serve(struct ob_sensor *sensor, int64_t now_ns, int wait_ms)
{
    struct pollfd fds[4];
    const int count = sensor->ops->descriptors(sensor, fds, 4);
    for (int i = 0; i < count; i++)
        fds[i].revents = 0;
    if (count > 0 && wait_ms > 0)
        poll(fds, (nfds_t)count, wait_ms);
    sensor->ops->service(sensor, now_ns, fds, count, hear_event, &heard);
}

static void say(int master, const char *text)
{
    assert_int_equal(write(master, text, strlen(text)), (ssize_t)strlen(text));
}

static enum ob_sensor_state state_of(const struct ob_sensor *sensor, const char *word)
{
    struct ob_sensor_status status = {0};
    sensor->ops->status(sensor, &status);
    if (word && !strstr(status.sentence, word))
        print_error("\"%s\" does not say \"%s\"\n", status.sentence, word);
    assert_true(!word || strstr(status.sentence, word));
    assert_true(strlen(status.sentence) > 5 && strlen(status.id) > 3 && !status.simulated);
    return status.state;
}

static void pulse_intervals_become_beats(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    serve(sensor, 1000, 0);
    assert_int_equal(state_of(sensor, "waiting"), OB_SOURCE_CONNECTING);
    int64_t now = 0;
    static const char *const lines[] = {"Q800\r\n", "Q850\r\n", "Q0\n", "Q-1\n", "Q1e9\n", "B70\nQ900\n"};
    for (int i = 0; i < 6; i++) {
        say(master, lines[i]);
        serve(sensor, now += OB_NS_PER_S, 1000);
    }
    assert_int_equal(state_of(sensor, "PulseSensor"), OB_SOURCE_STREAMING);
    assert_int_equal(heard_of(&heard, OB_EVENT_RR), 3);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 1); /* once, however many were wrong */
    assert_int_equal(heard.count, 4);
    assert_true(heard.event[1].u.rr.rr_ms == 850 && heard.event[1].measured_ns == 2 * OB_NS_PER_S);
    assert_int_equal(heard.event[1].u.rr.beats, OB_BEATS_PPG);
    /* a beat that is later than its interval explains: others were lost */
    say(master, "Q900\n");
    serve(sensor, now += 4 * OB_NS_PER_S, 1000);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 2);
    /* silence */
    assert_true(sensor->ops->deadline_ns(sensor) == now + 5 * OB_NS_PER_S);
    serve(sensor, now += 5 * OB_NS_PER_S, 0);
    assert_int_equal(state_of(sensor, "nothing comes"), OB_SOURCE_STALE);
    sensor->ops->close(sensor);
    close(master);
}

static void a_plotter_says_each_interval_many_times(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(50);
    serve(sensor, 1, 0);
    /* beats at 1, 2, 3 s: the third has the interval of the second */
    int64_t now = 0;
    for (int i = 0; i < 250; i++) {
        char line[40];
        const int ms = i < 50 ? 0 : i < 100 ? 980 : i < 200 ? 1000 : 1020;
        snprintf(line, sizeof line, "60,%d,%d\n", ms, i);
        say(master, line);
        serve(sensor, now += 20 * OB_NS_PER_MS, 1000);
    }
    assert_int_equal(heard_of(&heard, OB_EVENT_RR), 4);
    double sum_ms = 0;
    for (size_t i = 0; i < heard.count; i++)
        if (heard.event[i].kind == OB_EVENT_RR)
            sum_ms += heard.event[i].u.rr.rr_ms;
    assert_true(sum_ms == 980 + 1000 + 1000 + 1020);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 0);
    sensor->ops->close(sensor);
    close(master);
}

static void a_stream_of_numbers_gets_a_rate_and_stamps(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    serve(sensor, 1, 0);
    struct ob_rng rng;
    ob_rng_init(&rng, 9, 1);
    const double fs = 357.0;
    int sent = 0;
    int64_t now = 0;
    while (sent < (int)(20 * fs)) { /* batches of 1-12 samples, each late by 0-8 ms */
        char text[256] = "";
        const int batch = 1 + (int)(ob_rng_u32(&rng) % 12);
        for (int i = 0; i < batch; i++, sent++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%d\n", sent);
        say(master, text);
        const int64_t arrival = ob_ns_from_s(sent / fs + ob_rng_uniform(&rng) * 0.008);
        now = arrival > now ? arrival : now + 1;
        serve(sensor, now, 1000);
    }
    assert_int_equal(state_of(sensor, "Hz"), OB_SOURCE_STREAMING);
    int frames = 0;
    double before = -1;
    for (size_t i = 0; i < heard.count; i++) {
        const struct ob_event *e = &heard.event[i];
        assert_int_equal(e->kind, OB_EVENT_SAMPLES);
        assert_int_equal(e->u.samples.signal, OB_SIGNAL_ECG);
        for (int f = 0; f < e->u.samples.frames; f++, frames++) {
            const double v = (double)e->u.samples.values[f];
            assert_true(before < 0 || v == before + 1); /* none lost, none twice */
            before = v;
        }
        assert_true(e->measured_ns <= e->arrived_ns);
        if (before > 10 * fs) {
            assert_true(fabs(1e9 / e->u.samples.period_ns / fs - 1) < 0.01);
            assert_true(fabs((double)(e->measured_ns - ob_ns_from_s((before + 1) / fs))) < 8e6);
        }
    }
    assert_true(frames > 18 * fs - 50);
    /* electrodes off and on again */
    heard.count = 0;
    say(master, "!\n!\n");
    serve(sensor, now += 10 * OB_NS_PER_MS, 1000);
    assert_int_equal(heard_of(&heard, OB_EVENT_CONTACT), 1);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 1);
    assert_int_equal(state_of(sensor, "electrodes"), OB_SOURCE_STREAMING);
    say(master, "5\n");
    serve(sensor, now += 10 * OB_NS_PER_MS, 1000);
    assert_int_equal(heard_of(&heard, OB_EVENT_CONTACT), 2);
    sensor->ops->close(sensor);
    close(master);
}

static void an_unplugged_board_is_waited_for(void **state)
{
    (void)state;
    int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    serve(sensor, 1, 0);
    say(master, "Q800\nQ81"); /* it goes in the middle of a line */
    int64_t now = OB_NS_PER_S;
    serve(sensor, now, 1000);
    close(master);
    unlink(scratch_path("port"));
    serve(sensor, now += OB_NS_PER_S, 1000);
    assert_int_equal(state_of(sensor, "unplugged"), OB_SOURCE_BACKOFF);
    assert_int_equal(heard_of(&heard, OB_EVENT_RR), 1);
    assert_int_equal(heard.event[heard.count - 1].kind, OB_EVENT_GAP);
    struct pollfd fds[4];
    assert_int_equal(sensor->ops->descriptors(sensor, fds, 4), 0);
    assert_true(sensor->ops->deadline_ns(sensor) == now + OB_NS_PER_S);
    serve(sensor, now += OB_NS_PER_S, 0);
    assert_int_equal(state_of(sensor, "not there"), OB_SOURCE_BACKOFF);
    master = plug_in();
    serve(sensor, now += OB_NS_PER_S, 0);
    assert_int_equal(state_of(sensor, NULL), OB_SOURCE_CONNECTING);
    say(master, "0\nQ820\n"); /* the rest of the broken line is no beat */
    serve(sensor, now += OB_NS_PER_S, 1000);
    assert_int_equal(state_of(sensor, NULL), OB_SOURCE_STREAMING);
    assert_int_equal(heard_of(&heard, OB_EVENT_RR), 2);
    assert_true(heard.event[heard.count - 1].u.rr.rr_ms == 820);
    sensor->ops->close(sensor);
    close(master);
}

static void a_megabyte_of_noise_is_survived_and_named(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    serve(sensor, 1, 0);
    struct ob_rng rng;
    ob_rng_init(&rng, 2, 1);
    fcntl(master, F_SETFL, O_NONBLOCK);
    int64_t now = 0;
    for (size_t sent = 0; sent < 1 << 20;) {
        unsigned char noise[4000];
        for (size_t i = 0; i < sizeof noise; i++)
            noise[i] = (unsigned char)ob_rng_u32(&rng);
        const ssize_t got = write(master, noise, sizeof noise);
        sent += got > 0 ? (size_t)got : 0;
        serve(sensor, now += OB_NS_PER_MS, 1000);
    }
    const size_t invented = heard_of(&heard, OB_EVENT_RR);
    assert_true(invented <= 2); /* noise may spell "Q" and three digits, once in a while */
    state_of(sensor, "speed");
    for (int i = 0; i < 100; i++) {
        say(master, i ? "Q800\n" : "\nQ800\n");
        serve(sensor, now += 800 * OB_NS_PER_MS, 1000);
    }
    assert_true(heard_of(&heard, OB_EVENT_RR) >= 90);
    assert_int_equal(state_of(sensor, "PulseSensor"), OB_SOURCE_STREAMING);
    sensor->ops->close(sensor);
    close(master);
}

static void what_is_no_port_fails_in_words(void **state)
{
    (void)state;
    scratch_write("file", "x", 1);
    struct ob_sensor *sensor = ob_serial_create(&(struct ob_serial_desc){.path = scratch_path("file")});
    serve(sensor, 1, 0);
    assert_int_equal(state_of(sensor, "not a serial port"), OB_SOURCE_FAILED);
    sensor->ops->close(sensor);
    sensor = ob_serial_create(&(struct ob_serial_desc){.path = scratch_path("nothing")});
    assert_int_equal(state_of(sensor, NULL), OB_SOURCE_IDLE);
    serve(sensor, 1, 0);
    assert_int_equal(state_of(sensor, "not there"), OB_SOURCE_SEARCHING);
    sensor->ops->close(sensor);
    sensor = ob_serial_create(&(struct ob_serial_desc){.path = scratch_path("file"), .baud = 12345});
    serve(sensor, 1, 0);
    assert_int_equal(state_of(sensor, "12345"), OB_SOURCE_FAILED);
    const struct ob_sensor_ops *ops = sensor->ops;
    ops->close(sensor);
    ops->close(NULL);
}

static void a_forbidden_port_names_the_group(void **state)
{
    (void)state;
    const int master = plug_in();
    assert_int_equal(chmod(ptsname(master), 0), 0);
    assert_int_equal(chmod(scratch_folder, 0755), 0);
    const bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(65534), 0);
    struct ob_sensor *sensor = open_board(0);
    serve(sensor, 1, 0);
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(state_of(sensor, "dialout"), OB_SOURCE_FAILED);
    sensor->ops->close(sensor);
    close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pulse_intervals_become_beats),
        cmocka_unit_test(a_plotter_says_each_interval_many_times),
        cmocka_unit_test(a_stream_of_numbers_gets_a_rate_and_stamps),
        cmocka_unit_test(an_unplugged_board_is_waited_for),
        cmocka_unit_test(a_megabyte_of_noise_is_survived_and_named),
        cmocka_unit_test(what_is_no_port_fails_in_words),
        cmocka_unit_test(a_forbidden_port_names_the_group),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
