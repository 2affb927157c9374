/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How loud a stretch of stereo sound is: integrated loudness in LUFS with both gates, and the true peak in dBTP (ITU-R
 * BS.1770-5; EBU R 128). A meter for files and clips, on the caller's memory; it allocates nothing and can go on for
 * days. The gate at -10 LU works on a histogram of 0.1 LU, so the integrated figure is within 0.1 LU of the exact one.
 * Pure; one thread. */
#ifndef OB_SYNTH_LOUDNESS_H
#define OB_SYNTH_LOUDNESS_H

#include <stddef.h>
#include <stdint.h>

#define OB_LOUDNESS_BINS    800 /* -70 to +10 LUFS */
#define OB_LOUDNESS_SILENCE (-120.0)
#define OB_LOUDNESS_TAPS    24

struct ob_loudness_filter { /* one of the two filters of the K-weighting */
    double b0, b1, b2, a1, a2;
    double x1[2], x2[2], y1[2], y2[2];
};

struct ob_loudness {
    struct ob_loudness_filter shelf, high;
    size_t step_frames, step_at; /* 100 ms */
    double step_power;
    double last[4]; /* powers of the last four steps: one block of 400 ms */
    uint64_t steps;
    uint64_t bin_count[OB_LOUDNESS_BINS];
    double bin_power[OB_LOUDNESS_BINS];
    double taps[3][OB_LOUDNESS_TAPS]; /* a quarter, half and three quarters of a frame */
    double recent[2][OB_LOUDNESS_TAPS];
    double peak;
};

void ob_loudness_init(struct ob_loudness *meter, double sample_rate_hz);

/* Any number of frames of interleaved stereo. */
void ob_loudness_add(struct ob_loudness *meter, const float *interleaved, size_t frames);

/* Integrated loudness so far; OB_LOUDNESS_SILENCE when nothing passed the gate at -70 LUFS, or after less than 400 ms.
 */
double ob_loudness_lufs(const struct ob_loudness *meter);

/* The highest peak so far, between the samples too; OB_LOUDNESS_SILENCE for none. */
double ob_loudness_peak_dbtp(const struct ob_loudness *meter);

#endif
