/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/desk_screen.h"

#include "ui/parts.h"
#include "ui/plots.h"

#include <math.h>

#define WIDE_UNITS   120.0 /* from this width on, clock and marks stand beside the trace */
#define ASIDE_UNITS  40.0
#define BUTTON_UNITS 7.2
#define NUMBER_UNITS 12.0
#define PLOT_UNITS   24.0 /* at least */
#define GAP          1.4
#define PLOT_TEXT    2.2 /* units */

static struct ob_ui_label small_label(const char *words, enum ob_ui_ink ink)
{
    return (struct ob_ui_label){.text = words, .size = 2.4, .weight = 450, .ink = ink};
}

static void draw_number(const struct ob_ui_canvas *c, const struct ob_ui_desk_number *n, struct ob_ui_box box)
{
    struct ob_ui_label value = {.text = n->value, .size = 6.0, .weight = 500, .ink = OB_UI_INK, .one_line = true};
    const struct ob_text_style style = {.size_px = value.size * c->unit, .weight = value.weight};
    double width, height;
    ob_words_measure(c->words, n->value, &style, &width, &height);
    ob_ui_label(c, &value, box);
    struct ob_ui_label unit = small_label(n->unit, OB_UI_FAINT);
    unit.one_line = true;
    struct ob_ui_box beside = box;
    ob_ui_cut_left(&beside, width + 0.8 * c->unit);
    beside.y += 3.6 * c->unit;
    beside.height -= 3.6 * c->unit;
    if (n->unit[0])
        ob_ui_label(c, &unit, beside);
    struct ob_ui_label name = small_label(n->label, OB_UI_FAINT);
    name.one_line = true;
    ob_ui_cut_top(&box, 7.4 * c->unit);
    ob_ui_label(c, &name, box);
}

/* How wide the numbers have to be for their names. */
static double number_width(const struct ob_ui_canvas *c, const struct ob_ui_desk *m)
{
    double least = 22.0 * c->unit;
    for (int i = 0; i < OB_UI_DESK_NUMBERS; i++) {
        const struct ob_text_style style = {.size_px = 2.4 * c->unit, .weight = 450};
        double width, height;
        ob_words_measure(c->words, m->number[i].label, &style, &width, &height);
        least = fmax(least, width + 1.5 * c->unit);
    }
    return least;
}

static double button_least(const struct ob_ui_canvas *c, const struct ob_ui_desk_button *button, double row)
{
    return fmin(row, fmax(15.0 * c->unit, ob_ui_button_width(c, button->words)));
}

/* How many of the first buttons fit into one row, at most so many; of them what their words leave of it. */
static int fitting(const struct ob_ui_canvas *c, const struct ob_ui_desk_button *buttons, int most, double width,
                   double *left_out)
{
    int fit = 1;
    *left_out = width - button_least(c, &buttons[0], width);
    while (fit < most && *left_out >= GAP * c->unit + button_least(c, &buttons[fit], width))
        *left_out -= GAP * c->unit + button_least(c, &buttons[fit++], width);
    return fit;
}

/* How many stand in the first of the rows that these need: about as many as in the others. */
static int row_of(const struct ob_ui_canvas *c, const struct ob_ui_desk_button *buttons, int count, double width,
                  double *left_out)
{
    int rows = 0;
    for (int i = 0; i < count; rows++)
        i += fitting(c, buttons + i, count - i, width, left_out);
    return fitting(c, buttons, (count + rows - 1) / rows, width, left_out);
}

static double buttons_height(const struct ob_ui_canvas *c, const struct ob_ui_desk_button *buttons, int count,
                             double width)
{
    int rows = 0;
    double left;
    for (int i = 0; i < count; rows++)
        i += row_of(c, buttons + i, count - i, width, &left);
    return rows * (BUTTON_UNITS + GAP) * c->unit;
}

/* In rows from edge to edge, each as wide as its words and its share of what they leave. */
static void draw_buttons(const struct ob_ui_canvas *c, const struct ob_ui_desk_button *buttons, int count,
                         struct ob_ui_box *from)
{
    while (count > 0) {
        double left;
        const int here = row_of(c, buttons, count, from->width, &left);
        struct ob_ui_box line = ob_ui_cut_top(from, BUTTON_UNITS * c->unit);
        for (int i = 0; i < here; i++) {
            const double width = button_least(c, &buttons[i], from->width) + left / here;
            const struct ob_ui_box at = ob_ui_cut_left(&line, width);
            ob_ui_button(c, buttons[i].key, buttons[i].words, at);
            if (buttons[i].on) {
                const struct ob_ui_box bar = {at.x + 3.0 * c->unit, at.y + at.height - 1.1 * c->unit,
                                              at.width - 6.0 * c->unit, 0.5 * c->unit};
                ob_ui_round(c->cairo, bar, 0.25 * c->unit);
                ob_ui_set_colour(c->cairo, &c->theme->accent);
                cairo_fill(c->cairo);
            }
            ob_ui_cut_left(&line, GAP * c->unit);
        }
        ob_ui_cut_top(from, GAP * c->unit);
        buttons += here;
        count -= here;
    }
}

/* Cells of one size, as even in their rows as can be. */
static int number_columns(const struct ob_ui_canvas *c, const struct ob_ui_desk *m, double width)
{
    const int most = (int)fmax(1.0, floor(width / number_width(c, m)));
    const int rows = (OB_UI_DESK_NUMBERS + most - 1) / most;
    return (OB_UI_DESK_NUMBERS + rows - 1) / rows;
}

static void draw_numbers(const struct ob_ui_canvas *c, const struct ob_ui_desk *m, struct ob_ui_box *from)
{
    const int columns = number_columns(c, m, from->width);
    const int rows = (OB_UI_DESK_NUMBERS + columns - 1) / columns;
    const struct ob_ui_box box = ob_ui_cut_top(from, rows * NUMBER_UNITS * c->unit);
    const double width = box.width / columns;
    for (int i = 0; i < OB_UI_DESK_NUMBERS; i++)
        draw_number(c, &m->number[i],
                    (struct ob_ui_box){box.x + i % columns * width, box.y + i / columns * NUMBER_UNITS * c->unit,
                                       width - c->unit, NUMBER_UNITS * c->unit});
}

static void draw_plot(const struct ob_ui_canvas *c, const struct ob_ui_desk *m, struct ob_ui_box box)
{
    const struct ob_plot_theme theme = ob_ui_plot_theme(c->theme);
    struct ob_plot_pen pen = ob_ui_pen(c, &theme);
    pen.text_px = PLOT_TEXT * c->unit;
    const struct ob_plot_place place = {box.x, box.y, box.width, box.height};
    ob_plot_heart(&pen, &place, &m->plot);
}

static void draw_clock(const struct ob_ui_canvas *c, const struct ob_ui_desk *m, struct ob_ui_box *box)
{
    const struct ob_ui_label clock = {.text = m->clock, .size = 9.0, .weight = 400, .ink = OB_UI_INK, .one_line = true};
    const struct ob_ui_label part = {.text = m->part, .size = 3.2, .weight = 500, .ink = OB_UI_INK};
    const struct ob_ui_label left = small_label(m->left, OB_UI_FAINT), about = small_label(m->about, OB_UI_FAINT);
    ob_ui_flow(c, &clock, box, 0.4);
    if (m->part[0])
        ob_ui_flow(c, &part, box, 0.6);
    if (m->left[0])
        ob_ui_flow(c, &left, box, 0.4);
    if (m->about[0])
        ob_ui_flow(c, &about, box, 0.4);
}

static void draw_notes(const struct ob_ui_canvas *c, const struct ob_ui_desk *m, struct ob_ui_box *box)
{
    for (int i = 0; i < m->notes && box->height > 4.0 * c->unit; i++) {
        const struct ob_ui_label at = small_label(m->note[i].at, OB_UI_FAINT);
        struct ob_ui_label words = small_label(m->note[i].words, OB_UI_INK);
        words.one_line = true;
        struct ob_ui_box line = ob_ui_cut_top(box, 3.8 * c->unit);
        ob_ui_label(c, &at, ob_ui_cut_left(&line, 9.0 * c->unit));
        ob_ui_label(c, &words, line);
    }
}

static void draw_said(const struct ob_ui_canvas *c, const struct ob_ui_desk *m, struct ob_ui_box *box)
{
    const struct ob_ui_label notice = {.text = m->notice, .size = 2.8, .weight = 550, .ink = OB_UI_ACCENT};
    const struct ob_ui_label sensor = small_label(m->sensor, OB_UI_FAINT);
    if (m->notice[0])
        ob_ui_flow(c, &notice, box, 0.6);
    if (m->sensor[0])
        ob_ui_flow(c, &sensor, box, 0.4);
}

static double said_height(const struct ob_ui_canvas *c, const struct ob_ui_desk *m, double width)
{
    const struct ob_ui_label notice = {.text = m->notice, .size = 2.8, .weight = 550};
    const struct ob_ui_label sensor = small_label(m->sensor, OB_UI_FAINT);
    return (m->notice[0] ? ob_ui_label_height(c, &notice, width) + 0.6 * c->unit : 0.0) +
           (m->sensor[0] ? ob_ui_label_height(c, &sensor, width) + 0.4 * c->unit : 0.0);
}

void ob_ui_desk_draw(struct ob_ui_canvas *c, const struct ob_ui_desk *m)
{
    struct ob_ui_box page = ob_ui_page(c, 1e4);
    ob_ui_focus_add(c->focus, ob_ui_key("desk", 0), (struct ob_ui_box){0}); /* at rest nothing is pointed at */
    const double top = page.y + c->scroll, room = c->height - 2.0 * (top - 2.0 * c->unit);
    page.y -= 2.0 * c->unit; /* there is nothing above it that it should keep away from */
    const double buttons = buttons_height(c, m->label, m->labels, page.width) +
                           buttons_height(c, m->way, m->ways, page.width) + GAP * c->unit;
    const double said = said_height(c, m, page.width);
    const bool wide = page.width > WIDE_UNITS * c->unit;
    struct ob_ui_box all = page;
    if (!wide) {
        draw_clock(c, m, &page);
        draw_numbers(c, m, &page);
        const double notes = m->notes * 3.8 * c->unit;
        const double free = room - (page.y - all.y) - buttons - said - notes - 2.0 * GAP * c->unit;
        draw_plot(c, m, ob_ui_cut_top(&page, fmax(free, PLOT_UNITS * c->unit)));
        ob_ui_cut_top(&page, GAP * c->unit);
        draw_notes(c, m, &page);
    } else {
        struct ob_ui_box upper = ob_ui_cut_top(
            &page, fmax(room - buttons - said - 2.0 * GAP * c->unit, (NUMBER_UNITS + PLOT_UNITS) * c->unit));
        struct ob_ui_box aside = ob_ui_cut_right(&upper, ASIDE_UNITS * c->unit);
        ob_ui_cut_right(&upper, 2.0 * GAP * c->unit);
        draw_numbers(c, m, &upper);
        draw_plot(c, m, upper);
        draw_clock(c, m, &aside);
        ob_ui_cut_top(&aside, 1.4 * c->unit);
        draw_notes(c, m, &aside);
        ob_ui_cut_top(&page, GAP * c->unit);
    }
    draw_said(c, m, &page);
    ob_ui_cut_top(&page, GAP * c->unit);
    draw_buttons(c, m->label, m->labels, &page);
    ob_ui_cut_top(&page, GAP * c->unit);
    draw_buttons(c, m->way, m->ways, &page);
    page.y -= 4.0 * c->unit; /* its foot has the margin of its head */
    ob_ui_page_end(c, &page);
}
