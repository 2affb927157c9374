/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/dark.h"

#include "base/time.h"

#include <epoxy/gl.h>
#include <string.h>

#define REPAINT_S 5.0 /* a compositor may have lost what was there */

void ob_dark_init(struct ob_dark *dark, const struct ob_window *window)
{
    memset(dark, 0, sizeof *dark);
    ob_dark_keep_lit(dark, window, false);
}

void ob_dark_finish(struct ob_dark *dark)
{
    ob_display_off_finish(&dark->display);
}

static void paint(struct ob_dark *dark, struct ob_window *window, int64_t now_ns)
{
    ob_window_size(window, &dark->width, &dark->height);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glViewport(0, 0, dark->width, dark->height);
    glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);
    glFinish();
    if (!window->offscreen)
        SDL_GL_SwapWindow(window->window);
    dark->painted_ns = now_ns;
    dark->frames++;
}

void ob_dark_begin(struct ob_dark *dark, struct ob_window *window, int64_t now_ns)
{
    if (dark->on)
        return;
    dark->on = true;
    dark->since_ns = now_ns;
    dark->was_small = false;
    if (!window->window)
        return;
    dark->was_small = !window->offscreen && !(SDL_GetWindowFlags(window->window) & SDL_WINDOW_FULLSCREEN_DESKTOP);
    if (dark->was_small)
        SDL_SetWindowFullscreen(window->window, SDL_WINDOW_FULLSCREEN_DESKTOP);
    paint(dark, window, now_ns);
}

void ob_dark_step(struct ob_dark *dark, struct ob_window *window, int64_t now_ns)
{
    if (!dark->on || dark->display.off || !window->window)
        return; /* without a display a swap can wait for ever */
    int width, height;
    ob_window_size(window, &width, &height);
    const bool fresh = ob_s_from_ns(now_ns - dark->since_ns) < OB_DARK_PAINTS_S;
    if (fresh || width != dark->width || height != dark->height || ob_s_from_ns(now_ns - dark->painted_ns) > REPAINT_S)
        paint(dark, window, now_ns);
    if (!fresh)
        ob_display_off_set(&dark->display, true);
}

void ob_dark_keep_lit(struct ob_dark *dark, const struct ob_window *window, bool lit)
{
    ob_display_off_set(&dark->display, false);
    ob_display_off_finish(&dark->display);
    ob_display_off_init(&dark->display, lit || window->offscreen ? "offscreen" : SDL_GetCurrentVideoDriver());
}

void ob_dark_end(struct ob_dark *dark, struct ob_window *window)
{
    if (!dark->on)
        return;
    dark->on = false;
    ob_display_off_set(&dark->display, false);
    if (dark->was_small && window->window)
        SDL_SetWindowFullscreen(window->window, 0);
}
