/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A GL program made of shaders/quad.vert.glsl and one fragment shader, that follows its file while it is edited.
 *
 * The text comes from the shader folder when the file is there, else from the shaders in the program. One GLSL text
 * serves GL 3.3 and ES 3.0: the first lines are put before it here. A text that does not compile never replaces one
 * that does. Main thread with the context current. */
#ifndef OB_RENDER_PROGRAM_H
#define OB_RENDER_PROGRAM_H

#include "base/err.h"

#include <epoxy/gl.h>
#include <stdbool.h>
#include <stdint.h>

#define OB_PROGRAM_UNIFORMS 32

struct ob_program {
    GLuint id;
    GLint at[OB_PROGRAM_UNIFORMS]; /* locations, in the order of uniforms; -1 where the text does not use one */
    /* immutable after init */
    char path[512];              /* of the fragment shader; empty: embedded only */
    const char *name;            /* in the embedded table; NULL: a file of somebody's own */
    const char *const *uniforms; /* NULL-terminated names; outlive the program */
    bool es;
    bool scene; /* the text has vec3 scene(vec2): the inputs stand before it and main() behind it */
    /* the file as last seen */
    int64_t stamp;
    char problem[256]; /* one line; empty while the newest text compiles */
};

/* dir: the shader folder or NULL. name: as in the embedded table; or a path to a file of somebody's own (it has to be
 * readable). A broken file falls back to the embedded text and leaves its problem in program->problem;
 * OB_ERR_SHADER when nothing is left to fall back to, OB_ERR_NOT_FOUND when there is no such shader. */
enum ob_err ob_program_init(struct ob_program *program, const char *dir, const char *name, const char *const *uniforms,
                            bool es, bool scene);
void ob_program_finish(struct ob_program *program);

/* Takes in a changed file; true if the program or its problem changed. Cheap when nothing did. */
bool ob_program_refresh(struct ob_program *program);

#endif
