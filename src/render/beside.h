/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second window that fills another display: a page painted by Cairo, for whoever is not to look at the picture. It
 * shares the context of the picture's window and leaves that window current. The light limiter is not in its way: what
 * it shows are words that change a few times a second. Private to the room; main thread. */
#ifndef OB_RENDER_BESIDE_H
#define OB_RENDER_BESIDE_H

#include "render/layer.h"
#include "render/program.h"
#include "render/window.h"

struct ob_beside {
    SDL_Window *window; /* NULL: there is none */
    struct ob_layer layer;
    GLuint plain; /* one texel that takes no light away */
};

/* OB_ERR_NO_DISPLAY: the desktop refuses. */
enum ob_err ob_beside_open(struct ob_beside *beside, const struct ob_window *beside_what, int display);
void ob_beside_close(struct ob_beside *beside, const struct ob_window *beside_what);

/* Whether the desktop has let it fill its display. Before that nobody knows which one it is seen on. */
bool ob_beside_stands(const struct ob_beside *beside, const struct ob_window *beside_what);

/* For as long as it does not: a window without a picture may never be let. */
void ob_beside_blacken(struct ob_beside *beside, const struct ob_window *beside_what);

/* Its size in pixels; never 0. */
void ob_beside_size(const struct ob_beside *beside, int *width_out, int *height_out);

/* Shows what has been painted into the layer. program: that of panels (layer.glsl). */
void ob_beside_show(struct ob_beside *beside, const struct ob_window *beside_what, const struct ob_program *program);

#endif
