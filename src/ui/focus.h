/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be chosen on a screen, and which of it has the focus. Keyboard, game controller, mouse and touch all come
 * here; a screen says with each layout what there is and where, and keeps no state of its own for it.
 *
 * An item is known by a key that stays the same while it moves on the screen. Where the item of the focus is gone, the
 * nearest takes its place. Pure. */
#ifndef OB_UI_FOCUS_H
#define OB_UI_FOCUS_H

#include <stdbool.h>
#include <stdint.h>

struct ob_ui_box {
    double x, y, width, height; /* pixels, from the upper left */
};

enum ob_ui_input {
    OB_UI_NOTHING,
    OB_UI_UP,
    OB_UI_DOWN,
    OB_UI_LEFT,
    OB_UI_RIGHT,
    OB_UI_NEXT, /* in reading order, around the end */
    OB_UI_PREVIOUS,
    OB_UI_CHOOSE,
    OB_UI_BACK,
};

#define OB_UI_ITEMS 96

struct ob_ui_item {
    uint64_t key;
    struct ob_ui_box box;
};

struct ob_ui_focus {
    uint64_t at; /* key of the item that has it; 0: none yet */
    /* private */
    struct ob_ui_box last; /* where that was */
    int count, adding;
    struct ob_ui_item item[OB_UI_ITEMS], next[OB_UI_ITEMS];
};

/* A layout: begin, add in reading order, end. Items beyond OB_UI_ITEMS cannot be chosen. */
void ob_ui_focus_begin(struct ob_ui_focus *focus);
void ob_ui_focus_add(struct ob_ui_focus *focus, uint64_t key, struct ob_ui_box box);
void ob_ui_focus_end(struct ob_ui_focus *focus);

/* Moves the focus. CHOOSE returns the key of the item that is chosen; all else returns 0. */
uint64_t ob_ui_focus_input(struct ob_ui_focus *focus, enum ob_ui_input input);

/* A pointer at a place: what is under it gets the focus; pressed: and is chosen, its key is returned. */
uint64_t ob_ui_focus_pointer(struct ob_ui_focus *focus, double x, double y, bool pressed);

#endif
