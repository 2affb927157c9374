/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings: rows in groups, each with a value that left and right change, and what it means. Pure. */
#ifndef OB_UI_SETTINGS_SCREEN_H
#define OB_UI_SETTINGS_SCREEN_H

#include "ui/canvas.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_UI_SETTINGS_ROWS 32

struct ob_ui_settings_row {
    const char *group, *name, *about; /* in the person's language already */
    char value[64];
    bool first, last; /* there is no more at this end */
    double share_01;  /* the value as a bar; less than 0: no bar */
};

struct ob_ui_settings {
    char problem[200]; /* what could not be kept, or "" */
    int count;
    struct ob_ui_settings_row row[OB_UI_SETTINGS_ROWS];
};

/* What a key means: a row from 0, or one of these. */
enum { OB_UI_SETTINGS_NONE = -1, OB_UI_SETTINGS_BACK = -2 };

void ob_ui_settings_draw(struct ob_ui_canvas *canvas, const struct ob_ui_settings *model);
int ob_ui_settings_choice(const struct ob_ui_settings *model, uint64_t key);

#endif
