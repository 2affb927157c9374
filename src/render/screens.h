/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which display the picture stands on and which the therapist's page, now that these are there and those are wished
 * for. Pure: a list goes in and a plan comes out; displays may come and go between two calls.
 *
 * Two rules hold whatever comes and goes. The page never goes to a display that the picture belongs to or stood on, and
 * never wanders: a client must not suddenly read it. And a display that shows the page is not taken from it by the
 * picture: rather the picture waits, while session and sound go on. */
#ifndef OB_RENDER_SCREENS_H
#define OB_RENDER_SCREENS_H

#include <stdbool.h>

#define OB_SCREENS     16
#define OB_SCREEN_NAME 64

#define OB_SCREEN_ANY  (-1) /* wherever the window is: nobody wished for anything */
#define OB_SCREEN_NONE (-2)

struct ob_screen {
    char name[OB_SCREEN_NAME]; /* as the desktop calls it; two of one kind have one name */
    int x, y, width, height;   /* on the desktop, in its units */
};

/* Each a name, a part of one, or a number counted from the left, "1" first; NULL is "". */
struct ob_screens_wish {
    const char *picture; /* "": any */
    const char *page;    /* "" or "none"; "auto": any that the picture is not on */
};

/* One that was used: displays get other places in the list as others come and go, and two of a kind have one name. */
struct ob_screen_was {
    char name[OB_SCREEN_NAME]; /* "": none yet */
    int nth, of;               /* of that name, from the left */
};

/* Zeroed: nothing yet, and so again when a wish changes. */
struct ob_screens_were {
    struct ob_screen_was wished; /* the display that met the picture's wish */
    struct ob_screen_was stands; /* the display that the picture was last on */
    struct ob_screen_was page;   /* the display that the page was last on */
};

struct ob_screens_plan {
    int picture;                        /* a place in the list, OB_SCREEN_ANY, or OB_SCREEN_NONE: it waits */
    int page;                           /* a place in the list, or OB_SCREEN_NONE */
    bool picture_missing, page_missing; /* a wish that can't be met now */
};

/* The place in the list, or OB_SCREEN_NONE. A whole name goes before a number, a number before a part of a name; of
 * several the leftmost. Upper and lower case are one. */
int ob_screens_find(const struct ob_screen *list, int count, const char *wish);

/* The number of one of the list, counted from the left, from above where these are in line; from 1. */
int ob_screens_number(const struct ob_screen *list, int count, int at);

struct ob_screens_plan ob_screens_decide(struct ob_screens_were *were, const struct ob_screen *list, int count,
                                         const struct ob_screens_wish *wish);

#endif
