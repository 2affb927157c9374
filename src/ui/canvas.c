/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/canvas.h"

#include "base/maths.h"

#include <math.h>

void ob_ui_canvas_begin(struct ob_ui_canvas *canvas, cairo_t *cairo, struct ob_words *words,
                        const struct ob_ui_theme *theme, struct ob_ui_focus *focus, int width, int height)
{
    *canvas = (struct ob_ui_canvas){
        .cairo = cairo,
        .words = words,
        .theme = theme,
        .focus = focus,
        .width = width,
        .height = height,
        .unit = fmax(1.0, fmin(height, 1.1 * width) / 100.0),
    };
    ob_ui_focus_begin(focus);
}

void ob_ui_paint_ground(cairo_t *cairo, const struct ob_ui_colour *colour)
{
    cairo_save(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_SOURCE);
    ob_ui_set_colour(cairo, colour);
    cairo_paint(cairo);
    cairo_restore(cairo);
}

void ob_ui_canvas_end(struct ob_ui_canvas *canvas)
{
    ob_ui_focus_end(canvas->focus);
}

const char *ob_ui_tr(const struct ob_ui_canvas *canvas, const char *english)
{
    return canvas->tr ? canvas->tr(english) : english;
}

const char *ob_ui_line_or(struct ob_ui_canvas *canvas, const char *usual)
{
    canvas->line_is_said = true;
    return canvas->line && canvas->line[0] ? canvas->line : usual;
}

#define MARGIN_UNITS 6.0
#define PAGE_PX      1e6 /* higher than any page */

struct ob_ui_box ob_ui_page(const struct ob_ui_canvas *canvas, double units)
{
    const double side = canvas->overscan_01 * canvas->width + 0.6 * MARGIN_UNITS * canvas->unit;
    const double width = fmin(units * canvas->unit, canvas->width - 2.0 * side);
    const double top = canvas->overscan_01 * canvas->height + MARGIN_UNITS * canvas->unit;
    return (struct ob_ui_box){0.5 * (canvas->width - width), top - canvas->scroll, width, PAGE_PX};
}

void ob_ui_page_end(struct ob_ui_canvas *canvas, const struct ob_ui_box *left)
{
    canvas->bottom = left->y + canvas->scroll + MARGIN_UNITS * canvas->unit + canvas->overscan_01 * canvas->height;
}

static double least(double a, double b)
{
    return a < b ? (a > 0.0 ? a : 0.0) : b;
}

struct ob_ui_box ob_ui_cut_top(struct ob_ui_box *box, double height)
{
    struct ob_ui_box part = *box;
    part.height = least(height, box->height);
    box->y += part.height;
    box->height -= part.height;
    return part;
}

struct ob_ui_box ob_ui_cut_bottom(struct ob_ui_box *box, double height)
{
    struct ob_ui_box part = *box;
    part.height = least(height, box->height);
    box->height -= part.height;
    part.y = box->y + box->height;
    return part;
}

struct ob_ui_box ob_ui_cut_left(struct ob_ui_box *box, double width)
{
    struct ob_ui_box part = *box;
    part.width = least(width, box->width);
    box->x += part.width;
    box->width -= part.width;
    return part;
}

struct ob_ui_box ob_ui_cut_right(struct ob_ui_box *box, double width)
{
    struct ob_ui_box part = *box;
    part.width = least(width, box->width);
    box->width -= part.width;
    part.x = box->x + box->width;
    return part;
}

struct ob_ui_box ob_ui_inset(struct ob_ui_box box, double by_x, double by_y)
{
    box.x += by_x;
    box.y += by_y;
    box.width = fmax(0.0, box.width - 2.0 * by_x);
    box.height = fmax(0.0, box.height - 2.0 * by_y);
    return box;
}

void ob_ui_round(cairo_t *cairo, struct ob_ui_box b, double radius)
{
    const double r = fmin(radius, 0.5 * fmin(b.width, b.height));
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, b.x + b.width - r, b.y + r, r, -OB_PI / 2.0, 0.0);
    cairo_arc(cairo, b.x + b.width - r, b.y + b.height - r, r, 0.0, OB_PI / 2.0);
    cairo_arc(cairo, b.x + r, b.y + b.height - r, r, OB_PI / 2.0, OB_PI);
    cairo_arc(cairo, b.x + r, b.y + r, r, OB_PI, 1.5 * OB_PI);
    cairo_close_path(cairo);
}

#define SHEET_UNITS 3.2 /* of paper around what stands on it */

void ob_ui_sheet(cairo_t *cairo, const struct ob_ui_theme *theme, struct ob_ui_box page, double unit)
{
    const struct ob_ui_box sheet = {page.x - SHEET_UNITS * unit, page.y - SHEET_UNITS * unit,
                                    page.width + 2.0 * SHEET_UNITS * unit, page.height + 2.0 * SHEET_UNITS * unit};
    cairo_save(cairo);
    for (int i = 1; i <= 4; i++) { /* a soft edge */
        const double out = 0.45 * i * unit;
        ob_ui_round(cairo,
                    (struct ob_ui_box){sheet.x - out, sheet.y - out, sheet.width + 2.0 * out, sheet.height + 2.0 * out},
                    2.4 * unit + out);
        cairo_set_source_rgba(cairo, 0.0, 0.0, 0.0, 0.055);
        cairo_fill(cairo);
    }
    /* The paper lets through no more of its edge than of the scene. */
    ob_ui_round(cairo, sheet, 2.4 * unit);
    cairo_set_operator(cairo, CAIRO_OPERATOR_SOURCE);
    ob_ui_set_colour(cairo, &theme->ground);
    cairo_fill(cairo);
    cairo_restore(cairo);
}
