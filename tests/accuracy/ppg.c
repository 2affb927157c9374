/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well the causal pulse detector finds the heart beats that an ECG, or a chest strap, shows at the same time; fails
 * below the stated figures. One lag a recording (0-500 ms: the pulse's travel), 150 ms of tolerance. "Target" is what
 * the project set itself, "least" what this test insists on: in bidmc_01 the finger gives no pulse for 11 s, in which
 * 17 beats pass, so that no beat detector of this record can honestly have more than about 98.9; what is left without
 * them is printed too. */
#include "signal/ppg.h"
#include "base/maths.h"
#include "motion.h"
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

/* Where the reference's own intervals jump by a third and back within a second or two, it is the reference that is
 * wrong: what lies there says nothing about the quality. Returns the seconds left out. */
static double leave_out_doubtful(struct wave *w)
{
    double out_s = 0.0;
    w->flutter_s = malloc((w->beat_count + 1) * sizeof *w->flutter_s);
    for (size_t i = 4; i + 4 < w->beat_count; i++) {
        double rr[7];
        for (size_t k = 0; k < 7; k++)
            rr[k] = w->beats_s[i - 3 + k] - w->beats_s[i - 4 + k];
        const double here = rr[3], usual = ob_median(rr, 7);
        if (fabs(log(here / usual)) < 0.3)
            continue;
        double from = w->beats_s[i] - 2.0;
        const double to = w->beats_s[i] + 2.0;
        if (w->flutter_count > 0 && w->flutter_s[w->flutter_count - 1][1] >= from) {
            from = w->flutter_s[w->flutter_count - 1][0];
            out_s -= w->flutter_s[--w->flutter_count][1] - from;
        }
        w->flutter_s[w->flutter_count][0] = from;
        w->flutter_s[w->flutter_count++][1] = to;
        out_s += to - from;
    }
    return out_s;
}

/* What is left of the errors outside of stretches in which the finger shows nothing at all. */
static void outside(struct wave *w, struct found *found, size_t count, double lag, double from_s, double to_s)
{
    struct score s;
    char what[160];
    w->flutter_s = malloc(sizeof *w->flutter_s);
    w->flutter_s[0][0] = from_s;
    w->flutter_s[0][1] = to_s;
    w->flutter_count = 1;
    score_match(w, found, count, 0.15, lag, &s);
    snprintf(what, sizeof what, "  without %.1f-%.1f s, where no pulse shows: F1, FP %zu, FN %zu", from_s, to_s, s.fp,
             s.fn);
    line(what, score_f1(&s), 99.6, 99.2);
}

static void against_ecg(const char *name, int channel, double least, double target, bool doubtful)
{
    struct wave w;
    struct found *found;
    struct score s;
    char what[160];
    size_t wrong;
    if (!load(&w, name, channel, "consensus.csv"))
        return;
    size_t count = run(&w, 1.0f, &found);
    const double lag = best_lag(&w, found, count, 0.0, 0.5, &s);
    snprintf(what, sizeof what, "%s: F1, lag %.0f ms, SD %.0f ms, FP %zu, FN %zu", name, 1000.0 * lag, score_sd_ms(&s),
             s.fp, s.fn);
    line(what, score_f1(&s), least, target);
    if (strcmp(name, "bidmc_01") == 0)
        outside(&w, found, count, lag, 91.3, 102.2);
    if (doubtful) {
        double auc = area(found, count, &wrong);
        printf("  area under ROC of the quality, %zu wrong beats: %.2f\n", wrong, auc);
        const double out_s = leave_out_doubtful(&w);
        score_match(&w, found, count, 0.15, lag, &s);
        auc = area(found, count, &wrong);
        snprintf(what, sizeof what, "  without %.0f s of doubtful reference: F1 %.1f, %zu wrong beats, area", out_s,
                 score_f1(&s), wrong);
        line(what, auc, 0.85, 0.85);
    }
    free(found);
    wave_free(&w);
}

static struct wave copy_of(const struct wave *w)
{
    struct wave copy = {.fs_hz = w->fs_hz, .length = w->length, .beat_count = w->beat_count};
    copy.x = malloc(w->length * sizeof *copy.x);
    memcpy(copy.x, w->x, w->length * sizeof *copy.x);
    copy.beats_s = malloc((w->beat_count + 1) * sizeof *copy.beats_s);
    memcpy(copy.beats_s, w->beats_s, w->beat_count * sizeof *copy.beats_s);
    return copy;
}

/* Movement of five kinds and three strengths over the two clean recordings. The constants were chosen with other
 * seeds. */
static void against_motion(void)
{
    static const char *const names[] = {"bidmc_01", "nk_rest5"};
    static const double strengths[] = {0.3, 0.7, 1.5};
    double all = 0.0;
    puts("\nmovement laid over bidmc_01 and nk_rest5, F1 at strengths 0.3, 0.7, 1.5, then area under ROC:");
    for (int kind = 0; kind < MOTION_KINDS; kind++) {
        double f1[3] = {0.0}, auc = 0.0;
        int measured = 0;
        for (int k = 0; k < 3; k++)
            for (unsigned seed = 0; seed < 6; seed++) {
                struct wave clean, w;
                struct found *found;
                struct score s;
                size_t wrong;
                if (!load(&clean, names[seed % 2], 1, "consensus.csv"))
                    return;
                w = copy_of(&clean);
                motion_add(&w, (enum motion)kind, strengths[k], 101 + seed);
                const size_t count = run(&w, 1.0f, &found);
                best_lag(&w, found, count, 0.0, 0.5, &s);
                f1[k] += score_f1(&s) / 6.0;
                const double here = area(found, count, &wrong);
                if (wrong >= 10) {
                    auc += here;
                    measured++;
                }
                free(found);
                wave_free(&w);
                wave_free(&clean);
            }
        auc /= measured;
        all += auc / MOTION_KINDS;
        char what[96];
        snprintf(what, sizeof what, "%-8s %5.1f %5.1f %5.1f, area", motion_names[kind], f1[0], f1[1], f1[2]);
        line(what, auc, 0.85, 0.85);
        /* reached, less a third of a point: nothing may get lost by the way */
        static const double least[MOTION_KINDS] = {96.0, 93.4, 90.2, 96.0, 98.1};
        line("         mean F1", (f1[0] + f1[1] + f1[2]) / 3.0, least[kind], least[kind]);
    }
    line("area under ROC of the quality, mean of the five", all, 0.85, 0.85);
}

static void against_wrist(const char *what, double effort, double strength, double least, double target)
{
    double f1 = 0.0;
    for (unsigned seed = 0; seed < 6; seed++) {
        struct wave w;
        struct found *found;
        struct score s;
        motion_wrist(&w, seed % 2 ? 125.0 : 50.0, effort, strength, 101 + seed);
        const size_t count = run(&w, 1.0f, &found);
        best_lag(&w, found, count, -0.2, 0.3, &s);
        f1 += score_f1(&s) / 6.0;
        free(found);
        wave_free(&w);
    }
    line(what, f1, least, target);
}

/* Median difference of found from true intervals, of those whose beats were both found. */
static double rr_error_ms(const struct wave *ref, const struct found *found, size_t count)
{
    double *off = malloc((count + 1) * sizeof *off);
    size_t pairs = 0;
    for (size_t i = 1; i < count; i++)
        if (found[i].matched > 0 && found[i - 1].matched == found[i].matched - 1)
            off[pairs++] = 1000.0 * fabs(found[i].t_s - found[i - 1].t_s - ref->beats_s[found[i].matched] +
                                         ref->beats_s[found[i].matched - 1]);
    const double median = pairs > 0 ? ob_median(off, pairs) : (double)NAN;
    free(off);
    return median;
}

static bool load_strap(const char *name, double *at, struct wave *ref_out)
{
    char path[1024];
    double rr;
    snprintf(path, sizeof path, "%s/rr/%s.rr.txt", wave_data(), name);
    FILE *f = fopen(path, "r");
    if (!f) {
        printf("%s cannot be read\n", path);
        failures++;
        return false;
    }
    *ref_out = (struct wave){.beats_s = at, .beat_count = 1};
    at[0] = 0.0;
    while (ref_out->beat_count < 2048 && fscanf(f, "%lf", &rr) == 1) {
        at[ref_out->beat_count] = at[ref_out->beat_count - 1] + rr / 1000.0;
        ref_out->beat_count++;
    }
    fclose(f);
    return true;
}

/* A phone's camera at 30 Hz beside a strap: the strap's beats are the sum of its RR, with an unknown start. */
static void against_strap(void)
{
    int good = 0, inverted_good = 0;
    puts("camera at 30 Hz against a strap: F1 of red, red inverted, green, blue; median error of RR in red");
    for (int k = 1; k <= 10; k++) {
        char name[32];
        static double at[2048];
        double f1[4], rr_ms = 0.0;
        struct wave ref;
        snprintf(name, sizeof name, "welltory_%02d", k);
        if (!load_strap(name, at, &ref))
            return;
        for (int way = 0; way < 4; way++) {
            struct wave w;
            struct found *found;
            struct score s;
            if (!load(&w, name, way < 2 ? 0 : way - 1, NULL))
                return;
            size_t count = run(&w, way == 1 ? -1.0f : 1.0f, &found);
            best_lag(&ref, found, count, -30.0, 30.0, &s);
            f1[way] = score_f1(&s);
            if (way == 0)
                rr_ms = rr_error_ms(&ref, found, count);
            free(found);
            wave_free(&w);
        }
        printf("%s  %5.1f %5.1f %5.1f %5.1f %5.0f ms\n", name, f1[0], f1[1], f1[2], f1[3], rr_ms);
        good += f1[0] >= 85.0;
        inverted_good += f1[1] >= 85.0;
    }
    line("of ten camera recordings, F1 of 85 or more", (double)good, 9.0, 7.0);
    line("the same inverted", (double)inverted_good, 9.0, 7.0);
}

int main(void)
{
    if (!wave_data()) {
        puts("skipped: no recordings (OB_DATA)");
        return 77;
    }
    against_ecg("bidmc_01", 1, 98.85, 99.2, false);
    against_ecg("nk_rest5", 1, 99.6, 99.6, false);
    against_ecg("ch15_a103l", 2, 95.0, 84.0, true);
    against_motion();
    puts("\nsimulated wrists, standing and on a treadmill, steps 0.25 to 1 times as large as the pulses: F1");
    against_wrist("standing", 0.0, 0.0, 99.0, 95.0);
    against_wrist("walking, 0.25", 0.4, 0.25, 97.0, 88.0);
    against_wrist("walking and running, 0.25", 1.0, 0.25, 97.0, 88.0);
    against_wrist("walking and running, 0.5", 1.0, 0.5, 97.5, 88.0);
    against_wrist("walking and running, 1", 1.0, 1.0, 91.0, 88.0);
    puts("");
    against_strap();
    printf("\n%s\n", failures ? "FAILED" : "all figures reached");
    return failures ? 1 : 0;
}
