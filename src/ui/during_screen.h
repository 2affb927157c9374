/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done in a session, over the picture that goes on: for mouse, touch and controller, which have no keys.
 * Pure.
 */
#ifndef OB_UI_DURING_SCREEN_H
#define OB_UI_DURING_SCREEN_H

#include "ui/canvas.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_ui_during {
    bool paused, natural; /* paused; guidance is off */
    bool parts;           /* a protocol has a next part */
    char left[80];        /* "6 minutes left", or "" */
    char volume[32];
    double volume_01;
    char scene[80], sound[80]; /* titles; sound "": there is none to change */
};

enum ob_ui_during_choice {
    OB_UI_DURING_NOTHING,
    OB_UI_DURING_GO_ON, /* back to the picture */
    OB_UI_DURING_PAUSE,
    OB_UI_DURING_JUST_BREATHE,
    OB_UI_DURING_DIZZY,
    OB_UI_DURING_NEXT,
    OB_UI_DURING_VOLUME, /* has a value */
    OB_UI_DURING_SCENE,  /* has a value */
    OB_UI_DURING_SOUND,  /* has a value */
    OB_UI_DURING_SEEN,
    OB_UI_DURING_SENSORS,
    OB_UI_DURING_END,
};

void ob_ui_during_draw(struct ob_ui_canvas *canvas, const struct ob_ui_during *model);
enum ob_ui_during_choice ob_ui_during_choice(uint64_t key);
uint64_t ob_ui_during_key(enum ob_ui_during_choice choice);

#endif
