/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/noise.h"

#include "base/maths.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>

#define SIZE OB_NOISE_SIZE

/* Smooth value noise that tiles after `cells` cells, at a point of the texture; -1 to 1. */
static float value_noise(const float *lattice, int cells, int x, int y)
{
    const float u = (float)(x * cells) / SIZE, v = (float)(y * cells) / SIZE;
    const int i = (int)u, j = (int)v;
    float s = u - (float)i, t = v - (float)j;
    s = s * s * s * (s * (s * 6.0f - 15.0f) + 10.0f);
    t = t * t * t * (t * (t * 6.0f - 15.0f) + 10.0f);
    const int i1 = (i + 1) % cells, j1 = (j + 1) % cells;
    const float a = lattice[j * SIZE + i], b = lattice[j * SIZE + i1];
    const float c = lattice[j1 * SIZE + i], d = lattice[j1 * SIZE + i1];
    return (a + (b - a) * s) * (1.0f - t) + (c + (d - c) * s) * t;
}

static void fractal(float *out, const float *lattice, int first_cells, int octaves, float ridged)
{
    for (int y = 0; y < SIZE; y++)
        for (int x = 0; x < SIZE; x++) {
            float sum = 0.0f, weight = 0.5f;
            for (int o = 0, cells = first_cells; o < octaves; o++, cells *= 2, weight *= 0.5f) {
                /* Each octave looks at another part of the lattice, so that they do not line up. */
                const float n = value_noise(lattice + o * 37 + o * 29 * SIZE, cells, x, y);
                sum += weight * (ridged > 0.0f ? 1.0f - 2.0f * fabsf(n) : n);
            }
            out[y * SIZE + x] = sum;
        }
}

static unsigned char byte_of(float v_01)
{
    return (unsigned char)(ob_clamp01((double)v_01) * 255.0 + 0.5);
}

GLuint ob_noise_texture(void)
{
    const size_t count = (size_t)SIZE * SIZE;
    /* The lattice is longer than one square, since octaves begin at an offset. */
    float *lattice = malloc(2 * count * sizeof *lattice);
    float *soft = malloc(count * sizeof *soft);
    float *ridged = malloc(count * sizeof *ridged);
    unsigned char *rgba = malloc(4 * count);
    GLuint texture = 0;
    if (lattice && soft && ridged && rgba) {
        struct ob_rng rng;
        ob_rng_init(&rng, 20, 1);
        for (size_t i = 0; i < 2 * count; i++)
            lattice[i] = (float)ob_rng_range(&rng, -1.0, 1.0);
        fractal(soft, lattice, 4, 6, 0.0f);
        fractal(ridged, lattice + 11, 8, 4, 1.0f);
        for (size_t i = 0; i < count; i++) {
            rgba[4 * i + 0] = byte_of(0.5f + 0.5f * lattice[i]);
            rgba[4 * i + 1] = byte_of(0.5f + 0.5f * lattice[count + i]);
            rgba[4 * i + 2] = byte_of(0.5f + 0.62f * soft[i]);
            rgba[4 * i + 3] = byte_of(ridged[i] * 1.1f);
        }
        glGenTextures(1, &texture);
        glBindTexture(GL_TEXTURE_2D, texture);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, SIZE, SIZE, 0, GL_RGBA, GL_UNSIGNED_BYTE, rgba);
        glGenerateMipmap(GL_TEXTURE_2D);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_NEAREST);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_REPEAT);
        glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_REPEAT);
    }
    free(lattice);
    free(soft);
    free(ridged);
    free(rgba);
    return texture;
}
