/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/copying.h"

#include "format/json.h"

#include <stdlib.h>
#include <string.h>

/* ---- sessions ---- */

static bool copy_items(const struct ob_recording *r, struct ob_copy *copy)
{
    for (size_t i = 0; i < r->beat_count; i++) {
        const struct ob_item_beat *b = &r->beats[i];
        const struct ob_copy_beat beat = {
            .time_ns = b->time_ns, .age_ns = b->age_ns, .rr_ms = b->rr_ms, .nn_ms = b->nn_ms, .flag = b->flag};
        if (!ob_copy_add_beat(copy, &beat))
            return false;
    }
    for (size_t i = 0; i < r->feature_count; i++) {
        struct ob_copy_second second = {.time_ns = r->features[i].time_ns, .stage = r->features[i].stage};
        memcpy(second.values, r->features[i].values, sizeof second.values);
        if (!ob_copy_add_second(copy, &second))
            return false;
    }
    for (size_t i = 0; i < r->mark_count; i++) {
        struct ob_copy_mark mark = {.time_ns = r->marks[i].time_ns};
        snprintf(mark.kind, sizeof mark.kind, "%s", r->marks[i].kind);
        snprintf(mark.words, sizeof mark.words, "%s", r->marks[i].words);
        if (!ob_copy_add_mark(copy, &mark))
            return false;
    }
    return true;
}

enum ob_err ob_copy_from_store(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                               struct ob_copy *copy)
{
    struct ob_session_row row;
    struct ob_recording recording;
    memset(copy, 0, sizeof *copy);
    memset(&recording, 0, sizeof recording);
    enum ob_err err = ob_store_session_get(store, key, session, &row);
    if (err)
        return err;
    ob_id_text(&row.id, copy->id);
    copy->number = row.number;
    snprintf(copy->state, sizeof copy->state, "%s", ob_session_state_name(row.state));
    copy->start_wall_ns = row.start_wall_ns;
    copy->utc_offset_s = row.utc_offset_s;
    copy->planned_minutes = row.planned_minutes;
    copy->duration_s = row.duration_s;
    snprintf(copy->protocol, sizeof copy->protocol, "%s", row.protocol);
    snprintf(copy->posture, sizeof copy->posture, "%s", row.posture);
    snprintf(copy->source, sizeof copy->source, "%s", row.source);
    copy->beats_from = row.beats_from;
    copy->simulated = row.simulated;
    copy->imported = row.imported;
    memcpy(copy->checkin, row.checkin, sizeof copy->checkin);
    err = ob_store_session_load(store, key, session, &recording);
    if ((!err || err == OB_ERR_DAMAGED) && !copy_items(&recording, copy))
        err = OB_ERR_NO_MEMORY;
    ob_recording_finish(&recording);
    /* a session that was interrupted has no header that says so */
    for (size_t i = 0; copy->beats_from == OB_BEATS_NONE && i < copy->mark_count; i++)
        if (strcmp(copy->marks[i].kind, "pulse wave") == 0)
            copy->beats_from = OB_BEATS_PPG;
    return err;
}

static enum ob_err fill(struct ob_recording *r, const struct ob_copy *copy)
{
    enum ob_err err = OB_OK;
    struct ob_item item;
    for (size_t i = 0; !err && i < copy->beat_count; i++) {
        const struct ob_copy_beat *b = &copy->beats[i];
        item.kind = OB_ITEM_BEAT;
        item.u.beat = (struct ob_item_beat){
            .time_ns = b->time_ns, .age_ns = b->age_ns, .rr_ms = b->rr_ms, .nn_ms = b->nn_ms, .flag = b->flag};
        err = ob_recording_add(r, &item);
    }
    for (size_t i = 0; !err && i < copy->second_count; i++) {
        item.kind = OB_ITEM_FEATURES;
        item.u.features =
            (struct ob_item_features){.time_ns = copy->seconds[i].time_ns, .stage = copy->seconds[i].stage};
        memcpy(item.u.features.values, copy->seconds[i].values, sizeof item.u.features.values);
        err = ob_recording_add(r, &item);
    }
    for (size_t i = 0; !err && i < copy->mark_count; i++) {
        item.kind = OB_ITEM_MARK;
        memset(&item.u.mark, 0, sizeof item.u.mark);
        item.u.mark.time_ns = copy->marks[i].time_ns;
        snprintf(item.u.mark.kind, sizeof item.u.mark.kind, "%s", copy->marks[i].kind);
        snprintf(item.u.mark.words, sizeof item.u.mark.words, "%s", copy->marks[i].words);
        err = ob_recording_add(r, &item);
    }
    return err;
}

/* What the store's own encoding would refuse is refused here, before anything is written. */
static bool takes_all(const struct ob_recording *r)
{
    unsigned char bytes[OB_ITEM_MAX];
    struct ob_item item = {.kind = OB_ITEM_MARK};
    for (size_t i = 0; i < r->mark_count; i++) {
        item.u.mark = r->marks[i];
        if (ob_item_encode(&item, bytes) == 0)
            return false;
    }
    return true;
}

enum ob_err ob_copy_to_store(struct ob_store *store, const struct ob_key *key, const struct ob_copy *copy,
                             bool imported, struct ob_session_row *row, char *problem, size_t problem_size)
{
    struct ob_recording recording;
    memset(&recording, 0, sizeof recording);
    memset(row, 0, sizeof *row);
    row->start_wall_ns = copy->start_wall_ns;
    row->utc_offset_s = copy->utc_offset_s;
    row->planned_minutes = copy->planned_minutes;
    snprintf(row->protocol, sizeof row->protocol, "%s", copy->protocol);
    snprintf(row->posture, sizeof row->posture, "%s", copy->posture);
    snprintf(row->source, sizeof row->source, "%s", copy->source);
    row->beats_from = copy->beats_from;
    row->simulated = copy->simulated;
    row->imported = copy->imported || imported;
    memcpy(row->checkin, copy->checkin, sizeof row->checkin);
    enum ob_err err = fill(&recording, copy);
    if (!err && !takes_all(&recording))
        err = OB_ERR_FORMAT;
    if (err)
        snprintf(problem, problem_size, "the session can't be kept: %s", ob_err_text(err));
    else
        err = ob_store_session_add(store, key, row, &recording, problem, problem_size);
    ob_recording_finish(&recording);
    return err;
}

bool ob_copy_belongs(struct ob_store *store, const struct ob_key *key, const struct ob_copy *copy, char *problem,
                     size_t problem_size)
{
    struct ob_person_record *record = calloc(1, sizeof *record);
    const enum ob_err err = record ? ob_store_person_get(store, key, record) : OB_ERR_NO_MEMORY;
    const bool simulated = !err && record->simulated;
    if (record)
        explicit_bzero(record, sizeof *record);
    free(record);
    if (err)
        snprintf(problem, problem_size, "the person can't be read: %s", ob_err_text(err));
    else if (simulated != copy->simulated)
        snprintf(problem, problem_size,
                 copy->simulated ? "this is of a simulated heart, which is kept under a simulated person only"
                                 : "this is of a real heart, which is not kept under a simulated person");
    return !err && simulated == copy->simulated;
}

bool ob_copy_is_kept(struct ob_store *store, const struct ob_key *key, const struct ob_session_row *rows, size_t count,
                     const struct ob_copy *copy, uint64_t *number_out)
{
    for (size_t i = 0; i < count; i++) {
        struct ob_copy other;
        if (rows[i].beats != copy->beat_count)
            continue;
        const enum ob_err err = ob_copy_from_store(store, key, &rows[i].id, &other);
        const bool same = !err && ob_copy_same(&other, copy);
        ob_copy_finish(&other);
        if (same) {
            *number_out = rows[i].number;
            return true;
        }
    }
    return false;
}

/* ---- people ---- */

void ob_person_json(struct ob_sheet *text, const struct ob_person_record *record)
{
    char since[40];
    ob_sheet_utc(record->since_wall_ns, since);
    ob_sheet_put(text, "{\"format\":\"outbreath-person\",\"version\":1,\n \"name\":");
    ob_sheet_json(text, record->name);
    ob_sheet_put(text, ",\n \"notes\":");
    ob_sheet_json(text, record->notes);
    ob_sheet_put(text, ",\n \"since_utc\":\"%s\",\"simulated\":%s,\"gentle\":%s}\n", since,
                 record->simulated ? "true" : "false", record->gentle ? "true" : "false");
}

static bool is_true(const struct ob_json *json, const char *name)
{
    const struct ob_json_value *value = ob_json_get(json, ob_json_root(json), name);
    return value && value->kind == OB_JSON_TRUE;
}

enum ob_err ob_person_json_read(const char *bytes, size_t size, struct ob_person_record *record, char *sentence,
                                size_t sentence_size)
{
    struct ob_json json;
    memset(record, 0, sizeof *record);
    enum ob_err err = ob_json_parse(&json, bytes, size);
    const struct ob_json_value *root = err ? NULL : ob_json_root(&json);
    const char *format = ob_json_string_of(&json, ob_json_get(&json, root, "format"));
    const char *name = ob_json_string_of(&json, ob_json_get(&json, root, "name"));
    const char *notes = ob_json_string_of(&json, ob_json_get(&json, root, "notes"));
    const char *since = ob_json_string_of(&json, ob_json_get(&json, root, "since_utc"));
    const struct ob_json_value *version = ob_json_get(&json, root, "version");
    if (!err && (!format || strcmp(format, "outbreath-person") != 0 || !version || !version->whole || !name || !notes ||
                 strlen(name) >= sizeof record->name || strlen(notes) >= sizeof record->notes || !since ||
                 !ob_sheet_utc_parse(since, &record->since_wall_ns)))
        err = OB_ERR_FORMAT;
    if (!err && version->integer > 1)
        err = OB_ERR_NEWER;
    if (!err) {
        snprintf(record->name, sizeof record->name, "%s", name);
        snprintf(record->notes, sizeof record->notes, "%s", notes);
        record->simulated = is_true(&json, "simulated");
        record->gentle = is_true(&json, "gentle");
        err = ob_person_record_check(record, sentence, sentence_size);
    } else {
        snprintf(sentence, sentence_size, "what it says of the person can't be read: %s", ob_err_text(err));
    }
    ob_json_finish(&json);
    return err;
}

static const char *const blob_names[] = {"", "pace", "baseline", "settings"};
#define NAMED ((int)(sizeof blob_names / sizeof *blob_names))

void ob_blob_name(int kind, char *name_out, size_t size)
{
    if (kind < NAMED)
        snprintf(name_out, size, "%s", blob_names[kind]);
    else
        snprintf(name_out, size, "%d", kind);
}

int ob_blob_of(const char *name)
{
    char other[24];
    for (int i = 1; i < OB_BLOBS; i++) {
        ob_blob_name(i, other, sizeof other);
        if (strcmp(other, name) == 0)
            return i;
    }
    return -1;
}
