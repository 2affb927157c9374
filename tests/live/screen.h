/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A screen for nobody: a private Xvfb whose framebuffer is a mapped file. Pixels are read without asking the server, so
 * that looking does not disturb what is measured. */
#ifndef OB_TESTS_SCREEN_H
#define OB_TESTS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct screen {
    pid_t server;
    char display[32]; /* "DISPLAY=:N" */
    int width, height;
    unsigned char *map; /* the XWD file */
    size_t map_size;
    const unsigned char *pixels; /* four bytes each: blue, green, red, nothing */
    size_t stride;
};

/* In an own folder. false: a sentence. */
bool screen_start(struct screen *screen, const char *folder, int width, int height, char *problem_out, size_t size);
void screen_stop(struct screen *screen);

/* 0xRRGGBB. */
uint32_t screen_pixel(const struct screen *screen, int x, int y);

/* Mean and spread (standard deviation) of the brightness of all pixels, 0-255. */
void screen_brightness(const struct screen *screen, double *mean_out, double *spread_out);

/* A copy of all pixels, width * height of 0xRRGGBB; malloc. NULL without memory. */
uint32_t *screen_copy(const struct screen *screen);

bool screen_save_png(const struct screen *screen, const char *path);

#endif
