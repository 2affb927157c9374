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
#include <termios.h>
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
    const bool said = !word || strstr(status.sentence, word) || strstr(status.name, word);
    if (!said)
        print_error("neither \"%s\" nor \"%s\" says \"%s\"\n", status.name, status.sentence, word);
    assert_true(said);
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
    assert_int_equal(heard_of(&heard, OB_EVENT_RR), 0);
    assert_int_equal(heard_of(&heard, OB_EVENT_SAMPLES), 0);
    assert_int_equal(state_of(sensor, "noise"), OB_SOURCE_CONNECTING);
    for (int i = 0; i < 100; i++) {
        say(master, i ? "Q800\n" : "\nQ800\n");
        serve(sensor, now += 800 * OB_NS_PER_MS, 1000);
    }
    assert_true(heard_of(&heard, OB_EVENT_RR) >= 90);
    assert_int_equal(state_of(sensor, "PulseSensor"), OB_SOURCE_STREAMING);
    sensor->ops->close(sensor);
    close(master);
}

/* ProtoCentral's frame of an ADS1292R: a triangle as ECG, a slow one as breathing. */
static size_t frame_of(int i, unsigned char *out)
{
    const int ecg = i % 50 * 20, breath = i % 400;
    const unsigned char bytes[16] = {0x0A,
                                     0xFA,
                                     9,
                                     0,
                                     2,
                                     (unsigned char)ecg,
                                     (unsigned char)(ecg >> 8),
                                     (unsigned char)breath,
                                     (unsigned char)(breath >> 8),
                                     15,
                                     0,
                                     70,
                                     0,
                                     0,
                                     0,
                                     0x0B};
    memcpy(out, bytes, sizeof bytes);
    return sizeof bytes;
}

static void frames_give_a_heart_and_a_breath(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    serve(sensor, 1, 0);
    int64_t now = 0;
    unsigned char bytes[64];
    for (int i = 0; i < 125 * 8; i++) {
        size_t count = frame_of(i, bytes);
        if (i == 500) { /* a false head in the midst: a frame is lost, the next is found */
            bytes[4] = 0x0A;
            bytes[15] = 0x0C;
        }
        assert_int_equal(write(master, bytes, count), (ssize_t)count);
        serve(sensor, now += 8 * OB_NS_PER_MS, 1000);
    }
    assert_int_equal(state_of(sensor, "ADS1292R"), OB_SOURCE_STREAMING);
    int hearts = 0, breaths = 0;
    const struct ob_event *heart = NULL;
    for (size_t i = 0; i < heard.count; i++) {
        const struct ob_event *e = &heard.event[i];
        if (e->kind != OB_EVENT_SAMPLES)
            continue;
        assert_true(fabs(1e9 / e->u.samples.period_ns / 125.0 - 1.0) < 0.01);
        if (e->u.samples.signal == OB_SIGNAL_ECG) {
            hearts += e->u.samples.frames;
            heart = e;
            continue;
        }
        assert_int_equal(e->u.samples.signal, OB_SIGNAL_RESP);
        breaths += e->u.samples.frames;
        /* each behind the heart's block of the same frames, with the same time */
        assert_non_null(heart);
        assert_int_equal(e->u.samples.frames, heart->u.samples.frames);
        assert_true(e->measured_ns == heart->measured_ns);
    }
    assert_true(hearts > 750 && hearts == breaths);
    sensor->ops->close(sensor);
    close(master);
}

/* A board at port `name` of the folder. */
static int plug_in_at(const char *name)
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    assert_int_equal(chmod(ptsname(master), 0666), 0);
    unlink(scratch_path(name));
    assert_int_equal(symlink(ptsname(master), scratch_path(name)), 0);
    return master;
}

static void unplug(int master, const char *name)
{
    close(master);
    unlink(scratch_path(name));
}

static void a_board_is_found_among_ports(void **state)
{
    (void)state;
    struct ob_sensor *sensor = ob_serial_create(&(struct ob_serial_desc){.folder = scratch_folder});
    heard.count = 0;
    int64_t now = OB_NS_PER_S;
    serve(sensor, now, 0);
    assert_int_equal(state_of(sensor, "No board is plugged in"), OB_SOURCE_SEARCHING);
    /* a silent port, one that is forbidden, and the board */
    const int silent = plug_in_at("ttyUSB2"), forbidden = plug_in_at("ttyUSB10"), board = plug_in_at("ttyACM0");
    assert_int_equal(chmod(scratch_path("ttyUSB10"), 0), 0);
    assert_int_equal(chmod(scratch_folder, 0755), 0);
    scratch_write("ttyUSB", "x", 1);
    scratch_write("ttyUSBx", "x", 1);
    const bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(65534), 0);
    int seconds = 0;
    for (; seconds < 20 && heard_of(&heard, OB_EVENT_RR) == 0; seconds++) {
        say(board, "Q800\n");
        serve(sensor, now += OB_NS_PER_S, 20);
    }
    if (root)
        assert_int_equal(seteuid(0), 0);
    print_message("found after %d s\n", seconds);
    assert_true(seconds > 3 && seconds < 10);
    assert_int_equal(state_of(sensor, "ttyACM0"), OB_SOURCE_STREAMING);
    struct ob_sensor_status others[4];
    serve(sensor, now += 3 * OB_NS_PER_S, 0);
    const int count = sensor->ops->found(sensor, others, 4);
    assert_int_equal(count, 2);
    assert_non_null(strstr(others[0].id, "/ttyUSB2"));
    assert_non_null(strstr(others[1].id, "/ttyUSB10"));
    assert_non_null(strstr(others[1].sentence, "dialout"));
    /* it comes back by another name, and nothing is bridged */
    unplug(board, "ttyACM0");
    serve(sensor, now += OB_NS_PER_S, 100);
    assert_int_equal(state_of(sensor, "unplugged"), OB_SOURCE_BACKOFF);
    assert_int_equal(heard.event[heard.count - 1].kind, OB_EVENT_GAP);
    heard.count = 0;
    unplug(silent, "ttyUSB2");
    unplug(forbidden, "ttyUSB10");
    serve(sensor, now += OB_NS_PER_S, 0);
    assert_int_equal(state_of(sensor, "gone"), OB_SOURCE_BACKOFF);
    const int again = plug_in_at("ttyACM1");
    serve(sensor, now += OB_NS_PER_S, 0);
    say(again, "Q810\n");
    serve(sensor, now += OB_NS_PER_S, 1000);
    assert_int_equal(state_of(sensor, "ttyACM1"), OB_SOURCE_STREAMING);
    assert_int_equal(heard_of(&heard, OB_EVENT_RR), 1);
    sensor->ops->close(sensor);
    unplug(again, "ttyACM1");
}

static speed_t speed_of(int master)
{
    struct termios settings;
    assert_int_equal(tcgetattr(master, &settings), 0);
    return cfgetospeed(&settings);
}

static void other_speeds_are_tried_on_the_open_port(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    int64_t now = OB_NS_PER_S;
    serve(sensor, now, 0);
    /* what a board at 9600 looks like at any other speed; a pty carries bytes at any */
    static const unsigned char noise[] = {0xF8, 0x80, 0x00, 0xE0, 0x18, 0xFE, 0x0A, 0x9C, 0x0A, 0xC0};
    int tries = 0;
    for (; tries < 60 && speed_of(master) != B9600; tries++) {
        assert_int_equal(write(master, noise, sizeof noise), (ssize_t)sizeof noise);
        serve(sensor, now += 200 * OB_NS_PER_MS, 1000);
    }
    assert_true(tries > 15 && tries < 30);
    state_of(sensor, "9600");
    heard.count = 0;
    for (int i = 0; i < 400; i++) {
        say(master, i % 5 ? "512\r\n" : "530\r\n");
        serve(sensor, now += 10 * OB_NS_PER_MS, 1000);
    }
    assert_int_equal(state_of(sensor, "100.0 Hz"), OB_SOURCE_STREAMING);
    assert_int_equal(speed_of(master), B9600);
    assert_true(heard_of(&heard, OB_EVENT_SAMPLES) > 20);
    sensor->ops->close(sensor);
    close(master);
}

static void noise_at_every_speed_is_named(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    int64_t now = OB_NS_PER_S;
    serve(sensor, now, 0);
    for (int i = 0; i < 60; i++) {
        say(master, "\xff\xfe\n\x80\n");
        serve(sensor, now += 200 * OB_NS_PER_MS, 1000);
    }
    assert_int_equal(state_of(sensor, "every usual speed"), OB_SOURCE_CONNECTING);
    assert_int_equal(heard.count, 0);
    struct pollfd fds[4];
    assert_int_equal(sensor->ops->descriptors(sensor, fds, 4), 1); /* the port is kept */
    sensor->ops->close(sensor);
    close(master);
}

static void a_line_spelled_by_noise_is_no_beat(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    int64_t now = OB_NS_PER_S;
    serve(sensor, now, 0);
    for (int i = 0; i < 50; i++) {
        say(master, i < 10 ? "\x80\n\xfe\n\x81\n\xf0\n\x82\n" : "\x80\n\xfe\nQ800\n\x81\n\xf0\n");
        serve(sensor, now += 20 * OB_NS_PER_MS, 1000);
    }
    assert_int_equal(heard_of(&heard, OB_EVENT_RR), 0);
    sensor->ops->close(sensor);
    close(master);
}

static void a_flood_is_taken_in_slices(void **state)
{
    (void)state;
    const int master = plug_in();
    struct ob_sensor *sensor = open_board(0);
    int64_t now = OB_NS_PER_S;
    serve(sensor, now, 0);
    fcntl(master, F_SETFL, O_NONBLOCK);
    char text[4096];
    memset(text, 'x', sizeof text);
    size_t sent = 0;
    struct pollfd fds[4];
    /* within one slice of time */
    for (int i = 0; i < 2000 && sensor->ops->descriptors(sensor, fds, 4) == 1; i++) {
        const ssize_t got = write(master, text, sizeof text);
        sent += got > 0 ? (size_t)got : 0;
        serve(sensor, now += OB_NS_PER_MS / 100, 1000);
    }
    assert_true(sent < 200000);
    assert_int_equal(sensor->ops->descriptors(sensor, fds, 4), 0);
    const int64_t due = sensor->ops->deadline_ns(sensor);
    assert_true(due > now && due <= now + 100 * OB_NS_PER_MS);
    serve(sensor, due, 0);
    assert_int_equal(sensor->ops->descriptors(sensor, fds, 4), 1);
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
        cmocka_unit_test(frames_give_a_heart_and_a_breath),
        cmocka_unit_test(a_board_is_found_among_ports),
        cmocka_unit_test(other_speeds_are_tried_on_the_open_port),
        cmocka_unit_test(noise_at_every_speed_is_named),
        cmocka_unit_test(a_line_spelled_by_noise_is_no_beat),
        cmocka_unit_test(a_flood_is_taken_in_slices),
        cmocka_unit_test(what_is_no_port_fails_in_words),
        cmocka_unit_test(a_forbidden_port_names_the_group),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
