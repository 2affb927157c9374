/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/hud.h"

#include "base/maths.h"
#include "base/time.h"
#include "os/tr.h"
#include "render/trend.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define REPAINT_NS (200 * OB_NS_PER_MS)
#define MARGIN_01  0.04
#define HELP_01    0.28  /* of the free room is above the keys: below them stand notices and the caption */
#define WIDE_UNITS 125.0 /* from this width on, the tachogram stands beside the numbers */

double ob_hud_unit_px(int width, int height)
{
    return fmax(1.0, fmin(height, 1.1 * width) / 100.0);
}

static void draw_number(struct ob_words *words, cairo_t *cairo, const struct ob_hud_number *number, double x, double y,
                        double unit_px)
{
    const struct ob_text_style value = {
        .size_px = 5.4 * unit_px, .weight = 500, .red = 1.0, .green = 0.97, .blue = 0.93, .alpha = 0.97};
    const struct ob_text_style small = {
        .size_px = 2.05 * unit_px, .weight = 450, .red = 0.86, .green = 0.85, .blue = 0.92, .alpha = 0.92};
    double width, height;
    ob_words_measure(words, number->value, &value, &width, &height);
    ob_words_draw(words, cairo, number->value, x, y, &value);
    ob_words_draw(words, cairo, number->unit, x + width + 0.7 * unit_px, y + 3.35 * unit_px, &small);
    ob_words_draw(words, cairo, number->label, x, y + 6.7 * unit_px, &small);
}

/* Everything in units; the panel is as wide as the screen allows. */
static void paint_numbers(struct ob_panels *panels, const struct ob_snapshot *snapshot, const char *sensor,
                          uint64_t key)
{
    const double unit = ob_hud_unit_px(panels->width, panels->height);
    const double pad = 3.0 * unit, cell_height = 11.0 * unit;
    const double width = fmin((1.0 - 2.0 * MARGIN_01) * panels->width, 190.0 * unit);
    const bool wide = width > WIDE_UNITS * unit;
    const int columns = wide ? 4 : (int)ob_clamp(floor((width - pad) / (26.0 * unit)), 1.0, 4.0);
    const int rows = (OB_HUD_NUMBERS + columns - 1) / columns;
    const double numbers_width = wide ? fmin(0.54 * width, 100.0 * unit) : width - 2.0 * pad;
    const double trend_height = wide ? rows * cell_height : 22.0 * unit;
    const double foot = (sensor[0] ? 3.2 : 0.0) * unit;
    const double height = 2.0 * pad + rows * cell_height + (wide ? 0.0 : trend_height + pad) - unit + foot;
    cairo_t *cairo = ob_layer_paint((int)ceil(width), (int)fmin(ceil(height), panels->height));
    if (!cairo)
        return;
    ob_panels_ground(cairo, width, height, 2.2 * unit, 0.60);
    struct ob_hud_number numbers[OB_HUD_NUMBERS];
    ob_hud_numbers(snapshot, numbers);
    for (int i = 0; i < OB_HUD_NUMBERS; i++)
        draw_number(&panels->words, cairo, &numbers[i], pad + (i % columns) * numbers_width / columns,
                    pad - unit + (i / columns) * cell_height, unit);
    if (wide)
        ob_trend_draw(&panels->words, cairo, snapshot, pad + numbers_width, pad + 0.5 * unit,
                      width - numbers_width - 2.0 * pad, trend_height - 1.5 * unit, unit);
    else
        ob_trend_draw(&panels->words, cairo, snapshot, pad, pad + rows * cell_height + unit, width - 2.0 * pad,
                      trend_height, unit);
    if (sensor[0]) {
        const struct ob_text_style style = {
            .size_px = 2.05 * unit, .weight = 450, .red = 0.86, .green = 0.85, .blue = 0.92, .alpha = 0.85};
        ob_words_draw(&panels->words, cairo, sensor, pad, height - pad - 1.2 * unit, &style);
    }
    ob_layer_painted(&panels->layers[OB_PANEL_HUD], cairo, (int)(0.5 * (panels->width - width)),
                     (int)(MARGIN_01 * panels->height), key);
}

enum { FORMULAS_ALONE = 1, FORMULAS_BELOW }; /* the numbers */

static const char formulas[] = OB_TR(
    "RSA amplitude: highest minus lowest heart rate within a breath; the median of three breaths.\n"
    "Following the pace: R\xc2\xb2 of the heart rate of the last 30 s on a sine and cosine of the pace.\n"
    "Coherence: P / (T \xe2\x88\x92 P), the last 64 s. P: power in 0.030 Hz around the highest peak between 0.04 and "
    "0.26 Hz; T: all power from 0.0033 to 0.40 Hz. It shows slow regular breathing, not calm.\n"
    "Data age: when the newest beat arrived, minus when it was measured.");

static void paint_formulas(struct ob_panels *panels, uint64_t key)
{
    const double unit = ob_hud_unit_px(panels->width, panels->height);
    const double wrap = fmin(0.86 * panels->width, 140.0 * unit), pad = 2.6 * unit;
    const struct ob_text_style style = {
        .size_px = 2.3 * unit, .weight = 420, .red = 0.96, .green = 0.94, .blue = 0.93, .alpha = 0.95, .wrap_px = wrap};
    double width, height;
    ob_words_measure(&panels->words, ob_tr(formulas), &style, &width, &height);
    cairo_t *cairo = ob_layer_paint((int)ceil(width + 2.0 * pad), (int)fmin(ceil(height + 2.0 * pad), panels->height));
    if (!cairo)
        return;
    ob_panels_ground(cairo, width + 2.0 * pad, height + 2.0 * pad, 2.2 * unit, 0.62);
    ob_words_draw(&panels->words, cairo, ob_tr(formulas), pad, pad, &style);
    const struct ob_layer *numbers = &panels->layers[OB_PANEL_HUD];
    const double lowest = panels->height - height - 2.0 * pad;
    double y = 0.62 * (panels->height - height);
    if (key == FORMULAS_BELOW) /* below the numbers that it explains, as far as there is room */
        y = fmax(0.0, fmin(lowest, fmax(y, numbers->y + numbers->height + unit)));
    ob_layer_painted(&panels->layers[OB_PANEL_FORMULAS], cairo, (int)(0.5 * (panels->width - width) - pad), (int)y,
                     key);
}

static const char *const keys[][2] = {
    {OB_TR("space"), OB_TR("pause, go on")},
    {"h", OB_TR("numbers")},
    {"i", OB_TR("how they are made")},
    {"b", OB_TR("just breathe")},
    {"n", OB_TR("next part")},
    {"d", OB_TR("dizzy: breathe naturally")},
    {"c", OB_TR("next scene")},
    {"m", OB_TR("next sound")},
    {"v", OB_TR("voice on or off")},
    {"s", OB_TR("sensors")},
    {"f", OB_TR("full screen")},
    {"+  \xe2\x88\x92", OB_TR("volume")},
    {"?", OB_TR("these keys")},
    {OB_TR("Esc"), OB_TR("leave")},
};

static void paint_help(struct ob_panels *panels, uint64_t key)
{
    const double unit = ob_hud_unit_px(panels->width, panels->height);
    const double pad = 3.6 * unit, line = 4.7 * unit, key_width = 11.0 * unit;
    const int count = (int)(sizeof keys / sizeof *keys);
    const double width = 2.0 * pad + key_width + 37.0 * unit, height = 2.0 * pad + count * line - unit;
    struct ob_text_style style = {
        .size_px = 2.9 * unit, .weight = 600, .red = 0.98, .green = 0.84, .blue = 0.66, .alpha = 0.97};
    cairo_t *cairo = ob_layer_paint((int)ceil(width), (int)fmin(ceil(height), panels->height));
    if (!cairo)
        return;
    ob_panels_ground(cairo, width, height, 2.2 * unit, 0.62);
    for (int i = 0; i < count; i++)
        ob_words_draw(&panels->words, cairo, ob_tr(keys[i][0]), pad, pad + i * line - 0.6 * unit, &style);
    style = (struct ob_text_style){
        .size_px = 2.9 * unit, .weight = 420, .red = 0.98, .green = 0.96, .blue = 0.94, .alpha = 0.96};
    for (int i = 0; i < count; i++)
        ob_words_draw(&panels->words, cairo, ob_tr(keys[i][1]), pad + key_width, pad + i * line - 0.6 * unit, &style);
    ob_layer_painted(&panels->layers[OB_PANEL_HELP], cairo, (int)(0.5 * (panels->width - width)),
                     (int)(HELP_01 * (panels->height - height)), key);
}

void ob_hud_update(struct ob_panels *panels, const struct ob_snapshot *snapshot, const struct ob_overlay *overlay,
                   double dt_s)
{
    const int64_t turn = snapshot->now_ns / REPAINT_NS;
    const uint64_t key = overlay->hud ? ob_layer_key(0, &turn, sizeof turn) : 0;
    if (ob_layer_want(&panels->layers[OB_PANEL_HUD], key, dt_s, true))
        paint_numbers(panels, snapshot, overlay->sensor, key);
    const uint64_t formulas_key = !overlay->formulas ? 0 : overlay->hud ? FORMULAS_BELOW : FORMULAS_ALONE;
    if (ob_layer_want(&panels->layers[OB_PANEL_FORMULAS], formulas_key, dt_s, false))
        paint_formulas(panels, formulas_key);
    if (ob_layer_want(&panels->layers[OB_PANEL_HELP], overlay->help ? 1 : 0, dt_s, false))
        paint_help(panels, 1);
}
