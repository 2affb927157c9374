/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/history_screen.h"

#include "plot/calendar.h"
#include "plot/posterior.h"
#include "ui/parts.h"

#include <math.h>

#define PAGE_UNITS 116.0
#define BACK_KEY   ob_ui_key("history back", 0)

bool ob_ui_history_is_back(uint64_t key)
{
    return key == BACK_KEY;
}

static struct ob_plot_colour ink_of(const struct ob_ui_colour *colour, double alpha)
{
    return (struct ob_plot_colour){colour->red, colour->green, colour->blue, alpha};
}

static struct ob_plot_theme plot_theme(const struct ob_ui_theme *t)
{
    return (struct ob_plot_theme){
        .ink = ink_of(&t->ink, 1.0),
        .faint = ink_of(&t->faint, 1.0),
        .grid = ink_of(&t->quiet, 0.6),
        .line = ink_of(&t->line, 1.0),
        .second = ink_of(&t->accent, 1.0),
        .shade = ink_of(&t->quiet, 0.35),
        .mark = ink_of(&t->accent, 1.0),
        .ground = ink_of(&t->ground, 1.0),
    };
}

static void heading(const struct ob_ui_canvas *c, const char *words, struct ob_ui_box *page)
{
    const struct ob_ui_label label = {.text = words, .size = 3.0, .weight = 650, .ink = OB_UI_ACCENT};
    ob_ui_cut_top(page, 1.6 * c->unit);
    ob_ui_flow(c, &label, page, 1.0);
}

static void say(const struct ob_ui_canvas *c, const char *words, struct ob_ui_box *page)
{
    const struct ob_ui_label label = {.text = words, .size = 2.7, .weight = 430, .ink = OB_UI_INK};
    if (words[0])
        ob_ui_flow(c, &label, page, 1.0);
}

static struct ob_plot_place place_of(const struct ob_ui_canvas *c, double height, struct ob_ui_box *page)
{
    const struct ob_ui_box box = ob_ui_cut_top(page, height * c->unit);
    ob_ui_cut_top(page, 1.4 * c->unit);
    return (struct ob_plot_place){box.x, box.y, box.width, box.height};
}

static void draw_days(const struct ob_ui_canvas *c, const struct ob_ui_history *m, const struct ob_plot_pen *pen,
                      struct ob_ui_box *page)
{
    const struct ob_week_plot week = {.minutes = m->minutes + OB_UI_HISTORY_DAYS - 7,
                                      .names = {m->day_names[0], m->day_names[1], m->day_names[2], m->day_names[3],
                                                m->day_names[4], m->day_names[5], m->day_names[6]}};
    say(c, m->week, page);
    struct ob_plot_place place = place_of(c, 16.0, page);
    place.width = fmin(place.width, 80.0 * c->unit);
    ob_plot_week(pen, &place, &week);
    heading(c, ob_ui_tr(c, "Half a year"), page);
    const struct ob_months_plot months = {.minutes = m->minutes, .days = OB_UI_HISTORY_DAYS, .weekday = m->weekday};
    place = place_of(c, 24.0, page);
    ob_plot_months(pen, &place, &months);
}

void ob_ui_history_draw(struct ob_ui_canvas *c, const struct ob_ui_history *m)
{
    const struct ob_plot_theme theme = plot_theme(c->theme);
    const struct ob_plot_pen pen = {.cairo = c->cairo, .words = c->words, .theme = &theme, .text_px = 2.4 * c->unit};
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    const struct ob_ui_label title = {.text = ob_ui_tr(c, "Your weeks"), .size = 4.6, .weight = 600, .ink = OB_UI_INK};
    ob_ui_flow(c, &title, &page, 1.2);
    const char *back = ob_ui_tr(c, "Back");
    struct ob_ui_box line = ob_ui_cut_top(&page, 7.4 * c->unit);
    ob_ui_button(c, BACK_KEY, back, ob_ui_cut_left(&line, fmax(16.0 * c->unit, ob_ui_button_width(c, back))));
    ob_ui_cut_top(&page, 1.6 * c->unit);
    say(c, m->about, &page);
    if (m->has_days)
        draw_days(c, m, &pen, &page);
    if (m->has_pace) {
        heading(c, ob_ui_tr(c, "A comfortable pace"), &page);
        say(c, m->pace, &page);
        const struct ob_posterior_plot posterior = {.probabilities = m->probabilities,
                                                    .low_brpm = m->estimate.low_brpm,
                                                    .high_brpm = m->estimate.high_brpm,
                                                    .named = m->estimate.word == OB_PACE_NUMBER,
                                                    .mean_brpm = m->estimate.mean_brpm,
                                                    .x_name = ob_ui_tr(c, "breaths/min")};
        const struct ob_plot_place place = place_of(c, 26.0, &page);
        ob_plot_posterior(&pen, &place, &posterior);
    }
    if (m->trend_count > 0) {
        heading(c, ob_ui_tr(c, "Heart rate at rest, before and after"), &page);
        const struct ob_trend_plot trend = {.points = m->trend,
                                            .count = m->trend_count,
                                            .usual_low = m->usual_low,
                                            .usual_high = m->usual_high,
                                            .y_name = ob_ui_tr(c, "heart rate, bpm"),
                                            .empty = ""};
        const struct ob_plot_place place = place_of(c, 30.0, &page);
        ob_plot_trend(&pen, &place, &trend);
        const struct ob_ui_label key = {
            .text = ob_ui_tr(c, "Open circles: before. Filled: after. Shaded: where yours usually lies."),
            .size = 2.4,
            .weight = 430,
            .ink = OB_UI_FAINT};
        ob_ui_flow(c, &key, &page, 1.0);
    }
    ob_ui_page_end(c, &page);
}
