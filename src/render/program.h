/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GL programs made of shaders/quad.vert.glsl and one fragment shader, that follow its file while it is edited.
 *
 * The text comes from the shader folder when the file is there, else from the shaders in the program. One GLSL text
 * serves GL 3.3 and ES 3.0: the first lines are put before it here. A text may be built into several programs, its
 * parts, which differ by a few defines. A text that does not compile, in any part, never replaces one that does. Main
 * thread with the context current. */
#ifndef OB_RENDER_PROGRAM_H
#define OB_RENDER_PROGRAM_H

#include "base/err.h"

#include <epoxy/gl.h>
#include <stdbool.h>
#include <stdint.h>

#define OB_PROGRAM_UNIFORMS 32
#define OB_PROGRAM_PARTS    7
#define OB_PROGRAM_TEXT     (64 * 1024) /* bytes that a shader may have at most */

/* How a text becomes parts. */
struct ob_program_plan {
    int parts;                          /* 1 - OB_PROGRAM_PARTS */
    char defines[OB_PROGRAM_PARTS][64]; /* lines of each part */
    float from_01[OB_PROGRAM_PARTS];    /* heights of the picture that a part covers; free for the caller */
    float to_01[OB_PROGRAM_PARTS];
};

typedef void ob_program_plan_fn(const char *text, struct ob_program_plan *plan_out);

struct ob_program {
    GLuint id; /* of the first part */
    GLint *at; /* locations in the first part, in the order of uniforms; -1 where the text does not use one */
    GLuint ids[OB_PROGRAM_PARTS];
    GLint all_at[OB_PROGRAM_PARTS][OB_PROGRAM_UNIFORMS];
    struct ob_program_plan plan; /* of the text in use */
    /* immutable after init */
    char path[512];              /* of the fragment shader; empty: embedded only */
    const char *const *uniforms; /* NULL-terminated names; outlive the program */
    ob_program_plan_fn *planner; /* NULL: one part */
    const char *before, *behind; /* embedded texts that stand around it; NULL: none */
    bool es;
    /* the file as last seen */
    int64_t stamp;
    char problem[256]; /* one line; empty while the newest text compiles */
};

struct ob_program_desc {
    const char *dir;             /* the shader folder or NULL */
    const char *name;            /* as in the embedded table; or a path to a file of somebody's own */
    const char *const *uniforms; /* NULL-terminated; at most OB_PROGRAM_UNIFORMS */
    bool es;
    ob_program_plan_fn *planner;
    const char *before, *behind; /* names in the embedded table */
};

/* A broken file falls back to the embedded text and leaves its problem in program->problem; OB_ERR_SHADER when nothing
 * is left to fall back to, OB_ERR_NOT_FOUND when there is no such shader. The program must not be moved afterwards. */
enum ob_err ob_program_init(struct ob_program *program, const struct ob_program_desc *desc);
void ob_program_finish(struct ob_program *program);

/* Differs whenever a file does; 0: there is none. */
int64_t ob_program_stamp(const char *path);

/* Whether the file is another than the one last looked at; and: this file is looked at now, and left as it is. */
bool ob_program_changed(const struct ob_program *program);
void ob_program_pass_over(struct ob_program *program, const char *problem);

/* Takes in a changed file; true if the program or its problem changed. Cheap when nothing did. */
bool ob_program_refresh(struct ob_program *program);

#endif
