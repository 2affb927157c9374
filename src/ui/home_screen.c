/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/home_screen.h"

#include "base/words.h"
#include "ui/parts.h"

#include <math.h>

#define PAGE_UNITS  108.0
#define GREAT_UNITS 17.0 /* the large button's height */
#define SMALL_UNITS 7.4

uint64_t ob_ui_home_key(enum ob_ui_home_choice choice)
{
    return ob_ui_key("home", (unsigned)choice);
}

enum ob_ui_home_choice ob_ui_home_choice(uint64_t key)
{
    for (unsigned i = OB_UI_HOME_BREATHE; i <= OB_UI_HOME_LEAVE; i++)
        if (key == ob_ui_home_key(i))
            return i;
    return OB_UI_HOME_NOTHING;
}

static void draw_great(const struct ob_ui_canvas *c, const struct ob_ui_home *model, struct ob_ui_box box)
{
    const uint64_t key = ob_ui_home_key(OB_UI_HOME_BREATHE);
    ob_ui_row(c, key, box, false);
    struct ob_ui_box inside = ob_ui_inset(box, 3.0 * c->unit, 1.2 * c->unit);
    const struct ob_ui_label title = {.text = ob_ui_tr(c, "Breathe with me"),
                                      .size = 6.0,
                                      .weight = 600,
                                      .ink = OB_UI_INK,
                                      .align = OB_ALIGN_CENTRE,
                                      .one_line = true};
    const struct ob_ui_label session = {.text = model->session,
                                        .size = 2.9,
                                        .weight = 430,
                                        .ink = OB_UI_FAINT,
                                        .align = OB_ALIGN_CENTRE,
                                        .one_line = true};
    inside.y += 0.5 * (inside.height - ob_ui_label_height(c, &title, inside.width) - 0.6 * c->unit -
                       ob_ui_label_height(c, &session, inside.width));
    ob_ui_flow(c, &title, &inside, 0.6);
    ob_ui_label(c, &session, inside);
    ob_ui_row_end(c);
}

/* The ways to elsewhere, in rows as wide as there is room for. */
static void draw_ways(const struct ob_ui_canvas *c, struct ob_ui_box *box)
{
    static const struct {
        enum ob_ui_home_choice choice;
        const char *words;
    } ways[] = {
        {OB_UI_HOME_CHOOSE, OB_TR("Something else")}, {OB_UI_HOME_HISTORY, OB_TR("Your weeks")},
        {OB_UI_HOME_SENSORS, OB_TR("Sensors")},       {OB_UI_HOME_SETTINGS, OB_TR("Settings")},
        {OB_UI_HOME_LEAVE, OB_TR("Leave")},
    };
    const int count = (int)(sizeof ways / sizeof *ways);
    const double gap = 1.6 * c->unit;
    double widest = 0.0;
    for (int i = 0; i < count; i++)
        widest = fmax(widest, ob_ui_button_width(c, ob_ui_tr(c, ways[i].words)));
    const int columns = (int)fmax(1.0, fmin(count, floor((box->width + gap) / (widest + gap))));
    const int rows = (count + columns - 1) / columns;
    for (int i = 0, row = 0; row < rows; row++) {
        struct ob_ui_box line = ob_ui_cut_top(box, SMALL_UNITS * c->unit);
        const int here = count - i < columns ? count - i : columns;
        const double width = fmin(fmax(widest, (box->width + gap) / columns - gap), 1.6 * widest);
        line.x += 0.5 * (line.width - here * (width + gap) + gap);
        for (int column = 0; column < here; column++, i++)
            ob_ui_button(c, ob_ui_home_key(ways[i].choice), ob_ui_tr(c, ways[i].words),
                         (struct ob_ui_box){line.x + column * (width + gap), line.y, width, line.height});
        ob_ui_cut_top(box, gap);
    }
}

static void draw_line(const struct ob_ui_canvas *c, const char *words, enum ob_ui_ink ink, struct ob_ui_box *box)
{
    const struct ob_ui_label label = {.text = words, .size = 2.6, .weight = 450, .ink = ink, .align = OB_ALIGN_CENTRE};
    if (words[0])
        ob_ui_flow(c, &label, box, 0.7);
}

/* How high the whole is, to have it in the middle. */
static double height_of(const struct ob_ui_canvas *c, const struct ob_ui_home *model)
{
    const int lines = 1 + (model->week[0] != '\0') + (model->quiet[0] != '\0') + (model->suggestion[0] != '\0') +
                      (model->around[0] != '\0');
    const bool narrow = c->width < 90.0 * c->unit;
    return (12.0 + GREAT_UNITS + 6.0 + (narrow ? 3.0 : 1.0) * (SMALL_UNITS + 1.6) + 4.0 * lines) * c->unit;
}

void ob_ui_home_draw(struct ob_ui_canvas *c, const struct ob_ui_home *model)
{
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    const double spare = c->height - height_of(c, model) - 12.0 * c->unit;
    if (spare > 0.0)
        ob_ui_cut_top(&page, 0.45 * spare);
    const struct ob_ui_label name = {.text = "Outbreath",
                                     .size = 4.0,
                                     .weight = 350,
                                     .ink = OB_UI_FAINT,
                                     .align = OB_ALIGN_CENTRE,
                                     .one_line = true};
    ob_ui_flow(c, &name, &page, 4.0);
    struct ob_ui_box great = ob_ui_cut_top(&page, GREAT_UNITS * c->unit);
    draw_great(c, model, ob_ui_inset(great, fmax(0.0, 0.5 * (great.width - 64.0 * c->unit)), 0.0));
    ob_ui_cut_top(&page, 1.6 * c->unit);
    draw_line(c, model->around, OB_UI_FAINT, &page);
    draw_line(c, model->sensor, OB_UI_INK, &page);
    ob_ui_cut_top(&page, 2.6 * c->unit);
    draw_ways(c, &page);
    ob_ui_cut_top(&page, 1.4 * c->unit);
    draw_line(c, model->week, OB_UI_FAINT, &page);
    draw_line(c, model->quiet, OB_UI_FAINT, &page);
    draw_line(c, model->suggestion, OB_UI_FAINT, &page);
    ob_ui_page_end(c, &page);
}
