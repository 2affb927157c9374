/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/beside.h"

#include "render/displays.h"

#include <string.h>

static void make_current(const struct ob_window *window)
{
    if (!window->window)
        return; /* it is put away */
    SDL_GL_MakeCurrent(window->window, window->context);
    SDL_GL_SetSwapInterval(window->blocks ? 1 : 0);
}

enum ob_err ob_beside_open(struct ob_beside *beside, const struct ob_window *beside_what, int display)
{
    beside->window = ob_displays_open("Outbreath: the therapist's page", display, beside_what->offscreen);
    if (!beside->window)
        return OB_ERR_NO_DISPLAY;
    if (SDL_GL_MakeCurrent(beside->window, beside_what->context) != 0) {
        ob_beside_close(beside, beside_what);
        return OB_ERR_NO_GL;
    }
    make_current(beside_what);
    static const unsigned char white[4] = {255, 255, 255, 255};
    glGenTextures(1, &beside->plain);
    glBindTexture(GL_TEXTURE_2D, beside->plain);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, 1, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, white);
    return OB_OK;
}

void ob_beside_close(struct ob_beside *beside, const struct ob_window *beside_what)
{
    if (!beside->window)
        return;
    make_current(beside_what);
    ob_layer_finish(&beside->layer);
    glDeleteTextures(1, &beside->plain);
    SDL_DestroyWindow(beside->window);
    memset(beside, 0, sizeof *beside);
}

bool ob_beside_stands(const struct ob_beside *beside, const struct ob_window *beside_what)
{
    return beside_what->offscreen || (SDL_GetWindowFlags(beside->window) & SDL_WINDOW_FULLSCREEN);
}

void ob_beside_size(const struct ob_beside *beside, int *width_out, int *height_out)
{
    int width = 0, height = 0;
    SDL_GL_GetDrawableSize(beside->window, &width, &height);
    *width_out = width > 0 ? width : 1;
    *height_out = height > 0 ? height : 1;
}

void ob_beside_blacken(struct ob_beside *beside, const struct ob_window *beside_what)
{
    if (SDL_GL_MakeCurrent(beside->window, beside_what->context) == 0) {
        SDL_GL_SetSwapInterval(0);
        glBindFramebuffer(GL_FRAMEBUFFER, 0);
        glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
        glClear(GL_COLOR_BUFFER_BIT);
        SDL_GL_SwapWindow(beside->window);
    }
    make_current(beside_what);
}

void ob_beside_show(struct ob_beside *beside, const struct ob_window *beside_what, const struct ob_program *program)
{
    int width, height;
    ob_beside_size(beside, &width, &height);
    if (SDL_GL_MakeCurrent(beside->window, beside_what->context) == 0) {
        /* Nobody waits for this display: the picture's frames must not. */
        SDL_GL_SetSwapInterval(0);
        glBindFramebuffer(GL_FRAMEBUFFER, 0);
        glViewport(0, 0, width, height);
        glDisable(GL_BLEND);
        const GLint *at = program->at;
        glUseProgram(program->id);
        glUniform4f(at[OB_LAYER_AT_RECT], -1.0f, -1.0f, 1.0f, 1.0f);
        glUniform1i(at[OB_LAYER_AT_IMAGE], 0);
        glUniform1i(at[OB_LAYER_AT_APPLY], 1);
        glUniform2f(at[OB_LAYER_AT_SCREEN], (float)width, (float)height);
        glUniform1f(at[OB_LAYER_AT_ALPHA], 1.0f);
        glUniform1f(at[OB_LAYER_AT_DIM], 1.0f);
        glActiveTexture(GL_TEXTURE1);
        glBindTexture(GL_TEXTURE_2D, beside->plain);
        glActiveTexture(GL_TEXTURE0);
        glBindTexture(GL_TEXTURE_2D, beside->layer.texture);
        glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
        if (!beside_what->offscreen)
            SDL_GL_SwapWindow(beside->window);
    }
    make_current(beside_what);
}
