/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/nn_series.h"

#include <stdint.h>
#include <stdlib.h>

void ob_nn_series_init(struct ob_nn_series *series)
{
    *series = (struct ob_nn_series){.items = NULL};
}

void ob_nn_series_finish(struct ob_nn_series *series)
{
    if (!series)
        return;
    free(series->items);
    ob_nn_series_init(series);
}

bool ob_nn_series_add(struct ob_nn_series *series, struct ob_nn nn)
{
    if (series->count == series->capacity) {
        size_t capacity = series->capacity ? 2 * series->capacity : 256;
        if (capacity > SIZE_MAX / sizeof *series->items)
            return false;
        struct ob_nn *items = realloc(series->items, capacity * sizeof *items);
        if (!items)
            return false;
        series->items = items;
        series->capacity = capacity;
    }
    nn.joined = nn.joined && series->count > 0;
    series->items[series->count++] = nn;
    return true;
}

/* Index of the first item at or after time_s. */
static size_t first_from(const struct ob_nn_series *series, double time_s)
{
    size_t low = 0, high = series->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (series->items[middle].time_s < time_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct ob_nn_series ob_nn_series_part(const struct ob_nn_series *series, double from_s, double to_s)
{
    size_t first = first_from(series, from_s);
    size_t last = first_from(series, to_s);
    struct ob_nn_series part = {.items = series->items ? series->items + first : NULL,
                                .count = last > first ? last - first : 0};
    return part;
}
