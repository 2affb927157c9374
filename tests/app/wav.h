/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a stereo WAV of 24-bit samples, as the program writes it, into mono; and writes one to be read by it. */
#ifndef OB_TESTS_WAV_H
#define OB_TESTS_WAV_H

#include <stddef.h>
#include <stdint.h>

struct wav {
    double rate_hz;
    size_t frames;
    float *mono; /* free() it */
};

/* 0 on success. */
int wav_read(const char *path, struct wav *wav_out);

/* A 16-bit mono WAV of a tone with a rustle. 0 on success. */
int wav_write_tone(const char *path, uint32_t rate_hz, double seconds, double level);

/* Loudness in dB of windows of step_s. Returns how many were written to out (at most max). */
size_t wav_envelope(const struct wav *wav, double step_s, double *out, size_t max);

/* The period of a series between two periods, in steps: where the power of fundamental and second harmonic is highest.
 */
double series_period(const double *x, size_t n, double shortest, double longest);

/* After how many steps, from shortest to longest, the series is most like itself. */
double series_repeat(const double *x, size_t n, double shortest, double longest);

#endif
