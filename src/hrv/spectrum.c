/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/spectrum.h"

#include "base/maths.h"
#include "base/time.h"

#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE_HZ 4.0
#define POINTS  256 /* 64 s */
#define PADDED  2048
#define BINS    (PADDED / 2 + 1)
#define BIN_HZ  (RATE_HZ / PADDED)

struct ob_spectrum {
    fftw_plan plan;
    double *in;
    fftw_complex *out;
    double power[BINS];
    int points; /* of the window that was transformed last */
};

struct ob_spectrum *ob_spectrum_create(void)
{
    struct ob_spectrum *spectrum = calloc(1, sizeof *spectrum);
    if (!spectrum)
        return NULL;
    spectrum->in = fftw_alloc_real(PADDED);
    spectrum->out = fftw_alloc_complex(BINS);
    if (spectrum->in && spectrum->out)
        spectrum->plan = fftw_plan_dft_r2c_1d(PADDED, spectrum->in, spectrum->out, FFTW_ESTIMATE);
    if (!spectrum->plan) {
        ob_spectrum_destroy(spectrum);
        return NULL;
    }
    return spectrum;
}

void ob_spectrum_destroy(struct ob_spectrum *spectrum)
{
    if (!spectrum)
        return;
    if (spectrum->plan)
        fftw_destroy_plan(spectrum->plan);
    fftw_free(spectrum->in);
    fftw_free(spectrum->out);
    free(spectrum);
}

/* Catmull-Rom through four values, the inner two one unit apart in u. */
static double catmull_rom(double a, double b, double c, double d, double u)
{
    return b + 0.5 * u * (c - a + u * (2.0 * a - 5.0 * b + 4.0 * c - d + u * (3.0 * (b - c) + d - a)));
}

/* Fills in[0..n) with the newest n points at 4 Hz up to the newest beat; returns n, 0 when there is less than 30 s. */
static int resample(struct ob_spectrum *spectrum, const struct ob_nn_series *series, int64_t end_ns)
{
    uint32_t newest = 0;
    const struct ob_nn_beat *beat;
    while ((beat = ob_nn_series_back(series, newest)) && beat->time_ns > end_ns)
        newest++;
    if (!beat)
        return 0;
    const int64_t last_ns = beat->time_ns;
    uint32_t oldest = newest;
    while ((beat = ob_nn_series_back(series, oldest + 1)) && ob_nn_series_back(series, oldest)->follows &&
           ob_s_from_ns(last_ns - ob_nn_series_back(series, oldest)->time_ns) < OB_SPECTRUM_WINDOW_S)
        oldest++;
    const double span_s = ob_s_from_ns(last_ns - ob_nn_series_back(series, oldest)->time_ns);
    if (oldest < newest + 3 || span_s < 30.0)
        return 0;
    int n = (int)(span_s * RATE_HZ) + 1;
    if (n > POINTS)
        n = POINTS;

    uint32_t right = newest; /* walks back in time with the points */
    for (int k = 0; k < n; k++) {
        const int64_t t_ns = last_ns - (int64_t)k * (OB_NS_PER_S / (int64_t)RATE_HZ);
        while (right + 1 < oldest && ob_nn_series_back(series, right + 1)->time_ns > t_ns)
            right++;
        const struct ob_nn_beat *c = ob_nn_series_back(series, right);
        const struct ob_nn_beat *b = ob_nn_series_back(series, right + 1);
        const struct ob_nn_beat *d = right > newest ? ob_nn_series_back(series, right - 1) : c;
        const struct ob_nn_beat *a = right + 2 <= oldest ? ob_nn_series_back(series, right + 2) : b;
        const double u = ob_clamp01((double)(t_ns - b->time_ns) / (double)(c->time_ns - b->time_ns));
        spectrum->in[n - 1 - k] = catmull_rom(a->nn_ms, b->nn_ms, c->nn_ms, d->nn_ms, u);
    }
    return n;
}

static void detrend_and_window(double *x, int n)
{
    double mean = 0.0, slope = 0.0, norm = 0.0;
    const double middle = 0.5 * (n - 1);
    for (int i = 0; i < n; i++)
        mean += x[i];
    mean /= n;
    for (int i = 0; i < n; i++) {
        slope += (i - middle) * (x[i] - mean);
        norm += (i - middle) * (i - middle);
    }
    slope /= norm;
    for (int i = 0; i < n; i++)
        x[i] = (x[i] - mean - slope * (i - middle)) * (0.5 - 0.5 * cos(OB_TAU * (i + 0.5) / n));
    memset(x + n, 0, (size_t)(PADDED - n) * sizeof *x);
}

/* Power below a frequency, with the bin at the edge taken in part: bin k covers k -+ 1/2. */
static double power_below(const struct ob_spectrum *spectrum, double hz)
{
    const double edge = ob_clamp(hz / BIN_HZ + 0.5, 0.0, (double)BINS);
    const int whole = (int)edge;
    double sum = 0.0;
    for (int k = 0; k < whole && k < BINS; k++)
        sum += spectrum->power[k];
    if (whole < BINS)
        sum += spectrum->power[whole] * (edge - whole);
    return sum;
}

static double power_between(const struct ob_spectrum *spectrum, double low_hz, double high_hz)
{
    return power_below(spectrum, high_hz) - power_below(spectrum, low_hz);
}

/* Highest local peak in a band, refined by a parabola through the logarithms; the highest bin where none is local. */
static double peak_hz(const struct ob_spectrum *spectrum, double low_hz, double high_hz)
{
    const int low = (int)ceil(low_hz / BIN_HZ), high = (int)(high_hz / BIN_HZ);
    int best = low;
    bool best_is_local = false;
    for (int k = low; k <= high; k++) {
        const double p = spectrum->power[k];
        const bool local = p >= spectrum->power[k - 1] && p >= spectrum->power[k + 1];
        if ((local && !best_is_local) || (local == best_is_local && p > spectrum->power[best])) {
            best = k;
            best_is_local = local;
        }
    }
    double offset = 0.0;
    if (best_is_local && spectrum->power[best - 1] > 0.0 && spectrum->power[best + 1] > 0.0) {
        const double a = log(spectrum->power[best - 1]), b = log(spectrum->power[best]),
                     c = log(spectrum->power[best + 1]);
        const double bend = a - 2.0 * b + c;
        if (bend < -1e-12)
            offset = ob_clamp(0.5 * (a - c) / bend, -0.5, 0.5);
    }
    return (best + offset) * BIN_HZ;
}

bool ob_spectrum_compute(struct ob_spectrum *spectrum, const struct ob_nn_series *series, int64_t end_ns,
                         struct ob_spectrum_result *result_out)
{
    const int n = resample(spectrum, series, end_ns);
    if (n == 0)
        return false;
    detrend_and_window(spectrum->in, n);
    spectrum->points = n;
    fftw_execute(spectrum->plan);
    for (int k = 0; k < BINS; k++)
        spectrum->power[k] = spectrum->out[k][0] * spectrum->out[k][0] + spectrum->out[k][1] * spectrum->out[k][1];

    const double total = power_between(spectrum, 0.0033, 0.40);
    const double wide = power_between(spectrum, 0.01, 0.40);
    if (total <= 1e-6 || wide <= 1e-6)
        return false;
    struct ob_spectrum_result r = {.window_s = n / RATE_HZ};
    r.peak_hz = peak_hz(spectrum, 0.04, 0.26);
    const double around = power_between(spectrum, r.peak_hz - 0.015, r.peak_hz + 0.015);
    r.concentration_01 = ob_clamp01(around / wide);
    r.coherence = around / fmax(total - around, 1e-9 * total);
    *result_out = r;
    return true;
}

void ob_spectrum_density(const struct ob_spectrum *spectrum, double density_out[OB_SPECTRUM_BINS])
{
    double weight = 0.0; /* of the window, squared */
    for (int i = 0; i < spectrum->points; i++) {
        const double w = 0.5 - 0.5 * cos(OB_TAU * (i + 0.5) / spectrum->points);
        weight += w * w;
    }
    for (int k = 0; k < OB_SPECTRUM_BINS; k++)
        density_out[k] = weight > 0.0 ? 2.0 * spectrum->power[k] / (RATE_HZ * weight) : 0.0;
}
