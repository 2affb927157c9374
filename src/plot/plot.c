/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot.h"

#include "base/maths.h"
#include "plot/axis.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LEFT   64.0
#define RIGHT  24.0
#define TOP    64.0
#define BOTTOM 44.0
#define GAP    66.0 /* between the two plots */

/* Above so many intervals a mark for each would be a smear. */
#define MARKS_MOST 1200

bool ob_plot_format_of(const char *name, enum ob_plot_format *format_out)
{
    static const char *const endings[] = {[OB_PLOT_PNG] = ".png", [OB_PLOT_PDF] = ".pdf", [OB_PLOT_SVG] = ".svg"};
    size_t length = strlen(name);
    for (int format = OB_PLOT_PNG; format <= OB_PLOT_SVG; format++) {
        bool same = length > 4;
        for (size_t i = 0; same && i < 4; i++) {
            char c = name[length - 4 + i];
            same = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) == endings[format][i];
        }
        if (same) {
            *format_out = (enum ob_plot_format)format;
            return true;
        }
    }
    return false;
}

static void tachogram(cairo_t *cr, struct ob_plot_frame *frame, const struct ob_nn_list *list)
{
    frame->x.low = 0.0;
    frame->x.high = 1.0;
    frame->y.low = 600.0;
    frame->y.high = 1000.0;
    if (list->count > 1) {
        frame->x.low = list->items[0].time_s;
        frame->x.high = list->items[list->count - 1].time_s;
        frame->y.low = 1e12;
        frame->y.high = 0.0;
    }
    for (size_t i = 0; list->count > 1 && i < list->count; i++) {
        frame->y.low = fmin(frame->y.low, list->items[i].nn_ms);
        frame->y.high = fmax(frame->y.high, list->items[i].nn_ms);
    }
    double margin = fmax(20.0, 0.08 * (frame->y.high - frame->y.low));
    frame->y.low -= margin;
    frame->y.high += margin;
    ob_plot_frame(cr, frame, "time, s", "NN interval, ms");
    if (list->count < 2) {
        ob_plot_text(cr, 0.5 * (frame->x.from + frame->x.to), 0.5 * (frame->y.from + frame->y.to), 0.5, 13.0,
                     "no intervals");
        return;
    }
    ob_plot_tone(cr, OB_PLOT_LINE);
    cairo_set_line_width(cr, list->count > MARKS_MOST ? 0.5 : 1.0);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_new_path(cr);
    for (size_t i = 0; i < list->count; i++) {
        double x = ob_plot_at(&frame->x, list->items[i].time_s), y = ob_plot_at(&frame->y, list->items[i].nn_ms);
        if (i == 0 || !list->items[i].joined)
            cairo_move_to(cr, x, y);
        else
            cairo_line_to(cr, x, y);
    }
    cairo_stroke(cr);
    ob_plot_tone(cr, OB_PLOT_MARK);
    cairo_set_line_width(cr, 1.0);
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].corrected)
            continue;
        double x = ob_plot_at(&frame->x, list->items[i].time_s), y = ob_plot_at(&frame->y, list->items[i].nn_ms);
        cairo_new_path(cr);
        cairo_move_to(cr, x, y - 3.5);
        cairo_line_to(cr, x + 3.5, y);
        cairo_line_to(cr, x, y + 3.5);
        cairo_line_to(cr, x - 3.5, y);
        cairo_close_path(cr);
        cairo_stroke(cr);
    }
}

static void shade(cairo_t *cr, const struct ob_plot_frame *frame, double low_hz, double high_hz, enum ob_plot_tone tone,
                  const char *name)
{
    double x0 = ob_plot_at(&frame->x, low_hz), x1 = ob_plot_at(&frame->x, high_hz);
    ob_plot_tone(cr, tone);
    cairo_rectangle(cr, x0, frame->y.to, x1 - x0, frame->y.from - frame->y.to);
    cairo_fill(cr);
    ob_plot_tone(cr, OB_PLOT_INK);
    ob_plot_text(cr, 0.5 * (x0 + x1), frame->y.to + 12.0, 0.5, 11.0, name);
}

static void spectrum(cairo_t *cr, struct ob_plot_frame *frame, const struct ob_spectra *spectra)
{
    frame->x.low = 0.0;
    frame->x.high = OB_HF_HIGH_HZ;
    frame->y.low = 0.0;
    frame->y.high = 1.0;
    for (size_t k = 2; k < OB_PSD_BINS; k++)
        frame->y.high = fmax(frame->y.high, 1.1 * spectra->welch[k]);
    shade(cr, frame, OB_LF_LOW_HZ, OB_HF_LOW_HZ, OB_PLOT_BAND_ONE, "LF");
    shade(cr, frame, OB_HF_LOW_HZ, OB_HF_HIGH_HZ, OB_PLOT_BAND_TWO, "HF");
    ob_plot_frame(cr, frame, "frequency, Hz", "power density (Welch), ms\u00b2/Hz");
    if (spectra->segments == 0) {
        ob_plot_text(cr, 0.5 * (frame->x.from + frame->x.to), 0.5 * (frame->y.from + frame->y.to), 0.5, 13.0,
                     "no spectrum: there are not 60 s without a gap");
        return;
    }
    ob_plot_tone(cr, OB_PLOT_LINE);
    cairo_set_line_width(cr, 1.4);
    cairo_new_path(cr);
    for (size_t k = 1; (double)k * OB_PSD_STEP_HZ <= OB_HF_HIGH_HZ; k++) {
        double y = ob_clamp(spectra->welch[k], 0.0, frame->y.high);
        cairo_line_to(cr, ob_plot_at(&frame->x, (double)k * OB_PSD_STEP_HZ), ob_plot_at(&frame->y, y));
    }
    cairo_stroke(cr);
}

static void draw(cairo_t *cr, const struct ob_plot_desc *desc, double width, double height)
{
    cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
    cairo_paint(cr);
    ob_plot_tone(cr, OB_PLOT_INK);
    if (desc->title)
        ob_plot_text(cr, LEFT, 18.0, 0.0, 15.0, desc->title);
    if (desc->note)
        ob_plot_text(cr, LEFT, 37.0, 0.0, 11.0, desc->note);
    double each = 0.5 * (height - TOP - BOTTOM - GAP);
    struct ob_plot_frame upper = {.x = {.from = LEFT, .to = width - RIGHT}, .y = {.from = TOP + each, .to = TOP}};
    struct ob_plot_frame lower = {.x = upper.x, .y = {.from = height - BOTTOM, .to = height - BOTTOM - each}};
    tachogram(cr, &upper, desc->list);
    spectrum(cr, &lower, desc->spectra);
}

/* Bytes as they come from Cairo. */
struct sink {
    unsigned char *bytes;
    size_t size, capacity;
};

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned int length)
{
    struct sink *sink = closure;
    if (sink->size + length > sink->capacity) {
        size_t capacity = 2 * (sink->size + length);
        unsigned char *bytes = realloc(sink->bytes, capacity);
        if (!bytes)
            return CAIRO_STATUS_NO_MEMORY;
        sink->bytes = bytes;
        sink->capacity = capacity;
    }
    memcpy(sink->bytes + sink->size, data, length);
    sink->size += length;
    return CAIRO_STATUS_SUCCESS;
}

bool ob_plot_report(const struct ob_plot_desc *desc, enum ob_plot_format format, unsigned char **bytes_out,
                    size_t *size_out)
{
    double width = desc->width_pt > 0.0 ? desc->width_pt : 900.0;
    double height = desc->height_pt > 0.0 ? desc->height_pt : 600.0;
    struct sink sink = {.bytes = NULL};
    cairo_surface_t *surface;
    if (format == OB_PLOT_PDF)
        surface = cairo_pdf_surface_create_for_stream(collect, &sink, width, height);
    else if (format == OB_PLOT_SVG)
        surface = cairo_svg_surface_create_for_stream(collect, &sink, width, height);
    else
        surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
    cairo_t *cr = cairo_create(surface);
    draw(cr, desc, width, height);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    if (format == OB_PLOT_PNG && status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(surface, collect, &sink);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS || sink.size == 0) {
        free(sink.bytes);
        return false;
    }
    *bytes_out = sink.bytes;
    *size_out = sink.size;
    return true;
}
