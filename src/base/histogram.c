/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/histogram.h"

#include <math.h>
#include <string.h>

#define FIRST_NS   100.0
#define PER_OCTAVE 16.0

void ob_histogram_init(struct ob_histogram *histogram)
{
    memset(histogram, 0, sizeof *histogram);
}

void ob_histogram_add(struct ob_histogram *histogram, int64_t duration_ns)
{
    int bucket = 0;
    if (duration_ns > (int64_t)FIRST_NS)
        bucket = (int)(log2((double)duration_ns / FIRST_NS) * PER_OCTAVE);
    if (bucket >= OB_HISTOGRAM_BUCKETS)
        bucket = OB_HISTOGRAM_BUCKETS - 1;
    histogram->buckets[bucket]++;
    histogram->count++;
    if (duration_ns > histogram->max_ns)
        histogram->max_ns = duration_ns;
}

int64_t ob_histogram_percentile_ns(const struct ob_histogram *histogram, double p01)
{
    if (histogram->count == 0)
        return 0;
    const double rank = p01 * (double)histogram->count;
    uint64_t seen = 0;
    for (int i = 0; i < OB_HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen > 0 && (double)seen >= rank) {
            const int64_t upper = (int64_t)(FIRST_NS * exp2((i + 1) / PER_OCTAVE));
            return upper < histogram->max_ns ? upper : histogram->max_ns;
        }
    }
    return histogram->max_ns;
}
