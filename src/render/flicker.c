/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/flicker.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

#define KEPT (sizeof((struct ob_flicker *)0)->whole / sizeof(double))

void ob_flicker_init(struct ob_flicker *flicker)
{
    memset(flicker, 0, sizeof *flicker);
    flicker->least = 1.0;
}

float ob_flicker_linear(uint8_t byte)
{
    const double c = byte / 255.0;
    return (float)(c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
}

/* Pairs of turns within the second that ends with the newest. */
static int pairs(const struct ob_flicker_trace *trace)
{
    const int kept = trace->count < OB_FLICKER_TURNS ? trace->count : OB_FLICKER_TURNS;
    const int64_t newest_ns = trace->turns_ns[(trace->count - 1) % OB_FLICKER_TURNS];
    int within = 0;
    for (int i = 1; i <= kept; i++)
        within += newest_ns - trace->turns_ns[(trace->count - i) % OB_FLICKER_TURNS] < OB_NS_PER_S;
    return within / 2;
}

/* Takes a value in; returns the pairs of the last second when it turned, else 0. step: a change that counts; dark: the
 * darker must be below it; with_red: a change counts only with a saturated red at one of its ends. */
static int follow(struct ob_flicker_trace *trace, double value, double step, double dark, bool with_red, bool red,
                  int64_t seen_ns)
{
    const double gone = value - trace->extreme;
    const bool further = (trace->direction > 0 && gone > 0.0) || (trace->direction < 0 && gone < 0.0);
    if (further) {
        trace->extreme = value;
        trace->extreme_red = red;
        return 0;
    }
    if (fabs(gone) < step || fmin(value, trace->extreme) >= dark || (with_red && !red && !trace->extreme_red))
        return 0;
    trace->direction = gone > 0.0 ? 1 : -1;
    trace->extreme = value;
    trace->extreme_red = red;
    trace->turns_ns[trace->count++ % OB_FLICKER_TURNS] = seen_ns;
    if (trace->count >= 2 * OB_FLICKER_TURNS)
        trace->count -= OB_FLICKER_TURNS;
    return pairs(trace);
}

static void judge_area(struct ob_flicker *flicker, int area, const double rgb[3], int64_t seen_ns)
{
    const double light = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2], sum = rgb[0] + rgb[1] + rgb[2];
    const bool red = sum > 1e-4 && rgb[0] / sum >= 0.8;
    const double redness = fmax(0.0, rgb[0] - rgb[1] - rgb[2]) * 320.0;
    if (!flicker->frames) {
        flicker->light[area].extreme = light;
        flicker->red[area].extreme = redness;
        return;
    }
    const int flashes = follow(&flicker->light[area], light, OB_FLICKER_STEP, OB_FLICKER_DARK, false, false, seen_ns);
    const int reds = follow(&flicker->red[area], redness, 20.0, 1e9, true, red, seen_ns);
    flicker->flashes = flashes > flicker->flashes ? flashes : flicker->flashes;
    flicker->red_flashes = reds > flicker->red_flashes ? reds : flicker->red_flashes;
}

void ob_flicker_frame(struct ob_flicker *flicker, const float cells[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS][3],
                      int64_t seen_ns)
{
    enum { BLOCK_COLUMNS = OB_FLICKER_COLUMNS + 1, BLOCK_ROWS = OB_FLICKER_ROWS + 1 };
    double blocks[BLOCK_ROWS][BLOCK_COLUMNS][3] = {{{0.0}}}, whole = 0.0;
    for (int y = 0; y < OB_LIGHT_ROWS; y++)
        for (int x = 0; x < OB_LIGHT_COLUMNS; x++)
            for (int c = 0; c < 3; c++)
                blocks[y / OB_LIGHT_BOX][x / OB_LIGHT_BOX][c] += (double)cells[y][x][c];
    for (int y = 0; y < BLOCK_ROWS; y++)
        for (int x = 0; x < BLOCK_COLUMNS; x++)
            whole += 0.2126 * blocks[y][x][0] + 0.7152 * blocks[y][x][1] + 0.0722 * blocks[y][x][2];
    whole /= OB_LIGHT_ROWS * OB_LIGHT_COLUMNS;
    for (int y = 0; y < OB_FLICKER_ROWS; y++)
        for (int x = 0; x < OB_FLICKER_COLUMNS; x++) {
            double rgb[3];
            for (int c = 0; c < 3; c++)
                rgb[c] = (blocks[y][x][c] + blocks[y][x + 1][c] + blocks[y + 1][x][c] + blocks[y + 1][x + 1][c]) /
                         (4 * OB_LIGHT_BOX * OB_LIGHT_BOX);
            judge_area(flicker, y * OB_FLICKER_COLUMNS + x, rgb, seen_ns);
        }
    /* Against the newest frame that is a window back; where frames are further apart, against the one before. */
    for (uint64_t back = 1; back <= flicker->frames && back < KEPT; back++) {
        const size_t at = (flicker->frames - back) % KEPT;
        const double apart_s = ob_s_from_ns(seen_ns - flicker->whole_ns[at]);
        if (apart_s < 0.999 * OB_FLICKER_WINDOW_S)
            continue;
        if (apart_s < 1.0)
            flicker->whole_per_s = fmax(flicker->whole_per_s, fabs(whole - flicker->whole[at]) / apart_s);
        break;
    }
    flicker->whole[flicker->frames % KEPT] = whole;
    flicker->whole_ns[flicker->frames % KEPT] = seen_ns;
    flicker->frames++;
    flicker->least = fmin(flicker->least, whole);
    flicker->most = fmax(flicker->most, whole);
}

bool ob_flicker_fails(const struct ob_flicker *flicker)
{
    return flicker->flashes > OB_FLICKER_MOST || flicker->red_flashes > OB_FLICKER_MOST;
}
