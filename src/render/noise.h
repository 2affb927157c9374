/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The noise texture that scenes draw from: one lookup instead of many octaves a pixel. Main thread. */
#ifndef OB_RENDER_NOISE_H
#define OB_RENDER_NOISE_H

#include <epoxy/gl.h>

#define OB_NOISE_SIZE 256

/* RGBA, tiles both ways, with mipmaps, always the same: r and g white; b fractal, soft (mean 0.5); a fractal, ridged
 * (bright thin veins). 0 without memory. */
GLuint ob_noise_texture(void);

#endif
