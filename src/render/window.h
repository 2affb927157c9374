/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An SDL window with a GL context: desktop GL 3.3 core where there is one, else GL ES 3.0. Main thread. */
#ifndef OB_RENDER_WINDOW_H
#define OB_RENDER_WINDOW_H

#include "base/err.h"
#include "render/render.h"

#include <SDL.h>
#include <stdbool.h>

struct ob_window {
    SDL_Window *window; /* NULL for a while: put away, and another holds the context (ob_window_put_away()) */
    SDL_GLContext context;
    SDL_Window *before; /* whose GL was current when this one came; it is again when this one has gone. Or NULL */
    SDL_GLContext before_context;
    bool es;        /* GL ES 3.0, else GL 3.3 core */
    bool software;  /* drawn by the processor */
    bool offscreen; /* no window to look at */
    bool blocks;    /* the swap waits for the display */
};

/* SDL's video, as a window wants it; end it with SDL_QuitSubSystem(). OB_ERR_NO_DISPLAY and a sentence. */
enum ob_err ob_window_begin_video(const struct ob_render_desc *desc, char *problem_out, size_t problem_size);

/* Its GL is current until ob_window_finish() gives that back to the window that had it: two windows nest, the later one
 * goes first. OB_ERR_NO_DISPLAY or OB_ERR_NO_GL with a sentence in problem_out; nothing is left behind then. */
enum ob_err ob_window_init(struct ob_window *window, const struct ob_render_desc *desc, char *problem_out,
                           size_t problem_size);
void ob_window_finish(struct ob_window *window);

/* Takes the window from the desktop; the context lives on in another one. Hiding would do, were it not that a hidden
 * window of Wayland's can come back to a display that is gone, or not at all. And has it filling a display again. */
void ob_window_put_away(struct ob_window *window, SDL_Window *holder);
bool ob_window_take_out(struct ob_window *window, int display);

/* Size of the picture in pixels, never 0. */
void ob_window_size(const struct ob_window *window, int *width_out, int *height_out);

/* Nanoseconds between two refreshes of the display that the window is on; 1/60 s where that is not known. */
int64_t ob_window_period_ns(const struct ob_window *window);

#endif
