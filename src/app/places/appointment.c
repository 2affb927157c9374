/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places/appointment.h"

#include "app/commands/kept.h"
#include "app/options.h"
#include "app/say.h"
#include "app/session/keeper.h"
#include "os/tr.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define USUAL_HOUR 15

static const char *const weekdays[7] = {OB_TR("Sunday"),   OB_TR("Monday"), OB_TR("Tuesday"), OB_TR("Wednesday"),
                                        OB_TR("Thursday"), OB_TR("Friday"), OB_TR("Saturday")};
static const char *const months[12] = {OB_TR("January"),   OB_TR("February"), OB_TR("March"),    OB_TR("April"),
                                       OB_TR("May"),       OB_TR("June"),     OB_TR("July"),     OB_TR("August"),
                                       OB_TR("September"), OB_TR("October"),  OB_TR("November"), OB_TR("December")};

const char *ob_month_name(int month)
{
    return month >= 0 && month < 12 ? ob_tr(months[month]) : "";
}

static struct tm local_of(int64_t s)
{
    const time_t t = (time_t)s;
    struct tm tm = {0};
    localtime_r(&t, &tm);
    return tm;
}

/* The same moment of the clock so many days on. */
static int64_t days_on(const struct tm *tm, int days)
{
    struct tm then = *tm;
    then.tm_mday += days;
    then.tm_isdst = -1;
    return (int64_t)mktime(&then);
}

bool ob_appointment_is_to_come(const struct ob_keepsake *k, int64_t now_s)
{
    if (k->appointment_s <= 0)
        return false;
    const struct tm at = local_of(k->appointment_s);
    return now_s < (k->appointment_day ? days_on(&at, 1) : k->appointment_s);
}

static bool same_day(const struct tm *a, int64_t b_s)
{
    const struct tm b = local_of(b_s);
    return a->tm_year == b.tm_year && a->tm_yday == b.tm_yday;
}

void ob_appointment_words(const struct ob_keepsake *k, int64_t now_s, char *out, size_t size)
{
    const struct tm at = local_of(k->appointment_s), now = local_of(now_s);
    const bool today = same_day(&at, now_s), tomorrow = same_day(&at, days_on(&now, 1));
    if (k->appointment_day && (today || tomorrow))
        snprintf(out, size, "%s", today ? ob_tr("today") : ob_tr("tomorrow"));
    else if (today || tomorrow)
        snprintf(out, size, today ? ob_tr("today at %d:%02d") : ob_tr("tomorrow at %d:%02d"), at.tm_hour, at.tm_min);
    else if (k->appointment_day)
        snprintf(out, size, ob_tr("%s %d %s"), ob_tr(weekdays[at.tm_wday]), at.tm_mday, ob_month_name(at.tm_mon));
    else
        snprintf(out, size, ob_tr("%s %d %s at %d:%02d"), ob_tr(weekdays[at.tm_wday]), at.tm_mday,
                 ob_month_name(at.tm_mon), at.tm_hour, at.tm_min);
}

bool ob_appointment_read(const char *text, struct ob_keepsake *k)
{
    char whole[48];
    int64_t wall_ns;
    int32_t offset_s;
    const bool day = strlen(text) == strlen("2026-12-03");
    snprintf(whole, sizeof whole, "%.30s%s", text, day ? " 00:00" : "");
    if (!ob_kept_parse_time(whole, &wall_ns, &offset_s) || wall_ns <= 0)
        return false;
    k->appointment_s = wall_ns / 1000000000;
    k->appointment_day = day;
    return true;
}

void ob_appointment_turn(struct ob_keepsake *k, int days, int minutes, int64_t now_s)
{
    const bool there = ob_appointment_is_to_come(k, now_s);
    struct tm tm = local_of(there ? k->appointment_s : now_s);
    if (!there || k->appointment_day) {
        tm.tm_hour = USUAL_HOUR;
        tm.tm_min = tm.tm_sec = 0;
    }
    if (there)
        tm.tm_min += minutes;
    k->appointment_s = days_on(&tm, there ? days : days < 0 ? 0 : 7);
    k->appointment_day = false;
    if (k->appointment_s <= now_s || (!there && days < 0))
        k->appointment_s = 0;
}

int ob_appointment_put(const char *data, const char *who, const char *passphrase_file, const struct ob_keepsake *with)
{
    struct ob_store *store = NULL;
    struct ob_person_row person;
    struct ob_key *key = NULL;
    struct ob_keepsake keepsake;
    int code = ob_kept_open(data, false, &store);
    if (code == OB_EXIT_DONE)
        code = ob_keeper_person(store, who, &person);
    if (code == OB_EXIT_DONE)
        code = ob_kept_unlock(store, &person, passphrase_file, &key);
    if (code == OB_EXIT_DONE) {
        enum ob_err err = ob_store_keepsake_get(store, key, &keepsake);
        keepsake.appointment_s = with->appointment_s;
        keepsake.appointment_day = with->appointment_day;
        if (!err)
            err = ob_store_keepsake_put(store, key, &keepsake);
        code = err ? ob_say(ob_kept_code(err), ob_err_text(err)) : OB_EXIT_DONE;
    }
    ob_key_destroy(key);
    ob_store_close(store);
    return code;
}
