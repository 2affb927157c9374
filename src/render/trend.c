/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/trend.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>

#define TRACE_STEP_NS (250 * OB_NS_PER_MS)
#define GAP_S         3.0 /* a line never bridges a longer silence */
#define SPAN_BPM      20.0

struct frame {
    double x, y, width, height;
    int64_t now_ns;
    double low_bpm, high_bpm;
};

static double x_at(const struct frame *frame, int64_t time_ns)
{
    return frame->x + frame->width * (1.0 + ob_s_from_ns(time_ns - frame->now_ns) / OB_TREND_S);
}

static double y_at(const struct frame *frame, double bpm)
{
    return frame->y + frame->height * (frame->high_bpm - bpm) / (frame->high_bpm - frame->low_bpm);
}

/* Heart rate of a beat that is to be drawn; 0 for one that is not. */
static double beat_bpm(const struct frame *frame, const struct ob_snapshot_beat *beat)
{
    const double age_s = ob_s_from_ns(frame->now_ns - beat->time_ns);
    if (age_s < 0.0 || age_s > OB_TREND_S || !(beat->nn_ms > 0.0f))
        return 0.0;
    return 60000.0 / (double)beat->nn_ms;
}

/* A range in whole fives around what is there, so that the curve does not crawl up and down with every beat. */
static void fit_range(struct frame *frame, const struct ob_snapshot *snapshot, uint64_t first)
{
    double low = 1e9, high = 0.0;
    for (uint64_t i = first; i < snapshot->beat_count; i++) {
        const double bpm = beat_bpm(frame, &snapshot->beats[i % OB_SNAPSHOT_BEATS]);
        if (bpm > 0.0) {
            low = fmin(low, bpm);
            high = fmax(high, bpm);
        }
    }
    if (high <= 0.0) {
        low = 55.0;
        high = 75.0;
    }
    const double spare = fmax(0.0, 0.5 * (SPAN_BPM - (high - low)));
    frame->low_bpm = 5.0 * floor((low - spare) / 5.0);
    frame->high_bpm = 5.0 * ceil((high + spare) / 5.0);
}

/* The pacer's wave as a soft hill for each stretch in which it guided. */
static void draw_pacer(cairo_t *cairo, const struct ob_snapshot *snapshot, const struct frame *frame, double unit_px)
{
    const uint64_t kept = snapshot->trace_count < OB_SNAPSHOT_TRACE ? snapshot->trace_count : OB_SNAPSHOT_TRACE;
    const double bottom = frame->y + frame->height, rise = 0.86 * frame->height;
    for (int filled = 1; filled >= 0; filled--) {
        bool open = false;
        double last_x = 0.0;
        cairo_new_path(cairo);
        for (uint64_t i = snapshot->trace_count - kept; i <= snapshot->trace_count; i++) {
            const bool end = i == snapshot->trace_count;
            const float volume = end ? -1.0f : snapshot->trace[i % OB_SNAPSHOT_TRACE];
            const double x =
                x_at(frame, snapshot->trace_last_ns - (int64_t)(snapshot->trace_count - 1 - i) * TRACE_STEP_NS);
            if (volume < 0.0f || x < frame->x || x > frame->x + frame->width) {
                if (open && filled) {
                    cairo_line_to(cairo, last_x, bottom);
                    cairo_close_path(cairo);
                }
                open = false;
                continue;
            }
            const double y = bottom - rise * (double)volume;
            if (!open && filled) {
                cairo_move_to(cairo, x, bottom);
                cairo_line_to(cairo, x, y);
            } else if (!open) {
                cairo_move_to(cairo, x, y);
            } else {
                cairo_line_to(cairo, x, y);
            }
            open = true;
            last_x = x;
        }
        if (filled) {
            cairo_set_source_rgba(cairo, 0.98, 0.80, 0.58, 0.17);
            cairo_fill(cairo);
        } else {
            cairo_set_source_rgba(cairo, 0.98, 0.80, 0.58, 0.50);
            cairo_set_line_width(cairo, 0.22 * unit_px);
            cairo_stroke(cairo);
        }
    }
}

static void draw_heart(cairo_t *cairo, const struct ob_snapshot *snapshot, const struct frame *frame, uint64_t first,
                       double unit_px)
{
    int64_t before_ns = 0;
    double before_bpm = 0.0;
    cairo_new_path(cairo);
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
    for (uint64_t i = first; i < snapshot->beat_count; i++) {
        const struct ob_snapshot_beat *beat = &snapshot->beats[i % OB_SNAPSHOT_BEATS];
        const double bpm = beat_bpm(frame, beat);
        const bool joined = bpm > 0.0 && before_bpm > 0.0 && ob_s_from_ns(beat->time_ns - before_ns) < GAP_S;
        if (joined)
            cairo_line_to(cairo, x_at(frame, beat->time_ns), y_at(frame, bpm));
        else if (bpm > 0.0)
            cairo_move_to(cairo, x_at(frame, beat->time_ns), y_at(frame, bpm));
        before_ns = beat->time_ns;
        before_bpm = bpm;
    }
    cairo_set_source_rgba(cairo, 0.70, 0.94, 0.91, 0.95);
    cairo_set_line_width(cairo, 0.42 * unit_px);
    cairo_stroke(cairo);

    /* Corrected beats are rings: seen, but not taken at their word. */
    for (uint64_t i = first; i < snapshot->beat_count; i++) {
        const struct ob_snapshot_beat *beat = &snapshot->beats[i % OB_SNAPSHOT_BEATS];
        const double bpm = beat_bpm(frame, beat);
        if (bpm <= 0.0 || beat->flag == OB_BEAT_NORMAL)
            continue;
        cairo_new_sub_path(cairo);
        cairo_arc(cairo, x_at(frame, beat->time_ns), y_at(frame, bpm), 0.75 * unit_px, 0.0, OB_TAU);
    }
    cairo_set_line_width(cairo, 0.25 * unit_px);
    cairo_stroke(cairo);
}

void ob_trend_draw(struct ob_words *words, cairo_t *cairo, const struct ob_snapshot *snapshot, double x, double y,
                   double width, double height, double unit_px)
{
    const struct ob_text_style label = {
        .size_px = 1.9 * unit_px, .weight = 450, .red = 0.84, .green = 0.83, .blue = 0.90, .alpha = 0.9};
    struct ob_text_style right = label, centre = label;
    right.align = OB_ALIGN_RIGHT;
    centre.align = OB_ALIGN_CENTRE;
    const double scale_px = 4.2 * unit_px, foot_px = 3.0 * unit_px;
    struct frame frame = {
        .x = x + scale_px, .y = y, .width = width - scale_px, .height = height - foot_px, .now_ns = snapshot->now_ns};
    const uint64_t kept = snapshot->beat_count < OB_SNAPSHOT_BEATS ? snapshot->beat_count : OB_SNAPSHOT_BEATS;
    const uint64_t first = snapshot->beat_count - kept;
    fit_range(&frame, snapshot, first);

    cairo_set_line_width(cairo, fmax(1.0, 0.12 * unit_px));
    for (int i = 0; i <= 2; i++) {
        const double line_y = frame.y + frame.height * 0.5 * i;
        cairo_move_to(cairo, frame.x, line_y);
        cairo_line_to(cairo, frame.x + frame.width, line_y);
    }
    cairo_set_source_rgba(cairo, 0.84, 0.83, 0.90, 0.16);
    cairo_stroke(cairo);

    draw_pacer(cairo, snapshot, &frame, unit_px);
    cairo_save(cairo);
    cairo_rectangle(cairo, frame.x, frame.y - unit_px, frame.width + unit_px, frame.height + 2.0 * unit_px);
    cairo_clip(cairo);
    draw_heart(cairo, snapshot, &frame, first, unit_px);
    cairo_restore(cairo);

    char text[32];
    snprintf(text, sizeof text, "%.0f", frame.high_bpm);
    ob_words_draw(words, cairo, text, frame.x - 0.8 * unit_px, frame.y - 1.2 * unit_px, &right);
    snprintf(text, sizeof text, "%.0f", frame.low_bpm);
    ob_words_draw(words, cairo, text, frame.x - 0.8 * unit_px, frame.y + frame.height - 1.3 * unit_px, &right);
    const double foot_y = frame.y + frame.height + 0.6 * unit_px;
    ob_words_draw(words, cairo, "60 s ago", frame.x, foot_y, &label);
    ob_words_draw(words, cairo, "heart rate (line) over the pace (hills)", frame.x + 0.5 * frame.width, foot_y,
                  &centre);
    ob_words_draw(words, cairo, "now", frame.x + frame.width, foot_y, &right);
}
