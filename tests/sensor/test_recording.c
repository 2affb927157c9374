/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/event.h"
#include "sensor/recording.h"

#include "scratch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char sentence[OB_RECORDING_SENTENCE_MAX];

static struct ob_recording *open_path(const char *path, double fs_hz, enum ob_err wanted)
{
    struct ob_recording *recording = NULL;
    const struct ob_recording_desc desc = {.path = path, .fs_hz = fs_hz};
    const enum ob_err err = ob_recording_open(&desc, &recording, sentence, sizeof sentence);
    if (err != wanted)
        print_error("%s: %s\n", path, sentence);
    assert_int_equal(err, wanted);
    assert_true((err == OB_OK) == (recording != NULL));
    assert_true(err == OB_OK || strlen(sentence) > 10);
    return recording;
}

static void rr_files_come_through(void **state)
{
    (void)state;
    const char *text = "800\n-1\n810\n5000\n820\n";
    struct ob_recording *r = open_path(scratch_write("a.txt", text, strlen(text)), 0, OB_OK);
    assert_int_equal(ob_recording_info(r)->kind, OB_FILE_RR);
    struct ob_recording_rr rr[10];
    assert_int_equal(ob_recording_read_rr(r, rr, 2), 2);
    assert_int_equal(ob_recording_read_rr(r, rr + 2, 8), 3);
    assert_true(rr[0].rr_ms == 800 && rr[1].gap && rr[1].rr_ms == 0 && rr[3].gap && rr[3].rr_ms == 5000);
    assert_int_equal(ob_recording_read_rr(r, rr, 8), 0);
    assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_OK);
    assert_non_null(strstr(sentence, "1 of 5 lines"));
    assert_true(ob_recording_progress_01(r) == 1.0);
    ob_recording_close(r);
}

static void csv_holes_become_missing_frames(void **state)
{
    (void)state;
    char text[20000];
    size_t n = (size_t)sprintf(text, "time,ECG\n");
    for (int i = 0; i < 500; i++)
        if (i < 200 || i >= 300)
            n += (size_t)sprintf(text + n, "%.3f,%d\n", i * 0.01, i);
    struct ob_recording *r = open_path(scratch_write("b.csv", text, n), 0, OB_OK);
    assert_true(ob_recording_info(r)->fs_hz == 100.0);
    assert_int_equal(ob_recording_choose(r, NULL, OB_SIGNAL_ECG), 0);
    assert_int_equal(ob_recording_choose(r, "time", -1), -1);
    float v[600];
    assert_int_equal(ob_recording_read(r, v, 600), 500);
    for (int i = 0; i < 500; i++)
        assert_true(i >= 200 && i < 300 ? isnan(v[i]) : v[i] == (float)i);
    ob_recording_close(r);
    /* a lone column and a rate: a signal, though it could be intervals */
    r = open_path(scratch_write("c.txt", "512\n520\n900\n", 12), 250, OB_OK);
    assert_int_equal(ob_recording_info(r)->kind, OB_FILE_CSV);
    assert_int_equal(ob_recording_read(r, v, 600), 3);
    ob_recording_close(r);
}

/* Two signal files, one with two signals, of format 16. */
static void write_record(size_t frames_a, size_t frames_b)
{
    const char *header = "rec 3 200/400(0) 1000\na.dat 16 100/mV 16 0 0 0 0 V5\na.dat 16 100000/V 16 0 0 0 0 II\n"
                         "b.dat 16 1/au 16 0 0 0 0 Pleth\n";
    scratch_write("rec.hea", header, strlen(header));
    static int16_t a[2000], b[1000];
    for (int i = 0; i < 1000; i++) {
        a[2 * i] = (int16_t)i;
        a[2 * i + 1] = (int16_t)(i == 5 ? -32768 : -i);
        b[i] = (int16_t)(3 * i);
    }
    scratch_write("a.dat", a, frames_a * 4);
    scratch_write("b.dat", b, frames_b * 2);
}

static void wfdb_records_come_through_whatever_is_named(void **state)
{
    (void)state;
    write_record(1000, 1000);
    static const char *const names[] = {"rec.hea", "rec"};
    for (int k = 0; k < 2; k++) {
        struct ob_recording *r = open_path(scratch_path(names[k]), 0, OB_OK);
        const struct ob_recording_info *info = ob_recording_info(r);
        assert_true(info->kind == OB_FILE_WFDB && info->fs_hz == 200 && info->channels == 3 && info->frames == 1000);
        assert_string_equal(info->unit[1], "mV");
        assert_int_equal(ob_recording_choose(r, NULL, -1), 1);
        assert_int_equal(ob_recording_choose(r, NULL, OB_SIGNAL_PPG), 2);
        static float v[3 * 1200];
        size_t n = 0;
        for (size_t got; (got = ob_recording_read(r, v + 3 * n, 77)) > 0;)
            n += got;
        assert_int_equal(n, 1000);
        for (int i = 0; i < 1000; i++) {
            assert_true(fabsf(v[3 * i] - (float)i / 100) < 1e-5f && v[3 * i + 2] == 3.0f * (float)i);
            assert_true(i == 5 ? isnan(v[3 * i + 1]) : fabsf(v[3 * i + 1] + (float)i / 100) < 1e-4f);
        }
        assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_OK);
        assert_string_equal(sentence, "");
        ob_recording_close(r);
    }
}

static void a_short_signal_file_is_read_and_told(void **state)
{
    (void)state;
    write_record(1000, 700);
    struct ob_recording *r = open_path(scratch_path("rec.hea"), 0, OB_OK);
    static float v[3 * 1200];
    assert_int_equal(ob_recording_read(r, v, 1200), 700);
    assert_int_equal(ob_recording_read(r, v, 1200), 0);
    assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_ERR_TRUNCATED);
    assert_non_null(strstr(sentence, "700 of the 1000"));
    ob_recording_close(r);
}

static void bad_paths_are_refused_in_words(void **state)
{
    (void)state;
    open_path("/nowhere/at/all.txt", 0, OB_ERR_NOT_FOUND);
    open_path(scratch_folder, 0, OB_ERR_UNSUPPORTED);
    open_path("/dev/zero", 0, OB_ERR_UNSUPPORTED);
    assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
    open_path(scratch_path("fifo"), 0, OB_ERR_UNSUPPORTED);
    open_path(scratch_write("empty.csv", "", 0), 0, OB_ERR_EMPTY);
    open_path(scratch_write("bin.csv", "\0\1\2\3", 4), 0, OB_ERR_FORMAT);
    open_path(scratch_write("words.txt", "once upon a time\nthere was\n", 27), 0, OB_ERR_FORMAT);
    open_path(scratch_write("zero.txt", "0\n-1\n1e9\n", 9), 0, OB_ERR_RANGE); /* signal-like, and no rate */
    open_path(scratch_write("lone.dat", "\1\2", 2), 0, OB_ERR_NOT_FOUND);
    open_path(scratch_write("x.hea", "x 1 100\nmissing.dat 16\n", 23), 0, OB_ERR_NOT_FOUND);
    open_path(scratch_write("y.hea", "y 1 100\nempty.csv 16\n", 21), 0, OB_ERR_EMPTY);
    open_path(scratch_write("z.hea", "gibberish", 9), 0, OB_ERR_FORMAT);
    open_path(scratch_write("w.oblog", "OBLOG\r\n\x1a", 8), 0, OB_ERR_UNSUPPORTED);
    static char path[5000];
    memset(path, 'a', sizeof path - 1);
    open_path(path, 0, OB_ERR_RANGE);
    /* forced into a kind that it is not */
    struct ob_recording *r = NULL;
    struct ob_recording_desc desc = {.path = scratch_path("zero.txt"), .kind = OB_FILE_RR};
    assert_int_equal(ob_recording_open(&desc, &r, sentence, sizeof sentence), OB_ERR_FORMAT);
    desc.path = scratch_path("bin.csv");
    assert_int_equal(ob_recording_open(&desc, &r, sentence, sizeof sentence), OB_ERR_FORMAT);
    desc.kind = OB_FILE_WFDB;
    assert_int_equal(ob_recording_open(&desc, &r, sentence, sizeof sentence), OB_ERR_FORMAT);
    desc.kind = OB_FILE_CSV;
    desc.fs_hz = 100;
    assert_int_equal(ob_recording_open(&desc, &r, sentence, sizeof sentence), OB_ERR_FORMAT);
}

static void a_kind_can_be_forced(void **state)
{
    (void)state;
    const char *text = "512\n513\n514\n";
    struct ob_recording *r = NULL;
    const struct ob_recording_desc desc = {.path = scratch_write("ecg.txt", text, strlen(text)), .kind = OB_FILE_RR};
    assert_int_equal(ob_recording_open(&desc, &r, sentence, sizeof sentence), OB_OK);
    struct ob_recording_rr rr[5];
    assert_int_equal(ob_recording_read_rr(r, rr, 5), 3);
    ob_recording_close(r);
}

static void every_recording_opens(void **state)
{
    (void)state;
    const char *data = getenv("OB_DATA");
    static const char *const folders[] = {"mitdb", "wave", "rr"};
    int opened = 0;
    for (int f = 0; f < 3; f++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", data && *data ? data : OB_TEST_DATA_DEFAULT, folders[f]);
        DIR *folder = opendir(path);
        for (const struct dirent *entry; folder && (entry = readdir(folder));) {
            if (!strstr(entry->d_name, ".hea") && !strstr(entry->d_name, ".rr.txt"))
                continue;
            snprintf(path, sizeof path, "%s/%s/%s", data && *data ? data : OB_TEST_DATA_DEFAULT, folders[f],
                     entry->d_name);
            struct ob_recording *r = open_path(path, 0, OB_OK);
            assert_int_equal(ob_recording_info(r)->kind, f < 2 ? OB_FILE_WFDB : OB_FILE_RR);
            assert_true(f == 2 || ob_recording_choose(r, NULL, -1) >= 0);
            static float v[OB_CHANNELS_MAX * 1024];
            static struct ob_recording_rr rr[1024];
            int64_t n = 0;
            for (size_t got; (got = f < 2 ? ob_recording_read(r, v, 1024) : ob_recording_read_rr(r, rr, 1024)) > 0;)
                n += (int64_t)got;
            assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_OK);
            assert_true(f == 2 || n == ob_recording_info(r)->frames);
            ob_recording_close(r);
            opened++;
        }
        if (folder)
            closedir(folder);
    }
    if (opened == 0) {
        print_message("skipped: no recordings in the data folder\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rr_files_come_through),
        cmocka_unit_test(csv_holes_become_missing_frames),
        cmocka_unit_test(wfdb_records_come_through_whatever_is_named),
        cmocka_unit_test(a_short_signal_file_is_read_and_told),
        cmocka_unit_test(bad_paths_are_refused_in_words),
        cmocka_unit_test(a_kind_can_be_forced),
        cmocka_unit_test(every_recording_opens),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
