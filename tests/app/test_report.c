/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `outbreath report`, and what is added to a session for it: from a headless session that is kept to the page. */
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *folder;
static char data[512];

static void done(int status)
{
    if (status != 0)
        print_error("%d: %s\n%s\n", status, said(), printed());
    assert_int_equal(status, 0);
}

static void has(const char *text, const char *what)
{
    if (!strstr(text, what))
        fail_msg("'%s' is not in: %.1500s", what, text);
}

static void lacks(const char *text, const char *what)
{
    if (strstr(text, what))
        fail_msg("'%s' is in: %.1500s", what, text);
}

/* 1: a measured session; 2: a treatment in which somebody turned over; 3: without a beat. */
static int keep_three(void **state)
{
    (void)state;
    folder = scratch_folder();
    snprintf(data, sizeof data, "%s", in_folder("kept"));
    done(run_program("headless --store --data %s --person seed=7 --measured --minutes 5 --start-time 2026-11-21T18:00 "
                     "--marks '3:00=breath-changed,5:10=text:der Kiefer & so'",
                     data));
    done(run_program("headless --store --data %s --person seed=8,rate=12 --protocol treatment-short --marks "
                     "25:00=turned-over",
                     data));
    done(run_program("headless --store --data %s --person seed=9,dropout_at_min=0,dropout_s=3600 --measured --minutes "
                     "1",
                     data));
    return 0;
}

static void the_newest_or_the_one_that_is_named(void **state)
{
    (void)state;
    done(run_program("report --data %s --out %s", data, in_folder("newest.csv")));
    has(printed(), "Session 3 is in");
    has(printed(), "It is not sealed");
    has(text_of(in_folder("newest.csv")), "\nsession,,3,,simulated\n");
    done(run_program("report 1 --data %s --out %s --words 'Ruhig, sehr ruhig.' --appointment 'Thursday' --suggestion "
                     "water",
                     data, in_folder("one.csv")));
    const char *csv = text_of(in_folder("one.csv"));
    has(csv, "\ncompare,,1,,compared\n");
    has(csv, "\nfrom,before,0,s,\nto,before,120,s,\n");
    has(csv, "\nmark,breath changed,180,s,\n");
    has(csv, "\nmark,text,310,s,der Kiefer & so\n");
    has(csv, ",general range\n");
    has(csv, "\nwords,,,,\"Ruhig, sehr ruhig.\"\n");
    has(csv, "\nsuggestion,,,,water\n");
    has(csv, "not a medical record");
}

static void files_are_for_one_pair_of_eyes(void **state)
{
    (void)state;
    struct stat status;
    static const char *const names[] = {"p.pdf", "p.html", "p.csv"};
    for (int i = 0; i < 3; i++) {
        done(run_program("report 1 --data %s --out %s", data, in_folder(names[i])));
        assert_int_equal(stat(in_folder(names[i]), &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
        assert_int_equal(run_program("report 1 --data %s --out %s", data, in_folder(names[i])), 2); /* it is there */
        done(run_program("report 1 --data %s --out %s --force", data, in_folder(names[i])));
    }
    const char *html = text_of(in_folder("p.html"));
    has(html, "der Kiefer &amp; so");
    lacks(html, "<script");
    lacks(html, "https:");
    has(html, "Simulated person: nobody was measured");
    done(run_program("report 1 --data %s --out %s --no-name", data, in_folder("n.csv")));
    has(text_of(in_folder("n.csv")), "\nname,,,,\n");
}

static void a_treatment_has_its_windows_too(void **state)
{
    (void)state;
    done(run_program("report 2 --data %s --out %s", data, in_folder("t.csv")));
    const char *csv = text_of(in_folder("t.csv"));
    has(csv, "\nduration,,");
    has(csv, "treatment-short\n");
    has(csv, "\ncompare,,0,,turned over\n");
    has(csv, "\nto,before,120,s,\n");
    has(csv, "\nfrom,after,2820,s,\n");
    has(csv, "\nexhale_watched,,");
    lacks(csv, "\nhr,change,");
    /* What was measured in every second of it is there. */
    has(csv, "\nhr,before,");
    has(csv, "\nbreath,before,1"); /* 12 breaths/min or so */
}

static void without_a_beat_it_says_so(void **state)
{
    (void)state;
    done(run_program("report 3 --data %s --out %s --words-file %s --force", data, in_folder("e.html"), "/dev/null"));
    const char *html = text_of(in_folder("e.html"));
    has(html, "No heart beat was recorded, so nothing is compared.");
    lacks(html, "nan");
    lacks(html, "In the therapist");
    done(run_program("report 3 --data %s --out %s --force --paper letter", data, in_folder("e.pdf")));
}

static void what_is_added_later_is_in_it(void **state)
{
    (void)state;
    char words[64];
    snprintf(words, sizeof words, "%s", in_folder("words.txt"));
    FILE *file = fopen(words, "w");
    assert_non_null(file);
    fputs("links löst sich", file);
    fclose(file);
    done(run_program("sessions set 1 --posture supine --before 6 --after 3 --data %s", data));
    done(run_program("sessions mark 1 --at 4:05 --label text --words-file %s --data %s", words, data));
    done(run_program("sessions mark 1 --at 4:06 --label shoulders --data %s", data));
    done(run_program("report 1 --data %s --out %s --force", data, in_folder("l.csv")));
    const char *csv = text_of(in_folder("l.csv"));
    has(csv, "\nposture,,,,supine\n");
    has(csv, "\ntension,before,6,of 10,\ntension,after,3,of 10,\n");
    has(csv, "\nmark,text,245,s,links löst sich\nmark,shoulders,246,s,\nmark,text,310,");
    assert_int_equal(run_program("sessions mark 1 --at 20:00 --label jaw --data %s", data), 2);
    assert_int_equal(run_program("sessions mark 1 --at 2:00 --label knee --data %s", data), 2);
    assert_int_equal(run_program("sessions mark 1 --at 2:00 --label text --data %s", data), 2);
    assert_int_equal(run_program("sessions mark --at 2:00 --label jaw --data %s", data), 2);
    assert_int_equal(run_program("sessions mark 99 --at 2:00 --label jaw --data %s", data), 3);
    assert_int_equal(run_program("sessions set 1 --data %s", data), 2);
    done(run_program("verify --data %s", data));
}

static void mistakes_are_named(void **state)
{
    (void)state;
    assert_int_equal(run_program("report 1 --data %s", data), 2);
    has(said(), "--out");
    assert_int_equal(run_program("report 1 --data %s --out x.docx", data), 2);
    has(said(), ".pdf, .html or .csv");
    assert_int_equal(run_program("report 1 --data %s --out x.pdf --paper a5", data), 2);
    assert_int_equal(run_program("report 1 --data %s --out x.pdf --suggestion beer", data), 2);
    assert_int_equal(run_program("report 1 --data %s --out x.pdf --words a --words-file b", data), 2);
    assert_int_equal(run_program("report 1 --data %s --out x.pdf --words-file %s", data, in_folder("none")), 2);
    assert_true(run_program("report 77 --data %s --out x.pdf", data) != 0);
    has(said(), "77");
    assert_int_equal(run_program("report 1 --data %s --out %s/no/such/x.pdf", data, folder), 1);
    assert_true(run_program("report --data %s --out x.pdf", in_folder("nothing-here")) != 0);
    assert_int_not_equal(access("x.pdf", F_OK), 0);
}

/* By a program that knows nothing of ours, where there is one. */
static void the_pdf_has_its_words_as_text(void **state)
{
    (void)state;
    char command[700];
    done(run_program("report 1 --data %s --out %s --force", data, in_folder("q.pdf")));
    snprintf(command, sizeof command, "pdftotext -layout %s %s 2>/dev/null", in_folder("q.pdf"), in_folder("q.txt"));
    if (system("command -v pdftotext >/dev/null 2>&1") != 0) {
        print_message("skipped: pdftotext is not installed\n");
        skip();
    }
    assert_int_equal(system(command), 0);
    const char *text = text_of(in_folder("q.txt"));
    has(text, "What was seen");
    has(text, "Before and after");
    has(text, "breath changed");
    has(text, "not a medical record");
    has(text, "21 November 2026, 18:00");
    const char *feed = strchr(text, '\f');
    assert_true(feed && feed[1] == '\0'); /* one page */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newest_or_the_one_that_is_named), cmocka_unit_test(files_are_for_one_pair_of_eyes),
        cmocka_unit_test(a_treatment_has_its_windows_too),     cmocka_unit_test(without_a_beat_it_says_so),
        cmocka_unit_test(what_is_added_later_is_in_it),        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(the_pdf_has_its_words_as_text),
    };
    return cmocka_run_group_tests(tests, keep_three, NULL);
}
