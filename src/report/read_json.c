/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/read_json.h"

#include "report/sheet.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define VERSION    1
#define LONGEST_NS OB_COPY_LONGEST_NS

struct reader {
    const struct ob_json *json;
    char *sentence;
    size_t size;
    enum ob_err err;
};

static bool fail(struct reader *r, enum ob_err err, const char *format, ...) __attribute__((format(printf, 3, 4)));

static bool fail(struct reader *r, enum ob_err err, const char *format, ...)
{
    if (!r->err) {
        va_list arguments;
        va_start(arguments, format);
        if (r->size > 0)
            vsnprintf(r->sentence, r->size, format, arguments);
        va_end(arguments);
        r->err = err;
    }
    return false;
}

bool ob_json_is(const char *bytes, size_t size, const char *format)
{
    char start[257], wanted[64];
    size = size < sizeof start - 1 ? size : sizeof start - 1;
    memcpy(start, bytes, size);
    for (size_t i = 0; i < size; i++)
        start[i] = start[i] ? start[i] : ' ';
    start[size] = 0;
    snprintf(wanted, sizeof wanted, "\"%s\"", format);
    const char *first = start + strspn(start, " \t\r\n\xef\xbb\xbf");
    const char *name = strstr(first, "\"format\"");
    const char *value = strstr(first, wanted);
    return *first == '{' && name && value && name < value && strcspn(name, ",}") > (size_t)(value - name);
}

static bool take_string(struct reader *r, const struct ob_json_value *object, const char *name, char *out, size_t size)
{
    const struct ob_json_value *value = ob_json_get(r->json, object, name);
    if (!value || value->kind == OB_JSON_NULL)
        return true;
    const char *string = ob_json_string_of(r->json, value);
    if (!string)
        return fail(r, OB_ERR_FORMAT, "\"%s\" is no text.", name);
    if (strlen(string) >= size)
        return fail(r, OB_ERR_RANGE, "\"%s\" is longer than %zu bytes.", name, size - 1);
    memcpy(out, string, strlen(string) + 1);
    return true;
}

static bool take_integer(struct reader *r, const struct ob_json_value *object, const char *name, int64_t low,
                         int64_t high, bool wanted, int64_t *out)
{
    const struct ob_json_value *value = ob_json_get(r->json, object, name);
    if (!wanted && (!value || value->kind == OB_JSON_NULL))
        return true;
    if (!value || value->kind != OB_JSON_NUMBER || !value->whole || value->integer < low || value->integer > high)
        return fail(r, OB_ERR_FORMAT, "\"%s\" is not a whole number from %lld to %lld.", name, (long long)low,
                    (long long)high);
    *out = value->integer;
    return true;
}

/* null, or absent: none. */
static bool take_number(struct reader *r, const struct ob_json_value *object, const char *name, double none,
                        double *out)
{
    const struct ob_json_value *value = ob_json_get(r->json, object, name);
    *out = none;
    if (!value || value->kind == OB_JSON_NULL)
        return true;
    if (value->kind != OB_JSON_NUMBER || !(fabs(value->number) < 1e30))
        return fail(r, OB_ERR_FORMAT, "\"%s\" is not a number.", name);
    *out = value->number;
    return true;
}

static bool take_flag(struct reader *r, const struct ob_json_value *object, const char *name, bool *out)
{
    const struct ob_json_value *value = ob_json_get(r->json, object, name);
    if (!value || (value->kind != OB_JSON_TRUE && value->kind != OB_JSON_FALSE))
        return fail(r, OB_ERR_FORMAT, "\"%s\" is neither true nor false.", name);
    *out = value->kind == OB_JSON_TRUE;
    return true;
}

static bool take_about(struct reader *r, const struct ob_json_value *root, struct ob_copy *copy)
{
    const struct ob_json_value *session = ob_json_get(r->json, root, "session");
    if (!session || session->kind != OB_JSON_OBJECT)
        return fail(r, OB_ERR_FORMAT, "\"session\" is missing.");
    char start[40] = "", source[16] = "none";
    int64_t number = 0, offset_s = 0, checkin[2] = {-1, -1};
    const bool ok = take_flag(r, root, "simulated", &copy->simulated) &&
                    take_flag(r, root, "imported", &copy->imported) &&
                    take_string(r, session, "id", copy->id, sizeof copy->id) &&
                    take_integer(r, session, "number", 0, INT64_MAX, false, &number) &&
                    take_string(r, session, "state", copy->state, sizeof copy->state) &&
                    take_string(r, session, "start_utc", start, sizeof start) &&
                    take_integer(r, session, "utc_offset_s", -86400, 86400, false, &offset_s) &&
                    take_number(r, session, "duration_s", 0.0, &copy->duration_s) &&
                    take_number(r, session, "planned_minutes", 0.0, &copy->planned_minutes) &&
                    take_string(r, session, "protocol", copy->protocol, sizeof copy->protocol) &&
                    take_string(r, session, "posture", copy->posture, sizeof copy->posture) &&
                    take_string(r, session, "source", copy->source, sizeof copy->source) &&
                    take_string(r, session, "beats_from", source, sizeof source) &&
                    take_integer(r, session, "checkin_before", 0, 10, false, &checkin[0]) &&
                    take_integer(r, session, "checkin_after", 0, 10, false, &checkin[1]);
    if (!ok)
        return false;
    if (start[0] && !ob_sheet_utc_parse(start, &copy->start_wall_ns))
        return fail(r, OB_ERR_FORMAT, "\"start_utc\" is no time such as 2026-01-31T08:15:00.000000000Z.");
    if (ob_copy_source_of(source) < 0)
        return fail(r, OB_ERR_FORMAT, "\"beats_from\" is none of none, rr, ecg, ppg.");
    if (!(copy->duration_s >= 0.0 && copy->duration_s < 1e8) ||
        !(copy->planned_minutes >= 0.0 && copy->planned_minutes < 1e6))
        return fail(r, OB_ERR_RANGE, "The session's length makes no sense.");
    copy->beats_from = (uint32_t)ob_copy_source_of(source);
    copy->number = (uint64_t)number;
    copy->utc_offset_s = (int32_t)offset_s;
    for (int i = 0; i < 2; i++)
        copy->checkin[i] = (uint32_t)(checkin[i] + 1);
    return true;
}

static const struct ob_json_value *list(struct reader *r, const struct ob_json_value *root, const char *name)
{
    const struct ob_json_value *value = ob_json_get(r->json, root, name);
    if (!value || value->kind != OB_JSON_ARRAY)
        (void)fail(r, OB_ERR_FORMAT, "\"%s\" is missing, or no list.", name);
    return value;
}

static bool take_beats(struct reader *r, const struct ob_json_value *root, struct ob_copy *copy)
{
    int64_t before_ns = -LONGEST_NS;
    for (const struct ob_json_value *v = ob_json_first(r->json, list(r, root, "beats")); v;
         v = ob_json_next(r->json, v)) {
        struct ob_copy_beat beat = {.time_ns = 0};
        char flag[16] = "normal";
        double rr_ms, nn_ms;
        if (!take_integer(r, v, "time_ns", before_ns, LONGEST_NS, true, &beat.time_ns) ||
            !take_number(r, v, "rr_ms", -1.0, &rr_ms) || !take_number(r, v, "nn_ms", 0.0, &nn_ms) ||
            !take_integer(r, v, "age_ns", -LONGEST_NS, LONGEST_NS, false, &beat.age_ns) ||
            !take_string(r, v, "flag", flag, sizeof flag))
            return false;
        if (!(rr_ms >= 0.0 && rr_ms < 1e9) || !(nn_ms >= 0.0 && nn_ms < 1e9))
            return fail(r, OB_ERR_RANGE, "An interval of beat %zu makes no sense.", copy->beat_count + 1);
        if (ob_copy_flag_of(flag) < 0)
            return fail(r, OB_ERR_FORMAT, "Beat %zu has a flag that is not known.", copy->beat_count + 1);
        beat.rr_ms = (float)rr_ms;
        beat.nn_ms = (float)nn_ms;
        beat.flag = (uint32_t)ob_copy_flag_of(flag);
        before_ns = beat.time_ns;
        if (!ob_copy_add_beat(copy, &beat))
            return fail(r, OB_ERR_NO_MEMORY, "There is not enough memory.");
    }
    return !r->err;
}

static bool take_seconds(struct reader *r, const struct ob_json_value *root, struct ob_copy *copy)
{
    int64_t before_ns = -LONGEST_NS;
    for (const struct ob_json_value *v = ob_json_first(r->json, list(r, root, "features")); v;
         v = ob_json_next(r->json, v)) {
        struct ob_copy_second second = {.time_ns = 0};
        char stage[24] = "idle";
        if (!take_integer(r, v, "time_ns", before_ns, LONGEST_NS, true, &second.time_ns) ||
            !take_string(r, v, "stage", stage, sizeof stage))
            return false;
        if (ob_copy_stage_of(stage) < 0)
            return fail(r, OB_ERR_FORMAT, "Row %zu of the features has a stage that is not known.",
                        copy->second_count + 1);
        second.stage = (uint32_t)ob_copy_stage_of(stage);
        for (int f = 0; f < OB_FEATURES; f++) {
            double value;
            if (!take_number(r, v, ob_feature_name((enum ob_feature)f), (double)NAN, &value))
                return false;
            second.values[f] = (float)value;
        }
        before_ns = second.time_ns;
        if (!ob_copy_add_second(copy, &second))
            return fail(r, OB_ERR_NO_MEMORY, "There is not enough memory.");
    }
    return !r->err;
}

static bool take_marks(struct reader *r, const struct ob_json_value *root, struct ob_copy *copy)
{
    for (const struct ob_json_value *v = ob_json_first(r->json, list(r, root, "marks")); v;
         v = ob_json_next(r->json, v)) {
        struct ob_copy_mark mark = {.time_ns = 0};
        if (!take_integer(r, v, "time_ns", -LONGEST_NS, LONGEST_NS, true, &mark.time_ns) ||
            !take_string(r, v, "kind", mark.kind, sizeof mark.kind) ||
            !take_string(r, v, "words", mark.words, sizeof mark.words))
            return false;
        if (!mark.kind[0])
            return fail(r, OB_ERR_FORMAT, "Mark %zu has no kind.", copy->mark_count + 1);
        if (!ob_copy_add_mark(copy, &mark))
            return fail(r, OB_ERR_NO_MEMORY, "There is not enough memory.");
    }
    return !r->err;
}

enum ob_err ob_read_json_value(struct ob_copy *copy, const struct ob_json *json, const struct ob_json_value *root,
                               char *sentence, size_t size)
{
    struct reader r = {.json = json, .sentence = sentence, .size = size};
    memset(copy, 0, sizeof *copy);
    if (size > 0)
        sentence[0] = 0;
    const char *format = ob_json_string_of(json, ob_json_get(json, root, "format"));
    int64_t version = 0;
    if (!format || strcmp(format, "outbreath-session") != 0)
        (void)fail(&r, OB_ERR_FORMAT, "It is no session of Outbreath.");
    else if (take_integer(&r, root, "version", 1, INT64_MAX, true, &version) && version > VERSION)
        (void)fail(&r, OB_ERR_NEWER, "A newer Outbreath wrote it (version %lld; up to %d are read).",
                   (long long)version, VERSION);
    if (!r.err)
        (void)(take_about(&r, root, copy) && take_beats(&r, root, copy) && take_seconds(&r, root, copy) &&
               take_marks(&r, root, copy));
    if (r.err)
        ob_copy_finish(copy);
    return r.err;
}

enum ob_err ob_read_json(struct ob_copy *copy, const char *bytes, size_t size, char *sentence, size_t sentence_size)
{
    struct ob_json json;
    memset(copy, 0, sizeof *copy);
    enum ob_err err = ob_json_parse(&json, bytes, size);
    if (err == OB_ERR_FORMAT && sentence_size > 0)
        snprintf(sentence, sentence_size, "It is no whole JSON text; it breaks in line %zu.", json.line);
    else if (err && sentence_size > 0)
        snprintf(sentence, sentence_size, "It can't be read: %s.", ob_err_text(err));
    if (!err)
        err = ob_read_json_value(copy, &json, ob_json_root(&json), sentence, sentence_size);
    ob_json_finish(&json);
    return err;
}
