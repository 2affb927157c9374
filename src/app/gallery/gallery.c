/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gallery/gallery.h"

#include "app/commands.h"
#include "app/commands/progress.h"
#include "app/options.h"
#include "app/say.h"
#include "app/window/scene_folder.h"
#include "base/time.h"
#include "os/paths.h"
#include "plot/words.h"
#include "render/webp.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ob_gallery_sheet *const sheets[] = {&ob_gallery_scenes, &ob_gallery_screens};
#define SHEETS (sizeof sheets / sizeof *sheets)

#define GAP           6  /* between the cells of a sheet, pixels */
#define HEAD          30 /* over the first row */
#define SIDE          26 /* before the first column: the row's name, upwards */
#define SHEET_QUALITY 82.0f

struct gallery_options {
    const char *out, *data, *config;
    double width, height;
    bool scenes, screens, own, no_clips, help;
};

#define AT(field) offsetof(struct gallery_options, field)
static const struct ob_option table[] = {
    {"out", OB_OPTION_TEXT, AT(out), 0, 0, "DIR", "where the pictures go (outbreath-gallery)"},
    {"scenes", OB_OPTION_FLAG, AT(scenes), 0, 0, NULL, "the scenes: four moments of a breath, low and high feedback"},
    {"screens", OB_OPTION_FLAG, AT(screens), 0, 0, NULL, "the pages: four looks, in two languages"},
    {"width", OB_OPTION_NUMBER, AT(width), 160, 8192, "PIXELS", "of each picture (1280)"},
    {"height", OB_OPTION_NUMBER, AT(height), 120, 8192, "PIXELS", "of each picture (720)"},
    {"no-clips", OB_OPTION_FLAG, AT(no_clips), 0, 0, NULL, "no short looping clips"},
    {"own", OB_OPTION_FLAG, AT(own), 0, 0, NULL, "your own scenes as well"},
    {"data", OB_OPTION_TEXT, AT(data), 0, 0, "DIR", "the folder of what is kept, with your own scenes"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

/* In the order of sheets[]. */
static bool wanted(const struct gallery_options *o, size_t sheet)
{
    const bool asked[SHEETS] = {o->scenes, o->screens};
    bool any = false;
    for (size_t i = 0; i < SHEETS; i++)
        any |= asked[i];
    return !any || asked[sheet];
}

int64_t ob_gallery_moment_ns(struct ob_gallery *gallery)
{
    return gallery->seen_ns += 10 * OB_NS_PER_S;
}

enum ob_err ob_gallery_read(struct ob_gallery *gallery)
{
    const size_t row = (size_t)gallery->width * 4, size = row * (size_t)gallery->height;
    int width = 0, height = 0;
    enum ob_err err = ob_render_read(gallery->render, NULL, 0, &width, &height);
    if (!err && (width != gallery->width || height != gallery->height))
        err = OB_ERR_RANGE;
    if (!err)
        err = ob_render_read(gallery->render, gallery->pixels, size, &width, &height);
    unsigned char *swap = err ? NULL : malloc(row);
    if (!err && !swap)
        err = OB_ERR_NO_MEMORY;
    for (size_t y = 0; !err && y < (size_t)gallery->height / 2; y++) {
        unsigned char *low = gallery->pixels + y * row;
        unsigned char *high = gallery->pixels + ((size_t)gallery->height - 1 - y) * row;
        memcpy(swap, low, row);
        memcpy(low, high, row);
        memcpy(high, swap, row);
    }
    free(swap);
    return err;
}

static void put_words(cairo_t *cairo, struct ob_words *words, const char *text, double x, double y, double turn)
{
    const struct ob_text_style style = {
        .size_px = 15, .weight = 400, .red = 0.86, .green = 0.86, .blue = 0.9, .alpha = 1, .align = OB_ALIGN_CENTRE};
    cairo_save(cairo);
    cairo_translate(cairo, x, y);
    cairo_rotate(cairo, turn);
    ob_words_draw(words, cairo, text, 0, 0, &style);
    cairo_restore(cairo);
}

/* The frame last drawn, in gallery->pixels, into a cell of the sheet: first made small by whole steps, so that each
 * pixel of the cell is a mean. */
static void put_cell(struct ob_gallery *gallery, cairo_t *cairo, double x, double y, int cell_width, int cell_height)
{
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, gallery->width, gallery->height);
    if (cairo_surface_status(picture) == CAIRO_STATUS_SUCCESS) {
        unsigned char *to = cairo_image_surface_get_data(picture);
        const int stride = cairo_image_surface_get_stride(picture);
        for (int row = 0; row < gallery->height; row++) {
            const unsigned char *from = gallery->pixels + (size_t)row * (size_t)gallery->width * 4;
            uint32_t *line = (uint32_t *)(void *)(to + (size_t)row * (size_t)stride);
            for (int i = 0; i < gallery->width; i++, from += 4)
                line[i] = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
        }
        cairo_surface_mark_dirty(picture);
        cairo_save(cairo);
        cairo_translate(cairo, x, y);
        cairo_scale(cairo, (double)cell_width / gallery->width, (double)cell_height / gallery->height);
        cairo_set_source_surface(cairo, picture, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BEST);
        cairo_rectangle(cairo, 0, 0, gallery->width, gallery->height);
        cairo_fill(cairo);
        cairo_restore(cairo);
    }
    cairo_surface_destroy(picture);
}

/* A Cairo surface as RGBA into a file. */
static enum ob_err write_sheet(cairo_surface_t *surface, const char *path)
{
    const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    unsigned char *pixels = malloc((size_t)width * (size_t)height * 4);
    if (!pixels)
        return OB_ERR_NO_MEMORY;
    cairo_surface_flush(surface);
    const unsigned char *from = cairo_image_surface_get_data(surface);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            uint32_t argb;
            memcpy(&argb, from + (size_t)y * (size_t)stride + (size_t)x * 4, sizeof argb);
            unsigned char *to = pixels + ((size_t)y * (size_t)width + (size_t)x) * 4;
            to[0] = (unsigned char)(argb >> 16);
            to[1] = (unsigned char)(argb >> 8);
            to[2] = (unsigned char)argb;
            to[3] = 255;
        }
    const enum ob_err err = ob_webp_still(path, pixels, width, height, SHEET_QUALITY);
    free(pixels);
    return err;
}

static enum ob_err draw_pictures(struct ob_gallery *gallery, const struct ob_gallery_sheet *sheet, const char *folder,
                                 struct ob_words *words)
{
    const int count = sheet->count(gallery), rows = (count + sheet->columns - 1) / sheet->columns;
    const int cell_width = sheet->cell_width < gallery->width ? sheet->cell_width : gallery->width;
    const int cell_height = (int)lround((double)cell_width * gallery->height / gallery->width);
    gallery->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE + sheet->columns * (cell_width + GAP),
                                                  HEAD + rows * (cell_height + GAP));
    cairo_t *cairo = cairo_create(gallery->surface);
    enum ob_err err = cairo_status(cairo) == CAIRO_STATUS_SUCCESS ? OB_OK : OB_ERR_NO_MEMORY;
    cairo_set_source_rgb(cairo, 0.05, 0.05, 0.07);
    cairo_paint(cairo);
    for (int i = 0; i < count && !err; i++) {
        struct ob_gallery_label label = {{0}, {0}, {0}};
        char path[PATH_MAX];
        err = sheet->draw(gallery, i, &label);
        if (!err)
            err = ob_gallery_read(gallery);
        if (err)
            break;
        if ((size_t)snprintf(path, sizeof path, "%s/%s.png", folder, label.file) >= sizeof path)
            err = OB_ERR_RANGE;
        else
            err = ob_render_capture(gallery->render, path);
        const int column = i % sheet->columns, row = i / sheet->columns;
        const double x = SIDE + column * (cell_width + GAP), y = HEAD + row * (cell_height + GAP);
        put_cell(gallery, cairo, x, y, cell_width, cell_height);
        if (row == 0)
            put_words(cairo, words, label.column, x + 0.5 * cell_width, 5, 0.0);
        if (column == 0)
            put_words(cairo, words, label.row, 2, y + 0.5 * cell_height, -1.57079632679);
        ob_progress_show(sheet->name, (i + 1.0) / count);
    }
    cairo_destroy(cairo);
    ob_progress_clear();
    return err;
}

static int draw_sheet(struct ob_gallery *gallery, const struct ob_gallery_sheet *sheet, bool clips)
{
    char folder[PATH_MAX], path[PATH_MAX + 8], sentence[PATH_MAX + 600];
    struct ob_words words;
    if ((size_t)snprintf(folder, sizeof folder, "%s/%s", gallery->out, sheet->name) >= sizeof folder)
        return ob_say(OB_EXIT_USAGE, "the name of that folder is too long");
    enum ob_err err = ob_paths_make(folder);
    if (!err && !ob_words_init(&words))
        err = OB_ERR_NO_MEMORY;
    if (!err) {
        err = draw_pictures(gallery, sheet, folder, &words);
        ob_words_finish(&words);
    }
    snprintf(path, sizeof path, "%s.webp", folder);
    if (!err)
        err = write_sheet(gallery->surface, path);
    cairo_surface_destroy(gallery->surface);
    gallery->surface = NULL;
    if (!err && clips && sheet->clips)
        err = sheet->clips(gallery, folder);
    if (!err) {
        printf("%s: %d pictures in %s, all of them in %s\n", sheet->name, sheet->count(gallery), folder, path);
        return OB_EXIT_DONE;
    }
    snprintf(sentence, sizeof sentence, "the gallery stops here: %s",
             gallery->problem[0] ? gallery->problem : ob_err_text(err));
    return ob_say(gallery->problem[0] ? OB_EXIT_INPUT : OB_EXIT_FAILED, sentence);
}

int ob_cmd_gallery(int argc, char **argv)
{
    struct gallery_options options = {.out = "outbreath-gallery", .width = 1280, .height = 720};
    const char *words[1];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 1))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath gallery: pictures of what the program shows, as files and as contact sheets.\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    char shaders[PATH_MAX + 16] = "", own[PATH_MAX], problem[512] = "";
    const bool found = ob_paths_resources(shaders, PATH_MAX) == OB_OK;
    if (found)
        strcat(shaders, "/shaders");
    struct ob_gallery gallery = {.width = (int)options.width, .height = (int)options.height, .out = options.out};
    if (options.own)
        gallery.own_scenes = ob_scene_folder(options.data, own, sizeof own);
    const struct ob_render_desc desc = {.width = gallery.width,
                                        .height = gallery.height,
                                        .offscreen = true,
                                        .shader_dir = found ? shaders : NULL,
                                        .own_scenes = gallery.own_scenes};
    const enum ob_err err = ob_render_create(&desc, &gallery.render, problem, sizeof problem);
    if (err)
        return ob_say(OB_EXIT_DEVICE, problem[0] ? problem : ob_err_text(err));
    gallery.pixels = malloc((size_t)gallery.width * (size_t)gallery.height * 4);
    int code = gallery.pixels ? OB_EXIT_DONE : ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    for (size_t i = 0; i < SHEETS && code == OB_EXIT_DONE; i++)
        if (wanted(&options, i))
            code = draw_sheet(&gallery, sheets[i], !options.no_clips);
    free(gallery.pixels);
    ob_render_destroy(gallery.render);
    return code;
}
