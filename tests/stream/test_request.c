/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page asks for is understood exactly, or not at all. */
#include "stream/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ob_request r;

static bool reads(const char *text)
{
    memset(&r, 0xa5, sizeof r);
    return ob_request_read(text, strlen(text), &r);
}

static void refused(const char *text)
{
    if (reads(text))
        fail_msg("taken although it is none: %s", text);
    assert_int_equal(r.kind, OB_REQUEST_NONE);
}

static void test_every_request_is_read(void **state)
{
    (void)state;
    assert_true(reads("{\"do\":\"mark\",\"label\":\"sigh\"}"));
    assert_int_equal(r.kind, OB_REQUEST_MARK);
    assert_int_equal(r.code, OB_MARK_SIGH);
    assert_string_equal(r.words, "");
    assert_true(reads("{\"do\":\"pause\",\"on\":true}"));
    assert_int_equal(r.kind, OB_REQUEST_PAUSE);
    assert_true(r.on);
    assert_true(reads("{\"do\":\"breathe\",\"on\":false}"));
    assert_int_equal(r.kind, OB_REQUEST_BREATHE);
    assert_false(r.on);
    assert_true(reads("{\"do\":\"pace\",\"brpm\":5.25}"));
    assert_int_equal(r.kind, OB_REQUEST_PACE);
    assert_float_equal(r.value, 5.25, 0.0);
    assert_true(reads("{\"do\":\"pace\",\"brpm\":60e-1}"));
    assert_float_equal(r.value, 6.0, 0.0);
    assert_true(reads("{\"do\":\"volume\",\"level\":0}"));
    assert_int_equal(r.kind, OB_REQUEST_VOLUME);
    assert_float_equal(r.value, 0.0, 0.0);
    assert_true(reads("{\"do\":\"scene\",\"name\":\"embers\"}"));
    assert_int_equal(r.kind, OB_REQUEST_SCENE);
    assert_string_equal(r.words, "embers");
    assert_true(reads("{\"do\":\"sound\",\"name\":\"shore\"}"));
    assert_int_equal(r.kind, OB_REQUEST_SOUND);
    assert_true(reads("{\"do\":\"silent\",\"how\":\"dark\"}"));
    assert_int_equal(r.kind, OB_REQUEST_SILENT);
    assert_int_equal(r.code, OB_SILENT_DARK);
    assert_true(reads("{\"do\":\"consent\",\"on\":true}"));
    assert_int_equal(r.kind, OB_REQUEST_CONSENT);
    assert_true(reads("{\"do\":\"part\"}"));
    assert_int_equal(r.kind, OB_REQUEST_PART);
    assert_true(reads("{\"do\":\"next\",\"sitting\":7}"));
    assert_int_equal(r.kind, OB_REQUEST_NEXT);
    assert_float_equal(r.value, 7.0, 0.0);
    assert_string_equal(r.words, "");
    assert_true(reads("{\"do\":\"next\",\"sitting\":7,\"name\":\"Anna\"}"));
    assert_string_equal(r.words, "Anna");
    assert_true(reads("{\"do\":\"end\",\"sitting\":7}"));
    assert_int_equal(r.kind, OB_REQUEST_END);
    assert_float_equal(r.value, 7.0, 0.0);
    assert_true(reads("{\"do\":\"report\",\"sitting\":7}"));
    assert_int_equal(r.kind, OB_REQUEST_REPORT);
    assert_string_equal(r.words, "");
    assert_string_equal(r.text, "");
    assert_true(reads("{\"do\":\"report\",\"sitting\":7,\"words\":\"slowly\",\"appointment\":\"Friday\"}"));
    assert_string_equal(r.words, "Friday");
    assert_string_equal(r.text, "slowly");
}

static void test_every_label_of_a_mark_has_its_name(void **state)
{
    (void)state;
    for (unsigned label = 0; label < OB_MARK_LABELS; label++) {
        char text[128];
        snprintf(text, sizeof text, "{\"do\":\"mark\",\"label\":\"%s\"%s}", ob_mark_name(label),
                 label == OB_MARK_TEXT ? ",\"words\":\"w\"" : "");
        assert_true(reads(text));
        assert_int_equal(r.code, label);
    }
}

static void test_order_and_blanks_are_free(void **state)
{
    (void)state;
    assert_true(reads(" {\t\"label\" : \"jaw\" ,\r\n \"do\" : \"mark\" } \n"));
    assert_int_equal(r.code, OB_MARK_JAW);
}

static void test_own_words_in_any_script(void **state)
{
    (void)state;
    assert_true(
        reads("{\"do\":\"mark\",\"label\":\"text\",\"words\":\"left \\\"hip\\\" \\u00fc\\ud83d\\ude0a \xc3\xa9\"}"));
    assert_string_equal(r.words, "left \"hip\" \xc3\xbc\xf0\x9f\x98\x8a \xc3\xa9");
    assert_true(reads("{\"do\":\"mark\",\"label\":\"text\",\"words\":\"a\\nb\\tc\"}"));
    assert_string_equal(r.words, "a b c"); /* a line of its own would break a table */
}

static void test_long_words_are_cut_between_letters(void **state)
{
    (void)state;
    char text[OB_REQUEST_MAX + 1] = "{\"do\":\"mark\",\"label\":\"text\",\"words\":\"";
    for (int i = 0; i < 300; i++)
        strcat(text, "\xc3\xbc");
    strcat(text, "\"}");
    assert_true(reads(text));
    assert_int_equal(strlen(r.words), OB_REQUEST_WORDS - 2); /* 99 letters of two bytes */
    assert_memory_equal(r.words + OB_REQUEST_WORDS - 4, "\xc3\xbc", 2);
}

static void test_what_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      " ",
                                      "null",
                                      "[]",
                                      "{}",
                                      "{",
                                      "\"do\"",
                                      "{\"do\"}",
                                      "{\"do\":}",
                                      "{\"do\":\"\"}",
                                      "{\"do\":\"dance\"}",
                                      "{\"do\":\"pause\"}",
                                      "{\"do\":\"pause\",\"on\":1}",
                                      "{\"do\":\"pause\",\"on\":\"true\"}",
                                      "{\"do\":\"pause\",\"on\":tru}",
                                      "{\"do\":\"pause\",\"on\":true,}",
                                      "{\"do\":\"pause\",\"on\":true}x",
                                      "{\"do\":\"pause\",\"on\":true}{}",
                                      "{\"do\":\"pause\",\"on\":true,\"on\":true}",
                                      "{\"do\":\"pause\",\"do\":\"pause\",\"on\":true}",
                                      "{\"do\":\"pause\",\"on\":true,\"extra\":1}",
                                      "{\"do\":\"pause\",\"on\":true,\"label\":\"jaw\"}",
                                      "{'do':'part'}",
                                      "{\"do\":\"part\",\"on\":true}",
                                      "{\"do\":\"mark\"}",
                                      "{\"do\":\"mark\",\"label\":\"\"}",
                                      "{\"do\":\"mark\",\"label\":\"knee\"}",
                                      "{\"do\":\"mark\",\"label\":\"jaw\",\"words\":\"w\"}",
                                      "{\"do\":\"mark\",\"label\":\"text\"}",
                                      "{\"do\":\"mark\",\"label\":\"text\",\"words\":\"\"}",
                                      "{\"do\":\"mark\",\"label\":3}",
                                      "{\"do\":\"pace\"}",
                                      "{\"do\":\"pace\",\"level\":6}",
                                      "{\"do\":\"pace\",\"brpm\":2.9}",
                                      "{\"do\":\"pace\",\"brpm\":12.1}",
                                      "{\"do\":\"pace\",\"brpm\":-6}",
                                      "{\"do\":\"pace\",\"brpm\":06}",
                                      "{\"do\":\"pace\",\"brpm\":6.}",
                                      "{\"do\":\"pace\",\"brpm\":.6}",
                                      "{\"do\":\"pace\",\"brpm\":NaN}",
                                      "{\"do\":\"pace\",\"brpm\":Infinity}",
                                      "{\"do\":\"pace\",\"brpm\":\"6\"}",
                                      "{\"do\":\"pace\",\"brpm\":1e400}",
                                      "{\"do\":\"pace\",\"brpm\":[6]}",
                                      "{\"do\":\"pace\",\"brpm\":{}}",
                                      "{\"do\":\"pace\",\"brpm\":6,\"level\":6}",
                                      "{\"do\":\"pause\",\"on\":null}",
                                      "{\"do\":\"scene\",\"name\":null,\"name\":\"tide\"}",
                                      "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]",
                                      "{\"do\":\"volume\",\"level\":1.01}",
                                      "{\"do\":\"volume\",\"level\":-0.1}",
                                      "{\"do\":\"volume\",\"brpm\":6}",
                                      "{\"do\":\"end\"}",
                                      "{\"do\":\"end\",\"sitting\":1,\"name\":\"Anna\"}",
                                      "{\"do\":\"report\",\"words\":\"w\"}",
                                      "{\"do\":\"report\",\"sitting\":-1}",
                                      "{\"do\":\"report\",\"sitting\":1,\"name\":\"Anna\"}",
                                      "{\"do\":\"report\",\"sitting\":1,\"appointment\":5}",
                                      "{\"do\":\"part\",\"appointment\":\"Friday\"}",
                                      "{\"do\":\"scene\"}",
                                      "{\"do\":\"scene\",\"name\":\"\"}",
                                      "{\"do\":\"scene\",\"name\":5}",
                                      "{\"do\":\"silent\",\"how\":\"loud\"}",
                                      "{\"do\":\"silent\",\"how\":\"\"}",
                                      "{\"do\":\"next\"}",
                                      "{\"do\":\"next\",\"name\":\"Anna\"}",
                                      "{\"do\":\"part\",\"name\":\"Anna\"}",
                                      "{\"do\":\"next\",\"sitting\":-1}",
                                      "{\"do\":\"mark\",\"label\":\"sigh\xff\"}",
                                      "{\"do\":\"scene\",\"name\":\"\xc0\xaf\"}",
                                      "{\"do\":\"scene\",\"name\":\"\xed\xa0\x80\"}",
                                      "{\"do\":\"scene\",\"name\":\"\xf5\x80\x80\x80\"}",
                                      "{\"do\":\"scene\",\"name\":\"a\nb\"}",
                                      "{\"do\":\"scene\",\"name\":\"\\u0000\"}",
                                      "{\"do\":\"scene\",\"name\":\"\\ud800\"}",
                                      "{\"do\":\"scene\",\"name\":\"\\ud800\\u0041\"}",
                                      "{\"do\":\"scene\",\"name\":\"\\udc00\"}",
                                      "{\"do\":\"scene\",\"name\":\"\\x\"}",
                                      "{\"do\":\"scene\",\"name\":\"\\u12\"}",
                                      "{\"do\":\"scene\",\"name\":\"abc",
                                      "{\"do\":\"scene\",\"name\":\"abc\\",
                                      "{\"do\":\"a verb longer than any\"}",
                                      "{\"a key longer than any\":\"part\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refused(bad[i]);
}

static void test_every_cut_of_a_message_is_refused(void **state)
{
    (void)state;
    const char *whole = "{\"do\":\"mark\",\"label\":\"text\",\"words\":\"\\ud83d\\ude0a \xc3\xa9\"}";
    for (size_t size = 0; size < strlen(whole); size++)
        assert_false(ob_request_read(whole, size, &r));
    assert_true(ob_request_read(whole, strlen(whole), &r));
}

static void test_bytes_of_zero_end_nothing(void **state)
{
    (void)state;
    static const char text[] = "{\"do\":\"part\"}\0";
    assert_true(ob_request_read(text, 13, &r));
    assert_false(ob_request_read(text, 14, &r));
    assert_false(ob_request_read("{\"do\":\"part\0\"}", 14, &r));
    assert_false(ob_request_read("{\"do\":\"scene\",\"name\":\"a\\\0b\"}", 28, &r));
}

static void test_too_long_is_refused(void **state)
{
    (void)state;
    char text[OB_REQUEST_MAX + 2];
    memset(text, ' ', sizeof text);
    memcpy(text, "{\"do\":\"part\"}", 13);
    assert_true(ob_request_read(text, OB_REQUEST_MAX, &r));
    assert_false(ob_request_read(text, OB_REQUEST_MAX + 1, &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_request_is_read),
        cmocka_unit_test(test_every_label_of_a_mark_has_its_name),
        cmocka_unit_test(test_order_and_blanks_are_free),
        cmocka_unit_test(test_own_words_in_any_script),
        cmocka_unit_test(test_long_words_are_cut_between_letters),
        cmocka_unit_test(test_what_is_none_is_refused),
        cmocka_unit_test(test_every_cut_of_a_message_is_refused),
        cmocka_unit_test(test_bytes_of_zero_end_nothing),
        cmocka_unit_test(test_too_long_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
