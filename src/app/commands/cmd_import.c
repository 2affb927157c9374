/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath import: what was exported, or recorded elsewhere, is kept again. */
#include "app/commands.h"
#include "app/commands/archive_person.h"
#include "app/commands/copying.h"
#include "app/commands/file_beats.h"
#include "app/commands/import_beats.h"
#include "app/commands/kept.h"
#include "app/commands/passphrase.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"
#include "os/file.h"
#include "report/read_csv.h"
#include "report/read_json.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define SENTENCE (PATH_MAX + 300)
#define START    4096

struct import_options {
    const char *data, *person, *kind, *channel, *start, *passphrase_file, *seal_file;
    double fs_hz;
    bool simulated, json, help;
};

#define AT(field) offsetof(struct import_options, field)
static const struct ob_option table[] = {
    {"person", OB_OPTION_TEXT, AT(person), 0, 0, "WHO", "whose it is: a name, number or id (the only one there is)"},
    OB_FILE_BEATS_OPTIONS(AT(kind), AT(channel), AT(fs_hz)),
    {"start", OB_OPTION_TEXT, AT(start), 0, 0, "TIME", "when it began, as 2026-01-31T08:15 (else the file's own date)"},
    {"simulated", OB_OPTION_FLAG, AT(simulated), 0, 0, NULL, "it is of a simulated heart, and is to be called so"},
    {"seal-file", OB_OPTION_TEXT, AT(seal_file), 0, 0, "FILE", "the passphrase of a sealed archive, its first line"},
    OB_OPTION_PASSPHRASE(AT(passphrase_file)),
    OB_OPTION_DATA(AT(data)),
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "say what was kept as JSON"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

/* Sessions that came out of a file, before anything is kept. */
struct found {
    struct ob_copy *copies;
    size_t count;
    bool ours; /* an export of Outbreath: times are as they were */
};

static bool add(struct found *found, const struct ob_copy *copy)
{
    struct ob_copy *copies = realloc(found->copies, (found->count + 1) * sizeof *copies);
    if (!copies)
        return false;
    found->copies = copies;
    found->copies[found->count++] = *copy;
    return true;
}

static void finish(struct found *found)
{
    for (size_t i = 0; i < found->count; i++)
        ob_copy_finish(&found->copies[i]);
    free(found->copies);
}

/* ---- what kind of file ---- */

enum form { FOREIGN, ARCHIVE, SESSION, PERSON, OUR_CSV };

/* What our own files, and those of `outbreath person`, say of themselves where their form has no field for it. */
struct said {
    bool simulated;
};

static struct said take_said(const char *start)
{
    const bool edf = strncmp(start, "0       ", 8) == 0;
    return (struct said){.simulated = strncmp(start, "# simulated", 11) == 0 || strstr(start, "\n# simulated") ||
                                      (edf && strstr(start, "simulated person"))};
}

static int look_at(const char *path, enum form *form_out, struct said *said_out)
{
    char start[START + 1];
    char sentence[SENTENCE];
    struct stat status;
    FILE *file = stat(path, &status) == 0 && S_ISREG(status.st_mode) ? fopen(path, "rbe") : NULL;
    if (!file) {
        /* the foreign reader has the sentence for what is not there, and takes a WFDB record without its ending */
        *form_out = FOREIGN;
        return OB_EXIT_DONE;
    }
    const size_t got = fread(start, 1, START, file);
    fclose(file);
    start[got] = 0;
    *said_out = take_said(start);
    if (got == 0) {
        snprintf(sentence, sizeof sentence, "%s is empty.", path);
        return ob_say(OB_EXIT_INPUT, sentence);
    }
    *form_out = ob_archive_is((const unsigned char *)start, got) ? ARCHIVE
                : ob_json_is(start, got, "outbreath-session")    ? SESSION
                : ob_json_is(start, got, "outbreath-person")     ? PERSON
                : ob_csv_is_ours(start, got)                     ? OUR_CSV
                                                                 : FOREIGN;
    return OB_EXIT_DONE;
}

/* ---- reading ---- */

static enum ob_err take_tree(const char *bytes, size_t size, struct found *found, char *sentence)
{
    struct ob_json json;
    struct ob_copy copy;
    enum ob_err err = ob_json_parse(&json, bytes, size);
    if (err)
        snprintf(sentence, SENTENCE, "It is no whole JSON text; it breaks in line %zu.", json.line);
    const struct ob_json_value *root = err ? NULL : ob_json_root(&json);
    const struct ob_json_value *list = ob_json_get(&json, root, "sessions");
    for (const struct ob_json_value *v = ob_json_first(&json, list); !err && v; v = ob_json_next(&json, v)) {
        err = ob_read_json_value(&copy, &json, v, sentence, SENTENCE);
        if (!err && !add(found, &copy))
            err = OB_ERR_NO_MEMORY;
    }
    ob_json_finish(&json);
    return err;
}

static enum ob_err take_csv(const char *bytes, size_t size, struct found *found, char *sentence)
{
    enum ob_err err = OB_OK;
    size_t at = 0;
    uint64_t line = 0;
    while (!err && at < size) {
        struct ob_copy copy;
        err = ob_read_csv(&copy, bytes, size, &at, &line, sentence, SENTENCE);
        snprintf(copy.source, sizeof copy.source, "imported from a CSV of Outbreath");
        if (!err && !add(found, &copy))
            err = OB_ERR_NO_MEMORY;
    }
    return err;
}

static int take_ours(const char *path, enum form form, struct found *found)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char sentence[SENTENCE] = "", whole[2 * SENTENCE];
    struct ob_copy copy;
    enum ob_err err = ob_file_read(path, OB_JSON_MAX, &bytes, &size);
    found->ours = true;
    if (!err && form == SESSION) {
        err = ob_read_json(&copy, (const char *)bytes, size, sentence, sizeof sentence);
        if (!err && !add(found, &copy))
            err = OB_ERR_NO_MEMORY;
    } else if (!err) {
        err = form == PERSON ? take_tree((const char *)bytes, size, found, sentence)
                             : take_csv((const char *)bytes, size, found, sentence);
    }
    free(bytes);
    if (!err)
        return OB_EXIT_DONE;
    if (sentence[0])
        snprintf(whole, sizeof whole, "%s: %s", path, sentence);
    else
        snprintf(whole, sizeof whole, "%s: %s", path, ob_err_text(err));
    return ob_say(ob_kept_code(err) == OB_EXIT_USAGE ? OB_EXIT_INPUT : ob_kept_code(err), whole);
}

/* Without a start of its own a recording gets the file's date, less its length: when it was saved is known. */
static void date_by_file(const char *path, struct ob_copy *copy)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return;
    int64_t length_ns = (int64_t)(copy->duration_s * 1e9);
    if (copy->beat_count > 0 && copy->beats[copy->beat_count - 1].time_ns > length_ns)
        length_ns = copy->beats[copy->beat_count - 1].time_ns;
    copy->start_wall_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec - length_ns;
    struct tm tm;
    const time_t start = (time_t)(copy->start_wall_ns / 1000000000);
    if (localtime_r(&start, &tm))
        copy->utc_offset_s = (int32_t)tm.tm_gmtoff;
}

static int take_foreign(const char *path, const struct import_options *o, const struct said *said, struct found *found)
{
    const struct ob_import_desc desc = {.path = path, .kind = o->kind, .channel = o->channel, .fs_hz = o->fs_hz};
    char sentence[SENTENCE] = "", note[SENTENCE] = "";
    struct ob_copy copy;
    if (ob_import_beats(&desc, &copy, note, sentence, sizeof sentence) != OB_OK)
        return ob_say(OB_EXIT_INPUT, sentence);
    if (note[0])
        ob_say(0, note);
    copy.simulated = o->simulated || said->simulated;
    if (!add(found, &copy)) {
        ob_copy_finish(&copy);
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    }
    return OB_EXIT_DONE;
}

/* ---- keeping ---- */

struct tally {
    size_t kept, known;
    uint64_t beats, first_number, known_number;
};

/* All of them or none. */
static int keep(struct ob_store *store, const struct ob_key *key, const char *path, const struct import_options *o,
                struct found *found, struct tally *tally)
{
    struct ob_session_row *rows = NULL, row;
    size_t count = 0;
    char problem[512] = "";
    enum ob_err err = ob_store_sessions(store, key, &rows, &count, NULL);
    err = err ? err : ob_store_batch(store, problem, sizeof problem);
    if (err) {
        free(rows);
        return ob_say(ob_kept_code(err), problem[0] ? problem : ob_err_text(err));
    }
    for (size_t i = 0; !err && i < found->count; i++) {
        struct ob_copy *copy = &found->copies[i];
        if (!ob_copy_belongs(store, key, copy, problem, sizeof problem)) {
            err = OB_ERR_USAGE;
            break;
        }
        bool twice = false;
        for (size_t k = 0; k < i && !twice; k++)
            twice = ob_copy_same(&found->copies[k], copy);
        if (twice || ob_copy_is_kept(store, key, rows, count, copy, &tally->known_number)) {
            tally->known++;
            continue;
        }
        if (o->start)
            (void)ob_kept_parse_time(o->start, &copy->start_wall_ns, &copy->utc_offset_s);
        else if (copy->start_wall_ns == 0)
            date_by_file(path, copy);
        err = ob_copy_to_store(store, key, copy, true, &row, problem, sizeof problem);
        tally->first_number = tally->kept ? tally->first_number : row.number;
        tally->kept++;
        tally->beats += copy->beat_count;
    }
    const enum ob_err ended = ob_store_batch_end(store, !err, problem, err ? 0 : sizeof problem);
    err = err ? err : ended;
    free(rows);
    return err ? ob_say(ob_kept_code(err), problem[0] ? problem : ob_err_text(err)) : OB_EXIT_DONE;
}

static void tell(const struct import_options *o, const char *path, const struct tally *tally)
{
    if (o->json) {
        printf("{\"imported\": ");
        ob_json_string(stdout, path);
        printf(", \"sessions\": %zu, \"known_already\": %zu, \"beats\": %" PRIu64 "}\n", tally->kept, tally->known,
               tally->beats);
        return;
    }
    if (tally->kept > 0)
        printf("%zu session%s with %" PRIu64 " beats %s kept now, from number %" PRIu64 " on.\n", tally->kept,
               tally->kept == 1 ? "" : "s", tally->beats, tally->kept == 1 ? "is" : "are", tally->first_number);
    if (tally->known > 0)
        printf("%zu session%s kept already and not doubled (number %" PRIu64 ").\n", tally->known,
               tally->known == 1 ? " was" : "s were", tally->known_number);
}

static int import_sessions(struct ob_store *store, const char *path, enum form form, const struct said *said,
                           const struct import_options *o)
{
    struct found found = {0};
    struct tally tally = {0};
    struct ob_person_row row;
    struct ob_key *key = NULL;
    int64_t start_ns;
    int32_t offset_s;
    if (o->start && !ob_kept_parse_time(o->start, &start_ns, &offset_s))
        return ob_say(OB_EXIT_USAGE, "--start is a time such as 2026-01-31T08:15 or 2026-01-31T08:15:00Z");
    int code = ob_kept_find(store, o->person, &row);
    if (code == OB_EXIT_DONE)
        code = form == FOREIGN ? take_foreign(path, o, said, &found) : take_ours(path, form, &found);
    if (code == OB_EXIT_DONE)
        code = ob_kept_unlock(store, &row, o->passphrase_file, &key);
    if (code == OB_EXIT_DONE)
        code = keep(store, key, path, o, &found, &tally);
    if (code == OB_EXIT_DONE)
        tell(o, path, &tally);
    ob_key_destroy(key);
    finish(&found);
    return code;
}

/* Whether the archive wants a passphrase shows when it is opened without. */
static int import_archive(struct ob_store *store, const char *path, const struct import_options *o)
{
    struct ob_person_row row;
    struct ob_key *key = NULL;
    struct ob_passphrase seal = {.size = 0};
    struct ob_archive_person_report report;
    char problem[SENTENCE];
    bool given = false;
    int code = OB_EXIT_DONE;
    if (o->person) {
        code = ob_kept_find(store, o->person, &row);
        if (code == OB_EXIT_DONE)
            code = ob_kept_unlock(store, &row, o->passphrase_file, &key);
    }
    if (code != OB_EXIT_DONE)
        return code;
    enum ob_err err = ob_archive_person_read(store, key, path, NULL, 0, &report, problem, sizeof problem);
    if (err == OB_ERR_NO_KEY && ob_passphrase_get(o->seal_file, "Passphrase of the archive: ", false, &seal, &given))
        err = ob_archive_person_read(store, key, path, seal.text, seal.size, &report, problem, sizeof problem);
    ob_passphrase_wipe(&seal);
    ob_key_destroy(key);
    if (err)
        return ob_say(ob_kept_code(err), problem[0] ? problem : ob_err_text(err));
    if (o->json) {
        printf("{\"imported\": ");
        ob_json_string(stdout, path);
        printf(", \"sessions\": %zu, \"known_already\": %zu, \"beats\": %" PRIu64
               ", \"files\": %zu, \"new_person\": %s}\n",
               report.sessions, report.known, report.beats, report.files, report.new_person ? "true" : "false");
        return OB_EXIT_DONE;
    }
    printf("%zu session%s with %" PRIu64 " beats kept now, %zu kept already and not doubled.\n", report.sessions,
           report.sessions == 1 ? "" : "s", report.beats, report.known);
    if (report.new_person)
        printf(
            "The person is new here; the key lies in a file beside the data ('outbreath people lock' changes that).\n");
    return OB_EXIT_DONE;
}

int ob_cmd_import(int argc, char **argv)
{
    struct import_options options = {0};
    const char *words[2] = {NULL};
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 2))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath import FILE: keeps what was exported, or what another program recorded.\n\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    if (!words[0])
        return ob_say(OB_EXIT_USAGE, "import wants a file: outbreath import FILE");
    enum form form = FOREIGN;
    struct said said = {0};
    struct ob_store *store = NULL;
    int code = look_at(words[0], &form, &said);
    if (code == OB_EXIT_DONE)
        code = ob_kept_open(options.data, form != ARCHIVE, &store);
    if (code == OB_EXIT_DONE)
        code = form == ARCHIVE ? import_archive(store, words[0], &options)
                               : import_sessions(store, words[0], form, &said, &options);
    ob_store_close(store);
    return code;
}
