/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen of the heart and the breath just now, over a session that goes on: the last minutes as a strip and the
 * spectrum of the last one. Nothing to reach and nothing to lose. Pure. */
#ifndef OB_UI_SEEN_SCREEN_H
#define OB_UI_SEEN_SCREEN_H

#include "plot/heart.h"
#include "ui/canvas.h"
#include "ui/plots.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_ui_seen {
    struct ob_heart_plot strip; /* borrowed with all it points to; its words are filled in here */
    bool pulse;                 /* a pulse wave's beats, not a heart's */
    char words[240];            /* the numbers in a sentence; in the person's language already */
    struct ob_ui_spectrum spectrum;
};

void ob_ui_seen_draw(struct ob_ui_canvas *canvas, const struct ob_ui_seen *model);

/* Its one key: back to the picture. */
uint64_t ob_ui_seen_back_key(void);

#endif
