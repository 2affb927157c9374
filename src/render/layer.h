/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rectangle of words or figures over the scene: drawn by Cairo into a texture when it changes, shown and hidden by
 * fading. Main thread with the context current. */
#ifndef OB_RENDER_LAYER_H
#define OB_RENDER_LAYER_H

#include <cairo.h>
#include <epoxy/gl.h>
#include <stdbool.h>
#include <stdint.h>

#define OB_LAYER_FADE_S 0.7

/* The uniforms of layer.glsl in the order in which its program is given their names. */
enum { OB_LAYER_AT_RECT, OB_LAYER_AT_IMAGE, OB_LAYER_AT_APPLY, OB_LAYER_AT_SCREEN, OB_LAYER_AT_ALPHA, OB_LAYER_AT_DIM };

struct ob_layer {
    GLuint texture;
    int x, y, width, height; /* on the screen, pixels from the upper left; width 0: nothing drawn yet */
    float alpha;             /* as shown now */
    uint64_t key;            /* of what is drawn: the caller's hash of it; 0: nothing */
};

/* Moves the fade on by dt_s towards what is wanted: `key` to be shown (0: nothing). Returns true when the caller
 * should paint `key` now: the old contents have faded out, or there were none. swap_at_once: contents change without
 * a fade (numbers). */
bool ob_layer_want(struct ob_layer *layer, uint64_t key, double dt_s, bool swap_at_once);

/* A surface of that size to paint on, transparent; finish with ob_layer_painted(). NULL without memory. */
cairo_t *ob_layer_paint(int width, int height);

/* Takes the surface to the texture and frees it. */
void ob_layer_painted(struct ob_layer *layer, cairo_t *cairo, int x, int y, uint64_t key);

void ob_layer_finish(struct ob_layer *layer);

/* A hash for keys (FNV-1a, 64 bits), never 0; chain by passing the result before as seed (0 to begin). */
uint64_t ob_layer_key(uint64_t seed, const void *bytes, size_t count);

#endif
