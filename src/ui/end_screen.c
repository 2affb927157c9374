/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/end_screen.h"

#include "base/words.h"
#include "ui/parts.h"
#include "ui/plots.h"

#include <math.h>
#include <stdio.h>

#define PAGE_UNITS 104.0
#define ANSWERS    11

uint64_t ob_ui_end_answer_key(int answer)
{
    return ob_ui_key("tension", (unsigned)answer);
}

uint64_t ob_ui_end_key(enum ob_ui_end_choice choice)
{
    return ob_ui_key("end", (unsigned)choice);
}

int ob_ui_end_answer(uint64_t key)
{
    for (int i = 0; i < ANSWERS; i++)
        if (key == ob_ui_end_answer_key(i))
            return i;
    return -1;
}

enum ob_ui_end_choice ob_ui_end_choice(uint64_t key)
{
    if (ob_ui_end_answer(key) >= 0)
        return OB_UI_END_ANSWER;
    for (unsigned i = OB_UI_END_HOME; i <= OB_UI_END_PAGE; i++)
        if (key == ob_ui_end_key(i))
            return i;
    return OB_UI_END_NOTHING;
}

/* Eleven steps from none to very tense, the one that was chosen filled. */
static void draw_check_in(const struct ob_ui_canvas *c, const struct ob_ui_end *model, struct ob_ui_box *page)
{
    const struct ob_ui_label question = {
        .text = ob_ui_tr(c, "How tense are you now? Only if you like."), .size = 3.0, .weight = 500, .ink = OB_UI_INK};
    ob_ui_flow(c, &question, page, 1.2);
    struct ob_ui_box line = ob_ui_cut_top(page, 8.0 * c->unit);
    const double gap = 0.9 * c->unit, width = (line.width - (ANSWERS - 1) * gap) / ANSWERS;
    for (int i = 0; i < ANSWERS; i++) {
        const struct ob_ui_box box = {line.x + i * (width + gap), line.y, width, line.height};
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        ob_ui_row(c, ob_ui_end_answer_key(i), box, false);
        const struct ob_ui_label label = {.text = number,
                                          .size = 3.2,
                                          .weight = model->answer == i ? 700 : 450,
                                          .ink = model->answer == i ? OB_UI_ACCENT : OB_UI_INK,
                                          .align = OB_ALIGN_CENTRE,
                                          .one_line = true};
        struct ob_ui_box inside = box;
        inside.y += 0.5 * (box.height - ob_ui_label_height(c, &label, box.width));
        ob_ui_label(c, &label, inside);
        if (model->answer == i)
            ob_ui_bar(
                c,
                (struct ob_ui_box){box.x + 0.2 * width, box.y + box.height - 1.5 * c->unit, 0.6 * width, 0.6 * c->unit},
                1.0);
        ob_ui_row_end(c);
    }
    ob_ui_cut_top(page, 0.6 * c->unit);
    struct ob_ui_box ends = ob_ui_cut_top(page, 4.0 * c->unit);
    const struct ob_ui_label none = {
        .text = ob_ui_tr(c, "0: not at all"), .size = 2.4, .weight = 430, .ink = OB_UI_FAINT, .one_line = true};
    const struct ob_ui_label most = {.text = ob_ui_tr(c, "10: as tense as can be"),
                                     .size = 2.4,
                                     .weight = 430,
                                     .ink = OB_UI_FAINT,
                                     .align = OB_ALIGN_RIGHT,
                                     .one_line = true};
    struct ob_ui_box left = ob_ui_cut_left(&ends, 0.5 * ends.width);
    ob_ui_label(c, &none, left);
    ob_ui_label(c, &most, ends);
    ob_ui_cut_top(page, 2.0 * c->unit);
}

void ob_ui_end_draw(struct ob_ui_canvas *c, const struct ob_ui_end *model)
{
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    ob_ui_cut_top(&page, fmax(0.0, 0.08 * c->height));
    const struct ob_ui_label title = {.text = model->title, .size = 5.2, .weight = 550, .ink = OB_UI_INK};
    ob_ui_flow(c, &title, &page, 2.0);
    for (int i = 0; i < model->lines; i++) {
        const struct ob_ui_label line = {.text = model->line[i], .size = 2.9, .weight = 430, .ink = OB_UI_INK};
        ob_ui_flow(c, &line, &page, 0.9);
    }
    if (model->shows_pace)
        ob_ui_pace(c, &model->estimate, model->probabilities, &page);
    if (model->suggestion[0]) {
        const struct ob_ui_label suggestion = {
            .text = model->suggestion, .size = 2.9, .weight = 430, .ink = OB_UI_FAINT};
        ob_ui_cut_top(&page, 0.8 * c->unit);
        ob_ui_flow(c, &suggestion, &page, 3.0);
    }
    if (model->asks)
        draw_check_in(c, model, &page);
    static const struct {
        enum ob_ui_end_choice choice;
        const char *words;
    } ways[] = {{OB_UI_END_HOME, OB_TR("Done")},
                {OB_UI_END_AGAIN, OB_TR("Once more")},
                {OB_UI_END_PAGE, OB_TR("A page to take home")}};
    struct ob_ui_box line = ob_ui_cut_top(&page, 7.4 * c->unit);
    for (size_t i = 0; i < sizeof ways / sizeof *ways - !model->offers_page; i++) {
        const char *words = ob_ui_tr(c, ways[i].words);
        const double width = fmax(22.0 * c->unit, ob_ui_button_width(c, words));
        if (i > 0 && width > line.width) {
            ob_ui_cut_top(&page, 1.6 * c->unit);
            line = ob_ui_cut_top(&page, 7.4 * c->unit);
        }
        ob_ui_button(c, ob_ui_end_key(ways[i].choice), words, ob_ui_cut_left(&line, width));
        ob_ui_cut_left(&line, 1.6 * c->unit);
    }
    ob_ui_page_end(c, &page);
}
