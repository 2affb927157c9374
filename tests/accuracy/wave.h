/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings with reference beats for the accuracy tables: WFDB files, with .atr or .csv beats. */
#ifndef OB_TESTS_ACCURACY_WAVE_H
#define OB_TESTS_ACCURACY_WAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wave {
    double fs_hz;
    size_t length;
    float *x;        /* NaN: missing */
    double *beats_s; /* reference beats */
    size_t beat_count;
    double (*flutter_s)[2]; /* left out of the count */
    size_t flutter_count;
};

/* The folder of recordings, or NULL where there is none. */
const char *wave_data(void);

/* name: "mitdb/100", "wave/nk_rest5". beats: file ending of the reference ("atr", "beats.csv"...) or NULL. */
bool wave_load(struct wave *w, const char *name, int channel, const char *beats);
void wave_free(struct wave *w);

/* A band-limited copy at another rate (windowed sinc). */
void wave_resample(const struct wave *w, double fs_hz, struct wave *out);

#endif
