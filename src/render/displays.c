/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/displays.h"

#include <stdio.h>
#include <string.h>

int ob_displays_list(struct ob_screen list_out[OB_SCREENS])
{
    const int there = SDL_GetNumVideoDisplays();
    int count = 0;
    for (int i = 0; i < there && count < OB_SCREENS; i++) {
        SDL_Rect bounds = {0};
        const char *name = SDL_GetDisplayName(i);
        struct ob_screen *screen = &list_out[count++];
        SDL_GetDisplayBounds(i, &bounds);
        memset(screen, 0, sizeof *screen);
        snprintf(screen->name, sizeof screen->name, "%s", name ? name : "");
        screen->x = bounds.x;
        screen->y = bounds.y;
        screen->width = bounds.w;
        screen->height = bounds.h;
    }
    return count;
}

int ob_displays_of(SDL_Window *window)
{
    const int display = SDL_GetWindowDisplayIndex(window);
    return display > 0 ? display : 0;
}

SDL_Window *ob_displays_open(const char *title, int display, bool offscreen)
{
    const int middle = (int)SDL_WINDOWPOS_CENTERED_DISPLAY(offscreen ? 0 : display);
    SDL_Window *window = SDL_CreateWindow(title, middle, middle, offscreen ? 1280 : 320, offscreen ? 720 : 180,
                                          SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (window && !offscreen)
        ob_displays_fill(window, display);
    return window;
}

void ob_displays_fill(SDL_Window *window, int display)
{
    const bool full = SDL_GetWindowFlags(window) & SDL_WINDOW_FULLSCREEN_DESKTOP;
    if (display < 0 || display >= SDL_GetNumVideoDisplays())
        return;
    /* A window that fills a display is not moved by giving it a place: it has to be small for a moment. */
    if (full)
        SDL_SetWindowFullscreen(window, 0);
    const int middle = (int)SDL_WINDOWPOS_CENTERED_DISPLAY(display);
    SDL_SetWindowPosition(window, middle, middle);
    SDL_ShowWindow(window);
    SDL_SetWindowFullscreen(window, SDL_WINDOW_FULLSCREEN_DESKTOP);
}
