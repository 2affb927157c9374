/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Home: one thing to do, and quietly beside it where else to go. Drawn over the scene. Pure. */
#ifndef OB_UI_HOME_SCREEN_H
#define OB_UI_HOME_SCREEN_H

#include "ui/canvas.h"

#include <stdint.h>

struct ob_ui_home {
    char session[160];    /* what the large button begins: "10 minutes" */
    char around[160];     /* with what: "Tide, shore" */
    char sensor[160];     /* what the heart's sensor says, a sentence */
    char week[96];        /* "4 of the last 7 days"; "" where nothing is kept */
    char quiet[160];      /* one more line, such as the next appointment; "" for none */
    char suggestion[160]; /* of today; "" for none */
};

enum ob_ui_home_choice {
    OB_UI_HOME_NOTHING,
    OB_UI_HOME_BREATHE,
    OB_UI_HOME_CHOOSE,
    OB_UI_HOME_HISTORY,
    OB_UI_HOME_SENSORS,
    OB_UI_HOME_SETTINGS,
    OB_UI_HOME_LEAVE,
};

void ob_ui_home_draw(struct ob_ui_canvas *canvas, const struct ob_ui_home *model);
enum ob_ui_home_choice ob_ui_home_choice(uint64_t key);
uint64_t ob_ui_home_key(enum ob_ui_home_choice choice);

#endif
