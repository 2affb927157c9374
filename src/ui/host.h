/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one screen: focus, scrolling, input, and what of it should be spoken. A screen says how it is drawn and what
 * happens when something on it is chosen; keyboard, controller, mouse and touch then all work. Pure; one thread. */
#ifndef OB_UI_HOST_H
#define OB_UI_HOST_H

#include "ui/canvas.h"
#include "ui/focus.h"
#include "ui/told.h"

#include <stdbool.h>
#include <stddef.h>

/* A screen. user is its state. Keys are those that its parts were drawn with. */
struct ob_ui_screen {
    bool sheer; /* the scene behind it shows through */
    bool clear; /* wholly: it has no ground of its own */
    /* Draws into the canvas from ob_ui_page() on, and tells with ob_ui_page_end() how far it came. */
    void (*draw)(void *user, struct ob_ui_canvas *canvas);
    void (*choose)(void *user, uint64_t key);
    /* Left and right on an item: by -1 or 1. True: its value changed. NULL: nothing here has values. */
    bool (*adjust)(void *user, uint64_t key, int by);
    void (*back)(void *user);
};

struct ob_ui_host {
    const struct ob_ui_screen *screen; /* NULL: none */
    void *user;
    const struct ob_ui_theme *theme;
    ob_tr_fn *tr; /* NULL: English */
    struct ob_ui_focus focus;
    struct ob_ui_told told;
    char line[160]; /* about devices and the like, at the foot of any screen that has no place for it; "" for none */
    double overscan_01; /* margin at each side that a television may hide, 0-0.1 */
    uint64_t turn;      /* grows whenever what is shown may have changed */
    /* private */
    double scroll_px, dragged_from_px;
    double height_px; /* of what was drawn last */
    double foot_px;   /* that the line at the foot covers; it can be scrolled up from below it */
    int width, height;
    struct ob_ui_telling telling;
    bool dragging;
};

/* Another screen, or NULL. The focus begins at first_focus, 0: at its first item. */
void ob_ui_host_show(struct ob_ui_host *host, const struct ob_ui_screen *screen, void *user, uint64_t first_focus);

/* What it shows has changed by itself. */
void ob_ui_host_stir(struct ob_ui_host *host);

void ob_ui_host_paint(struct ob_ui_host *host, cairo_t *cairo, struct ob_words *words, int width, int height);

void ob_ui_host_input(struct ob_ui_host *host, enum ob_ui_input input);

/* Mouse or finger; places from the upper left, 0-1. */
void ob_ui_host_pointer(struct ob_ui_host *host, double x_01, double y_01, bool pressed);

/* A finger that drags up or down, or a wheel: by so much of the screen's height. */
void ob_ui_host_scroll(struct ob_ui_host *host, double by_01);

/* What a voice should say now: the whole screen when it is new, then each item as it gets the focus. False: nothing
 * new. Call after painting. */
bool ob_ui_host_words(struct ob_ui_host *host, char *out, size_t size);

/* All of it counts as new. */
void ob_ui_host_tell_again(struct ob_ui_host *host);

#endif
