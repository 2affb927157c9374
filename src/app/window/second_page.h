/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The therapist's page in a window of the program's own, on a second display: what the console shows in a browser, at
 * the same desk (session/desk.h). Its buttons ask what a browser would ask. Main thread. */
#ifndef OB_APP_SECOND_PAGE_H
#define OB_APP_SECOND_PAGE_H

#include "app/session/trail.h"
#include "render/render.h"
#include "ui/desk_screen.h"
#include "ui/host.h"

#include <SDL2/SDL.h>
#include <stdbool.h>
#include <stdint.h>

struct ob_shell;

/* Zeroed: closed. */
struct ob_second_page {
    bool open;
    int display;
    bool blind; /* it shows nothing: no display is there for it, but its window is needed */
    struct ob_ui_desk model;
    struct ob_ui_host host;
    /* private */
    struct ob_heart_mark marks[OB_TRAIL_MARKS + OB_SNAPSHOT_MARKS];
    struct ob_nn_list beats;
    struct ob_nn_series series;
    int64_t painted_ns;    /* as it was last described */
    int64_t next_asked_ns; /* "next client" was pressed once */
};

/* Opens its window on a display; a desktop that refuses leaves it closed. */
void ob_second_page_open(struct ob_second_page *page, struct ob_shell *shell, int display);
void ob_second_page_close(struct ob_second_page *page, struct ob_render *render);

/* Once a turn of the loop: gathers, and where there is news shows it. */
void ob_second_page_step(struct ob_second_page *page, struct ob_shell *shell, int64_t now_ns);

/* Mouse and finger in its window. */
void ob_second_page_event(struct ob_second_page *page, struct ob_shell *shell, const SDL_Event *event);

#endif
