/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <string.h>

#define LETTERS 48

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
    const size_t n = least(strlen(a), LETTERS), m = least(strlen(b), LETTERS);
    size_t rows[3][LETTERS + 1];
    for (size_t j = 0; j <= m; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3], *two_before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            now[j] = least(least(before[j] + 1, now[j - 1] + 1), before[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], two_before[j - 2] + 1);
        }
    }
    return rows[n % 3][m];
}

const char *ob_nearest(const char *typed, const char *const *known, size_t count)
{
    const char *nearest = NULL;
    size_t fewest = strlen(typed) / 3 > 1 ? strlen(typed) / 3 : 1;
    for (size_t i = 0; i < count; i++) {
        const size_t d = distance(typed, known[i]);
        if (d <= fewest && (!nearest || d < fewest)) {
            fewest = d;
            nearest = known[i];
        }
    }
    return nearest;
}
