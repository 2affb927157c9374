/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The live spectrum of the last minute: where the heart's swing is, and how much of it is in one place.
 *
 * NN intervals after the newest 64 s are interpolated at 4 Hz (Catmull and Rom 1974), freed of a straight line,
 * weighted by a Hann window, padded with zeros to 2048 points and transformed. The bins are 0.00195 Hz apart, so that
 * no score depends on how a tone falls between bins; band edges are interpolated.
 *
 * Concentration: P(peak +- 0.015 Hz) / P(0.01-0.40 Hz), 0-1; a pure tone gives 0.90 with this window.
 * Coherence ratio: P / (T - P), P the power within 0.030 Hz around the highest peak in 0.04-0.26 Hz, T the power of
 * 0.0033-0.40 Hz (the ratio that published trainers describe; a pure tone gives about 9 here). Both detect slow
 * regular breathing, not calm. */
#ifndef OB_HRV_SPECTRUM_H
#define OB_HRV_SPECTRUM_H

#include "hrv/series.h"

#define OB_SPECTRUM_WINDOW_S 64.0

/* The density's bins, 0-0.40 Hz: the grid of hrv/psd.h. */
#define OB_SPECTRUM_BINS    206
#define OB_SPECTRUM_STEP_HZ (4.0 / 2048.0)

struct ob_spectrum;

struct ob_spectrum_result {
    double window_s; /* seconds that were there, up to 64 */
    double peak_hz;  /* highest peak in 0.04-0.26 Hz */
    double concentration_01;
    double coherence;
};

/* Plans its transform (FFTW_ESTIMATE). FFTW's planner is not thread-safe: create and destroy on one thread of the
 * process, or under one lock. NULL without memory. */
struct ob_spectrum *ob_spectrum_create(void);
void ob_spectrum_destroy(struct ob_spectrum *spectrum);

/* Over the beats up to end_ns. False when less than 30 s without a gap are there, or the intervals do not move. */
bool ob_spectrum_compute(struct ob_spectrum *spectrum, const struct ob_nn_series *series, int64_t end_ns,
                         struct ob_spectrum_result *result_out);

/* What the last ob_spectrum_compute() found, as a one-sided power density in ms^2/Hz, 2 |X|^2 / (fs sum w^2) as in
 * hrv/psd.h, for whoever draws it. Means nothing where that was false. */
void ob_spectrum_density(const struct ob_spectrum *spectrum, double density_out[OB_SPECTRUM_BINS]);

#endif
