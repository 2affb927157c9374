/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One session in the program with a window, from its plan to what is kept of it. What outlives it (picture, sound,
 * sensors) is the shell's. Main thread. */
#ifndef OB_APP_SITTING_H
#define OB_APP_SITTING_H

#include "app/session/keeper.h"
#include "app/session/live.h"
#include "app/session/speaker.h"
#include "app/window/darkness.h"
#include "breath/protocol.h"
#include "config/settings.h"
#include "render/render.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_sitting_desc {
    const struct ob_settings *settings;
    const struct ob_protocol *protocol;                /* copied; without phases the settings' plan alone */
    bool simulated;                                    /* the heart is a simulated person's, */
    uint64_t seed;                                     /* drawn from this */
    bool keep;                                         /* in the store */
    const char *data, *who, *passphrase_file, *source; /* as in ob_keeper_desc */
    struct ob_speaker *speaker;                        /* says the lines of the session; NULL: nobody */
    bool quiet;                                        /* no figures of latency at the end */
    struct ob_kept_session *kept;                      /* gets what was kept, at the end; NULL: nobody asks */
    const char *record; /* an event log in the clear: a path; "kept": with the session, sealed; NULL: none */
};

struct ob_sitting {
    struct ob_sitting_desc desc;
    struct ob_protocol protocol;
    struct ob_session_plan plan;
    struct ob_keeper *keeper; /* NULL: the session is not kept */
    const char *not_kept;     /* a notice about that, or NULL */
    struct ob_live live;
    bool runs;
    bool paused, natural, dizzy;
    bool wordless, unlit; /* the client sees no words; no picture either (the console's silent mode) */
    int64_t ended_ns;     /* 0: not yet */
    bool closed;          /* the closing bowl was due */
    struct ob_darkness darkness;
    const struct ob_snapshot *newest; /* as it came, until the next look */
    /* private */
    struct ob_snapshot dimmed; /* what is drawn while a protocol wants no picture */
};

/* The plan, and where the session is kept. Hearts that are nobody's here are not kept; a store that can't be used does
 * not stop a session, a mistake in what was asked for does: then not OB_EXIT_DONE, and a sentence was said. */
int ob_sitting_prepare(struct ob_sitting *sitting, const struct ob_sitting_desc *desc);

/* Starts the engine. After any result call ob_sitting_end(). */
int ob_sitting_start(struct ob_sitting *sitting, struct ob_wires *wires, struct ob_sound *sound);

/* The newest snapshot as it is to be seen, and the person's line of the overlay. */
const struct ob_snapshot *ob_sitting_look(struct ob_sitting *sitting, struct ob_overlay *overlay);

/* Somebody touched something (ob_darkness_touch()), or has a screen open. */
void ob_sitting_touch(struct ob_sitting *sitting, bool moved);

/* After its frame was shown, or would have been were it not dark. True: the last picture has stood long enough, and
 * somebody need not be kept waiting. */
bool ob_sitting_shown(struct ob_sitting *sitting, const struct ob_snapshot *snapshot, int64_t now_ns);

/* What can't be written, kept or understood; "" when all is well. */
void ob_sitting_trouble(const struct ob_sitting *sitting, char *text_out, size_t size);

void ob_sitting_pause(struct ob_sitting *sitting);        /* and on again */
void ob_sitting_just_breathe(struct ob_sitting *sitting); /* guidance off, and on again */
void ob_sitting_feel_dizzy(struct ob_sitting *sitting);   /* back to natural breathing at once */
void ob_sitting_awake(struct ob_sitting *sitting);        /* any key or touch: nobody is asleep */
void ob_sitting_next_part(struct ob_sitting *sitting);    /* of a protocol */
void ob_sitting_finish(struct ob_sitting *sitting);       /* its end comes now */
void ob_sitting_mark(struct ob_sitting *sitting, enum ob_mark_label label, const char *words);
void ob_sitting_choose_pace(struct ob_sitting *sitting, double rate_brpm);
void ob_sitting_sensor_changed(struct ob_sitting *sitting); /* another heart was chosen */

/* Stops the engine, prints the books of latency. What is kept stays open for the check-in. */
int ob_sitting_stop(struct ob_sitting *sitting, int code);

/* Stops if need be and closes what is kept; answer: 0-10, -1 none. Prints what was kept. Returns code, or what went
 * wrong. */
int ob_sitting_end(struct ob_sitting *sitting, int answer, int code);

#endif
