/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/keeper.h"

#include "app/commands/kept.h"
#include "app/options.h"
#include "app/say.h"
#include "base/mark.h"
#include "base/maths.h"
#include "base/time.h"
#include "breath/moment.h"
#include "breath/protocol.h"
#include "format/bytes.h"
#include "os/clock.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BASELINE_SECONDS 60    /* of a known RSA amplitude while guided: fewer say nothing of a person */
#define BASELINE_KEEPS   0.75  /* how much the sessions of before count against the newest */
#define GENTLE_START     10.0  /* breaths/min, the fastest automatic pace */
#define GENTLE_TARGET    7.0   /* breaths/min: a gentle session glides no further */
#define SECONDS_MAX      86400 /* of one session that are looked at for the baseline */

struct ob_keeper {
    char folder[4096];
    struct ob_writer *writer;
    struct ob_key *key;
    bool faster, gentle_before, past_known;
    unsigned char past[OB_EVENT_PAST_MAX]; /* the pace, as it was before */
    double baseline_before_bpm;
    uint32_t baseline_sessions;
    /* engine thread */
    uint64_t beats, seconds, moments;
    bool measured[OB_PROTOCOL_PHASES]; /* of the phases that the session has */
    int phase_count, phase;            /* phase: the number of the one that was told last */
    int64_t begin_ns;
    bool begun, ended, dizzy, let_go;
    uint32_t sensor;
    double *rsa; /* a value a second */
    size_t rsa_count;
    uint32_t beats_from;       /* as told to the writer */
    uint32_t checkin[2];       /* as in struct ob_session_row */
    struct ob_keepsake chosen; /* what is known of it goes over what was kept */
};

/* ---- the person ------------------------------------------------------------------------------------------------- */

static int make_person(struct ob_store *store, const char *name, bool simulated, struct ob_person_row *row_out)
{
    char problem[256] = "";
    struct ob_person_record *record = calloc(1, sizeof *record);
    if (!record)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    snprintf(record->name, sizeof record->name, "%s", name);
    record->simulated = simulated;
    record->since_wall_ns = ob_clock_wall_ns();
    memset(row_out, 0, sizeof *row_out);
    row_out->lock = OB_LOCK_KEY_FILE;
    const enum ob_err err =
        ob_store_person_add(store, record, OB_LOCK_KEY_FILE, NULL, 0, &row_out->id, NULL, problem, sizeof problem);
    free(record);
    ob_store_unlock(store);
    return err ? ob_say(ob_kept_code(err), problem) : OB_EXIT_DONE;
}

/* The only one of this kind (simulated or not); made where there is none. */
static int the_only_one(struct ob_store *store, bool simulated, struct ob_person_row *row_out)
{
    size_t hits = 0;
    const enum ob_err err = ob_kept_only(store, simulated, row_out, &hits);
    if (err)
        return ob_say(ob_kept_code(err), ob_err_text(err));
    if (hits == 1)
        return OB_EXIT_DONE;
    if (hits > 1)
        return ob_say(OB_EXIT_USAGE,
                      "several people are kept here: say whose session this is with --as WHO, or --no-keep");
    return make_person(store, simulated ? "Simulated person" : "Me", simulated, row_out);
}

static int find_person(struct ob_store *store, const struct ob_keeper_desc *desc, struct ob_person_row *row_out)
{
    if (!desc->who)
        return the_only_one(store, desc->simulated, row_out);
    char problem[256];
    if (desc->simulated && ob_store_person_find(store, desc->who, row_out, problem, sizeof problem) == OB_ERR_NOT_FOUND)
        return make_person(store, desc->who, true, row_out);
    return ob_kept_find(store, desc->who, row_out);
}

int ob_keeper_person(struct ob_store *store, const char *who, struct ob_person_row *row_out)
{
    return find_person(store, &(struct ob_keeper_desc){.who = who}, row_out);
}

/* ---- what is known of before ------------------------------------------------------------------------------------ */

/* u8 version 1, f64 median RSA amplitude in bpm, u32 sessions behind it. */
enum { BASELINE_SIZE = 1 + 8 + 4 };

static void read_baseline(struct ob_keeper *k, struct ob_store *store)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (ob_store_blob_get(store, k->key, OB_BLOB_BASELINE, &bytes, &size) == OB_OK && size >= BASELINE_SIZE &&
        bytes[0] == 1) {
        const double bpm = ob_get_f64(bytes + 1);
        if (isfinite(bpm) && bpm > 0.0 && bpm < 100.0) {
            k->baseline_before_bpm = bpm;
            k->baseline_sessions = ob_get_u32(bytes + 9);
        }
    }
    free(bytes);
}

static void read_pace(struct ob_keeper *k, struct ob_store *store)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    if (ob_store_blob_get(store, k->key, OB_BLOB_PACE, &bytes, &size) == OB_OK && size == sizeof k->past) {
        memcpy(k->past, bytes, size);
        k->past_known = true;
    }
    free(bytes);
}

static void keep_baseline(struct ob_keeper *k)
{
    if (k->rsa_count < BASELINE_SECONDS)
        return;
    double bpm = ob_median(k->rsa, k->rsa_count);
    if (k->baseline_before_bpm > 0.0)
        bpm = BASELINE_KEEPS * k->baseline_before_bpm + (1.0 - BASELINE_KEEPS) * bpm;
    unsigned char bytes[BASELINE_SIZE] = {1};
    ob_put_f64(bytes + 1, bpm);
    ob_put_u32(bytes + 9, k->baseline_sessions + 1);
    ob_writer_blob(k->writer, OB_BLOB_BASELINE, bytes, sizeof bytes);
}

/* The dizziness key makes the next session gentle; a gentle one without it is the last gentle one. */
static void keep_gentle(struct ob_keeper *k)
{
    char problem[256];
    if (k->dizzy == k->gentle_before)
        return;
    struct ob_store *store = NULL;
    const struct ob_store_desc desc = {.folder = k->folder, .existing = true};
    struct ob_person_record *record = calloc(1, sizeof *record);
    if (record && ob_store_open(&desc, &store, problem, sizeof problem) == OB_OK &&
        ob_store_person_get(store, k->key, record) == OB_OK) {
        record->gentle = k->dizzy;
        ob_store_person_put(store, k->key, record, problem, sizeof problem);
    }
    ob_store_close(store);
    if (record)
        explicit_bzero(record, sizeof *record);
    free(record);
}

/* What changed in the meantime, such as an appointment, stays. */
static void keep_surroundings(struct ob_keeper *k)
{
    char problem[256];
    struct ob_store *store = NULL;
    struct ob_keepsake kept;
    const struct ob_store_desc desc = {.folder = k->folder, .existing = true};
    bool known = false;
    for (int i = 0; i < OB_KEEPSAKE_CHOICES; i++)
        known |= k->chosen.chosen[i].value[0] != '\0';
    if (known && ob_store_open(&desc, &store, problem, sizeof problem) == OB_OK &&
        ob_store_keepsake_get(store, k->key, &kept) == OB_OK) {
        for (int i = 0; i < OB_KEEPSAKE_CHOICES; i++)
            if (k->chosen.chosen[i].value[0])
                kept.chosen[i] = k->chosen.chosen[i];
        ob_store_keepsake_put(store, k->key, &kept);
    }
    ob_store_close(store);
}

static void make_gentle(struct ob_session_plan *plan)
{
    plan->start_brpm = GENTLE_START;
    if (!plan->fixed_pace && !(plan->target_brpm >= GENTLE_TARGET))
        plan->target_brpm = GENTLE_TARGET;
    plan->hold_in_s = plan->hold_out_s = 0.0;
}

static int look_up(struct ob_keeper *k, struct ob_store *store, const struct ob_keeper_desc *desc,
                   struct ob_session_plan *plan)
{
    struct ob_person_record *record = calloc(1, sizeof *record);
    const enum ob_err err = record ? ob_store_person_get(store, k->key, record) : OB_ERR_NO_MEMORY;
    int code = OB_EXIT_DONE;
    if (err)
        code = ob_say(ob_kept_code(err), "what is kept of this person does not open; 'outbreath verify' says more");
    else if (record->simulated != desc->simulated)
        code =
            ob_say(OB_EXIT_USAGE, desc->simulated ? "a simulated heart is never kept as a person's; leave --as out, or "
                                                    "name a new one"
                                                  : "this is the simulated person: a real heart is kept as somebody's");
    else {
        k->gentle_before = record->gentle;
        if (record->gentle)
            make_gentle(plan);
        read_baseline(k, store);
        read_pace(k, store);
        plan->baseline_rsa_bpm = k->baseline_before_bpm;
    }
    if (record)
        explicit_bzero(record, sizeof *record);
    free(record);
    return code;
}

int ob_keeper_begin(const struct ob_keeper_desc *desc, struct ob_session_plan *plan, struct ob_keeper **keeper_out)
{
    struct ob_store *store = NULL;
    struct ob_person_row person;
    struct ob_keeper *k = calloc(1, sizeof *k);
    if (!k)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    k->faster = desc->faster;
    k->rsa = malloc(SECONDS_MAX * sizeof *k->rsa);
    int code = k->rsa ? ob_kept_open(desc->data, false, &store) : ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    if (code != OB_EXIT_DONE)
        code = OB_EXIT_FAILED; /* whatever is wrong with the folder, nothing is wrong with what was asked for */
    if (code == OB_EXIT_DONE)
        code = find_person(store, desc, &person);
    if (code == OB_EXIT_DONE)
        code = ob_kept_unlock(store, &person, desc->passphrase_file, &k->key);
    if (code == OB_EXIT_DONE)
        code = look_up(k, store, desc, plan);
    if (code == OB_EXIT_DONE) {
        snprintf(k->folder, sizeof k->folder, "%s", ob_store_path(store));
        struct ob_writer_desc writer = {.folder = k->folder,
                                        .key = k->key,
                                        .start = {.start_wall_ns = desc->start_wall_ns,
                                                  .utc_offset_s = desc->utc_offset_s,
                                                  .planned_minutes = plan->minutes,
                                                  .simulated = desc->simulated}};
        snprintf(writer.start.protocol, sizeof writer.start.protocol, "%s",
                 desc->protocol && desc->protocol[0] ? desc->protocol
                 : plan->fixed_pace                  ? "guided, chosen pace"
                                                     : "guided");
        snprintf(writer.start.source, sizeof writer.start.source, "%s", desc->source ? desc->source : "no sensor");
        if (ob_writer_create(&writer, &k->writer))
            code = ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    }
    ob_store_close(store);
    if (code != OB_EXIT_DONE) {
        ob_key_destroy(k->key);
        free(k->rsa);
        free(k);
        return code;
    }
    *keeper_out = k;
    return OB_EXIT_DONE;
}

/* ---- engine thread ---------------------------------------------------------------------------------------------- */

static void push(struct ob_keeper *k, const struct ob_item *item)
{
    if (k->faster)
        ob_writer_push_wait(k->writer, item);
    else
        ob_writer_push(k->writer, item);
}

static void push_mark(struct ob_keeper *k, int64_t time_ns, const char *kind, const char *words)
{
    struct ob_item item = {.kind = OB_ITEM_MARK};
    item.u.mark.time_ns = time_ns;
    snprintf(item.u.mark.kind, sizeof item.u.mark.kind, "%s", kind);
    ob_mark_words(words, item.u.mark.words, sizeof item.u.mark.words);
    push(k, &item);
}

static void push_beats(struct ob_keeper *k, const struct ob_snapshot *s)
{
    if (s->beat_count - k->beats > OB_SNAPSHOT_BEATS)
        k->beats = s->beat_count - OB_SNAPSHOT_BEATS; /* nobody looked for a minute */
    for (; k->beats < s->beat_count; k->beats++) {
        const struct ob_snapshot_beat *b = &s->beats[k->beats % OB_SNAPSHOT_BEATS];
        struct ob_item item = {.kind = OB_ITEM_BEAT};
        item.u.beat = (struct ob_item_beat){.time_ns = b->time_ns - s->begin_ns,
                                            .age_ns = b->age_ns,
                                            .rr_ms = b->rr_ms,
                                            .nn_ms = b->nn_ms,
                                            .flag = b->flag};
        push(k, &item);
    }
}

static void push_features(struct ob_keeper *k, const struct ob_snapshot *s, uint64_t second)
{
    double values[OB_FEATURES];
    struct ob_item item = {.kind = OB_ITEM_FEATURES};
    ob_features_at(s, values);
    item.u.features.time_ns = (int64_t)second * OB_NS_PER_S;
    item.u.features.stage = s->stage;
    for (int i = 0; i < OB_FEATURES; i++)
        item.u.features.values[i] = (float)values[i];
    push(k, &item);
    if (s->stage == OB_STAGE_GUIDED && s->rsa_bpm.valid && k->rsa_count < SECONDS_MAX)
        k->rsa[k->rsa_count++] = s->rsa_bpm.value;
}

/* What was seen, as numbers that a report can read again; when it began is the mark's own time. */
static void push_moments(struct ob_keeper *k, const struct ob_snapshot *s)
{
    if (s->mark_count - k->moments > OB_SNAPSHOT_MARKS)
        k->moments = s->mark_count - OB_SNAPSHOT_MARKS;
    for (; k->moments < s->mark_count; k->moments++) {
        const struct ob_settling_mark *m = &s->marks[k->moments % OB_SNAPSHOT_MARKS];
        char words[OB_MARK_WORDS];
        ob_moment_encode(m, s->begin_ns, words, sizeof words);
        push_mark(k, m->at_ns - s->begin_ns, OB_MOMENT_KIND, words);
    }
}

/* Where the next part of a protocol begins, and whether it is one of the windows that are compared. Phases that the
 * engine refused leave another count, and nothing is told. */
static void push_phase(struct ob_keeper *k, const struct ob_snapshot *s)
{
    char words[OB_MARK_WORDS];
    if (s->phase_count == 0 || s->phase_count != k->phase_count || s->phase + 1 == k->phase ||
        s->stage == OB_STAGE_ENDED)
        return;
    k->phase = s->phase + 1;
    snprintf(words, sizeof words, "number=%d measured=%d", k->phase, k->measured[s->phase]);
    push_mark(k, s->now_ns - s->phase_ns - s->begin_ns, OB_PHASE_KIND, words);
}

void ob_keeper_look(struct ob_keeper *k, const struct ob_snapshot *s)
{
    if (!k || k->ended || s->stage == OB_STAGE_IDLE)
        return;
    k->begun = true;
    k->ended = s->stage == OB_STAGE_ENDED; /* what comes after the end is nobody's session */
    k->begin_ns = s->begin_ns;
    push_beats(k, s);
    push_moments(k, s);
    push_phase(k, s);
    const uint64_t second = (uint64_t)((s->now_ns - s->begin_ns) / OB_NS_PER_S);
    if (second > k->seconds && !k->ended) {
        k->seconds = second;
        push_features(k, s, second);
    }
    if (s->let_go_ns && !k->let_go)
        push_mark(k, s->let_go_ns - s->begin_ns, "let go", NULL);
    else if (!s->let_go_ns && k->let_go)
        push_mark(k, s->now_ns - s->begin_ns, "awake", NULL);
    k->let_go = s->let_go_ns != 0;
    if (s->beats_from != k->beats_from && s->beats_from != OB_BEATS_NONE) {
        /* the mark is for a session that never gets to write its header */
        if (s->beats_from == OB_BEATS_PPG)
            push_mark(k, s->now_ns - s->begin_ns, "pulse wave", NULL);
        ob_writer_beats_from(k->writer, s->beats_from);
        k->beats_from = s->beats_from;
    }
    if (s->sensor != k->sensor) {
        if (s->sensor == OB_SENSOR_LOST)
            push_mark(k, s->now_ns - s->begin_ns, "sensor lost", NULL);
        else if (k->sensor == OB_SENSOR_LOST && s->sensor == OB_SENSOR_LIVE)
            push_mark(k, s->now_ns - s->begin_ns, "sensor back", NULL);
        k->sensor = s->sensor;
    }
}

void ob_keeper_event(struct ob_keeper *k, const struct ob_event *event)
{
    if (k && event->kind == OB_EVENT_PHASE && k->phase_count < OB_PROTOCOL_PHASES)
        k->measured[k->phase_count++] = event->u.phase.flags & OB_PHASE_MEASURED;
    if (!k || !k->begun || k->ended)
        return;
    const int64_t time_ns = event->applied_ns - k->begin_ns;
    if (event->kind == OB_EVENT_MARK)
        push_mark(k, time_ns, ob_mark_name(event->u.mark.label), event->u.mark.words);
    if (event->kind == OB_EVENT_GAP)
        push_mark(k, time_ns, "gap", NULL);
    if (event->kind != OB_EVENT_COMMAND)
        return;
    const bool on = event->u.command.value != 0.0;
    switch (event->u.command.code) {
    case OB_COMMAND_PAUSE:
        push_mark(k, time_ns, on ? "pause" : "go on", NULL);
        break;
    case OB_COMMAND_JUST_BREATHE:
        push_mark(k, time_ns, on ? "just breathe" : "guided again", NULL);
        break;
    case OB_COMMAND_DIZZY:
        k->dizzy = true;
        push_mark(k, time_ns, "dizzy", NULL);
        break;
    case OB_COMMAND_END:
        push_mark(k, time_ns, "ended by hand", NULL);
        break;
    default:
        break;
    }
}

bool ob_keeper_past(const struct ob_keeper *k, struct ob_event *event_out)
{
    if (!k || !k->past_known)
        return false;
    *event_out = (struct ob_event){.kind = OB_EVENT_PAST};
    memcpy(event_out->u.past.pace, k->past, sizeof event_out->u.past.pace);
    return true;
}

void ob_keeper_learn(struct ob_keeper *k, const struct ob_engine *engine)
{
    unsigned char blob[OB_PACE_BLOB];
    char words[OB_MARK_WORDS];
    if (!k || !k->begun)
        return;
    const struct ob_snapshot *s = ob_engine_snapshot(engine);
    snprintf(words, sizeof words, "watched_s=%.0f could_not_tell_s=%.0f too_early_s=%.0f", s->settling_watched_s,
             s->settling_blind_s, s->settling_early_s);
    push_mark(k, s->now_ns - s->begin_ns, OB_WATCH_KIND, words);
    ob_engine_save_pace(engine, blob);
    ob_writer_blob(k->writer, OB_BLOB_PACE, blob, sizeof blob);
    explicit_bzero(blob, sizeof blob);
}

/* ---- main thread ------------------------------------------------------------------------------------------------ */

void ob_keeper_status(struct ob_keeper *keeper, struct ob_writer_status *status_out)
{
    ob_writer_status(keeper->writer, status_out);
}

void ob_keeper_check_in(struct ob_keeper *k, int before, int after)
{
    if (!k)
        return;
    k->checkin[0] = before >= 0 && before <= 10 ? (uint32_t)before + 1 : 0;
    k->checkin[1] = after >= 0 && after <= 10 ? (uint32_t)after + 1 : 0;
}

void ob_keeper_surroundings(struct ob_keeper *k, const struct ob_keepsake *chosen)
{
    k->chosen = *chosen;
}

void ob_kept_session_finish(struct ob_kept_session *kept)
{
    ob_key_destroy(kept->key);
    explicit_bzero(kept, sizeof *kept);
}

int ob_keeper_end(struct ob_keeper *k, int code, struct ob_kept_session *kept)
{
    if (!k)
        return code;
    char problem[320] = "", sentence[400];
    struct ob_session_row row;
    struct ob_writer_status status;
    keep_baseline(k);
    ob_writer_status(k->writer, &status);
    const enum ob_err err = ob_writer_finish(k->writer, k->checkin, 0, &row, problem, sizeof problem);
    if (!err || k->dizzy) /* that somebody was dizzy is kept whatever became of the session */
        keep_gentle(k);
    if (!err)
        keep_surroundings(k);
    if (err)
        code = ob_say(OB_EXIT_FAILED, problem);
    else if (row.number > 0)
        printf("Kept as session %" PRIu64 ": %.1f minutes, %" PRIu64 " beats.\n", row.number, row.duration_s / 60.0,
               row.beats);
    if (status.refused > 0) {
        snprintf(sentence, sizeof sentence, "%" PRIu64 " beats or numbers were not kept because a queue was full",
                 status.refused);
        code = ob_say(OB_EXIT_FAILED, sentence);
    }
    if (kept && !err && row.number > 0) {
        ob_kept_session_finish(kept);
        *kept = (struct ob_kept_session){.key = k->key, .session = row.id};
        memcpy(kept->folder, k->folder, sizeof kept->folder);
        k->key = NULL;
    }
    ob_key_destroy(k->key);
    if (k->rsa)
        explicit_bzero(k->rsa, k->rsa_count * sizeof *k->rsa);
    free(k->rsa);
    free(k);
    return code;
}

/* ---- the raw log ------------------------------------------------------------------------------------------------ */

enum ob_err ob_keeper_raw_path(const char *person_folder, const struct ob_id *session, char *path_out, size_t size)
{
    char id[OB_ID_TEXT];
    ob_id_text(session, id);
    const int length = snprintf(path_out, size, "%s/%s.raw.sealed", person_folder, id);
    return length > 0 && (size_t)length < size ? OB_OK : OB_ERR_RANGE;
}

enum ob_err ob_keeper_raw(struct ob_keeper *k, struct ob_event_file **file_out)
{
    char problem[256], folder[PATH_MAX], path[PATH_MAX];
    struct ob_writer_status status;
    struct ob_store *store = NULL;
    ob_writer_status(k->writer, &status);
    enum ob_err err =
        ob_store_open(&(struct ob_store_desc){.folder = k->folder, .existing = true}, &store, problem, sizeof problem);
    if (!err)
        err = ob_store_person_folder(store, ob_key_person(k->key), folder, sizeof folder);
    ob_store_close(store);
    if (!err)
        err = ob_keeper_raw_path(folder, &status.session, path, sizeof path);
    return err ? err : ob_event_file_open_sealed(path, k->key, file_out);
}
