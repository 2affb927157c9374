/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static void kinds_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        enum ob_file_kind kind;
    } files[] = {
        {"a.txt", "", OB_FILE_EMPTY},
        {"a.txt", "812\n845\n790\n", OB_FILE_RR},
        {"a.txt", "0.812\n0.845\n0.790", OB_FILE_RR},
        {"a.txt", "0,812\n0,845\n0,790", OB_FILE_RR},
        {"a.csv", "date,rr,since start\n2025-03-11 09:57:38 +0000, 655, 1326\n", OB_FILE_RR},
        {"a.csv", "event,value,timestamp\nInterBeatInterval,800,2024\n", OB_FILE_RR},
        {"a.txt", "0.81\t0.81\n1.65\t0.84\n2.44\t0.79\n3.3\t0.86\n4.1\t0.8\n", OB_FILE_RR},
        {"a.csv", "time,ECG\n0.0,1\n0.1,2\n", OB_FILE_CSV},
        {"a.csv", "0.000,1.5\n0.004,1.6\n0.008,1.5\n", OB_FILE_CSV},
        {"my_ecg.txt", "512\n514\n900\n", OB_FILE_CSV},
        {"a.txt", "-0.1\n-0.2\n0.1\n0.0\n-0.1\n-0.05\n-0.04\n-0.03\n0.1\n0.2\n0.1\n0\n0\n0\n0\n0\n0\n0\n0\n0\n0\n",
         OB_FILE_CSV},
        {"100.hea", "100 2 360 650000\n", OB_FILE_WFDB},
        {"100", "100 2 360 650000\n100.dat 212 200 11 1024 995 -22131 0 MLII\n", OB_FILE_WFDB},
        {"x/100.dat", "\1\2\3", OB_FILE_WFDB_SIGNAL},
        {"100.atr", "\1\2\3\4\5\6", OB_FILE_WFDB_BEATS},
        {"a.beats.csv", "sample,symbol\n76,N\n181,N\n", OB_FILE_UNKNOWN},
        {"a.edf", "0       X X X X", OB_FILE_EDF},
        {"a.oblog", "OBLOG\r\n\x1a", OB_FILE_OBLOG},
        {"a.txt", "once upon a time\nthere was\n", OB_FILE_UNKNOWN},
        {"a.png", "\x89PNG\r\n\x1a\n\1\2\3\4", OB_FILE_BINARY},
        {NULL, "800\n810\n", OB_FILE_RR},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const enum ob_file_kind kind =
            ob_detect(files[i].name, (const unsigned char *)files[i].bytes, strlen(files[i].bytes));
        if (kind != files[i].kind)
            print_error("%s \"%.30s\" is taken for %s\n", files[i].name ? files[i].name : "-", files[i].bytes,
                        ob_file_kind_name(kind));
        assert_int_equal(kind, files[i].kind);
    }
    assert_int_equal(ob_detect("a.txt", (const unsigned char *)"81\0", 3), OB_FILE_BINARY);
}

static void every_kind_has_a_name(void **state)
{
    (void)state;
    for (int i = OB_FILE_RR; i < OB_FILE_BINARY; i++) {
        enum ob_file_kind kind = OB_FILE_UNKNOWN;
        assert_true(ob_file_kind_from_name(ob_file_kind_name((enum ob_file_kind)i), &kind));
        assert_int_equal(kind, i);
    }
    enum ob_file_kind kind;
    assert_false(ob_file_kind_from_name("novel", &kind));
    assert_string_equal(ob_file_kind_name((enum ob_file_kind)77), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_recognised),
        cmocka_unit_test(every_kind_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
