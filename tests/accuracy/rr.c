/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Artefact correction, live and offline: planted artefacts in clean recordings, and ectopy as cardiologists marked it.
 *
 * Prints the tables and fails below the figures of the issue. Skips, saying so, without the recordings. */
#include "signal/rr.h"
#include "base/maths.h"
#include "base/rng.h"
#include "signal/rr_offline.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BEATS 130000

enum fault {
    FAULT_NONE,
    FAULT_ECTOPIC,
    FAULT_MISSED,
    FAULT_EXTRA,
    FAULTS,
};

static const char *const fault_names[FAULTS] = {"clean", "ectopic", "missed", "extra"};

static double clean_rr[MAX_BEATS], dirty_rr[MAX_BEATS];
static unsigned char truth[MAX_BEATS]; /* enum fault of each dirty interval */
static unsigned char kinds[MAX_BEATS];
static int failures;

static const char *data_dir(void)
{
    const char *dir = getenv("OB_DATA");
    return dir && *dir ? dir : OB_TEST_DATA_DEFAULT;
}

static FILE *open_data(const char *format, ...)
{
    char path[1024];
    int used = snprintf(path, sizeof path, "%s/", data_dir());
    va_list args;
    va_start(args, format);
    vsnprintf(path + used, sizeof path - (size_t)used, format, args);
    va_end(args);
    return fopen(path, "rb");
}

static size_t load_rr(const char *name, size_t from, size_t most, double *rr)
{
    FILE *file = open_data("rr/%s.rr.txt", name);
    if (!file)
        return 0;
    size_t count = 0, line = 0;
    double value;
    while (count < most && fscanf(file, "%lf", &value) == 1) {
        if (line++ >= from)
            rr[count++] = value;
    }
    fclose(file);
    return count;
}

struct tally {
    size_t planted[FAULTS], found[FAULTS];
    size_t untouched, accused;
    double rmssd_clean, rmssd_after, rmssd_before;
};

static double rmssd_series(const struct ob_nn_list *series)
{
    double sum = 0.0;
    size_t count = 0;
    for (size_t i = 1; i < series->count; i++) {
        if (!series->items[i].joined)
            continue;
        double step = series->items[i].nn_ms - series->items[i - 1].nn_ms;
        sum += step * step;
        count++;
    }
    return count ? sqrt(sum / (double)count) : 0.0;
}

static double rmssd_plain(const double *rr, size_t count)
{
    double sum = 0.0;
    for (size_t i = 1; i < count; i++)
        sum += (rr[i] - rr[i - 1]) * (rr[i] - rr[i - 1]);
    return sqrt(sum / (double)(count - 1));
}

/* Spoils about share of the beats, never two within five of each other. Length of the result. */
static size_t plant(const double *rr, size_t count, double share, uint64_t seed, double *out)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, 77);
    size_t length = 0;
    double mean_gap = 1.0 / share - 5.0;
    double wait = 12.0 + ob_rng_exponential(&rng, mean_gap);
    for (size_t i = 0; i < count; i++) {
        wait -= 1.0;
        if (wait > 0.0 || i + 8 > count) {
            truth[length] = FAULT_NONE;
            out[length++] = rr[i];
            continue;
        }
        wait = 5.0 + ob_rng_exponential(&rng, mean_gap);
        enum fault fault = (enum fault)(1 + (int)(ob_rng_u32(&rng) % 3));
        if (fault == FAULT_ECTOPIC) {
            double early = ob_rng_range(&rng, 0.10, 0.40) * rr[i];
            truth[length] = truth[length + 1] = FAULT_ECTOPIC;
            out[length++] = rr[i] - early;
            out[length++] = rr[i + 1] + early;
            i++;
        } else if (fault == FAULT_MISSED) {
            truth[length] = FAULT_MISSED;
            out[length++] = rr[i] + rr[i + 1];
            i++;
        } else {
            double cut = ob_rng_range(&rng, 0.20, 0.80) * rr[i];
            truth[length] = truth[length + 1] = FAULT_EXTRA;
            out[length++] = cut;
            out[length++] = rr[i] - cut;
        }
    }
    return length;
}

enum method {
    LIVE,
    OFFLINE,
    PUBLISHED,
    METHODS,
};

static const char *const method_names[METHODS] = {"live", "offline", "published"};

/* Fills kinds and series. */
static bool correct(enum method method, const double *rr, size_t count, struct ob_nn_list *series)
{
    struct ob_rr_report report;
    if (method != LIVE) {
        struct ob_rr_offline_options options = {.published_only = method == PUBLISHED};
        ob_rr_offline(rr, count, 0.0, &options, kinds, series, &report);
        return report.usable;
    }
    struct ob_rr_causal causal;
    struct ob_rr_out out[OB_RR_OUT_MAX];
    ob_rr_causal_init(&causal);
    size_t decided = 0;
    bool joined = false;
    for (size_t i = 0; i <= count; i++) {
        int got;
        if (i < count && rr[i] <= OB_RR_HOLE_MS) {
            struct ob_rr_in in = {.rr_ms = rr[i], .confidence_01 = 1.0f};
            got = ob_rr_causal_push(&causal, &in, out);
        } else {
            got = ob_rr_causal_gap(&causal, out);
            causal.after_gap = false; /* these intervals are whole ones: the recording says where the gaps are */
        }
        for (int k = 0; k < got; k++) {
            kinds[decided++] = (unsigned char)out[k].kind;
            for (uint32_t part = 0; part < out[k].parts; part++) {
                ob_nn_list_add(series, (struct ob_nn){.nn_ms = out[k].nn_ms, .joined = joined});
                joined = true;
            }
            if (out[k].parts == 0 && out[k].kind != OB_RR_EXTRA)
                joined = false;
        }
        if (i < count && rr[i] > OB_RR_HOLE_MS) {
            kinds[decided++] = OB_RR_GAP;
            joined = false;
        }
    }
    return true;
}

static bool show; /* list every wrong judgement: OB_SHOW=1 in the environment */

static void show_beats(const char *what, size_t at, size_t count)
{
    printf("  %-8s", what);
    for (size_t i = at > 6 ? at - 6 : 0; i < at + 6 && i < count; i++)
        printf(" %s%.0f%c", i == at ? ">" : "", dirty_rr[i], ".EMXLSG"[kinds[i]]);
    printf("\n");
}

static void tally_up(size_t count, struct tally *tally)
{
    for (size_t i = 0; i < count; i++) {
        bool accused = kinds[i] != OB_RR_NORMAL;
        if (truth[i] == FAULT_NONE) {
            tally->untouched++;
            tally->accused += accused;
            if (accused && show)
                show_beats("accused", i, count);
            continue;
        }
        bool two = truth[i] != FAULT_MISSED;
        tally->planted[truth[i]]++;
        bool found = accused || (two && kinds[i + 1] != OB_RR_NORMAL);
        tally->found[truth[i]] += found;
        if (!found && show)
            show_beats("missed", i, count);
        i += two;
    }
}

static double percent(size_t part, size_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : (double)NAN;
}

struct recording {
    const char *name;
    size_t from, most;
};

/* Recordings and stretches without artefacts of their own: the short ones are whole; of the day-long ones, the longest
 * parts in which no two neighbours differ by a fifth (looked for once, by that rule alone). */
static const struct recording clean[] = {
    {"rb_rest", 0, MAX_BEATS},        {"h10_dhyb", 0, MAX_BEATS},        {"meditation_pre", 0, MAX_BEATS},
    {"pyhrv_nni_long", 0, MAX_BEATS}, {"pyhrv_nni_short", 0, MAX_BEATS}, {"welltory_02", 0, MAX_BEATS},
    {"welltory_03", 0, MAX_BEATS},    {"welltory_05", 0, MAX_BEATS},     {"welltory_06", 0, MAX_BEATS},
    {"welltory_07", 0, MAX_BEATS},    {"welltory_08", 0, MAX_BEATS},     {"welltory_09", 0, MAX_BEATS},
    {"nsr2_nsr001", 4751, 2500},      {"nsr2_nsr001", 29333, 2500},      {"nsr2_nsr001", 37651, 2500},
    {"nsr2_nsr001", 97759, 2500},     {"rr_nsr004", 41970, 2500},        {"rr_nsr004", 63109, 2500},
    {"rr_nsr004", 68410, 2500},       {"rr_nsr004", 76623, 2500},        {"rr_nsr007", 19319, 2500},
    {"rr_nsr007", 40184, 2500},       {"rr_nsr007", 51892, 2500},        {"rr_nsr007", 59716, 2500},
    {"rr_chf203", 17365, 1220},       {"rr_chf203", 35042, 1305},        {"rr_chf203", 73498, 1478},
    {"rr_chf203", 81960, 1051},
};

static void demand(bool met, const char *what, double got, double wanted)
{
    if (met)
        return;
    printf("FAILED: %s is %.3f, wanted %.3f\n", what, got, wanted);
    failures++;
}

static void planted_table(void)
{
    static const double shares[] = {0.01, 0.03, 0.05};
    printf("%-16s %-9s %5s  %7s %7s %7s  %7s  %8s %8s\n", "recording", "method", "share", "ectopic", "missed", "extra",
           "specif", "rmssd", "after");
    for (int method = 0; method < METHODS; method++) {
        struct tally all = {.untouched = 0};
        double worst_rmssd = 0.0;
        for (size_t r = 0; r < sizeof clean / sizeof *clean; r++) {
            size_t length = load_rr(clean[r].name, clean[r].from, clean[r].most, clean_rr);
            if (length < 50)
                continue;
            for (size_t s = 0; s < sizeof shares / sizeof *shares; s++) {
                size_t dirty = plant(clean_rr, length, shares[s], 1000 * r + s, dirty_rr);
                struct ob_nn_list series = {.items = NULL};
                correct((enum method)method, dirty_rr, dirty, &series);
                struct tally one = {.untouched = 0};
                tally_up(dirty, &one);
                double before = rmssd_plain(clean_rr, length), after = rmssd_series(&series);
                ob_nn_list_finish(&series);
                double off = 100.0 * (after / before - 1.0);
                if (length > 300 && fabs(off) > fabs(worst_rmssd))
                    worst_rmssd = off;
                printf("%-16s %-9s %4.0f%%  %7.2f %7.2f %7.2f  %7.3f  %8.2f %+7.2f%%\n", clean[r].name,
                       method_names[method], 100.0 * shares[s], percent(one.found[1], one.planted[1]),
                       percent(one.found[2], one.planted[2]), percent(one.found[3], one.planted[3]),
                       100.0 - percent(one.accused, one.untouched), before, off);
                for (int f = 0; f < FAULTS; f++) {
                    all.planted[f] += one.planted[f];
                    all.found[f] += one.found[f];
                }
                all.untouched += one.untouched;
                all.accused += one.accused;
            }
        }
        size_t planted = all.planted[1] + all.planted[2] + all.planted[3];
        size_t found = all.found[1] + all.found[2] + all.found[3];
        printf("ALL %-9s sensitivity %.2f%% (%s %.2f, %s %.2f, %s %.2f) specificity %.3f%% worst rmssd %+.2f%%\n\n",
               method_names[method], percent(found, planted), fault_names[1], percent(all.found[1], all.planted[1]),
               fault_names[2], percent(all.found[2], all.planted[2]), fault_names[3],
               percent(all.found[3], all.planted[3]), 100.0 - percent(all.accused, all.untouched), worst_rmssd);
        if (method == PUBLISHED) /* shown for comparison */
            continue;
        demand(percent(found, planted) >= 98.0, "sensitivity in percent", percent(found, planted), 98.0);
        demand(percent(all.accused, all.untouched) <= 0.5, "specificity in percent",
               100.0 - percent(all.accused, all.untouched), 99.5);
        demand(fabs(worst_rmssd) <= 5.0, "error of RMSSD after correction in percent", worst_rmssd, 5.0);
    }
}

/* One annotated record: intervals between beats, and whether the beat at the end of each came too early. */
static size_t load_atr(const char *name, double *rr, unsigned char *premature)
{
    FILE *file = open_data("mitdb/%s.atr", name);
    if (!file)
        return 0;
    static const char is_beat[64] = {
        [1] = 1,  [2] = 1,  [3] = 1,  [4] = 2,  [5] = 2,  [6] = 1,  [7] = 2,  [8] = 2,  [9] = 2, [10] = 1,
        [11] = 1, [12] = 1, [13] = 1, [25] = 1, [30] = 1, [34] = 1, [35] = 1, [38] = 1, [41] = 2};
    unsigned char word[4];
    long sample = 0, last = -1;
    size_t count = 0;
    while (fread(word, 1, 2, file) == 2) {
        int type = word[1] >> 2, step = ((word[1] & 3) << 8) | word[0];
        if (type == 0 && step == 0)
            break;
        if (type == 59) {
            if (fread(word, 1, 4, file) != 4)
                break;
            sample += (long)word[2] | (long)word[3] << 8 | (long)word[0] << 16 | (long)word[1] << 24;
        } else if (type == 63) {
            fseek(file, (step + 1) & ~1, SEEK_CUR);
        } else if (type < 59) {
            sample += step;
            if (is_beat[type]) {
                if (last >= 0) {
                    rr[count] = (double)(sample - last) * 1000.0 / 360.0;
                    premature[count++] = is_beat[type] == 2;
                }
                last = sample;
            }
        }
    }
    fclose(file);
    return count;
}

/* The same of the day-long recordings with labels: a line a beat, sample at 128 Hz and symbol. */
static size_t load_labels(const char *name, double *rr, unsigned char *premature)
{
    FILE *file = open_data("rr/%s.beats.csv", name);
    if (!file)
        return 0;
    char line[64];
    long sample, last = -1;
    char symbol;
    size_t count = 0;
    while (count < MAX_BEATS && fgets(line, sizeof line, file)) {
        if (sscanf(line, "%ld,%c", &sample, &symbol) != 2)
            continue;
        if (last >= 0) {
            rr[count] = (double)(sample - last) * 1000.0 / 128.0;
            premature[count++] = strchr("VASJar", symbol) != NULL;
        }
        last = sample;
    }
    fclose(file);
    return count;
}

static void ectopy_table(void)
{
    static const char *const names[] = {"100", "103", "105", "106",        "112",        "114",        "117", "119",
                                        "121", "200", "203", "207",        "210",        "213",        "217", "222",
                                        "228", "231", "234", "ltdb_14046", "ltdb_14157", "nsr2_nsr001"};
    for (int method = 0; method < METHODS; method++) {
        printf("%-12s %-9s %9s %10s %8s\n", "record", "method", "premature", "recognised", "specif");
        size_t all_premature = 0, all_found = 0;
        int many = 0, given_up = 0;
        for (size_t r = 0; r < sizeof names / sizeof *names; r++) {
            static unsigned char premature[MAX_BEATS];
            size_t count = names[r][0] <= '9' ? load_atr(names[r], dirty_rr, premature)
                                              : load_labels(names[r], dirty_rr, premature);
            if (!count)
                continue;
            struct ob_nn_list series = {.items = NULL};
            bool usable = correct((enum method)method, dirty_rr, count, &series);
            ob_nn_list_finish(&series);
            size_t total = 0, found = 0, ordinary = 0, accused = 0;
            for (size_t i = 0; i < count; i++) {
                bool next = i + 1 < count && kinds[i + 1] != OB_RR_NORMAL;
                if (premature[i]) {
                    total++;
                    bool recognised = kinds[i] != OB_RR_NORMAL || (next && !premature[i + 1]);
                    found += recognised;
                    if (!recognised && show)
                        show_beats("missed", i, count);
                } else if (!(i > 0 && premature[i - 1]) && !(i + 1 < count && premature[i + 1])) {
                    ordinary++;
                    accused += kinds[i] != OB_RR_NORMAL;
                }
            }
            double share = (double)total / (double)count;
            printf("%-12s %-9s %8.1f%% %9.2f%% %7.2f%% %s\n", names[r], method_names[method], 100.0 * share,
                   percent(found, total), 100.0 - percent(accused, ordinary), usable ? "" : "unusable");
            bool flutter = strcmp(names[r], "207") == 0;
            bool fibrillates = strcmp(names[r], "203") == 0; /* no level that a beat could be early against */
            if (share >= 0.10 && !flutter && !fibrillates) {
                all_premature += total;
                all_found += found;
                many++;
                given_up += !usable;
                /* 200 has runs of three and more, in which there is little to be early against */
                double least = strcmp(names[r], "200") == 0 ? 89.0 : 98.0;
                if (method != PUBLISHED)
                    demand(percent(found, total) >= least, "premature beats recognised in this record",
                           percent(found, total), least);
            }
        }
        double recognised = percent(all_found, all_premature);
        printf(
            "ALL %-9s with 10%% or more premature (not 203: fibrillation, 207: flutter): %.2f%%, %d of %d unusable\n\n",
            method_names[method], recognised, given_up, many);
        if (method != PUBLISHED && many > 0) {
            demand(recognised >= 90.0, "premature beats recognised in percent", recognised, 90.0);
            demand(5 * given_up <= many, "records declared unusable", given_up, many / 5.0);
        }
    }
}

int main(void)
{
    if (load_rr("rb_rest", 0, 10, clean_rr) == 0) {
        printf("skipped: no recordings in %s\n", data_dir());
        return 77;
    }
    show = getenv("OB_SHOW") != NULL;
    planted_table();
    ectopy_table();
    return failures ? 1 : 0;
}
