/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/write.h"

#include <inttypes.h>

static void key(struct ob_sheet *text, const char *name, bool first)
{
    ob_sheet_put(text, "%s\"%s\":", first ? "" : ",", name);
}

static void key_string(struct ob_sheet *text, const char *name, const char *string)
{
    key(text, name, false);
    ob_sheet_json(text, string[0] ? string : NULL);
}

static void write_about(struct ob_sheet *text, const struct ob_copy *copy)
{
    char start[40];
    ob_sheet_put(text,
                 "{\n \"format\":\"outbreath-session\",\n \"version\":1,\n \"written_by\":\"Outbreath " OB_VERSION
                 "\",\n \"label\":\"%s\",\n \"simulated\":%s,\n \"imported\":%s,\n \"session\":{",
                 ob_copy_label(copy), copy->simulated ? "true" : "false", copy->imported ? "true" : "false");
    key(text, "id", true);
    ob_sheet_json(text, copy->id[0] ? copy->id : NULL);
    ob_sheet_put(text, ",\"number\":%" PRIu64, copy->number);
    key_string(text, "state", copy->state);
    ob_sheet_utc(copy->start_wall_ns, start);
    key_string(text, "start_utc", copy->start_wall_ns ? start : "");
    ob_sheet_put(text, ",\"utc_offset_s\":%" PRId32 ",\"duration_s\":", copy->utc_offset_s);
    ob_sheet_number(text, copy->duration_s, 9);
    key(text, "planned_minutes", false);
    if (copy->planned_minutes > 0.0)
        ob_sheet_number(text, copy->planned_minutes, 9);
    else
        ob_sheet_put(text, "null");
    key_string(text, "protocol", copy->protocol);
    key_string(text, "posture", copy->posture);
    key_string(text, "source", copy->source);
    key_string(text, "beats_from", ob_copy_source_name(copy->beats_from));
    static const char *const names[2] = {"checkin_before", "checkin_after"};
    for (int i = 0; i < 2; i++) {
        key(text, names[i], false);
        if (copy->checkin[i])
            ob_sheet_put(text, "%" PRIu32, copy->checkin[i] - 1);
        else
            ob_sheet_put(text, "null");
    }
    ob_sheet_put(text, "},\n");
}

static void write_beat(struct ob_sheet *text, const struct ob_copy_beat *beat)
{
    ob_sheet_put(text, "{\"time_ns\":%" PRId64 ",\"rr_ms\":", beat->time_ns);
    ob_sheet_float(text, beat->rr_ms);
    key(text, "nn_ms", false);
    if (beat->nn_ms != 0.0f)
        ob_sheet_float(text, beat->nn_ms);
    else
        ob_sheet_put(text, "null");
    ob_sheet_put(text, ",\"flag\":\"%s\",\"age_ns\":%" PRId64 "}", ob_beat_flag_name((enum ob_beat_flag)beat->flag),
                 beat->age_ns);
}

static void write_second(struct ob_sheet *text, const struct ob_copy_second *second)
{
    ob_sheet_put(text, "{\"time_ns\":%" PRId64 ",\"stage\":\"%s\"", second->time_ns, ob_copy_stage_name(second->stage));
    for (int f = 0; f < OB_FEATURES; f++) {
        key(text, ob_feature_name((enum ob_feature)f), false);
        ob_sheet_float(text, second->values[f]);
    }
    ob_sheet_put(text, "}");
}

void ob_write_json(struct ob_sheet *text, const struct ob_copy *copy)
{
    write_about(text, copy);
    ob_sheet_put(text, " \"beats\":[");
    for (size_t i = 0; i < copy->beat_count; i++) {
        ob_sheet_put(text, i ? ",\n  " : "\n  ");
        write_beat(text, &copy->beats[i]);
    }
    ob_sheet_put(text, "],\n \"features\":[");
    for (size_t i = 0; i < copy->second_count; i++) {
        ob_sheet_put(text, i ? ",\n  " : "\n  ");
        write_second(text, &copy->seconds[i]);
    }
    ob_sheet_put(text, "],\n \"marks\":[");
    for (size_t i = 0; i < copy->mark_count; i++) {
        ob_sheet_put(text, "%s{\"time_ns\":%" PRId64, i ? ",\n  " : "\n  ", copy->marks[i].time_ns);
        key(text, "kind", false);
        ob_sheet_json(text, copy->marks[i].kind);
        key(text, "words", false);
        ob_sheet_json(text, copy->marks[i].words);
        ob_sheet_put(text, "}");
    }
    ob_sheet_put(text, "]\n}\n");
}
