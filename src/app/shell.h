/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program with a window: what outlives a session (settings, sensors, sound, picture, input), and the loop that
 * shows frames while somebody sits in one. Main thread. */
#ifndef OB_APP_SHELL_H
#define OB_APP_SHELL_H

#include "app/input.h"
#include "app/notice.h"
#include "app/sensor_panel.h"
#include "app/settings_files.h"
#include "app/sitting.h"
#include "app/sound.h"
#include "app/source.h"
#include "app/wires.h"
#include "render/render.h"
#include "sensor/hub.h"

#include <stdbool.h>
#include <stdint.h>

/* What the command line says beside the settings. */
struct ob_shell_options {
    bool demo, latency_log, latency_probe;
    const char *person, *feed, *replay, *kind, *channel, *record;
    const char *data, *who, *passphrase_file, *breath;
    double speed;
};

struct ob_shell {
    struct ob_shell_options options;
    struct ob_loaded loaded; /* all layers of the settings */
    struct ob_wires wires;
    struct ob_sound sound;
    struct ob_source source;
    struct ob_hub *hub;
    bool strap_noted; /* the strap in use is remembered for the next session */
    struct ob_render *render;
    struct ob_overlay overlay;
    struct ob_notice notice;
    struct ob_input input;
    struct ob_sensor_panel sensors; /* the sensor screen */
    struct ob_sitting sitting;
    bool leave;
    /* private */
    bool has_wires, has_sound, has_input;
    int64_t shown_first_ns, shown_last_ns;
};

/* The heart that options and settings name. The shell comes zeroed, with options and loaded filled in. Not
 * OB_EXIT_DONE: a sentence was said. */
int ob_shell_open_heart(struct ob_shell *shell);

/* Window, sensors and sound; scene: as in ob_render_desc. A scene that a file names and that is gone stops nobody. */
int ob_shell_open(struct ob_shell *shell, const char *scene);

/* The session that ob_sitting_prepare() has prepared, until it is over or somebody leaves. */
int ob_shell_sit(struct ob_shell *shell);

/* After any result of the others; what was recorded and kept comes home. Returns code, or what went wrong. */
int ob_shell_close(struct ob_shell *shell, int code);

#endif
