/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/settings_screen.h"

#include "ui/parts.h"

#include <math.h>
#include <string.h>

#define PAGE_UNITS 116.0
#define BACK_KEY   ob_ui_key("settings back", 0)

static uint64_t row_key(int row)
{
    return ob_ui_key("settings", (unsigned)row + 1u);
}

int ob_ui_settings_choice(const struct ob_ui_settings *model, uint64_t key)
{
    if (key == BACK_KEY)
        return OB_UI_SETTINGS_BACK;
    for (int i = 0; i < model->count; i++)
        if (key == row_key(i))
            return i;
    return OB_UI_SETTINGS_NONE;
}

void ob_ui_settings_draw(struct ob_ui_canvas *c, const struct ob_ui_settings *model)
{
    struct ob_ui_box page = ob_ui_page(c, PAGE_UNITS);
    const struct ob_ui_label title = {.text = ob_ui_tr(c, "Settings"), .size = 4.6, .weight = 600, .ink = OB_UI_INK};
    const struct ob_ui_label problem = {.text = model->problem, .size = 2.6, .weight = 550, .ink = OB_UI_ACCENT};
    ob_ui_flow(c, &title, &page, 1.2);
    if (model->problem[0])
        ob_ui_flow(c, &problem, &page, 1.0);
    for (int i = 0; i < model->count; i++) {
        const struct ob_ui_settings_row *row = &model->row[i];
        if (i == 0 || strcmp(row->group, model->row[i - 1].group) != 0) {
            const struct ob_ui_label group = {.text = row->group, .size = 2.6, .weight = 650, .ink = OB_UI_ACCENT};
            ob_ui_cut_top(&page, (i ? 2.0 : 0.6) * c->unit);
            ob_ui_flow(c, &group, &page, 1.0);
        }
        const struct ob_ui_option option = {.name = row->name,
                                            .value = row->value,
                                            .about = row->about && row->about[0] ? row->about : NULL,
                                            .steps = true,
                                            .first = row->first,
                                            .last = row->last,
                                            .has_share = row->share_01 >= 0.0,
                                            .share_01 = row->share_01};
        ob_ui_option(c, row_key(i), &option, &page);
    }
    ob_ui_cut_top(&page, 2.0 * c->unit);
    const char *back = ob_ui_tr(c, "Back");
    struct ob_ui_box line = ob_ui_cut_top(&page, 7.4 * c->unit);
    ob_ui_button(c, BACK_KEY, back, ob_ui_cut_left(&line, fmax(16.0 * c->unit, ob_ui_button_width(c, back))));
    ob_ui_page_end(c, &page);
}
