/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sensor screen over a hub: what is found is shown, and what is chosen is taken. Time is virtual. */
#include "app/window/sensor_panel.h"
#include "base/time.h"
#include "sensor/person_source.h"

#include <fcntl.h>
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

static char folder[200], port[260];
static int board = -1, sample;
static struct ob_hub *hub;
static struct ob_sensor_panel panel;
static struct ob_overlay overlay;
static struct ob_words words;
static int64_t now_ns;
static struct {
    int heart[OB_HUB_SOURCES_MAX + 1], breath[OB_HUB_SOURCES_MAX + 1], gaps;
} heard;

static void hear(void *user, const struct ob_event *event)
{
    (void)user;
    const bool samples = event->kind == OB_EVENT_SAMPLES;
    const bool breath = samples && event->u.samples.signal == OB_SIGNAL_RESP;
    heard.breath[event->source] += breath;
    heard.heart[event->source] += (samples && !breath) || event->kind == OB_EVENT_RR;
    heard.gaps += event->kind == OB_EVENT_GAP;
}

static void plug_in(void)
{
    board = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(board >= 0 && grantpt(board) == 0 && unlockpt(board) == 0);
    snprintf(port, sizeof port, "%s/ttyUSB0", folder);
    assert_int_equal(symlink(ptsname(board), port), 0);
}

/* A heart at a place of its cycle: P, R and T. */
static int ecg_at(double turn)
{
    const double p = (turn - 0.25) / 0.03, r = (turn - 0.40) / 0.012, t = (turn - 0.65) / 0.05;
    return (int)(90.0 * exp(-p * p) + 900.0 * exp(-r * r) + 160.0 * exp(-t * t));
}

/* Frames of a board that sends an ECG and breathing, 125 a second; then what is due. */
static void run(double seconds)
{
    const int64_t end_ns = now_ns + ob_ns_from_s(seconds);
    for (; now_ns < end_ns; now_ns += 40 * OB_NS_PER_MS) {
        for (int i = 0; board >= 0 && i < 5; i++, sample++) {
            const int ecg = ecg_at(sample % 110 / 110.0) + rand() % 12;
            const int breath = (int)(500 * sin(sample * 0.005));
            const unsigned char frame[16] = {0x0A,
                                             0xFA,
                                             9,
                                             0,
                                             2,
                                             (unsigned char)ecg,
                                             (unsigned char)(ecg >> 8),
                                             (unsigned char)breath,
                                             (unsigned char)(breath >> 8),
                                             0,
                                             0,
                                             0,
                                             0,
                                             0,
                                             0,
                                             0x0B};
            const ssize_t got = write(board, frame, sizeof frame); /* while nobody reads, it is lost */
            (void)got;
        }
        if (board >= 0)
            usleep(1000); /* the pty carries bytes over in its own time */
        ob_hub_service(hub, now_ns);
        ob_sensor_panel_step(&panel, now_ns, &overlay);
    }
}

static void draw(void)
{
    assert_true(overlay.screen_key != 0);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 1280, 720);
    cairo_t *cairo = cairo_create(surface);
    overlay.paint_screen(overlay.paint_user, cairo, &words, 1280, 720);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

static const struct ob_ui_sensor *row(const char *part)
{
    for (int i = 0; i < panel.model.count; i++)
        if (strstr(panel.model.sensor[i].id, part))
            return &panel.model.sensor[i];
    return NULL;
}

static bool press(enum ob_ui_input input)
{
    const bool chosen = ob_sensor_panel_input(&panel, input);
    if (panel.open) {
        ob_sensor_panel_step(&panel, now_ns, &overlay);
        draw();
    }
    return chosen;
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/outbreath-panel-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(folder) || !ob_words_init(&words))
        return 1;
    setenv("OUTBREATH_SERIAL_DIR", folder, 1);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ob_words_finish(&words);
    unlink(port);
    return rmdir(folder);
}

static void begin(void)
{
    assert_int_equal(ob_hub_create(&(struct ob_hub_desc){.emit = hear}, &hub), OB_OK);
    struct ob_person_source_desc desc = {.feed = OB_PERSON_FEED_RR};
    ob_person_desc_init(&desc.person);
    assert_int_equal(ob_hub_add(hub, ob_person_source_create(&desc), OB_HUB_ALL), 1);
    ob_sensor_panel_init(&panel, "dusk", false);
    memset(&overlay, 0, sizeof overlay);
    memset(&heard, 0, sizeof heard);
    now_ns = OB_NS_PER_S;
    run(2.0);
    assert_int_equal(overlay.screen_key, 0);
    ob_sensor_panel_open(&panel, hub);
    run(1.0);
    draw();
}

static void end(void)
{
    ob_sensor_panel_close(&panel);
    ob_hub_destroy(hub);
    if (board >= 0)
        close(board);
    board = -1;
    unlink(port);
}

static void what_is_in_use_and_what_is_absent_is_shown(void **state)
{
    (void)state;
    begin();
    assert_int_equal(panel.model.count, 3);
    const struct ob_ui_sensor *person = row("person:");
    assert_true(person && person->heart && person->live && person->simulated);
    assert_true(row("serial:auto")->about && strstr(row("serial:auto")->sentence, "No board is plugged in"));
    assert_true(row("bluetooth:any")->about && strstr(row("bluetooth:any")->sentence, "no Bluetooth"));
    end();
}

static void a_board_that_is_plugged_in_can_be_chosen(void **state)
{
    (void)state;
    begin();
    plug_in();
    run(12.0);
    draw();
    const struct ob_ui_sensor *s = row("ttyUSB0");
    assert_true(s && s->live && s->sends_breath && !s->heart && !s->breath);
    print_message("quality %.2f, %.1f bpm, %d beats\n", (double)s->quality_01, s->bpm, s->trace.beats);
    assert_true(s->quality_01 > 0.5f && fabs(s->bpm - 60.0 * 125 / 110) < 3.0 && s->trace.beats > 5);
    assert_true(heard.heart[1] > 0 && heard.gaps == 0);
    for (int i = 2; i <= OB_HUB_SOURCES_MAX; i++)
        assert_int_equal(heard.heart[i] + heard.breath[i], 0); /* nothing reaches the session before */

    press(OB_UI_DOWN);
    assert_true(press(OB_UI_CHOOSE));
    memset(&heard, 0, sizeof heard);
    run(4.0);
    assert_int_equal(heard.heart[1], 0);
    int from = 0;
    for (int i = 2; i <= OB_HUB_SOURCES_MAX; i++)
        from = heard.heart[i] > 0 ? i : from;
    assert_true(from > 0 && heard.breath[from] > 0 && heard.gaps == 1);
    assert_true(row("ttyUSB0")->heart && row("ttyUSB0")->breath && !row("person:")->heart);

    /* leaving closes what the session does not take */
    assert_false(press(OB_UI_BACK));
    assert_false(panel.open);
    struct ob_sensor_status status;
    int left = 0;
    for (int i = 0; i < OB_HUB_SOURCES_MAX; i++)
        left += ob_hub_status(hub, i, &status);
    assert_int_equal(left, 1);
    memset(&heard, 0, sizeof heard);
    run(2.0);
    assert_true(heard.heart[from] > 0 && heard.gaps == 0);
    assert_int_equal(overlay.screen_key, 0);
    end();
}

static void breathing_alone_can_be_taken_from_another(void **state)
{
    (void)state;
    plug_in();
    begin();
    run(12.0);
    draw();
    press(OB_UI_DOWN);
    press(OB_UI_NEXT); /* the button in the row */
    assert_true(press(OB_UI_CHOOSE));
    memset(&heard, 0, sizeof heard);
    run(6.0);
    assert_true(heard.heart[1] > 3 && heard.gaps == 0);
    int breaths = 0, hearts = 0;
    for (int i = 2; i <= OB_HUB_SOURCES_MAX; i++) {
        breaths += heard.breath[i];
        hearts += heard.heart[i];
    }
    assert_true(breaths > 10 && hearts == 0);
    assert_true(row("person:")->heart && row("ttyUSB0")->breath && !row("ttyUSB0")->heart);
    /* the heart's choice leaves it so */
    draw();
    press(OB_UI_UP);
    assert_true(press(OB_UI_CHOOSE));
    assert_true(row("person:")->heart && row("ttyUSB0")->breath);
    assert_int_equal(ob_hub_taken(hub, 1), OB_HUB_HEART);
    press(OB_UI_BACK);
    memset(&heard, 0, sizeof heard);
    run(3.0);
    assert_true(heard.heart[1] > 0);
    end();
}

static void a_board_that_goes_leaves_the_list(void **state)
{
    (void)state;
    plug_in();
    begin();
    run(4.0);
    assert_non_null(row("ttyUSB0"));
    close(board);
    board = -1;
    unlink(port);
    run(3.0);
    assert_true(row("ttyUSB0") && !row("ttyUSB0")->live); /* it may come back at once */
    run(12.0);
    assert_null(row("ttyUSB0"));
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_use_and_what_is_absent_is_shown),
        cmocka_unit_test(a_board_that_is_plugged_in_can_be_chosen),
        cmocka_unit_test(breathing_alone_can_be_taken_from_another),
        cmocka_unit_test(a_board_that_goes_leaves_the_list),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
