/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath beats FILE: the beats of a recording, as the live loop would find them. */
#include "app/commands.h"
#include "app/commands/file_beats.h"
#include "app/commands/progress.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"

#include <stdio.h>
#include <string.h>

struct beats_options {
    const char *kind, *channel;
    double fs_hz;
    bool json, help;
};

#define AT(field) offsetof(struct beats_options, field)
static const struct ob_option table[] = {
    OB_FILE_BEATS_OPTIONS(AT(kind), AT(channel), AT(fs_hz)),
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "for programs"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

struct printer {
    bool json;
    size_t count;
    double first_s, last_s, delay_s;
};

static bool print_beat(void *user, const struct ob_file_beat *beat)
{
    struct printer *printer = user;
    if (printer->json)
        printf("%s\n{\"t_s\":%.6f,\"decided_s\":%.6f,\"confidence_01\":%.4f}", printer->count ? "," : "", beat->t_s,
               beat->decided_s, beat->confidence_01);
    else
        printf("%12.4f %12.4f %10.2f %10.1f\n", beat->t_s, beat->decided_s, beat->confidence_01,
               printer->count ? 1000.0 * (beat->t_s - printer->last_s) : 0.0);
    if (printer->count++ == 0)
        printer->first_s = beat->t_s;
    printer->last_s = beat->t_s;
    printer->delay_s += beat->decided_s - beat->t_s;
    return !ferror(stdout);
}

static void print_progress(void *user, double done_01)
{
    (void)user;
    ob_progress_show("reading", done_01);
}

int ob_cmd_beats(int argc, char **argv)
{
    struct beats_options options = {.fs_hz = 0.0};
    const char *words[2] = {NULL};
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 2))
        return OB_EXIT_USAGE;
    if (options.help) {
        puts("outbreath beats FILE: the beats of an ECG or a pulse wave in a CSV, WFDB or EDF recording.");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    if (!words[0]) {
        fprintf(stderr, "outbreath: beats wants a file: outbreath beats FILE.\n");
        return OB_EXIT_USAGE;
    }
    if (!ob_file_beats_kind_known(options.kind)) {
        fprintf(stderr, "outbreath: --kind is rr, csv, wfdb, edf, ecg or ppg, not '%.40s'.\n", options.kind);
        return OB_EXIT_USAGE;
    }
    char sentence[OB_RECORDING_SENTENCE_MAX];
    int channel;
    enum ob_signal_kind kind;
    struct ob_recording *recording = ob_file_beats_open(words[0], options.fs_hz, options.kind, options.channel,
                                                        &channel, &kind, sentence, sizeof sentence);
    if (!recording)
        return ob_say(OB_EXIT_INPUT, sentence);
    const struct ob_recording_info *info = ob_recording_info(recording);
    if (channel < 0) {
        ob_recording_close(recording);
        return ob_say(OB_EXIT_INPUT,
                      "this file holds RR intervals: its beats are known; 'outbreath analyze' reads them.");
    }
    if (options.json)
        printf("{\"fs_hz\":%.10g,\"kind\":\"%s\",\"channel\":", info->fs_hz, kind == OB_SIGNAL_PPG ? "ppg" : "ecg");
    if (options.json) {
        ob_json_string(stdout, info->name[channel]);
        printf(",\"beats\":[");
    } else {
        printf("%12s %12s %10s %10s\n", "beat, s", "decided, s", "confidence", "RR, ms");
    }
    struct printer printer = {.json = options.json};
    const struct ob_file_beats_desc desc = {.recording = recording,
                                            .channel = channel,
                                            .kind = kind,
                                            .beat = print_beat,
                                            .progress = print_progress,
                                            .user = &printer};
    struct ob_file_beats_result result;
    const char *clause;
    const bool ok = ob_file_beats(&desc, &result, &clause);
    ob_progress_clear();
    const enum ob_err outcome = ob_recording_outcome(recording, sentence, sizeof sentence);
    if (options.json) {
        printf("],\"warnings\":[");
        if (result.warning[0])
            ob_json_string(stdout, result.warning);
        if (result.warning[0] && sentence[0])
            putchar(',');
        if (sentence[0])
            ob_json_string(stdout, sentence);
        printf("]}\n");
    }
    ob_recording_close(recording);
    if (!ok) {
        fprintf(stderr, "outbreath: %s: %s.\n", words[0], clause);
        return OB_EXIT_INPUT;
    }
    if (result.warning[0])
        (void)ob_say(0, result.warning);
    if (sentence[0])
        (void)ob_say(0, sentence);
    if (!options.json && printer.count > 1)
        printf("%zu beats in %.1f s, %.1f bpm on average, reported %.0f ms after they were there on average%s\n",
               printer.count, result.seconds, 60.0 * (double)(printer.count - 1) / (printer.last_s - printer.first_s),
               1000.0 * printer.delay_s / (double)printer.count, kind == OB_SIGNAL_PPG ? " (pulse, PRV)" : "");
    if (fflush(stdout) != 0 || ferror(stdout))
        return ob_say(OB_EXIT_FAILED, "the output could not be written");
    return outcome == OB_ERR_IO ? OB_EXIT_INPUT : OB_EXIT_DONE;
}
