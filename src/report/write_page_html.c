/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/posterior.h"
#include "report/page.h"
#include "report/words.h"

#include <cairo-svg.h>
#include <string.h>

static const char style[] =
    ":root{color-scheme:light}"
    "body{margin:0;background:#fff;color:#1a1e22;font:15px/1.45 Inter,Cantarell,'Noto Sans','DejaVu Sans',sans-serif}"
    "main{max-width:46rem;margin:2rem auto;padding:0 1.2rem}"
    "h1{font-size:1.9rem;font-weight:600;margin:0}h2{font-size:1.05rem;font-weight:600;margin:1.6rem 0 .3rem}"
    "p{margin:.3rem 0}.who{font-size:1.15rem;font-weight:500}.small{font-size:.82rem;color:#5a6168}"
    ".simulated{font-weight:700}.words{white-space:pre-wrap;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;margin:.5rem 0}"
    "th,td{text-align:left;vertical-align:top;padding:.28rem .6rem .28rem 0;border-bottom:1px solid #c6cbcf;"
    "font-weight:400}thead th{color:#5a6168;font-size:.85rem}tbody th{font-weight:500}"
    "svg{width:100%;height:auto;display:block}ol{columns:2;column-gap:2rem;padding-left:1.6rem;margin:.4rem 0}"
    "footer{border-top:1.5px solid #5a6168;margin-top:1.6rem;padding-top:.5rem}"
    "@media print{main{margin:0 auto}body{font-size:11px}}@media(max-width:34rem){ol{columns:1}}";

static void escaped(struct ob_sheet *html, const char *text)
{
    for (const char *p = text; *p; p++) {
        const char *sign = *p == '&' ? "&amp;" : *p == '<' ? "&lt;" : *p == '>' ? "&gt;" : *p == '"' ? "&quot;" : NULL;
        ob_sheet_add(html, sign ? sign : p, sign ? strlen(sign) : 1);
    }
}

/* <tag class="class">text</tag>; nothing where there is nothing to say. */
static void element(struct ob_sheet *html, const char *tag, const char *class, const char *text)
{
    if (!text[0])
        return;
    ob_sheet_put(html, class ? "<%s dir=\"auto\" class=\"%s\">" : "<%s dir=\"auto\">", tag, class);
    escaped(html, text);
    ob_sheet_put(html, "</%s>\n", tag);
}

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned int length)
{
    struct ob_sheet *sheet = closure;
    ob_sheet_add(sheet, (const char *)data, length);
    return sheet->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

enum picture { STRIP, TREND, PACE };

/* Two pictures on one page must not share the names that Cairo gives to letters. */
static void renamed(struct ob_sheet *html, const char *svg, char letter)
{
    static const char *const before[] = {"id=\"", "href=\"#", "url(#"};
    while (*svg) {
        size_t match = 0;
        for (size_t i = 0; i < 3 && match == 0; i++)
            if (strncmp(svg, before[i], strlen(before[i])) == 0)
                match = strlen(before[i]);
        ob_sheet_add(html, svg, match ? match : 1);
        if (match)
            ob_sheet_add(html, &letter, 1);
        svg += match ? match : 1;
    }
}

static void picture(struct ob_sheet *html, const struct ob_summary *s, const struct ob_tongue *t, enum picture which,
                    const char *label)
{
    static const double widths[] = {720.0, 420.0, 300.0}, heights[] = {300.0, 110.0, 100.0};
    const double width = widths[which], height = heights[which];
    struct ob_sheet svg = {.bytes = NULL};
    struct ob_words words;
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(collect, &svg, width, height);
    cairo_t *cairo = cairo_create(surface);
    bool fine = ob_words_init(&words);
    const struct ob_plot_pen pen = {.cairo = cairo, .words = &words, .text_px = 9.5};
    const struct ob_plot_place place = {4.0, 2.0, width - 8.0, height - 4.0};
    if (fine && which == STRIP)
        fine = ob_page_strip(&pen, &place, s, t);
    if (fine && which == TREND)
        fine = ob_page_trend(&pen, &place, s, t, OB_USUAL_HR);
    if (fine && which == PACE) {
        const struct ob_posterior_plot plot = {.probabilities = s->pace_probabilities,
                                               .low_brpm = s->pace.low_brpm,
                                               .high_brpm = s->pace.high_brpm,
                                               .named = s->pace.word == OB_PACE_NUMBER,
                                               .mean_brpm = s->pace.mean_brpm,
                                               .x_name = ob_in(t, "own pace, breaths/min")};
        ob_plot_posterior(&pen, &place, &plot);
    }
    ob_words_finish(&words);
    cairo_destroy(cairo);
    cairo_surface_finish(surface);
    const char *begin = svg.bytes ? strstr(svg.bytes, "<svg") : NULL;
    if (!fine || !begin || cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        html->failed = true;
    } else {
        ob_sheet_put(html, "<figure style=\"margin:.6rem 0;max-width:%.0fpx\" role=\"img\" aria-label=\"", width);
        escaped(html, label);
        ob_sheet_put(html, "\">\n");
        renamed(html, begin, (char)('a' + (int)which));
        ob_sheet_put(html, "</figure>\n");
    }
    cairo_surface_destroy(surface);
    ob_sheet_finish(&svg);
}

static void table(struct ob_sheet *html, const struct ob_summary *s, const struct ob_tongue *t)
{
    struct ob_said_row row;
    ob_said_heading(t, &row);
    ob_sheet_put(html, "<table><thead><tr>");
    for (int i = 0; i < OB_CELLS; i++) {
        ob_sheet_put(html, "<th scope=\"col\">");
        escaped(html, row.cells[i]);
        ob_sheet_put(html, "</th>");
    }
    ob_sheet_put(html, "</tr></thead>\n<tbody>\n");
    for (int k = 0; k < OB_ROWS; k++) {
        ob_said_row(s, t, (enum ob_row_of)k, &row);
        ob_sheet_put(html, "<tr>");
        for (int i = 0; i < OB_CELLS; i++) {
            ob_sheet_put(html, i ? "<td>" : "<th scope=\"row\">");
            escaped(html, row.cells[i]);
            ob_sheet_put(html, i ? "</td>" : "</th>");
        }
        ob_sheet_put(html, "</tr>\n");
    }
    ob_sheet_put(html, "</tbody></table>\n");
}

static void mark_list(struct ob_sheet *html, const struct ob_summary *s, const struct ob_tongue *t)
{
    if (s->mark_count == 0)
        return;
    ob_sheet_put(html, "<ol class=\"small\">\n");
    for (size_t i = 0; i < s->mark_count; i++) {
        struct ob_said said;
        char clock[24];
        ob_in_clock(s->marks[i].at_s, clock, sizeof clock);
        ob_said_mark(&s->marks[i], t, &said);
        ob_sheet_put(html, "<li><bdi>%s</bdi> <bdi>", clock);
        escaped(html, said.text);
        ob_sheet_put(html, "</bdi></li>\n");
    }
    ob_sheet_put(html, "</ol>\n");
}

typedef void said_fn(const struct ob_summary *s, const struct ob_tongue *t, struct ob_said *out);

static void paragraph(struct ob_sheet *html, const struct ob_summary *s, const struct ob_tongue *t, const char *class,
                      said_fn *say)
{
    struct ob_said said;
    say(s, t, &said);
    element(html, "p", class, said.text);
}

void ob_write_page_html(struct ob_sheet *html, const struct ob_summary *s, const struct ob_tongue *t)
{
    size_t sessions = 0;
    for (size_t i = 0; i < s->past_count; i++)
        sessions += s->past[i].windows.before.there && s->past[i].windows.before.hr_bpm.valid;
    ob_sheet_put(html,
                 "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width\">\n"
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                 "'unsafe-inline'\">\n<title>Outbreath, %s %llu</title>\n<style>",
                 t && t->code ? t->code : "en", ob_in(t, "session"), (unsigned long long)s->number);
    ob_sheet_add(html, style, sizeof style - 1);
    ob_sheet_put(html, "</style>\n</head>\n<body>\n<main>\n");
    element(html, "h1", NULL, ob_in(t, "What was seen"));
    element(html, "p", "who", s->name);
    if (s->simulated)
        element(html, "p", "simulated", ob_in(t, "Simulated person: nobody was measured"));
    paragraph(html, s, t, NULL, ob_said_when);
    paragraph(html, s, t, "small", ob_said_about);
    element(html, "h2", NULL, ob_in(t, "Before and after"));
    paragraph(html, s, t, NULL, ob_said_change);
    if (s->windows.before.there || s->windows.after.there)
        table(html, s, t);
    paragraph(html, s, t, "small", ob_said_basis);
    paragraph(html, s, t, NULL, ob_said_checkin);
    element(html, "h2", NULL, ob_in(t, "On the way"));
    picture(html, s, t, STRIP, ob_in(t, "Heart rate beat by beat, with breathing, windows and marks"));
    mark_list(html, s, t);
    paragraph(html, s, t, "small", ob_said_quality);
    element(html, "h2", NULL, ob_in(t, "The exhale moment"));
    paragraph(html, s, t, NULL, ob_said_moments);
    paragraph(html, s, t, "small", ob_said_chance);
    if (sessions >= 3 || s->pace_known)
        element(html, "h2", NULL, ob_in(t, "Over the sessions"));
    if (sessions >= 3) {
        picture(html, s, t, TREND, ob_in(t, "Heart rate before and after, session by session"));
        element(html, "p", "small",
                ob_in(t, "Open: before, filled: after. Shaded: where the window before usually lies."));
    }
    if (s->pace_known)
        picture(html, s, t, PACE, ob_in(t, "How likely each pace is"));
    paragraph(html, s, t, "small", ob_said_pace);
    if (s->words[0]) {
        element(html, "h2", NULL, ob_in(t, "In the therapist's words"));
        element(html, "p", "words", s->words);
    }
    element(html, "h2", NULL, ob_in(t, "On at home"));
    paragraph(html, s, t, NULL, ob_said_suggestion);
    paragraph(html, s, t, NULL, ob_said_appointment);
    ob_sheet_put(html, "<footer>\n");
    paragraph(html, s, t, "small", ob_said_foot);
    ob_sheet_put(html, "</footer>\n</main>\n</body>\n</html>\n");
}
