/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures and short clips as WebP files, for the gallery: a clip repeats for ever. Pixels are RGBA, 8 bits, rows from
 * the top; the fourth byte is not looked at. Any thread, one at a time for each clip. */
#ifndef OB_RENDER_WEBP_H
#define OB_RENDER_WEBP_H

#include "base/err.h"

#include <stdint.h>

/* quality: 0-100, 100 is the largest file. OB_ERR_RANGE for a picture that WebP can't hold (16383 pixels a side). */
enum ob_err ob_webp_still(const char *path, const uint8_t *pixels, int width, int height, float quality);

struct ob_webp_clip;

enum ob_err ob_webp_clip_create(int width, int height, float quality, struct ob_webp_clip **clip_out);
void ob_webp_clip_destroy(struct ob_webp_clip *clip);

/* The next picture, which stays for hold_ms. */
enum ob_err ob_webp_clip_add(struct ob_webp_clip *clip, const uint8_t *pixels, int hold_ms);

enum ob_err ob_webp_clip_write(struct ob_webp_clip *clip, const char *path);

#endif
