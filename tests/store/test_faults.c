/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong with a folder, and what is told: two programs at once, damage, newer versions, a clock set back, a
 * folder that can't be written. */
#include "fault_vfs.h"
#include "scratch.h"
#include "store/seal.h"

#include "base/time.h"
#include "os/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char problem[300];

/* Most tests begin with one person in a folder of its own. */
static const char *folder;
static struct ob_store *store; /* NULL while a test has it closed */
static struct ob_key *key;

static int ada_begins(void **state)
{
    (void)state;
    folder = scratch_begin();
    store = open_store(folder);
    key = add_person(store, "Ada", NULL);
    return 0;
}

static void close_store(void)
{
    ob_store_close(store);
    store = NULL;
}

static int ada_ends(void **state)
{
    (void)state;
    ob_key_destroy(key);
    close_store();
    scratch_end();
    return 0;
}

static struct ob_writer *begin(const char *where)
{
    struct ob_writer *writer = NULL;
    const struct ob_writer_desc desc = {.folder = where, .key = key, .every_ns = 2 * OB_NS_PER_MS};
    assert_int_equal(ob_writer_create(&desc, &writer), OB_OK);
    return writer;
}

static void push_beats(struct ob_writer *writer, uint64_t from, uint64_t to)
{
    for (uint64_t n = from; n < to; n++) {
        const struct ob_item beat = beat_item(n);
        ob_writer_push_wait(writer, &beat);
    }
}

/* Waits for a state with patience; the test fails by its answer, not by its time. */
static struct ob_writer_status wait_for(struct ob_writer *writer, enum ob_keep keep, uint64_t beats)
{
    struct ob_writer_status status;
    for (int i = 0; i < 10000; i++) {
        ob_writer_status(writer, &status);
        if (status.keep == keep && status.acknowledged_beats >= beats)
            break;
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + OB_NS_PER_MS);
    }
    assert_int_equal(status.keep, keep);
    assert_true(status.acknowledged_beats >= beats);
    return status;
}

static void test_two_at_once(void **state)
{
    (void)state;
    ob_store_unlock(store);
    struct ob_writer *one = begin(folder);
    push_beats(one, 0, 10);
    wait_for(one, OB_KEEP_KEEPING, 10);
    struct ob_writer *two = begin(folder);
    push_beats(two, 0, 20);
    const struct ob_writer_status told = wait_for(two, OB_KEEP_WAITING, 0);
    assert_non_null(strstr(told.sentence, "another Outbreath"));
    assert_int_equal(ob_store_person_delete(store, ob_key_person(key), problem, sizeof problem), OB_ERR_BUSY);
    /* A session that runs is not taken for one that was interrupted. */
    struct ob_session_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(ob_store_sessions(store, key, &rows, &count, NULL), OB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].state, OB_SESSION_RUNNING);
    free(rows);
    assert_int_equal(ob_writer_finish(one, NULL, 0, NULL, problem, sizeof problem), OB_OK);
    wait_for(two, OB_KEEP_KEEPING, 20); /* by itself, once the first has ended */
    assert_int_equal(ob_writer_finish(two, NULL, 0, NULL, problem, sizeof problem), OB_OK);
    assert_int_equal(ob_store_sessions(store, key, &rows, &count, NULL), OB_OK);
    assert_int_equal(count, 2);
    assert_int_equal(rows[0].beats, 20);
    assert_int_equal(rows[1].beats, 10);
    free(rows);
}

static void test_an_interrupted_session_is_closed_by_the_next_opening(void **state)
{
    (void)state;
    close_store();
    const pid_t child = fork();
    if (child == 0) {
        struct ob_writer *writer = begin(folder);
        push_beats(writer, 0, 100);
        while (ob_writer_acknowledged(writer) < 100)
            ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + OB_NS_PER_MS);
        _exit(0);
    }
    int status = 1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    store = open_store(folder);
    struct ob_session_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(ob_store_sessions(store, key, &rows, &count, NULL), OB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].state, OB_SESSION_INTERRUPTED);
    assert_int_equal(rows[0].beats, 100);
    assert_true(rows[0].duration_s > 89.0);
    free(rows);
}

static void test_a_clock_set_back_changes_no_order(void **state)
{
    (void)state;
    struct ob_recording recording = {0};
    const struct ob_item beat = beat_item(0);
    ob_recording_add(&recording, &beat);
    const int64_t year_ns = INT64_C(365) * 86400 * OB_NS_PER_S;
    const int64_t starts[] = {50 * year_ns, 49 * year_ns, 0, 51 * year_ns};
    for (int i = 0; i < 4; i++) {
        struct ob_session_row row = {.start_wall_ns = starts[i]};
        assert_int_equal(ob_store_session_add(store, key, &row, &recording, problem, sizeof problem), OB_OK);
    }
    struct ob_session_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(ob_store_sessions(store, key, &rows, &count, NULL), OB_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(rows[i].number, 4 - i);
        assert_true(rows[i].start_wall_ns == starts[3 - i]);
    }
    /* And a number is never used twice. */
    assert_int_equal(ob_store_session_delete(store, &rows[0].id, problem, sizeof problem), OB_OK);
    free(rows);
    struct ob_session_row row = {.start_wall_ns = 0};
    assert_int_equal(ob_store_session_add(store, key, &row, &recording, problem, sizeof problem), OB_OK);
    assert_int_equal(row.number, 5);
    ob_recording_finish(&recording);
}

static bool exists_like(const char *beginning)
{
    DIR *dir = opendir(folder);
    bool found = false;
    for (const struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        found |= strncmp(entry->d_name, beginning, strlen(beginning)) == 0;
    if (dir)
        closedir(dir);
    return found;
}

static void overwrite(const char *name, long at, const void *bytes, size_t size)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "r+b");
    assert_non_null(out);
    fseek(out, at, SEEK_SET);
    assert_int_equal(fwrite(bytes, 1, size, out), size);
    fclose(out);
}

static void test_a_damaged_database_is_set_aside(void **state)
{
    (void)state;
    const struct ob_id id = *ob_key_person(key);
    close_store();
    keep_session(folder, key, 50);
    overwrite("store.db", 0, "This is no database at all, it is something else.", 50);
    store = open_store(folder);
    assert_non_null(strstr(ob_store_notice(store), "set aside as store.db.damaged-"));
    assert_true(exists_like("store.db.damaged-"));
    struct ob_person_row *people = NULL;
    size_t count = 1;
    assert_int_equal(ob_store_people(store, &people, &count), OB_OK);
    assert_int_equal(count, 0);
    free(people);
    /* The key was kept, and can still be destroyed: what was set aside is then unreadable too. */
    assert_int_equal(ob_store_person_delete(store, &id, problem, sizeof problem), OB_OK);
    enum ob_lock lock;
    assert_int_equal(ob_key_lock(folder, &id, &lock), OB_ERR_NOT_FOUND);
}

static void test_a_database_that_is_lost_in_the_middle(void **state)
{
    (void)state;
    close_store();
    fault_begin(1);
    struct ob_writer *writer = NULL;
    const struct ob_writer_desc desc = {.folder = folder, .vfs = FAULT_VFS, .key = key, .every_ns = 2 * OB_NS_PER_MS};
    assert_int_equal(ob_writer_create(&desc, &writer), OB_OK);
    push_beats(writer, 0, 20);
    wait_for(writer, OB_KEEP_KEEPING, 20);
    overwrite("store.db", 0, "This is no database at all, it is something else.", 50);
    overwrite("store.db-wal", 0, "This is no journal at all, it is something else..", 50);
    fault_sync_at(1, 0, NULL); /* what makes it look at the disk again */
    push_beats(writer, 20, 50);
    wait_for(writer, OB_KEEP_KEEPING, 50);
    struct ob_session_row row;
    if (ob_writer_finish(writer, NULL, 0, &row, problem, sizeof problem))
        fail_msg("%s", problem);
    assert_int_equal(fault_syncs_failed(), 1);
    fault_end();
    assert_true(exists_like("store.db.damaged-"));
    store = open_store(folder);
    static struct ob_person_record record;
    assert_int_equal(ob_store_person_get(store, key, &record), OB_OK);
    assert_string_equal(record.name, "Ada");
    struct ob_recording recording = {0};
    assert_int_equal(ob_store_session_load(store, key, &row.id, &recording), OB_OK);
    assert_int_equal(recording.beat_count, 30); /* from there on */
    const struct ob_item first = beat_item(20);
    assert_memory_equal(&recording.beats[0], &first.u.beat, sizeof first.u.beat);
    ob_recording_finish(&recording);
    struct ob_verify verify;
    assert_int_equal(ob_store_verify(store, &key, 1, &verify), OB_OK);
    assert_true(ob_verify_sound(&verify));
}

/* Where a table begins in the file. */
static long root_of(const char *table)
{
    char path[400];
    snprintf(path, sizeof path, "%s/store.db", folder);
    sqlite3 *sql;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &sql, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(sql, "SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?", -1,
                           &statement, NULL),
        SQLITE_OK);
    sqlite3_bind_text(statement, 1, table, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const long at = (sqlite3_column_int(statement, 0) - 1L) * sqlite3_column_int(statement, 1);
    sqlite3_finalize(statement);
    sqlite3_close(sql);
    return at;
}

static void test_a_page_that_only_a_commit_reads_is_damaged(void **state)
{
    (void)state;
    close_store();
    keep_session(folder, key, 50); /* its end leaves all in store.db */
    unsigned char junk[64];
    memset(junk, 0xee, sizeof junk);
    overwrite("store.db", root_of("second"), junk, sizeof junk);
    struct ob_writer *writer = begin(folder);
    push_beats(writer, 0, 40);
    wait_for(writer, OB_KEEP_KEEPING, 40);
    struct ob_session_row row;
    if (ob_writer_finish(writer, NULL, 0, &row, problem, sizeof problem))
        fail_msg("%s", problem);
    assert_int_equal(row.beats, 40);
    assert_true(exists_like("store.db.damaged-"));
}

static void test_a_disk_that_stays_full_does_not_fill_the_memory(void **state)
{
    (void)state;
    close_store();
    fault_begin(1);
    struct ob_writer *writer = NULL;
    const struct ob_writer_desc desc = {.folder = folder, .vfs = FAULT_VFS, .key = key, .every_ns = OB_NS_PER_MS};
    assert_int_equal(ob_writer_create(&desc, &writer), OB_OK);
    push_beats(writer, 0, 5);
    wait_for(writer, OB_KEEP_KEEPING, 5);
    fault_full(true);
    struct ob_writer_status status = {0};
    uint64_t beats = 5;
    for (int i = 0; i < 20000 && status.failures < 60; i++, beats++) {
        push_beats(writer, beats, beats + 1);
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + OB_NS_PER_MS);
        ob_writer_status(writer, &status);
    }
    assert_true(status.failures >= 60);
    assert_true(status.waiting_bytes < 512 * 1024); /* not a block of memory for each attempt */
    fault_full(false);
    wait_for(writer, OB_KEEP_KEEPING, beats);
    struct ob_session_row row;
    if (ob_writer_finish(writer, NULL, 0, &row, problem, sizeof problem))
        fail_msg("%s", problem);
    assert_int_equal(row.beats, beats);
    fault_end();
    store = open_store(folder);
    struct ob_recording recording = {0};
    assert_int_equal(ob_store_session_load(store, key, &row.id, &recording), OB_OK);
    assert_int_equal(recording.beat_count, beats);
    check_beats(&recording, beats);
    ob_recording_finish(&recording);
}

static void test_a_store_that_was_replaced_takes_no_changes(void **state)
{
    (void)state;
    ob_store_unlock(store);
    /* What a restore elsewhere does: another file under the same name. */
    char path[400], other[400];
    snprintf(path, sizeof path, "%s/store.db", folder);
    snprintf(other, sizeof other, "%s/other.db", folder);
    sqlite3 *sql;
    assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
    char text[500];
    snprintf(text, sizeof text, "VACUUM INTO '%s'", other);
    assert_int_equal(sqlite3_exec(sql, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(sql);
    assert_int_equal(rename(other, path), 0);
    assert_int_not_equal(ob_store_lock(store, problem, sizeof problem), OB_OK);
    assert_true(problem[0] != 0);
    close_store();
    store = open_store(folder);
    assert_int_equal(ob_store_lock(store, problem, sizeof problem), OB_OK);
}

static void test_a_newer_database_is_left_alone(void **state)
{
    (void)state;
    char path[400];
    close_store();
    snprintf(path, sizeof path, "%s/store.db", folder);
    sqlite3 *sql = NULL;
    assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sql, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(sql);
    const struct ob_store_desc desc = {.folder = folder};
    assert_int_equal(ob_store_open(&desc, &store, problem, sizeof problem), OB_ERR_NEWER);
    assert_non_null(strstr(problem, "newer"));
    assert_false(exists_like("store.db.damaged"));
}

static void test_looking_makes_nothing(void **state)
{
    (void)state;
    char inner[300];
    close_store();
    snprintf(inner, sizeof inner, "%s/not/there", folder);
    const struct ob_store_desc desc = {.folder = inner, .existing = true};
    assert_int_equal(ob_store_open(&desc, &store, problem, sizeof problem), OB_ERR_EMPTY);
    assert_int_not_equal(access(inner, F_OK), 0);
}

static void test_a_folder_that_is_none(void **state)
{
    (void)state;
    close_store();
    char file[300];
    snprintf(file, sizeof file, "%s/lock", folder); /* a file where a folder should be: also root can't write there */
    struct ob_writer *writer = begin(file);
    push_beats(writer, 0, 10);
    const struct ob_writer_status told = wait_for(writer, OB_KEEP_WAITING, 0);
    assert_non_null(strstr(told.sentence, "not being kept"));
    assert_int_not_equal(ob_writer_finish(writer, NULL, OB_NS_PER_MS, NULL, problem, sizeof problem), OB_OK);
    assert_non_null(strstr(problem, "10 of 10 beats"));
}

static void test_verify_finds_what_is_wrong(void **state)
{
    (void)state;
    close_store();
    struct ob_session_row row = keep_session(folder, key, 3000);
    keep_session(folder, key, 100);
    struct ob_key *keys[1] = {key};
    struct ob_verify verify;
    store = open_store(folder);
    assert_int_equal(ob_store_verify(store, keys, 1, &verify), OB_OK);
    assert_true(ob_verify_sound(&verify));
    assert_int_equal(verify.sessions, 2);
    assert_int_equal(verify.beats, 3100);
    assert_int_equal(ob_store_verify(store, NULL, 0, &verify), OB_OK);
    assert_int_equal(verify.people_locked, 1);
    assert_true(ob_verify_sound(&verify));
    close_store();

    static const struct {
        const char *damage;
        uint64_t bad_rows, gaps;
    } cases[] = {
        {"UPDATE pack SET sealed = substr(sealed, 1, 100) || x'00' || substr(sealed, 102) WHERE number = 1", 1, 1},
        {"UPDATE pack SET sealed = (SELECT sealed FROM pack p WHERE p.number = 2 LIMIT 1) WHERE number = 1", 1, 1},
        {"DELETE FROM pack WHERE number = 1", 0, 2},
        {"DELETE FROM pack WHERE number = (SELECT max(number) FROM pack)", 0, 1},
        {"UPDATE session SET number = 77 WHERE number = 1", 1, 0},
        {"UPDATE person SET sealed = x'0102'", 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char command[2000], path[400];
        snprintf(path, sizeof path, "%s/store.db", folder);
        snprintf(command, sizeof command, "cp '%s' '%s.before'", path, path);
        assert_int_equal(system(command), 0);
        sqlite3 *sql = NULL;
        assert_int_equal(sqlite3_open(path, &sql), SQLITE_OK);
        assert_int_equal(sqlite3_exec(sql, cases[i].damage, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_changes(sql), 1);
        sqlite3_close(sql);
        store = open_store(folder);
        assert_int_equal(ob_store_verify(store, keys, 1, &verify), OB_OK);
        assert_false(ob_verify_sound(&verify));
        assert_true(verify.first[0]);
        assert_int_equal(verify.bad_rows, cases[i].bad_rows);
        assert_int_equal(verify.gaps, cases[i].gaps);
        struct ob_recording recording = {0};
        if (strstr(cases[i].damage, "pack") && !strstr(cases[i].damage, "max"))
            assert_int_equal(ob_store_session_load(store, key, &row.id, &recording), OB_ERR_DAMAGED);
        ob_recording_finish(&recording);
        close_store();
        snprintf(command, sizeof command, "rm -f '%s-wal' '%s-shm'; mv '%s.before' '%s'", path, path, path, path);
        assert_int_equal(system(command), 0);
    }
}

static void test_sealed_files(void **state)
{
    (void)state;
    char path[400], other[500];
    struct ob_key *bob = add_person(store, "Bob", NULL);
    assert_int_equal(ob_store_person_folder(store, ob_key_person(key), path, sizeof path), OB_OK);
    snprintf(other, sizeof other, "%s/second.raw.sealed", path);
    strcat(path, "/first.raw.sealed");
    struct ob_sealed_writer *writer = NULL;
    assert_int_equal(ob_sealed_create(path, key, "raw", &writer), OB_OK);
    unsigned char block[10000], got_block[3000];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = (unsigned char)(i * 7);
    for (int i = 0; i < 30; i++) {
        assert_int_equal(ob_sealed_write(writer, block, sizeof block), OB_OK);
        if (i == 10)
            assert_int_equal(ob_sealed_flush(writer, true), OB_OK);
    }
    assert_int_equal(ob_sealed_close(writer), OB_OK);
    struct ob_sealed_reader *reader = NULL;
    assert_int_equal(ob_sealed_open(path, bob, "raw", &reader), OB_ERR_KEY);
    assert_int_equal(ob_sealed_open(path, key, "events", &reader), OB_ERR_KEY);
    assert_int_equal(ob_sealed_open(path, key, "raw", &reader), OB_OK);
    size_t total = 0, got = 1;
    while (got > 0) {
        assert_int_equal(ob_sealed_read(reader, got_block, sizeof got_block, &got), OB_OK);
        for (size_t i = 0; i < got; i++)
            assert_int_equal(got_block[i], block[(total + i) % sizeof block]);
        total += got;
    }
    assert_int_equal(total, 30 * sizeof block);
    ob_sealed_done(reader);
    struct ob_verify verify;
    struct ob_key *keys[2] = {key, bob};
    assert_int_equal(ob_store_verify(store, keys, 2, &verify), OB_OK);
    assert_int_equal(verify.files, 1);
    assert_true(ob_verify_sound(&verify));
    /* Cut short, it is read as far as it goes and says so; changed, it says that it is damaged. */
    char command[2000];
    snprintf(command, sizeof command, "head -c 200000 '%s' >'%s'", path, other);
    assert_int_equal(system(command), 0);
    assert_int_equal(ob_sealed_open(other, key, "raw", &reader), OB_OK);
    enum ob_err err = OB_OK;
    for (total = 0, got = 1; !err && got > 0; total += got)
        err = ob_sealed_read(reader, got_block, sizeof got_block, &got);
    assert_int_equal(err, OB_ERR_TRUNCATED);
    assert_int_equal(total, 170000); /* whole blocks: six writes, five up to the flush, six */
    ob_sealed_done(reader);
    assert_int_equal(ob_store_verify(store, keys, 2, &verify), OB_OK);
    assert_int_equal(verify.files, 2);
    assert_true(ob_verify_sound(&verify));
    FILE *out = fopen(path, "r+b");
    fseek(out, 150000, SEEK_SET);
    fputc('!', out);
    fputc('?', out);
    fclose(out);
    assert_int_equal(ob_store_verify(store, keys, 2, &verify), OB_OK);
    assert_int_equal(verify.bad_files, 1);
    ob_key_destroy(bob);
}

static void test_a_lost_key_is_told(void **state)
{
    (void)state;
    char id[OB_ID_TEXT], path[400];
    ob_id_text(ob_key_person(key), id);
    snprintf(path, sizeof path, "%s/keys/%s.key", folder, id);
    struct ob_key *again = NULL;
    assert_int_equal(truncate(path, 50), 0);
    assert_int_equal(ob_key_load(folder, ob_key_person(key), NULL, 0, &again, problem, sizeof problem), OB_ERR_FORMAT);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(ob_key_load(folder, ob_key_person(key), NULL, 0, &again, problem, sizeof problem),
                     OB_ERR_NOT_FOUND);
    struct ob_verify verify;
    assert_int_equal(ob_store_verify(store, NULL, 0, &verify), OB_OK);
    assert_false(ob_verify_sound(&verify));
}

#define WITH_ADA(test) cmocka_unit_test_setup_teardown(test, ada_begins, ada_ends)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ADA(test_two_at_once),
        WITH_ADA(test_an_interrupted_session_is_closed_by_the_next_opening),
        WITH_ADA(test_a_clock_set_back_changes_no_order),
        WITH_ADA(test_a_damaged_database_is_set_aside),
        WITH_ADA(test_a_database_that_is_lost_in_the_middle),
        WITH_ADA(test_a_page_that_only_a_commit_reads_is_damaged),
        WITH_ADA(test_a_disk_that_stays_full_does_not_fill_the_memory),
        WITH_ADA(test_a_store_that_was_replaced_takes_no_changes),
        WITH_ADA(test_a_newer_database_is_left_alone),
        WITH_ADA(test_looking_makes_nothing),
        WITH_ADA(test_a_folder_that_is_none),
        WITH_ADA(test_verify_finds_what_is_wrong),
        WITH_ADA(test_sealed_files),
        WITH_ADA(test_a_lost_key_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
