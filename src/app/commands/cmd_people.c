/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath people: who is kept here, and how each one's key is locked. */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/commands/passphrase.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"
#include "os/clock.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct people_options {
    const char *data, *passphrase_file, *new_passphrase_file, *notes;
    bool json, passphrase, keyring, help;
};

#define AT(field) offsetof(struct people_options, field)
static const struct ob_option table[] = {
    OB_OPTION_DATA(AT(data)),
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "as JSON"},
    {"notes", OB_OPTION_TEXT, AT(notes), 0, 0, "TEXT", "add: your own notes about the person"},
    {"passphrase", OB_OPTION_FLAG, AT(passphrase), 0, 0, NULL, "add: locked by a passphrase, which is asked for"},
    {"keyring", OB_OPTION_FLAG, AT(keyring), 0, 0, NULL, "add, lock: locked by the desktop's keyring"},
    {"passphrase-file", OB_OPTION_TEXT, AT(passphrase_file), 0, 0, "FILE", "the passphrase there is, for scripts"},
    {"new-passphrase-file", OB_OPTION_TEXT, AT(new_passphrase_file), 0, 0, "FILE", "add, lock: the new one"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static void show_help(void)
{
    printf("outbreath people: who is kept here.\n\n"
           "  outbreath people                    the list\n"
           "  outbreath people add NAME           a new person (key file, unless --passphrase or --keyring)\n"
           "  outbreath people rename WHO NAME    another name\n"
           "  outbreath people notes WHO [TEXT]   shows your notes, or replaces them\n"
           "  outbreath people lock WHO           asks for a new passphrase (or --keyring)\n"
           "  outbreath people unlock WHO         back to a key file, that asks for nothing\n\n"
           "WHO is a name, a number or an id of the list. 'outbreath delete --person WHO' forgets somebody.\n\n");
    ob_options_print(table, OPTIONS);
}

/* ---- the list --------------------------------------------------------------------------------------------------- */

static void list_one(const struct ob_person_row *row, const struct ob_person_record *record, bool json, bool last)
{
    char id[OB_ID_TEXT], since[40] = "";
    ob_id_text(&row->id, id);
    if (record)
        ob_kept_time(record->since_wall_ns, 0, since, sizeof since);
    if (!json) {
        printf("%6" PRIu64 "  ", row->number);
        ob_kept_column(stdout, record ? record->name : "(locked)", 32);
        printf("%8" PRIu64 "  %-16s %s%s\n", row->sessions,
               row->lock == OB_LOCK_NONE ? "key missing" : ob_lock_name(row->lock), id,
               record && record->simulated ? "  simulated" : "");
        return;
    }
    printf("    {\"id\": \"%s\", \"number\": %" PRIu64 ", \"name\": ", id, row->number);
    ob_json_string(stdout, record ? record->name : NULL);
    printf(", \"lock\": \"%s\", \"open\": %s, \"sessions\": %" PRIu64 ", \"since\": ", ob_lock_name(row->lock),
           record ? "true" : "false", row->sessions);
    ob_json_string(stdout, record ? since : NULL);
    printf(", \"simulated\": %s, \"next_session_gentle\": %s}%s\n", record && record->simulated ? "true" : "false",
           record && record->gentle ? "true" : "false", last ? "" : ",");
}

static int list(struct ob_store *store, const struct people_options *o)
{
    struct ob_person_row *people = NULL;
    struct ob_key **keys = NULL;
    size_t count = 0;
    const enum ob_err err = ob_kept_keys(store, o->passphrase_file, &people, &keys, &count);
    if (err)
        return ob_say(ob_kept_code(err), ob_err_text(err));
    struct ob_person_record *record = calloc(1, sizeof *record);
    if (o->json)
        printf("{\n  \"people\": [\n");
    else if (count > 0)
        printf("number  %-32ssessions  %-16s id\n", "name", "locked by");
    for (size_t i = 0; record && i < count; i++) {
        const bool open = keys[i] && ob_store_person_get(store, keys[i], record) == OB_OK;
        list_one(&people[i], open ? record : NULL, o->json, i + 1 == count);
    }
    if (o->json)
        printf("  ]\n}\n");
    else if (count == 0)
        printf("Nobody is kept here yet.\n");
    if (record)
        explicit_bzero(record, sizeof *record);
    free(record);
    ob_kept_close_keys(people, keys, count);
    return OB_EXIT_DONE;
}

/* ---- changes ---------------------------------------------------------------------------------------------------- */

static bool take_text(char *out, size_t size, const char *text, const char *what)
{
    char sentence[128];
    if (strlen(text) < size) {
        memcpy(out, text, strlen(text) + 1);
        return true;
    }
    snprintf(sentence, sizeof sentence, "%s have at most %d characters; this one is longer", what,
             size == OB_NAME_BYTES ? OB_NAME_LETTERS : OB_NOTES_LETTERS);
    ob_say(OB_EXIT_USAGE, sentence);
    return false;
}

static int answer(const struct ob_id *id, bool json, const char *done, const char *sentence)
{
    char text[OB_ID_TEXT];
    ob_id_text(id, text);
    if (json)
        printf("{\"%s\": \"%s\"}\n", done, text);
    else
        printf("%s\n", sentence);
    return OB_EXIT_DONE;
}

static int add(struct ob_store *store, const struct people_options *o, const char *name)
{
    char problem[256] = "";
    struct ob_passphrase passphrase = {.size = 0};
    bool given = false;
    const bool wants = o->passphrase || o->new_passphrase_file;
    struct ob_person_record *record = calloc(1, sizeof *record);
    if (!record)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    record->since_wall_ns = ob_clock_wall_ns();
    int code = OB_EXIT_DONE;
    struct ob_id id;
    if (!take_text(record->name, sizeof record->name, name, "names") ||
        (o->notes && !take_text(record->notes, sizeof record->notes, o->notes, "notes")))
        code = OB_EXIT_USAGE;
    else if (wants && !ob_passphrase_get(o->new_passphrase_file, "New passphrase: ", true, &passphrase, &given))
        code = given ? OB_EXIT_USAGE
                     : ob_say(OB_EXIT_USAGE, "a passphrase is typed at a terminal, or given by --new-passphrase-file");
    else {
        const enum ob_lock lock = wants ? OB_LOCK_PASSPHRASE : o->keyring ? OB_LOCK_KEYRING : OB_LOCK_KEY_FILE;
        const enum ob_err err = ob_store_person_add(store, record, lock, passphrase.text, passphrase.size, &id, NULL,
                                                    problem, sizeof problem);
        code = err ? ob_say(ob_kept_code(err), problem)
                   : answer(&id, o->json, "added", "Done. Sessions of this person will be kept.");
    }
    ob_passphrase_wipe(&passphrase);
    explicit_bzero(record, sizeof *record);
    free(record);
    return code;
}

/* The record of an open person, changed and written back; NULL text: nothing to change but to be shown. */
static int edit(struct ob_store *store, const struct people_options *o, const struct ob_key *key, bool name,
                const char *text)
{
    char problem[256] = "";
    struct ob_person_record *record = calloc(1, sizeof *record);
    enum ob_err err = record ? ob_store_person_get(store, key, record) : OB_ERR_NO_MEMORY;
    int code = OB_EXIT_DONE;
    if (err)
        code = ob_say(ob_kept_code(err), ob_err_text(err));
    else if (!text && o->json) {
        printf("{\"notes\": ");
        ob_json_string(stdout, record->notes);
        printf("}\n");
    } else if (!text)
        printf("%s\n", record->notes);
    else if (name ? !take_text(record->name, sizeof record->name, text, "names")
                  : !take_text(record->notes, sizeof record->notes, text, "notes"))
        code = OB_EXIT_USAGE;
    else {
        err = ob_store_person_put(store, key, record, problem, sizeof problem);
        code = err ? ob_say(ob_kept_code(err), problem) : answer(ob_key_person(key), o->json, "changed", "Done.");
    }
    if (record)
        explicit_bzero(record, sizeof *record);
    free(record);
    return code;
}

/* Under the lock: somebody forgotten while a passphrase was typed must not get the key back. */
static enum ob_err still_there(struct ob_store *store, const struct ob_key *key, char *problem, size_t size)
{
    enum ob_lock lock;
    const enum ob_err err = ob_key_lock(ob_store_path(store), ob_key_person(key), &lock);
    if (err)
        snprintf(problem, size, "the key of this person is no longer there; nothing was changed");
    return err;
}

static int lock(struct ob_store *store, const struct people_options *o, const struct ob_key *key)
{
    char problem[256] = "";
    struct ob_passphrase passphrase = {.size = 0};
    bool given = false;
    int code = OB_EXIT_DONE;
    if (!o->keyring && !ob_passphrase_get(o->new_passphrase_file, "New passphrase: ", true, &passphrase, &given))
        return given ? OB_EXIT_USAGE
                     : ob_say(OB_EXIT_USAGE, "a passphrase is typed at a terminal, or given by --new-passphrase-file");
    enum ob_err err = ob_store_lock(store, problem, sizeof problem);
    if (!err)
        err = still_there(store, key, problem, sizeof problem);
    if (!err)
        err = ob_key_save(key, ob_store_path(store), o->keyring ? OB_LOCK_KEYRING : OB_LOCK_PASSPHRASE, passphrase.text,
                          passphrase.size, problem, sizeof problem);
    code =
        err ? ob_say(ob_kept_code(err), problem)
            : answer(ob_key_person(key), o->json, "locked",
                     o->keyring ? "Done. The key opens with your login from now on."
                                : "Done. Without this passphrase nothing of it opens again: there is no other way in.");
    ob_passphrase_wipe(&passphrase);
    return code;
}

static int unlock(struct ob_store *store, const struct people_options *o, const struct ob_key *key)
{
    char problem[256] = "";
    enum ob_err err = ob_store_lock(store, problem, sizeof problem);
    if (!err)
        err = still_there(store, key, problem, sizeof problem);
    if (!err)
        err = ob_key_save(key, ob_store_path(store), OB_LOCK_KEY_FILE, NULL, 0, problem, sizeof problem);
    if (err)
        return ob_say(ob_kept_code(err), problem);
    return answer(ob_key_person(key), o->json, "unlocked",
                  "Done. The key lies in a file beside the data now; whoever has your files has it.");
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static int with_person(struct ob_store *store, const struct people_options *o, char *const *words)
{
    struct ob_person_row row;
    struct ob_key *key = NULL;
    int code = ob_kept_find(store, words[1], &row);
    if (code == OB_EXIT_DONE)
        code = ob_kept_unlock(store, &row, o->passphrase_file, &key);
    if (code != OB_EXIT_DONE)
        return code;
    if (strcmp(words[0], "rename") == 0)
        code = edit(store, o, key, true, words[2]);
    else if (strcmp(words[0], "notes") == 0)
        code = edit(store, o, key, false, words[2]);
    else if (strcmp(words[0], "lock") == 0)
        code = lock(store, o, key);
    else
        code = unlock(store, o, key);
    ob_key_destroy(key);
    return code;
}

static bool makes_sense(char *const *words)
{
    static const struct {
        const char *word;
        int least, most; /* words behind it */
    } known[] = {{"list", 0, 0}, {"add", 1, 1}, {"rename", 2, 2}, {"notes", 1, 2}, {"lock", 1, 1}, {"unlock", 1, 1}};
    int count = 0;
    while (words[count])
        count++;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(words[0], known[i].word) == 0)
            return count - 1 >= known[i].least && count - 1 <= known[i].most;
    return false;
}

int ob_cmd_people(int argc, char **argv)
{
    struct people_options options = {0};
    const char *words[5];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 5))
        return OB_EXIT_USAGE;
    if (options.help) {
        show_help();
        return OB_EXIT_DONE;
    }
    if (words[0] && !makes_sense((char *const *)words))
        return ob_say(OB_EXIT_USAGE, "this is not how it goes; 'outbreath people --help' shows how");
    struct ob_store *store = NULL;
    const bool adding = words[0] && strcmp(words[0], "add") == 0;
    char folder[4096];
    if (!adding && !(words[0] && words[1]) && ob_store_folder(options.data, folder, sizeof folder) == OB_OK) {
        /* Nothing is made by looking. */
        char problem[300];
        const struct ob_store_desc desc = {.folder = folder, .existing = true};
        if (ob_store_open(&desc, &store, problem, sizeof problem) == OB_ERR_EMPTY) {
            printf(options.json ? "{\n  \"people\": [\n  ]\n}\n" : "Nobody is kept here yet.\n");
            return OB_EXIT_DONE;
        }
        ob_store_close(store);
        store = NULL;
    }
    int code = ob_kept_open(options.data, !adding, &store);
    if (code != OB_EXIT_DONE)
        return code;
    if (!words[0] || strcmp(words[0], "list") == 0)
        code = list(store, &options);
    else if (adding)
        code = add(store, &options, words[1]);
    else
        code = with_person(store, &options, (char *const *)words);
    ob_store_close(store);
    return code;
}
