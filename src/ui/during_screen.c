/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/during_screen.h"

#include "ui/parts.h"

#include <math.h>

#define PAGE_UNITS   96.0
#define BUTTON_UNITS 8.0

uint64_t ob_ui_during_key(enum ob_ui_during_choice choice)
{
    return ob_ui_key("during", (unsigned)choice);
}

enum ob_ui_during_choice ob_ui_during_choice(uint64_t key)
{
    for (unsigned i = OB_UI_DURING_GO_ON; i <= OB_UI_DURING_END; i++)
        if (key == ob_ui_during_key(i))
            return i;
    return OB_UI_DURING_NOTHING;
}

struct way {
    enum ob_ui_during_choice choice;
    const char *words;
};

static void draw_ways(const struct ob_ui_canvas *c, const struct way *ways, int count, struct ob_ui_box *page)
{
    const double gap = 1.6 * c->unit;
    double widest = 0.0;
    for (int i = 0; i < count; i++)
        widest = fmax(widest, ob_ui_button_width(c, ways[i].words));
    const double most = fmax(1.0, fmin(count, floor((page->width + gap) / (widest + gap))));
    const int columns =
        (int)ceil(count / ceil(count / most)); /* as many in the last row as in the others, if it can be */
    for (int i = 0; i < count;) {
        struct ob_ui_box line = ob_ui_cut_top(page, BUTTON_UNITS * c->unit);
        const double width = (line.width + gap) / columns - gap;
        for (int column = 0; column < columns && i < count; column++, i++)
            ob_ui_button(c, ob_ui_during_key(ways[i].choice), ways[i].words,
                         (struct ob_ui_box){line.x + column * (width + gap), line.y, width, line.height});
        ob_ui_cut_top(page, gap);
    }
}

void ob_ui_during_draw(struct ob_ui_canvas *c, const struct ob_ui_during *model)
{
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    ob_ui_cut_top(&page, fmax(0.0, 0.10 * c->height));
    const struct ob_ui_label left = {
        .text = model->left, .size = 3.2, .weight = 450, .ink = OB_UI_INK, .align = OB_ALIGN_CENTRE};
    if (model->left[0])
        ob_ui_flow(c, &left, &page, 2.0);
    const struct way first[] = {
        {OB_UI_DURING_GO_ON, ob_ui_tr(c, "Back to the picture")},
        {OB_UI_DURING_PAUSE, model->paused ? ob_ui_tr(c, "Go on") : ob_ui_tr(c, "Pause")},
        {OB_UI_DURING_JUST_BREATHE, model->natural ? ob_ui_tr(c, "Guide me again") : ob_ui_tr(c, "Just breathe")},
        {OB_UI_DURING_DIZZY, ob_ui_tr(c, "I feel dizzy")},
    };
    draw_ways(c, first, 4, &page);
    ob_ui_cut_top(&page, 1.0 * c->unit);
    const struct ob_ui_option volume = {.name = ob_ui_tr(c, "Volume"),
                                        .value = model->volume,
                                        .steps = true,
                                        .first = model->volume_01 <= 0.0,
                                        .last = model->volume_01 >= 1.0,
                                        .has_share = true,
                                        .share_01 = model->volume_01};
    const struct ob_ui_option scene = {.name = ob_ui_tr(c, "Scene"), .value = model->scene, .steps = true};
    const struct ob_ui_option sound = {.name = ob_ui_tr(c, "Sound"), .value = model->sound, .steps = true};
    ob_ui_option(c, ob_ui_during_key(OB_UI_DURING_VOLUME), &volume, &page);
    ob_ui_option(c, ob_ui_during_key(OB_UI_DURING_SCENE), &scene, &page);
    if (model->sound[0])
        ob_ui_option(c, ob_ui_during_key(OB_UI_DURING_SOUND), &sound, &page);
    ob_ui_cut_top(&page, 1.0 * c->unit);
    struct way last[4] = {{OB_UI_DURING_SEEN, ob_ui_tr(c, "Seen just now")},
                          {OB_UI_DURING_SENSORS, ob_ui_tr(c, "Sensors")}};
    int count = 2;
    if (model->parts)
        last[count++] = (struct way){OB_UI_DURING_NEXT, ob_ui_tr(c, "Next part")};
    last[count++] = (struct way){OB_UI_DURING_END, ob_ui_tr(c, "End the session")};
    draw_ways(c, last, count, &page);
    ob_ui_page_end(c, &page);
}
