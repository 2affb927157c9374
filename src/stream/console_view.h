/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the console shows beside the engine's snapshot: what the session's main thread knows. Fixed size, copied whole.
 * A new client gets a new sitting number, and a page that sees one forgets all that it had. */
#ifndef OB_STREAM_CONSOLE_VIEW_H
#define OB_STREAM_CONSOLE_VIEW_H

#include "base/event.h"
#include "stream/request.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_CONSOLE_NAME    80
#define OB_CONSOLE_CHOICES 16
#define OB_CONSOLE_KEYS    16
#define OB_CONSOLE_MARKS   32

struct ob_console_choice {
    char name[64];  /* as it is asked for */
    char title[64]; /* as people read it; "": the name */
};

struct ob_console_key {
    char key[24];   /* as SDL and browsers call it: "PageDown", "F5" */
    uint32_t label; /* enum ob_mark_label */
};

struct ob_console_mark {
    int64_t time_ns; /* engine time */
    uint32_t label;  /* enum ob_mark_label */
    char words[OB_EVENT_WORDS_MAX];
};

/* How it goes with the page to take home. */
enum ob_console_report {
    OB_CONSOLE_REPORT_NONE,    /* this program makes none */
    OB_CONSOLE_REPORT_OFFERED, /* it can be asked for when the session is over */
    OB_CONSOLE_REPORT_MAKING,
    OB_CONSOLE_REPORT_READY, /* it can be fetched: see ob_console_give() */
    OB_CONSOLE_REPORT_FAILED
};

struct ob_console_view {
    uint64_t sitting;             /* from 1; another one: another client */
    char client[OB_CONSOLE_NAME]; /* "": nobody's name is known */
    bool kept;                    /* the session is remembered */
    bool consent;                 /* noted */
    uint32_t silent;              /* enum ob_silent */
    double volume_01;
    char scene[32];
    uint32_t scene_count;
    struct ob_console_choice scenes[OB_CONSOLE_CHOICES];
    char sound[64];
    uint32_t sound_count;
    struct ob_console_choice sounds[OB_CONSOLE_CHOICES];
    bool sound_there;      /* a sound can be heard at all */
    char part[64];         /* of a protocol: what is under way; "": there are none */
    char sensor[160];      /* what the sensor says of itself */
    char notice[160];      /* what a device has to say; "": all is well */
    uint32_t report;       /* enum ob_console_report */
    char report_says[160]; /* why there is none; "": nothing to say */
    uint32_t key_count;    /* keys that mark */
    struct ob_console_key keys[OB_CONSOLE_KEYS];
    uint64_t mark_count; /* marks set so far; the newest is marks[(mark_count - 1) % OB_CONSOLE_MARKS] */
    struct ob_console_mark marks[OB_CONSOLE_MARKS];
};

#endif
