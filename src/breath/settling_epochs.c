/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/settling_epochs.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

#define ROOT_HALF   0.70710678118654752
#define GRID_HZ     4.0
#define GRID_NS     (OB_NS_PER_S / 4)
#define EPOCH_NS    (OB_SETTLING_EPOCH_S * OB_NS_PER_S)
#define LINE_WIDE   0.045 /* Hz */
#define WARM_UP     48    /* samples until the filters have forgotten where they began */
#define COVERED_01  0.7   /* of an epoch */
#define CORRECTED   0.1
#define LONGEST_GAP (OB_SETTLING_EPOCHS * EPOCH_NS)

/* Wide ones: a high-pass and a low-pass of second order (Butterworth). Narrow ones, the lines of the spectrum among
 * them: two equal resonators. */
static const struct {
    bool wide;
    double low_hz, high_hz; /* edges of a wide one */
    double centre_hz, q;    /* of a narrow one */
} bands[OB_SETTLING_LINE] = {
    [OB_SETTLING_SWING] = {.wide = true, .low_hz = 0.13, .high_hz = 0.45},
    [OB_SETTLING_LOW] = {.centre_hz = 0.18, .q = 3.0},
    [OB_SETTLING_MIDDLE] = {.centre_hz = 0.225, .q = 3.0},
    [OB_SETTLING_HIGH] = {.centre_hz = 0.285, .q = 3.0},
    [OB_SETTLING_FLOOR] = {.centre_hz = 0.385, .q = 2.5},
    [OB_SETTLING_WIDE] = {.wide = true, .low_hz = 0.06, .high_hz = 0.40},
};

/* By the bilinear transform, edges and centres in their true places. */
static struct ob_settling_filter filter_of(int band, int stage)
{
    const bool line = band >= OB_SETTLING_LINE, wide = !line && bands[band].wide, high_pass = stage == 0;
    const double line_hz = OB_SETTLING_LINE_HZ + OB_SETTLING_LINE_STEP_HZ * (band - OB_SETTLING_LINE);
    const double hz = line        ? line_hz
                      : !wide     ? bands[band].centre_hz
                      : high_pass ? bands[band].low_hz
                                  : bands[band].high_hz;
    const double q = line ? line_hz / LINE_WIDE : wide ? ROOT_HALF : bands[band].q;
    const double k = tan(OB_PI * hz / GRID_HZ), norm = 1.0 / (1.0 + k / q + k * k);
    struct ob_settling_filter f = {.a1 = 2.0 * (k * k - 1.0) * norm, .a2 = (1.0 - k / q + k * k) * norm};
    if (!wide) {
        f.b0 = k / q * norm;
        f.b2 = -f.b0;
    } else {
        f.b0 = f.b2 = (high_pass ? 1.0 : k * k) * norm;
        f.b1 = high_pass ? -2.0 * f.b0 : 2.0 * f.b0;
    }
    return f;
}

static void begin_filters(struct ob_settling_epochs *s)
{
    for (int i = 0; i < OB_SETTLING_BANDS; i++) {
        for (int stage = 0; stage < 2; stage++)
            s->filter[i][stage].z[0] = s->filter[i][stage].z[1] = 0.0;
    }
    s->settled = 0;
}

void ob_settling_epochs_init(struct ob_settling_epochs *s, int64_t begin_ns)
{
    *s = (struct ob_settling_epochs){.end_ns = begin_ns + EPOCH_NS};
    for (int i = 0; i < OB_SETTLING_BANDS; i++) {
        for (int stage = 0; stage < 2; stage++)
            s->filter[i][stage] = filter_of(i, stage);
    }
}

static void take_sample(struct ob_settling_epochs *s, double bpm)
{
    if (s->settled == 0)
        s->level_bpm = bpm; /* no step at the beginning */
    for (int i = 0; i < OB_SETTLING_BANDS; i++) {
        double x = bpm - s->level_bpm;
        for (int stage = 0; stage < 2; stage++) {
            struct ob_settling_filter *f = &s->filter[i][stage];
            const double y = f->b0 * x + f->z[0];
            f->z[0] = f->b1 * x - f->a1 * y + f->z[1];
            f->z[1] = f->b2 * x - f->a2 * y;
            x = y;
        }
        if (s->settled >= WARM_UP)
            s->power_sum[i] += x * x;
    }
    if (s->settled >= WARM_UP)
        s->power_samples++;
    s->settled++;
}

static void close_epoch(struct ob_settling_epochs *s)
{
    struct ob_settling_epoch *e = &s->epoch[s->count++ % OB_SETTLING_EPOCHS];
    *e = (struct ob_settling_epoch){.pace_brpm = (float)s->pace_brpm};
    const bool clean = s->beats > 0 && s->corrected <= CORRECTED * s->beats && !s->moved;
    if (clean && s->covered_s >= COVERED_01 * OB_SETTLING_EPOCH_S) {
        e->heart = true;
        e->hr_bpm = (float)(60.0 * s->turned / s->covered_s);
    }
    if (clean && s->power_samples >= COVERED_01 * OB_SETTLING_EPOCH_S * GRID_HZ) {
        e->swing = true;
        for (int i = 0; i < OB_SETTLING_BANDS; i++)
            e->power[i] = (float)(s->power_sum[i] / s->power_samples);
    }
    if (s->breath_count > 0) {
        e->breath = true;
        e->breath_brpm = (float)(s->breath_sum / s->breath_count);
    }
    s->end_ns += EPOCH_NS;
    s->covered_s = s->turned = s->breath_sum = 0.0;
    s->beats = s->corrected = s->power_samples = s->breath_count = 0;
    memset(s->power_sum, 0, sizeof s->power_sum);
    s->moved = s->moved_next;
    s->moved_next = false;
}

/* The part of an interval that lies before the epoch's end. */
static void cover(struct ob_settling_epochs *s, int64_t from_ns, int64_t to_ns, double nn_s)
{
    const double seconds = ob_s_from_ns(to_ns - from_ns);
    s->covered_s += seconds;
    s->turned += seconds / nn_s;
}

static void resample(struct ob_settling_epochs *s, int64_t until_ns, int64_t middle_ns, double bpm)
{
    const double span = (double)(middle_ns - s->last_middle_ns);
    for (; s->next_sample_ns <= until_ns; s->next_sample_ns += GRID_NS)
        take_sample(s, s->last_bpm + (bpm - s->last_bpm) * (double)(s->next_sample_ns - s->last_middle_ns) / span);
}

int ob_settling_epochs_beat(struct ob_settling_epochs *s, int64_t time_ns, double nn_ms, bool follows, bool normal)
{
    const int64_t nn_ns = (int64_t)(nn_ms * 1e6);
    int64_t from_ns = time_ns - nn_ns;
    const int64_t middle_ns = time_ns - nn_ns / 2;
    const double bpm = 60000.0 / nn_ms;
    if (s->begun && middle_ns <= s->last_middle_ns)
        return 0;
    s->joined = follows && s->begun;
    if (!s->joined) {
        begin_filters(s);
        s->next_sample_ns = middle_ns;
    }
    if (from_ns < s->end_ns - EPOCH_NS)
        from_ns = s->end_ns - EPOCH_NS;
    int closed = 0;
    if (time_ns - s->end_ns > LONGEST_GAP) { /* nothing of before is left */
        const int64_t missed = (time_ns - s->end_ns) / EPOCH_NS - OB_SETTLING_EPOCHS;
        s->end_ns += missed * EPOCH_NS;
        s->count += (uint64_t)missed;
    }
    while (time_ns >= s->end_ns) {
        if (from_ns < s->end_ns) {
            cover(s, from_ns, s->end_ns, nn_ms * 1e-3);
            from_ns = s->end_ns;
        }
        if (s->joined)
            resample(s, middle_ns < s->end_ns ? middle_ns : s->end_ns, middle_ns, bpm);
        close_epoch(s);
        closed++;
    }
    cover(s, from_ns, time_ns, nn_ms * 1e-3);
    s->beats++;
    s->corrected += !normal;
    if (s->joined)
        resample(s, middle_ns, middle_ns, bpm);
    s->begun = true;
    s->last_middle_ns = middle_ns;
    s->last_bpm = bpm;
    return closed;
}

const struct ob_settling_epoch *ob_settling_epochs_back(const struct ob_settling_epochs *s, uint32_t back)
{
    if (back >= OB_SETTLING_EPOCHS || back >= s->count)
        return NULL;
    return &s->epoch[(s->count - 1 - back) % OB_SETTLING_EPOCHS];
}
