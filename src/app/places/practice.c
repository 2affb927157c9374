/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places/practice.h"

#include "app/commands/copying.h"
#include "base/time.h"
#include "os/tr.h"
#include "plot/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DRAWN_BEATS 60
#define LOOK_BACK   60 /* sessions, for those that were measured */

/* Who is locked counts as not simulated, as for whoever keeps a session. */
static bool is_simulated(struct ob_store *store, const struct ob_person_row *row)
{
    char problem[256];
    struct ob_key *key = NULL;
    if (row->lock == OB_LOCK_PASSPHRASE ||
        ob_key_load(ob_store_path(store), &row->id, NULL, 0, &key, problem, sizeof problem) != OB_OK)
        return false;
    struct ob_person_record *record = calloc(1, sizeof *record);
    const bool is = record && ob_store_person_get(store, key, record) == OB_OK && record->simulated;
    if (record)
        explicit_bzero(record, sizeof *record);
    free(record);
    ob_key_destroy(key);
    return is;
}

/* The person that is meant: the one named, else the only one. */
static bool find(struct ob_store *store, const char *who, struct ob_person_row *row_out, bool *several_out)
{
    char problem[256];
    *several_out = false;
    if (who)
        return ob_store_person_find(store, who, row_out, problem, sizeof problem) == OB_OK;
    struct ob_person_row *rows = NULL;
    size_t count = 0, hits = 0;
    if (ob_store_people(store, &rows, &count))
        return false;
    for (size_t i = 0; i < count && hits < 2; i++)
        if (!is_simulated(store, &rows[i]) && hits++ == 0)
            *row_out = rows[i];
    free(rows);
    *several_out = hits > 1;
    return hits == 1;
}

static void read_pace(struct ob_practice *practice, struct ob_store *store, const struct ob_key *key)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    practice->pace_known = ob_store_blob_get(store, key, OB_BLOB_PACE, &bytes, &size) == OB_OK &&
                           size == OB_PACE_BLOB && ob_own_pace_load(&practice->pace, bytes);
    free(bytes);
}

/* The windows of the newest sessions that have both. */
static void read_past(struct ob_practice *practice, struct ob_store *store, const struct ob_key *key)
{
    struct ob_past_session newest[OB_PRACTICE_PAST];
    size_t found = 0;
    for (size_t i = 0; i < practice->count && i < LOOK_BACK && found < OB_PRACTICE_PAST; i++) {
        struct ob_copy copy;
        if (ob_copy_from_store(store, key, &practice->sessions[i].id, &copy) == OB_OK &&
            ob_summary_past(&copy, &newest[found]) && newest[found].windows.before.there)
            found++;
        ob_copy_finish(&copy);
    }
    practice->past = found ? calloc(found, sizeof *practice->past) : NULL;
    for (size_t i = 0; practice->past && i < found; i++)
        practice->past[practice->past_count++] = newest[found - 1 - i];
}

/* The newest session with enough beats to draw. */
static void read_last(struct ob_practice *practice, struct ob_store *store, const struct ob_key *key)
{
    for (size_t i = 0; i < practice->count && i < LOOK_BACK; i++) {
        if (practice->sessions[i].beats < DRAWN_BEATS)
            continue;
        struct ob_copy copy;
        if (ob_copy_from_store(store, key, &practice->sessions[i].id, &copy) == OB_OK) {
            const struct ob_summary_desc desc = {.copy = &copy, .suggestion = -1};
            practice->last_known = ob_summary_make(&desc, &practice->last) == OB_OK;
        }
        ob_copy_finish(&copy);
        return;
    }
}

void ob_practice_read(struct ob_practice *practice, const char *data, const char *who, bool whole)
{
    memset(practice, 0, sizeof *practice);
    const struct ob_store_desc desc = {.folder = data, .existing = true};
    char problem[512];
    struct ob_store *store = NULL;
    struct ob_person_row row;
    struct ob_key *key = NULL;
    if (ob_store_open(&desc, &store, problem, sizeof problem))
        return;
    const bool found = find(store, who, &row, &practice->several);
    practice->locked = found && row.lock == OB_LOCK_PASSPHRASE && row.sessions > 0;
    if (found && row.lock != OB_LOCK_PASSPHRASE &&
        ob_key_load(ob_store_path(store), &row.id, NULL, 0, &key, problem, sizeof problem) == OB_OK) {
        if (ob_store_sessions(store, key, &practice->sessions, &practice->count, NULL))
            practice->count = 0;
        ob_store_keepsake_get(store, key, &practice->keepsake);
        if (whole) {
            read_pace(practice, store, key);
            read_past(practice, store, key);
            read_last(practice, store, key);
        }
    }
    ob_key_destroy(key);
    ob_store_close(store);
}

void ob_practice_finish(struct ob_practice *practice)
{
    free(practice->sessions);
    free(practice->past);
    ob_summary_finish(&practice->last);
    memset(practice, 0, sizeof *practice);
}

int ob_practice_days(const struct ob_practice *practice, double *minutes_out, int days, int *weekday_out)
{
    const time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    const int64_t now_ns = (int64_t)now * OB_NS_PER_S;
    const int32_t offset_s = (int32_t)local.tm_gmtoff;
    struct ob_calendar_session *sessions = practice->count ? calloc(practice->count, sizeof *sessions) : NULL;
    size_t count = 0;
    for (size_t i = 0; sessions && i < practice->count; i++)
        if (practice->sessions[i].duration_s >= OB_PRACTICE_COUNTS_S)
            sessions[count++] = (struct ob_calendar_session){.start_wall_ns = practice->sessions[i].start_wall_ns,
                                                             .utc_offset_s = practice->sessions[i].utc_offset_s,
                                                             .minutes = practice->sessions[i].duration_s / 60.0};
    const int on = ob_calendar_days(sessions, count, now_ns, offset_s, minutes_out, days);
    if (weekday_out)
        *weekday_out = ob_calendar_weekday(now_ns, offset_s, 0);
    free(sessions);
    return on;
}

void ob_practice_week(const struct ob_practice *practice, char *out, size_t size)
{
    double minutes[7];
    const int days = ob_practice_days(practice, minutes, 7, NULL);
    out[0] = '\0';
    if (days > 0) /* nobody is told of a week without */
        snprintf(out, size, ob_tr("%d of the last 7 days"), days);
}
