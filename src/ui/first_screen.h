/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first start: what this is, who should ask first, how loud, and a way in. Shown once; reached again from the
 * settings. Pure. */
#ifndef OB_UI_FIRST_SCREEN_H
#define OB_UI_FIRST_SCREEN_H

#include "ui/canvas.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_ui_first {
    char volume[32];
    double volume_01;
    char sensor[160];
    bool reads; /* it is being read aloud */
};

enum ob_ui_first_choice {
    OB_UI_FIRST_NOTHING,
    OB_UI_FIRST_BEGIN,      /* light and sound */
    OB_UI_FIRST_SOUND_ONLY, /* for those who should not watch moving light */
    OB_UI_FIRST_VOLUME,     /* has a value */
    OB_UI_FIRST_SENSORS,
    OB_UI_FIRST_READ, /* aloud, or no longer */
    OB_UI_FIRST_HOME,
};

void ob_ui_first_draw(struct ob_ui_canvas *canvas, const struct ob_ui_first *model);
enum ob_ui_first_choice ob_ui_first_choice(uint64_t key);
uint64_t ob_ui_first_key(enum ob_ui_first_choice choice);

#endif
