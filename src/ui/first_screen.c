/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/first_screen.h"

#include "ui/parts.h"

#include <math.h>

#define PAGE_UNITS 126.0

uint64_t ob_ui_first_key(enum ob_ui_first_choice choice)
{
    return ob_ui_key("first", (unsigned)choice);
}

enum ob_ui_first_choice ob_ui_first_choice(uint64_t key)
{
    for (unsigned i = OB_UI_FIRST_BEGIN; i <= OB_UI_FIRST_HOME; i++)
        if (key == ob_ui_first_key(i))
            return i;
    return OB_UI_FIRST_NOTHING;
}

static void say(const struct ob_ui_canvas *c, const char *words, double size, enum ob_ui_ink ink, double gap,
                struct ob_ui_box *page)
{
    const struct ob_ui_label label = {.text = words, .size = size, .weight = 430, .ink = ink};
    ob_ui_flow(c, &label, page, gap);
}

static void draw_button(const struct ob_ui_canvas *c, enum ob_ui_first_choice choice, const char *words,
                        struct ob_ui_box *line)
{
    ob_ui_button(c, ob_ui_first_key(choice), words, ob_ui_cut_left(line, ob_ui_button_width(c, words)));
    ob_ui_cut_left(line, 1.6 * c->unit);
}

/* Two buttons beside each other, or below each other where there is no room. */
static void draw_pair(const struct ob_ui_canvas *c, enum ob_ui_first_choice one, const char *one_words,
                      enum ob_ui_first_choice two, const char *two_words, struct ob_ui_box *page)
{
    const bool beside =
        ob_ui_button_width(c, one_words) + ob_ui_button_width(c, two_words) + 1.6 * c->unit <= page->width;
    struct ob_ui_box line = ob_ui_cut_top(page, 7.4 * c->unit);
    draw_button(c, one, one_words, &line);
    ob_ui_cut_top(page, beside ? 0.0 : 1.4 * c->unit);
    if (!beside)
        line = ob_ui_cut_top(page, 7.4 * c->unit);
    draw_button(c, two, two_words, &line);
    ob_ui_cut_top(page, 1.6 * c->unit);
}

void ob_ui_first_draw(struct ob_ui_canvas *c, const struct ob_ui_first *model)
{
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    const struct ob_ui_label title = {.text = ob_ui_tr(c, "Welcome"), .size = 5.2, .weight = 550, .ink = OB_UI_INK};
    const char *read = model->reads ? ob_ui_tr(c, "Stop reading") : ob_ui_tr(c, "Read this to me");
    const double wide = ob_ui_button_width(c, read);
    /* Beside the title where there is room: all of the page is seen at once then, on a usual screen. */
    const bool beside = page.width > 2.2 * wide;
    if (!beside)
        ob_ui_flow(c, &title, &page, 1.4);
    struct ob_ui_box line = ob_ui_cut_top(&page, 6.6 * c->unit);
    if (beside)
        ob_ui_label(c, &title, ob_ui_cut_left(&line, line.width - wide - 1.6 * c->unit));
    draw_button(c, OB_UI_FIRST_READ, read, &line);
    ob_ui_cut_top(&page, 1.4 * c->unit);
    say(c,
        ob_ui_tr(c,
                 "Outbreath is light and sound that breathe slowly, for you to breathe with. With a heart sensor the "
                 "picture answers each exhale. Nothing here can be failed, and nothing leaves this machine."),
        2.9, OB_UI_INK, 1.2, &page);
    say(c,
        ob_ui_tr(c,
                 "Breathe easily, not deeply, through the nose. Stop whenever you like; the key D is for dizziness."),
        2.9, OB_UI_INK, 2.0, &page);
    draw_pair(c, OB_UI_FIRST_BEGIN, ob_ui_tr(c, "I have read this: begin"), OB_UI_FIRST_SOUND_ONLY,
              ob_ui_tr(c, "Begin with sound only"), &page);
    ob_ui_cut_top(&page, 0.6 * c->unit);
    const struct ob_ui_label ask = {
        .text = ob_ui_tr(c, "Ask a clinician first"), .size = 3.0, .weight = 650, .ink = OB_UI_ACCENT};
    ob_ui_flow(c, &ask, &page, 0.8);
    say(c,
        ob_ui_tr(c, "with an irregular heartbeat, a pacemaker or a transplanted heart (the scores are then not valid), "
                    "heart failure, a recent heart attack, low blood pressure or fainting, severe lung or kidney "
                    "disease, metabolic acidosis, epilepsy, complications in pregnancy, panic or post-traumatic stress "
                    "(keep your eyes open), or with insulin or medicine for blood pressure."),
        2.7, OB_UI_FAINT, 1.0, &page);
    say(c,
        ob_ui_tr(c,
                 "With epilepsy choose sound only, or none of it. It is made for adults; under 16 only with an adult "
                 "and a clinician's advice. Never while driving. It is not a medical device."),
        2.7, OB_UI_FAINT, 2.0, &page);
    const struct ob_ui_option volume = {.name = ob_ui_tr(c, "Volume"),
                                        .value = model->volume,
                                        .about = ob_ui_tr(c, "Left and right let you hear it: quiet is enough."),
                                        .steps = true,
                                        .first = model->volume_01 <= 0.0,
                                        .last = model->volume_01 >= 1.0,
                                        .has_share = true,
                                        .share_01 = model->volume_01};
    ob_ui_option(c, ob_ui_first_key(OB_UI_FIRST_VOLUME), &volume, &page);
    say(c, ob_ui_line_or(c, model->sensor), 2.7, OB_UI_FAINT, 1.2, &page);
    draw_pair(c, OB_UI_FIRST_SENSORS, ob_ui_tr(c, "Sensors"), OB_UI_FIRST_HOME, ob_ui_tr(c, "Look around first"),
              &page);
    ob_ui_page_end(c, &page);
}
