/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/capture.h"

#include "os/file.h"

#include <cairo.h>
#include <epoxy/gl.h>
#include <errno.h>
#include <stdlib.h>

void ob_capture_read(int width, int height, unsigned char *bytes_out)
{
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, bytes_out);
}

enum ob_err ob_capture_png(int width, int height, const char *path)
{
    unsigned char *pixels = malloc((size_t)width * (size_t)height * 4);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    enum ob_err err = OB_ERR_NO_MEMORY;
    if (pixels && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
        ob_capture_read(width, height, pixels);
        unsigned char *rows = cairo_image_surface_get_data(surface);
        const int stride = cairo_image_surface_get_stride(surface);
        for (int y = 0; y < height; y++) {
            const unsigned char *from = pixels + (size_t)(height - 1 - y) * (size_t)width * 4;
            uint32_t *to = (uint32_t *)(void *)(rows + (size_t)y * (size_t)stride);
            for (int x = 0; x < width; x++, from += 4)
                to[x] = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
        }
        cairo_surface_mark_dirty(surface);
        errno = 0;
        switch (cairo_surface_write_to_png(surface, path)) {
        case CAIRO_STATUS_SUCCESS:
            err = OB_OK;
            break;
        case CAIRO_STATUS_WRITE_ERROR:
            err = errno ? ob_err_from_errno(errno) : OB_ERR_IO;
            break;
        case CAIRO_STATUS_NO_MEMORY:
            err = OB_ERR_NO_MEMORY;
            break;
        default:
            err = OB_ERR_IO;
        }
    }
    cairo_surface_destroy(surface);
    free(pixels);
    return err;
}
