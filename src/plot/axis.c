/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/axis.h"

#include "base/maths.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stdio.h>

double ob_plot_at(const struct ob_plot_axis *axis, double value)
{
    return ob_lerp(axis->from, axis->to, (value - axis->low) / (axis->high - axis->low));
}

double ob_plot_step(double range, int most)
{
    double raw = range / (double)most;
    double ten = pow(10.0, floor(log10(raw)));
    double share = raw / ten;
    return ten * (share <= 1.0 ? 1.0 : share <= 2.0 ? 2.0 : share <= 5.0 ? 5.0 : 10.0);
}

double ob_plot_step_within(double low, double high, int most)
{
    double step = ob_plot_step(high - low, most);
    while (floor(high / step + 1e-9) - ceil(low / step - 1e-9) < 1.0 && most < 100)
        step = ob_plot_step(high - low, ++most);
    return step;
}

void ob_plot_tone(cairo_t *cr, enum ob_plot_tone tone)
{
    static const double rgb[][3] = {
        [OB_PLOT_INK] = {0.13, 0.15, 0.18},      [OB_PLOT_FAINT] = {0.82, 0.84, 0.86},
        [OB_PLOT_LINE] = {0.10, 0.35, 0.55},     [OB_PLOT_MARK] = {0.80, 0.40, 0.05},
        [OB_PLOT_BAND_ONE] = {0.88, 0.93, 0.97}, [OB_PLOT_BAND_TWO] = {0.93, 0.96, 0.90},
    };
    cairo_set_source_rgb(cr, rgb[tone][0], rgb[tone][1], rgb[tone][2]);
}

void ob_plot_text(cairo_t *cr, double x, double y, double align, double size_pt, const char *text)
{
    PangoLayout *layout = pango_cairo_create_layout(cr);
    PangoFontDescription *font = pango_font_description_from_string("Sans");
    pango_font_description_set_absolute_size(font, size_pt * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    char *valid = g_utf8_make_valid(text, -1);
    pango_layout_set_text(layout, valid, -1);
    g_free(valid);
    int width, height;
    pango_layout_get_size(layout, &width, &height);
    cairo_move_to(cr, x - align * (double)width / PANGO_SCALE, y - 0.5 * (double)height / PANGO_SCALE);
    pango_cairo_show_layout(cr, layout);
    pango_font_description_free(font);
    g_object_unref(layout);
}

static void ticks(cairo_t *cr, const struct ob_plot_frame *frame, bool upright)
{
    const struct ob_plot_axis *axis = upright ? &frame->y : &frame->x;
    double step = ob_plot_step(axis->high - axis->low, upright ? 5 : 10);
    int decimals = step < 1.0 ? (int)ceil(-log10(step) - 1e-9) : 0;
    for (double k = ceil(axis->low / step - 1e-9); k * step <= axis->high + 1e-9 * step; k += 1.0) {
        double at = ob_plot_at(axis, k * step);
        char number[32];
        snprintf(number, sizeof number, "%.*f", decimals, k == 0.0 ? 0.0 : k * step);
        ob_plot_tone(cr, OB_PLOT_FAINT);
        cairo_move_to(cr, upright ? frame->x.from : at, upright ? at : frame->y.from);
        cairo_line_to(cr, upright ? frame->x.to : at, upright ? at : frame->y.to);
        cairo_stroke(cr);
        ob_plot_tone(cr, OB_PLOT_INK);
        if (upright)
            ob_plot_text(cr, frame->x.from - 6.0, at, 1.0, 10.0, number);
        else
            ob_plot_text(cr, at, frame->y.from + 10.0, 0.5, 10.0, number);
    }
}

void ob_plot_frame(cairo_t *cr, const struct ob_plot_frame *frame, const char *x_name, const char *y_name)
{
    cairo_set_line_width(cr, 0.6);
    ticks(cr, frame, false);
    ticks(cr, frame, true);
    ob_plot_tone(cr, OB_PLOT_INK);
    cairo_set_line_width(cr, 0.8);
    cairo_rectangle(cr, frame->x.from, frame->y.to, frame->x.to - frame->x.from, frame->y.from - frame->y.to);
    cairo_stroke(cr);
    ob_plot_text(cr, frame->x.to, frame->y.from + 26.0, 1.0, 11.0, x_name);
    ob_plot_text(cr, frame->x.from, frame->y.to - 10.0, 0.0, 11.0, y_name);
}
