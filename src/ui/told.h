/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a screen says, as words: all of it in reading order, and what each item that can be chosen is called. For a
 * voice, for a terminal, and for tests. Parts fill it while they draw. Pure. */
#ifndef OB_UI_TOLD_H
#define OB_UI_TOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_UI_TOLD_BYTES 6144
#define OB_UI_TOLD_ITEMS 96

struct ob_ui_told {
    char words[OB_UI_TOLD_BYTES]; /* pieces, each with its end; what does not fit is left out */
    size_t length;
    int pieces;
    int items;
    struct {
        uint64_t key;
        size_t from, to; /* its pieces, in words */
    } item[OB_UI_TOLD_ITEMS];
    int open;              /* the item whose pieces come now, -1: none */
    int cut;               /* words that were cut off since begin because there was no room; for tests */
    double least_units;    /* the smallest words, in units of size; 0: none */
    const char *cut_words; /* the last of them; valid as long as the page's model */
};

void ob_ui_told_begin(struct ob_ui_told *told);

/* What comes between belongs to the item; items do not nest. */
void ob_ui_told_item(struct ob_ui_told *told, uint64_t key);
void ob_ui_told_item_end(struct ob_ui_told *told);
void ob_ui_told_say(struct ob_ui_told *told, const char *words);

/* What has been told aloud of it. Zeroed: nothing yet. */
struct ob_ui_telling {
    bool page;
    uint64_t item; /* 0: say the one with the focus (again) */
};

/* What a voice should say now: the whole when it is new, then each item as it gets the focus. False: nothing new. */
bool ob_ui_told_news(const struct ob_ui_told *told, struct ob_ui_telling *telling, uint64_t focus, char *out,
                     size_t size);

#endif
