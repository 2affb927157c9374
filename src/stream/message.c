/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/message.h"

#include "base/maths.h"
#include "base/time.h"
#include "base/utf8.h"
#include "breath/moment.h"
#include "breath/pacer.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct text {
    char *out;
    size_t size, used;
    bool cut;
};

static void put(struct text *t, const char *bytes, size_t length)
{
    if (t->cut || t->used + length >= t->size) {
        t->cut = true;
        return;
    }
    memcpy(t->out + t->used, bytes, length);
    t->used += length;
    t->out[t->used] = '\0';
}

static void put_raw(struct text *t, const char *string)
{
    put(t, string, strlen(string));
}

static void put_whole(struct text *t, int64_t value)
{
    char digits[32];
    put(t, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)value));
}

/* In whole thousandths, so that no locale puts a comma into it. */
static void put_number(struct text *t, double value)
{
    char digits[40];
    if (!isfinite(value) || fabs(value) > 1e12) {
        put_raw(t, "null");
        return;
    }
    const long long thousandths = llround(value * 1e3), all = thousandths < 0 ? -thousandths : thousandths;
    const char *sign = thousandths < 0 ? "-" : "";
    if (all % 1000 == 0)
        put(t, digits, (size_t)snprintf(digits, sizeof digits, "%s%lld", sign, all / 1000));
    else
        put(t, digits, (size_t)snprintf(digits, sizeof digits, "%s%lld.%03lld", sign, all / 1000, all % 1000));
}

static void put_string(struct text *t, const char *string)
{
    put_raw(t, "\"");
    for (const unsigned char *p = (const unsigned char *)string; *p;) {
        const size_t length = ob_utf8_letter(p, SIZE_MAX);
        if (*p == '"' || *p == '\\')
            put_raw(t, "\\");
        if (length == 0)
            put_raw(t, "?");
        else if (*p < 0x20 || *p == 0x7f)
            put_raw(t, " ");
        else
            put(t, (const char *)p, length);
        p += length ? length : 1;
    }
    put_raw(t, "\"");
}

static void key(struct text *t, const char *name)
{
    if (t->used > 0 && t->out[t->used - 1] != '{')
        put_raw(t, ",");
    put_raw(t, "\"");
    put_raw(t, name);
    put_raw(t, "\":");
}

static void put_bool(struct text *t, const char *name, bool value)
{
    key(t, name);
    put_raw(t, value ? "true" : "false");
}

static void put_value(struct text *t, const char *name, const struct ob_value *value)
{
    key(t, name);
    if (value->valid)
        put_number(t, value->value);
    else
        put_raw(t, "null");
}

static void put_named(struct text *t, const char *name, const char *string)
{
    key(t, name);
    put_string(t, string);
}

static struct text begin(char *out, size_t size, const char *what)
{
    struct text t = {.out = out, .size = size};
    put_raw(&t, "{");
    put_named(&t, "is", what);
    return t;
}

static size_t finish(struct text *t)
{
    put_raw(t, "}");
    return t->cut ? 0 : t->used;
}

static double since_begin_s(const struct ob_snapshot *s, int64_t time_ns)
{
    return ob_s_from_ns(time_ns - s->begin_ns);
}

size_t ob_message_beats(const struct ob_snapshot *s, uint64_t *told, char *out, size_t size)
{
    struct text t = begin(out, size, "beats");
    uint64_t from = *told > s->beat_count ? 0 : *told;
    if (s->beat_count - from > OB_SNAPSHOT_BEATS)
        from = s->beat_count - OB_SNAPSHOT_BEATS;
    key(&t, "at");
    put_whole(&t, s->last_arrived_ns);
    key(&t, "beats");
    put_raw(&t, "[");
    for (uint64_t i = from; i < s->beat_count; i++) {
        const struct ob_snapshot_beat *beat = &s->beats[i % OB_SNAPSHOT_BEATS];
        put_raw(&t, i > from ? ",[" : "[");
        put_number(&t, since_begin_s(s, beat->time_ns));
        put_raw(&t, ",");
        put_number(&t, (double)beat->rr_ms);
        put_raw(&t, ",");
        if (beat->nn_ms > 0.0f)
            put_number(&t, (double)beat->nn_ms);
        else
            put_raw(&t, "null");
        put_raw(&t, ",");
        put_string(&t, ob_beat_flag_name((enum ob_beat_flag)beat->flag));
        put_raw(&t, "]");
    }
    put_raw(&t, "]");
    key(&t, "newest");
    put_raw(&t, "[");
    put_number(&t, since_begin_s(s, s->newest_ns));
    put_raw(&t, ",");
    put_number(&t, s->newest_rr_ms);
    put_raw(&t, "]");
    const size_t length = finish(&t);
    if (length)
        *told = s->beat_count;
    return length;
}

static const char *stage_name(uint32_t stage)
{
    static const char *const names[] = {"idle",   "unpaced before", "guided", "natural",
                                        "paused", "unpaced after",  "ended",  "unpaced"};
    return stage < sizeof names / sizeof *names ? names[stage] : "";
}

static const char *sensor_name(uint32_t sensor)
{
    static const char *const names[] = {"none", "waiting", "live", "held", "lost", "unfit"};
    return sensor < sizeof names / sizeof *names ? names[sensor] : "";
}

static void put_trace(struct text *t, const struct ob_snapshot *s, uint64_t *told)
{
    uint64_t from = *told > s->trace_count ? 0 : *told;
    if (s->trace_count - from > OB_SNAPSHOT_TRACE)
        from = s->trace_count - OB_SNAPSHOT_TRACE;
    key(t, "traced"); /* time of the newest; points are a quarter of a second apart */
    put_number(t, since_begin_s(s, s->trace_last_ns));
    key(t, "trace");
    put_raw(t, "[");
    for (uint64_t i = from; i < s->trace_count; i++) {
        const float point = s->trace[i % OB_SNAPSHOT_TRACE];
        if (i > from)
            put_raw(t, ",");
        put_number(t, point < 0.0f ? -1.0 : (double)point);
    }
    put_raw(t, "]");
    *told = s->trace_count;
}

size_t ob_message_now(const struct ob_snapshot *s, uint64_t *trace_told, ob_tr_fn *tr, char *out, size_t size)
{
    struct text t = begin(out, size, "now");
    uint64_t told = *trace_told;
    const struct ob_pacer_state pacer = ob_pacer_at(&s->pacer, s->now_ns);
    const bool leads = s->stage == OB_STAGE_GUIDED;
    key(&t, "s");
    put_number(&t, since_begin_s(s, s->now_ns));
    key(&t, "end");
    put_number(&t, since_begin_s(s, s->end_ns));
    put_named(&t, "stage", stage_name(s->stage));
    put_named(&t, "sensor", sensor_name(s->sensor));
    put_named(&t, "reason", s->reason[0] ? ob_words_in(tr, s->reason) : "");
    put_bool(&t, "simulated", s->simulated);
    put_bool(&t, "pulse", s->beats_from == OB_BEATS_PPG);
    key(&t, "parts");
    put_whole(&t, s->phase_count);
    key(&t, "part");
    put_whole(&t, s->phase);
    put_value(&t, "heart", &s->hr_bpm);
    put_value(&t, "breath", &s->breath_brpm);
    put_value(&t, "swing", &s->rsa_bpm);
    put_value(&t, "fit", &s->fit_01);
    put_value(&t, "artefacts", &s->artefact_share_01);
    key(&t, "quality");
    put_number(&t, s->quality_01);
    key(&t, "pace");
    if (leads)
        put_number(&t, pacer.rate_brpm);
    else
        put_raw(&t, "null");
    key(&t, "target");
    put_number(&t, s->target_brpm);
    put_named(&t, "breathing",
              !leads                     ? ""
              : pacer.stage == OB_INHALE ? "in"
              : pacer.stage == OB_EXHALE ? "out"
                                         : "rest");
    key(&t, "notes");
    put_whole(&t, (int64_t)s->note_count);
    put_trace(&t, s, &told);
    const size_t length = finish(&t);
    if (length)
        *trace_told = told;
    return length;
}

static void put_choices(struct text *t, const char *name, const struct ob_console_choice *choices, uint32_t count)
{
    key(t, name);
    put_raw(t, "[");
    for (uint32_t i = 0; i < count && i < OB_CONSOLE_CHOICES; i++) {
        put_raw(t, i > 0 ? ",[" : "[");
        put_string(t, choices[i].name);
        put_raw(t, ",");
        put_string(t, choices[i].title[0] ? choices[i].title : choices[i].name);
        put_raw(t, "]");
    }
    put_raw(t, "]");
}

static const char *report_name(uint32_t report)
{
    static const char *const names[] = {"none", "offered", "making", "ready", "failed"};
    return report < sizeof names / sizeof *names ? names[report] : "";
}

size_t ob_message_view(const struct ob_console_view *v, const struct ob_snapshot *s, char *out, size_t size)
{
    struct text t = begin(out, size, "view");
    key(&t, "sitting");
    put_whole(&t, (int64_t)v->sitting);
    put_named(&t, "client", v->client);
    put_bool(&t, "kept", v->kept);
    put_bool(&t, "consent", v->consent);
    put_named(&t, "silent", ob_silent_name(v->silent));
    key(&t, "volume");
    put_number(&t, v->volume_01);
    put_bool(&t, "sounding", v->sound_there);
    put_named(&t, "scene", v->scene);
    put_choices(&t, "scenes", v->scenes, v->scene_count);
    put_named(&t, "sound", v->sound);
    put_choices(&t, "sounds", v->sounds, v->sound_count);
    put_named(&t, "part", v->part);
    put_named(&t, "says", v->sensor);
    put_named(&t, "notice", v->notice);
    put_named(&t, "report", report_name(v->report));
    put_named(&t, "report_says", v->report_says);
    key(&t, "keys");
    put_raw(&t, "[");
    for (uint32_t i = 0; i < v->key_count && i < OB_CONSOLE_KEYS; i++) {
        put_raw(&t, i > 0 ? ",[" : "[");
        put_string(&t, v->keys[i].key);
        put_raw(&t, ",");
        put_string(&t, ob_mark_name(v->keys[i].label));
        put_raw(&t, "]");
    }
    put_raw(&t, "]");
    key(&t, "marked");
    put_whole(&t, (int64_t)v->mark_count);
    key(&t, "marks");
    put_raw(&t, "[");
    const uint64_t from = v->mark_count > OB_CONSOLE_MARKS ? v->mark_count - OB_CONSOLE_MARKS : 0;
    for (uint64_t i = from; i < v->mark_count; i++) {
        const struct ob_console_mark *mark = &v->marks[i % OB_CONSOLE_MARKS];
        put_raw(&t, i > from ? ",[" : "[");
        put_number(&t, since_begin_s(s, mark->time_ns));
        put_raw(&t, ",");
        put_string(&t, ob_mark_name(mark->label));
        put_raw(&t, ",");
        put_string(&t, mark->words);
        put_raw(&t, "]");
    }
    put_raw(&t, "]");
    return finish(&t);
}

size_t ob_message_moments(const struct ob_snapshot *s, ob_tr_fn *tr, char *out, size_t size)
{
    struct text t = begin(out, size, "moments");
    key(&t, "moments");
    put_raw(&t, "[");
    const uint64_t from = s->mark_count > OB_SNAPSHOT_MARKS ? s->mark_count - OB_SNAPSHOT_MARKS : 0;
    for (uint64_t i = from; i < s->mark_count; i++) {
        const struct ob_settling_mark *mark = &s->marks[i % OB_SNAPSHOT_MARKS];
        char seen[OB_MOMENT_TEXT], sentence[2 * OB_MOMENT_TEXT];
        ob_moment_text(mark, s->begin_ns, tr, seen, sizeof seen);
        snprintf(sentence, sizeof sentence, "%s %s", seen, ob_moment_chance(tr));
        put_raw(&t, i > from ? ",[" : "[");
        put_number(&t, since_begin_s(s, mark->at_ns));
        put_raw(&t, ",");
        put_string(&t, sentence);
        put_raw(&t, "]");
    }
    put_raw(&t, "]");
    return finish(&t);
}
