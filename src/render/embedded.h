/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shaders as they were when the program was built. Immutable; any thread. */
#ifndef OB_RENDER_EMBEDDED_H
#define OB_RENDER_EMBEDDED_H

struct ob_embedded {
    const char *name; /* relative to shaders/, for example "scenes/tide.glsl"; NULL ends the table */
    const char *text;
};

extern const struct ob_embedded ob_embedded_shaders[];

#endif
