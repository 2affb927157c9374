/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/resp_shape.h"

#include <math.h>
#include <string.h>

#define HALF_QRS_S 0.06

void ob_resp_trace_init(struct ob_resp_trace *trace, enum ob_resp_wave wave, double fs_hz)
{
    memset(trace, 0, sizeof *trace);
    trace->wave = wave;
    trace->fs_hz = fs_hz;
    trace->last_index = -1.0;
}

void ob_resp_trace_break(struct ob_resp_trace *trace)
{
    trace->last_index = -1.0;
}

void ob_resp_trace_push(struct ob_resp_trace *trace, float sample)
{
    trace->x[trace->count++ % OB_RESP_TRACE] = sample;
}

void ob_resp_trace_push_many(struct ob_resp_trace *trace, const float *samples, size_t stride, size_t count)
{
    while (count > 0) {
        const size_t place = trace->count % OB_RESP_TRACE, behind = OB_RESP_TRACE - place;
        const size_t part = count < behind ? count : behind;
        float *x = trace->x + place;
        if (stride == 1)
            memcpy(x, samples, part * sizeof *x);
        else
            for (size_t i = 0; i < part; i++)
                x[i] = samples[i * stride];
        samples += part * stride;
        trace->count += part;
        count -= part;
    }
}

static double at(const struct ob_resp_trace *trace, int64_t i)
{
    return (double)trace->x[(uint64_t)i % OB_RESP_TRACE];
}

static void measure_qrs(const struct ob_resp_trace *trace, double r, struct ob_resp_shape *shape)
{
    const int64_t from = (int64_t)floor(r - HALF_QRS_S * trace->fs_hz + 0.5);
    const int64_t to = (int64_t)floor(r + HALF_QRS_S * trace->fs_hz + 0.5);
    double mean = 0.0, square = 0.0, rise = 0.0, fall = 0.0;
    for (int64_t i = from; i <= to; i++)
        mean += at(trace, i);
    mean /= (double)(to - from + 1);
    for (int64_t i = from; i <= to; i++) {
        const double step = at(trace, i + 1) - at(trace, i - 1), off = at(trace, i) - mean;
        square += off * off;
        rise = step > rise ? step : rise;
        fall = -step > fall ? -step : fall;
    }
    shape->size = sqrt(square / (double)(to - from + 1));
    shape->slope = 0.5 * (rise + fall) * trace->fs_hz;
}

/* Greatest less smallest value. */
static double height(const struct ob_resp_trace *trace, int64_t from, int64_t to)
{
    double high = -INFINITY, low = INFINITY;
    for (int64_t i = from; i < to; i++) {
        const double x = at(trace, i);
        high = x > high ? x : high;
        low = x < low ? x : low;
    }
    return high - low;
}

bool ob_resp_trace_beat(struct ob_resp_trace *trace, double index, double *index_out, struct ob_resp_shape *shape_out)
{
    const double before = trace->last_index;
    trace->last_index = index;
    const double margin = (HALF_QRS_S + 0.02) * trace->fs_hz + 2.0;
    const double newest = (double)trace->count - 1.0, oldest = newest - (OB_RESP_TRACE - 1);
    if (!(before >= 0.0) || before - margin < fmax(oldest, 0.0) || index - before < margin || index > newest)
        return false;
    double sum = 0.0;
    const int64_t from = (int64_t)before, to = (int64_t)index;
    for (int64_t i = from; i < to; i++)
        sum += at(trace, i);
    if (!isfinite(sum))
        return false;
    *shape_out = (struct ob_resp_shape){.slope = NAN, .baseline = sum / (double)(to - from)};
    if (trace->wave == OB_RESP_ECG)
        measure_qrs(trace, before, shape_out);
    else
        shape_out->size = height(trace, from, to);
    *index_out = before;
    return true;
}
