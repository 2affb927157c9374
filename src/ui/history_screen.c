/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/history_screen.h"

#include "plot/calendar.h"
#include "ui/parts.h"
#include "ui/plots.h"

#include <math.h>

#define PAGE_UNITS 116.0
#define BACK_KEY   ob_ui_key("history back", 0)

bool ob_ui_history_is_back(uint64_t key)
{
    return key == BACK_KEY;
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

static void draw_days(const struct ob_ui_canvas *c, const struct ob_ui_history *m, const struct ob_plot_pen *pen,
                      struct ob_ui_box *page)
{
    const struct ob_week_plot week = {.minutes = m->minutes + OB_UI_HISTORY_DAYS - 7,
                                      .names = {m->day_names[0], m->day_names[1], m->day_names[2], m->day_names[3],
                                                m->day_names[4], m->day_names[5], m->day_names[6]}};
    say(c, m->week, page);
    struct ob_plot_place place = ob_ui_plot_place(c, 16.0, page);
    place.width = fmin(place.width, 80.0 * c->unit);
    ob_plot_week(pen, &place, &week);
    heading(c, ob_ui_tr(c, "Half a year"), page);
    const struct ob_months_plot months = {
        .minutes = m->minutes, .days = OB_UI_HISTORY_DAYS, .weekday = m->weekday, .names = m->month_names};
    place = ob_ui_plot_place(c, 28.0, page);
    ob_plot_months(pen, &place, &months);
}

void ob_ui_history_draw(struct ob_ui_canvas *c, const struct ob_ui_history *m)
{
    const struct ob_plot_theme theme = ob_ui_plot_theme(c->theme);
    const struct ob_plot_pen pen = ob_ui_pen(c, &theme);
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
        ob_ui_pace(c, &m->estimate, m->probabilities, &page);
    }
    if (m->draw_last) {
        heading(c, ob_ui_tr(c, "Your last session"), &page);
        say(c, m->last, &page);
        const struct ob_plot_place place = ob_ui_plot_place(c, 44.0, &page);
        m->draw_last(m->last_user, &pen, &place);
        ob_ui_spectrum(c, &m->spectrum, 30.0, &page);
    }
    if (m->trend_count > 0) {
        heading(c, ob_ui_tr(c, "Heart rate at rest, before and after"), &page);
        const struct ob_trend_plot trend = {.points = m->trend,
                                            .count = m->trend_count,
                                            .usual_low = m->usual_low,
                                            .usual_high = m->usual_high,
                                            .y_name = ob_ui_tr(c, "heart rate, bpm"),
                                            .empty = ""};
        const struct ob_plot_place place = ob_ui_plot_place(c, 30.0, &page);
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
