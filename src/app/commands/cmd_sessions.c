/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath sessions: what is kept, newest first; and what is added to a session afterwards. */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/commands/sessions_change.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct sessions_options {
    const char *data, *person;
    struct ob_sessions_change change;
    bool json, all, help;
};

#define AT(field) offsetof(struct sessions_options, field)
static const struct ob_option table[] = {
    {"person", OB_OPTION_TEXT, AT(person), 0, 0, "WHO", "only of this one: a name, number or id (all that open)"},
    OB_OPTION_DATA(AT(data)),
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "as JSON, all of them, with all that is known of each"},
    {"all", OB_OPTION_FLAG, AT(all), 0, 0, NULL, "also those under half a minute without a beat"},
    {"at", OB_OPTION_TEXT, AT(change.at), 0, 0, "TIME", "mark: when, since the beginning, as 12:40"},
    {"label", OB_OPTION_TEXT, AT(change.label), 0, 0, "LABEL",
     "mark: breath-changed, sigh, jaw, turned-over, text ..."},
    {"words", OB_OPTION_TEXT, AT(change.words), 0, 0, "TEXT", "mark: your own words, at most 207 bytes"},
    {"words-file", OB_OPTION_TEXT, AT(change.words_file), 0, 0, "FILE",
     "mark: the same from a file (-: standard input)"},
    {"posture", OB_OPTION_TEXT, AT(change.posture), 0, 0, "WORD", "set: such as sitting, supine, prone"},
    {"before", OB_OPTION_NUMBER, AT(change.before), 0, 10, "N", "set: the check-in before, tension 0 to 10"},
    {"after", OB_OPTION_NUMBER, AT(change.after), 0, 10, "N", "set: the check-in after"},
    {"passphrase-file", OB_OPTION_TEXT, AT(change.passphrase_file), 0, 0, "FILE", "the passphrase, for scripts"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static void print_json(const struct ob_session_row *row, const char *name, bool first)
{
    char id[OB_ID_TEXT], person[OB_ID_TEXT], start[40];
    ob_id_text(&row->id, id);
    ob_id_text(&row->person, person);
    ob_kept_time(row->start_wall_ns, row->utc_offset_s, start, sizeof start);
    printf("%s    {\"id\": \"%s\", \"number\": %" PRIu64 ", \"person\": \"%s\", \"person_name\": ", first ? "" : ",\n",
           id, row->number, person);
    ob_json_string(stdout, name);
    printf(", \"state\": \"%s\", \"start\": \"%s\", \"duration_s\": %.3f, \"planned_minutes\": ",
           ob_session_state_name(row->state), start, row->duration_s);
    ob_kept_json_number(stdout, row->planned_minutes);
    printf(", \"protocol\": ");
    ob_json_string(stdout, row->protocol);
    printf(", \"posture\": ");
    ob_json_string(stdout, row->posture[0] ? row->posture : NULL);
    printf(", \"source\": ");
    ob_json_string(stdout, row->source);
    printf(", \"variability\": \"%s\", \"simulated\": %s, \"imported\": %s, \"beats\": %" PRIu64
           ", \"corrected\": %" PRIu64,
           row->beats_from == OB_BEATS_PPG ? "PRV" : "HRV", row->simulated ? "true" : "false",
           row->imported ? "true" : "false", row->beats, row->corrected);
    static const char *const checkins[] = {"checkin_before", "checkin_after"};
    for (int i = 0; i < 2; i++) {
        printf(", \"%s\": ", checkins[i]);
        ob_kept_json_number(stdout, row->checkin[i] ? (double)row->checkin[i] - 1.0 : (double)NAN);
    }
    printf(", \"medians\": {");
    bool begun = false;
    for (int i = 0; i < OB_FEATURES; i++)
        if (i != OB_FEATURE_PACER_PHASE_RAD) {
            printf("%s\"%s\": ", begun ? ", " : "", ob_feature_name((enum ob_feature)i));
            ob_kept_json_number(stdout, row->medians[i]);
            begun = true;
        }
    printf("}}");
}

static void print_number(double value, int width, int digits)
{
    if (isnan(value))
        printf(" %*s", width, "-");
    else
        printf(" %*.*f", width, digits, value);
}

static void print_line(const struct ob_session_row *row, const char *name)
{
    char start[40];
    ob_kept_time(row->start_wall_ns, row->utc_offset_s, start, sizeof start);
    start[16] = '\0'; /* to the minute */
    start[10] = ' ';
    printf("%6" PRIu64 "  %s  ", row->number, start);
    ob_kept_column(stdout, name, 20);
    printf(" %6.1f %7" PRIu64, row->duration_s / 60.0, row->beats);
    print_number(row->medians[OB_FEATURE_HR_BPM], 6, 1);
    print_number(row->medians[OB_FEATURE_RSA_BPM], 6, 1);
    print_number(row->medians[OB_FEATURE_PACER_BRPM], 6, 2);
    printf("  %s%s%s\n", ob_session_state_name(row->state), row->simulated ? ", simulated" : "",
           row->imported ? ", imported" : "");
}

struct totals {
    size_t sessions, damaged, locked, left_out;
    bool begun;
};

static enum ob_err list(struct ob_store *store, const struct ob_key *key, const struct sessions_options *o,
                        struct totals *totals)
{
    char name[OB_NAME_BYTES];
    struct ob_session_row *rows = NULL;
    size_t count = 0, damaged = 0;
    const enum ob_err err = ob_store_sessions(store, key, &rows, &count, &damaged);
    if (err)
        return err;
    ob_kept_name(store, key, name, sizeof name);
    for (size_t i = 0; i < count; i++) {
        if (!o->json && !o->all && ob_session_is_trifle(&rows[i])) {
            totals->left_out++;
            continue;
        }
        if (o->json)
            print_json(&rows[i], name, !totals->begun);
        else {
            if (!totals->begun)
                printf("number  start             %-20s minutes   beats  HR/bpm RSA/bpm pace/min\n", "person");
            print_line(&rows[i], name);
        }
        totals->begun = true;
    }
    totals->sessions += count;
    totals->damaged += damaged;
    free(rows);
    return OB_OK;
}

static int list_all(struct ob_store *store, const struct sessions_options *o, struct totals *totals)
{
    struct ob_person_row *people = NULL;
    struct ob_key **keys = NULL;
    size_t count = 0;
    enum ob_err err = ob_kept_keys(store, o->change.passphrase_file, &people, &keys, &count);
    for (size_t i = 0; !err && i < count; i++) {
        if (keys[i])
            err = list(store, keys[i], o, totals);
        else
            totals->locked++;
    }
    if (keys)
        ob_kept_close_keys(people, keys, count);
    return err ? ob_say(ob_kept_code(err), ob_err_text(err)) : OB_EXIT_DONE;
}

int ob_cmd_sessions(int argc, char **argv)
{
    struct sessions_options options = {.change = {.before = -1.0, .after = -1.0}};
    const char *words[3];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 3))
        return OB_EXIT_USAGE;
    const bool mark = words[0] && strcmp(words[0], "mark") == 0, set = words[0] && strcmp(words[0], "set") == 0;
    if (options.help) {
        printf("outbreath sessions: what is kept, newest first.\n\n"
               "  outbreath sessions                the list\n"
               "  outbreath sessions mark SESSION   adds a mark to a session that is over\n"
               "  outbreath sessions set SESSION    notes its posture or the check-in\n\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    if (words[0] && !mark && !set)
        return ob_say(OB_EXIT_USAGE, "it is 'sessions', 'sessions mark' or 'sessions set'");
    struct ob_store *store = NULL;
    int code = ob_kept_open(options.data, true, &store);
    if (code != OB_EXIT_DONE)
        return code;
    if (mark || set) {
        options.change.session = words[1];
        code = mark ? ob_sessions_mark(store, &options.change) : ob_sessions_set(store, &options.change);
        ob_store_close(store);
        return code;
    }
    struct totals totals = {0};
    struct ob_person_row row;
    struct ob_key *key = NULL;
    if (options.person) {
        code = ob_kept_find(store, options.person, &row);
        if (code == OB_EXIT_DONE)
            code = ob_kept_unlock(store, &row, options.change.passphrase_file, &key);
    }
    if (code == OB_EXIT_DONE && options.json)
        printf("{\n  \"sessions\": [\n");
    if (code == OB_EXIT_DONE && key) {
        const enum ob_err err = list(store, key, &options, &totals);
        if (err)
            code = ob_say(ob_kept_code(err), ob_err_text(err));
    } else if (code == OB_EXIT_DONE)
        code = list_all(store, &options, &totals);
    if (code == OB_EXIT_DONE && options.json)
        printf("%s  ],\n  \"locked_people\": %zu,\n  \"damaged\": %zu\n}\n", totals.begun ? "\n" : "", totals.locked,
               totals.damaged);
    else if (code == OB_EXIT_DONE && totals.sessions == 0)
        printf("No sessions are kept here yet.\n");
    if (code == OB_EXIT_DONE && totals.left_out > 0)
        printf("Left out: %zu under half a minute without a beat (--all lists them).\n", totals.left_out);
    if (code == OB_EXIT_DONE && !options.json && totals.locked > 0)
        printf("%zu of the people are locked by a passphrase and not shown.\n", totals.locked);
    if (totals.damaged > 0)
        ob_say(0, "some sessions do not open; 'outbreath verify' says more");
    ob_key_destroy(key);
    ob_store_close(store);
    return code;
}
