/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/sensor_screen.h"

#include "base/words.h"
#include "ui/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MARGIN      5.0
#define PAD         2.4
#define GAP         1.5
#define WIDE_UNITS  140.0 /* from here on a row has three columns, else they stand below each other */
#define LIVE_HEIGHT 12.6
#define BUTTON      6.4
#define PAGE_UNITS  160.0
#define ABOVE       7.0  /* of the scene, and of its sheet's edge */
#define LEAST_LIST  36.0 /* is kept free, so that the first sensors move nothing when they appear */
#define GOOD_01     0.75f
#define FAIR_01     0.5f

enum { PART_ROW, PART_BREATH };
#define BACK_KEY ob_ui_key("back", 7)

void ob_ui_sensor_screen_init(struct ob_ui_sensor_screen *screen)
{
    memset(screen, 0, sizeof *screen);
}

/* ---- words ---- */

static const char *quality_word(float quality_01)
{
    return quality_01 < 0.0f       ? ""
           : quality_01 >= GOOD_01 ? OB_TR("good")
           : quality_01 >= FAIR_01 ? OB_TR("fair")
                                   : OB_TR("poor");
}

static int radio_steps(int rssi_dbm)
{
    return rssi_dbm >= -60 ? 4 : rssi_dbm >= -72 ? 3 : rssi_dbm >= -84 ? 2 : 1;
}

static const char *radio_word(int rssi_dbm)
{
    static const char *const words[] = {"", OB_TR("far away"), OB_TR("weak"), OB_TR("fair"), OB_TR("near")};
    return words[radio_steps(rssi_dbm)];
}

static const char *use_word(const struct ob_ui_sensor *s)
{
    return s->heart && s->breath && s->sends_breath ? OB_TR("heart and breathing")
           : s->heart                               ? OB_TR("heart")
           : s->breath                              ? OB_TR("breathing")
                                                    : "";
}

/* ---- a row ---- */

struct columns {
    struct ob_ui_box text, trace, signal;
};

static bool wide(const struct ob_ui_canvas *c)
{
    return (1.0 - 2.0 * c->overscan_01) * c->width > WIDE_UNITS * c->unit;
}

static bool offers_breath(const struct ob_ui_sensor *s)
{
    return s->live && s->sends_breath && !s->breath;
}

static struct ob_ui_label name_label(const struct ob_ui_sensor *s)
{
    return (struct ob_ui_label){.text = s->name, .size = 3.5, .weight = 600, .ink = OB_UI_INK, .one_line = true};
}

static struct ob_ui_label sentence_label(const struct ob_ui_sensor *s)
{
    return (struct ob_ui_label){.text = s->sentence, .size = 2.7, .weight = 430, .ink = OB_UI_FAINT};
}

static double text_height(const struct ob_ui_canvas *c, const struct ob_ui_sensor *s, double width)
{
    const struct ob_ui_label name = name_label(s), sentence = sentence_label(s);
    return ob_ui_label_height(c, &name, width) + 0.5 * c->unit + ob_ui_label_height(c, &sentence, width) +
           (offers_breath(s) ? (BUTTON + 1.0) * c->unit : 0.0);
}

static double text_width(const struct ob_ui_canvas *c, double row_width)
{
    return wide(c) ? 0.42 * row_width : row_width - 2.0 * PAD * c->unit;
}

static double row_height(const struct ob_ui_canvas *c, const struct ob_ui_sensor *s, double row_width)
{
    const double text = text_height(c, s, text_width(c, row_width) - PAD * c->unit);
    if (wide(c))
        return fmax(text, (s->open ? LIVE_HEIGHT : 7.6) * c->unit) + 2.0 * PAD * c->unit * 0.7;
    return text + (s->open ? 27.0 : 9.0) * c->unit + 2.0 * PAD * c->unit;
}

static struct columns columns_of(const struct ob_ui_canvas *c, const struct ob_ui_sensor *s, struct ob_ui_box row)
{
    struct columns columns;
    struct ob_ui_box inside = ob_ui_inset(row, PAD * c->unit, 0.7 * PAD * c->unit);
    if (s->heart || s->breath)
        ob_ui_cut_left(&inside, 1.0 * c->unit);
    if (wide(c)) {
        columns.text = ob_ui_cut_left(&inside, text_width(c, row.width) - PAD * c->unit);
        ob_ui_cut_left(&inside, PAD * c->unit);
        columns.signal = ob_ui_cut_right(&inside, 32.0 * c->unit);
        ob_ui_cut_right(&inside, PAD * c->unit);
        columns.trace = inside;
        return columns;
    }
    columns.text = ob_ui_cut_top(&inside, text_height(c, s, inside.width));
    ob_ui_cut_top(&inside, 1.0 * c->unit);
    columns.signal = ob_ui_cut_bottom(&inside, (s->open ? 13.0 : 7.0) * c->unit);
    ob_ui_cut_bottom(&inside, 1.0 * c->unit);
    columns.trace = inside;
    return columns;
}

/* How good a signal is that comes: rate, a bar, and a word for it. */
static void draw_quality(const struct ob_ui_canvas *c, const struct ob_ui_sensor *s, struct ob_ui_box box)
{
    char text[40];
    if (s->bpm > 0.0)
        snprintf(text, sizeof text, "%.0f", s->bpm);
    else
        snprintf(text, sizeof text, "\xe2\x80\x93"); /* an en dash stands for what is not known yet */
    const struct ob_ui_label rate = {.text = text, .size = 5.2, .weight = 500, .ink = OB_UI_INK, .one_line = true};
    struct ob_ui_box top = ob_ui_cut_top(&box, 6.6 * c->unit);
    const struct ob_text_style measure = {.size_px = 5.2 * c->unit, .weight = 500};
    double wide_px, high_px;
    ob_words_measure(c->words, text, &measure, &wide_px, &high_px);
    ob_ui_label(c, &rate, top);
    if (s->bpm > 0.0) {
        const struct ob_ui_label unit = {
            .text = "bpm", .size = 2.6, .weight = 430, .ink = OB_UI_FAINT, .one_line = true};
        ob_ui_label(
            c, &unit,
            (struct ob_ui_box){top.x + wide_px + 0.8 * c->unit, top.y + 2.75 * c->unit, 10.0 * c->unit, 4.0 * c->unit});
    }
    if (s->battery_pct >= 0) {
        snprintf(text, sizeof text, ob_ui_tr(c, "battery %d%%"), s->battery_pct);
        const struct ob_ui_label battery = {
            .text = text, .size = 2.5, .weight = 430, .ink = OB_UI_FAINT, .align = OB_ALIGN_RIGHT, .one_line = true};
        ob_ui_label(c, &battery,
                    (struct ob_ui_box){top.x + 14.0 * c->unit, top.y + 2.85 * c->unit, top.width - 14.0 * c->unit,
                                       4.0 * c->unit});
    }
    ob_ui_cut_top(&box, 0.5 * c->unit);
    ob_ui_bar(c, ob_ui_cut_top(&box, 1.3 * c->unit), (double)fmaxf(0.0f, s->quality_01));
    ob_ui_cut_top(&box, 0.7 * c->unit);
    if (s->quality_01 < 0.0f)
        snprintf(text, sizeof text, "%s", ob_ui_tr(c, "listening"));
    else
        snprintf(text, sizeof text, ob_ui_tr(c, "signal %s, %.0f%%"), ob_ui_tr(c, quality_word(s->quality_01)),
                 100.0 * (double)s->quality_01);
    const struct ob_ui_label word = {.text = text, .size = 2.6, .weight = 500, .ink = OB_UI_FAINT, .one_line = true};
    ob_ui_label(c, &word, box);
}

static void draw_radio(const struct ob_ui_canvas *c, const struct ob_ui_sensor *s, struct ob_ui_box box)
{
    if (s->rssi_dbm == 0)
        return;
    struct ob_ui_box steps = {box.x, box.y + 0.4 * c->unit, 7.0 * c->unit, 4.6 * c->unit};
    ob_ui_steps(c, steps, radio_steps(s->rssi_dbm));
    char text[48];
    snprintf(text, sizeof text, "%s", ob_ui_tr(c, radio_word(s->rssi_dbm)));
    struct ob_ui_label word = {.text = text, .size = 2.8, .weight = 500, .ink = OB_UI_INK, .one_line = true};
    struct ob_ui_box beside = {box.x + 9.0 * c->unit, box.y, box.width - 9.0 * c->unit, 3.8 * c->unit};
    ob_ui_label(c, &word, beside);
    snprintf(text, sizeof text, s->battery_pct >= 0 ? ob_ui_tr(c, "battery %d%%") : "", s->battery_pct);
    word.size = 2.5;
    word.ink = OB_UI_FAINT;
    word.weight = 430;
    beside.y += 3.5 * c->unit;
    ob_ui_label(c, &word, beside);
}

static void draw_row(const struct ob_ui_canvas *c, const struct ob_ui_sensor *s, struct ob_ui_box row)
{
    ob_ui_row(c, ob_ui_key(s->id, PART_ROW), row, s->heart || s->breath);
    const struct columns columns = columns_of(c, s, row);
    struct ob_ui_box text = columns.text;
    struct ob_ui_label name = name_label(s);
    const struct ob_ui_label sentence = sentence_label(s);
    const char *use = s->simulated && !use_word(s)[0] ? OB_TR("simulated") : use_word(s);
    struct ob_ui_box name_box = text;
    if (use[0])
        ob_ui_cut_right(&name_box,
                        ob_ui_pill(c, ob_ui_tr(c, use), text.x + text.width, text.y + 0.2 * c->unit) + c->unit);
    ob_ui_cut_top(&text, ob_ui_label(c, &name, name_box) + 0.5 * c->unit);
    ob_ui_cut_top(&text, ob_ui_label(c, &sentence, text));
    if (offers_breath(s)) {
        const char *words = ob_ui_tr(c, "Take its breathing only");
        ob_ui_cut_top(&text, c->unit);
        struct ob_ui_box button = {text.x, text.y, fmin(text.width, ob_ui_button_width(c, words)), BUTTON * c->unit};
        ob_ui_button(c, ob_ui_key(s->id, PART_BREATH), words, button);
    }
    if (s->live) {
        ob_ui_trace(c, &s->trace, columns.trace);
        draw_quality(c, s, columns.signal);
    } else if (s->open) {
        const double y = columns.trace.y + 0.5 * columns.trace.height;
        const double dash[] = {0.2 * c->unit, 1.6 * c->unit};
        cairo_save(c->cairo);
        cairo_set_dash(c->cairo, dash, 2, 0.0);
        cairo_set_line_cap(c->cairo, CAIRO_LINE_CAP_ROUND);
        cairo_set_line_width(c->cairo, 0.4 * c->unit);
        cairo_move_to(c->cairo, columns.trace.x, y);
        cairo_line_to(c->cairo, columns.trace.x + columns.trace.width, y);
        ob_ui_set_colour(c->cairo, &c->theme->quiet);
        cairo_stroke(c->cairo);
        cairo_restore(c->cairo);
        draw_radio(c, s, columns.signal);
    } else {
        draw_radio(c, s, columns.signal);
    }
}

/* ---- the screen ---- */

static void draw_head(const struct ob_ui_canvas *c, const struct ob_ui_sensors *model, struct ob_ui_box box)
{
    int sensors = 0;
    for (int i = 0; i < model->count; i++)
        sensors += !model->sensor[i].about;
    const struct ob_ui_label title = {
        .text = ob_ui_tr(c, "Sensors"), .size = 6.2, .weight = 500, .ink = OB_UI_INK, .one_line = true};
    const char *words = model->problem[0] ? model->problem
                        : sensors == 0 ? ob_ui_tr(c, "Put a strap on, or plug a board in: it appears here by itself.")
                                       : ob_ui_tr(c, "The wave of the last seconds, a dot at each beat");
    const struct ob_ui_label hint = {.text = words,
                                     .size = 2.6,
                                     .weight = 450,
                                     .ink = model->problem[0] ? OB_UI_ACCENT : OB_UI_FAINT,
                                     .align = OB_ALIGN_RIGHT,
                                     .one_line = wide(c)};
    const struct ob_text_style measure = {.size_px = title.size * c->unit, .weight = title.weight};
    double wide_px, high_px;
    ob_words_measure(c->words, title.text, &measure, &wide_px, &high_px);
    ob_ui_label(c, &title, ob_ui_cut_left(&box, wide_px + 1.0));
    ob_ui_cut_left(&box, 3.0 * c->unit);
    ob_ui_cut_top(&box, (wide(c) ? 3.4 : 0.8) * c->unit);
    ob_ui_label(c, &hint, box);
}

static double about_height(const struct ob_ui_canvas *c, const struct ob_ui_sensor *s, double width)
{
    const struct ob_ui_label label = sentence_label(s);
    return ob_ui_label_height(c, &label, width - 2.0 * PAD * c->unit) + GAP * c->unit;
}

static double height_of(const struct ob_ui_canvas *c, const struct ob_ui_sensor *s, double width)
{
    return s->about ? about_height(c, s, width) : row_height(c, s, width) + GAP * c->unit;
}

/* The row with the focus is always whole on the screen. */
static void scroll_to_focus(struct ob_ui_sensor_screen *screen, const struct ob_ui_canvas *c,
                            const struct ob_ui_sensors *model, const struct ob_ui_box *list)
{
    double at = 0.0, scroll = screen->scroll_units * c->unit;
    for (int i = 0; i < model->count; i++) {
        const struct ob_ui_sensor *s = &model->sensor[i];
        const double high = height_of(c, s, list->width);
        const bool focused =
            screen->focus.at == ob_ui_key(s->id, PART_ROW) || screen->focus.at == ob_ui_key(s->id, PART_BREATH);
        if (!s->about && focused) {
            scroll = fmin(scroll, at);
            scroll = fmax(scroll, at + high - list->height);
        }
        at += high;
    }
    scroll = fmax(0.0, fmin(scroll, at - list->height));
    screen->scroll_units = scroll / c->unit;
}

/* A small sign that there is more in this direction. */
static void draw_more(const struct ob_ui_canvas *c, double x, double y, double way)
{
    const double u = c->unit;
    cairo_move_to(c->cairo, x - 1.6 * u, y);
    cairo_line_to(c->cairo, x, y + way * 1.1 * u);
    cairo_line_to(c->cairo, x + 1.6 * u, y);
    cairo_set_line_width(c->cairo, 0.45 * u);
    cairo_set_line_cap(c->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(c->cairo, CAIRO_LINE_JOIN_ROUND);
    ob_ui_set_colour(c->cairo, &c->theme->accent);
    cairo_stroke(c->cairo);
}

static void draw_list(struct ob_ui_sensor_screen *screen, const struct ob_ui_canvas *c,
                      const struct ob_ui_sensors *model, struct ob_ui_box list)
{
    scroll_to_focus(screen, c, model, &list);
    const double ring = 0.4 * c->unit;
    double y = list.y - screen->scroll_units * c->unit;
    cairo_save(c->cairo);
    cairo_rectangle(c->cairo, list.x - ring, list.y - ring, list.width + 2.0 * ring, list.height + ring);
    cairo_clip(c->cairo);
    for (int i = 0; i < model->count; i++) {
        const struct ob_ui_sensor *s = &model->sensor[i];
        const double high = height_of(c, s, list.width);
        const struct ob_ui_box box = {list.x, y, list.width, high - GAP * c->unit};
        if (s->about) {
            const struct ob_ui_label label = sentence_label(s);
            ob_ui_label(c, &label, ob_ui_inset(box, PAD * c->unit, 0.0));
        } else {
            draw_row(c, s, box);
        }
        y += high;
    }
    cairo_restore(c->cairo);
    if (screen->scroll_units > 0.1)
        draw_more(c, list.x + 0.5 * list.width, list.y - 0.5 * c->unit, -1.0);
    if (y - GAP * c->unit > list.y + list.height + 1.0)
        draw_more(c, list.x + 0.5 * list.width, list.y + list.height + 1.0 * c->unit, 1.0);
}

static void draw_once(struct ob_ui_sensor_screen *screen, const struct ob_ui_sensors *model, cairo_t *cairo,
                      struct ob_words *words, const struct ob_ui_theme *theme, int width, int height)
{
    struct ob_ui_canvas c;
    struct ob_ui_colour ground = theme->ground;
    if (ob_ui_needs_paper(theme))
        ground.alpha = 0.0; /* around the sheet */
    else if (ground.alpha < 1.0)
        ground.alpha *= ob_ui_sheer_01(theme);
    ob_ui_paint_ground(cairo, &ground);
    ob_ui_canvas_begin(&c, cairo, words, theme, &screen->focus, width, height);
    c.tr = screen->tr;
    c.overscan_01 = screen->overscan_01;
    c.told = &screen->told;
    ob_ui_told_begin(&screen->told);
    const double side = fmax(MARGIN * c.unit + screen->overscan_01 * width, 0.5 * (width - PAGE_UNITS * c.unit));
    const double above = ABOVE * c.unit + screen->overscan_01 * height;
    /* "simulated" stands in the lower right corner of every frame: all of the page and its sheet end above it. */
    const double below = 8.5 * c.unit + (0.035 + screen->overscan_01) * height;
    struct ob_ui_box box = {side, above, fmax(0.0, width - 2.0 * side), fmax(0.0, height - above - below)};
    const char *back = ob_ui_tr(&c, "Back");
    const double button = fmax(16.0 * c.unit, ob_ui_button_width(&c, back));
    const struct ob_ui_label keys = {.text = ob_ui_tr(&c, "Arrow keys move, Enter takes the sensor, Esc goes back"),
                                     .size = 2.5,
                                     .weight = 430,
                                     .ink = OB_UI_FAINT};
    const double aside = button + 2.0 * c.unit;
    const double high = ob_ui_label_height(&c, &keys, box.width - aside);
    const double head = (wide(&c) ? 9.8 : 13.3 + 70.0 * c.overscan_01) * c.unit;
    const double foot_high = fmax(BUTTON * c.unit, high);
    double list = 0.0;
    for (int i = 0; i < model->count; i++)
        list += height_of(&c, &model->sensor[i], box.width);
    box.height = fmin(box.height, head + fmax(list, LEAST_LIST * c.unit) + 2.4 * c.unit + foot_high);
    if (ob_ui_needs_paper(theme))
        ob_ui_sheet(cairo, theme, box, c.unit);
    draw_head(&c, model, ob_ui_cut_top(&box, head));
    struct ob_ui_box foot = ob_ui_cut_bottom(&box, foot_high);
    ob_ui_cut_bottom(&box, 2.4 * c.unit);
    draw_list(screen, &c, model, box);
    struct ob_ui_box end = ob_ui_cut_right(&foot, aside);
    end = ob_ui_cut_right(&end, button);
    ob_ui_button(&c, BACK_KEY, back, ob_ui_cut_bottom(&end, BUTTON * c.unit));
    ob_ui_cut_top(&foot, 0.5 * (foot.height - high));
    ob_ui_label(&c, &keys, foot);
    ob_ui_canvas_end(&c);
}

void ob_ui_sensor_screen_draw(struct ob_ui_sensor_screen *screen, const struct ob_ui_sensors *model, cairo_t *cairo,
                              struct ob_words *words, const struct ob_ui_theme *theme, int width, int height)
{
    const uint64_t before = screen->focus.at;
    draw_once(screen, model, cairo, words, theme, width, height);
    if (screen->focus.at != before) /* what had the focus is gone, or nothing had it */
        draw_once(screen, model, cairo, words, theme, width, height);
}

bool ob_ui_sensor_screen_words(struct ob_ui_sensor_screen *screen, bool again, char *out, size_t size)
{
    if (again)
        screen->telling = (struct ob_ui_telling){0};
    return ob_ui_told_news(&screen->told, &screen->telling, screen->focus.at, out, size);
}

static struct ob_ui_sensor_choice choice_of(const struct ob_ui_sensors *model, uint64_t key)
{
    struct ob_ui_sensor_choice choice = {.act = key == BACK_KEY ? OB_UI_SENSOR_LEAVE : OB_UI_SENSOR_STAY};
    for (int i = 0; key && i < model->count; i++) {
        const struct ob_ui_sensor *s = &model->sensor[i];
        if (key == ob_ui_key(s->id, PART_ROW))
            choice.act = OB_UI_SENSOR_HEART;
        else if (key == ob_ui_key(s->id, PART_BREATH))
            choice.act = OB_UI_SENSOR_BREATH;
        else
            continue;
        memcpy(choice.id, s->id, sizeof choice.id);
        break;
    }
    return choice;
}

struct ob_ui_sensor_choice ob_ui_sensor_screen_input(struct ob_ui_sensor_screen *screen,
                                                     const struct ob_ui_sensors *model, enum ob_ui_input input)
{
    if (input == OB_UI_BACK)
        return (struct ob_ui_sensor_choice){.act = OB_UI_SENSOR_LEAVE};
    return choice_of(model, ob_ui_focus_input(&screen->focus, input));
}

struct ob_ui_sensor_choice ob_ui_sensor_screen_pointer(struct ob_ui_sensor_screen *screen,
                                                       const struct ob_ui_sensors *model, double x, double y,
                                                       bool pressed)
{
    return choice_of(model, ob_ui_focus_pointer(&screen->focus, x, y, pressed));
}
