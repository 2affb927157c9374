/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program with a window: what outlives a session (settings, sensors, sound, picture, input), where somebody is (a
 * session, or a place such as home), and the loop that shows frames. Main thread. */
#ifndef OB_APP_SHELL_H
#define OB_APP_SHELL_H

#include "app/kiosk/kiosk.h"
#include "app/places/place.h"
#include "app/session/desk.h"
#include "app/session/sitting.h"
#include "app/session/sound.h"
#include "app/session/source.h"
#include "app/session/speaker.h"
#include "app/session/trail.h"
#include "app/session/wires.h"
#include "app/settings_files.h"
#include "app/window/away.h"
#include "app/window/desk_page.h"
#include "app/window/input.h"
#include "app/window/notice.h"
#include "app/window/reading.h"
#include "app/window/sensor_panel.h"
#include "app/window/two_screens.h"
#include "os/desktop.h"
#include "render/render.h"
#include "sensor/hub.h"
#include "store/keepsake.h"

#include <stdbool.h>
#include <stdint.h>

/* What the command line says beside the settings. */
struct ob_shell_options {
    bool demo, latency_log, latency_probe;
    bool offscreen;          /* no window: for tests */
    const char *scene_trial; /* the program itself, to try a person's own scenes (render/trial.h); NULL: for tests */
    bool plain;              /* no picture at all, and no controller: see app/window/plain.h */
    const char *config;      /* the file of settings, as in ob_settings_files_find() */
    const char *person, *feed, *replay, *kind, *channel, *record;
    const char *data, *who, *passphrase_file, *breath;
    double speed;
};

struct ob_shell {
    struct ob_shell_options options;
    struct ob_loaded loaded; /* all layers of the settings */
    struct ob_wires wires;
    struct ob_sound sound;
    struct ob_speaker speaker;
    struct ob_source source;
    struct ob_hub *hub;
    bool strap_noted; /* the strap in use is remembered for the next session */
    struct ob_render *render;
    struct ob_overlay overlay;
    struct ob_notice notice;
    struct ob_input input;
    struct ob_sensor_panel sensors; /* the sensor screen */
    struct ob_two_screens screens;  /* which window is on which display */
    struct ob_protocol protocol;    /* of the next session; without phases a plain one of the settings' minutes */
    struct ob_sitting sitting;
    struct ob_away away; /* for somebody who does not look */
    bool at_home;        /* sessions come from home and go back there; else the program ends with the one there is */
    bool leave;
    struct ob_kiosk *kiosk;          /* the child of a kiosk; NULL: somebody's own program */
    struct ob_desk desk;             /* the therapist's */
    bool nobody;                     /* whose session it is is not known: it is not kept */
    char client[OB_CONSOLE_NAME];    /* whom the console has named; options.who may point here */
    struct ob_snapshot last;         /* of the session that ended */
    struct ob_keepsake surroundings; /* what the settings say of them, and what a session had (surroundings.h) */
    struct ob_trail trail;           /* the last minutes of the one that runs */
    int answer;                      /* of the check-in after it, 0-10; -1: none yet */
    struct ob_kept_session kept;     /* what was kept of it, until the next one begins */
    struct ob_desk_page page;        /* the page to take home, where the console asks for it */
    /* private */
    bool has_wires, has_sound, has_input;
    const struct ob_place *place, *going; /* NULL: the session; where to go with the next frame */
    bool goes, begins;
    void *state; /* of the place */
    struct ob_ui_host host;
    struct ob_reading reading;
    struct ob_desktop *desktop; /* what it says of light and dark */
    int64_t heard_until_ns;
    struct ob_snapshot calm; /* what the scene behind a place follows */
    int64_t shown_first_ns, shown_last_ns, logged_ns;
};

/* The heart that options and settings name. The shell comes zeroed, with options and loaded filled in. Not
 * OB_EXIT_DONE: a sentence was said. */
int ob_shell_open_heart(struct ob_shell *shell);

/* Window, sensors and sound; scene: as in ob_render_desc. A scene that a file names and that is gone stops nobody. */
int ob_shell_open(struct ob_shell *shell, const char *scene);

/* The two halves of ob_shell_run(): begins the session or home; and one frame, false when somebody leaves or the
 * picture fails. For tests. */
int ob_shell_arrive(struct ob_shell *shell);
bool ob_shell_frame(struct ob_shell *shell);

/* Frames until somebody leaves. The session that shell->sitting has been prepared for; or, where shell->at_home, from
 * home on. */
int ob_shell_run(struct ob_shell *shell);

/* Prepares shell->sitting for a session of shell->protocol. Not OB_EXIT_DONE: a sentence was said. */
int ob_shell_prepare(struct ob_shell *shell);

/* For whoever runs a session without ob_shell_run(). Begins the one that was prepared (not OB_EXIT_DONE: a sentence was
 * said); and, a few times a second, looks after devices and writes what they have to say into the overlay. */
int ob_shell_sit(struct ob_shell *shell);
void ob_shell_tend(struct ob_shell *shell, int64_t now_ns);

/* For places. Each takes effect with the next frame; to go to NULL is to go back to the session that runs. */
void ob_shell_go(struct ob_shell *shell, const struct ob_place *place);
void ob_shell_begin(struct ob_shell *shell); /* a session of what is chosen */
/* The session is over, and the next one is of somebody else: who is kept under that name, or, with NULL, nobody who is
 * known, and then nothing is kept. */
void ob_shell_next_client(struct ob_shell *shell, const char *who);

void ob_shell_end(struct ob_shell *shell);  /* the session is over: home, or out */
void ob_shell_keep(struct ob_shell *shell); /* what is kept of the last one is closed, with its answer */

/* Chooses a protocol by its name. False: it can't be followed; a notice says so. */
bool ob_shell_choose(struct ob_shell *shell, const char *protocol);

/* A line for some seconds at the foot of the picture. */
void ob_shell_tell(struct ob_shell *shell, const char *line);

/* The volume is being chosen: for some seconds the sound is heard on a page as well. */
void ob_shell_let_hear(struct ob_shell *shell);

/* Pages are read aloud from now on, or no longer. */
void ob_shell_read_pages(struct ob_shell *shell, bool on);

/* The same, and kept in the person's settings. */
void ob_shell_keep_reading(struct ob_shell *shell, bool on);

/* Takes the colours of pages from the settings, or as they say from the desktop. */
void ob_shell_dress(struct ob_shell *shell);

void ob_shell_show_sensors(struct ob_shell *shell);

/* The source that the heart is taken from; false: there is none. */
bool ob_shell_heart_status(const struct ob_shell *shell, struct ob_sensor_status *status_out);

/* What the heart's sensor says of itself, a sentence. */
void ob_shell_sensor_sentence(const struct ob_shell *shell, char *out, size_t size);

/* After any result of the others; what was recorded and kept comes home. Returns code, or what went wrong. */
int ob_shell_close(struct ob_shell *shell, int code);

#endif
