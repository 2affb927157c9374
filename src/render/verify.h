/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at what was really shown: each composed frame is brought down to the cells of the light limiter, read back a
 * few frames later without waiting for it, and judged (flicker.h). Should the light ever flash more than WCAG 2.3.1
 * allows, whatever the limiter meant, the whole picture is dimmed, within a second, far below what can flash; it comes
 * back by and by when it has been calm for a while. Main thread with the context current. */
#ifndef OB_RENDER_VERIFY_H
#define OB_RENDER_VERIFY_H

#include "base/err.h"
#include "render/flicker.h"
#include "render/program.h"

#define OB_VERIFY_BEHIND  3    /* frames until one is looked at */
#define OB_VERIFY_CALM_S  20.0 /* without a flash, before the light comes back */
#define OB_VERIFY_LEAST   0.15 /* of the values of the screen: at most 0.02 of the light */
#define OB_VERIFY_DOWN_S  0.5
#define OB_VERIFY_BACK_S  30.0
#define OB_VERIFY_SAMPLES 2 /* pixels of a cell each way that are read */

struct ob_verify {
    struct ob_flicker flicker;
    GLuint texture, target;
    GLuint buffers[OB_VERIFY_BEHIND];
    int64_t seen_ns[OB_VERIFY_BEHIND]; /* of the frame in each; INT64_MIN: none */
    int next;
    float dim;          /* 1, or less */
    int64_t flashed_ns; /* the last time that it had to dim; INT64_MIN: never */
    int64_t last_ns;
    int times; /* that it had to */
};

enum ob_err ob_verify_init(struct ob_verify *verify);
void ob_verify_finish(struct ob_verify *verify);

/* The frame in framebuffer 0, of width x height, will be seen at seen_ns. Leaves framebuffer 0 bound. */
void ob_verify_frame(struct ob_verify *verify, int width, int height, int64_t seen_ns);

/* What the frame is to be multiplied with: 1 while all is well. */
float ob_verify_dim(const struct ob_verify *verify);

#endif
