/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sensor screen: everything on it can be reached by keys alone, by a pointer alone, and is seen. */
#include "base/maths.h"
#include "base/time.h"
#include "ui/parts.h"
#include "ui/sensor_screen.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_ui_sensors model;
static struct ob_ui_sensor_screen screen;
static struct ob_words words;
static cairo_surface_t *surface;

static struct ob_ui_sensor *add(const char *id, const char *name, const char *sentence, bool live, float quality_01)
{
    struct ob_ui_sensor *s = &model.sensor[model.count++];
    memset(s, 0, sizeof *s);
    snprintf(s->id, sizeof s->id, "%s", id);
    snprintf(s->name, sizeof s->name, "%s", name);
    snprintf(s->sentence, sizeof s->sentence, "%s", sentence);
    s->open = s->live = live;
    s->quality_01 = quality_01;
    s->battery_pct = -1;
    if (live) {
        s->bpm = 64.0;
        struct ob_ui_trace *t = &s->trace;
        t->wave = true;
        t->points = OB_UI_TRACE_POINTS;
        t->step_ns = OB_NS_PER_S / 64;
        t->newest_ns = t->last_ns = 1000 * OB_NS_PER_S;
        t->span_ns = 7 * OB_NS_PER_S;
        for (int i = 0; i < t->points; i++)
            t->point[i] = (float)sin(i * 0.3);
        t->beats = 2;
        t->beat_ns[0] = t->last_ns - OB_NS_PER_S;
        t->beat_ns[1] = t->last_ns - OB_NS_PER_S / 4;
    }
    return s;
}

static int set_up(void **state)
{
    (void)state;
    return ob_words_init(&words) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    if (surface)
        cairo_surface_destroy(surface);
    ob_words_finish(&words);
    return 0;
}

static void draw(int width, int height, const char *theme)
{
    if (surface)
        cairo_surface_destroy(surface);
    surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cairo = cairo_create(surface);
    ob_ui_sensor_screen_draw(&screen, &model, cairo, &words, ob_ui_theme(theme), width, height);
    assert_int_equal(cairo_status(cairo), CAIRO_STATUS_SUCCESS);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
}

static void three(void)
{
    memset(&model, 0, sizeof model);
    ob_ui_sensor_screen_init(&screen);
    struct ob_ui_sensor *s = add("serial:a", "Board A", "Receiving.", true, 0.9f);
    s->heart = s->breath = true;
    s = add("serial:b", "Board B", "The signal is poor. Moisten the electrodes and press them on.", true, 0.2f);
    s->sends_breath = true;
    s = add("bluetooth:c", "Strap C", "In sight, and free.", false, -1.0f);
    s->rssi_dbm = -61;
    s->battery_pct = 80;
    add("bluetooth:none", "", "No Bluetooth.", false, -1.0f)->about = true;
}

static struct ob_ui_sensor_choice press(enum ob_ui_input input)
{
    const struct ob_ui_sensor_choice choice = ob_ui_sensor_screen_input(&screen, &model, input);
    draw(1920, 1080, NULL);
    return choice;
}

static const struct ob_ui_item *item_of(uint64_t key)
{
    for (int i = 0; i < screen.focus.count; i++)
        if (screen.focus.item[i].key == key)
            return &screen.focus.item[i];
    fail_msg("no such item");
    return NULL;
}

static void keys_alone_reach_everything(void **state)
{
    (void)state;
    three();
    draw(1920, 1080, NULL);
    assert_int_equal(screen.focus.count, 5); /* three rows, a button for breathing, back */
    struct ob_ui_sensor_choice choice = press(OB_UI_CHOOSE);
    assert_true(choice.act == OB_UI_SENSOR_HEART && strcmp(choice.id, "serial:a") == 0);
    press(OB_UI_DOWN);
    choice = press(OB_UI_CHOOSE);
    assert_true(choice.act == OB_UI_SENSOR_HEART && strcmp(choice.id, "serial:b") == 0);
    press(OB_UI_NEXT);
    choice = press(OB_UI_CHOOSE);
    assert_true(choice.act == OB_UI_SENSOR_BREATH && strcmp(choice.id, "serial:b") == 0);
    press(OB_UI_DOWN);
    choice = press(OB_UI_CHOOSE);
    assert_true(choice.act == OB_UI_SENSOR_HEART && strcmp(choice.id, "bluetooth:c") == 0);
    press(OB_UI_DOWN);
    assert_int_equal(press(OB_UI_CHOOSE).act, OB_UI_SENSOR_LEAVE);
    press(OB_UI_DOWN);
    assert_int_equal(press(OB_UI_CHOOSE).act, OB_UI_SENSOR_LEAVE); /* the end is the end */
    press(OB_UI_UP);
    assert_string_equal(press(OB_UI_CHOOSE).id, "bluetooth:c");
    press(OB_UI_UP);
    press(OB_UI_UP);
    press(OB_UI_UP);
    assert_string_equal(press(OB_UI_CHOOSE).id, "serial:a");
    assert_int_equal(press(OB_UI_BACK).act, OB_UI_SENSOR_LEAVE);
    press(OB_UI_PREVIOUS); /* around the end */
    assert_int_equal(press(OB_UI_CHOOSE).act, OB_UI_SENSOR_LEAVE);
}

static void a_pointer_alone_reaches_everything(void **state)
{
    (void)state;
    three();
    draw(1920, 1080, NULL);
    static const struct {
        const char *id;
        unsigned part;
        enum ob_ui_sensor_act act;
    } wanted[] = {{"serial:a", 0, OB_UI_SENSOR_HEART},
                  {"serial:b", 0, OB_UI_SENSOR_HEART},
                  {"serial:b", 1, OB_UI_SENSOR_BREATH},
                  {"bluetooth:c", 0, OB_UI_SENSOR_HEART},
                  {"back", 7, OB_UI_SENSOR_LEAVE}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const uint64_t key = ob_ui_key(wanted[i].id, wanted[i].part);
        const struct ob_ui_box box = item_of(key)->box;
        const double x = box.x + 0.9 * box.width, y = box.y + 0.5 * box.height;
        struct ob_ui_sensor_choice choice = ob_ui_sensor_screen_pointer(&screen, &model, x, y, false);
        assert_int_equal(choice.act, OB_UI_SENSOR_STAY);
        assert_true(screen.focus.at == key);
        choice = ob_ui_sensor_screen_pointer(&screen, &model, x, y, true);
        assert_int_equal(choice.act, wanted[i].act);
        assert_true(choice.act == OB_UI_SENSOR_LEAVE || strcmp(choice.id, wanted[i].id) == 0);
        assert_true(box.height >= 0.05 * 1080); /* large enough for a finger */
    }
    assert_int_equal(ob_ui_sensor_screen_pointer(&screen, &model, 3, 3, true).act, OB_UI_SENSOR_STAY);
}

static void the_focus_is_seen_and_follows_its_sensor(void **state)
{
    (void)state;
    for (int t = 0; t < 3; t++) {
        static const char *const themes[] = {"dusk", "contrast", "black"};
        three();
        draw(1280, 720, themes[t]);
        const struct ob_ui_box box = item_of(ob_ui_key("serial:b", 0))->box;
        const int stride = cairo_image_surface_get_stride(surface);
        const int y = (int)(box.y + 0.5 * box.height), x = (int)(box.x + 0.5);
        uint32_t without, with;
        memcpy(&without, cairo_image_surface_get_data(surface) + y * stride + 4 * x, 4);
        ob_ui_sensor_screen_input(&screen, &model, OB_UI_DOWN);
        draw(1280, 720, themes[t]);
        memcpy(&with, cairo_image_surface_get_data(surface) + y * stride + 4 * x, 4);
        const double before = (without >> 8 & 255) / 255.0, after = (with >> 8 & 255) / 255.0;
        assert_true(fabs(after - before) > 0.25); /* the ring */
    }
    /* others come and go: the focus stays with its sensor; when that goes, it stays near */
    three();
    draw(1920, 1080, NULL);
    press(OB_UI_DOWN);
    model.sensor[3] = model.sensor[0];
    model.sensor[0] = model.sensor[2];
    model.sensor[2] = model.sensor[3];
    model.count = 3;
    draw(1920, 1080, NULL);
    assert_string_equal(press(OB_UI_CHOOSE).id, "serial:b");
    model.sensor[1] = model.sensor[2];
    model.count = 2;
    draw(1920, 1080, NULL);
    assert_string_equal(press(OB_UI_CHOOSE).id, "serial:a");
    model.count = 0;
    draw(1920, 1080, NULL);
    assert_int_equal(press(OB_UI_CHOOSE).act, OB_UI_SENSOR_LEAVE);
}

static void a_long_list_scrolls_so_that_the_focus_is_whole(void **state)
{
    (void)state;
    memset(&model, 0, sizeof model);
    ob_ui_sensor_screen_init(&screen);
    for (int i = 0; i < 20; i++) {
        char id[20];
        snprintf(id, sizeof id, "serial:%d", i);
        /* half as long again as the longest of our own */
        add(id, "Ein Herzfrequenzsensor mit langem Namen am Anschluss vierzehn",
            "Das Signal ist schwach. Bitte befeuchten Sie die Elektroden, und achten Sie darauf, dass der Gurt "
            "ueberall "
            "fest an der Haut anliegt, ohne zu druecken.",
            i % 2, 0.5f)
            ->sends_breath = true;
    }
    static const int sizes[][2] = {{1920, 1080}, {1280, 720}, {3440, 1440}, {1080, 1920}, {480, 320}};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        const int width = sizes[k][0], height = sizes[k][1];
        draw(width, height, NULL);
        int seen = 0;
        for (int i = 0; i < 60; i++) {
            ob_ui_sensor_screen_input(&screen, &model, i < 30 ? OB_UI_DOWN : OB_UI_UP);
            draw(width, height, NULL);
            const struct ob_ui_box box = item_of(screen.focus.at)->box;
            const bool whole =
                box.x >= 0 && box.y >= 0 && box.x + box.width <= width + 1 && box.y + box.height <= height + 1;
            if (!whole && box.height < 0.5 * height)
                print_error("%dx%d: %g %g %g %g\n", width, height, box.x, box.y, box.width, box.height);
            assert_true(whole || box.height >= 0.5 * height);
            seen++;
        }
        assert_int_equal(seen, 60);
        assert_string_equal(ob_ui_sensor_screen_input(&screen, &model, OB_UI_CHOOSE).id, "serial:0");
    }
}

static void words_stand_out_from_their_ground(void **state)
{
    (void)state;
    static const char *const themes[] = {"dusk", "contrast", "black"};
    for (int t = 0; t < 3; t++) {
        const struct ob_ui_theme *theme = ob_ui_theme(themes[t]);
        assert_string_equal(theme->name, themes[t]);
        const struct ob_ui_colour *grounds[] = {&theme->raised, &theme->lifted, &theme->ground};
        for (int g = 0; g < 3; g++) {
            assert_true(ob_ui_contrast(&theme->ink, grounds[g]) >= (t == 1 ? 12.0 : 7.0));
            assert_true(ob_ui_contrast(&theme->faint, grounds[g]) >= 4.5);
            assert_true(ob_ui_contrast(&theme->line, grounds[g]) >= 4.5);
            assert_true(ob_ui_contrast(&theme->accent, grounds[g]) >= 4.5);
        }
    }
    assert_string_equal(ob_ui_theme("no such")->name, "dusk");
    const struct ob_ui_colour black = {0, 0, 0, 1}, white = {1, 1, 1, 1};
    assert_true(fabs(ob_ui_contrast(&black, &white) - 21.0) < 1e-9);
}

static void what_is_new_in_a_trace_leaves_the_rest_still(void **state)
{
    (void)state;
    three();
    draw(1920, 1080, "contrast");
    const size_t size = (size_t)cairo_image_surface_get_stride(surface) * 1080;
    unsigned char *before = malloc(size);
    memcpy(before, cairo_image_surface_get_data(surface), size);
    for (int i = 0; i < 2; i++) { /* a tenth of a second later */
        struct ob_ui_trace *t = &model.sensor[i].trace;
        memmove(t->point, t->point + 6, sizeof *t->point * (OB_UI_TRACE_POINTS - 6));
        for (int k = 1; k <= 6; k++)
            t->point[OB_UI_TRACE_POINTS - k] = 0.3f;
        t->last_ns += 6 * t->step_ns;
        t->newest_ns = t->last_ns;
    }
    draw(1920, 1080, "contrast");
    size_t changed = 0;
    for (size_t i = 0; i < size; i += 4)
        changed += memcmp(before + i, cairo_image_surface_get_data(surface) + i, 4) != 0;
    free(before);
    print_message("%d points changed\n", (int)changed);
    assert_true(changed > 50 && changed < 6000); /* of two million */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_alone_reach_everything),
        cmocka_unit_test(a_pointer_alone_reaches_everything),
        cmocka_unit_test(the_focus_is_seen_and_follows_its_sensor),
        cmocka_unit_test(a_long_list_scrolls_so_that_the_focus_is_whole),
        cmocka_unit_test(words_stand_out_from_their_ground),
        cmocka_unit_test(what_is_new_in_a_trace_leaves_the_rest_still),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
