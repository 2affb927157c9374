/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/kept.h"

#include "app/commands/passphrase.h"
#include "app/options.h"
#include "app/say.h"
#include "base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int ob_kept_code(enum ob_err err)
{
    switch (err) {
    case OB_OK:
        return OB_EXIT_DONE;
    case OB_ERR_USAGE:
    case OB_ERR_RANGE:
        return OB_EXIT_USAGE;
    case OB_ERR_NOT_FOUND:
    case OB_ERR_EMPTY:
    case OB_ERR_FORMAT:
    case OB_ERR_TRUNCATED:
    case OB_ERR_DAMAGED:
    case OB_ERR_NEWER:
    case OB_ERR_KEY:
    case OB_ERR_NO_KEY:
        return OB_EXIT_INPUT;
    default:
        return OB_EXIT_FAILED;
    }
}

int ob_kept_open(const char *data, bool existing, struct ob_store **store_out)
{
    char problem[512] = "";
    const struct ob_store_desc desc = {.folder = data, .existing = existing};
    const enum ob_err err = ob_store_open(&desc, store_out, problem, sizeof problem);
    return err ? ob_say(ob_kept_code(err), problem) : OB_EXIT_DONE;
}

int ob_kept_find(struct ob_store *store, const char *who, struct ob_person_row *row_out)
{
    char problem[256] = "";
    if (who) {
        const enum ob_err err = ob_store_person_find(store, who, row_out, problem, sizeof problem);
        return err ? ob_say(ob_kept_code(err), problem) : OB_EXIT_DONE;
    }
    struct ob_person_row *rows = NULL;
    size_t count = 0;
    enum ob_err err = ob_store_people(store, &rows, &count);
    if (!err && count == 1)
        *row_out = rows[0];
    free(rows);
    if (err)
        return ob_say(ob_kept_code(err), ob_err_text(err));
    if (count == 0)
        return ob_say(OB_EXIT_INPUT, "nobody is kept here yet");
    if (count == 1)
        return OB_EXIT_DONE;
    err = ob_kept_only(store, false, row_out, &count); /* beside a simulated person there may be one who is real */
    if (err)
        return ob_say(ob_kept_code(err), ob_err_text(err));
    return count == 1 ? OB_EXIT_DONE
                      : ob_say(OB_EXIT_USAGE,
                               "several people are kept here: say whose with --person ('outbreath people' lists them)");
}

enum ob_err ob_kept_only(struct ob_store *store, bool simulated, struct ob_person_row *row_out, size_t *count_out)
{
    struct ob_person_row *people = NULL;
    struct ob_key **keys = NULL;
    size_t count = 0;
    *count_out = 0;
    enum ob_err err = ob_kept_keys(store, NULL, &people, &keys, &count);
    struct ob_person_record *record = calloc(1, sizeof *record);
    if (!record && !err)
        err = OB_ERR_NO_MEMORY;
    for (size_t i = 0; !err && i < count; i++) {
        const bool is = keys[i] && ob_store_person_get(store, keys[i], record) == OB_OK && record->simulated;
        if (is == simulated && (*count_out)++ == 0)
            *row_out = people[i];
    }
    if (record)
        explicit_bzero(record, sizeof *record);
    free(record);
    if (keys)
        ob_kept_close_keys(people, keys, count);
    return err;
}

int ob_kept_unlock(struct ob_store *store, const struct ob_person_row *row, const char *passphrase_file,
                   struct ob_key **key_out)
{
    char problem[256] = "";
    struct ob_passphrase passphrase = {.size = 0};
    bool given = false;
    if (row->lock == OB_LOCK_PASSPHRASE &&
        !ob_passphrase_get(passphrase_file, "Passphrase: ", false, &passphrase, &given)) {
        if (given)
            return OB_EXIT_USAGE;
        return ob_say(OB_EXIT_INPUT,
                      "this person is locked by a passphrase: type it at a terminal, or give --passphrase-file");
    }
    const enum ob_err err = ob_key_load(ob_store_path(store), &row->id, given ? passphrase.text : NULL, passphrase.size,
                                        key_out, problem, sizeof problem);
    ob_passphrase_wipe(&passphrase);
    return err ? ob_say(ob_kept_code(err), problem) : OB_EXIT_DONE;
}

enum ob_err ob_kept_keys(struct ob_store *store, const char *passphrase_file, struct ob_person_row **people_out,
                         struct ob_key ***keys_out, size_t *count_out)
{
    char problem[256];
    struct ob_passphrase passphrase = {.size = 0};
    bool given = false;
    enum ob_err err = ob_store_people(store, people_out, count_out);
    if (err)
        return err;
    *keys_out = calloc(*count_out + 1, sizeof **keys_out);
    if (!*keys_out) {
        free(*people_out);
        return OB_ERR_NO_MEMORY;
    }
    if (passphrase_file || getenv("OUTBREATH_PASSPHRASE"))
        given = ob_passphrase_get(passphrase_file, "", false, &passphrase, &given);
    for (size_t i = 0; i < *count_out; i++) {
        const struct ob_person_row *row = &(*people_out)[i];
        if (row->lock != OB_LOCK_PASSPHRASE || given)
            ob_key_load(ob_store_path(store), &row->id, passphrase.text, passphrase.size, &(*keys_out)[i], problem,
                        sizeof problem);
    }
    ob_passphrase_wipe(&passphrase);
    return OB_OK;
}

void ob_kept_close_keys(struct ob_person_row *people, struct ob_key **keys, size_t count)
{
    for (size_t i = 0; keys && i < count; i++)
        ob_key_destroy(keys[i]);
    free(keys);
    free(people);
}

void ob_kept_name(struct ob_store *store, const struct ob_key *key, char *name_out, size_t size)
{
    struct ob_person_record *record = calloc(1, sizeof *record);
    name_out[0] = '\0';
    if (record && ob_store_person_get(store, key, record) == OB_OK)
        snprintf(name_out, size, "%s", record->name);
    if (record)
        explicit_bzero(record, sizeof *record);
    free(record);
}

void ob_kept_time(int64_t wall_ns, int32_t utc_offset_s, char *text_out, size_t size)
{
    const time_t then = (time_t)(wall_ns / OB_NS_PER_S) + utc_offset_s;
    struct tm tm;
    if (!gmtime_r(&then, &tm) || strftime(text_out, size, "%Y-%m-%dT%H:%M:%S", &tm) == 0) {
        snprintf(text_out, size, "unknown");
        return;
    }
    const size_t used = strlen(text_out);
    const int minutes = abs(utc_offset_s) / 60 % (24 * 60);
    if (utc_offset_s == 0)
        snprintf(text_out + used, size - used, "Z");
    else
        snprintf(text_out + used, size - used, "%c%02d:%02d", utc_offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

static bool in(int value, int low, int high)
{
    return value >= low && value <= high;
}

bool ob_kept_parse_time(const char *text, int64_t *wall_ns_out, int32_t *utc_offset_s_out)
{
    int year, month, day, hour, minute, second = 0, used = 0, more = 0;
    if (sscanf(text, "%4d-%2d-%2d%*1[T ]%2d:%2d%n", &year, &month, &day, &hour, &minute, &used) != 5 || used == 0)
        return false;
    const char *rest = text + used;
    if (sscanf(rest, ":%2d%n", &second, &more) == 1)
        rest += more;
    if (!in(year, 1970, 2200) || !in(month, 1, 12) || !in(day, 1, 31) || !in(hour, 0, 23) || !in(minute, 0, 59) ||
        !in(second, 0, 60))
        return false;
    struct tm tm = {.tm_year = year - 1900,
                    .tm_mon = month - 1,
                    .tm_mday = day,
                    .tm_hour = hour,
                    .tm_min = minute,
                    .tm_sec = second,
                    .tm_isdst = -1};
    int hours, minutes;
    char sign;
    more = 0;
    if (*rest == '\0') {
        const time_t local = mktime(&tm);
        *wall_ns_out = (int64_t)local * OB_NS_PER_S;
        *utc_offset_s_out = (int32_t)tm.tm_gmtoff;
        return local != (time_t)-1;
    }
    if (strcmp(rest, "Z") == 0)
        *utc_offset_s_out = 0;
    else if (sscanf(rest, "%c%2d:%2d%n", &sign, &hours, &minutes, &more) == 3 && rest[more] == '\0' &&
             (sign == '+' || sign == '-') && in(hours, 0, 14) && in(minutes, 0, 59))
        *utc_offset_s_out = (sign == '-' ? -60 : 60) * (60 * hours + minutes);
    else
        return false;
    *wall_ns_out = ((int64_t)timegm(&tm) - *utc_offset_s_out) * OB_NS_PER_S;
    return true;
}

void ob_kept_json_number(FILE *out, double value)
{
    if (isnan(value))
        fputs("null", out);
    else
        fprintf(out, "%.6g", value);
}

void ob_kept_column(FILE *out, const char *text, int width)
{
    int shown = 0;
    const char *p = text;
    while (*p && shown < width - 1) {
        fputc(*p++, out);
        while (((unsigned char)*p & 0xc0) == 0x80)
            fputc(*p++, out);
        shown++;
    }
    for (; shown < width; shown++)
        fputc(' ', out);
}

int ob_kept_session(struct ob_store *store, const char *words, const char *who, const char *passphrase_file,
                    struct ob_key **key_out, struct ob_session_row *row_out)
{
    char problem[256] = "", id[OB_ID_TEXT];
    struct ob_id session, person;
    struct ob_person_row row = {.sessions = 0};
    enum ob_err err = OB_OK;
    int code = OB_EXIT_DONE;
    *key_out = NULL;
    if (who || !words)
        code = ob_kept_find(store, who, &row);
    if (code == OB_EXIT_DONE && words) {
        err = ob_store_session_find(store, words, &session, &person, problem, sizeof problem);
        if (err)
            return ob_say(ob_kept_code(err), problem);
        if (who && !ob_id_equal(&person, &row.id))
            return ob_say(OB_EXIT_USAGE, "this session is somebody else's");
        ob_id_text(&person, id);
        code = ob_kept_find(store, id, &row);
    }
    if (code == OB_EXIT_DONE)
        code = ob_kept_unlock(store, &row, passphrase_file, key_out);
    if (code != OB_EXIT_DONE)
        return code;
    if (words) {
        err = ob_store_session_get(store, *key_out, &session, row_out);
        return err ? ob_say(ob_kept_code(err), ob_err_text(err)) : OB_EXIT_DONE;
    }
    struct ob_session_row *rows = NULL;
    size_t count = 0;
    err = ob_store_sessions(store, *key_out, &rows, &count, NULL);
    if (err)
        return ob_say(ob_kept_code(err), ob_err_text(err));
    size_t newest = 0;
    while (newest + 1 < count && ob_session_is_trifle(&rows[newest]))
        newest++;
    if (count > 0)
        *row_out = rows[newest];
    free(rows);
    return count > 0 ? OB_EXIT_DONE : ob_say(OB_EXIT_INPUT, "nothing is kept of this person yet");
}
