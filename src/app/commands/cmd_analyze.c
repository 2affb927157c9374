/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath analyze FILE...: the report metrics of recordings, many at a time. */
#include "app/commands.h"
#include "app/commands/analysis.h"
#include "app/commands/analysis_print.h"
#include "app/commands/progress.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/say.h"
#include "os/file.h"
#include "plot/plot.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WORKERS_MAX 16

struct analyze_options {
    const char *kind, *channel, *plot;
    double fs_hz, from_s, to_s, breath_brpm;
    bool json, csv, raw, help;
};

#define AT(field) offsetof(struct analyze_options, field)
static const struct ob_option table[] = {
    {"from", OB_OPTION_NUMBER, AT(from_s), 0, 1e9, "S", "from this time on, seconds from the start"},
    {"to", OB_OPTION_NUMBER, AT(to_s), 0, 1e9, "S", "up to this time"},
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "for programs: one object, or an array for several files"},
    {"csv", OB_OPTION_FLAG, AT(csv), 0, 0, NULL, "a row a file"},
    {"raw", OB_OPTION_FLAG, AT(raw), 0, 0, NULL, "intervals as measured, without artefact correction"},
    {"plot", OB_OPTION_TEXT, AT(plot), 0, 0, "FILE", "tachogram and spectrum as .png, .pdf or .svg (one recording)"},
    OB_FILE_BEATS_OPTIONS(AT(kind), AT(channel), AT(fs_hz)),
    {"breath", OB_OPTION_NUMBER, AT(breath_brpm), 1, 60, "BRPM",
     "breathing rate as it was measured, for the power at it"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

/* What the workers share. Immutable after start but for the atomics. */
struct crew {
    const struct analyze_options *options;
    const char **paths;
    size_t count;
    struct ob_analysis *analyses;
    _Atomic int *done_permille; /* a number for each file */
    _Atomic size_t next;
    _Atomic size_t finished;
    pthread_mutex_t planner; /* around everything that plans a transform */
};

static void *work(void *argument)
{
    struct crew *crew = argument;
    pthread_mutex_lock(&crew->planner);
    struct ob_psd *psd = ob_psd_create();
    pthread_mutex_unlock(&crew->planner);
    size_t i;
    while ((i = atomic_fetch_add(&crew->next, 1)) < crew->count) {
        const struct ob_analysis_desc desc = {.path = crew->paths[i],
                                              .kind = crew->options->kind,
                                              .channel = crew->options->channel,
                                              .fs_hz = crew->options->fs_hz,
                                              .from_s = crew->options->from_s,
                                              .to_s = crew->options->to_s,
                                              .breath_brpm = crew->options->breath_brpm,
                                              .raw = crew->options->raw};
        if (psd && !ob_interrupted())
            (void)ob_analysis_run(&desc, psd, &crew->analyses[i], &crew->done_permille[i]);
        else
            snprintf(crew->analyses[i].sentence, sizeof crew->analyses[i].sentence, "%.200s: %s.", crew->paths[i],
                     psd ? "interrupted" : "there is not enough memory");
        atomic_store(&crew->done_permille[i], 1000);
        atomic_fetch_add(&crew->finished, 1);
    }
    pthread_mutex_lock(&crew->planner);
    ob_psd_destroy(psd);
    pthread_mutex_unlock(&crew->planner);
    return NULL;
}

/* Runs all files on as many threads as there are processors, this one watching. False when no thread could start. */
static bool run(struct crew *crew)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = processors > 1 ? (size_t)processors : 1;
    wanted = wanted > WORKERS_MAX ? WORKERS_MAX : wanted;
    wanted = wanted > crew->count ? crew->count : wanted;
    pthread_t threads[WORKERS_MAX];
    size_t started = 0;
    while (started < wanted && pthread_create(&threads[started], NULL, work, crew) == 0)
        started++;
    while (started > 0 && atomic_load(&crew->finished) < crew->count) {
        double done = 0.0;
        for (size_t i = 0; i < crew->count; i++)
            done += atomic_load_explicit(&crew->done_permille[i], memory_order_relaxed) / 1000.0;
        ob_progress_show("analysing", done / (double)crew->count);
        const struct timespec moment = {.tv_nsec = 5 * 1000 * 1000};
        nanosleep(&moment, NULL);
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    ob_progress_clear();
    return started > 0;
}

static int plot(const char *path, const struct ob_analysis *a)
{
    const char *slash = strrchr(a->path, '/');
    char note[160];
    snprintf(note, sizeof note, "%s from %s%s%.40s, %zu intervals, %.1f%% artefacts (diamonds: corrected)",
             ob_analysis_label(a), ob_analysis_source(a), a->channel[0] ? " " : "", a->channel, a->list.count,
             100.0 * a->artefact_share_01);
    const struct ob_plot_desc desc = {
        .title = slash ? slash + 1 : a->path, .note = note, .list = &a->list, .spectra = &a->report.spectra};
    enum ob_plot_format format;
    unsigned char *bytes;
    size_t size;
    if (!ob_plot_format_of(path, &format) || !ob_plot_report(&desc, format, &bytes, &size)) {
        fprintf(stderr, "outbreath: the picture could not be made.\n");
        return OB_EXIT_FAILED;
    }
    const enum ob_err err = ob_file_write_atomic(path, bytes, size);
    free(bytes);
    if (err != OB_OK) {
        fprintf(stderr, "outbreath: %s could not be written: %s.\n", path, ob_err_text(err));
        return OB_EXIT_FAILED;
    }
    return OB_EXIT_DONE;
}

static bool sound(const struct analyze_options *options, size_t files)
{
    enum ob_plot_format format;
    if (files == 0)
        fprintf(stderr, "outbreath: analyze wants a file: outbreath analyze FILE...\n");
    else if (!ob_file_beats_kind_known(options->kind))
        fprintf(stderr, "outbreath: --kind is rr, csv, wfdb, edf, ecg or ppg, not '%.40s'.\n", options->kind);
    else if (options->json && options->csv)
        fprintf(stderr, "outbreath: --json and --csv exclude each other.\n");
    else if (options->to_s > 0.0 && options->to_s <= options->from_s)
        fprintf(stderr, "outbreath: --to lies before --from.\n");
    else if (options->plot && files > 1)
        fprintf(stderr, "outbreath: --plot takes one recording at a time.\n");
    else if (options->plot && !ob_plot_format_of(options->plot, &format))
        fprintf(stderr, "outbreath: --plot writes .png, .pdf or .svg, not '%.60s'.\n", options->plot);
    else
        return true;
    return false;
}

static int report(const struct crew *crew)
{
    int code = OB_EXIT_DONE;
    for (size_t i = 0; i < crew->count; i++) {
        const struct ob_analysis *a = &crew->analyses[i];
        if (a->sentence[0])
            (void)ob_say(0, a->sentence);
        if (a->warning[0]) {
            ob_progress_clear();
            fprintf(stderr, "outbreath: %s: %s.\n", a->path, a->warning);
        }
        if (!a->readable)
            code = OB_EXIT_INPUT;
    }
    if (crew->options->json)
        ob_analysis_print_json(stdout, crew->analyses, crew->count);
    else if (crew->options->csv)
        ob_analysis_print_csv(stdout, crew->analyses, crew->count);
    else
        ob_analysis_print_table(stdout, crew->analyses, crew->count);
    if (fflush(stdout) != 0 || ferror(stdout))
        return ob_say(OB_EXIT_FAILED, "the output could not be written");
    if (code == OB_EXIT_DONE && crew->options->plot)
        code = plot(crew->options->plot, &crew->analyses[0]);
    return code;
}

int ob_cmd_analyze(int argc, char **argv)
{
    struct analyze_options options = {.fs_hz = 0.0};
    const char **paths = calloc((size_t)argc + 2, sizeof *paths);
    if (!paths)
        return OB_EXIT_FAILED;
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, paths, (size_t)argc + 2)) {
        free(paths);
        return OB_EXIT_USAGE;
    }
    if (options.help) {
        puts("outbreath analyze FILE...: heart-rate-variability metrics of RR lists and of ECG and pulse recordings.");
        ob_options_print(table, OPTIONS);
        free(paths);
        return OB_EXIT_DONE;
    }
    size_t count = 0;
    while (paths[count])
        count++;
    int code = OB_EXIT_USAGE;
    if (sound(&options, count)) {
        struct crew crew = {.options = &options, .paths = paths, .count = count};
        crew.analyses = calloc(count, sizeof *crew.analyses);
        crew.done_permille = calloc(count, sizeof *crew.done_permille);
        code = OB_EXIT_FAILED;
        ob_interrupt_install();
        if (crew.analyses && crew.done_permille && pthread_mutex_init(&crew.planner, NULL) == 0) {
            if (run(&crew))
                code = report(&crew);
            else
                fprintf(stderr, "outbreath: no thread could be started.\n");
            pthread_mutex_destroy(&crew.planner);
        }
        for (size_t i = 0; crew.analyses && i < count; i++)
            ob_analysis_finish(&crew.analyses[i]);
        free(crew.analyses);
        free(crew.done_permille);
    }
    free(paths);
    return code;
}
