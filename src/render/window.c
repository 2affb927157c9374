/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/window.h"

#include "base/time.h"
#include "render/displays.h"

#include <epoxy/gl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE  "Outbreath"
#define WIDTH  1280
#define HEIGHT 720
#define FLAGS  (SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI)

enum ob_err ob_window_begin_video(const struct ob_render_desc *desc, char *problem_out, size_t problem_size)
{
    if (desc->offscreen)
        SDL_SetHintWithPriority(SDL_HINT_VIDEODRIVER, "offscreen", SDL_HINT_OVERRIDE);
    else if (!getenv("WAYLAND_DISPLAY") && !getenv("WAYLAND_SOCKET"))
        SDL_SetHint(SDL_HINT_VIDEODRIVER, "x11,KMSDRM"); /* else Wayland's library complains on stderr of its own */
    const int failed = SDL_InitSubSystem(SDL_INIT_VIDEO);
    SDL_ResetHint(SDL_HINT_VIDEODRIVER);
    if (failed) {
        snprintf(problem_out, problem_size, "There is no display to draw on: %s.", SDL_GetError());
        return OB_ERR_NO_DISPLAY;
    }
    /* Without a display SDL falls back to drawing for nobody, and says nothing. */
    const char *driver = SDL_GetCurrentVideoDriver();
    const bool nobody = driver && (strcmp(driver, "offscreen") == 0 || strcmp(driver, "dummy") == 0);
    if (nobody && !desc->offscreen) {
        snprintf(
            problem_out, problem_size,
            "There is no display to draw on (SDL offers only its '%s' driver; are DISPLAY or WAYLAND_DISPLAY set?).",
            driver);
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return OB_ERR_NO_DISPLAY;
    }
    return OB_OK;
}

static bool open_with(struct ob_window *window, const struct ob_render_desc *desc, bool es)
{
    SDL_GL_ResetAttributes();
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, es ? SDL_GL_CONTEXT_PROFILE_ES : SDL_GL_CONTEXT_PROFILE_CORE);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
    SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, es ? 0 : 3);
    SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
    SDL_GL_SetAttribute(SDL_GL_DEPTH_SIZE, 0);
    SDL_GL_SetAttribute(SDL_GL_STENCIL_SIZE, 0);
    SDL_GL_SetAttribute(SDL_GL_ALPHA_SIZE, 0);

    Uint32 flags = FLAGS;
    if (desc->fullscreen && !desc->offscreen)
        flags |= SDL_WINDOW_FULLSCREEN_DESKTOP;
    window->window =
        SDL_CreateWindow(TITLE, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, desc->width > 0 ? desc->width : WIDTH,
                         desc->height > 0 ? desc->height : HEIGHT, flags);
    if (!window->window)
        return false;
    window->context = SDL_GL_CreateContext(window->window);
    if (window->context && SDL_GL_MakeCurrent(window->window, window->context) == 0) {
        /* ES leaves rendering to half floats to an extension; the light limiter needs it. */
        if (!es || epoxy_has_gl_extension("GL_EXT_color_buffer_float")) {
            window->es = es;
            return true;
        }
        SDL_SetError("GL_EXT_color_buffer_float is missing");
    }
    if (window->context)
        SDL_GL_DeleteContext(window->context);
    SDL_DestroyWindow(window->window);
    window->context = NULL;
    window->window = NULL;
    return false;
}

static void give_back(const struct ob_window *window)
{
    if (window->before)
        SDL_GL_MakeCurrent(window->before, window->before_context);
}

enum ob_err ob_window_init(struct ob_window *window, const struct ob_render_desc *desc, char *problem_out,
                           size_t problem_size)
{
    memset(window, 0, sizeof *window);
    enum ob_err err = ob_window_begin_video(desc, problem_out, problem_size);
    if (err)
        return err;
    window->offscreen = desc->offscreen;
    window->before = SDL_GL_GetCurrentWindow();
    window->before_context = SDL_GL_GetCurrentContext();
    if ((desc->gles || !open_with(window, desc, false)) && !open_with(window, desc, true)) {
        snprintf(problem_out, problem_size, "The display has no OpenGL 3.3 or OpenGL ES 3.0: %s.", SDL_GetError());
        give_back(window);
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return OB_ERR_NO_GL;
    }
    const char *renderer = (const char *)glGetString(GL_RENDERER);
    window->software = renderer && (strstr(renderer, "llvmpipe") || strstr(renderer, "softpipe"));
    window->blocks = !desc->offscreen && SDL_GL_SetSwapInterval(1) == 0;
    if (!window->blocks)
        SDL_GL_SetSwapInterval(0);
    if (!desc->offscreen)
        SDL_ShowCursor(SDL_DISABLE);
    return OB_OK;
}

void ob_window_finish(struct ob_window *window)
{
    if (!window->context)
        return;
    SDL_GL_DeleteContext(window->context);
    if (window->window)
        SDL_DestroyWindow(window->window);
    give_back(window);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    memset(window, 0, sizeof *window);
}

void ob_window_put_away(struct ob_window *window, SDL_Window *holder)
{
    if (!window->window || SDL_GL_MakeCurrent(holder, window->context) != 0)
        return;
    SDL_DestroyWindow(window->window);
    window->window = NULL;
}

bool ob_window_take_out(struct ob_window *window, int display)
{
    window->window = ob_displays_open(TITLE, display, window->offscreen);
    if (!window->window || SDL_GL_MakeCurrent(window->window, window->context) != 0)
        return false;
    SDL_GL_SetSwapInterval(window->blocks ? 1 : 0);
    return true;
}

void ob_window_size(const struct ob_window *window, int *width_out, int *height_out)
{
    int width = 0, height = 0;
    if (window->window)
        SDL_GL_GetDrawableSize(window->window, &width, &height);
    *width_out = width > 0 ? width : 1;
    *height_out = height > 0 ? height : 1;
}

int64_t ob_window_period_ns(const struct ob_window *window)
{
    SDL_DisplayMode mode;
    const int display = window->window ? SDL_GetWindowDisplayIndex(window->window) : -1;
    if (display < 0 || SDL_GetCurrentDisplayMode(display, &mode) || mode.refresh_rate < 20)
        return OB_NS_PER_S / 60;
    return OB_NS_PER_S / mode.refresh_rate;
}
