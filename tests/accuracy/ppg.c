/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well the causal pulse detector finds the heart beats that an ECG, or a chest strap, shows at the same time; fails
 * below the stated figures. One lag a recording (0-500 ms: the pulse's travel), 150 ms of tolerance. "Target" is what
 * the project set itself, "least" what this test insists on: in bidmc_01 the finger gives no pulse for 11 s, in which
 * 17 beats pass, so that no beat detector of this record can honestly have more than about 98.9. */
#include "signal/ppg.h"
#include "base/rng.h"
#include "score.h"
#include "wave.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static size_t run(const struct wave *w, float sign, struct found **found_out)
{
    struct ob_ppg *ppg = ob_ppg_create(w->fs_hz);
    size_t count = 0, room = 1024;
    struct found *found = malloc(room * sizeof *found);
    for (size_t i = 0; i < w->length; i++) {
        struct ob_ppg_beat beat;
        if (!ob_ppg_push(ppg, sign * w->x[i], &beat))
            continue;
        if (count == room)
            found = realloc(found, (room *= 2) * sizeof *found);
        found[count++] = (struct found){.t_s = beat.index / w->fs_hz,
                                        .decided_s = (double)beat.decided / w->fs_hz,
                                        .confidence = (double)beat.quality_01};
    }
    ob_ppg_destroy(ppg);
    *found_out = found;
    return count;
}

static double best_lag(const struct wave *ref, struct found *found, size_t count, double from, double to,
                       struct score *score_out)
{
    double best = from;
    *score_out = (struct score){0};
    for (double lag = from; lag <= to + 1e-9; lag += 0.01) {
        struct score s;
        score_match(ref, found, count, 0.15, lag, &s);
        if (score_f1(&s) > score_f1(score_out)) {
            *score_out = s;
            best = lag;
        }
    }
    score_match(ref, found, count, 0.15, best, score_out);
    return best;
}

/* Area under the ROC curve of "quality tells right from wrong beats" (Mann and Whitney's U). */
static double area(const struct found *found, size_t count, size_t *wrong_out)
{
    double wins = 0.0, pairs = 0.0;
    *wrong_out = 0;
    for (size_t k = 0; k < count; k++) {
        if (found[k].matched != -1)
            continue;
        ++*wrong_out;
        for (size_t i = 0; i < count; i++)
            if (found[i].matched >= 0) {
                pairs += 1.0;
                wins += found[i].confidence > found[k].confidence    ? 1.0
                        : found[i].confidence == found[k].confidence ? 0.5
                                                                     : 0.0;
            }
    }
    return pairs > 0.0 ? wins / pairs : 1.0;
}

/* Strokes and swings of a moving hand in 15 s of every 30, up to three times the signal's own spread. */
static void move_hand(struct wave *w, uint64_t seed)
{
    struct ob_rng g;
    ob_rng_init(&g, seed, 0);
    double mean = 0.0, spread = 0.0, swing = 0.0, to = 0.0, slow = 0.0;
    for (size_t i = 0; i < w->length; i++)
        mean += (double)w->x[i] / (double)w->length;
    for (size_t i = 0; i < w->length; i++)
        spread += fabs((double)w->x[i] - mean) / (double)w->length;
    for (size_t i = 0; i < w->length; i++) {
        bool moving = fmod((double)i / w->fs_hz, 30.0) > 15.0;
        if (ob_rng_uniform(&g) < 2.0 / w->fs_hz)
            to = moving ? 3.0 * ob_rng_normal(&g) : 0.0;
        slow += 12.0 / w->fs_hz * (to - slow);
        swing += 12.0 / w->fs_hz * (slow - swing);
        w->x[i] += (float)(spread * swing);
    }
}

static void line(const char *what, double value, double least, double target)
{
    printf("%-62s %7.2f (least %.2f, target %.2f)%s\n", what, value, least, target, value < least ? "  FAILED" : "");
    failures += value < least;
}

static bool load(struct wave *w, const char *name, int channel, const char *beats)
{
    char path[64];
    snprintf(path, sizeof path, "wave/%s", name);
    if (wave_load(w, path, channel, beats))
        return true;
    printf("%s cannot be read\n", path);
    failures++;
    return false;
}

static void against_ecg(const char *name, int channel, double least, double target)
{
    struct wave w;
    if (!load(&w, name, channel, "consensus.csv"))
        return;
    char what[160];
    for (int moved = 0; moved < 2; moved++) {
        struct found *found;
        struct score s;
        size_t wrong;
        if (moved)
            move_hand(&w, 5);
        size_t count = run(&w, 1.0f, &found);
        double lag = best_lag(&w, found, count, 0.0, 0.5, &s), auc = area(found, count, &wrong);
        snprintf(what, sizeof what, "%s%s: F1, lag %.0f ms, SD %.0f ms, FP %zu, FN %zu", name,
                 moved ? ", hand moving half the time" : "", 1000.0 * lag, score_sd_ms(&s), s.fp, s.fn);
        line(what, score_f1(&s), moved ? 0.0 : least, moved ? 0.0 : target);
        snprintf(what, sizeof what, "  area under ROC of the quality, %zu wrong beats", wrong);
        /* ch15_a103l's own reference is wrong in places: its detectors agree on 0.80 of the beats only */
        if (wrong >= 10)
            line(what, auc, strcmp(name, "ch15_a103l") == 0 ? 0.65 : 0.80, 0.85);
        free(found);
    }
    wave_free(&w);
}

/* A phone's camera at 30 Hz beside a strap: the strap's beats are the sum of its RR, with an unknown start. */
static void against_strap(void)
{
    int good = 0;
    for (int k = 1; k <= 10; k++) {
        char name[32], path[1024];
        snprintf(name, sizeof name, "welltory_%02d", k);
        snprintf(path, sizeof path, "%s/rr/%s.rr.txt", wave_data(), name);
        FILE *f = fopen(path, "r");
        if (!f) {
            printf("%s cannot be read\n", path);
            failures++;
            return;
        }
        double at[2048] = {0.0}, rr;
        struct wave ref = {.beats_s = at, .beat_count = 1};
        while (ref.beat_count < 2048 && fscanf(f, "%lf", &rr) == 1) {
            at[ref.beat_count] = at[ref.beat_count - 1] + rr / 1000.0;
            ref.beat_count++;
        }
        fclose(f);
        double f1[2];
        for (int inverted = 0; inverted < 2; inverted++) {
            struct wave w;
            struct found *found;
            struct score s;
            if (!load(&w, name, 0, NULL))
                return;
            size_t count = run(&w, inverted ? -1.0f : 1.0f, &found);
            best_lag(&ref, found, count, -30.0, 30.0, &s);
            f1[inverted] = score_f1(&s);
            free(found);
            wave_free(&w);
        }
        printf("%s, camera's red channel at 30 Hz: F1 %.1f, inverted %.1f\n", name, f1[0], f1[1]);
        good += f1[0] >= 85.0;
    }
    line("of ten camera recordings, F1 of 85 or more", (double)good, 7.0, 7.0);
}

int main(void)
{
    if (!wave_data()) {
        puts("skipped: no recordings (OB_DATA)");
        return 77;
    }
    against_ecg("bidmc_01", 1, 98.7, 99.2);
    against_ecg("nk_rest5", 1, 99.6, 99.6);
    against_ecg("ch15_a103l", 2, 93.0, 84.0);
    against_strap();
    printf("\n%s\n", failures ? "FAILED" : "all figures reached");
    return failures ? 1 : 0;
}
