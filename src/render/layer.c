/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/layer.h"

#include <math.h>
#include <string.h>

bool ob_layer_want(struct ob_layer *layer, uint64_t key, double dt_s, bool swap_at_once)
{
    const float step = (float)(dt_s / OB_LAYER_FADE_S);
    if (layer->key && layer->key != key && !(swap_at_once && key)) {
        layer->alpha -= step;
        if (layer->alpha > 0.0f)
            return false;
    }
    if (!layer->key || layer->alpha < 0.0f)
        layer->alpha = 0.0f;
    if (key)
        layer->alpha = fminf(1.0f, layer->alpha + step);
    else
        layer->key = 0;
    return key != layer->key;
}

cairo_t *ob_layer_paint(int width, int height)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cairo = NULL;
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
        cairo = cairo_create(surface);
    cairo_surface_destroy(surface);
    return cairo;
}

void ob_layer_painted(struct ob_layer *layer, cairo_t *cairo, int x, int y, uint64_t key)
{
    cairo_surface_t *surface = cairo_get_target(cairo);
    cairo_surface_flush(surface);
    const int width = cairo_image_surface_get_width(surface), height = cairo_image_surface_get_height(surface);
    if (!layer->texture) {
        glGenTextures(1, &layer->texture);
        glBindTexture(GL_TEXTURE_2D, layer->texture);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
        /* Cairo's bytes are blue first on the machines that we know; ES has no such format, but it can swap them. */
        const uint32_t one = 1;
        if (*(const unsigned char *)&one) {
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_R, GL_BLUE);
            glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_SWIZZLE_B, GL_RED);
        }
        layer->width = 0;
    }
    glBindTexture(GL_TEXTURE_2D, layer->texture);
    if (layer->width == width && layer->height == height)
        glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE,
                        cairo_image_surface_get_data(surface));
    else
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE,
                     cairo_image_surface_get_data(surface));
    layer->x = x;
    layer->y = y;
    layer->width = width;
    layer->height = height;
    layer->key = key;
    cairo_destroy(cairo);
}

void ob_layer_finish(struct ob_layer *layer)
{
    glDeleteTextures(1, &layer->texture);
    memset(layer, 0, sizeof *layer);
}

uint64_t ob_layer_key(uint64_t seed, const void *bytes, size_t count)
{
    uint64_t hash = seed ? seed : UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * UINT64_C(0x100000001b3);
    return hash ? hash : 1;
}
