/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An offscreen picture to test on. Where there is no GL the test program ends with 77, which means skipped. */
#ifndef OB_TESTS_RENDER_CANVAS_H
#define OB_TESTS_RENDER_CANVAS_H

#include "render/light.h"
#include "render/render.h"

#define CANVAS_WIDTH  384 /* four pixels a cell of the light grid each way */
#define CANVAS_HEIGHT 216
#define CANVAS_BYTES  (CANVAS_WIDTH * CANVAS_HEIGHT * 4)

/* NULL scene and dir: the defaults. Ends the program with 77 when there is no GL here. */
struct ob_render *canvas_open(const char *scene, const char *shader_dir);

/* By a description of its own. Ends the program with 77 when there is no GL here; other errors are the caller's. */
struct ob_render *canvas_create(const struct ob_render_desc *desc, char *problem, int size, enum ob_err *err_out);

/* Draws and reads one frame. pixels_out: CANVAS_BYTES, rows from the bottom. */
void canvas_draw(struct ob_render *render, const struct ob_snapshot *snapshot, const struct ob_overlay *overlay,
                 int64_t seen_ns, unsigned char *pixels_out);

/* sRGB's curve: a byte as light, 0-1. */
double canvas_linear(unsigned char byte);

/* Mean relative luminance (sRGB, as WCAG defines it), 0-1. */
double canvas_luminance(const unsigned char *pixels);

/* The same for each cell of the light grid, rows from the bottom. */
void canvas_cells(const unsigned char *pixels, double cells_out[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS]);

/* The colour of each cell in linear light, rows from the bottom. */
void canvas_colours(const unsigned char *pixels, float cells_out[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS][3]);

/* Mean difference of two pictures in steps of 8 bits. */
double canvas_difference(const unsigned char *a, const unsigned char *b);

/* Writes a text file; fails the program when it can't. */
void canvas_write(const char *path, const char *text);

/* A new folder for one test; free with canvas_remove_folder(). */
char *canvas_folder(void);
void canvas_remove_folder(char *folder);

/* The path of something in it, in static memory until the next. */
const char *canvas_file(const char *folder, const char *name);

#endif
