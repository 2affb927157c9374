/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/archive_person.h"

#include "app/commands/copying.h"
#include "app/commands/progress.h"
#include "os/clock.h"
#include "os/file.h"
#include "report/read_json.h"
#include "report/write.h"
#include "store/seal.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ENDING ".sealed"

/* ---- out ---- */

/* A sealed file has to be read twice: tar wants its length first. */
static enum ob_err add_file(struct ob_archive_writer *w, const struct ob_key *key, const char *path, const char *label,
                            const char *name)
{
    unsigned char *bytes = malloc(OB_SEAL_BLOCK);
    if (!bytes)
        return OB_ERR_NO_MEMORY;
    enum ob_err err = OB_OK;
    uint64_t size = 0, left = 0;
    for (int pass = 0; !err && pass < 2; pass++) {
        struct ob_sealed_reader *reader = NULL;
        size_t got = 1;
        err = ob_sealed_open(path, key, label, &reader);
        if (!err && pass == 1)
            err = ob_archive_begin(w, name, left = size);
        while (!err && got > 0 && (pass == 0 || left > 0)) {
            const enum ob_err read = ob_sealed_read(reader, bytes, OB_SEAL_BLOCK, &got);
            /* what a crash cut off is gone; what is whole is taken */
            if (read == OB_ERR_TRUNCATED)
                break;
            err = read;
            if (pass == 1 && got > left) /* a log that still grows: as much as the header says */
                got = (size_t)left;
            if (pass == 0)
                size += got;
            else if (!err && got > 0)
                err = ob_archive_write(w, bytes, got);
            left -= pass == 1 && !err ? got : 0;
        }
        if (reader)
            ob_sealed_done(reader);
    }
    explicit_bzero(bytes, OB_SEAL_BLOCK);
    free(bytes);
    return err;
}

static enum ob_err add_files(struct ob_archive_writer *w, struct ob_store *store, const struct ob_key *key,
                             const struct ob_archive_person_desc *desc, struct ob_archive_person_report *report)
{
    char folder[PATH_MAX - 300], path[PATH_MAX], name[OB_TAR_NAME], id[OB_ID_TEXT], label[64];
    enum ob_err err = ob_store_person_folder(store, ob_key_person(key), folder, sizeof folder);
    DIR *dir = err ? NULL : opendir(folder);
    if (!dir)
        return err;
    for (const struct dirent *entry; !err && (entry = readdir(dir)) != NULL;) {
        const size_t length = strlen(entry->d_name);
        for (size_t i = 0; !err && i < desc->count; i++) {
            ob_id_text(&desc->rows[i].id, id);
            const size_t least = strlen(id) + 1 + strlen(ENDING);
            if (length <= least || length - least >= sizeof label || strncmp(entry->d_name, id, strlen(id)) != 0 ||
                strcmp(entry->d_name + length - strlen(ENDING), ENDING) != 0)
                continue;
            snprintf(label, sizeof label, "%.*s", (int)(length - least), entry->d_name + strlen(id) + 1);
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            if ((size_t)snprintf(name, sizeof name, "files/%06" PRIu64 ".%s", desc->rows[i].number, label) >=
                sizeof name)
                continue;
            err = add_file(w, key, path, label, name);
            if (err == OB_ERR_KEY || err == OB_ERR_DAMAGED || err == OB_ERR_FORMAT) {
                report->damaged++;
                err = OB_OK;
            } else {
                report->files++;
            }
        }
    }
    closedir(dir);
    return err;
}

static enum ob_err add_sessions(struct ob_archive_writer *w, struct ob_store *store, const struct ob_key *key,
                                const struct ob_archive_person_desc *desc, struct ob_archive_person_report *report)
{
    enum ob_err err = OB_OK;
    for (size_t i = 0; !err && i < desc->count; i++) {
        struct ob_copy copy;
        struct ob_sheet text = {0};
        char name[OB_TAR_NAME];
        err = ob_copy_from_store(store, key, &desc->rows[i].id, &copy);
        report->damaged += err == OB_ERR_DAMAGED;
        err = err == OB_ERR_DAMAGED ? OB_OK : err;
        if (!err) {
            ob_write_json(&text, &copy);
            err = text.failed ? OB_ERR_NO_MEMORY : OB_OK;
        }
        snprintf(name, sizeof name, "sessions/%06" PRIu64 ".json", desc->rows[i].number);
        if (!err)
            err = ob_archive_add(w, name, text.bytes, text.size);
        report->sessions++;
        report->beats += copy.beat_count;
        ob_sheet_finish(&text);
        ob_copy_finish(&copy);
        ob_progress_show("exporting", (double)(i + 1) / (double)desc->count);
    }
    ob_progress_clear();
    return err;
}

static enum ob_err add_blobs(struct ob_archive_writer *w, struct ob_store *store, const struct ob_key *key)
{
    enum ob_err err = OB_OK;
    for (int kind = 1; !err && kind < OB_BLOBS; kind++) {
        unsigned char *bytes = NULL;
        size_t size = 0;
        char name[OB_TAR_NAME], word[24];
        const enum ob_err got = ob_store_blob_get(store, key, (enum ob_blob)kind, &bytes, &size);
        ob_blob_name(kind, word, sizeof word);
        snprintf(name, sizeof name, "blobs/%s", word);
        if (got == OB_OK)
            err = ob_archive_add(w, name, bytes, size);
        else if (got != OB_ERR_NOT_FOUND && got != OB_ERR_DAMAGED)
            err = got;
        free(bytes);
    }
    return err;
}

enum ob_err ob_archive_person_write(struct ob_store *store, const struct ob_key *key,
                                    const struct ob_archive_person_desc *desc, struct ob_archive_person_report *report,
                                    char *problem, size_t size)
{
    const struct ob_archive_desc archive = {.path = desc->path,
                                            .replace = desc->replace,
                                            .passphrase = desc->passphrase,
                                            .passphrase_size = desc->passphrase_size,
                                            .wall_s = ob_clock_wall_ns() / 1000000000};
    struct ob_archive_writer *w;
    struct ob_sheet person = {0};
    memset(report, 0, sizeof *report);
    enum ob_err err = ob_archive_create(&archive, &w, problem, size);
    if (err)
        return err;
    ob_person_json(&person, desc->record);
    err = person.failed ? OB_ERR_NO_MEMORY : ob_archive_add(w, "person.json", person.bytes, person.size);
    err = err ? err : add_blobs(w, store, key);
    err = err ? err : add_sessions(w, store, key, desc, report);
    err = err ? err : add_files(w, store, key, desc, report);
    ob_sheet_finish(&person);
    if (!err)
        return ob_archive_finish(w, problem, size);
    ob_archive_abandon(w);
    snprintf(problem, size, "%s was not written: %s.", desc->path, ob_err_text(err));
    return err;
}

/* ---- in ---- */

struct intake {
    struct ob_store *store;
    const char *path, *passphrase;
    size_t passphrase_size;
    struct ob_archive_person_report *report;
    char *problem;
    size_t size;
    /* of the archive */
    struct ob_person_record *record;
    bool have_person;
    /* of the store */
    const struct ob_key *key;
    struct ob_key *own_key; /* of a person made or found here */
    struct ob_session_row *rows;
    size_t row_count;
    /* the session of each number in the archive, once it is kept; for the files beside it */
    struct {
        uint64_t number;
        struct ob_id id;
    } * kept;
    size_t kept_count;
    char (*made)[PATH_MAX]; /* files that were written, to be removed again on an error */
    size_t made_count;
};

static enum ob_err fail(const struct intake *in, enum ob_err err, const char *name, const char *sentence)
{
    snprintf(in->problem, in->size, "%s: %s: %s Nothing was changed.", in->path, name, sentence);
    return err;
}

/* A whole entry in memory; NULL without. */
static char *read_entry(struct ob_archive_reader *r, const struct ob_tar_entry *entry)
{
    char *bytes = entry->size <= OB_JSON_MAX ? malloc((size_t)entry->size + 1) : NULL;
    size_t have = 0, got;
    while (bytes && have < entry->size && (got = ob_archive_read(r, bytes + have, (size_t)entry->size - have)) > 0)
        have += got;
    if (bytes && have < entry->size) {
        free(bytes);
        return NULL;
    }
    return bytes;
}

static bool starts(const struct ob_tar_entry *entry, const char *folder)
{
    return strncmp(entry->name, folder, strlen(folder)) == 0;
}

/* Calls take with every entry, and then tells whether all were there. */
static enum ob_err each_entry(struct intake *in, enum ob_err (*take)(struct intake *, struct ob_archive_reader *,
                                                                     const struct ob_tar_entry *))
{
    FILE *stream = fopen(in->path, "rbe");
    if (!stream) {
        const enum ob_err err = ob_err_from_errno(errno);
        snprintf(in->problem, in->size, "%s can't be read: %s", in->path, ob_err_text(err));
        return err;
    }
    struct ob_archive_reader *r;
    enum ob_err err = ob_archive_open(stream, in->path, in->passphrase, in->passphrase_size, &r, in->problem, in->size);
    if (err)
        return err;
    struct ob_tar_entry entry;
    while (!err && ob_archive_next(r, &entry))
        err = take(in, r, &entry);
    const enum ob_err whole = ob_archive_outcome(r, in->problem, err ? 0 : in->size);
    /* an entry that could not be read to its end is the archive's fault */
    if (err && whole && whole != OB_ERR_TRUNCATED)
        err = ob_archive_outcome(r, in->problem, in->size);
    ob_archive_done(r);
    return err ? err : whole;
}

/* First time through: does every part make sense? */
static enum ob_err look(struct intake *in, struct ob_archive_reader *r, const struct ob_tar_entry *entry)
{
    char sentence[300] = "it can't be read.";
    enum ob_err err = OB_OK;
    if (!starts(entry, "sessions/") && strcmp(entry->name, "person.json") != 0)
        return OB_OK;
    char *bytes = read_entry(r, entry);
    if (!bytes)
        return fail(in, OB_ERR_TRUNCATED, entry->name, "it ends too early, or is too large.");
    if (starts(entry, "sessions/")) {
        struct ob_copy copy;
        err = ob_read_json(&copy, bytes, (size_t)entry->size, sentence, sizeof sentence);
        ob_copy_finish(&copy);
    } else {
        err = ob_person_json_read(bytes, (size_t)entry->size, in->record, sentence, sizeof sentence);
        in->have_person = !err;
    }
    free(bytes);
    return err ? fail(in, err, entry->name, sentence) : OB_OK;
}

static enum ob_err take_session(struct intake *in, const char *bytes, size_t size)
{
    struct ob_copy copy;
    struct ob_session_row row;
    uint64_t number;
    enum ob_err err = ob_read_json(&copy, bytes, size, in->problem, in->size);
    if (err)
        return err;
    if (!ob_copy_belongs(in->store, in->key, &copy, in->problem, in->size)) {
        ob_copy_finish(&copy);
        return OB_ERR_USAGE;
    }
    if (ob_copy_is_kept(in->store, in->key, in->rows, in->row_count, &copy, &number)) {
        in->report->known++;
    } else {
        err = ob_copy_to_store(in->store, in->key, &copy, false, &row, in->problem, in->size);
        void *more = realloc(in->kept, (in->kept_count + 1) * sizeof *in->kept);
        if (!more)
            err = err ? err : OB_ERR_NO_MEMORY;
        else
            in->kept = more;
        if (!err) {
            in->kept[in->kept_count].number = copy.number;
            in->kept[in->kept_count++].id = row.id;
            in->report->sessions++;
            in->report->beats += copy.beat_count;
        }
    }
    ob_copy_finish(&copy);
    return err;
}

static enum ob_err take_blob(struct intake *in, const char *name, const char *bytes, size_t size)
{
    const int kind = ob_blob_of(name);
    unsigned char *there = NULL;
    size_t there_size;
    if (kind < 0 || size > OB_BLOB_MAX)
        return OB_OK;
    /* what has been learnt here since is newer than what was learnt by then */
    const enum ob_err has = ob_store_blob_get(in->store, in->key, (enum ob_blob)kind, &there, &there_size);
    free(there);
    return has == OB_OK ? OB_OK : ob_store_blob_put(in->store, in->key, (enum ob_blob)kind, bytes, size);
}

/* "000012.events": beside the session that had this number there. */
static enum ob_err take_file(struct intake *in, struct ob_archive_reader *r, const struct ob_tar_entry *entry)
{
    char *label, folder[PATH_MAX - 300], id[OB_ID_TEXT];
    const uint64_t number = strtoull(entry->name + strlen("files/"), &label, 10);
    if (*label != '.' || !label[1] || strspn(label + 1, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(label + 1))
        return OB_OK;
    for (size_t i = 0; i < in->kept_count; i++) {
        if (in->kept[i].number != number)
            continue;
        void *more = realloc(in->made, (in->made_count + 1) * sizeof *in->made);
        if (!more)
            return OB_ERR_NO_MEMORY;
        in->made = more;
        enum ob_err err = ob_store_person_folder(in->store, ob_key_person(in->key), folder, sizeof folder);
        ob_id_text(&in->kept[i].id, id);
        snprintf(in->made[in->made_count], PATH_MAX, "%s/%s.%s" ENDING, folder, id, label + 1);
        struct ob_sealed_writer *w = NULL;
        if (!err)
            err = ob_sealed_create(in->made[in->made_count], in->key, label + 1, &w);
        if (err)
            return err;
        in->made_count++;
        unsigned char bytes[16384];
        size_t got;
        while (!err && (got = ob_archive_read(r, bytes, sizeof bytes)) > 0)
            err = ob_sealed_write(w, bytes, got);
        const enum ob_err closed = ob_sealed_close(w);
        in->report->files++;
        return err ? err : closed;
    }
    return OB_OK;
}

/* Second time through: what was looked at is kept. */
static enum ob_err take(struct intake *in, struct ob_archive_reader *r, const struct ob_tar_entry *entry)
{
    if (starts(entry, "files/"))
        return take_file(in, r, entry);
    if (!starts(entry, "sessions/") && !starts(entry, "blobs/"))
        return OB_OK;
    char *bytes = read_entry(r, entry);
    if (!bytes)
        return OB_ERR_TRUNCATED;
    const enum ob_err err = starts(entry, "sessions/")
                                ? take_session(in, bytes, (size_t)entry->size)
                                : take_blob(in, entry->name + strlen("blobs/"), bytes, (size_t)entry->size);
    free(bytes);
    return err;
}

/* Among those that open by themselves, the one of this name who has been kept since the same moment. */
static struct ob_key *find_person(const struct intake *in)
{
    struct ob_person_row *people = NULL;
    struct ob_person_record *record = calloc(1, sizeof *record);
    struct ob_key *found = NULL;
    size_t count = 0;
    char problem[256];
    if (record && ob_store_people(in->store, &people, &count) != OB_OK)
        count = 0;
    for (size_t i = 0; record && !found && i < count; i++) {
        struct ob_key *key = NULL;
        if (people[i].lock == OB_LOCK_PASSPHRASE ||
            ob_key_load(ob_store_path(in->store), &people[i].id, NULL, 0, &key, problem, sizeof problem) != OB_OK)
            continue;
        if (ob_store_person_get(in->store, key, record) == OB_OK && strcmp(record->name, in->record->name) == 0 &&
            record->since_wall_ns == in->record->since_wall_ns)
            found = key;
        else
            ob_key_destroy(key);
    }
    free(people);
    free(record);
    return found;
}

static enum ob_err add_all(struct intake *in)
{
    enum ob_err err = OB_OK;
    if (!in->key) {
        in->own_key = find_person(in);
        in->key = in->own_key;
    }
    if (in->key)
        err = ob_store_sessions(in->store, in->key, &in->rows, &in->row_count, NULL);
    err = err ? err : ob_store_batch(in->store, in->problem, in->size);
    if (err)
        return err;
    if (!in->key) {
        err = ob_store_person_add(in->store, in->record, OB_LOCK_KEY_FILE, NULL, 0, NULL, &in->own_key, in->problem,
                                  in->size);
        in->key = in->own_key;
        in->report->new_person = !err;
    }
    if (!err) {
        in->problem[0] = 0;
        err = each_entry(in, take);
        if (err && !in->problem[0])
            snprintf(in->problem, in->size, "%s: %s.", in->path, ob_err_text(err));
    }
    const enum ob_err ended = ob_store_batch_end(in->store, !err, in->problem, err ? 0 : in->size);
    err = err ? err : ended;
    if (err) {
        for (size_t i = 0; i < in->made_count; i++)
            unlink(in->made[i]);
        if (in->report->new_person)
            ob_key_shred(ob_store_path(in->store), ob_key_person(in->own_key));
    }
    return err;
}

enum ob_err ob_archive_person_read(struct ob_store *store, const struct ob_key *key, const char *path,
                                   const char *passphrase, size_t passphrase_size,
                                   struct ob_archive_person_report *report, char *problem, size_t size)
{
    struct intake in = {.store = store,
                        .path = path,
                        .passphrase = passphrase,
                        .passphrase_size = passphrase_size,
                        .report = report,
                        .problem = problem,
                        .size = size,
                        .key = key,
                        .record = calloc(1, sizeof *in.record)};
    memset(report, 0, sizeof *report);
    problem[0] = 0;
    enum ob_err err = in.record ? each_entry(&in, look) : OB_ERR_NO_MEMORY;
    if (!err && !in.have_person) {
        err = OB_ERR_FORMAT;
        snprintf(problem, size, "%s: it does not say whose sessions these are.", path);
    }
    err = err ? err : add_all(&in);
    if (in.record)
        explicit_bzero(in.record, sizeof *in.record);
    free(in.record);
    free(in.rows);
    free(in.kept);
    free(in.made);
    ob_key_destroy(in.own_key);
    return err;
}
