/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scene that is shown, and the one that comes next: going from one to the other through the dark, taking in files
 * that change, and leaving a scene of somebody's own that takes too long. Main thread with the context current. */
#ifndef OB_RENDER_SHOWING_H
#define OB_RENDER_SHOWING_H

#include "base/err.h"
#include "render/scene.h"
#include "render/shelf.h"
#include "render/trial.h"
#include "render/watch.h"

#include <stdbool.h>

struct ob_showing {
    struct ob_scene scenes[2]; /* that shown, and in a fade out the one that comes */
    char names[2][OB_SCENE_PATH];
    bool own[2]; /* somebody's own file */
    int shown;
    struct ob_scene_fade fade;
    struct ob_watch watch;
    int64_t trial_stamp;       /* of the file that is tried */
    struct ob_trial trial;     /* of the scene that was asked for, or of the file of the one shown */
    char asked[OB_SCENE_PATH]; /* it is being tried; "": the file of the one shown is */
    int asked_by;              /* what ob_showing_next() was given: where to go on if it can't be shown; 0: nowhere */
    char good[OB_SHELF_NAME];  /* the program's scene to go back to */
    char trouble[256];         /* with a scene that was left or can't be shown; "" when it has been said long enough */
    int64_t trouble_until_ns;  /* CLOCK_MONOTONIC */
    /* immutable after init */
    char shader_dir[OB_SCENE_PATH], own_dir[OB_SCENE_PATH];
    GLuint noise;
    bool es;
    char trial_program[OB_SCENE_PATH]; /* "": scenes are tried here */
    double trial_s;
};

/* noise: of ob_noise_texture(), outlives it. shader_dir and own_dir may be NULL. */
void ob_showing_init(struct ob_showing *showing, const char *shader_dir, const char *own_dir, GLuint noise, bool es);

/* Somebody's own scenes are tried in a process of its own (trial.h) from now on; NULL: only here. The picture goes on
 * meanwhile: what was asked for comes when it has passed, and an edited file is taken in then. */
void ob_showing_try_outside(struct ob_showing *showing, const char *program, double trial_s);

void ob_showing_finish(struct ob_showing *showing);

/* The first scene, at once: a name or path, NULL for the default. Errors and sentence as of ob_render_create(). */
enum ob_err ob_showing_open(struct ob_showing *showing, const char *name, int width, int height, char *problem_out,
                            int problem_size);

/* Another scene, through the dark; on an error all stays as it is. One that is tried outside may yet turn out to be
 * none: then the trouble says so. */
enum ob_err ob_showing_show(struct ob_showing *showing, const char *name, int width, int height, char *problem_out,
                            int problem_size);

/* The name or path of the scene shown, or on its way, valid until it changes; and what it calls itself. */
const char *ob_showing_name(const struct ob_showing *showing);
void ob_showing_title(const struct ob_showing *showing, char *title_out, int size);

/* Goes on by so many (1, or -1 for back) from that, behind the last comes the first; a scene that can't be shown is
 * passed over, and the trouble says why. */
enum ob_err ob_showing_next(struct ob_showing *showing, int by, int width, int height, char *title_out, int size);

/* Takes in the file of the scene shown if it has changed. */
void ob_showing_refresh(struct ob_showing *showing, int width, int height);

/* Draws into a framebuffer of width x height, which is left bound. */
void ob_showing_draw(struct ob_showing *showing, const struct ob_snapshot *snapshot, bool reduced_motion, GLuint target,
                     int width, int height, int64_t seen_ns);

/* What the frame just drawn cost: leaves somebody's own scene when it holds up the picture. */
void ob_showing_watch(struct ob_showing *showing, int64_t cost_ns);

/* What is wrong with the scene, in a sentence; "" when nothing is. */
const char *ob_showing_problem(const struct ob_showing *showing);

#endif
