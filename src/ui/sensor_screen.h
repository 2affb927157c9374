/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sensor screen: what was found, how strong it is, what it is doing, and a live trace with its beats. Choosing a
 * sensor makes it the heart's; one that sends breathing as well can be chosen for that alone.
 *
 * A state machine without a clock or a device: a model goes in, input goes in, a choice comes out, and it is drawn on
 * any Cairo context. One thread at a time. */
#ifndef OB_UI_SENSOR_SCREEN_H
#define OB_UI_SENSOR_SCREEN_H

#include "ui/canvas.h"
#include "ui/trace.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_UI_SENSORS 24

struct ob_ui_sensor {
    char id[96];
    char name[64];
    char sentence[160];
    bool about;         /* no sensor: says why there is none of its kind; can't be chosen */
    bool open;          /* it is listened to; else it is only in sight */
    bool live;          /* data come */
    bool simulated;     /* and says so */
    bool heart, breath; /* what the session takes of it */
    bool sends_breath;  /* breathing or movement could be taken */
    float quality_01;   /* -1: not known yet */
    double bpm;         /* 0: not known yet */
    int battery_pct;    /* -1: not known */
    int rssi_dbm;       /* 0: no radio, or not known */
    struct ob_ui_trace trace;
};

struct ob_ui_sensors {
    int count;
    struct ob_ui_sensor sensor[OB_UI_SENSORS];
    char problem[160]; /* of the last choice, one line; else empty */
};

enum ob_ui_sensor_act {
    OB_UI_SENSOR_STAY,
    OB_UI_SENSOR_HEART,  /* take the heart of this sensor */
    OB_UI_SENSOR_BREATH, /* take the breathing of this sensor, and leave the heart where it is */
    OB_UI_SENSOR_LEAVE,
};

struct ob_ui_sensor_choice {
    enum ob_ui_sensor_act act;
    char id[96]; /* of the sensor */
};

struct ob_ui_sensor_screen {
    struct ob_ui_focus focus;
    ob_tr_fn *tr;       /* NULL: English */
    double overscan_01; /* margin at each side that a television may hide */
    /* private */
    double scroll_units;
    struct ob_ui_told told;
    struct ob_ui_telling telling;
};

void ob_ui_sensor_screen_init(struct ob_ui_sensor_screen *screen);

/* Lays out and draws. Input means what was drawn last. */
void ob_ui_sensor_screen_draw(struct ob_ui_sensor_screen *screen, const struct ob_ui_sensors *model, cairo_t *cairo,
                              struct ob_words *words, const struct ob_ui_theme *theme, int width, int height);

/* What a voice should say now, as ob_ui_host_words(); again: the whole of it. */
bool ob_ui_sensor_screen_words(struct ob_ui_sensor_screen *screen, bool again, char *out, size_t size);

struct ob_ui_sensor_choice ob_ui_sensor_screen_input(struct ob_ui_sensor_screen *screen,
                                                     const struct ob_ui_sensors *model, enum ob_ui_input input);
struct ob_ui_sensor_choice ob_ui_sensor_screen_pointer(struct ob_ui_sensor_screen *screen,
                                                       const struct ob_ui_sensors *model, double x, double y,
                                                       bool pressed);

#endif
