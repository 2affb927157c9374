/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a live session needs and a bare machine lacks: a screen, a sound card, a serial line, and Outbreath on
 * them. Everything is private to the test, lies in one folder, and ends with it. */
#ifndef OB_TESTS_STAGE_H
#define OB_TESTS_STAGE_H

#include "screen.h"
#include "studio.h"

#define STAGE_OUTPUT 65536

struct stage {
    char folder[128];
    struct screen screen;
    struct studio studio;
    char runtime[160]; /* "XDG_RUNTIME_DIR=..." */
    char bus[256];     /* of D-Bus, for both the system's and the session's; empty: none */
    bool has_screen, has_studio;
    int line;      /* our end of the serial line; -1: none */
    int far_end;   /* kept open, so that bytes wait until somebody reads */
    char port[64]; /* its name for the program: a link that stays when the line is laid anew */
    pid_t program;
    char log[192]; /* what it says on stdout and stderr */
};

enum { STAGE_SCREEN = 1, STAGE_STUDIO = 2, STAGE_LINE = 4 };

/* parts: what to set up. false: a sentence; then finish() need not be called. */
bool stage_init(struct stage *stage, int parts, int width, int height, char *problem_out, size_t size);
void stage_finish(struct stage *stage); /* ends the program too, and removes the folder */

/* Lays the serial line; again after stage_cut_line. */
bool stage_lay_line(struct stage *stage);
void stage_cut_line(struct stage *stage);
bool stage_say(struct stage *stage, const char *text); /* down the line */

/* Starts the program; argv[0] is its path. */
bool stage_start(struct stage *stage, const char *const *argv);

/* Whether it still runs. */
bool stage_runs(const struct stage *stage);

/* Waits until the picture is no longer plain. */
bool stage_wait_picture(const struct stage *stage, double timeout_s);

/* Waits for its end without asking for it; asks for it by SIGTERM. Exit status, 128 + signal, -1: it does not end. */
int stage_wait(struct stage *stage, double timeout_s);
int stage_end(struct stage *stage);

/* What the program has said so far: up to STAGE_OUTPUT - 1 bytes, '\0' after them. Static memory. */
const char *stage_output(const struct stage *stage);

/* Copies a file of the folder, such as a log, to another place. */
bool stage_keep(const struct stage *stage, const char *name, const char *path);

#endif
