/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A histogram of durations with logarithmic buckets of 4.4% width: constant memory, no allocation, percentiles
 * within one bucket. Range 100 ns to about 1600 s; what lies outside is counted in the end buckets. */
#ifndef OB_BASE_HISTOGRAM_H
#define OB_BASE_HISTOGRAM_H

#include <stdint.h>

#define OB_HISTOGRAM_BUCKETS 544

struct ob_histogram {
    uint64_t count;
    int64_t max_ns;
    uint32_t buckets[OB_HISTOGRAM_BUCKETS];
};

void ob_histogram_init(struct ob_histogram *histogram);
void ob_histogram_add(struct ob_histogram *histogram, int64_t duration_ns); /* negative counts as 0 */
/* The duration below which a share p01 of the entries lies; 0 when empty; never above the true maximum. */
int64_t ob_histogram_percentile_ns(const struct ob_histogram *histogram, double p01);

#endif
