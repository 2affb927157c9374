/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath gallery: what the program shows, drawn into files without a display. A sheet is a table of pictures in
 * rows; each picture becomes a file of its own and a cell of the sheet. A new kind of picture is a struct
 * ob_gallery_sheet in a file of its own and a line in the table of gallery.c. Main thread. */
#ifndef OB_APP_GALLERY_H
#define OB_APP_GALLERY_H

#include "base/err.h"
#include "render/render.h"

#include <cairo.h>
#include <stddef.h>
#include <stdint.h>

struct ob_gallery {
    struct ob_render *render; /* offscreen */
    int width, height;        /* of a picture */
    const char *out;          /* the folder */
    const char *own_scenes;   /* a person's own scenes as well; or NULL */
    int64_t seen_ns;          /* of the picture before */
    unsigned char *pixels;    /* room for one picture */
    /* of the sheet in hand */
    cairo_surface_t *surface;
    char problem[512]; /* a sentence, where an error has one */
};

/* What a picture is called: its file (without ending), and the words beside its row and over its column. */
struct ob_gallery_label {
    char file[96], row[96], column[64];
};

struct ob_gallery_sheet {
    const char *name;  /* --name; the folder of its pictures and the sheet's file */
    const char *about; /* for --help */
    int columns;
    int cell_width; /* of a picture on the sheet, pixels */
    int (*count)(const struct ob_gallery *gallery);
    /* Draws a frame into gallery->render. A picture further than OB_LIGHT_STILL_S from the one before is shown as it
     * is: use ob_gallery_moment_ns(). */
    enum ob_err (*draw)(struct ob_gallery *gallery, int index, struct ob_gallery_label *label_out);
    /* Clips into files of the folder; NULL: none. */
    enum ob_err (*clips)(struct ob_gallery *gallery, const char *folder);
};

extern const struct ob_gallery_sheet ob_gallery_scenes, ob_gallery_screens;

/* A time for the next still. */
int64_t ob_gallery_moment_ns(struct ob_gallery *gallery);

/* Reads the frame last drawn into gallery->pixels, RGBA, rows from the top. */
enum ob_err ob_gallery_read(struct ob_gallery *gallery);

#endif
