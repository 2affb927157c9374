/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People and sessions go in and come out again; what is sealed is nowhere in clear; what was forgotten is gone. */
#include "scratch.h"
#include "store/seal.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char problem[300];
static struct ob_person_record record;

static void test_a_session_comes_back_as_it_was(void **state)
{
    (void)state;
    const char *folder = scratch_begin();
    struct ob_store *store = open_store(folder);
    struct ob_key *key = add_person(store, "Ada", NULL);
    ob_store_close(store);

    const struct ob_session_row kept = keep_session(folder, key, 3000);
    assert_int_equal(kept.beats, 3000);

    store = open_store(folder);
    struct ob_session_row *rows = NULL;
    size_t count = 0;
    assert_int_equal(ob_store_sessions(store, key, &rows, &count, NULL), OB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].state, OB_SESSION_ENDED);
    assert_int_equal(rows[0].number, 1);
    assert_string_equal(rows[0].protocol, "guided");
    assert_int_equal(rows[0].corrected, 104);
    assert_true(fabs(rows[0].duration_s - 3000.0) < 0.01);
    struct ob_recording recording = {0};
    assert_int_equal(ob_store_session_load(store, key, &rows[0].id, &recording), OB_OK);
    assert_int_equal(recording.beat_count, 3000);
    assert_int_equal(recording.feature_count, 3000);
    check_beats(&recording, 3000);
    for (size_t i = 0; i < 3000; i++) {
        const struct ob_item wanted = features_item(i);
        for (int f = 0; f < OB_FEATURES; f++)
            assert_true(recording.features[i].values[f] == wanted.u.features.values[f] ||
                        (isnan(recording.features[i].values[f]) && isnan(wanted.u.features.values[f])));
    }
    ob_recording_finish(&recording);
    free(rows);
    ob_key_destroy(key);
    ob_store_close(store);
    scratch_end();
}

/* Every stage that a session can be in, and the first that it cannot; and a mark that comes afterwards. */
static void test_every_stage_is_kept_and_marks_come_later(void **state)
{
    (void)state;
    struct ob_store *store = open_store(scratch_begin());
    struct ob_key *key = add_person(store, "Ada", NULL);
    struct ob_recording recording = {0}, back = {0};
    for (uint32_t stage = 0; stage < OB_STAGES; stage++) {
        struct ob_item item = {.kind = OB_ITEM_FEATURES};
        item.u.features.time_ns = (int64_t)stage * 1000000000;
        item.u.features.stage = stage;
        assert_int_equal(ob_recording_add(&recording, &item), OB_OK);
    }
    struct ob_session_row row = {.start_wall_ns = 1};
    assert_int_equal(ob_store_session_add(store, key, &row, &recording, problem, sizeof problem), OB_OK);
    struct ob_item_mark mark = {.time_ns = 5, .kind = "jaw", .words = "löst sich"};
    assert_int_equal(ob_store_session_mark(store, key, &row.id, &mark, problem, sizeof problem), OB_OK);
    assert_int_equal(ob_store_session_mark(store, key, &row.id, &mark, problem, sizeof problem), OB_OK);
    mark.words[0] = (char)0xff;
    assert_int_equal(ob_store_session_mark(store, key, &row.id, &mark, problem, sizeof problem), OB_ERR_RANGE);
    mark.words[0] = mark.kind[0] = '\0';
    assert_int_equal(ob_store_session_mark(store, key, &row.id, &mark, problem, sizeof problem), OB_ERR_RANGE);
    assert_int_equal(ob_store_session_load(store, key, &row.id, &back), OB_OK);
    assert_int_equal(back.feature_count, OB_STAGES);
    for (uint32_t stage = 0; stage < OB_STAGES; stage++)
        assert_int_equal(back.features[stage].stage, stage);
    assert_int_equal(back.mark_count, 2);
    assert_string_equal(back.marks[1].words, "löst sich");
    struct ob_item beyond = {.kind = OB_ITEM_FEATURES};
    unsigned char bytes[OB_ITEM_MAX];
    beyond.u.features.stage = OB_STAGES;
    assert_int_equal(ob_item_encode(&beyond, bytes), 0);
    struct ob_verify verify;
    assert_int_equal(ob_store_verify(store, &key, 1, &verify), OB_OK);
    assert_true(ob_verify_sound(&verify));
    ob_recording_finish(&recording);
    ob_recording_finish(&back);
    ob_key_destroy(key);
    ob_store_close(store);
    scratch_end();
}

static void test_names_of_any_script(void **state)
{
    (void)state;
    struct ob_store *store = open_store(scratch_begin());
    static const char *const fine[] = {"Ada", "Ørjan Ångström", "王小明", "محمد", "नीलम", "🫁 Ó", "x"};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        struct ob_key *key = add_person(store, fine[i], NULL);
        assert_int_equal(ob_store_person_get(store, key, &record), OB_OK);
        assert_string_equal(record.name, fine[i]);
        struct ob_person_row row;
        assert_int_equal(ob_store_person_find(store, fine[i], &row, problem, sizeof problem), OB_OK);
        assert_int_equal(row.number, i + 1);
        ob_key_destroy(key);
    }
    static const char *const bad[] = {"",      "\x80",    "\xc0\xaf", "a\nb", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "a\x7f", "\xc2\x85"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        memset(&record, 0, sizeof record);
        strcpy(record.name, bad[i]);
        assert_int_equal(
            ob_store_person_add(store, &record, OB_LOCK_KEY_FILE, NULL, 0, NULL, NULL, problem, sizeof problem),
            OB_ERR_RANGE);
        assert_true(problem[0]);
    }
    memset(&record, 0, sizeof record);
    memset(record.name, 'x', sizeof record.name);
    assert_int_equal(ob_person_record_check(&record, problem, sizeof problem), OB_ERR_RANGE);
    record.name[201] = '\0';
    assert_int_equal(ob_person_record_check(&record, problem, sizeof problem), OB_ERR_RANGE);
    record.name[200] = '\0';
    assert_int_equal(ob_person_record_check(&record, problem, sizeof problem), OB_OK);
    ob_store_close(store);
    scratch_end();
}

static void test_a_passphrase_opens_and_another_does_not(void **state)
{
    (void)state;
    const char *folder = scratch_begin();
    struct ob_store *store = open_store(folder);
    struct ob_key *key = add_person(store, "Ada", "open sesame");
    const struct ob_id id = *ob_key_person(key);
    struct ob_key *again = NULL;
    enum ob_lock lock;
    assert_int_equal(ob_key_lock(folder, &id, &lock), OB_OK);
    assert_int_equal(lock, OB_LOCK_PASSPHRASE);
    assert_int_equal(ob_key_load(folder, &id, NULL, 0, &again, problem, sizeof problem), OB_ERR_NO_KEY);
    assert_int_equal(ob_key_load(folder, &id, "open sesam", 10, &again, problem, sizeof problem), OB_ERR_KEY);
    assert_non_null(strstr(problem, "does not fit"));
    assert_null(again);
    assert_int_equal(ob_key_load(folder, &id, "open sesame", 11, &again, problem, sizeof problem), OB_OK);
    assert_int_equal(ob_store_person_get(store, again, &record), OB_OK);
    assert_string_equal(record.name, "Ada");
    /* Another lock on the same key: what was kept still opens, the old passphrase does not. */
    assert_int_equal(ob_key_save(again, folder, OB_LOCK_PASSPHRASE, "other", 5, problem, sizeof problem), OB_OK);
    ob_key_destroy(again);
    again = NULL;
    assert_int_equal(ob_key_load(folder, &id, "open sesame", 11, &again, problem, sizeof problem), OB_ERR_KEY);
    assert_int_equal(ob_key_load(folder, &id, "other", 5, &again, problem, sizeof problem), OB_OK);
    ob_key_destroy(again);
    ob_key_destroy(key);
    ob_store_close(store);
    scratch_end();
}

static void test_nothing_is_readable_by_others_and_nothing_is_dumped(void **state)
{
    (void)state;
    const char *folder = scratch_begin();
    char inner[300], path[400];
    snprintf(inner, sizeof inner, "%s/data", folder);
    struct ob_store *store = open_store(inner);
    struct ob_key *key = add_person(store, "Ada", NULL);
    ob_store_close(store);
    keep_session(inner, key, 10);
    struct stat status;
    assert_int_equal(stat(inner, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    char id[OB_ID_TEXT];
    ob_id_text(ob_key_person(key), id);
    snprintf(path, sizeof path, "%s/keys/%s.key", inner, id);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    static const char *const files[] = {"store.db", "store.db-wal", "store.db-shm", "lock"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", inner, files[i]);
        if (stat(path, &status) == 0)
            assert_int_equal(status.st_mode & 0777, 0600);
    }
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
    assert_int_equal(limit.rlim_cur, 0);
#ifndef __SANITIZE_ADDRESS__
    assert_int_equal(prctl(PR_GET_DUMPABLE, 0L, 0L, 0L, 0L), 0);
#endif
    ob_key_destroy(key);
    scratch_end();
}

static void test_a_row_in_another_place_does_not_open(void **state)
{
    (void)state;
    struct ob_key *key = NULL, *other = NULL;
    struct ob_id a, b;
    ob_id_make(&a);
    ob_id_make(&b);
    assert_int_equal(ob_key_create(&a, &key), OB_OK);
    assert_int_equal(ob_key_create(&b, &other), OB_OK);
    unsigned char sealed[200 + OB_SEAL_EXTRA], out[sizeof sealed], words[200];
    memset(words, 'w', sizeof words);
    const struct ob_row_name name = {.row = OB_ROW_SECOND, .session = a, .number = 7};
    for (size_t size = 0; size <= 200; size++) {
        const size_t length = ob_seal_row(key, &name, words, size, sealed);
        size_t got = 0;
        assert_true(length <= size + OB_SEAL_EXTRA);
        assert_int_equal((length - 40) % OB_SEAL_PAD, 0);
        assert_int_equal(ob_unseal_row(key, &name, sealed, length, out, &got), OB_OK);
        assert_int_equal(got, size);
        assert_memory_equal(out, words, size);
    }
    const size_t length = ob_seal_row(key, &name, words, 100, sealed);
    size_t got;
    struct ob_row_name wrong = name;
    wrong.number++;
    assert_int_equal(ob_unseal_row(key, &wrong, sealed, length, out, &got), OB_ERR_DAMAGED);
    wrong = name;
    wrong.session = b;
    assert_int_equal(ob_unseal_row(key, &wrong, sealed, length, out, &got), OB_ERR_DAMAGED);
    wrong = name;
    wrong.row = OB_ROW_PACK;
    assert_int_equal(ob_unseal_row(key, &wrong, sealed, length, out, &got), OB_ERR_DAMAGED);
    assert_int_equal(ob_unseal_row(other, &name, sealed, length, out, &got), OB_ERR_DAMAGED);
    for (size_t i = 0; i < length; i++) {
        sealed[i] ^= 1;
        assert_int_equal(ob_unseal_row(key, &name, sealed, length, out, &got), OB_ERR_DAMAGED);
        sealed[i] ^= 1;
        assert_int_equal(ob_unseal_row(key, &name, sealed, i, out, &got), OB_ERR_DAMAGED);
    }
    ob_key_destroy(key);
    ob_key_destroy(other);
}

#define MARKER "Zanzibar-marker-7319"

static void test_a_marker_is_nowhere_on_disk(void **state)
{
    (void)state;
    const char *folder = scratch_begin();
    struct ob_store *store = open_store(folder);
    struct ob_key *bystander = add_person(store, "somebody else", NULL);
    struct ob_key *key = add_person(store, MARKER, NULL);
    const struct ob_id id = *ob_key_person(key);
    assert_int_equal(ob_store_blob_put(store, key, OB_BLOB_PACE, MARKER, sizeof MARKER), OB_OK);
    ob_store_unlock(store);
    struct ob_writer *writer = NULL;
    const struct ob_writer_desc desc = {.folder = folder, .key = key, .start = {.source = MARKER}, .every_ns = 1000000};
    assert_int_equal(ob_writer_create(&desc, &writer), OB_OK);
    for (uint64_t i = 0; i < 200; i++) {
        const struct ob_item beat = beat_item(i), mark = mark_item(i, "text", MARKER);
        ob_writer_push_wait(writer, &beat);
        ob_writer_push_wait(writer, &mark);
    }
    struct ob_session_row row;
    assert_int_equal(ob_writer_finish(writer, NULL, 0, &row, problem, sizeof problem), OB_OK);
    char path[400], name[OB_ID_TEXT];
    assert_int_equal(ob_store_person_folder(store, &id, path, sizeof path), OB_OK);
    ob_id_text(&row.id, name);
    snprintf(path + strlen(path), sizeof path - strlen(path), "/%s.events.sealed", name);
    struct ob_sealed_writer *file = NULL;
    assert_int_equal(ob_sealed_create(path, key, "events", &file), OB_OK);
    assert_int_equal(ob_sealed_write(file, MARKER, sizeof MARKER), OB_OK);
    assert_int_equal(ob_sealed_close(file), OB_OK);

    /* The search finds what is in clear, and so would find the marker. */
    assert_true(found_on_disk(folder, id.bytes, sizeof id.bytes));
    assert_true(found_on_disk(folder, row.id.bytes, sizeof row.id.bytes));
    assert_false(found_on_disk(folder, MARKER, sizeof MARKER - 1));

    char key_path[400];
    ob_id_text(&id, name);
    snprintf(key_path, sizeof key_path, "%s/keys/%s.key", folder, name);
    unsigned char key_bytes[112];
    FILE *in = fopen(key_path, "rb");
    assert_non_null(in);
    assert_int_equal(fread(key_bytes, 1, sizeof key_bytes, in), sizeof key_bytes);
    fclose(in);
    assert_true(found_on_disk(folder, key_bytes + 64, 32));

    if (ob_store_person_delete(store, &id, problem, sizeof problem))
        fail_msg("%s", problem);
    assert_false(found_on_disk(folder, MARKER, sizeof MARKER - 1));
    assert_false(found_on_disk(folder, id.bytes, sizeof id.bytes));
    assert_false(found_on_disk(folder, row.id.bytes, sizeof row.id.bytes));
    assert_false(found_on_disk(folder, key_bytes + 64, 32));
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_not_equal(access(key_path, F_OK), 0);
    assert_int_equal(ob_store_person_get(store, key, &record), OB_ERR_NOT_FOUND);
    assert_int_equal(ob_store_person_get(store, bystander, &record), OB_OK);
    assert_int_equal(ob_store_person_delete(store, &id, problem, sizeof problem), OB_ERR_NOT_FOUND);
    ob_key_destroy(key);
    ob_key_destroy(bystander);
    ob_store_close(store);
    scratch_end();
}

static void test_blobs(void **state)
{
    (void)state;
    struct ob_store *store = open_store(scratch_begin());
    struct ob_key *key = add_person(store, "Ada", NULL);
    unsigned char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(ob_store_blob_get(store, key, OB_BLOB_PACE, &bytes, &size), OB_ERR_NOT_FOUND);
    assert_int_equal(ob_store_blob_put(store, key, OB_BLOB_PACE, "first", 5), OB_OK);
    assert_int_equal(ob_store_blob_put(store, key, OB_BLOB_PACE, "second", 6), OB_OK);
    assert_int_equal(ob_store_blob_put(store, key, OB_BLOB_BASELINE, "", 0), OB_OK);
    assert_int_equal(ob_store_blob_get(store, key, OB_BLOB_PACE, &bytes, &size), OB_OK);
    assert_int_equal(size, 6);
    assert_memory_equal(bytes, "second", 6);
    free(bytes);
    assert_int_equal(ob_store_blob_get(store, key, OB_BLOB_BASELINE, &bytes, &size), OB_OK);
    assert_int_equal(size, 0);
    free(bytes);
    ob_key_destroy(key);
    ob_store_close(store);
    scratch_end();
}

static void test_import_and_check_in(void **state)
{
    (void)state;
    struct ob_store *store = open_store(scratch_begin());
    struct ob_key *key = add_person(store, "Ada", NULL);
    struct ob_recording recording = {0};
    for (uint64_t i = 0; i < 20000; i++) {
        const struct ob_item beat = beat_item(i);
        assert_int_equal(ob_recording_add(&recording, &beat), OB_OK);
    }
    const struct ob_item mark = mark_item(3, "text", "half way");
    assert_int_equal(ob_recording_add(&recording, &mark), OB_OK);
    struct ob_session_row row = {.imported = true, .start_wall_ns = 1000, .source = "a file"};
    assert_int_equal(ob_store_session_add(store, key, &row, &recording, problem, sizeof problem), OB_OK);
    ob_recording_finish(&recording);
    row.checkin[1] = 7;
    strcpy(row.posture, "sitting");
    assert_int_equal(ob_store_session_put(store, key, &row), OB_OK);
    struct ob_session_row again;
    assert_int_equal(ob_store_session_get(store, key, &row.id, &again), OB_OK);
    assert_int_equal(again.checkin[1], 7);
    assert_string_equal(again.posture, "sitting");
    assert_true(again.imported);
    assert_int_equal(again.beats, 20000);
    assert_int_equal(ob_store_session_load(store, key, &row.id, &recording), OB_OK);
    check_beats(&recording, 20000);
    assert_int_equal(recording.mark_count, 1);
    assert_string_equal(recording.marks[0].words, "half way");
    ob_recording_finish(&recording);
    ob_key_destroy(key);
    ob_store_close(store);
    scratch_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_session_comes_back_as_it_was),
        cmocka_unit_test(test_names_of_any_script),
        cmocka_unit_test(test_every_stage_is_kept_and_marks_come_later),
        cmocka_unit_test(test_a_passphrase_opens_and_another_does_not),
        cmocka_unit_test(test_nothing_is_readable_by_others_and_nothing_is_dumped),
        cmocka_unit_test(test_a_row_in_another_place_does_not_open),
        cmocka_unit_test(test_a_marker_is_nowhere_on_disk),
        cmocka_unit_test(test_blobs),
        cmocka_unit_test(test_import_and_check_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
