/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's own scene, tried in a process of its own before it is shown. GL has no way to stop a shader that has
 * begun, and a driver may crash on a text that it does not like; a child can be ended, and takes nobody with it.
 *
 * The child is the program itself, called as `PROGRAM OB_TRIAL_COMMAND PATH gl|es`, which calls ob_trial_child(). It
 * says "ready" when the scene is compiled and how long a picture of OB_TRIAL_WIDTH x OB_TRIAL_HEIGHT will take, in
 * seconds, when it has drawn it small, in every stage of a breath. It runs at a lower priority, so that the picture
 * goes on meanwhile. Main thread. */
#ifndef OB_RENDER_TRIAL_H
#define OB_RENDER_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define OB_TRIAL_COMMAND "scene-trial"
#define OB_TRIAL_WIDTH   1280
#define OB_TRIAL_HEIGHT  720
#define OB_TRIAL_DRAW_S                                                                                                \
    5.0 /* of processor time, which a child that is ready may take: it may have to wait for others */
#define OB_TRIAL_WALL_S 20.0 /* and of any time, for a graphics card that hangs; as much to become ready */
#define OB_TRIAL_MOST_S 30.0 /* a picture that would take longer is refused by the child's own measure already */

enum ob_trial_state {
    OB_TRIAL_NONE, /* none was begun */
    OB_TRIAL_RUNS,
    OB_TRIAL_PASSED,  /* or could not be made: then the scene is as good as untried */
    OB_TRIAL_REFUSED, /* it hangs, crashes, or takes far too long: see the sentence */
};

struct ob_trial {
    pid_t child; /* 0: none */
    int fd;      /* what it says */
    bool ready;
    int64_t until_ns;     /* CLOCK_MONOTONIC */
    double cpu_s, draw_s; /* what it had used when it was ready, and what it may use from there */
    char said[64];
    size_t length;
};

/* program: a path; draw_s: processor time, 0 for OB_TRIAL_DRAW_S. A trial that runs is ended first. False: no child
 * could be made. */
bool ob_trial_begin(struct ob_trial *trial, const char *program, const char *path, bool es, double draw_s);

/* Never waits. name: how the sentence calls the scene. After PASSED and REFUSED nothing runs any more. */
enum ob_trial_state ob_trial_step(struct ob_trial *trial, const char *name, char *sentence_out, int size);

/* Ends it if it runs. All zeros is fine. */
void ob_trial_end(struct ob_trial *trial);

/* The child's whole life; its exit status. */
int ob_trial_child(const char *path, bool es);

#endif
