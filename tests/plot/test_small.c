/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small plots: the arithmetic of days, and that each is drawn, the same each time, where it belongs, at any size.
 * With OB_PICTURES=FILE.png all of them are drawn on one sheet for somebody to look at. */
#include "base/maths.h"
#include "plot/calendar.h"
#include "plot/heart.h"
#include "plot/posterior.h"
#include "plot/spectrum.h"
#include "plot/trend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DAY_NS INT64_C(86400000000000)
#define NOW_NS (INT64_C(1795286400) * 1000000000) /* Saturday, 21 November 2026, 18:40 UTC */

static void days_are_local_and_roll(void **state)
{
    (void)state;
    double minutes[7];
    const struct ob_calendar_session sessions[] = {
        {.start_wall_ns = NOW_NS, .utc_offset_s = 3600, .minutes = 10},
        {.start_wall_ns = NOW_NS - 3600 * INT64_C(1000000000), .utc_offset_s = 3600, .minutes = 5},
        /* 23:40 UTC of the day before is today in the east and yesterday in the west */
        {.start_wall_ns = NOW_NS - 19 * 3600 * INT64_C(1000000000), .utc_offset_s = 3600, .minutes = 1},
        {.start_wall_ns = NOW_NS - 19 * 3600 * INT64_C(1000000000), .utc_offset_s = -18000, .minutes = 2},
        {.start_wall_ns = NOW_NS - 6 * DAY_NS, .utc_offset_s = 3600, .minutes = 20},
        {.start_wall_ns = NOW_NS - 7 * DAY_NS, .utc_offset_s = 3600, .minutes = 20}, /* has rolled out */
        {.start_wall_ns = NOW_NS + DAY_NS, .utc_offset_s = 3600, .minutes = 20},     /* a clock that was wrong */
        {.start_wall_ns = NOW_NS - 2 * DAY_NS, .utc_offset_s = 3600, .minutes = 0},  /* nothing was done */
    };
    const int days = ob_calendar_days(sessions, sizeof sessions / sizeof *sessions, NOW_NS, 3600, minutes, 7);
    assert_int_equal(days, 3);
    assert_true(minutes[6] == 16.0 && minutes[5] == 2.0 && minutes[0] == 20.0 && minutes[4] == 0.0);
    assert_int_equal(ob_calendar_weekday(NOW_NS, 3600, 0), 5);
    assert_int_equal(ob_calendar_weekday(NOW_NS, 6 * 3600, 0), 6); /* already Sunday there */
    assert_int_equal(ob_calendar_weekday(NOW_NS, 3600, 6), 6);
    assert_int_equal(ob_calendar_weekday(0, 0, 0), 3); /* 1970 began on a Thursday */
    assert_int_equal(ob_calendar_weekday(0, 0, 4), 6); /* and before that there were days as well */
    assert_int_equal(ob_calendar_days(sessions, 0, NOW_NS, 0, minutes, 7), 0);
}

/* ---- drawing ---------------------------------------------------------------------------------------------------- */

enum which { WEEK, MONTHS, POSTERIOR, TREND, HEART, SPECTRUM, SPECTRUM_EMPTY, HEART_EMPTY, PLOTS };

static struct ob_nn_list list;
static struct ob_heart_breath breaths[900];
static struct ob_heart_mark marks[40];

static void make_data(void)
{
    double t = 0.0;
    for (int i = 0; t < 900.0; i++) {
        const double nn = 900.0 + 60.0 * sin(OB_TAU * 0.1 * t) + (t > 500.0 ? 60.0 : 0.0);
        t += nn * 1e-3 + (i == 300 ? 20.0 : 0.0);
        assert_true(ob_nn_list_add(&list, (struct ob_nn){.time_s = t, .nn_ms = nn, .joined = i != 300}));
    }
    for (int i = 0; i < 900; i++)
        breaths[i] = (struct ob_heart_breath){.time_s = (float)i,
                                              .own_brpm = i % 200 < 20 ? NAN : 12.0f - (float)i / 150.0f,
                                              .pacer_brpm = i < 120 || i > 780 ? NAN : 10.0f - (float)i / 200.0f};
    for (int i = 0; i < 40; i++)
        marks[i] = (struct ob_heart_mark){.at_s = 22.0 * i,
                                          .sign = (enum ob_heart_sign)(i % 20 == 7    ? 1
                                                                       : i % 20 == 14 ? 2
                                                                                      : 0),
                                          .name = i % 3 ? "12" : NULL};
}

static void draw(const struct ob_plot_pen *pen, const struct ob_plot_place *place, enum which which)
{
    static double minutes[371], p[OB_PACE_RATES];
    static struct ob_trend_point points[12];
    static const struct ob_heart_window windows[] = {{0.0, 120.0, "before"}, {780.0, 900.0, "after"}};
    double sum = 0.0;
    for (int i = 0; i < 371; i++)
        minutes[i] = i * 7 % 5 < 2 ? 0.0 : (double)(i * 13 % 25);
    for (int i = 0; i < OB_PACE_RATES; i++)
        sum += p[i] = exp(-0.5 * pow((i - 9.0) / 2.5, 2.0));
    for (int i = 0; i < OB_PACE_RATES; i++)
        p[i] /= sum;
    for (int i = 0; i < 12; i++)
        points[i] = (struct ob_trend_point){.before = 64.0 + 3.0 * sin(i),
                                            .after = i == 4 ? (double)NAN : 61.0 + 2.0 * cos(i),
                                            .compared = i != 6,
                                            .ringed = i == 11};
    const struct ob_week_plot week = {
        .minutes = minutes, .names = {"S", "M", "T", "W", "T", "F", "S"}, .caption = "4 of the last 7 days"};
    static const char *const names[120] = {[3] = "July", [34] = "August", [65] = "September", [95] = "October"};
    const struct ob_months_plot months = {.minutes = minutes, .days = 120, .weekday = 5, .names = names};
    const struct ob_posterior_plot posterior = {.probabilities = p,
                                                .low_brpm = 4.9,
                                                .high_brpm = 5.9,
                                                .named = true,
                                                .mean_brpm = 5.4,
                                                .x_name = "breaths/min"};
    const struct ob_trend_plot trend = {
        .points = points, .count = 12, .usual_low = 60.0, .usual_high = 68.0, .y_name = "heart rate, bpm"};
    struct ob_heart_plot heart = {.list = &list,
                                  .to_s = 900.0,
                                  .breaths = breaths,
                                  .breath_count = 900,
                                  .windows = windows,
                                  .window_count = 2,
                                  .marks = marks,
                                  .mark_count = 40,
                                  .heart_name = "heart rate, bpm",
                                  .breath_name = "breaths/min",
                                  .minutes = "min",
                                  .no_beats = "no heart beat"};
    static double density[206];
    for (int i = 0; i < 206; i++)
        density[i] = 9000.0 * exp(-0.5 * pow((i - 51.2) / 4.0, 2.0)) + 500.0 * exp(-0.01 * i);
    struct ob_spectrum_plot spectrum = {.density = density,
                                        .bins = 206,
                                        .step_hz = 1.0 / 512.0,
                                        .breath_brpm = 5.8,
                                        .pace_brpm = 6.2,
                                        .y_name = "power density, ms\u00b2/Hz",
                                        .x_name = "swings a minute",
                                        .breath_name = "breath",
                                        .pace_name = "pace",
                                        .empty = "not known yet"};
    const struct ob_nn_list none = {.items = NULL};
    switch (which) {
    case WEEK:
        ob_plot_week(pen, place, &week);
        break;
    case MONTHS:
        ob_plot_months(pen, place, &months);
        break;
    case POSTERIOR:
        ob_plot_posterior(pen, place, &posterior);
        break;
    case TREND:
        ob_plot_trend(pen, place, &trend);
        break;
    case HEART:
        ob_plot_heart(pen, place, &heart);
        break;
    case SPECTRUM_EMPTY:
        spectrum.density = NULL;
        spectrum.breath_brpm = (double)NAN;
        /* fall through */
    case SPECTRUM:
        ob_plot_spectrum(pen, place, &spectrum);
        break;
    default:
        heart.list = &none;
        ob_plot_heart(pen, place, &heart);
        break;
    }
}

struct sheet {
    cairo_surface_t *surface;
    int width, height;
};

static struct sheet drawn(enum which which, int width, int height, double text_px, const struct ob_plot_theme *theme)
{
    struct sheet sheet = {cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height), width, height};
    struct ob_words words;
    assert_true(ob_words_init(&words));
    cairo_t *cairo = cairo_create(sheet.surface);
    const struct ob_plot_pen pen = {.cairo = cairo, .words = &words, .theme = theme, .text_px = text_px};
    const struct ob_plot_place place = {0.1 * width, 0.1 * height, 0.8 * width, 0.8 * height};
    ob_pen_box(&pen, 0, 0, width, height, &ob_pen_theme(&pen)->ground);
    draw(&pen, &place, which);
    assert_int_equal(cairo_status(cairo), CAIRO_STATUS_SUCCESS);
    cairo_destroy(cairo);
    ob_words_finish(&words);
    cairo_surface_flush(sheet.surface);
    return sheet;
}

/* Pixels that are not the ground's: in all, and outside the place by more than the words may hang over. */
static void ink(const struct sheet *sheet, double over, int *all_out, int *outside_out)
{
    const unsigned char *pixels = cairo_image_surface_get_data(sheet->surface);
    const int stride = cairo_image_surface_get_stride(sheet->surface);
    *all_out = *outside_out = 0;
    for (int y = 0; y < sheet->height; y++)
        for (int x = 0; x < sheet->width; x++) {
            if (memcmp(pixels + y * stride + 4 * x, pixels, 3) == 0)
                continue;
            (*all_out)++;
            *outside_out += x < 0.1 * sheet->width - over || x > 0.9 * sheet->width + over ||
                            y < 0.1 * sheet->height - over || y > 0.9 * sheet->height + over;
        }
}

static void each_is_drawn_in_its_place_at_any_size(void **state)
{
    (void)state;
    static const struct {
        int width, height;
        double text_px;
    } sizes[] = {{500, 240, 8.0}, {1600, 700, 26.0}, {200, 90, 7.0}};
    static const struct ob_plot_theme dark = {.ink = {1, 1, 1, 1},
                                              .faint = {0.7, 0.7, 0.7, 1},
                                              .grid = {0.3, 0.3, 0.3, 1},
                                              .line = {0.5, 0.8, 0.9, 1},
                                              .second = {0.9, 0.7, 0.4, 1},
                                              .shade = {0.15, 0.2, 0.25, 1},
                                              .mark = {0.9, 0.6, 0.3, 1},
                                              .ground = {0, 0, 0, 1}};
    for (int which = WEEK; which < PLOTS; which++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            const struct ob_plot_theme *theme = i == 1 ? &dark : NULL;
            struct sheet a = drawn((enum which)which, sizes[i].width, sizes[i].height, sizes[i].text_px, theme);
            struct sheet b = drawn((enum which)which, sizes[i].width, sizes[i].height, sizes[i].text_px, theme);
            int all, outside;
            ink(&a, 1.2 * sizes[i].text_px, &all, &outside);
            if (all < 150 || outside > 0)
                fail_msg("plot %d at %d x %d: %d pixels, %d of them outside", which, a.width, a.height, all, outside);
            assert_memory_equal(cairo_image_surface_get_data(a.surface), cairo_image_surface_get_data(b.surface),
                                (size_t)cairo_image_surface_get_stride(a.surface) * (size_t)a.height);
            cairo_surface_destroy(a.surface);
            cairo_surface_destroy(b.surface);
        }
    }
}

static double luminance(const struct ob_plot_colour *c)
{
    const double rgb[3] = {c->red, c->green, c->blue};
    double out = 0.0;
    static const double weight[3] = {0.2126, 0.7152, 0.0722};
    for (int i = 0; i < 3; i++)
        out += weight[i] * (rgb[i] <= 0.03928 ? rgb[i] / 12.92 : pow((rgb[i] + 0.055) / 1.055, 2.4));
    return out;
}

static double contrast(const struct ob_plot_colour *a, const struct ob_plot_colour *b)
{
    const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

static void paper_is_legible_in_grey(void **state)
{
    (void)state;
    const struct ob_plot_theme *paper = ob_plot_paper();
    const struct ob_plot_colour *const words[] = {&paper->ink, &paper->faint, &paper->line, &paper->mark};
    for (size_t i = 0; i < 4; i++) {
        assert_true(contrast(words[i], &paper->ground) >= 4.5);
        assert_true(contrast(words[i], &paper->shade) >= 4.5);
    }
    assert_true(contrast(&paper->second, &paper->ground) >= 3.0);
    /* The two lines of breathing are told apart by form, and a little by grey too. */
    assert_true(contrast(&paper->line, &paper->second) >= 1.4);
}

static void pictures_for_somebody_to_look_at(void **state)
{
    (void)state;
    const char *path = getenv("OB_PICTURES");
    if (!path)
        skip();
    cairo_surface_t *all = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1200, 1200);
    cairo_t *cairo = cairo_create(all);
    for (int which = WEEK; which < PLOTS; which++) {
        struct sheet one = drawn((enum which)which, 600, 300, 11.0, NULL);
        cairo_set_source_surface(cairo, one.surface, which % 2 * 600.0, which / 2 * 300.0);
        cairo_paint(cairo);
        cairo_surface_destroy(one.surface);
    }
    cairo_destroy(cairo);
    assert_int_equal(cairo_surface_write_to_png(all, path), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(all);
}

int main(void)
{
    make_data();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_local_and_roll),
        cmocka_unit_test(each_is_drawn_in_its_place_at_any_size),
        cmocka_unit_test(paper_is_legible_in_grey),
        cmocka_unit_test(pictures_for_somebody_to_look_at),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ob_nn_list_finish(&list);
    return failed;
}
