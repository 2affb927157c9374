/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a session: that it is over, one suggestion, one check-in that nobody has to answer. No score. Pure. */
#ifndef OB_UI_END_SCREEN_H
#define OB_UI_END_SCREEN_H

#include "breath/pace.h"
#include "ui/canvas.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_UI_END_LINES 14

struct ob_ui_end {
    char title[96];
    char line[OB_UI_END_LINES][200]; /* what was seen, in words; in the person's language already */
    int lines;
    bool shows_pace; /* a search is over: the own pace as it is known now */
    double probabilities[OB_PACE_RATES];
    struct ob_own_pace_estimate estimate;
    char suggestion[200]; /* one, or "" */
    bool offers_page;     /* a page to take home can be made */
    bool asks;            /* the check-in is shown */
    int answer;           /* 0-10; -1: not answered */
};

enum ob_ui_end_choice {
    OB_UI_END_NOTHING,
    OB_UI_END_ANSWER, /* see ob_ui_end_answer() */
    OB_UI_END_HOME,
    OB_UI_END_AGAIN,
    OB_UI_END_PAGE, /* a page to take home */
};

void ob_ui_end_draw(struct ob_ui_canvas *canvas, const struct ob_ui_end *model);
enum ob_ui_end_choice ob_ui_end_choice(uint64_t key);

/* Which answer a key is, 0-10; -1: none. */
int ob_ui_end_answer(uint64_t key);
uint64_t ob_ui_end_answer_key(int answer);
uint64_t ob_ui_end_key(enum ob_ui_end_choice choice);

#endif
