/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "canvas.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ob_render *canvas_create(const struct ob_render_desc *desc, char *problem, int size, enum ob_err *err_out)
{
    struct ob_render *render = NULL;
    *err_out = ob_render_create(desc, &render, problem, size);
    if (*err_out == OB_ERR_NO_DISPLAY || *err_out == OB_ERR_NO_GL) {
        printf("skipped: %s\n", problem);
        exit(77);
    }
    return render;
}

struct ob_render *canvas_open(const char *scene, const char *shader_dir)
{
    const struct ob_render_desc desc = {
        .width = CANVAS_WIDTH, .height = CANVAS_HEIGHT, .offscreen = true, .scene = scene, .shader_dir = shader_dir};
    char problem[512];
    enum ob_err err;
    struct ob_render *render = canvas_create(&desc, problem, sizeof problem, &err);
    if (err)
        printf("%s\n", problem);
    return render;
}

void canvas_draw(struct ob_render *render, const struct ob_snapshot *snapshot, const struct ob_overlay *overlay,
                 int64_t seen_ns, unsigned char *pixels_out)
{
    static const struct ob_overlay nothing;
    int width = 0, height = 0;
    if (ob_render_frame(render, snapshot, overlay ? overlay : &nothing, seen_ns) ||
        ob_render_read(render, pixels_out, CANVAS_BYTES, &width, &height) || width != CANVAS_WIDTH ||
        height != CANVAS_HEIGHT) {
        printf("a frame of %d x %d could not be drawn\n", width, height);
        exit(1);
    }
}

double canvas_linear(unsigned char byte)
{
    static double table[256];
    if (table[255] <= 0.0)
        for (int i = 0; i < 256; i++) {
            const double c = i / 255.0;
            table[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
        }
    return table[byte];
}

static double pixel_luminance(const unsigned char *pixel)
{
    return 0.2126 * canvas_linear(pixel[0]) + 0.7152 * canvas_linear(pixel[1]) + 0.0722 * canvas_linear(pixel[2]);
}

double canvas_luminance(const unsigned char *pixels)
{
    double sum = 0.0;
    for (int i = 0; i < CANVAS_WIDTH * CANVAS_HEIGHT; i++)
        sum += pixel_luminance(pixels + 4 * i);
    return sum / (CANVAS_WIDTH * CANVAS_HEIGHT);
}

void canvas_cells(const unsigned char *pixels, double cells_out[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS])
{
    const int across = CANVAS_WIDTH / OB_LIGHT_COLUMNS, up = CANVAS_HEIGHT / OB_LIGHT_ROWS;
    memset(cells_out, 0, sizeof(double) * OB_LIGHT_ROWS * OB_LIGHT_COLUMNS);
    for (int y = 0; y < CANVAS_HEIGHT; y++)
        for (int x = 0; x < CANVAS_WIDTH; x++)
            cells_out[y / up][x / across] += pixel_luminance(pixels + 4 * (y * CANVAS_WIDTH + x)) / (across * up);
}

void canvas_colours(const unsigned char *pixels, float cells_out[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS][3])
{
    const int across = CANVAS_WIDTH / OB_LIGHT_COLUMNS, up = CANVAS_HEIGHT / OB_LIGHT_ROWS;
    memset(cells_out, 0, sizeof(float) * 3 * OB_LIGHT_ROWS * OB_LIGHT_COLUMNS);
    for (int y = 0; y < CANVAS_HEIGHT; y++)
        for (int x = 0; x < CANVAS_WIDTH; x++)
            for (int c = 0; c < 3; c++)
                cells_out[y / up][x / across][c] +=
                    (float)(canvas_linear(pixels[4 * (y * CANVAS_WIDTH + x) + c]) / (across * up));
}

double canvas_difference(const unsigned char *a, const unsigned char *b)
{
    double sum = 0.0;
    for (int i = 0; i < CANVAS_BYTES; i++)
        sum += abs(a[i] - b[i]);
    return sum / CANVAS_BYTES;
}

void canvas_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file)) {
        printf("%s could not be written\n", path);
        exit(1);
    }
}

char *canvas_folder(void)
{
    char *folder = strdup("/tmp/outbreath-render-XXXXXX");
    if (!folder || !mkdtemp(folder))
        exit(1);
    return folder;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

void canvas_remove_folder(char *folder)
{
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(folder);
}

const char *canvas_file(const char *folder, const char *name)
{
    static char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}
