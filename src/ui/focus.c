/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/focus.h"

#include <math.h>
#include <string.h>

/* Beside the way costs more than along it, so that "down" in a list does not jump to a far column. */
#define ASIDE 3.0

static int find(const struct ob_ui_focus *focus, uint64_t key)
{
    for (int i = 0; i < focus->count; i++)
        if (focus->item[i].key == key)
            return i;
    return -1;
}

static double middle_x(const struct ob_ui_box *box)
{
    return box->x + 0.5 * box->width;
}

static double middle_y(const struct ob_ui_box *box)
{
    return box->y + 0.5 * box->height;
}

static void go_to(struct ob_ui_focus *focus, int i)
{
    focus->at = focus->item[i].key;
    focus->last = focus->item[i].box;
}

void ob_ui_focus_begin(struct ob_ui_focus *focus)
{
    focus->adding = 0;
}

void ob_ui_focus_add(struct ob_ui_focus *focus, uint64_t key, struct ob_ui_box box)
{
    if (focus->adding < OB_UI_ITEMS)
        focus->next[focus->adding++] = (struct ob_ui_item){.key = key, .box = box};
}

void ob_ui_focus_end(struct ob_ui_focus *focus)
{
    memcpy(focus->item, focus->next, sizeof focus->item);
    focus->count = focus->adding;
    if (focus->count == 0) {
        focus->at = 0;
        return;
    }
    int at = find(focus, focus->at);
    if (at < 0 && focus->at == 0)
        at = 0;
    if (at < 0) {
        double least = (double)INFINITY;
        for (int i = 0; i < focus->count; i++) {
            const double d = hypot(middle_x(&focus->item[i].box) - middle_x(&focus->last),
                                   middle_y(&focus->item[i].box) - middle_y(&focus->last));
            if (d < least) {
                least = d;
                at = i;
            }
        }
    }
    go_to(focus, at < 0 ? 0 : at);
}

/* How far an item lies in a direction; infinite where it does not. Boxes that overlap aside are straight ahead. */
static double distance(const struct ob_ui_box *from, const struct ob_ui_box *to, enum ob_ui_input way)
{
    const bool upright = way == OB_UI_UP || way == OB_UI_DOWN;
    const double sign = way == OB_UI_UP || way == OB_UI_LEFT ? -1.0 : 1.0;
    const double along = sign * (upright ? middle_y(to) - middle_y(from) : middle_x(to) - middle_x(from));
    const double aside = upright ? fmax(0.0, fmax(to->x - from->x - from->width, from->x - to->x - to->width))
                                 : fmax(0.0, fmax(to->y - from->y - from->height, from->y - to->y - to->height));
    /* what overlaps aside but lies only a little ahead is beside, not ahead */
    const double least = upright ? 0.4 * fmin(from->height, to->height) : 0.25 * fmin(from->width, to->width);
    return along > least ? along + ASIDE * aside : (double)INFINITY;
}

uint64_t ob_ui_focus_input(struct ob_ui_focus *focus, enum ob_ui_input input)
{
    const int at = find(focus, focus->at);
    if (at < 0)
        return 0;
    switch (input) {
    case OB_UI_CHOOSE:
        return focus->at;
    case OB_UI_NEXT:
        go_to(focus, (at + 1) % focus->count);
        return 0;
    case OB_UI_PREVIOUS:
        go_to(focus, (at + focus->count - 1) % focus->count);
        return 0;
    case OB_UI_UP:
    case OB_UI_DOWN:
    case OB_UI_LEFT:
    case OB_UI_RIGHT: {
        int best = -1;
        double least = (double)INFINITY;
        for (int i = 0; i < focus->count; i++) {
            const double d = i == at ? (double)INFINITY : distance(&focus->item[at].box, &focus->item[i].box, input);
            if (d < least) {
                least = d;
                best = i;
            }
        }
        if (best >= 0)
            go_to(focus, best);
        return 0;
    }
    case OB_UI_NOTHING:
    case OB_UI_BACK:
        break;
    }
    return 0;
}

uint64_t ob_ui_focus_pointer(struct ob_ui_focus *focus, double x, double y, bool pressed)
{
    /* later ones lie above earlier ones */
    for (int i = focus->count - 1; i >= 0; i--) {
        const struct ob_ui_box *box = &focus->item[i].box;
        if (x < box->x || y < box->y || x >= box->x + box->width || y >= box->y + box->height)
            continue;
        go_to(focus, i);
        return pressed ? focus->at : 0;
    }
    return 0;
}
