/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/psd.h"

#include "base/maths.h"

#include <fftw3.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENT_SAMPLES 1200 /* OB_PSD_SEGMENT_S at OB_PSD_FS_HZ */
#define LEAST_S         60.0
#define LF_LEAST_S      120.0
#define VLF_LEAST_S     270.0 /* a recording of five minutes loses its first interval and a little at the ends */
#define RESP_HALF_HZ    0.03
#define SHORTEST_S      0.001 /* a curve through two values at nearly one time swings without end */

struct ob_psd {
    double *in; /* FFTW's own alignment */
    fftw_complex *out;
    fftw_plan plan;
    double hann[SEGMENT_SAMPLES];
    double hann_squares;
    size_t hann_count; /* that the window above is for */
};

struct ob_psd *ob_psd_create(void)
{
    struct ob_psd *psd = calloc(1, sizeof *psd);
    if (!psd)
        return NULL;
    psd->in = fftw_malloc(OB_PSD_POINTS * sizeof *psd->in);
    psd->out = fftw_malloc((OB_PSD_POINTS / 2 + 1) * sizeof *psd->out);
    if (psd->in && psd->out)
        psd->plan = fftw_plan_dft_r2c_1d(OB_PSD_POINTS, psd->in, psd->out, FFTW_ESTIMATE);
    if (!psd->plan) {
        ob_psd_destroy(psd);
        return NULL;
    }
    return psd;
}

void ob_psd_destroy(struct ob_psd *psd)
{
    if (!psd)
        return;
    if (psd->plan)
        fftw_destroy_plan(psd->plan);
    fftw_free(psd->in);
    fftw_free(psd->out);
    free(psd);
}

/* A run of joined intervals. */
struct run {
    const struct ob_nn *nn;
    size_t count;
};

static struct run run_from(const struct ob_nn_list *list, size_t first)
{
    size_t end = first + 1;
    while (end < list->count && list->items[end].joined &&
           list->items[end].time_s - list->items[end - 1].time_s >= SHORTEST_S)
        end++;
    return (struct run){.nn = list->items + first, .count = end - first};
}

static double run_seconds(const struct run *run)
{
    return run->nn[run->count - 1].time_s - run->nn[0].time_s;
}

/* Second derivatives of the natural cubic spline through the run, by elimination of its tridiagonal system.
 * curve and work hold run->count values. */
static void spline(const struct run *run, double *curve, double *work)
{
    const struct ob_nn *nn = run->nn;
    size_t last = run->count - 1;
    curve[0] = work[0] = 0.0;
    for (size_t i = 1; i < last; i++) {
        double before = nn[i].time_s - nn[i - 1].time_s, after = nn[i + 1].time_s - nn[i].time_s;
        double share = before / (before + after);
        double bend = (nn[i + 1].nn_ms - nn[i].nn_ms) / after - (nn[i].nn_ms - nn[i - 1].nn_ms) / before;
        double pivot = share * work[i - 1] + 2.0;
        work[i] = (share - 1.0) / pivot;
        curve[i] = (6.0 * bend / (before + after) - share * curve[i - 1]) / pivot;
    }
    curve[last] = 0.0;
    for (size_t i = last; i-- > 0;)
        curve[i] += work[i] * curve[i + 1];
}

/* Samples the spline at count points from time_s on. *at is the interval to look from, and moves along. */
static void sample(const struct run *run, const double *curve, double time_s, size_t count, size_t *at, double *out)
{
    const struct ob_nn *nn = run->nn;
    for (size_t k = 0; k < count; k++) {
        double t = time_s + (double)k / OB_PSD_FS_HZ;
        while (*at + 2 < run->count && nn[*at + 1].time_s < t)
            (*at)++;
        size_t i = *at;
        double width = nn[i + 1].time_s - nn[i].time_s;
        double b = (t - nn[i].time_s) / width, a = 1.0 - b;
        out[k] = a * nn[i].nn_ms + b * nn[i + 1].nn_ms +
                 ((a * a * a - a) * curve[i] + (b * b * b - b) * curve[i + 1]) * width * width / 6.0;
    }
}

/* Takes the least-squares line off values at times (NULL: evenly spaced). */
static void detrend(const double *times, double *values, size_t count)
{
    double mean_t = 0.0, mean_v = 0.0, tt = 0.0, tv = 0.0;
    for (size_t i = 0; i < count; i++) {
        mean_t += times ? times[i] : (double)i;
        mean_v += values[i];
    }
    mean_t /= (double)count;
    mean_v /= (double)count;
    for (size_t i = 0; i < count; i++) {
        double t = (times ? times[i] : (double)i) - mean_t;
        tt += t * t;
        tv += t * (values[i] - mean_v);
    }
    double slope = tt > 0.0 ? tv / tt : 0.0;
    for (size_t i = 0; i < count; i++)
        values[i] -= mean_v + slope * ((times ? times[i] : (double)i) - mean_t);
}

static void add_welch(struct ob_psd *psd, size_t count, double *density)
{
    if (psd->hann_count != count) {
        psd->hann_count = count;
        psd->hann_squares = 0.0;
        for (size_t k = 0; k < count; k++) {
            psd->hann[k] = 0.5 - 0.5 * cos(OB_TAU * (double)k / (double)count);
            psd->hann_squares += psd->hann[k] * psd->hann[k];
        }
    }
    detrend(NULL, psd->in, count);
    for (size_t k = 0; k < count; k++)
        psd->in[k] *= psd->hann[k];
    memset(psd->in + count, 0, (OB_PSD_POINTS - count) * sizeof *psd->in);
    fftw_execute(psd->plan);
    double scale = 2.0 / (OB_PSD_FS_HZ * psd->hann_squares);
    for (size_t k = 0; k < OB_PSD_BINS; k++)
        density[k] += scale * (psd->out[k][0] * psd->out[k][0] + psd->out[k][1] * psd->out[k][1]);
}

/* Two beats, which compilers take side by side: what they are worth, the angle that a bin turns them by, and where they
 * have been turned to. */
struct pair {
    double v[2], turn_c[2], turn_s[2], c[2], s[2];
};

struct sums {
    double vc[2], vs[2], cc[2], cs[2];
};

/* Turns two beats on by a bin, and adds them up there. */
static inline void turn_on(struct pair *b, struct sums *sums)
{
    for (int p = 0; p < 2; p++) {
        double next_c = b->c[p] * b->turn_c[p] - b->s[p] * b->turn_s[p];
        double next_s = b->s[p] * b->turn_c[p] + b->c[p] * b->turn_s[p];
        b->c[p] = next_c;
        b->s[p] = next_s;
        sums->vc[p] += b->v[p] * next_c;
        sums->vs[p] += b->v[p] * next_s;
        sums->cc[p] += next_c * next_c;
        sums->cs[p] += next_c * next_s;
    }
}

/* Power at the frequency of these sums over `count` beats: Scargle's shift of the time origin, applied to the sums
 * instead of the beats. */
static double lomb_power(const struct sums *sums, size_t count)
{
    const double vc = sums->vc[0] + sums->vc[1], vs = sums->vs[0] + sums->vs[1];
    const double cc = sums->cc[0] + sums->cc[1], cs = sums->cs[0] + sums->cs[1];
    double ss = (double)count - cc;
    double shift = 0.5 * atan2(2.0 * cs, cc - ss);
    double a = cos(shift), b = sin(shift);
    double along = a * vc + b * vs, across = a * vs - b * vc;
    double along_squares = a * a * cc + 2.0 * a * b * cs + b * b * ss;
    double across_squares = (double)count - along_squares;
    double power = 0.0;
    if (along_squares > 1e-9)
        power += 0.5 * along * along / along_squares;
    if (across_squares > 1e-9)
        power += 0.5 * across * across / across_squares;
    return power;
}

/* Room for one segment's beats: t and v hold count values each, pairs half of that rounded up. Rotations by a fixed
 * angle a bin replace sines and cosines of every beat at every frequency. */
static void add_lomb(const struct ob_nn *nn, size_t count, double *t, double *v, struct pair *pairs, double *density)
{
    double seconds = 0.0;
    for (size_t i = 0; i < count; i++) {
        t[i] = nn[i].time_s - nn[0].time_s;
        v[i] = nn[i].nn_ms;
        seconds += nn[i].nn_ms / 1000.0;
    }
    detrend(t, v, count);
    const size_t pair_count = (count + 1) / 2;
    if (pair_count > 0)
        pairs[pair_count - 1] = (struct pair){.v = {0.0}}; /* beside an odd last beat stands one that adds nothing */
    for (size_t i = 0; i < count; i++) {
        struct pair *b = &pairs[i / 2];
        double angle = OB_TAU * OB_LOMB_STEP_HZ * t[i];
        b->v[i % 2] = v[i];
        b->turn_c[i % 2] = cos(angle);
        b->turn_s[i % 2] = sin(angle);
        b->c[i % 2] = 1.0;
        b->s[i % 2] = 0.0;
    }
    double scale = 2.0 * seconds / (double)count;
    /* Two bins a turn, so that the beats are fetched and stored half as often; all but that of 0 Hz make whole turns.
     */
    _Static_assert(OB_LOMB_BINS % 2 == 1, "bins go in twos");
    for (size_t k = 1; k < OB_LOMB_BINS; k += 2) {
        struct sums one = {.vc = {0.0}}, two = {.vc = {0.0}};
        for (size_t i = 0; i < pair_count; i++) {
            turn_on(&pairs[i], &one);
            turn_on(&pairs[i], &two);
        }
        density[k] += scale * lomb_power(&one, count);
        density[k + 1] += scale * lomb_power(&two, count);
    }
}

/* Adds the segments of one run. False without memory. */
static bool add_run(struct ob_psd *psd, const struct run *run, double segment_s, struct ob_spectra *out)
{
    double *curve = malloc(run->count * sizeof *curve), *work = malloc(run->count * 2 * sizeof *work);
    struct pair *pairs = malloc((run->count + 1) / 2 * sizeof *pairs);
    if (!curve || !work || !pairs) {
        free(curve);
        free(work);
        free(pairs);
        return false;
    }
    spline(run, curve, work);
    size_t samples = (size_t)floor(segment_s * OB_PSD_FS_HZ + 1e-6);
    size_t at = 0, first = 0;
    double start_s = run->nn[0].time_s, end_s = run->nn[run->count - 1].time_s;
    for (double from_s = start_s; from_s + segment_s <= end_s + 1e-6; from_s += 0.5 * OB_PSD_SEGMENT_S) {
        while (at > 0 && run->nn[at].time_s > from_s)
            at--;
        sample(run, curve, from_s, samples, &at, psd->in);
        add_welch(psd, samples, out->welch);
        while (run->nn[first].time_s < from_s)
            first++;
        size_t last = first;
        while (last < run->count && run->nn[last].time_s < from_s + segment_s)
            last++;
        add_lomb(run->nn + first, last - first, work, work + run->count, pairs, out->lomb);
        out->segments++;
    }
    free(curve);
    free(work);
    free(pairs);
    return true;
}

/* The integral of the straight lines between bins from low_hz to high_hz. */
static double power(const double *density, size_t bins, double step_hz, double low_hz, double high_hz)
{
    double power = 0.0;
    for (size_t k = 0; k + 1 < bins; k++) {
        double from = fmax(low_hz, (double)k * step_hz), to = fmin(high_hz, (double)(k + 1) * step_hz);
        if (to <= from)
            continue;
        double middle = 0.5 * (from + to) / step_hz - (double)k;
        power += (to - from) * ob_lerp(density[k], density[k + 1], middle);
    }
    return power;
}

static struct ob_metric peak(const double *density, size_t bins, double step_hz, double low_hz, double high_hz)
{
    size_t best = 0;
    for (size_t k = 1; k + 1 < bins; k++) {
        double hz = (double)k * step_hz;
        if (hz < low_hz || hz >= high_hz || density[k] <= density[k - 1] || density[k] < density[k + 1])
            continue;
        if (best == 0 || density[k] > density[best])
            best = k;
    }
    if (best == 0)
        return ob_metric_none("the spectrum has no peak in this band");
    double left = density[best - 1], middle = density[best], right = density[best + 1];
    double bend = left - 2.0 * middle + right;
    double off = bend < 0.0 ? 0.5 * (left - right) / bend : 0.0;
    return ob_metric_of(((double)best + off) * step_hz);
}

static struct ob_metric band(const double *density, size_t bins, double step_hz, double low_hz, double high_hz,
                             const char *missing)
{
    return missing ? ob_metric_none(missing) : ob_metric_of(power(density, bins, step_hz, low_hz, high_hz));
}

static void fill_bands(const double *density, size_t bins, double step_hz, double segment_s, double resp_hz,
                       struct ob_bands *out)
{
    const char *hf = segment_s >= LEAST_S ? NULL : "there are not 60 s without a gap";
    const char *lf = segment_s >= LF_LEAST_S ? NULL : "there are not 120 s without a gap";
    const char *vlf = segment_s >= VLF_LEAST_S ? NULL : "there are not 270 s without a gap";
    const char *resp = resp_hz <= 0.0                                ? "the breathing rate was not measured"
                       : resp_hz - RESP_HALF_HZ < OB_LF_LOW_HZ       ? "the breathing rate is below 4.2 breaths/min"
                       : resp_hz + RESP_HALF_HZ > OB_HF_HIGH_HZ      ? "the breathing rate is above 22 breaths/min"
                       : resp_hz - RESP_HALF_HZ < OB_HF_LOW_HZ && lf ? lf
                                                                     : hf;
    out->vlf_ms2 = band(density, bins, step_hz, OB_VLF_LOW_HZ, OB_LF_LOW_HZ, vlf);
    out->lf_ms2 = band(density, bins, step_hz, OB_LF_LOW_HZ, OB_HF_LOW_HZ, lf);
    out->hf_ms2 = band(density, bins, step_hz, OB_HF_LOW_HZ, OB_HF_HIGH_HZ, hf);
    out->total_ms2 = band(density, bins, step_hz, OB_VLF_LOW_HZ, OB_HF_HIGH_HZ, vlf);
    out->resp_ms2 = band(density, bins, step_hz, resp_hz - RESP_HALF_HZ, resp_hz + RESP_HALF_HZ, resp);
    out->lf_peak_hz = lf ? ob_metric_none(lf) : peak(density, bins, step_hz, OB_LF_LOW_HZ, OB_HF_LOW_HZ);
    out->hf_peak_hz = hf ? ob_metric_none(hf) : peak(density, bins, step_hz, OB_HF_LOW_HZ, OB_HF_HIGH_HZ);
}

bool ob_psd_compute(struct ob_psd *psd, const struct ob_nn_list *list, double resp_hz, struct ob_spectra *out)
{
    memset(out, 0, sizeof *out);
    struct run longest = {.count = 0};
    double longest_s = 0.0;
    for (size_t i = 0; i < list->count;) {
        struct run run = run_from(list, i);
        double seconds = run_seconds(&run);
        if (run.count >= 4 && seconds > longest_s) {
            longest = run;
            longest_s = seconds;
        }
        i += run.count;
    }
    bool ok = true;
    if (longest_s >= OB_PSD_SEGMENT_S) {
        out->segment_s = OB_PSD_SEGMENT_S;
        for (size_t i = 0; ok && i < list->count;) {
            struct run run = run_from(list, i);
            if (run_seconds(&run) >= OB_PSD_SEGMENT_S)
                ok = add_run(psd, &run, OB_PSD_SEGMENT_S, out);
            i += run.count;
        }
    } else if (longest_s >= LEAST_S) {
        out->segment_s = floor(longest_s * OB_PSD_FS_HZ) / OB_PSD_FS_HZ;
        ok = add_run(psd, &longest, out->segment_s, out);
    }
    for (size_t k = 0; out->segments > 0 && k < OB_PSD_BINS; k++)
        out->welch[k] /= (double)out->segments;
    for (size_t k = 0; out->segments > 0 && k < OB_LOMB_BINS; k++)
        out->lomb[k] /= (double)out->segments;
    fill_bands(out->welch, OB_PSD_BINS, OB_PSD_STEP_HZ, out->segment_s, resp_hz, &out->by_welch);
    fill_bands(out->lomb, OB_LOMB_BINS, OB_LOMB_STEP_HZ, out->segment_s, resp_hz, &out->by_lomb);
    return ok;
}
