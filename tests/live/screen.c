/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen.h"

#include "child.h"

#include <cairo.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Fields of an XWD header, big-endian 32 bits each (X11/XWDFile.h). */
enum { XWD_HEADER_SIZE, XWD_WIDTH = 4, XWD_HEIGHT, XWD_BITS_PER_PIXEL = 11, XWD_BYTES_PER_LINE, XWD_COLORS = 19 };
#define XWD_COLOR_SIZE 12

static uint32_t field(const unsigned char *map, int index)
{
    const unsigned char *p = map + 4 * index;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool map_framebuffer(struct screen *screen, const char *folder)
{
    char path[256];
    snprintf(path, sizeof path, "%s/Xvfb_screen0", folder);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) || about.st_size < 100) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    screen->map_size = (size_t)about.st_size;
    void *map = mmap(NULL, screen->map_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        return false;
    screen->map = map;
    const size_t offset = field(map, XWD_HEADER_SIZE) + (size_t)XWD_COLOR_SIZE * field(map, XWD_COLORS);
    screen->stride = field(map, XWD_BYTES_PER_LINE);
    screen->pixels = screen->map + offset;
    return field(map, XWD_BITS_PER_PIXEL) == 32 && (int)field(map, XWD_WIDTH) == screen->width &&
           (int)field(map, XWD_HEIGHT) == screen->height &&
           offset + screen->stride * (size_t)screen->height <= screen->map_size;
}

bool screen_start(struct screen *screen, const char *folder, int width, int height, char *problem_out, size_t size)
{
    memset(screen, 0, sizeof *screen);
    screen->width = width;
    screen->height = height;
    if (!child_on_path("Xvfb")) {
        snprintf(problem_out, size, "Xvfb is not installed");
        return false;
    }
    int ends[2];
    if (pipe(ends)) {
        snprintf(problem_out, size, "no pipe");
        return false;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    char fd[16], mode[32], log[256];
    snprintf(fd, sizeof fd, "%d", ends[1]);
    snprintf(mode, sizeof mode, "%dx%dx24", width, height);
    snprintf(log, sizeof log, "%s/xvfb.log", folder);
    const char *const argv[] = {"Xvfb",      "-displayfd", fd,       "-screen", "0",        mode,
                                "-nolisten", "tcp",        "-fbdir", folder,    "-noreset", NULL};
    screen->server = child_start(&(struct child_desc){.argv = argv, .log = log});
    close(ends[1]);
    /* The number and its newline are written one after the other; whoever hangs up between them ends the server. */
    char number[16] = "";
    size_t length = 0;
    for (struct pollfd wait = {.fd = ends[0], .events = POLLIN};
         length < sizeof number - 1 && !strchr(number, '\n') && poll(&wait, 1, 20000) == 1;) {
        const ssize_t got = read(ends[0], number + length, sizeof number - 1 - length);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    const bool told = strchr(number, '\n') != NULL;
    close(ends[0]);
    if (!told || !map_framebuffer(screen, folder)) {
        snprintf(problem_out, size, "Xvfb does not start, see %s", log);
        screen_stop(screen);
        return false;
    }
    number[strcspn(number, "\n")] = '\0';
    snprintf(screen->display, sizeof screen->display, "DISPLAY=:%s", number);
    return true;
}

void screen_stop(struct screen *screen)
{
    if (screen->map)
        munmap(screen->map, screen->map_size);
    child_end(screen->server);
    memset(screen, 0, sizeof *screen);
}

uint32_t screen_pixel(const struct screen *screen, int x, int y)
{
    /* Written by another process at any moment: read once, afresh. */
    const volatile unsigned char *p = screen->pixels + (size_t)y * screen->stride + 4 * (size_t)x;
    return (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

void screen_brightness(const struct screen *screen, double *mean_out, double *spread_out)
{
    double sum = 0.0, squares = 0.0;
    for (int y = 0; y < screen->height; y++)
        for (int x = 0; x < screen->width; x++) {
            const uint32_t p = screen_pixel(screen, x, y);
            const double v = ((double)(p >> 16) + (double)(p >> 8 & 255) + (double)(p & 255)) / 3.0;
            sum += v;
            squares += v * v;
        }
    const double n = (double)screen->width * screen->height;
    *mean_out = sum / n;
    *spread_out = sqrt(fmax(0.0, squares / n - *mean_out * *mean_out));
}

uint32_t *screen_copy(const struct screen *screen)
{
    uint32_t *copy = malloc(sizeof *copy * (size_t)screen->width * (size_t)screen->height);
    for (int y = 0; copy && y < screen->height; y++)
        for (int x = 0; x < screen->width; x++)
            copy[(size_t)y * (size_t)screen->width + (size_t)x] = screen_pixel(screen, x, y);
    return copy;
}

bool screen_save_png(const struct screen *screen, const char *path)
{
    uint32_t *copy = screen_copy(screen);
    if (!copy)
        return false;
    cairo_surface_t *surface = cairo_image_surface_create_for_data((unsigned char *)copy, CAIRO_FORMAT_RGB24,
                                                                   screen->width, screen->height, 4 * screen->width);
    const bool saved = cairo_surface_write_to_png(surface, path) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    free(copy);
    return saved;
}
