/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture as a PNG file. Main thread with the context current. */
#ifndef OB_RENDER_CAPTURE_H
#define OB_RENDER_CAPTURE_H

#include "base/err.h"

#include <stdint.h>

/* Reads the framebuffer that is bound now, without alpha. bytes_out: width * height * 4, rows from the bottom, RGBA. */
void ob_capture_read(int width, int height, unsigned char *bytes_out);

/* Writes the framebuffer that is bound now as an opaque PNG. */
enum ob_err ob_capture_png(int width, int height, const char *path);

#endif
