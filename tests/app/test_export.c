/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `outbreath export` and `outbreath import`: what goes out comes back, once, and other programs read it. */
#include "program.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define TESTS OB_SOURCE_DIR "/tests/app"

static const char *folder;

static void done(int status)
{
    if (status != 0)
        print_error("%d: %s\n%s\n", status, said(), printed());
    assert_int_equal(status, 0);
}

static void keep(const char *data, const char *who, int minutes)
{
    done(run_program("headless --person %s --minutes %d --store --data %s --no-frames --no-sound --out %s/s", who,
                     minutes, in_folder(data), folder));
}

/* The last number N of "..., N <word>" in what was printed; -1 without. */
static long number_before(const char *word)
{
    const char *at = strstr(printed(), word);
    if (!at)
        return -1;
    while (at > printed() && (at[-1] < '0' || at[-1] > '9'))
        at--;
    while (at > printed() && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return strtol(at, NULL, 10);
}

static int files_in(const char *name)
{
    DIR *dir = opendir(in_folder(name));
    int count = 0;
    for (const struct dirent *entry; dir && (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    if (dir)
        closedir(dir);
    return count;
}

/* 0: fine; 77: no python3 here. */
static int python(const char *arguments)
{
    char command[4096];
    if (system("python3 -c '' 2>/dev/null") != 0) {
        print_message("skipped: python3 is not installed\n");
        return 77;
    }
    snprintf(command, sizeof command, "python3 -B %s", arguments);
    return WEXITSTATUS(system(command));
}

static void every_form_has_the_same_beats(const char *data, const char *feed, const char *labels)
{
    char arguments[2048];
    static const char *const forms[] = {"json", "edf", "rr", "csv"};
    done(run_program("headless --person seed=5,ectopic_pct=2 --feed %s --minutes 3 --store --data %s --no-frames "
                     "--no-sound --out %s/s",
                     feed, in_folder(data), folder));
    for (int i = 0; i < 4; i++)
        done(run_program("export --session 1 --format %s --out %s/%s.%s --data %s", forms[i], folder, data, forms[i],
                         in_folder(data)));
    struct stat status;
    char name[64];
    snprintf(name, sizeof name, "%s.rr", data);
    assert_true(stat(in_folder(name), &status) == 0 && (status.st_mode & 0777) == 0600);
    snprintf(arguments, sizeof arguments, TESTS "/read_exports.py %s.json %s.edf %s.rr %s.csv %s", in_folder(data),
             in_folder(data), in_folder(data), in_folder(data), labels);
    const int read = python(arguments);
    assert_true(read == 0 || read == 77);
    snprintf(arguments, sizeof arguments,
             TESTS "/validate.py " OB_SOURCE_DIR "/docs/schema/session.schema.json %s.json", in_folder(data));
    /* and our own tools call them what they are */
    for (int i = 1; i < 4; i++) {
        done(run_program("analyze %s/%s.%s", folder, data, forms[i]));
        assert_non_null(strstr(printed(), labels[0] == 'P' ? "  PRV from" : "  HRV from"));
    }
    const int valid = python(arguments);
    assert_true(valid == 0 || valid == 77);
}

static void other_programs_read_the_same_beats(void **state)
{
    (void)state;
    every_form_has_the_same_beats("heart", "ecg", "HRV simulated");
    every_form_has_the_same_beats("pulse", "ppg", "PRV simulated");
    every_form_has_the_same_beats("strap", "rr", "HRV simulated");
}

static void an_archive_loses_nothing_and_doubles_nothing(void **state)
{
    (void)state;
    keep("a", "seed=1", 2);
    keep("a", "seed=2", 2);
    FILE *pass = fopen(in_folder("pass"), "w");
    fputs("slow breath\n", pass);
    fclose(pass);
    done(run_program("export --person 1 --format archive --clear --out %s/p.tar --data %s", folder, in_folder("a")));
    done(run_program("export --person 1 --format archive --seal-file %s/pass --out %s/p.sealed --data %s", folder,
                     folder, in_folder("a")));
    /* into an empty store, from the sealed one; then again, from the other */
    assert_int_equal(run_program("import %s/p.sealed --data %s", folder, in_folder("b")), 3);
    assert_non_null(strstr(said(), "passphrase"));
    done(run_program("import %s/p.sealed --seal-file %s/pass --json --data %s", folder, folder, in_folder("b")));
    assert_non_null(strstr(printed(), "\"sessions\": 2, \"known_already\": 0"));
    assert_non_null(strstr(printed(), "\"new_person\": true"));
    done(run_program("import %s/p.tar --json --data %s", folder, in_folder("b")));
    assert_non_null(strstr(printed(), "\"sessions\": 0, \"known_already\": 2"));
    /* the same sessions, but for the ids of the new store */
    for (int i = 1; i <= 2; i++) {
        char *texts[2];
        static const char *const stores[] = {"a", "b"};
        for (int k = 0; k < 2; k++) {
            done(run_program("export --session %d --format json --force --out %s/x.json --data %s", i, folder,
                             in_folder(stores[k])));
            const char *text = strstr(text_of(in_folder("x.json")), "\"beats\":[");
            assert_non_null(text);
            texts[k] = strdup(text);
        }
        assert_string_equal(texts[0], texts[1]);
        assert_true(strlen(texts[0]) > 20000);
        free(texts[0]);
        free(texts[1]);
    }
    done(run_program("verify --data %s", in_folder("b")));
}

static void a_broken_archive_changes_nothing(void **state)
{
    (void)state;
    keep("c", "seed=3", 2);
    done(run_program("export --person 1 --format archive --clear --out %s/c.tar --data %s", folder, in_folder("c")));
    keep("c", "seed=4", 2); /* the archive's session is here, and one that is not in it */
    char *bytes = NULL;
    FILE *in = fopen(in_folder("c.tar"), "rb");
    fseek(in, 0, SEEK_END);
    const long size = ftell(in);
    rewind(in);
    bytes = malloc((size_t)size);
    assert_int_equal(fread(bytes, 1, (size_t)size, in), size);
    fclose(in);
    for (int k = 0; k < 6; k++) {
        const long cut = k < 4 ? size * (k + 1) / 6 : k == 4 ? size - 1600 : size;
        FILE *out = fopen(in_folder("cut.tar"), "wb");
        fwrite(bytes, 1, (size_t)cut, out);
        if (k == 5) { /* whole, but a beat is another one */
            const char *rr = memmem(bytes, (size_t)size, "\"rr_ms\":", 8);
            assert_non_null(rr);
            fseek(out, rr + 8 - bytes, SEEK_SET);
            fputc(rr[8] == '7' ? '8' : '7', out);
        }
        fclose(out);
        const int status = run_program("import %s/cut.tar --data %s", folder, in_folder("new"));
        if (status != 3)
            print_error("cut %d: %s\n", k, printed());
        assert_int_equal(status, 3);
        assert_true(strlen(said()) > 30);
        assert_int_equal(run_program("sessions --data %s --json", in_folder("new")) == 0
                             ? number_before("\"locked_people\"") >= 0 && !strstr(printed(), "\"id\"")
                             : 1,
                         1);
    }
    free(bytes);
    done(run_program("sessions --json --data %s", in_folder("c")));
    assert_null(strstr(printed(), "\"imported\": true"));
}

static void files_of_others_are_kept_once_with_their_origin(void **state)
{
    (void)state;
    done(run_program("people add Anna --data %s", in_folder("d")));
    FILE *out = fopen(in_folder("morning.txt"), "w");
    for (int i = 0; i < 400; i++)
        fprintf(out, "%d\n", 900 + (i * 37) % 60);
    fclose(out);
    done(run_program("import %s/morning.txt --start 2024-03-01T08:00:00Z --data %s", folder, in_folder("d")));
    done(run_program("import %s/morning.txt --json --data %s", folder, in_folder("d")));
    assert_non_null(strstr(printed(), "\"sessions\": 0, \"known_already\": 1"));
    done(run_program("sessions --json --data %s", in_folder("d")));
    assert_non_null(strstr(printed(), "imported from morning.txt"));
    assert_non_null(strstr(printed(), "\"start\": \"2024-03-01T08:00:00Z\""));
    assert_non_null(strstr(printed(), "\"beats\": 400"));
    /* a page to take home names no file of this machine */
    char page[8192] = "";
    done(run_program("report 1 --out %s/page.csv --data %s", folder, in_folder("d")));
    FILE *csv = fopen(in_folder("page.csv"), "r");
    assert_non_null(csv);
    assert_true(fread(page, 1, sizeof page - 1, csv) > 0);
    fclose(csv);
    assert_null(strstr(page, "morning"));
    assert_non_null(strstr(page, "sensor,,,,a recording"));
    /* out as EDF+, and that back: other times, so another recording; but that one only once */
    done(run_program("export --session 1 --format edf --out %s/d.edf --data %s", folder, in_folder("d")));
    done(run_program("import %s/d.edf --json --data %s", folder, in_folder("d")));
    assert_non_null(strstr(printed(), "\"sessions\": 1"));
    done(run_program("import %s/d.edf --json --data %s", folder, in_folder("d")));
    assert_non_null(strstr(printed(), "\"sessions\": 0, \"known_already\": 1"));
    /* JSON and CSV of what is here are known to the digit */
    done(run_program("export --session 1 --format csv --out %s/d.csv --data %s", folder, in_folder("d")));
    done(run_program("import %s/d.csv --json --data %s", folder, in_folder("d")));
    assert_non_null(strstr(printed(), "\"sessions\": 0, \"known_already\": 1"));
    /* a file that holds the same session twice */
    done(run_program("people add Otto --data %s", in_folder("d")));
    char command[2048];
    snprintf(command, sizeof command,
             "cd '%s' && sed 1d d.csv | sed 's/^1,/3,/' >rest && sed 's/^1,/2,/' d.csv | cat - rest >twice.csv",
             folder);
    assert_int_equal(system(command), 0);
    done(run_program("import %s/twice.csv --person Otto --json --data %s", folder, in_folder("d")));
    assert_non_null(strstr(printed(), "\"sessions\": 1, \"known_already\": 1"));
    done(run_program("delete --person Otto --yes --data %s", in_folder("d")));
    /* what is no recording, and what is none of this person's */
    assert_int_equal(run_program("import %s/pass --data %s", folder, in_folder("d")), 3);
    assert_int_equal(run_program("import %s/none --data %s", folder, in_folder("d")), 3);
    assert_int_equal(run_program("import %s/heart.rr --data %s", folder, in_folder("d")), 2);
    assert_non_null(strstr(said(), "simulated"));
    assert_int_equal(run_program("import %s/heart.edf --data %s", folder, in_folder("d")), 2);
    assert_non_null(strstr(said(), "simulated"));
    assert_int_equal(run_program("import %s/heart.json --data %s", folder, in_folder("d")), 2);
}

static void exports_are_whole_and_replace_nothing_unasked(void **state)
{
    (void)state;
    keep("e", "seed=6", 2);
    static const char *const forms[] = {"json", "edf", "rr", "csv", "archive"};
    assert_int_equal(mkdir(in_folder("out"), 0700), 0);
    for (int i = 0; i < 5; i++) {
        const char *what = i < 4 ? "--session 1" : "--person 1 --clear";
        FILE *out = fopen(in_folder("out/mine"), "w");
        fputs("mine", out);
        fclose(out);
        assert_int_equal(
            run_program("export %s --format %s --out %s/out/mine --data %s", what, forms[i], folder, in_folder("e")),
            2);
        assert_non_null(strstr(said(), "there already"));
        assert_string_equal(text_of(in_folder("out/mine")), "mine");
        done(run_program("export %s --format %s --force --out %s/out/mine --data %s", what, forms[i], folder,
                         in_folder("e")));
        /* a file too large for the disk */
        char command[2048];
        snprintf(
            command, sizeof command,
            "ulimit -f 8; '%s' export %s --format %s --force --out '%s/out/mine' --data '%s' >/dev/null 2>'%s/err'",
            OB_PROGRAM, what, forms[i], folder, in_folder("e"), folder);
        if (i != 2) { /* two minutes of intervals are smaller than that */
            assert_true(WEXITSTATUS(system(command)) != 0);
            assert_true(strlen(text_of(in_folder("err"))) > 20);
        }
        assert_true(strlen(text_of(in_folder("out/mine"))) > 4);
        assert_int_equal(files_in("out"), 1);
    }
    /* questions that make no sense */
    assert_int_equal(run_program("export --format rr --out x --data %s", in_folder("e")), 2);
    assert_int_equal(run_program("export --session 1 --out x --data %s", in_folder("e")), 2);
    assert_int_equal(run_program("export --session 1 --format doc --out x --data %s", in_folder("e")), 2);
    assert_int_equal(run_program("export --session 1 --format archive --clear --out x --data %s", in_folder("e")), 2);
    assert_int_equal(run_program("export --person 1 --format archive --out x --data %s", in_folder("e")), 2);
    assert_int_equal(run_program("export --session 1 --format csv --nn --out x --data %s", in_folder("e")), 2);
    assert_int_equal(run_program("export --session 99 --format csv --out x --data %s", in_folder("e")), 3);
    assert_int_equal(run_program("export --session 1 --format csv --out /nowhere/x --data %s", in_folder("e")), 1);
    assert_int_equal(run_program("import"), 2);
}

static int begin(void **state)
{
    (void)state;
    folder = scratch_folder();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_programs_read_the_same_beats),
        cmocka_unit_test(an_archive_loses_nothing_and_doubles_nothing),
        cmocka_unit_test(a_broken_archive_changes_nothing),
        cmocka_unit_test(files_of_others_are_kept_once_with_their_origin),
        cmocka_unit_test(exports_are_whole_and_replace_nothing_unasked),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
