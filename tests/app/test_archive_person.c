/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person as an archive with everything: sessions, blobs, files beside them; and what happens when keeping it fails in
 * the middle. */
#include "app/commands/archive_person.h"
#include "app/commands/copying.h"
#include "program.h"
#include "store/seal.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define MARKER "Quetzalcoatl-4711"

static char problem[PATH_MAX + 300];

static void fine(enum ob_err err)
{
    if (err)
        print_error("%s: %s\n", ob_err_text(err), problem);
    assert_int_equal(err, OB_OK);
}

static struct ob_store *open_store(const char *name)
{
    struct ob_store *store;
    const struct ob_store_desc desc = {.folder = in_folder(name)};
    fine(ob_store_open(&desc, &store, problem, sizeof problem));
    return store;
}

static struct ob_copy made(int n)
{
    struct ob_copy copy;
    memset(&copy, 0, sizeof copy);
    copy.start_wall_ns = INT64_C(1700000000000000000) + n;
    copy.beats_from = OB_BEATS_RR;
    snprintf(copy.source, sizeof copy.source, "strap");
    for (int i = 0; i < 300; i++) {
        const struct ob_copy_beat beat = {
            .time_ns = INT64_C(900000001) * i, .rr_ms = 900.0f + (float)n, .nn_ms = 900.0f, .age_ns = i};
        assert_true(ob_copy_add_beat(&copy, &beat));
    }
    struct ob_copy_mark mark = {.time_ns = 5, .kind = "text", .words = MARKER};
    assert_true(ob_copy_add_mark(&copy, &mark));
    return copy;
}

/* A person with two sessions, a blob, and an event log beside the second session. */
static struct ob_key *fill(struct ob_store *store, struct ob_person_record *record)
{
    struct ob_key *key;
    memset(record, 0, sizeof *record);
    snprintf(record->name, sizeof record->name, "Anna " MARKER);
    snprintf(record->notes, sizeof record->notes, "left\nshoulder");
    record->since_wall_ns = INT64_C(1600000000000000001);
    record->gentle = true;
    fine(ob_store_person_add(store, record, OB_LOCK_KEY_FILE, NULL, 0, NULL, &key, problem, sizeof problem));
    fine(ob_store_blob_put(store, key, OB_BLOB_PACE, "posterior", 9));
    struct ob_session_row row;
    for (int n = 1; n <= 2; n++) {
        struct ob_copy copy = made(n);
        fine(ob_copy_to_store(store, key, &copy, false, &row, problem, sizeof problem));
        ob_copy_finish(&copy);
    }
    char path[PATH_MAX - 100], id[OB_ID_TEXT], name[PATH_MAX];
    struct ob_sealed_writer *w;
    fine(ob_store_person_folder(store, ob_key_person(key), path, sizeof path));
    ob_id_text(&row.id, id);
    snprintf(name, sizeof name, "%s/%s.events.sealed", path, id);
    fine(ob_sealed_create(name, key, "events", &w));
    for (int i = 0; i < 10000; i++)
        fine(ob_sealed_write(w, "0123456789abcdef", 16));
    fine(ob_sealed_close(w));
    return key;
}

static enum ob_err write_archive(struct ob_store *store, const struct ob_key *key, const char *path, const char *pass)
{
    struct ob_session_row *rows;
    struct ob_archive_person_report report;
    static struct ob_person_record record;
    size_t count;
    fine(ob_store_sessions(store, key, &rows, &count, NULL));
    fine(ob_store_person_get(store, key, &record));
    assert_int_equal(count, 2);
    const struct ob_session_row newest = rows[0]; /* the oldest first */
    rows[0] = rows[1];
    rows[1] = newest;
    const struct ob_archive_person_desc desc = {.path = path,
                                                .replace = true,
                                                .passphrase = pass,
                                                .passphrase_size = pass ? strlen(pass) : 0,
                                                .record = &record,
                                                .rows = rows,
                                                .count = count};
    const enum ob_err err = ob_archive_person_write(store, key, &desc, &report, problem, sizeof problem);
    assert_true(err || (report.sessions == count && report.files == 1 && report.damaged == 0));
    free(rows);
    return err;
}

static bool stands_in(const char *path, const char *words)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return memmem(bytes, size, words, strlen(words)) != NULL;
}

/* The only person of a store. */
static struct ob_key *only_key(struct ob_store *store)
{
    struct ob_person_row *people;
    size_t count;
    struct ob_key *key;
    fine(ob_store_people(store, &people, &count));
    assert_int_equal(count, 1);
    fine(ob_key_load(ob_store_path(store), &people[0].id, NULL, 0, &key, problem, sizeof problem));
    free(people);
    return key;
}

static void everything_of_a_person_moves_house(void **state)
{
    (void)state;
    static struct ob_person_record record, there;
    struct ob_store *a = open_store("a"), *b = open_store("b");
    struct ob_key *key = fill(a, &record);
    fine(write_archive(a, key, in_folder("sealed"), "slow breath"));
    fine(write_archive(a, key, in_folder("clear"), NULL));
    assert_true(stands_in(in_folder("clear"), MARKER) && !stands_in(in_folder("sealed"), MARKER));

    struct ob_archive_person_report report;
    assert_int_equal(ob_archive_person_read(b, NULL, in_folder("sealed"), "slow", 4, &report, problem, sizeof problem),
                     OB_ERR_KEY);
    fine(ob_archive_person_read(b, NULL, in_folder("sealed"), "slow breath", 11, &report, problem, sizeof problem));
    assert_true(report.new_person && report.sessions == 2 && report.files == 1 && report.beats == 600);
    struct ob_key *other = only_key(b);
    fine(ob_store_person_get(b, other, &there));
    assert_string_equal(there.name, record.name);
    assert_string_equal(there.notes, record.notes);
    assert_true(there.since_wall_ns == record.since_wall_ns && there.gentle && !there.simulated);
    unsigned char *blob;
    size_t size, count;
    fine(ob_store_blob_get(b, other, OB_BLOB_PACE, &blob, &size));
    assert_true(size == 9 && memcmp(blob, "posterior", 9) == 0);
    free(blob);
    struct ob_session_row *rows;
    fine(ob_store_sessions(b, other, &rows, &count, NULL));
    assert_int_equal(count, 2);
    for (size_t i = 0; i < 2; i++) {
        struct ob_copy copy, wanted = made(2 - (int)i);
        fine(ob_copy_from_store(b, other, &rows[i].id, &copy));
        assert_true(ob_copy_same(&copy, &wanted) && !copy.imported);
        assert_string_equal(copy.marks[0].words, MARKER);
        ob_copy_finish(&copy);
        ob_copy_finish(&wanted);
    }
    char path[PATH_MAX - 100], id[OB_ID_TEXT], name[PATH_MAX];
    struct ob_sealed_reader *reader;
    static unsigned char bytes[200000];
    size_t have = 0, got = 1;
    fine(ob_store_person_folder(b, ob_key_person(other), path, sizeof path));
    ob_id_text(&rows[0].id, id);
    snprintf(name, sizeof name, "%s/%s.events.sealed", path, id);
    fine(ob_sealed_open(name, other, "events", &reader));
    while (got > 0) {
        fine(ob_sealed_read(reader, bytes + have, sizeof bytes - have, &got));
        have += got;
    }
    ob_sealed_done(reader);
    assert_true(have == 160000 && memcmp(bytes + 159984, "0123456789abcdef", 16) == 0);
    free(rows);
    /* once more: nothing new, and what has been learnt here since stays */
    fine(ob_store_blob_put(b, other, OB_BLOB_PACE, "newer", 5));
    fine(ob_archive_person_read(b, NULL, in_folder("clear"), NULL, 0, &report, problem, sizeof problem));
    assert_true(!report.new_person && report.sessions == 0 && report.known == 2 && report.files == 0);
    fine(ob_store_blob_get(b, other, OB_BLOB_PACE, &blob, &size));
    assert_int_equal(size, 5);
    free(blob);
    ob_key_destroy(other);
    ob_key_destroy(key);
    ob_store_close(a);
    ob_store_close(b);
}

/* A folder where the file beside a session has to go is already there: the last part of the archive can't be kept. */
static void a_failure_at_the_end_leaves_nothing(void **state)
{
    (void)state;
    struct ob_store *a = open_store("a"), *c = open_store("c");
    struct ob_key *key = only_key(a);
    fine(write_archive(a, key, in_folder("clear"), NULL));
    /* people/ is a file: nothing can be put beside the sessions */
    char people[512];
    snprintf(people, sizeof people, "%s/people", in_folder("c"));
    (void)rmdir(people);
    FILE *file = fopen(people, "w");
    assert_non_null(file);
    fclose(file);
    struct ob_archive_person_report report;
    const enum ob_err err =
        ob_archive_person_read(c, NULL, in_folder("clear"), NULL, 0, &report, problem, sizeof problem);
    assert_int_not_equal(err, OB_OK);
    assert_true(strlen(problem) > 15);
    struct ob_person_row *rows;
    size_t count;
    fine(ob_store_people(c, &rows, &count));
    assert_int_equal(count, 0);
    free(rows);
    /* and it works once the place is free */
    assert_int_equal(unlink(people), 0);
    fine(ob_archive_person_read(c, NULL, in_folder("clear"), NULL, 0, &report, problem, sizeof problem));
    assert_true(report.new_person && report.sessions == 2 && report.files == 1);
    ob_key_destroy(key);
    ob_store_close(a);
    ob_store_close(c);
}

static int begin(void **state)
{
    (void)state;
    return scratch_folder() ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_of_a_person_moves_house),
        cmocka_unit_test(a_failure_at_the_end_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
