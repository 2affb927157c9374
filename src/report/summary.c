/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/summary.h"

#include "base/mark.h"
#include "base/maths.h"
#include "breath/moment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const suggestions[OB_SUGGESTIONS] = {"slower",   "stillness", "water",
                                                        "movement", "body",      "appointment"};

int ob_suggestion_of(const char *name)
{
    for (int i = 0; i < OB_SUGGESTIONS; i++)
        if (strcmp(suggestions[i], name) == 0)
            return i;
    return -1;
}

const char *ob_suggestion_name(enum ob_suggestion suggestion)
{
    return (int)suggestion >= 0 && suggestion < OB_SUGGESTIONS ? suggestions[suggestion] : "";
}

static double s_of(int64_t ns)
{
    return (double)ns / 1e9;
}

bool ob_summary_past(const struct ob_copy *copy, struct ob_past_session *past)
{
    memset(past, 0, sizeof *past);
    past->number = copy->number;
    past->start_wall_ns = copy->start_wall_ns;
    past->utc_offset_s = copy->utc_offset_s;
    past->minutes = copy->duration_s / 60.0;
    snprintf(past->posture, sizeof past->posture, "%s", copy->posture);
    past->pulse = copy->beats_from == OB_BEATS_PPG;
    return ob_windows_find(copy, &past->windows);
}

/* "-3.3", whatever the C locale thinks of points. */
static bool plain_number(const char *p, double *out)
{
    const double sign = *p == '-' ? -1.0 : 1.0;
    double value = 0.0, unit = 1.0;
    int digits = 0;
    bool behind = false;
    for (p += *p == '-'; (*p >= '0' && *p <= '9') || (*p == '.' && !behind); p++) {
        if (*p == '.') {
            behind = true;
            continue;
        }
        if (++digits > 12)
            return false;
        value = 10.0 * value + (*p - '0');
        unit *= behind ? 10.0 : 1.0;
    }
    if (digits == 0 || (*p && *p != ' '))
        return false;
    *out = sign * value / unit;
    return true;
}

/* "... name=number ..." in the words of a mark of the program's own. */
static bool number_of(const char *words, const char *name, double *out)
{
    const size_t length = strlen(name);
    for (const char *p = words; (p = strstr(p, name)) != NULL; p += length) {
        if ((p != words && p[-1] != ' ') || p[length] != '=')
            continue;
        return plain_number(p + length + 1, out);
    }
    return false;
}

static int by_time(const void *a, const void *b)
{
    const struct ob_summary_mark *m = a, *n = b;
    if (m->at_s != n->at_s)
        return m->at_s < n->at_s ? -1 : 1;
    return m->label - n->label;
}

static bool take_marks(struct ob_summary *s, const struct ob_copy *copy)
{
    s->marks = calloc(copy->mark_count + 1, sizeof *s->marks);
    if (!s->marks)
        return false;
    for (size_t i = 0; i < copy->mark_count; i++) {
        const struct ob_copy_mark *mark = &copy->marks[i];
        const int label = ob_mark_of(mark->kind);
        if (label >= 0) {
            struct ob_summary_mark *one = &s->marks[s->mark_count++];
            one->at_s = s_of(mark->time_ns);
            one->label = label;
            ob_mark_words(mark->words, one->words, sizeof one->words);
        } else if (strcmp(mark->kind, OB_MOMENT_KIND) == 0) {
            s->moment_count += s->moment_count < OB_SUMMARY_MOMENTS &&
                               ob_moment_decode(mark->words, mark->time_ns, &s->moments[s->moment_count]);
        } else if (strcmp(mark->kind, OB_WATCH_KIND) == 0) {
            s->watched_known = number_of(mark->words, "watched_s", &s->watched_s) &&
                               number_of(mark->words, "could_not_tell_s", &s->could_not_tell_s);
            number_of(mark->words, "too_early_s", &s->too_early_s);
        }
    }
    qsort(s->marks, s->mark_count, sizeof *s->marks, by_time);
    return true;
}

static void take_quality(struct ob_summary *s, const struct ob_copy *copy)
{
    double nn_s = 0.0, last_s = 0.0;
    s->beats = copy->beat_count;
    for (size_t i = 0; i < copy->beat_count; i++)
        s->corrected += copy->beats[i].flag != OB_BEAT_NORMAL;
    for (size_t i = 0; i < s->list.count; i++) {
        const struct ob_nn *one = &s->list.items[i];
        nn_s += one->nn_ms * 1e-3;
        s->longest_gap_s = fmax(s->longest_gap_s, one->time_s - one->nn_ms * 1e-3 - last_s);
        last_s = one->time_s;
    }
    s->longest_gap_s = fmax(s->longest_gap_s, s->duration_s - last_s);
    s->artefact_01 = s->beats ? (double)s->corrected / (double)s->beats : 0.0;
    s->covered_01 = s->duration_s > 0.0 ? ob_clamp01(nn_s / s->duration_s) : 0.0;
    s->unfit = s->windows.compare == OB_COMPARE_UNFIT;
}

static bool take_breaths(struct ob_summary *s, const struct ob_copy *copy)
{
    s->breaths = calloc(copy->second_count + 1, sizeof *s->breaths);
    if (!s->breaths)
        return false;
    for (size_t i = 0; i < copy->second_count; i++) {
        const struct ob_copy_second *second = &copy->seconds[i];
        s->breaths[s->breath_count++] = (struct ob_heart_breath){
            .time_s = (float)s_of(second->time_ns),
            .own_brpm = second->values[OB_FEATURE_BREATH_BRPM],
            .pacer_brpm = second->stage == OB_STAGE_GUIDED ? second->values[OB_FEATURE_PACER_BRPM] : NAN};
    }
    return true;
}

static void take_pace(struct ob_summary *s, const unsigned char *blob)
{
    struct ob_own_pace *pace = malloc(sizeof *pace);
    if (pace && blob) {
        ob_own_pace_init(pace);
        s->pace_known = ob_own_pace_load(pace, blob);
        ob_own_pace_estimate(pace, &s->pace);
        ob_own_pace_probabilities(pace, s->pace_probabilities);
        s->pace_known = s->pace_known && s->pace.word != OB_PACE_UNKNOWN;
    }
    free(pace);
}

static void take_head(struct ob_summary *s, const struct ob_summary_desc *desc)
{
    const struct ob_copy *copy = desc->copy;
    ob_mark_words(desc->name, s->name, sizeof s->name);
    ob_mark_words(desc->appointment, s->appointment, sizeof s->appointment);
    s->number = copy->number;
    s->start_wall_ns = copy->start_wall_ns;
    s->utc_offset_s = copy->utc_offset_s;
    s->duration_s = copy->duration_s;
    if (copy->second_count > 0)
        s->duration_s = fmax(s->duration_s, s_of(copy->seconds[copy->second_count - 1].time_ns));
    ob_mark_words(copy->protocol, s->protocol, sizeof s->protocol);
    ob_mark_words(desc->title, s->title, sizeof s->title);
    ob_mark_words(copy->posture, s->posture, sizeof s->posture);
    ob_mark_words(copy->source, s->source, sizeof s->source);
    s->simulated = copy->simulated;
    s->imported = copy->imported;
    s->pulse = copy->beats_from == OB_BEATS_PPG;
    s->interrupted = strcmp(copy->state, "interrupted") == 0;
    memcpy(s->checkin, copy->checkin, sizeof s->checkin);
    s->suggestion = desc->suggestion >= 0 && desc->suggestion < OB_SUGGESTIONS
                        ? (enum ob_suggestion)desc->suggestion
                        : (enum ob_suggestion)(copy->number % OB_SUGGESTIONS);
    /* Own words keep their lines; everything else that is no letter becomes a blank. */
    size_t used = 0;
    for (const char *p = desc->words ? desc->words : ""; *p && used + 1 < sizeof s->words;) {
        char line[OB_SUMMARY_WORDS];
        const size_t length = strcspn(p, "\n");
        snprintf(line, sizeof line, "%.*s", (int)(length < sizeof line ? length : sizeof line - 1), p);
        ob_mark_words(line, s->words + used, sizeof s->words - used);
        used += strlen(s->words + used);
        p += length;
        if (*p == '\n' && used + 1 < sizeof s->words) {
            s->words[used++] = '\n';
            p++;
        }
    }
    while (used > 0 && (s->words[used - 1] == '\n' || s->words[used - 1] == ' '))
        s->words[--used] = '\0';
}

enum ob_err ob_summary_make(const struct ob_summary_desc *desc, struct ob_summary *s)
{
    memset(s, 0, sizeof *s);
    take_head(s, desc);
    s->past = calloc(desc->past_count + 1, sizeof *s->past);
    if (!s->past || !take_marks(s, desc->copy) || !take_breaths(s, desc->copy) ||
        !ob_windows_intervals(desc->copy, &s->list) || !ob_windows_find(desc->copy, &s->windows) ||
        !ob_summary_past(desc->copy, &s->past[desc->past_count]))
        return OB_ERR_NO_MEMORY;
    if (desc->past_count > 0)
        memcpy(s->past, desc->past, desc->past_count * sizeof *s->past);
    s->past_count = desc->past_count + 1;
    for (int kind = 0; kind < OB_USUAL_KINDS; kind++)
        ob_usual_change((enum ob_usual_kind)kind, &s->windows, s->posture, s->pulse, desc->past, desc->past_count,
                        &s->change[kind]);
    take_quality(s, desc->copy);
    take_pace(s, desc->pace);
    return OB_OK;
}

void ob_summary_finish(struct ob_summary *s)
{
    if (s->marks)
        explicit_bzero(s->marks, s->mark_count * sizeof *s->marks);
    if (s->breaths)
        explicit_bzero(s->breaths, s->breath_count * sizeof *s->breaths);
    if (s->past)
        explicit_bzero(s->past, s->past_count * sizeof *s->past);
    free(s->marks);
    free(s->breaths);
    free(s->past);
    if (s->list.items)
        explicit_bzero(s->list.items, s->list.count * sizeof *s->list.items);
    ob_nn_list_finish(&s->list);
    explicit_bzero(s, sizeof *s);
}
