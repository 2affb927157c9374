/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "speech/polish.h"

#include <math.h>
#include <stdlib.h>

#define ZEROS 16  /* of the sinc on each side */
#define TABLE 512 /* points between two of them */

/* A raised cosine over the sinc: side lobes below -60 dB, and the last tenth below Nyquist is given up. */
static float *make_table(void)
{
    float *table = malloc((ZEROS * TABLE + 2) * sizeof *table);
    if (!table)
        return NULL;
    for (int i = 0; i <= ZEROS * TABLE + 1; i++) {
        const double x = (double)i / TABLE, turn = 0.5 * OB_TAU * x;
        const double window = x < ZEROS ? 0.5 + 0.5 * cos(turn / ZEROS) : 0.0;
        table[i] = (float)((i == 0 ? 1.0 : sin(turn) / turn) * window);
    }
    return table;
}

static float at(const float *table, double x)
{
    const double place = fabs(x) * TABLE;
    if (place >= ZEROS * TABLE)
        return 0.0f;
    const int i = (int)place;
    const float share = (float)(place - i);
    return table[i] + share * (table[i + 1] - table[i]);
}

float *ob_resample(const float *sound, size_t frames, int channels, double from_hz, double to_hz, size_t *frames_out)
{
    const double step = from_hz / to_hz;
    const double cut = 0.94 * fmin(1.0, 1.0 / step); /* of the old Nyquist frequency */
    const size_t count = (size_t)((double)frames / step);
    float *table = make_table();
    float *out = table ? calloc((count + 1) * (size_t)channels, sizeof *out) : NULL;
    const double reach = ZEROS / cut;
    for (size_t i = 0; out && i < count; i++) {
        const double centre = (double)i * step;
        const double first = ceil(centre - reach), last = floor(centre + reach);
        const size_t from = first > 0.0 ? (size_t)first : 0;
        const size_t to = last < (double)frames - 1.0 ? (size_t)last : frames - 1;
        for (size_t k = from; k <= to && k < frames; k++) {
            const float weight = (float)cut * at(table, ((double)k - centre) * cut);
            for (int c = 0; c < channels; c++)
                out[i * (size_t)channels + (size_t)c] += weight * sound[k * (size_t)channels + (size_t)c];
        }
    }
    free(table);
    *frames_out = out ? count : 0;
    return out;
}
