/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/seen_screen.h"

#include "ui/parts.h"

#include <math.h>

#define PAGE_UNITS  128.0
#define STRIP_UNITS 34.0
#define SPECT_UNITS 28.0

uint64_t ob_ui_seen_back_key(void)
{
    return ob_ui_key("seen back", 0);
}

void ob_ui_seen_draw(struct ob_ui_canvas *c, const struct ob_ui_seen *m)
{
    const struct ob_plot_theme theme = ob_ui_plot_theme(c->theme);
    const struct ob_plot_pen pen = ob_ui_pen(c, &theme);
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    const char *back = ob_ui_tr(c, "Back to the picture");
    const double width = ob_ui_button_width(c, back);
    const struct ob_ui_label title = {
        .text = ob_ui_tr(c, "Seen just now"), .size = 4.2, .weight = 600, .ink = OB_UI_INK};
    const bool beside = page.width > 2.4 * width; /* else the button stands below the title */
    if (beside) {
        struct ob_ui_box head = page;
        head.height = 7.4 * c->unit;
        ob_ui_button(c, ob_ui_seen_back_key(), back, ob_ui_cut_right(&head, width));
        head.y += 0.5 * (head.height - ob_ui_label_height(c, &title, head.width));
        ob_ui_label(c, &title, head);
        ob_ui_cut_top(&page, 8.6 * c->unit);
    } else {
        ob_ui_flow(c, &title, &page, 1.0);
        struct ob_ui_box line = ob_ui_cut_top(&page, 7.4 * c->unit);
        ob_ui_button(c, ob_ui_seen_back_key(), back, ob_ui_cut_left(&line, fmin(width, line.width)));
        ob_ui_cut_top(&page, 1.4 * c->unit);
    }
    const struct ob_ui_label words = {.text = m->words, .size = 2.7, .weight = 430, .ink = OB_UI_INK};
    if (m->words[0])
        ob_ui_flow(c, &words, &page, 1.0);
    struct ob_heart_plot strip = m->strip;
    strip.heart_name = m->pulse ? ob_ui_tr(c, "Pulse rate, bpm, beat by beat (tachogram of the pulse)")
                                : ob_ui_tr(c, "Heart rate, bpm, beat by beat (tachogram)");
    strip.breath_name = ob_ui_tr(c, "Breaths/min: yours (line), the pace (dots)");
    strip.minutes = ob_ui_tr(c, "min");
    strip.no_beats = ob_ui_tr(c, "No heart beats yet.");
    const struct ob_plot_place place = ob_ui_plot_place(c, STRIP_UNITS, &page);
    ob_plot_heart(&pen, &place, &strip);
    ob_ui_spectrum(c, &m->spectrum, SPECT_UNITS, &page);
    ob_ui_page_end(c, &page);
}
