/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/loudness.h"

#include "base/maths.h"

#include <math.h>
#include <string.h>

#define BIN_LU      0.1
#define FLOOR_LUFS  (-70.0)
#define OFFSET_LUFS (-0.691) /* of the K-weighting at 1 kHz */
#define GATE_LU     (-10.0)

/* BS.1770 gives coefficients for 48 kHz alone. These are the analogue filters behind them, by the bilinear transform,
 * so that other rates are weighted alike; at 48 kHz they are the standard's own to seven places. */
static struct ob_loudness_filter shelf_at(double rate_hz)
{
    const double k = tan(0.5 * OB_TAU * 1681.974450955533 / rate_hz), q = 0.7071752369554196;
    const double top = pow(10.0, 3.999843853973347 / 20.0), middle = pow(top, 0.4996667741545416);
    const double a0 = 1.0 + k / q + k * k;
    return (struct ob_loudness_filter){.b0 = (top + middle * k / q + k * k) / a0,
                                       .b1 = 2.0 * (k * k - top) / a0,
                                       .b2 = (top - middle * k / q + k * k) / a0,
                                       .a1 = 2.0 * (k * k - 1.0) / a0,
                                       .a2 = (1.0 - k / q + k * k) / a0};
}

static struct ob_loudness_filter high_at(double rate_hz)
{
    const double k = tan(0.5 * OB_TAU * 38.13547087602444 / rate_hz), q = 0.5003270373238773;
    const double a0 = 1.0 + k / q + k * k;
    return (struct ob_loudness_filter){
        .b0 = 1.0, .b1 = -2.0, .b2 = 1.0, .a1 = 2.0 * (k * k - 1.0) / a0, .a2 = (1.0 - k / q + k * k) / a0};
}

static double filtered(struct ob_loudness_filter *f, int channel, double x)
{
    const double y =
        f->b0 * x + f->b1 * f->x1[channel] + f->b2 * f->x2[channel] - f->a1 * f->y1[channel] - f->a2 * f->y2[channel];
    f->x2[channel] = f->x1[channel];
    f->x1[channel] = x;
    f->y2[channel] = f->y1[channel];
    f->y1[channel] = y;
    return y;
}

void ob_loudness_init(struct ob_loudness *meter, double sample_rate_hz)
{
    memset(meter, 0, sizeof *meter);
    meter->shelf = shelf_at(sample_rate_hz);
    meter->high = high_at(sample_rate_hz);
    meter->step_frames = (size_t)(0.1 * sample_rate_hz + 0.5);
    for (int p = 0; p < 3; p++)
        for (int t = 0; t < OB_LOUDNESS_TAPS; t++) {
            const double x = 0.5 * OB_TAU * (t - (OB_LOUDNESS_TAPS / 2 - 1) - 0.25 * (p + 1));
            const double window = 0.5 + 0.5 * cos(x / (OB_LOUDNESS_TAPS / 2 + 0.5));
            meter->taps[p][t] = sin(x) / x * window;
        }
}

static double lufs_of(double power)
{
    return power > 0.0 ? OFFSET_LUFS + 10.0 * log10(power) : OB_LOUDNESS_SILENCE;
}

static void end_step(struct ob_loudness *meter)
{
    memmove(meter->last, meter->last + 1, 3 * sizeof meter->last[0]);
    meter->last[3] = meter->step_power / (double)meter->step_frames;
    meter->step_power = 0.0;
    meter->step_at = 0;
    if (++meter->steps < 4)
        return;
    const double power = 0.25 * (meter->last[0] + meter->last[1] + meter->last[2] + meter->last[3]);
    const double lufs = lufs_of(power);
    if (!(lufs > FLOOR_LUFS))
        return;
    const double bin = (lufs - FLOOR_LUFS) / BIN_LU;
    const size_t at = bin < OB_LOUDNESS_BINS ? (size_t)bin : OB_LOUDNESS_BINS - 1;
    meter->bin_count[at]++;
    meter->bin_power[at] += power;
}

static void look_for_peak(struct ob_loudness *meter, int channel, double x)
{
    double *recent = meter->recent[channel];
    memmove(recent, recent + 1, (OB_LOUDNESS_TAPS - 1) * sizeof *recent);
    recent[OB_LOUDNESS_TAPS - 1] = x;
    meter->peak = fmax(meter->peak, fabs(x));
    /* Between samples that are far below the peak so far no higher one can lie. */
    const double near = fmax(fabs(recent[OB_LOUDNESS_TAPS / 2 - 1]), fabs(recent[OB_LOUDNESS_TAPS / 2]));
    if (near < 0.5 * meter->peak)
        return;
    for (int p = 0; p < 3; p++) {
        double y = 0.0;
        for (int t = 0; t < OB_LOUDNESS_TAPS; t++)
            y += meter->taps[p][t] * recent[t];
        meter->peak = fmax(meter->peak, fabs(y));
    }
}

void ob_loudness_add(struct ob_loudness *meter, const float *interleaved, size_t frames)
{
    for (size_t i = 0; i < frames; i++) {
        for (int c = 0; c < 2; c++) {
            const double x = (double)interleaved[2 * i + (size_t)c];
            const double y = filtered(&meter->high, c, filtered(&meter->shelf, c, x));
            meter->step_power += y * y;
            look_for_peak(meter, c, x);
        }
        if (++meter->step_at == meter->step_frames)
            end_step(meter);
    }
}

static double mean_from(const struct ob_loudness *meter, size_t first)
{
    double power = 0.0, count = 0.0;
    for (size_t i = first; i < OB_LOUDNESS_BINS; i++) {
        power += meter->bin_power[i];
        count += (double)meter->bin_count[i];
    }
    return count > 0.0 ? lufs_of(power / count) : OB_LOUDNESS_SILENCE;
}

double ob_loudness_lufs(const struct ob_loudness *meter)
{
    const double all = mean_from(meter, 0);
    const double gate = (all + GATE_LU - FLOOR_LUFS) / BIN_LU;
    return mean_from(meter, gate > 0.0 ? (size_t)gate : 0);
}

double ob_loudness_peak_dbtp(const struct ob_loudness *meter)
{
    return meter->peak > 0.0 ? 20.0 * log10(meter->peak) : OB_LOUDNESS_SILENCE;
}
