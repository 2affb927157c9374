/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plots.h"

#include "plot/posterior.h"
#include "plot/spectrum.h"
#include "ui/parts.h"

static struct ob_plot_colour ink_of(const struct ob_ui_colour *colour, double alpha)
{
    return (struct ob_plot_colour){colour->red, colour->green, colour->blue, alpha};
}

struct ob_plot_theme ob_ui_plot_theme(const struct ob_ui_theme *t)
{
    return (struct ob_plot_theme){
        .ink = ink_of(&t->ink, 1.0),
        .faint = ink_of(&t->faint, 1.0),
        .grid = ink_of(&t->quiet, 0.6),
        .line = ink_of(&t->line, 1.0),
        .second = ink_of(&t->accent, 1.0),
        .shade = ink_of(&t->quiet, 0.35),
        .mark = ink_of(&t->accent, 1.0),
        .ground = ink_of(&t->ground, 1.0),
    };
}

struct ob_plot_pen ob_ui_pen(const struct ob_ui_canvas *c, const struct ob_plot_theme *theme)
{
    return (struct ob_plot_pen){.cairo = c->cairo, .words = c->words, .theme = theme, .text_px = 2.4 * c->unit};
}

struct ob_plot_place ob_ui_plot_place(const struct ob_ui_canvas *c, double units, struct ob_ui_box *page)
{
    const struct ob_ui_box box = ob_ui_cut_top(page, units * c->unit);
    ob_ui_cut_top(page, 1.4 * c->unit);
    return (struct ob_plot_place){box.x, box.y, box.width, box.height};
}

void ob_ui_pace(const struct ob_ui_canvas *c, const struct ob_own_pace_estimate *estimate,
                const double probabilities[OB_PACE_RATES], struct ob_ui_box *page)
{
    const struct ob_plot_theme theme = ob_ui_plot_theme(c->theme);
    const struct ob_plot_pen pen = ob_ui_pen(c, &theme);
    const struct ob_posterior_plot posterior = {.probabilities = probabilities,
                                                .low_brpm = estimate->low_brpm,
                                                .high_brpm = estimate->high_brpm,
                                                .named = estimate->word == OB_PACE_NUMBER,
                                                .mean_brpm = estimate->mean_brpm,
                                                .x_name = ob_ui_tr(c, "breaths/min")};
    const struct ob_plot_place place = ob_ui_plot_place(c, 26.0, page);
    ob_plot_posterior(&pen, &place, &posterior);
}

void ob_ui_spectrum(const struct ob_ui_canvas *c, const struct ob_ui_spectrum *m, double units, struct ob_ui_box *page)
{
    const struct ob_plot_theme theme = ob_ui_plot_theme(c->theme);
    const struct ob_plot_pen pen = ob_ui_pen(c, &theme);
    const struct ob_spectrum_plot spectrum = {.density = m->known ? m->density : NULL,
                                              .bins = OB_UI_SPECTRUM_BINS,
                                              .step_hz = m->step_hz,
                                              .breath_brpm = m->breath_brpm,
                                              .pace_brpm = m->pace_brpm,
                                              .y_name = ob_ui_tr(c, "Spectrum of the heart's intervals, ms\u00b2/Hz"),
                                              .x_name = ob_ui_tr(c, "swings a minute"),
                                              .breath_name = ob_ui_tr(c, "your breath"),
                                              .pace_name = ob_ui_tr(c, "the pace"),
                                              .empty = m->empty};
    const struct ob_plot_place place = ob_ui_plot_place(c, units, page);
    ob_plot_spectrum(&pen, &place, &spectrum);
    const struct ob_ui_label words = {
        .text = m->known ? m->words : m->empty, .size = 2.4, .weight = 430, .ink = OB_UI_FAINT};
    if (words.text[0])
        ob_ui_flow(c, &words, page, 1.0);
}
