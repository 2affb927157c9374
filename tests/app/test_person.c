/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `outbreath person`: a simulated person as files. */
#include "program.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 40000

static const char *folder;

static void the_same_seed_gives_the_same_files_and_another_seed_others(void **state)
{
    (void)state;
    assert_int_equal(run_program("person --seed 7 --minutes 3 --out %s/a", folder), 0);
    assert_non_null(strstr(printed(), "simulated person, seed 7"));
    assert_int_equal(run_program("person --seed 7 --minutes 3 --out %s/b", folder), 0);
    assert_int_equal(run_program("person --seed 8 --minutes 3 --out %s/c", folder), 0);
    static const char *const names[] = {"signals.edf",     "truth.edf", "ecg.csv",   "ppg.csv",
                                        "respiration.csv", "rr.csv",    "truth.csv", "truth_beats.csv",
                                        "events.oblog",    "person.txt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char a[64], b[64], c[64];
        snprintf(a, sizeof a, "a/%s", names[i]);
        snprintf(b, sizeof b, "b/%s", names[i]);
        snprintf(c, sizeof c, "c/%s", names[i]);
        assert_true(same_bytes(in_folder(a), in_folder(b)));
        assert_false(same_bytes(in_folder(a), in_folder(c)));
        if (strstr(names[i], ".csv"))
            assert_int_equal(strncmp(text_of(in_folder(a)), "# simulated", 11), 0);
    }
}

static void the_intervals_are_those_of_the_true_beats(void **state)
{
    (void)state;
    assert_int_equal(run_program("person --seed 9 --minutes 3 --clean --out %s/d", folder), 0);
    static double rr[MOST], true_rr[MOST];
    const size_t n = csv_column(in_folder("d/rr.csv"), "rr_ms", rr, MOST);
    const size_t m = csv_column(in_folder("d/truth_beats.csv"), "rr_ms", true_rr, MOST);
    assert_true(n > 120 && m >= n && m <= n + 3);
    for (size_t i = 0; i < n; i++) /* jitter and the grid of 1/1024 s */
        assert_true(fabs(rr[i] - true_rr[i + 1]) < 12.0);
}

static void the_person_follows_the_pacer_unless_alone(void **state)
{
    (void)state;
    static double breath[MOST], pacer[MOST];
    const char *const more[2] = {"", "--alone"};
    for (int alone = 0; alone < 2; alone++) {
        assert_int_equal(run_program("person --seed 11 --minutes 4 --clean --person "
                                     "rate=14,compliance=0.95,lapses_per_min=0 %s --out %s/e",
                                     more[alone], folder),
                         0);
        const size_t n = csv_column(in_folder("e/truth.csv"), "breath_brpm", breath, MOST);
        assert_int_equal(csv_column(in_folder("e/truth.csv"), "pacer_brpm", pacer, MOST), n);
        assert_in_range(n, 25 * 238, 25 * 241);
        double mean = 0.0, led = 0.0;
        for (size_t i = n / 2; i < n; i++) {
            mean += breath[i] / (double)(n - n / 2);
            led += pacer[i] / (double)(n - n / 2);
        }
        print_message("breathes %.2f/min, the pacer %.2f/min\n", mean, led);
        assert_true(fabs(mean - (alone ? 14.0 : led)) < (alone ? 1.0 : 0.4));
    }
}

static void its_log_replays_and_its_ecg_is_read(void **state)
{
    (void)state;
    assert_int_equal(run_program("replay %s/a/events.oblog --out %s/replayed", folder, folder), 0);
    static double rr[MOST];
    assert_true(csv_column(in_folder("replayed/session.csv"), "rr_ms", rr, MOST) > 120);
    assert_int_equal(run_program("analyze %s/d/ecg.csv", folder), 0);
    assert_int_equal(run_program("analyze %s/d/rr.csv", folder), 0);
}

static void person_txt_gives_the_same_person_again(void **state)
{
    (void)state;
    char line[2048];
    snprintf(line, sizeof line, "%s", text_of(in_folder("d/person.txt")));
    line[strcspn(line, "\n")] = '\0';
    assert_int_equal(run_program("person --clean --minutes 3 --person %s --out %s/f", line, folder), 0);
    assert_true(same_bytes(in_folder("d/truth.csv"), in_folder("f/truth.csv")));
}

static void mistakes_are_told(void **state)
{
    (void)state;
    assert_int_equal(run_program("person --population all --out %s/g", folder), 2);
    assert_non_null(strstr(said(), "misspecified"));
    assert_int_equal(run_program("person --person rff=5 --out %s/g", folder), 2);
    assert_int_equal(run_program("person --minutes 0 --out %s/g", folder), 2);
    assert_int_equal(run_program("person --out /proc/nowhere"), 1);
    assert_int_equal(run_program("person --help"), 0);
}

int main(void)
{
    folder = scratch_folder();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_files_and_another_seed_others),
        cmocka_unit_test(the_intervals_are_those_of_the_true_beats),
        cmocka_unit_test(the_person_follows_the_pacer_unless_alone),
        cmocka_unit_test(its_log_replays_and_its_ecg_is_read),
        cmocka_unit_test(person_txt_gives_the_same_person_again),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
