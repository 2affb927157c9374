/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound files, written and read again; what is broken is refused, what fails leaves nothing behind. */
#include "soundfile/soundfile.h"

#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAMES 30000

static char folder[] = "/tmp/ob_soundfile_XXXXXX";
static float sound[2 * FRAMES];

static const char *in_folder(const char *name)
{
    static char path[4][300];
    static int next;
    next = (next + 1) % 4;
    snprintf(path[next], sizeof path[0], "%s/%s", folder, name);
    return path[next];
}

static int files_there(void)
{
    int count = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

static void empty_folder(void)
{
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir));)
        if (entry->d_name[0] != '.')
            remove(in_folder(entry->d_name));
    closedir(dir);
}

static void make_sound(void)
{
    for (int i = 0; i < FRAMES; i++) {
        sound[2 * i] = (float)(0.5 * sin(0.05 * i));
        sound[2 * i + 1] = (float)(0.3 * sin(0.031 * i));
    }
}

static int begin(void **state)
{
    (void)state;
    empty_folder();
    make_sound();
    return 0;
}

static enum ob_err write_one(const char *path, bool replace, bool keep)
{
    const struct ob_soundfile_desc desc = {
        .path = path, .sample_rate_hz = 48000, .replace = replace, .title = "A title", .comment = "A comment"};
    struct ob_soundfile *file;
    enum ob_err err = ob_soundfile_create(&desc, &file);
    if (err)
        return err;
    for (int i = 0; i < FRAMES && !err; i += 1000)
        err = ob_soundfile_write(file, sound + 2 * i, 1000);
    const enum ob_err closed = ob_soundfile_close(file, keep);
    return err ? err : closed;
}

static double worst_difference(const struct ob_sound *back)
{
    double worst = 0.0;
    for (size_t i = 0; i < 2 * (size_t)FRAMES; i++)
        worst = fmax(worst, fabs((double)back->stereo[i] - (double)sound[i]));
    return worst;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double worst;
    } kinds[] = {{"a.wav", 2e-7}, {"b.FLAC", 6e-5}, {"c.ogg", 0.05}};
    for (size_t k = 0; k < 3; k++) {
        struct ob_sound back;
        assert_int_equal(write_one(in_folder(kinds[k].name), false, true), OB_OK);
        assert_int_equal(ob_soundfile_read(in_folder(kinds[k].name), 10.0, &back), OB_OK);
        assert_int_equal(back.frames, FRAMES);
        assert_true(back.sample_rate_hz == 48000.0);
        print_message("%s: %.2g off at most\n", kinds[k].name, worst_difference(&back));
        assert_true(worst_difference(&back) < kinds[k].worst);
        ob_sound_free(&back);
        assert_int_equal(ob_soundfile_read(in_folder(kinds[k].name), 0.5, &back), OB_ERR_RANGE);
        assert_null(back.stereo);
    }
    assert_int_equal(files_there(), 3);
}

static void the_tags_are_in_it(void **state)
{
    (void)state;
    static const char *const names[] = {"a.wav", "b.flac", "c.ogg"};
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(write_one(in_folder(names[k]), false, true), OB_OK);
        char bytes[8192];
        FILE *file = fopen(in_folder(names[k]), "rb");
        const size_t got = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        assert_non_null(memmem(bytes, got, "A title", 7));
        assert_non_null(memmem(bytes, got, "A comment", 9));
    }
}

static void the_same_sound_is_the_same_file(void **state)
{
    (void)state;
    static const char *const names[] = {"a.wav", "b.wav", "a.flac", "b.flac"};
    static unsigned char bytes[2][400000];
    for (size_t k = 0; k < 4; k++) {
        assert_int_equal(write_one(in_folder(names[k]), false, true), OB_OK);
        FILE *file = fopen(in_folder(names[k]), "rb");
        const size_t got = fread(bytes[k % 2], 1, sizeof bytes[0], file);
        fclose(file);
        if (k % 2 == 1)
            assert_memory_equal(bytes[0], bytes[1], got);
    }
}

static void what_is_there_stays_unless_asked(void **state)
{
    (void)state;
    const char *path = in_folder("a.wav");
    FILE *file = fopen(path, "w");
    fputs("mine", file);
    fclose(file);
    assert_int_equal(write_one(path, false, true), OB_ERR_EXISTS);
    assert_int_equal(write_one(path, true, false), OB_OK); /* given up: nothing happens to it */
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, 4);
    assert_int_equal(write_one(path, true, true), OB_OK);
    assert_int_equal(stat(path, &about), 0);
    assert_true(about.st_size > 100000);
    assert_int_equal(files_there(), 1);
    assert_int_equal(write_one(in_folder("b.mp3"), false, true), OB_ERR_USAGE);
    assert_int_equal(write_one(in_folder("none/b.wav"), false, true), OB_ERR_NOT_FOUND);
    assert_int_equal(files_there(), 1);
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    /* Played by a limit on the size of files, in a child. */
    char command[600];
    snprintf(command, sizeof command, "ulimit -f 16; exec '/proc/%d/exe' fill %s", (int)getpid(), in_folder("x.wav"));
    const int status = system(command);
    print_message("status of the child: %d\n", status);
    assert_int_equal(status, 0);
    assert_int_equal(files_there(), 0);
}

static void what_is_no_sound_is_refused(void **state)
{
    (void)state;
    struct ob_sound back;
    assert_int_equal(ob_soundfile_read(in_folder("none.wav"), 10, &back), OB_ERR_NOT_FOUND);
    assert_int_equal(ob_soundfile_read(folder, 10, &back), OB_ERR_FORMAT);
    FILE *file = fopen(in_folder("empty.wav"), "w");
    fclose(file);
    assert_int_equal(ob_soundfile_read(in_folder("empty.wav"), 10, &back), OB_ERR_EMPTY);
    file = fopen(in_folder("text.wav"), "w");
    fputs("This is no sound at all, but a line of text that is long enough to be looked at.\n", file);
    fclose(file);
    assert_int_equal(ob_soundfile_read(in_folder("text.wav"), 10, &back), OB_ERR_FORMAT);
    /* Cut short: what is there is read. */
    assert_int_equal(write_one(in_folder("a.wav"), false, true), OB_OK);
    assert_int_equal(truncate(in_folder("a.wav"), 60000), 0);
    assert_int_equal(ob_soundfile_read(in_folder("a.wav"), 10, &back), OB_OK);
    assert_true(back.frames > 8000 && back.frames < 10001);
    ob_sound_free(&back);
}

/* The child of a_full_disk_is_told. */
static int fill(const char *path)
{
    signal(SIGXFSZ, SIG_IGN);
    make_sound();
    const struct ob_soundfile_desc desc = {.path = path, .sample_rate_hz = 48000};
    struct ob_soundfile *file;
    if (ob_soundfile_create(&desc, &file))
        return 1;
    const enum ob_err err = ob_soundfile_write(file, sound, FRAMES);
    return err != OB_OK && ob_soundfile_close(file, true) == err ? 0 : 2;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "fill") == 0)
        return fill(argv[2]);
    if (!mkdtemp(folder))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_written_is_read, begin),
        cmocka_unit_test_setup(the_tags_are_in_it, begin),
        cmocka_unit_test_setup(the_same_sound_is_the_same_file, begin),
        cmocka_unit_test_setup(what_is_there_stays_unless_asked, begin),
        cmocka_unit_test_setup(a_full_disk_is_told, begin),
        cmocka_unit_test_setup(what_is_no_sound_is_refused, begin),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    empty_folder();
    rmdir(folder);
    return failed;
}
