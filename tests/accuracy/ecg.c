/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well the causal ECG beat detector does on annotated recordings; fails below the stated figures.
 *
 * First lead, whole records, one-to-one matching, no alignment of any record, no learning period skipped, ventricular
 * flutter left out. "Target" is what the project set itself, "least" what this test insists on. */
#include "signal/ecg.h"
#include "score.h"
#include "wave.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const records[] = {"100", "103", "105", "106", "108", "112", "114", "117", "119", "121",
                                      "200", "203", "207", "210", "213", "217", "222", "228", "231", "234"};
#define RECORDS (sizeof records / sizeof records[0])

static size_t run(const struct wave *w, float sign, size_t length, struct found **found_out)
{
    struct ob_ecg *ecg = ob_ecg_create(w->fs_hz);
    size_t count = 0, room = 4096;
    struct found *found = malloc(room * sizeof *found);
    for (size_t i = 0; i < length; i++) {
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
    return (x > y) - (x < y);
}

static double quantile(const double *v, size_t count, double q)
{
    if (!count)
        return 0.0;
    double *copy = malloc(count * sizeof *copy);
    memcpy(copy, v, count * sizeof *copy);
    qsort(copy, count, sizeof *copy, by_value);
    double result = copy[(size_t)(q * (double)(count - 1) + 0.5)];
    free(copy);
    return result;
}

struct table {
    struct score at150, at50;
    struct score level50;   /* with each record's mean error taken off */
    struct score same_lead; /* without the records whose marks stand on the other lead */
    double worst, median_sd_ms, median_delay_ms, p95_delay_ms;
    size_t early_missed; /* reference beats of the first 5 s of the records that were not found */
};

/* In these the cardiologists' marks stand on the largest wave of the second lead, in 117 partly between the waves of
 * the first; no choice made on the first lead meets them. */
static bool marked_elsewhere(const char *record)
{
    return strcmp(record, "114") == 0 || strcmp(record, "117") == 0 || strcmp(record, "217") == 0;
}

static bool same(const struct found *a, size_t a_count, const struct found *b, size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (a[i].t_s != b[i].t_s || a[i].decided_s != b[i].decided_s || a[i].confidence != b[i].confidence)
            return false;
    return true;
}

/* fs_hz 0: as recorded, with every record printed, and with the inverted and the cut copies. */
static bool measure(double fs_hz, struct table *t)
{
    *t = (struct table){.worst = 100.0};
    double *delays = malloc(400000 * sizeof *delays), sds[RECORDS];
    size_t delay_count = 0;
    bool fine = true;
    if (fs_hz == 0.0)
        printf("%-8s %7s %7s %7s %7s %5s %5s %6s %6s %5s %5s\n", "record", "Se", "PPV", "F1", "F1@50", "FP", "FN", "SD",
               "SD@50", "delay", "p95");
    for (size_t r = 0; r < RECORDS; r++) {
        char name[32];
        snprintf(name, sizeof name, "mitdb/%s", records[r]);
        struct wave w;
        if (!wave_load(&w, name, 0, "atr")) {
            printf("%s cannot be read\n", name);
            exit(1);
        }
        if (fs_hz > 0.0) {
            struct wave copy;
            wave_resample(&w, fs_hz, &copy);
            wave_free(&w);
            w = copy;
        }
        struct found *found;
        size_t count = run(&w, 1.0f, w.length, &found);
        struct score at150, at50;
        score_match(&w, found, count, 0.05, 0.0, &at50);
        score_match(&w, found, count, 0.15, 0.0, &at150);
        size_t first = delay_count;
        size_t early = 0, early_found = 0;
        for (size_t i = 0; i < w.beat_count; i++)
            early += w.beats_s[i] < 5.0;
        for (size_t i = 0; i < count; i++)
            if (found[i].matched >= 0) {
                delays[delay_count++] = 1000.0 * (found[i].decided_s - w.beats_s[found[i].matched]);
                early_found += w.beats_s[found[i].matched] < 5.0;
            }
        t->early_missed += early - early_found;
        sds[r] = score_sd_ms(&at50);
        if (fs_hz == 0.0) {
            printf("%-8s %7.2f %7.2f %7.2f %7.2f %5zu %5zu %6.2f %6.2f %5.0f %5.0f\n", records[r], score_se(&at150),
                   score_ppv(&at150), score_f1(&at150), score_f1(&at50), at150.fp, at150.fn, score_sd_ms(&at150),
                   score_sd_ms(&at50), quantile(delays + first, delay_count - first, 0.5),
                   quantile(delays + first, delay_count - first, 0.95));
            struct found *other;
            size_t other_count = run(&w, -1.0f, w.length, &other);
            if (!same(found, count, other, other_count)) {
                printf("%s: other beats when inverted\n", records[r]);
                fine = false;
            }
            free(other);
            /* a file that ends anywhere gives the beats that were decided by then */
            size_t end = (r * 7919 + 1) * 12347 % w.length, kept = 0;
            other_count = run(&w, 1.0f, end, &other);
            while (kept < count && found[kept].decided_s * w.fs_hz < (double)end - 0.5)
                kept++;
            if (!same(found, kept, other, other_count)) {
                printf("%s: other beats when cut at %zu\n", records[r], end);
                fine = false;
            }
            free(other);
        }
        if (score_f1(&at150) < t->worst)
            t->worst = score_f1(&at150);
        score_add(&t->at150, &at150);
        score_add(&t->at50, &at50);
        if (!marked_elsewhere(records[r]))
            score_add(&t->same_lead, &at50);
        at50.error_square_s2 -= at50.error_sum_s * at50.error_sum_s / (double)at50.tp;
        at50.error_sum_s = 0.0;
        score_add(&t->level50, &at50);
        free(found);
        wave_free(&w);
    }
    t->median_sd_ms = 0.5 * (quantile(sds, RECORDS, 0.45) + quantile(sds, RECORDS, 0.55));
    t->median_delay_ms = quantile(delays, delay_count, 0.5);
    t->p95_delay_ms = quantile(delays, delay_count, 0.95);
    free(delays);
    return fine;
}

static int failures;

static void line(const char *what, double value, bool at_least, double bound, double target, const char *unit)
{
    bool fine = at_least ? value >= bound : value <= bound;
    printf("%-58s %8.2f %s (%s %.2f, target %.2f)%s\n", what, value, unit, at_least ? "least" : "most", bound, target,
           fine ? "" : "  FAILED");
    failures += !fine;
}

static void one_file(const char *name, const char *beats, double least, double target)
{
    char path[64];
    struct wave w;
    struct found *found;
    struct score s;
    snprintf(path, sizeof path, "wave/%s", name);
    if (!wave_load(&w, path, 0, beats)) {
        printf("%s cannot be read\n", path);
        exit(1);
    }
    size_t count = run(&w, 1.0f, w.length, &found);
    score_match(&w, found, count, 0.15, 0.0, &s);
    double low, high, n = (double)(2 * s.tp + s.fp + s.fn) / 2.0;
    score_wilson(score_f1(&s) / 100.0, n, &low, &high);
    char what[128];
    snprintf(what, sizeof what, "%s, %.0f Hz: F1, 95%% interval %.1f-%.1f", name, w.fs_hz, 100.0 * low, 100.0 * high);
    line(what, score_f1(&s), true, least, target, "%");
    free(found);
    wave_free(&w);
}

/* A recording that is read at half and at twice its rate, where the detector takes that rate, and at the right one. */
struct doubts {
    int asked[3], told[3];
};

static void doubt(const char *path, struct doubts *d)
{
    static const double factors[3] = {0.5, 1.0, 2.0};
    static const enum ob_ecg_rate_doubt right[3] = {OB_ECG_RATE_TOO_LOW, OB_ECG_RATE_FINE, OB_ECG_RATE_TOO_HIGH};
    struct wave w;
    if (!wave_load(&w, path, 0, NULL)) {
        printf("%s cannot be read\n", path);
        exit(1);
    }
    for (int k = 0; k < 3; k++) {
        struct ob_ecg *ecg = ob_ecg_create(factors[k] * w.fs_hz);
        if (!ecg)
            continue;
        struct ob_ecg_beat beat;
        for (size_t i = 0; i < w.length; i++)
            ob_ecg_push(ecg, w.x[i], &beat);
        d->asked[k]++;
        d->told[k] += ob_ecg_rate_doubt(ecg) == right[k];
        if (ob_ecg_rate_doubt(ecg) != right[k])
            printf("  %s at %.3g times its rate is %s\n", path, factors[k], k == 1 ? "doubted" : "not doubted");
        ob_ecg_destroy(ecg);
    }
    wave_free(&w);
}

/* Beside the annotated ones. On the first twelve published detectors agree about most beats; the last of those are
 * noisy. */
#define AGREED 12
static const char *const waves[] = {"nk_rest5",
                                    "nk_rest8",
                                    "bidmc_01",
                                    "h10_pvc",
                                    "edb_e0103",
                                    "edb_e0110",
                                    "byb_control_180504",
                                    "byb_respiracionOla_184721",
                                    "byb_respiracionesProfundas_55abdomen_183819",
                                    "byb_aguantandoRespiracion_pecho_182647",
                                    "nk_bad500",
                                    "ch15_a103l",
                                    "byb_S4_ECG_resting",
                                    "byb_S16_ECG_rest",
                                    "byb_S2_ECG_exercise",
                                    "byb_S21_ECG_rest",
                                    "nstdb_118e24",
                                    "nstdb_118e06"};

static void rate_doubts(void)
{
    struct doubts d = {0};
    char path[64];
    puts("\nsampling rate wrong by a factor of two:");
    for (size_t i = 0; i < RECORDS + sizeof waves / sizeof waves[0]; i++) {
        if (i < RECORDS)
            snprintf(path, sizeof path, "mitdb/%s", records[i]);
        else
            snprintf(path, sizeof path, "wave/%s", waves[i - RECORDS]);
        doubt(path, &d);
    }
    printf("told %d of %d at half the rate, %d of %d at twice the rate\n", d.told[0], d.asked[0], d.told[2],
           d.asked[2]);
    line("recordings read at half or twice their rate that are doubted",
         100.0 * (d.told[0] + d.told[2]) / (d.asked[0] + d.asked[2]), true, 85.0, 80.0, "%");
    line("recordings read at their own rate that are doubted", d.asked[1] - d.told[1], false, 0.0, 0.0, "  ");
}

static double second_lead_sd_ms(const char *record)
{
    char name[32];
    struct wave w;
    struct found *found;
    struct score s;
    snprintf(name, sizeof name, "mitdb/%s", record);
    if (!wave_load(&w, name, 1, "atr")) {
        printf("%s cannot be read\n", name);
        exit(1);
    }
    size_t count = run(&w, 1.0f, w.length, &found);
    score_match(&w, found, count, 0.05, 0.0, &s);
    free(found);
    wave_free(&w);
    return score_sd_ms(&s);
}

int main(void)
{
    if (!wave_data()) {
        puts("skipped: no recordings (OB_DATA)");
        return 77;
    }
    struct table native;
    if (!measure(0.0, &native))
        failures++;
    puts("");
    line("F1 at 150 ms", score_f1(&native.at150), true, 99.85, 99.75, "%");
    line("F1 at 50 ms", score_f1(&native.at50), true, 99.70, 98.90, "%");
    line("worst record", native.worst, true, 99.0, 96.0, "%");
    puts("SD of the timing error, about its mean, of beats within 50 ms:");
    line("  median over records", native.median_sd_ms, false, 2.2, 3.0, "ms");
    line("  all together, but for 114, 117, 217", score_sd_ms(&native.same_lead), false, 2.9, 3.0, "ms");
    line("  all together, each record about its own mean", score_sd_ms(&native.level50), false, 5.5, 3.0, "ms");
    line("  all together", score_sd_ms(&native.at50), false, 7.4, 3.0, "ms");
    line("  114 heard on its second lead", second_lead_sd_ms("114"), false, 2.0, 3.0, "ms");
    line("decision delay, median", native.median_delay_ms, false, 100.0, 100.0, "ms");
    line("decision delay, 95th percentile", native.p95_delay_ms, false, 250.0, 250.0, "ms");
    line("beats of the first 5 s that were missed", (double)native.early_missed, false, 2.0, 0.0, "  ");
    static const double rates[] = {100.0, 130.0, 250.0, 500.0};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        struct table t;
        char what[64];
        measure(rates[i], &t);
        snprintf(what, sizeof what, "F1 at 150 ms, resampled to %.0f Hz", rates[i]);
        double least = score_f1(&native.at150) - 0.3;
        line(what, score_f1(&t.at150), true, least, least, "%");
    }
    puts("\nrecordings that the weights were not fitted on (held out in turn, the 20 above: accuracy_ecg_fit --folds "
         "5,\n"
         "figures in docs/beats.md):");
    one_file("nstdb_118e24", "beats.csv", 99.5, 99.5);
    one_file("nstdb_118e06", "beats.csv", 92.0, 92.0);
    rate_doubts();
    puts("\nagainst beats on which five published detectors agree (no reference, only agreement):");
    for (size_t i = 0; i < AGREED; i++)
        one_file(waves[i], "consensus.csv", i < 10 ? 98.0 : 75.0, 99.0);
    printf("\n%s\n", failures ? "FAILED" : "all figures reached");
    return failures ? 1 : 0;
}
