/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The screens of a kiosk: what a stranger sees from the first touch to the goodbye, and the two of the staff. Pure. */
#ifndef OB_UI_KIOSK_SCREENS_H
#define OB_UI_KIOSK_SCREENS_H

#include "ui/canvas.h"

#include <stdint.h>

#define OB_UI_KIOSK_LANGUAGES 6
#define OB_UI_KIOSK_LINES     2

enum ob_ui_kiosk_choice {
    OB_UI_KIOSK_NOTHING,
    OB_UI_KIOSK_BEGIN,   /* on any of the pages: on to the next */
    OB_UI_KIOSK_NOT_NOW, /* the visit is over */
    OB_UI_KIOSK_WITHOUT, /* go on without a sensor */
    OB_UI_KIOSK_DIZZY,
    OB_UI_KIOSK_VOLUME,                                               /* has a value */
    OB_UI_KIOSK_LEAVE,                                                /* the program itself: staff alone */
    OB_UI_KIOSK_DELETE,                                               /* a digit */
    OB_UI_KIOSK_LANGUAGE,                                             /* and those after it: which */
    OB_UI_KIOSK_DIGIT = OB_UI_KIOSK_LANGUAGE + OB_UI_KIOSK_LANGUAGES, /* and those after it: 0 to 9 */
    OB_UI_KIOSK_CHOICES = OB_UI_KIOSK_DIGIT + 10
};

uint64_t ob_ui_kiosk_key(unsigned choice);
unsigned ob_ui_kiosk_choice(uint64_t key);

/* Nobody is there: the scene, whose studio it is, and what to do. */
struct ob_ui_kiosk_attract {
    const char *name;                         /* of the studio; "" for none */
    cairo_surface_t *logo;                    /* or NULL; borrowed */
    int languages;                            /* with more than one each has a button */
    const char *begin[OB_UI_KIOSK_LANGUAGES]; /* "Touch to breathe" in each */
};
void ob_ui_kiosk_attract_draw(struct ob_ui_canvas *canvas, const struct ob_ui_kiosk_attract *model);

/* Who should ask first. The button is there once it can have been read. */
struct ob_ui_kiosk_ask {
    bool read;
    const char *sensor; /* what to do with the sensor, "" where there is none */
};
void ob_ui_kiosk_ask_draw(struct ob_ui_canvas *canvas, const struct ob_ui_kiosk_ask *model);

/* Waiting for a heart. */
struct ob_ui_kiosk_settle {
    char sensor[160]; /* what it says of itself */
    bool feels;       /* beats come */
};
void ob_ui_kiosk_settle_draw(struct ob_ui_canvas *canvas, const struct ob_ui_kiosk_settle *model);

/* Over the session, after a touch. */
void ob_ui_kiosk_during_draw(struct ob_ui_canvas *canvas);

/* The goodbye. */
struct ob_ui_kiosk_end {
    bool let_go;
    int lines; /* of what was seen; 0: nothing was measured */
    char line[OB_UI_KIOSK_LINES][120];
};
void ob_ui_kiosk_end_draw(struct ob_ui_canvas *canvas, const struct ob_ui_kiosk_end *model);

/* The pad for the PIN. */
struct ob_ui_kiosk_pin {
    int digits;
    int wait_s; /* the pad is locked for so long; 0: it is not */
    bool wrong;
};
void ob_ui_kiosk_pin_draw(struct ob_ui_canvas *canvas, const struct ob_ui_kiosk_pin *model);

/* Behind the PIN. */
struct ob_ui_kiosk_staff {
    char maximum[32];
    double maximum_01;
    char sensor[160], sound[160];
};
void ob_ui_kiosk_staff_draw(struct ob_ui_canvas *canvas, const struct ob_ui_kiosk_staff *model);

#endif
