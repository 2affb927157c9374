/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/session_files.h"

#include "app/json.h"
#include "app/session/moment_json.h"
#include "app/session/phase_table.h"
#include "base/maths.h"
#include "base/time.h"
#include "engine/features.h"
#include "os/file.h"
#include "os/paths.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARKS_MAX 256

#define SECONDS_EXPECTED 7680 /* two hours and the unpaced windows: the longest session */

struct series {
    double *values;
    size_t count, room;
};

struct ob_session_files {
    char folder[PATH_MAX];
    FILE *beats, *features;
    struct ob_event_file *events;
    enum ob_err err; /* the first one */
    uint64_t beats_written, seconds_written;
    struct series kept[OB_FEATURES];
    struct ob_histogram age;
    struct {
        char kind[24];
        double t_s;
    } marks[MARKS_MAX];
    size_t mark_count;
    struct ob_phase_table phases; /* of a protocol */
    struct ob_moment_log moments;
    struct ob_snapshot last;
    double fastest_brpm, slowest_brpm;
    uint64_t corrected;
};

static void remember(struct ob_session_files *files, enum ob_err err)
{
    if (!files->err)
        files->err = err;
}

static FILE *open_in(struct ob_session_files *files, const char *name, const char *heading)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/%s", files->folder, name);
    FILE *stream = fopen(path, "we");
    if (!stream)
        remember(files, ob_err_from_errno(errno));
    else if (fprintf(stream, "%s\n", heading) < 0)
        remember(files, OB_ERR_IO);
    return stream;
}

static void write_heading_of_features(char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "time_s");
    for (int i = 0; i < OB_FEATURES; i++)
        used += (size_t)snprintf(out + used, size - used, ",%s", ob_feature_name((enum ob_feature)i));
}

enum ob_err ob_session_files_open(const char *folder, struct ob_session_files **files_out, char *problem_out,
                                  int problem_size)
{
    struct ob_session_files *files = calloc(1, sizeof *files);
    if (!files)
        return OB_ERR_NO_MEMORY;
    if ((size_t)snprintf(files->folder, sizeof files->folder, "%s", folder) >= sizeof files->folder)
        files->err = OB_ERR_RANGE;
    else
        files->err = ob_paths_make(folder);
    if (!files->err) {
        char heading[512];
        write_heading_of_features(heading, sizeof heading);
        files->beats = open_in(files, "session.csv", "time_s,rr_ms,nn_ms,flag,age_ms");
        files->features = open_in(files, "features.csv", heading);
        char path[PATH_MAX + 64];
        snprintf(path, sizeof path, "%s/events.oblog", folder);
        const enum ob_err err = ob_event_file_open(path, &files->events);
        if (err)
            remember(files, err);
    }
    if (files->err) {
        const enum ob_err err = files->err;
        snprintf(problem_out, (size_t)problem_size, "nothing can be written to %.200s: %s", folder, ob_err_text(err));
        ob_session_files_close(files, NULL);
        return err;
    }
    ob_histogram_init(&files->age);
    *files_out = files;
    return OB_OK;
}

void ob_session_files_event(struct ob_session_files *files, const struct ob_event *event)
{
    ob_phase_table_event(&files->phases, event);
    const enum ob_err err = ob_event_file_write(files->events, event);
    if (err)
        remember(files, err);
}

void ob_session_files_mark(struct ob_session_files *files, const char *kind, double t_s)
{
    if (files->mark_count >= MARKS_MAX)
        return;
    snprintf(files->marks[files->mark_count].kind, sizeof files->marks[0].kind, "%s", kind);
    files->marks[files->mark_count++].t_s = t_s;
}

static void keep(struct ob_session_files *files, enum ob_feature feature, double value)
{
    struct series *s = &files->kept[feature];
    if (s->count == s->room) {
        const size_t room = s->room ? 2 * s->room : SECONDS_EXPECTED;
        double *larger = realloc(s->values, room * sizeof *larger);
        if (!larger) {
            remember(files, OB_ERR_NO_MEMORY);
            return;
        }
        /* Touched at once: the memory of a long session is there from its first minute on and grows no more. */
        memset(larger + s->room, 0xff, (room - s->room) * sizeof *larger);
        s->values = larger;
        s->room = room;
    }
    s->values[s->count++] = value;
}

static void write_beats(struct ob_session_files *files, const struct ob_snapshot *s)
{
    while (files->beats_written < s->beat_count) {
        if (s->beat_count - files->beats_written > OB_SNAPSHOT_BEATS) {
            remember(files, OB_ERR_RANGE); /* nobody looked for a minute */
            files->beats_written = s->beat_count - OB_SNAPSHOT_BEATS;
        }
        const struct ob_snapshot_beat *b = &s->beats[files->beats_written++ % OB_SNAPSHOT_BEATS];
        char nn[32] = "";
        if (b->nn_ms > 0.0f)
            snprintf(nn, sizeof nn, "%.3f", (double)b->nn_ms);
        const double age_ms = ob_s_from_ns(b->age_ns) * 1e3;
        errno = 0;
        if (fprintf(files->beats, "%.4f,%.3f,%s,%s,%.1f\n", ob_s_from_ns(b->time_ns - s->begin_ns), (double)b->rr_ms,
                    nn, ob_beat_flag_name(b->flag), age_ms) < 0)
            remember(files, ob_err_from_errno(errno));
        ob_histogram_add(&files->age, b->age_ns);
        files->corrected += b->flag != OB_BEAT_NORMAL;
    }
}

static void write_features(struct ob_session_files *files, const struct ob_snapshot *s, uint64_t second)
{
    const bool leads = s->stage == OB_STAGE_GUIDED;
    double row[OB_FEATURES];
    ob_features_at(s, row);
    char line[512];
    size_t used = (size_t)snprintf(line, sizeof line, "%llu", (unsigned long long)second);
    for (int i = 0; i < OB_FEATURES; i++) {
        line[used++] = ',';
        if (!isnan(row[i])) {
            used += (size_t)snprintf(line + used, sizeof line - used, "%.5g", row[i]);
            keep(files, (enum ob_feature)i, row[i]);
        }
    }
    line[used] = '\0';
    errno = 0;
    if (fprintf(files->features, "%s\n", line) < 0)
        remember(files, ob_err_from_errno(errno));
    if (leads) {
        files->slowest_brpm = files->slowest_brpm > 0.0 && files->slowest_brpm < s->pacer.rate_brpm
                                  ? files->slowest_brpm
                                  : s->pacer.rate_brpm;
        files->fastest_brpm = s->pacer.rate_brpm > files->fastest_brpm ? s->pacer.rate_brpm : files->fastest_brpm;
    }
}

static void look_at_phase(struct ob_session_files *files, const struct ob_snapshot *s)
{
    size_t size[OB_FEATURES];
    char kind[24];
    for (int i = 0; i < OB_FEATURES; i++)
        size[i] = files->kept[i].count;
    if (!ob_phase_table_look(&files->phases, s, size))
        return;
    snprintf(kind, sizeof kind, "phase %d", s->phase + 1);
    ob_session_files_mark(files, kind, files->phases.rows[s->phase].from_s);
}

void ob_session_files_look(struct ob_session_files *files, const struct ob_snapshot *s)
{
    if (s->stage == OB_STAGE_IDLE)
        return;
    write_beats(files, s);
    const uint64_t second = (uint64_t)((s->now_ns - s->begin_ns) / OB_NS_PER_S);
    if (second > files->seconds_written) {
        files->seconds_written = second;
        write_features(files, s, second);
        look_at_phase(files, s);
        ob_moment_log_look(&files->moments, s);
    }
    if (s->let_go_ns && !files->last.let_go_ns)
        ob_session_files_mark(files, "let go", ob_s_from_ns(s->let_go_ns - s->begin_ns));
    else if (!s->let_go_ns && files->last.let_go_ns)
        ob_session_files_mark(files, "awake", ob_s_from_ns(s->now_ns - s->begin_ns));
    files->last = *s;
}

static void write_latency(FILE *out, const struct ob_session_files *files, const struct ob_session_about *about)
{
    const double shares[] = {0.5, 0.95, 0.999};
    const char *const names[] = {"p50", "p95", "p999"};
    fprintf(out, "  \"latency\": {\n    \"data_age_ms\": {\"count\": %llu", (unsigned long long)files->age.count);
    for (int i = 0; i < 3 && files->age.count > 0; i++)
        fprintf(out, ", \"%s\": %.1f", names[i],
                ob_s_from_ns(ob_histogram_percentile_ns(&files->age, shares[i])) * 1e3);
    fprintf(out, "}");
    const struct ob_histogram *h = about->snapshot_latency;
    if (h) {
        fprintf(out, ",\n    \"event_to_snapshot_us\": {\"count\": %llu", (unsigned long long)h->count);
        for (int i = 0; i < 3 && h->count > 0; i++)
            fprintf(out, ", \"%s\": %.1f", names[i], ob_s_from_ns(ob_histogram_percentile_ns(h, shares[i])) * 1e6);
        fprintf(out, "}");
    }
    fprintf(out, "\n  },\n");
}

/* The person's own pace as it is known now, and what a search found. */
static void write_pace(FILE *out, const struct ob_snapshot *s, const struct ob_search_result *search)
{
    static const char *const words[] = {"unknown", "wide", "anywhere", "number"};
    const struct ob_own_pace_estimate *e = &s->own_pace;
    char text[256];
    ob_own_pace_text(e, NULL, text, sizeof text);
    fprintf(out,
            "  \"own_pace\": {\"word\": \"%s\", \"mean_brpm\": %.3f, \"low90_brpm\": %.3f, \"high90_brpm\": %.3f, "
            "\"flat\": %.3f, \"breaths\": %u,\n    \"text\": ",
            words[e->word], e->mean_brpm, e->low_brpm, e->high_brpm, e->flat_01, (unsigned)e->breaths);
    ob_json_string(out, text);
    fprintf(out, "},\n");
    if (!search || search->kind == OB_SEARCH_NONE)
        return;
    fprintf(out, "  \"search\": {\"kind\": \"%s\", \"best_brpm\": ",
            search->kind == OB_SEARCH_STEPPED ? "stepped" : "sliding");
    if (search->best >= 0)
        fprintf(out, "%.3f", search->steps[search->best].brpm);
    else
        fprintf(out, "null");
    fprintf(out, ", \"criteria\": [\"pacer_sync\", \"swing_bpm\", \"power_bpm2\"],\n    \"steps\": [");
    for (int i = 0; i < search->count; i++) {
        const struct ob_search_step *step = &search->steps[i];
        fprintf(out,
                "%s\n      {\"brpm\": %.3f, \"breaths\": %u, \"pacer_sync\": %.3f, \"swing_bpm\": %.2f, "
                "\"power_bpm2\": %.2f}",
                i ? "," : "", step->brpm, (unsigned)step->breaths, step->sync_01, step->swing_bpm, step->power_bpm2);
    }
    ob_search_text(search, NULL, text, sizeof text);
    fprintf(out, "],\n    \"text\": ");
    ob_json_string(out, text);
    fprintf(out, "},\n");
}

static void write_summary(struct ob_session_files *files, const struct ob_session_about *about)
{
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/summary.json", files->folder);
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) {
        remember(files, OB_ERR_NO_MEMORY);
        return;
    }
    const struct ob_snapshot *s = &files->last;
    struct ob_phase_series series[OB_FEATURES];
    for (int i = 0; i < OB_FEATURES; i++)
        series[i] = (struct ob_phase_series){.values = files->kept[i].values, .count = files->kept[i].count};
    fprintf(out, "{\n  \"program\": \"outbreath\",\n  \"version\": \"%s\",\n", OB_VERSION);
    fprintf(out, "  \"simulated\": %s,\n  \"seed\": ", s->simulated ? "true" : "false");
    if (s->simulated)
        fprintf(out, "%llu,\n", (unsigned long long)about->seed);
    else
        fprintf(out, "null,\n");
    fprintf(out, "  \"source\": ");
    ob_json_string(out, about->source);
    fprintf(out, ",\n  \"person\": ");
    ob_json_string(out, about->person);
    fprintf(out, ",\n  \"protocol\": ");
    ob_json_string(out, about->protocol);
    fprintf(out, ",\n  \"duration_s\": %.2f,\n  \"planned_minutes\": %g,\n  \"took_s\": %.3f,\n",
            ob_s_from_ns(s->now_ns - s->begin_ns), about->minutes, about->wall_s);
    fprintf(out, "  \"beats\": %llu,\n  \"beats_from\": \"%s\",\n  \"variability\": \"%s\",\n",
            (unsigned long long)s->beat_count,
            s->beats_from == OB_BEATS_ECG   ? "ecg"
            : s->beats_from == OB_BEATS_PPG ? "ppg"
            : s->beats_from == OB_BEATS_RR  ? "rr"
                                            : "none",
            s->beats_from == OB_BEATS_PPG ? "PRV" : "HRV");
    fprintf(
        out,
        "  \"pacer\": {\"fastest_brpm\": %.4g, \"slowest_brpm\": %.4g, \"last_brpm\": %.4g, \"inhale_share\": %.3g},\n",
        files->fastest_brpm, files->slowest_brpm, s->pacer.rate_brpm,
        s->pacer.shape.inhale_01 / (s->pacer.shape.inhale_01 + s->pacer.shape.exhale_01));
    fprintf(out, "  \"phases\": ");
    ob_phase_table_write(&files->phases, series, out);
    fprintf(out, ",\n  \"medians\": {");
    bool first = true;
    for (int i = 0; i < OB_FEATURES; i++) {
        if (i == OB_FEATURE_PACER_PHASE_RAD)
            continue;
        fprintf(out, "%s\n    \"%s\": ", first ? "" : ",", ob_feature_name((enum ob_feature)i));
        first = false;
        if (files->kept[i].count > 0)
            fprintf(out, "%.5g", ob_median(files->kept[i].values, files->kept[i].count));
        else
            fprintf(out, "null");
    }
    fprintf(out, "\n  },\n  \"artefact_share\": ");
    if (s->beat_count > 0)
        fprintf(out, "%.5f,\n", (double)files->corrected / (double)s->beat_count);
    else
        fprintf(out, "null,\n");
    write_pace(out, s, about->search);
    write_latency(out, files, about);
    ob_moment_log_write(&files->moments, s, out);
    fprintf(out, "  \"marks\": [");
    for (size_t i = 0; i < files->mark_count; i++)
        fprintf(out, "%s{\"kind\": \"%s\", \"t_s\": %.2f}", i ? ", " : "", files->marks[i].kind, files->marks[i].t_s);
    fprintf(out, "]\n}\n");
    if (fclose(out) != 0)
        remember(files, OB_ERR_NO_MEMORY);
    else {
        const enum ob_err err = ob_file_write_atomic(path, text, size);
        if (err)
            remember(files, err);
    }
    free(text);
}

static void shut(struct ob_session_files *files, FILE *stream)
{
    errno = 0;
    if (stream && fclose(stream) != 0)
        remember(files, ob_err_from_errno(errno));
}

enum ob_err ob_session_files_close(struct ob_session_files *files, const struct ob_session_about *about)
{
    if (!files)
        return OB_OK;
    shut(files, files->beats);
    shut(files, files->features);
    const enum ob_err err = ob_event_file_close(files->events);
    if (err)
        remember(files, err);
    if (about)
        write_summary(files, about);
    const enum ob_err all = files->err;
    for (int i = 0; i < OB_FEATURES; i++)
        free(files->kept[i].values);
    free(files);
    return all;
}
