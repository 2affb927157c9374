/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page with a heading, groups of rows to choose one of, and a way back: the sessions there are, for one. Pure. */
#ifndef OB_UI_LIST_SCREEN_H
#define OB_UI_LIST_SCREEN_H

#include "ui/canvas.h"

#include <stdint.h>

#define OB_UI_LIST_ROWS 64

struct ob_ui_list_row {
    char group[64]; /* a heading where it differs from the row before; in the person's language already, as all here */
    char name[96];
    char value[48]; /* at the right: "10 minutes" */
    char about[400];
};

struct ob_ui_list {
    char title[96];
    char about[240]; /* below it, or "" */
    int count;
    struct ob_ui_list_row row[OB_UI_LIST_ROWS];
};

/* What a key means: a row from 0, or one of these. */
enum { OB_UI_LIST_NONE = -1, OB_UI_LIST_BACK = -2 };

void ob_ui_list_draw(struct ob_ui_canvas *canvas, const struct ob_ui_list *model);
int ob_ui_list_choice(const struct ob_ui_list *model, uint64_t key);
uint64_t ob_ui_list_key(int row);

#endif
