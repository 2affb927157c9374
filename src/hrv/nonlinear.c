/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/nonlinear.h"

#include <math.h>
#include <stdlib.h>

#define ENTROPY_LEAST 100
#define LENGTH        2 /* m */

/* Sum of the mean square residuals of all boxes of size n in profile[0..count); *boxes counts them. */
static double residuals(const double *profile, size_t count, size_t n, size_t *boxes)
{
    double sum = 0.0, size = (double)n;
    double middle = 0.5 * (size - 1.0);
    double spread = size * (size * size - 1.0) / 12.0; /* sum of squared distances from the middle */
    for (size_t from = 0; from + n <= count; from += n) {
        const double *box = profile + from;
        double total = 0.0, squares = 0.0, tilt = 0.0;
        /* Relative to the box's first value: the profile itself wanders far from 0. */
        for (size_t k = 0; k < n; k++) {
            double y = box[k] - box[0];
            total += y;
            squares += y * y;
            tilt += y * ((double)k - middle);
        }
        double left = squares - total * total / size - tilt * tilt / spread;
        sum += fmax(left, 0.0) / size;
        (*boxes)++;
    }
    return sum;
}

static struct ob_metric alpha(const struct ob_nn_list *list, const double *profile, size_t low, size_t high)
{
    double sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0, points = 0.0;
    for (size_t n = low; n <= high; n++) {
        double sum = 0.0;
        size_t boxes = 0;
        for (size_t i = 0; i < list->count;) {
            size_t end = i + 1;
            while (end < list->count && list->items[end].joined)
                end++;
            if (end - i >= 4 * high)
                sum += residuals(profile + i, end - i, n, &boxes);
            i = end;
        }
        if (boxes == 0)
            return ob_metric_none(high > 16 ? "there are not 256 intervals without a gap"
                                            : "there are not 64 intervals without a gap");
        if (sum <= 0.0)
            return ob_metric_none("the intervals do not vary");
        double x = log((double)n), y = 0.5 * log(sum / (double)boxes);
        points += 1.0;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
    }
    return ob_metric_of((points * sxy - sx * sy) / (points * sxx - sx * sx));
}

/* A place in the series with its value, for going through neighbours in value. */
struct place {
    double value;
    size_t index;
};

static int by_value(const void *a, const void *b)
{
    const struct place *one = a, *two = b;
    if (one->value != two->value)
        return one->value < two->value ? -1 : 1;
    return one->index < two->index ? -1 : one->index > two->index;
}

struct entropy_memory {
    struct place *places;
    size_t *matches;      /* templates of m like this one, self included */
    size_t *long_matches; /* and of m + 1 */
};

static bool whole(const struct ob_nn *nn, size_t from, size_t length)
{
    for (size_t k = 1; k < length; k++) {
        if (!nn[from + k].joined)
            return false;
    }
    return true;
}

/* Entropies of nn[0..count). Templates are sorted by their first interval, so that only those within r of it need to
 * be looked at. */
static bool entropies(const struct ob_nn *nn, size_t count, struct entropy_memory *memory, double *sampen, double *apen)
{
    double mean = 0.0, squares = 0.0;
    for (size_t i = 0; i < count; i++)
        mean += nn[i].nn_ms;
    mean /= (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (nn[i].nn_ms - mean) * (nn[i].nn_ms - mean);
    double r = 0.2 * sqrt(squares / (double)(count - 1));
    if (!(r > 0.0))
        return false;
    size_t templates = 0;
    for (size_t i = 0; i + LENGTH <= count; i++) {
        if (!whole(nn, i, LENGTH))
            continue;
        memory->places[templates++] = (struct place){.value = nn[i].nn_ms, .index = i};
        memory->matches[i] = 1;
        memory->long_matches[i] = i + LENGTH < count && nn[i + LENGTH].joined;
    }
    qsort(memory->places, templates, sizeof *memory->places, by_value);
    double a = 0.0, b = 0.0;
    for (size_t p = 0; p < templates; p++) {
        size_t i = memory->places[p].index;
        double second = nn[i + 1].nn_ms, reach = memory->places[p].value + r;
        bool i_long = memory->long_matches[i] > 0;
        for (size_t q = p + 1; q < templates && memory->places[q].value <= reach; q++) {
            size_t j = memory->places[q].index;
            if (fabs(nn[j + 1].nn_ms - second) > r)
                continue;
            memory->matches[i]++;
            memory->matches[j]++;
            if (!i_long || memory->long_matches[j] == 0)
                continue;
            b += 1.0;
            if (fabs(nn[j + LENGTH].nn_ms - nn[i + LENGTH].nn_ms) > r)
                continue;
            a += 1.0;
            memory->long_matches[i]++;
            memory->long_matches[j]++;
        }
    }
    if (a == 0.0 || b == 0.0)
        return false;
    *sampen = -log(a / b);
    double phi = 0.0, phi_long = 0.0, longs = 0.0;
    for (size_t p = 0; p < templates; p++) {
        size_t i = memory->places[p].index;
        phi += log((double)memory->matches[i] / (double)templates);
        longs += memory->long_matches[i] > 0;
    }
    for (size_t p = 0; p < templates; p++) {
        size_t i = memory->places[p].index;
        if (memory->long_matches[i] > 0)
            phi_long += log((double)memory->long_matches[i] / longs);
    }
    *apen = phi / (double)templates - phi_long / longs;
    return true;
}

static void entropy(const struct ob_nn_list *list, struct entropy_memory *memory, struct ob_nonlinear *out)
{
    const char *few = "there are fewer than 100 intervals";
    const char *alike = "no patterns repeat, or the intervals do not vary";
    out->sampen = out->apen = ob_metric_none(list->count < ENTROPY_LEAST ? few : alike);
    double sampen = 0.0, apen = 0.0, windows = 0.0, one_s, one_a;
    if (list->count < ENTROPY_LEAST)
        return;
    if (list->count <= OB_ENTROPY_WHOLE) {
        windows = entropies(list->items, list->count, memory, &sampen, &apen) ? 1.0 : 0.0;
    } else {
        for (size_t from = 0; from < list->count;) {
            size_t end = from;
            while (end < list->count && list->items[end].time_s < list->items[from].time_s + OB_ENTROPY_WINDOW_S)
                end++;
            if (end - from >= ENTROPY_LEAST && entropies(list->items + from, end - from, memory, &one_s, &one_a)) {
                sampen += one_s;
                apen += one_a;
                windows += 1.0;
            }
            from = end;
        }
    }
    if (windows > 0.0) {
        out->sampen = ob_metric_of(sampen / windows);
        out->apen = ob_metric_of(apen / windows);
    }
}

bool ob_nonlinear_compute(const struct ob_nn_list *list, struct ob_nonlinear *out)
{
    size_t count = list->count;
    double *profile = malloc((count + 1) * sizeof *profile);
    struct entropy_memory memory = {.places = malloc((count + 1) * sizeof *memory.places),
                                    .matches = malloc((count + 1) * sizeof *memory.matches),
                                    .long_matches = malloc((count + 1) * sizeof *memory.long_matches)};
    bool ok = profile && memory.places && memory.matches && memory.long_matches;
    if (ok) {
        double mean = 0.0, level = 0.0;
        for (size_t i = 0; i < count; i++)
            mean += list->items[i].nn_ms;
        mean = count ? mean / (double)count : 0.0;
        for (size_t i = 0; i < count; i++)
            profile[i] = level += list->items[i].nn_ms - mean;
        out->dfa_alpha1 = alpha(list, profile, 4, 16);
        out->dfa_alpha2 = alpha(list, profile, 16, 64);
        entropy(list, &memory, out);
    }
    free(profile);
    free(memory.places);
    free(memory.matches);
    free(memory.long_matches);
    return ok;
}
