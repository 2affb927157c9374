/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every page at many sizes, in a language whose words are half as long again: what can be chosen lies on the page and
 * on nothing else, no words are cut off, and all can be read on what they stand on. */
#include "app/gallery/gallery_pages.h"
#include "ui/parts.h"

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

static const int sizes[][2] = {{640, 360},   {1024, 600}, {1280, 720},  {1920, 1080}, {2560, 1080},
                               {3440, 1440}, {720, 1280}, {1080, 1920}, {3840, 2160}};
#define LEAST_UNITS 1.6 /* words that explain, shrunk as far as a line may */
#define SIZES       (sizeof sizes / sizeof *sizes)

static struct ob_words words;
static struct ob_gallery_pages *pages;
static struct ob_ui_host *host;
static struct ob_ui_sensor_screen *sensors;

/* Half as long again, behind any conversion of a format. Static memory: a model copies it. */
static const char *longer(const char *english)
{
    static struct {
        const char *from;
        char to[900];
    } known[400];
    static int count;
    for (int i = 0; i < count; i++)
        if (known[i].from == english)
            return known[i].to;
    assert_true(count < 400);
    known[count].from = english;
    const size_t length = strlen(english), more = (length + 1) / 2;
    char *to = known[count++].to;
    assert_true(length + more < sizeof known[0].to);
    strcpy(to, english);
    for (size_t i = 0; i < more; i++)
        to[length + i] = i % 7 == 0 && more > 7 ? ' ' : 'n';
    return to;
}

static void check(const struct ob_ui_focus *focus, const char *name, int width, double overscan_01)
{
    const double cut = overscan_01 * width - 0.5;
    assert_true(focus->count > 0);
    for (int i = 0; i < focus->count; i++) {
        const struct ob_ui_box *a = &focus->item[i].box;
        if (a->width == 0.0 && a->height == 0.0)
            continue; /* stands for nothing in particular */
        if (a->x < cut || a->x + a->width > width - cut || a->width < 1.0 || a->height < 1.0)
            fail_msg("%s at %d: item %d is not on the page", name, width, i);
        for (int j = 0; j < i; j++) {
            const struct ob_ui_box *b = &focus->item[j].box;
            const double x = fmin(a->x + a->width, b->x + b->width) - fmax(a->x, b->x);
            const double y = fmin(a->y + a->height, b->y + b->height) - fmax(a->y, b->y);
            const bool inside = b->y <= a->y && b->y + b->height >= a->y + a->height; /* a button in a row */
            if (x > 0.5 && y > 0.5 && !inside)
                fail_msg("%s at %d: items %d and %d lie on each other", name, width, j, i);
        }
    }
}

static void every_page_fits_every_size(void **state)
{
    (void)state;
    for (size_t s = 0; s < 2 * SIZES; s++)
        for (int page = 0; page < OB_GALLERY_PAGES; page++) {
            const int width = sizes[s / 2][0], height = sizes[s / 2][1];
            const double overscan_01 = s % 2 ? 0.05 : 0.0; /* what televisions cut off */
            const struct ob_ui_screen *screen = ob_gallery_page_screen(page);
            /* Words are measured, not looked at: drawing leaves nothing behind. */
            cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
            cairo_t *cairo = cairo_create(surface);
            if (screen) {
                host->overscan_01 = overscan_01;
                ob_ui_host_show(host, screen, ob_gallery_page_user(pages, page), 0);
                ob_ui_host_paint(host, cairo, &words, width, height);
                check(&host->focus, ob_gallery_page_name(page), width, overscan_01);
            } else {
                sensors->overscan_01 = overscan_01;
                ob_ui_sensor_screen_draw(sensors, &pages->sensors, cairo, &words, host->theme, width, height);
                check(&sensors->focus, ob_gallery_page_name(page), width, overscan_01);
            }
            const struct ob_ui_told *told = screen ? &host->told : &sensors->told;
            if (told->least_units < LEAST_UNITS)
                fail_msg("%s at %dx%d: words of only %.2f units", ob_gallery_page_name(page), width, height,
                         told->least_units);
            if (told->cut > 0)
                fail_msg("%s at %dx%d: '%s' is cut off", ob_gallery_page_name(page), width, height, told->cut_words);
            cairo_destroy(cairo);
            cairo_surface_destroy(surface);
        }
}

static struct ob_ui_colour over(const struct ob_ui_colour *above, double alpha, double below)
{
    return (struct ob_ui_colour){alpha * above->red + (1 - alpha) * below, alpha * above->green + (1 - alpha) * below,
                                 alpha * above->blue + (1 - alpha) * below, 1.0};
}

static void words_can_be_read_in_every_theme(void **state)
{
    (void)state;
    static const char *const names[] = {"dusk", "day", "contrast", "black"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct ob_ui_theme *t = ob_ui_theme(names[i]);
        assert_string_equal(t->name, names[i]);
        const double least = strcmp(names[i], "contrast") == 0 ? 7.0 : 4.5;
        const struct ob_ui_colour *inks[] = {&t->ink, &t->faint, &t->accent};
        for (size_t k = 0; k < 3; k++) {
            assert_true(ob_ui_contrast(inks[k], &t->raised) >= least);
            assert_true(ob_ui_contrast(inks[k], &t->lifted) >= least);
            for (double scene = 0.0; scene <= 1.0; scene += 0.25) { /* from black to white behind a page */
                const double left = t->ground.alpha < 1.0 ? t->ground.alpha * ob_ui_sheer_01(t) : 1.0;
                const struct ob_ui_colour ground = over(&t->ground, left, scene);
                const double contrast = ob_ui_contrast(inks[k], &ground);
                if (contrast < least)
                    fail_msg("%s: words %zu have %.2f over a scene of %.2f", names[i], k, contrast, scene);
            }
        }
    }
}

static const char *same(const char *english)
{
    return english;
}

/* What a device says has a place of its own on the page of the first start, which is full. */
static void a_line_lies_over_nothing(void **state)
{
    (void)state;
    const char *line = "There is no sound device; until one is there, all goes on without sound.";
    struct ob_gallery_pages *plain = malloc(sizeof *plain);
    assert_non_null(plain);
    ob_gallery_pages_fill(plain, same);
    cairo_surface_t *surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cairo = cairo_create(surface);
    host->tr = NULL;
    host->overscan_01 = 0.0;
    snprintf(host->line, sizeof host->line, "%s", line);
    ob_ui_host_show(host, ob_gallery_page_screen(OB_GALLERY_FIRST), ob_gallery_page_user(plain, OB_GALLERY_FIRST), 0);
    ob_ui_host_paint(host, cairo, &words, 1280, 720);
    char said[OB_UI_TOLD_BYTES];
    assert_true(ob_ui_host_words(host, said, sizeof said));
    assert_non_null(strstr(said, line)); /* in its place on the page */
    assert_true(host->foot_px <= 0.0);   /* and not at its foot */
    for (int i = 0; i < host->focus.count; i++)
        assert_true(host->focus.item[i].box.y + host->focus.item[i].box.height <= 720.0);
    host->line[0] = '\0';
    host->tr = longer;
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    free(plain);
}

static double alpha_at(cairo_surface_t *surface, double x, double y)
{
    const unsigned char *pixels = cairo_image_surface_get_data(surface);
    return pixels[(int)y * cairo_image_surface_get_stride(surface) + 4 * (int)x + 3] / 255.0;
}

/* Dark words stand on paper, and around it the scene is as it is; light ones stand on a veil over all of it. */
static void a_scene_lives_behind_its_pages(void **state)
{
    (void)state;
    static const char *const names[] = {"dusk", "day", "contrast", "black"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 1280, 720);
        cairo_t *cairo = cairo_create(surface);
        host->theme = ob_ui_theme(names[i]);
        ob_ui_host_show(host, ob_gallery_page_screen(OB_GALLERY_DURING), pages, 0);
        ob_ui_host_paint(host, cairo, &words, 1280, 720);
        cairo_surface_flush(surface);
        const bool bright = ob_ui_needs_paper(host->theme), hidden = host->theme->ground.alpha >= 1.0;
        const double corner = alpha_at(surface, 4, 4);
        if (bright) { /* the sensors' page has a sheet of its own, between the scene above it and that below it */
            cairo_surface_t *page = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 1280, 720);
            cairo_t *on = cairo_create(page);
            ob_ui_sensor_screen_draw(sensors, &pages->sensors, on, &words, host->theme, 1280, 720);
            cairo_surface_flush(page);
            assert_true(alpha_at(page, 4, 4) <= 0.0 && alpha_at(page, 1275, 715) <= 0.0);
            assert_true(alpha_at(page, 640, 715) <= 0.0 && alpha_at(page, 4, 360) <= 0.0);
            for (int k = 0; k < sensors->focus.count; k++) {
                const struct ob_ui_box *box = &sensors->focus.item[k].box;
                assert_true(alpha_at(page, box->x - 9.0, box->y - 9.0) > 0.93);
                assert_true(alpha_at(page, box->x + box->width + 9.0, box->y + box->height + 9.0) > 0.93);
            }
            cairo_destroy(on);
            cairo_surface_destroy(page);
        }
        print_message("%s: %.2f of the scene is covered beside a page\n", names[i], corner);
        assert_true(bright ? corner <= 0.0 : hidden ? corner >= 1.0 : corner < 0.75);
        for (int k = 0; bright && k < host->focus.count; k++) {
            const struct ob_ui_box *box = &host->focus.item[k].box;
            for (int side = 0; side < 4; side++) {
                const double x = side & 1 ? box->x + box->width + 9.0 : box->x - 9.0;
                const double y = side & 2 ? box->y + box->height + 9.0 : box->y - 9.0;
                if (x >= 0.0 && x < 1280.0 && y >= 0.0 && y < 720.0)
                    assert_true(alpha_at(surface, x, y) > 0.93);
            }
        }
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
    }
    host->theme = ob_ui_theme("dusk");
}

static int set_up(void **state)
{
    (void)state;
    pages = malloc(sizeof *pages);
    host = calloc(1, sizeof *host);
    sensors = calloc(1, sizeof *sensors);
    if (!pages || !host || !sensors || !ob_words_init(&words))
        return -1;
    ob_gallery_pages_fill(pages, longer);
    host->theme = ob_ui_theme("dusk");
    host->tr = longer;
    ob_ui_sensor_screen_init(sensors);
    sensors->tr = longer;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ob_words_finish(&words);
    free(pages);
    free(host);
    free(sensors);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_fits_every_size),
        cmocka_unit_test(words_can_be_read_in_every_theme),
        cmocka_unit_test(a_scene_lives_behind_its_pages),
        cmocka_unit_test(a_line_lies_over_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
