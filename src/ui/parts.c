/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/parts.h"

#include <math.h>

#define RADIUS      1.8
#define LEAST_SHARE (2.0 / 3.0) /* of its size that a line of one line may shrink to */
#define HAIR        1.012       /* what letters may measure more than they were given, by rounding */

static const struct ob_ui_colour *colour_of(const struct ob_ui_canvas *c, enum ob_ui_ink ink)
{
    return ink == OB_UI_INK ? &c->theme->ink : ink == OB_UI_FAINT ? &c->theme->faint : &c->theme->accent;
}

static struct ob_text_style style_of(const struct ob_ui_canvas *c, const struct ob_ui_label *label, double width)
{
    const struct ob_ui_colour *colour = colour_of(c, label->ink);
    struct ob_text_style style = {
        .size_px = label->size * c->unit,
        .weight = label->weight,
        .red = colour->red,
        .green = colour->green,
        .blue = colour->blue,
        .alpha = colour->alpha,
        .align = label->align,
        .wrap_px = label->one_line ? 0.0 : fmax(1.0, width),
    };
    if (label->one_line) {
        const double least = LEAST_SHARE * style.size_px;
        double wide, high;
        ob_words_measure(c->words, label->text, &style, &wide, &high);
        for (int i = 0; i < 2 && wide > width; i++) { /* letters do not shrink evenly, so a second time */
            style.size_px = fmax(least, style.size_px * width / wide);
            ob_words_measure(c->words, label->text, &style, &wide, &high);
        }
    }
    return style;
}

double ob_ui_label_height(const struct ob_ui_canvas *c, const struct ob_ui_label *label, double width)
{
    const struct ob_text_style style = style_of(c, label, width);
    double wide, high;
    ob_words_measure(c->words, label->text, &style, &wide, &high);
    return high;
}

double ob_ui_label(const struct ob_ui_canvas *c, const struct ob_ui_label *label, struct ob_ui_box box)
{
    const struct ob_text_style style = style_of(c, label, box.width);
    if (c->told) {
        const double units = style.size_px / c->unit;
        c->told->least_units = c->told->least_units > 0.0 ? fmin(c->told->least_units, units) : units;
        ob_ui_told_say(c->told, label->text);
    }
    static const double share[] = {0.0, 0.5, 1.0};
    double wide, high;
    ob_words_measure(c->words, label->text, &style, &wide, &high);
    cairo_save(c->cairo);
    if (wide > HAIR * box.width + 0.5 || high > box.height + 0.5) {
        cairo_rectangle(c->cairo, box.x, box.y, box.width, box.height);
        cairo_clip(c->cairo);
        if (c->told) {
            c->told->cut++;
            c->told->cut_words = label->text;
        }
    }
    ob_words_draw(c->words, c->cairo, label->text, box.x + share[label->align] * box.width, box.y, &style);
    cairo_restore(c->cairo);
    return high;
}

static bool ground(const struct ob_ui_canvas *c, uint64_t key, struct ob_ui_box box, double radius)
{
    const bool focused = c->focus->at == key;
    ob_ui_focus_add(c->focus, key, box);
    if (c->told)
        ob_ui_told_item(c->told, key);
    ob_ui_round(c->cairo, box, radius);
    ob_ui_set_colour(c->cairo, focused ? &c->theme->lifted : &c->theme->raised);
    cairo_fill_preserve(c->cairo);
    cairo_set_line_width(c->cairo, (focused ? 0.55 : 0.18) * c->unit);
    ob_ui_set_colour(c->cairo, focused ? &c->theme->accent : &c->theme->quiet);
    cairo_stroke(c->cairo);
    return focused;
}

bool ob_ui_row(const struct ob_ui_canvas *c, uint64_t key, struct ob_ui_box box, bool in_use)
{
    const bool focused = ground(c, key, box, RADIUS * c->unit);
    if (in_use) {
        const struct ob_ui_box mark = {box.x + 0.9 * c->unit, box.y + 1.4 * c->unit, 0.9 * c->unit,
                                       box.height - 2.8 * c->unit};
        ob_ui_round(c->cairo, mark, 0.45 * c->unit);
        ob_ui_set_colour(c->cairo, &c->theme->accent);
        cairo_fill(c->cairo);
    }
    return focused;
}

static const struct ob_ui_label button_label = {
    .size = 3.0, .weight = 550, .ink = OB_UI_INK, .align = OB_ALIGN_CENTRE, .one_line = true};

double ob_ui_button_width(const struct ob_ui_canvas *c, const char *words)
{
    struct ob_ui_label label = button_label;
    label.text = words;
    const struct ob_text_style style = style_of(c, &label, (double)INFINITY);
    double wide, high;
    ob_words_measure(c->words, words, &style, &wide, &high);
    return wide + 5.0 * c->unit;
}

bool ob_ui_button(const struct ob_ui_canvas *c, uint64_t key, const char *words, struct ob_ui_box box)
{
    struct ob_ui_label label = button_label;
    label.text = words;
    const bool focused = ground(c, key, box, 0.5 * box.height);
    struct ob_ui_box inside = ob_ui_inset(box, 1.4 * c->unit, 0.0);
    const double high = ob_ui_label_height(c, &label, inside.width);
    inside.y += 0.5 * (box.height - high);
    ob_ui_label(c, &label, inside);
    ob_ui_row_end(c);
    return focused;
}

void ob_ui_row_end(const struct ob_ui_canvas *c)
{
    if (c->told)
        ob_ui_told_item_end(c->told);
}

double ob_ui_pill(const struct ob_ui_canvas *c, const char *word, double right_x, double y)
{
    const struct ob_ui_label label = {
        .text = word, .size = 2.4, .weight = 600, .ink = OB_UI_ACCENT, .align = OB_ALIGN_CENTRE, .one_line = true};
    const struct ob_text_style style = style_of(c, &label, (double)INFINITY);
    double wide, high;
    ob_words_measure(c->words, word, &style, &wide, &high);
    const struct ob_ui_box box = {right_x - wide - 2.4 * c->unit, y, wide + 2.4 * c->unit, high + 0.8 * c->unit};
    ob_ui_round(c->cairo, box, 0.5 * box.height);
    cairo_set_line_width(c->cairo, 0.22 * c->unit);
    ob_ui_set_colour(c->cairo, &c->theme->accent);
    cairo_stroke(c->cairo);
    ob_ui_label(c, &label, (struct ob_ui_box){box.x, box.y + 0.4 * c->unit, box.width, high + 1.0});
    return box.width;
}

void ob_ui_bar(const struct ob_ui_canvas *c, struct ob_ui_box box, double value_01)
{
    const double value = value_01 > 0.0 ? fmin(value_01, 1.0) : 0.0;
    ob_ui_round(c->cairo, box, 0.5 * box.height);
    ob_ui_set_colour(c->cairo, &c->theme->quiet);
    cairo_fill(c->cairo);
    struct ob_ui_box full = box;
    full.width = fmax(box.height, value * box.width);
    if (value <= 0.0)
        return;
    ob_ui_round(c->cairo, full, 0.5 * box.height);
    ob_ui_set_colour(c->cairo, &c->theme->line);
    cairo_fill(c->cairo);
}

void ob_ui_steps(const struct ob_ui_canvas *c, struct ob_ui_box box, int filled)
{
    const double gap = 0.14 * box.width, wide = (box.width - 3.0 * gap) / 4.0;
    for (int i = 0; i < 4; i++) {
        const double high = box.height * (0.34 + 0.22 * i);
        const struct ob_ui_box step = {box.x + i * (wide + gap), box.y + box.height - high, wide, high};
        ob_ui_round(c->cairo, step, 0.2 * wide);
        ob_ui_set_colour(c->cairo, i < filled ? &c->theme->line : &c->theme->quiet);
        cairo_fill(c->cairo);
    }
}

#define OPTION_PAD 1.6

static struct ob_ui_label option_name(const struct ob_ui_option *option)
{
    return (struct ob_ui_label){.text = option->name, .size = 3.0, .weight = 550, .ink = OB_UI_INK};
}

static struct ob_ui_label option_about(const struct ob_ui_option *option)
{
    return (struct ob_ui_label){.text = option->about, .size = 2.4, .weight = 430, .ink = OB_UI_FAINT};
}

static double name_width(const struct ob_ui_canvas *c, double row_width)
{
    return OB_UI_VALUE_FROM * row_width - 3.6 * c->unit;
}

double ob_ui_flow(const struct ob_ui_canvas *c, const struct ob_ui_label *label, struct ob_ui_box *box, double gap)
{
    const double high = ob_ui_label(c, label, *box);
    ob_ui_cut_top(box, high + gap * c->unit);
    return high;
}

/* What is left for the value beside the name, and between the signs for less and more. */
static double value_width(const struct ob_ui_canvas *c, const struct ob_ui_option *option, double row_width)
{
    return row_width - 4.8 * c->unit - name_width(c, row_width) - (option->steps ? 6.0 * c->unit : 0.0);
}

/* In one line; where that would be too small, in several. */
static struct ob_ui_label option_value(const struct ob_ui_canvas *c, const struct ob_ui_option *option,
                                       double row_width)
{
    struct ob_ui_label label = {.text = option->value,
                                .size = 3.0,
                                .weight = 600,
                                .ink = OB_UI_ACCENT,
                                .align = option->steps ? OB_ALIGN_CENTRE : OB_ALIGN_RIGHT,
                                .one_line = true};
    const struct ob_text_style style = style_of(c, &label, (double)INFINITY);
    double wide, high;
    ob_words_measure(c->words, label.text, &style, &wide, &high);
    if (LEAST_SHARE * wide > value_width(c, option, row_width)) {
        label.one_line = false;
        label.size = 2.4;
    }
    return label;
}

static double option_height(const struct ob_ui_canvas *c, const struct ob_ui_option *option, double width)
{
    const struct ob_ui_label name = option_name(option), about = option_about(option);
    const double words = name_width(c, width);
    double high = ob_ui_label_height(c, &name, words) +
                  (option->about ? 0.4 * c->unit + ob_ui_label_height(c, &about, words) : 0.0);
    if (option->value) {
        const struct ob_ui_label value = option_value(c, option, width);
        high = fmax(high, ob_ui_label_height(c, &value, value_width(c, option, width)));
    }
    return OPTION_PAD * 2.0 * c->unit + high;
}

/* A chevron that points left or right. */
static void chevron(const struct ob_ui_canvas *c, double x, double y, double way, bool there)
{
    const double r = 0.9 * c->unit;
    cairo_new_path(c->cairo);
    cairo_move_to(c->cairo, x - way * 0.5 * r, y - r);
    cairo_line_to(c->cairo, x + way * 0.5 * r, y);
    cairo_line_to(c->cairo, x - way * 0.5 * r, y + r);
    cairo_set_line_width(c->cairo, 0.4 * c->unit);
    cairo_set_line_cap(c->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(c->cairo, CAIRO_LINE_JOIN_ROUND);
    ob_ui_set_colour(c->cairo, there ? &c->theme->accent : &c->theme->quiet);
    cairo_stroke(c->cairo);
}

bool ob_ui_option(const struct ob_ui_canvas *c, uint64_t key, const struct ob_ui_option *option, struct ob_ui_box *box)
{
    const struct ob_ui_box row = ob_ui_cut_top(box, option_height(c, option, box->width));
    const bool focused = ob_ui_row(c, key, row, false);
    struct ob_ui_box inside = ob_ui_inset(row, 2.4 * c->unit, OPTION_PAD * c->unit);
    struct ob_ui_box words = ob_ui_cut_left(&inside, name_width(c, row.width));
    const struct ob_ui_label name = option_name(option), about = option_about(option);
    ob_ui_flow(c, &name, &words, 0.4);
    if (option->value) {
        const double middle = row.y + 0.5 * row.height;
        const struct ob_ui_label value = option_value(c, option, row.width);
        if (option->steps) {
            chevron(c, inside.x + 1.2 * c->unit, middle, -1.0, !option->first);
            chevron(c, inside.x + inside.width - 1.2 * c->unit, middle, 1.0, !option->last);
            inside = ob_ui_inset(inside, 3.0 * c->unit, 0.0);
        }
        const double high = ob_ui_label_height(c, &value, inside.width);
        const double bar = option->share_01 >= 0.0 && option->has_share ? 1.6 * c->unit : 0.0;
        inside.y = middle - 0.5 * (high + bar);
        inside.height = high;
        ob_ui_label(c, &value, inside);
        if (bar > 0.0)
            ob_ui_bar(c, (struct ob_ui_box){inside.x, inside.y + high + 0.8 * c->unit, inside.width, 0.7 * c->unit},
                      option->share_01);
    }
    if (option->about)
        ob_ui_label(c, &about, words);
    ob_ui_row_end(c);
    ob_ui_cut_top(box, 1.2 * c->unit);
    return focused;
}

uint64_t ob_ui_key(const char *text, unsigned part)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ part;
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash ? hash : 1;
}
