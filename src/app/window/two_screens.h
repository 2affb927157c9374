/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows of the program on the displays that there are: the picture where the settings wish it, the therapist's
 * page on another. Displays come and go (a projector is unplugged, a cable is loose); a session takes no notice of
 * that but for a sentence. Who goes where is decided in render/screens.h. Main thread. */
#ifndef OB_APP_TWO_SCREENS_H
#define OB_APP_TWO_SCREENS_H

#include "app/window/second_page.h"
#include "config/settings.h"
#include "render/screens.h"

#include <SDL2/SDL.h>
#include <stdbool.h>
#include <stdint.h>

struct ob_shell;

struct ob_two_screens {
    int (*list)(
        struct ob_screen list_out[OB_SCREENS]); /* NULL: the desktop's; a test has its own, and pages offscreen */
    struct ob_screens_plan plan;                /* as it was last decided */
    char picture_on[OB_SCREEN_NAME];            /* the display that the picture was last seen on */
    bool waits;                                 /* the picture has no display: no frames */
    struct ob_second_page page;
    /* private */
    struct ob_screens_were were;
    struct ob_screen screens[OB_SCREENS];
    int count;
    int64_t looked_ns;
    bool stale;                   /* something has changed about the displays */
    bool begun;                   /* the first decision is behind */
    bool closed;                  /* somebody has closed the page's window */
    bool lent;                    /* the page's display shows the picture's window, with a page that somebody opened */
    char missing[OB_SCREEN_NAME]; /* the display of whose loss something was said */
};

/* Once the picture is there, and whenever one of the wishes in the settings is another: displays are chosen anew. */
void ob_two_screens_begin(struct ob_shell *shell);

/* Each event goes through here first. True: it concerns the windows or the therapist's page, and nobody else. */
bool ob_two_screens_event(struct ob_shell *shell, const SDL_Event *event);

/* Once a turn of the loop. True: the picture has no display now, and nothing of it is to be drawn. */
bool ob_two_screens_step(struct ob_shell *shell, int64_t now_ns);

/* What is wrong about displays, a sentence; "" when all is well. */
void ob_two_screens_trouble(const struct ob_shell *shell, char *out, size_t size);

/* The displays that can be chosen for a setting (OB_SET_DISPLAY_SCREEN or OB_SET_CONSOLE_SCREEN), for people and as
 * they are written: the next one from what is chosen now, by 1 or -1, around the end. */
void ob_two_screens_next(const struct ob_shell *shell, enum ob_setting setting, int by, char *text_out, size_t size);

/* What is chosen, for people. */
void ob_two_screens_chosen(const struct ob_shell *shell, enum ob_setting setting, char *words_out, size_t size);

/* Prints the displays, for --screen list. An exit code. */
int ob_two_screens_print(void);

/* The page's window is closed for good. */
void ob_two_screens_end(struct ob_shell *shell);

#endif
