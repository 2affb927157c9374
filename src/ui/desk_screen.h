/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The therapist's page: what the heart does while somebody else looks at the picture, or at nothing. Numbers, the trace
 * of the last minutes with its marks, buttons for marks and for what the client has. No name is ever on it: a desktop
 * moves windows before a program hears of it. It fills its display, and scrolls only where that is very small. Pure. */
#ifndef OB_UI_DESK_SCREEN_H
#define OB_UI_DESK_SCREEN_H

#include "plot/heart.h"
#include "ui/canvas.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_UI_DESK_NUMBERS 5
#define OB_UI_DESK_LABELS  12
#define OB_UI_DESK_NOTES   5
#define OB_UI_DESK_WAYS    8

struct ob_ui_desk_number {
    char value[16];
    char unit[16]; /* "" where nothing is known */
    char label[64];
};

struct ob_ui_desk_button {
    uint64_t key;
    char words[96];
    bool on; /* it is so now: shown by its ground and a word of its own */
};

struct ob_ui_desk {
    char clock[16], left[64]; /* since the start; what is left */
    char part[96];            /* of a protocol, or what is under way */
    char about[160];          /* what is kept, what is simulated */
    char sensor[160];         /* what the sensor says */
    char notice[160];         /* what else there is to know; "" all is well */
    struct ob_ui_desk_number number[OB_UI_DESK_NUMBERS];
    struct ob_heart_plot plot; /* borrowed */
    int labels;                /* buttons that mark */
    struct ob_ui_desk_button label[OB_UI_DESK_LABELS];
    int ways; /* and the others */
    struct ob_ui_desk_button way[OB_UI_DESK_WAYS];
    int notes; /* the newest marks, newest first */
    struct {
        char at[16];
        char words[96];
    } note[OB_UI_DESK_NOTES];
};

void ob_ui_desk_draw(struct ob_ui_canvas *canvas, const struct ob_ui_desk *model);

#endif
