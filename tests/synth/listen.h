/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A listener for any soundscape: loudness by libebur128, and a simple detector of the breath that knows nothing of the
 * pacer. */
#ifndef OB_TESTS_SYNTH_LISTEN_H
#define OB_TESTS_SYNTH_LISTEN_H

#include "stage.h"

#include <ebur128.h>

struct loudness {
    double lufs;      /* integrated, ITU-R BS.1770 with its gates */
    double range_lu;  /* EBU Tech 3342 */
    double peak_dbtp; /* the higher of both channels */
};

static inline struct loudness loudness_of(const float *sound, size_t frames)
{
    struct loudness found = {-100.0, 0.0, -100.0};
    ebur128_state *meter = ebur128_init(2, RATE, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    double peaks[2] = {0.0, 0.0};
    if (meter && ebur128_add_frames_float(meter, sound, frames) == EBUR128_SUCCESS) {
        ebur128_loudness_global(meter, &found.lufs);
        ebur128_loudness_range(meter, &found.range_lu);
        for (unsigned c = 0; c < 2; c++)
            ebur128_true_peak(meter, c, &peaks[c]);
        found.peak_dbtp = 20.0 * log10(fmax(peaks[0], peaks[1]) + 1e-10);
    }
    if (meter)
        ebur128_destroy(&meter);
    return found;
}

static inline int listen_ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The level between the lines of a stretch: the median of their powers, in dB. Tones are lines, and however many there
 * are they leave the median alone; the breath of an exhale is what lies between them. */
static inline double floor_db(const double *lines)
{
    double sorted[LINES];
    memcpy(sorted, lines, sizeof sorted);
    qsort(sorted, LINES, sizeof *sorted, listen_ascending);
    return db(sorted[LINES / 2]);
}

/* The level between the lines each 50 ms; freed by the caller. */
static inline double *breath_levels(const float *sound, size_t frames, size_t *count_out)
{
    double *lines = ear_lines(sound, frames, count_out);
    double *level = malloc((*count_out + 1) * sizeof *level);
    for (size_t i = 0; i < *count_out; i++)
        level[i] = floor_db(lines + i * LINES);
    free(lines);
    return level;
}

/* The detector: an exhale is where the level between the lines is nearer to its usual high (the 90th percentile) than
 * to its usual low (the 10th). Returns the share of stretches from skip_s on in which it agrees with the pacer, which
 * sound leads by 150 ms; wrong_out: how many of them are wrong in each twentieth of the breath, or NULL. */
static inline double breath_told(const double *level, size_t count, const struct ob_pacer_segment *pacer, double skip_s,
                                 size_t *wrong_out)
{
    const size_t first = (size_t)(skip_s * 20.0);
    const size_t all = count > first ? count - first : 0, tenth = all / 10;
    if (all == 0)
        return 0.0;
    double *sorted = malloc(all * sizeof *sorted);
    memcpy(sorted, level + first, all * sizeof *sorted);
    qsort(sorted, all, sizeof *sorted, listen_ascending);
    const double middle = 0.5 * (sorted[tenth] + sorted[all - tenth - 1]);
    free(sorted);
    size_t right = 0;
    for (size_t i = first; i < count; i++) {
        const int64_t heard_ns = (int64_t)((double)(i + 2) * 0.05e9) + 150000000;
        const struct ob_pacer_state at = ob_pacer_at(pacer, heard_ns);
        const int same = (at.stage == OB_EXHALE) == (level[i] > middle);
        right += (size_t)same;
        if (wrong_out)
            wrong_out[(int)(at.phase_turns * 20.0)] += (size_t)!same;
    }
    return (double)right / (double)all;
}

static inline double breath_recovered(const float *sound, size_t frames, const struct ob_pacer_segment *pacer,
                                      double skip_s, size_t *wrong_out)
{
    size_t count;
    double *level = breath_levels(sound, frames, &count);
    const double share = breath_told(level, count, pacer, skip_s, wrong_out);
    free(level);
    return share;
}

#endif
