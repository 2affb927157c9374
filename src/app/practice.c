/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/practice.h"

#include "base/time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_S     86400
#define COUNTS_S  60.0
#define WEEK_DAYS 7

/* The person that is meant: the one named, else the only one. */
static bool find(struct ob_store *store, const char *who, struct ob_person_row *row_out)
{
    char problem[256];
    if (who)
        return ob_store_person_find(store, who, row_out, problem, sizeof problem) == OB_OK;
    struct ob_person_row *rows = NULL;
    size_t count = 0;
    const bool only = ob_store_people(store, &rows, &count) == OB_OK && count == 1;
    if (only)
        *row_out = rows[0];
    free(rows);
    return only;
}

void ob_practice_read(struct ob_practice *practice, const char *data, const char *who)
{
    memset(practice, 0, sizeof *practice);
    const struct ob_store_desc desc = {.folder = data, .existing = true};
    char problem[512];
    struct ob_store *store = NULL;
    struct ob_person_row row;
    struct ob_key *key = NULL;
    if (ob_store_open(&desc, &store, problem, sizeof problem))
        return;
    if (find(store, who, &row) && row.lock != OB_LOCK_PASSPHRASE &&
        ob_key_load(ob_store_path(store), &row.id, NULL, 0, &key, problem, sizeof problem) == OB_OK &&
        ob_store_sessions(store, key, &practice->sessions, &practice->count, NULL))
        practice->count = 0;
    ob_key_destroy(key);
    ob_store_close(store);
}

void ob_practice_finish(struct ob_practice *practice)
{
    free(practice->sessions);
    memset(practice, 0, sizeof *practice);
}

int64_t ob_practice_day(const struct ob_session_row *session)
{
    const int64_t local_s = session->start_wall_ns / OB_NS_PER_S + session->utc_offset_s;
    return local_s >= 0 ? local_s / DAY_S : (local_s - DAY_S + 1) / DAY_S;
}

int ob_practice_days_of_7(const struct ob_practice *practice, int64_t today)
{
    bool on[WEEK_DAYS] = {false};
    int days = 0;
    for (size_t i = 0; i < practice->count; i++) {
        const int64_t ago = today - ob_practice_day(&practice->sessions[i]);
        if (ago >= 0 && ago < WEEK_DAYS && practice->sessions[i].duration_s >= COUNTS_S)
            on[ago] = true;
    }
    for (int i = 0; i < WEEK_DAYS; i++)
        days += on[i];
    return days;
}

int64_t ob_practice_today(void)
{
    const time_t now = time(NULL);
    struct tm local;
    localtime_r(&now, &local);
    return ((int64_t)now + local.tm_gmtoff) / DAY_S;
}
