/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/page.h"

#include "plot/posterior.h"
#include "report/words.h"

#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN            44.0
#define COLUMN_GAP        26.0
#define STRIP_MIN         118.0
#define STRIP_MAX         300.0
#define WORDS_OF_A_COLUMN 420 /* bytes; more go over both */
#define TREND_LEAST       3   /* sessions with windows from which on a trend is drawn */

struct page {
    cairo_t *cr;
    struct ob_words words;
    const struct ob_summary *s;
    const struct ob_tongue *t;
    const struct ob_plot_theme *theme;
    double width, height, left, right;
    double own_size; /* of the therapist's words */
    int own_lines;   /* at most so many; 0: all */
    bool dry;        /* only measure */
};

struct type {
    double size;
    int weight;
    bool faint;
    enum ob_align align;
    int lines; /* at most; 0: all */
};

/* Sets a text at x, y (top) within a width; returns its height. */
static double set(struct page *p, const char *text, double x, double y, double width, struct type type)
{
    static const PangoAlignment aligns[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    if (!text[0])
        return 0.0;
    PangoLayout *layout = pango_layout_new(p->words.context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, "Inter,Cantarell,Noto Sans,DejaVu Sans,sans-serif");
    pango_font_description_set_weight(font, (PangoWeight)type.weight);
    pango_font_description_set_absolute_size(font, type.size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    PangoAttrList *attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1, calt=0"));
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, aligns[type.align]);
    pango_layout_set_line_spacing(layout, 1.12f);
    if (type.lines > 0) {
        pango_layout_set_height(layout, -type.lines);
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    }
    char *valid = g_utf8_make_valid(text, -1);
    pango_layout_set_text(layout, valid, -1);
    g_free(valid);
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    if (!p->dry) {
        const struct ob_plot_colour *c = type.faint ? &p->theme->faint : &p->theme->ink;
        cairo_set_source_rgba(p->cr, c->red, c->green, c->blue, c->alpha);
        cairo_move_to(p->cr, x, y);
        pango_cairo_show_layout(p->cr, layout);
    }
    g_object_unref(layout);
    return (double)logical.height / PANGO_SCALE;
}

static struct ob_plot_pen pen_of(struct page *p)
{
    return (struct ob_plot_pen){.cairo = p->cr, .words = &p->words, .theme = p->theme, .text_px = 7.2};
}

static void rule(struct page *p, double y, bool strong)
{
    const struct ob_plot_pen pen = pen_of(p);
    if (!p->dry)
        ob_pen_rule(&pen, p->left, y, p->right, y, strong ? 0.8 : 0.5, strong ? &p->theme->faint : &p->theme->grid);
}

static double title(struct page *p, const char *text, double x, double y, double width)
{
    return set(p, text, x, y, width, (struct type){.size = 9.6, .weight = 600, .lines = 1}) + 3.0;
}

static double body(struct page *p, const char *text, double x, double y, double width)
{
    const double height = set(p, text, x, y, width, (struct type){.size = 8.8, .weight = 400});
    return height > 0.0 ? height + 2.0 : 0.0;
}

static double small(struct page *p, const char *text, double x, double y, double width)
{
    const double height = set(p, text, x, y, width, (struct type){.size = 7.2, .weight = 400, .faint = true});
    return height > 0.0 ? height + 2.0 : 0.0;
}

/* ---- blocks: each draws at y and returns where it ends ---------------------------------------------------------- */

static double head(struct page *p, double y)
{
    struct ob_said said;
    const double width = p->right - p->left;
    const double side = 0.36 * width;
    ob_said_when(p->s, p->t, &said);
    const double date = set(p, said.text, p->right - side, y + 2.0, side,
                            (struct type){.size = 9.0, .weight = 400, .align = OB_ALIGN_RIGHT, .lines = 2});
    double at = y + set(p, ob_in(p->t, "What was seen"), p->left, y, width - side - 10.0,
                        (struct type){.size = 19.0, .weight = 600, .lines = 2});
    at += 2.0 + set(p, p->s->name, p->left, at + 2.0, width, (struct type){.size = 11.0, .weight = 500, .lines = 2});
    at = fmax(at, y + date + 4.0);
    if (p->s->simulated)
        at += 2.0 + set(p, ob_in(p->t, "Simulated person: nobody was measured"), p->left, at + 2.0, width,
                        (struct type){.size = 9.6, .weight = 700, .lines = 1});
    ob_said_about(p->s, p->t, &said);
    at += 3.0;
    at += set(p, said.text, p->left, at, width, (struct type){.size = 8.2, .weight = 400, .faint = true, .lines = 3});
    at += 6.0;
    rule(p, at, true);
    return at + 9.0;
}

static double table_row(struct page *p, const struct ob_said_row *row, double y, int weight, bool faint)
{
    static const double at[OB_CELLS] = {0.0, 0.215, 0.375, 0.54, 0.755};
    const double width = p->right - p->left;
    double height = 0.0;
    for (int i = 0; i < OB_CELLS; i++) {
        const double from = at[i] * width, to = (i + 1 < OB_CELLS ? at[i + 1] : 1.0) * width;
        height = fmax(height, set(p, row->cells[i], p->left + from, y, to - from - 6.0,
                                  (struct type){.size = 8.6, .weight = i == 0 ? 500 : weight, .faint = faint}));
    }
    return height;
}

static double before_and_after(struct page *p, double y)
{
    struct ob_said said;
    struct ob_said_row row;
    const double width = p->right - p->left;
    y += title(p, ob_in(p->t, "Before and after"), p->left, y, width);
    ob_said_change(p->s, p->t, &said);
    y += body(p, said.text, p->left, y, width);
    if (p->s->windows.before.there || p->s->windows.after.there) {
        y += 3.0;
        ob_said_heading(p->t, &row);
        y += table_row(p, &row, y, 400, true) + 2.0;
        for (int i = 0; i < OB_ROWS; i++) {
            rule(p, y, false);
            ob_said_row(p->s, p->t, (enum ob_row_of)i, &row);
            y += 2.2 + table_row(p, &row, y + 2.2, 400, false) + 2.0;
        }
        rule(p, y, false);
        y += 4.0;
    }
    ob_said_basis(p->s, p->t, &said);
    y += small(p, said.text, p->left, y, width);
    ob_said_checkin(p->s, p->t, &said);
    y += body(p, said.text, p->left, y, width);
    return y + 6.0;
}

/* Marks as a running line: "1 3:00 breath changed · 2 8:00 sigh". What does not fit is counted. */
static double mark_list(struct page *p, double y)
{
    char line[2400] = "", clock[24];
    size_t used = 0, shown = 0;
    for (; shown < p->s->mark_count && shown < 36; shown++) {
        struct ob_said said;
        const struct ob_summary_mark *mark = &p->s->marks[shown];
        ob_said_mark(mark, p->t, &said);
        ob_in_clock(mark->at_s, clock, sizeof clock);
        const int wrote = snprintf(line + used, sizeof line - used, "%s%zu\xc2\xa0\xc2\xa0%s\xc2\xa0%s",
                                   shown ? "   " : "", shown + 1, clock, said.text);
        if (wrote < 0 || used + (size_t)wrote + 60 > sizeof line) {
            line[used] = '\0';
            break;
        }
        used += (size_t)wrote;
    }
    if (shown < p->s->mark_count) {
        char more[60];
        snprintf(more, sizeof more, ob_in(p->t, "and %d more"), (int)(p->s->mark_count - shown));
        snprintf(line + used, sizeof line - used, "   %s", more);
    }
    const double height = set(p, line, p->left, y, p->right - p->left,
                              (struct type){.size = 7.6, .weight = 400, .lines = p->s->mark_count > 36 ? 0 : 6});
    return y + height + (height > 0.0 ? 4.0 : 0.0);
}

static double strip(struct page *p, double y, double height)
{
    struct ob_said said;
    const struct ob_plot_pen pen = pen_of(p);
    const struct ob_plot_place place = {p->left, y, p->right - p->left, height};
    if (!p->dry)
        ob_page_strip(&pen, &place, p->s, p->t);
    y += height + 5.0;
    y = mark_list(p, y);
    ob_said_quality(p->s, p->t, &said);
    y += small(p, said.text, p->left, y, p->right - p->left);
    return y + 5.0;
}

static double moment(struct page *p, double x, double y, double width)
{
    struct ob_said said;
    y += title(p, ob_in(p->t, "The exhale moment"), x, y, width);
    ob_said_moments(p->s, p->t, &said);
    y += body(p, said.text, x, y, width);
    ob_said_chance(p->s, p->t, &said);
    y += small(p, said.text, x, y, width);
    return y;
}

static size_t trend_sessions(const struct ob_summary *s)
{
    size_t count = 0;
    for (size_t i = 0; i < s->past_count; i++)
        count +=
            s->past[i].windows.before.there && s->past[i].windows.before.hr_bpm.valid && s->past[i].pulse == s->pulse;
    return count;
}

/* Over the sessions: heart rate before and after, and the pace as far as it is known. */
static double over_time(struct page *p, double x, double y, double width)
{
    struct ob_said said;
    const struct ob_plot_pen pen = pen_of(p);
    const bool trend = trend_sessions(p->s) >= TREND_LEAST, pace = p->s->pace_known;
    if (!trend && !pace)
        return y;
    y += title(p, ob_in(p->t, "Over the sessions"), x, y, width);
    const double each = trend && pace ? 0.5 * (width - 14.0) : width, height = 66.0;
    if (!p->dry && trend) {
        const struct ob_plot_place place = {x, y, trend && pace ? 1.15 * each : each, height};
        ob_page_trend(&pen, &place, p->s, p->t, OB_USUAL_HR);
    }
    if (!p->dry && pace) {
        const struct ob_plot_place place = {trend ? x + 1.15 * each + 14.0 : x, y, trend ? 0.85 * each : 0.6 * each,
                                            height};
        const struct ob_posterior_plot plot = {.probabilities = p->s->pace_probabilities,
                                               .low_brpm = p->s->pace.low_brpm,
                                               .high_brpm = p->s->pace.high_brpm,
                                               .named = p->s->pace.word == OB_PACE_NUMBER,
                                               .mean_brpm = p->s->pace.mean_brpm,
                                               .x_name = ob_in(p->t, "own pace, breaths/min")};
        ob_plot_posterior(&pen, &place, &plot);
    }
    y += height + 4.0;
    if (trend)
        y += small(p,
                   p->s->change[OB_USUAL_HR].typical_low < p->s->change[OB_USUAL_HR].typical_high
                       ? ob_in(p->t, "Open: before, filled: after. Shaded: where the window before usually lies.")
                       : ob_in(p->t, "Open: before, filled: after."),
                   x, y, width);
    ob_said_pace(p->s, p->t, &said);
    y += small(p, said.text, x, y, width);
    return y;
}

static double own_words(struct page *p, double x, double y, double width)
{
    if (!p->s->words[0])
        return y;
    char text[OB_SUMMARY_WORDS];
    snprintf(text, sizeof text, "%s", p->s->words);
    /* Where they have to be cut, lines run on: Pango counts lines by the paragraph. */
    for (char *c = text; *c && p->own_lines > 0; c++)
        if (*c == '\n')
            *c = ' ';
    y += title(p, ob_in(p->t, "In the therapist's words"), x, y, width);
    return y + 2.0 +
           set(p, text, x, y, width, (struct type){.size = p->own_size, .weight = 400, .lines = p->own_lines});
}

static double at_home(struct page *p, double x, double y, double width)
{
    struct ob_said said;
    y += title(p, ob_in(p->t, "On at home"), x, y, width);
    ob_said_suggestion(p->s, p->t, &said);
    y += body(p, said.text, x, y, width);
    ob_said_appointment(p->s, p->t, &said);
    y += body(p, said.text, x, y, width);
    return y;
}

static double two_columns(struct page *p, double y)
{
    const double width = 0.5 * (p->right - p->left - COLUMN_GAP), x = p->left + width + COLUMN_GAP;
    const bool many = strlen(p->s->words) > WORDS_OF_A_COLUMN, wide = many || !p->s->words[0];
    double left = moment(p, p->left, y, width), right = over_time(p, x, y, width);
    const bool empty = right <= y;
    /* Nothing stands half empty: what comes next takes the free column. */
    if (wide) {
        if (empty)
            right = at_home(p, x, y, width);
        else
            left = at_home(p, p->left, left + 8.0, width);
        y = fmax(left, right) + 8.0;
        return many ? own_words(p, p->left, y, p->right - p->left) + 6.0 : y;
    }
    left += 8.0;
    if (!empty)
        right += 8.0;
    right = at_home(p, x, right, width);
    left = own_words(p, p->left, left, width);
    return fmax(left, right) + 6.0;
}

static double foot(struct page *p, double bottom)
{
    struct ob_said said;
    const bool dry = p->dry;
    const struct type type = {.size = 7.2, .weight = 400, .faint = true};
    ob_said_foot(p->s, p->t, &said);
    p->dry = true;
    const double height = set(p, said.text, p->left, 0.0, p->right - p->left, type);
    p->dry = dry;
    rule(p, bottom - height - 6.0, true);
    set(p, said.text, p->left, bottom - height, p->right - p->left, type);
    return height + 12.0;
}

/* All but the strip's own height. */
static double rest_of(struct page *p)
{
    p->dry = true;
    double y = head(p, 0.0);
    y = before_and_after(p, y);
    y = strip(p, y, 0.0);
    y = two_columns(p, y);
    y += foot(p, 0.0);
    p->dry = false;
    return y;
}

static void draw(struct page *p)
{
    /* Words first get smaller, then fewer; the strip keeps its least height. */
    static const double sizes[] = {8.8, 8.0, 7.2};
    const double room = p->height - 2.0 * MARGIN + 14.0;
    double rest = 0.0;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        p->own_size = sizes[i];
        p->own_lines = 0;
        rest = rest_of(p);
        if (rest + STRIP_MIN <= room)
            break;
    }
    for (p->own_lines = 40; rest + STRIP_MIN > room && p->own_lines > 1; p->own_lines--)
        rest = rest_of(p);
    const double height = fmin(STRIP_MAX, fmax(STRIP_MIN, room - rest));
    double y = head(p, MARGIN - 8.0);
    y = before_and_after(p, y);
    y = strip(p, y, height);
    two_columns(p, y);
    foot(p, p->height - MARGIN + 14.0);
}

void ob_paper_size(enum ob_paper paper, double *width_pt, double *height_pt)
{
    *width_pt = paper == OB_PAPER_LETTER ? 612.0 : 595.276;
    *height_pt = paper == OB_PAPER_LETTER ? 792.0 : 841.890;
}

bool ob_page_draw(cairo_t *cairo, const struct ob_summary *summary, const struct ob_tongue *tongue, double width_pt,
                  double height_pt)
{
    struct page page = {.cr = cairo,
                        .s = summary,
                        .t = tongue,
                        .theme = ob_plot_paper(),
                        .width = width_pt,
                        .height = height_pt,
                        .left = MARGIN,
                        .right = width_pt - MARGIN};
    const bool fine = ob_words_init(&page.words);
    if (fine)
        draw(&page);
    ob_words_finish(&page.words);
    return fine && cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
}

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned int length)
{
    struct ob_sheet *sheet = closure;
    ob_sheet_add(sheet, (const char *)data, length);
    return sheet->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

void ob_write_page_pdf(struct ob_sheet *pdf, const struct ob_summary *summary, const struct ob_tongue *tongue,
                       enum ob_paper paper)
{
    double width, height;
    char text[64];
    ob_paper_size(paper, &width, &height);
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(collect, pdf, width, height);
    cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4); /* old printers */
    /* No name in what a search engine of a desktop reads first. */
    snprintf(text, sizeof text, "Outbreath, %s %llu", ob_in(tongue, "session"), (unsigned long long)summary->number);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, text);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Outbreath " OB_VERSION);
    cairo_t *cairo = cairo_create(surface);
    const bool fine = ob_page_draw(cairo, summary, tongue, width, height);
    cairo_show_page(cairo);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    if (!fine || cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        pdf->failed = true;
    cairo_surface_destroy(surface);
}
