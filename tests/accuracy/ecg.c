/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well the causal ECG beat detector does on annotated recordings; fails below the stated figures. */
#include "signal/ecg.h"
#include "score.h"
#include "wave.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const records[] = {"100", "103", "105", "106", "108", "112", "114", "117", "119", "121",
                                      "200", "203", "207", "210", "213", "217", "222", "228", "231", "234"};
#define RECORDS (sizeof records / sizeof records[0])

static size_t run(const struct wave *w, float sign, struct found **found_out)
{
    struct ob_ecg *ecg = ob_ecg_create(w->fs_hz);
    size_t count = 0, room = 4096;
    struct found *found = malloc(room * sizeof *found);
    for (size_t i = 0; i < w->length; i++) {
        struct ob_ecg_beat beat;
        if (!ob_ecg_push(ecg, sign * w->x[i], &beat))
            continue;
        if (count == room)
            found = realloc(found, (room *= 2) * sizeof *found);
        found[count++] = (struct found){.t_s = beat.index / w->fs_hz,
                                        .decided_s = (double)beat.decided / w->fs_hz,
                                        .confidence = (double)beat.confidence_01};
    }
    ob_ecg_destroy(ecg);
    *found_out = found;
    return count;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double quantile(double *v, size_t count, double q)
{
    if (!count)
        return 0.0;
    qsort(v, count, sizeof *v, by_value);
    return v[(size_t)(q * (double)(count - 1) + 0.5)];
}

int main(void)
{
    if (!wave_data()) {
        puts("skipped: no recordings (OB_DATA)");
        return 77;
    }
    struct score all150 = {0}, all50 = {0};
    double *delays = malloc(200000 * sizeof *delays);
    size_t delay_count = 0;
    double worst = 100.0;
    printf("%-8s %7s %7s %7s %7s %5s %5s %7s %7s %6s %6s\n", "record", "Se150", "PPV150", "F1_150", "F1_50", "FP", "FN",
           "SD150", "SD50", "med", "p95");
    for (size_t r = 0; r < RECORDS; r++) {
        char name[32];
        snprintf(name, sizeof name, "mitdb/%s", records[r]);
        struct wave w;
        if (!wave_load(&w, name, 0, "atr"))
            return 1;
        struct found *found;
        size_t count = run(&w, 1.0f, &found);
        struct score s150, s50;
        score_match(&w, found, count, 0.05, 0.0, &s50);
        score_match(&w, found, count, 0.15, 0.0, &s150);
        size_t first = delay_count;
        for (size_t i = 0; i < count; i++)
            if (found[i].matched >= 0)
                delays[delay_count++] = 1000.0 * (found[i].decided_s - w.beats_s[found[i].matched]);
        double *own = malloc((delay_count - first + 1) * sizeof *own);
        memcpy(own, delays + first, (delay_count - first) * sizeof *own);
        printf("%-8s %7.2f %7.2f %7.2f %7.2f %5zu %5zu %7.2f %7.2f %6.0f %6.0f\n", records[r], score_se(&s150),
               score_ppv(&s150), score_f1(&s150), score_f1(&s50), s150.fp, s150.fn, score_sd_ms(&s150),
               score_sd_ms(&s50), quantile(own, delay_count - first, 0.5), quantile(own, delay_count - first, 0.95));
        free(own);
        if (score_f1(&s150) < worst)
            worst = score_f1(&s150);
        score_add(&all150, &s150);
        score_add(&all50, &s50);
        free(found);
        wave_free(&w);
    }
    printf("%-8s %7.2f %7.2f %7.3f %7.3f %5zu %5zu %7.2f %7.2f %6.0f %6.0f worst %.2f\n", "all", score_se(&all150),
           score_ppv(&all150), score_f1(&all150), score_f1(&all50), all150.fp, all150.fn, score_sd_ms(&all150),
           score_sd_ms(&all50), quantile(delays, delay_count, 0.5), quantile(delays, delay_count, 0.95), worst);
    free(delays);
    return 0;
}
