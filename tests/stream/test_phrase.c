/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the page: every sentence is found, translated, and can't break out of where it stands. */
#include "stream/phrase.h"

#include "stream/page_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *german(const char *english)
{
    if (strcmp(english, "turned over") == 0)
        return "umgedreht";
    return strcmp(english, "bad") == 0 ? "<b>'\"&`${x}\\\n" : english;
}

static void is(const char *from, bool script, const char *wanted)
{
    size_t size;
    char *exact = malloc(strlen(from)); /* no 0 behind it, as in a file */
    memcpy(exact, from, strlen(from));
    char *text = ob_phrase_fill(exact, strlen(from), script, german, &size);
    assert_non_null(text);
    assert_string_equal(text, wanted);
    assert_int_equal(size, strlen(wanted));
    free(text);
    free(exact);
}

static void test_sentences_are_translated(void **state)
{
    (void)state;
    is("<b>{{turned over}}</b>", false, "<b>umgedreht</b>");
    is("a {{turned\n    over}} b {{ turned over }}", false, "a umgedreht b umgedreht");
    is("{{Nobody knows this one}}", true, "Nobody knows this one");
    is("{{}}", true, "");
    is("", true, "");
}

static void test_they_can_not_break_out(void **state)
{
    (void)state;
    is("<p>{{bad}}</p>", false, "<p>&lt;b&gt;'&quot;&amp;`${x}\\\n</p>");
    is("'{{bad}}'", true, "'\\x3cb>\\'\\\"&\\`\\${x}\\\\\\n'");
}

static void test_what_is_no_sentence_stays(void **state)
{
    (void)state;
    is("if (a) { b({c}) }", true, "if (a) { b({c}) }");
    is("{{never closed", true, "{{never closed");
    is("{", true, "{");
    char *large = malloc(3 * OB_PHRASE_MAX);
    memset(large, 'x', 3 * OB_PHRASE_MAX);
    memcpy(large, "{{", 2);
    memcpy(large + 2 * OB_PHRASE_MAX, "}}{{turned over}}", 18);
    size_t size;
    char *text = ob_phrase_fill(large, strlen(large), false, german, &size);
    assert_int_equal(size, 2 * OB_PHRASE_MAX + 2 + strlen("umgedreht"));
    assert_memory_equal(text, large, 2 * OB_PHRASE_MAX + 2);
    assert_string_equal(text + 2 * OB_PHRASE_MAX + 2, "umgedreht");
    free(text);
    free(large);
}

/* Nothing that people read is left in a file of the page as it is written there. */
static void test_nothing_of_the_page_is_left_out(void **state)
{
    (void)state;
    int speaking = 0;
    for (const struct ob_page_file *file = ob_page_files; file->name; file++) {
        bool script;
        size_t size;
        if (!ob_page_speaks(file->name, &script))
            continue;
        speaking++;
        char *text = ob_phrase_fill(file->bytes, file->size, script, NULL, &size);
        assert_non_null(text);
        if (strstr(text, "{{") || strstr(text, "}}") || strstr(text, "<!-- head -->"))
            fail_msg("%s has words that were not filled in", file->name);
        free(text);
    }
    assert_int_equal(speaking, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences_are_translated),
        cmocka_unit_test(test_they_can_not_break_out),
        cmocka_unit_test(test_what_is_no_sentence_stays),
        cmocka_unit_test(test_nothing_of_the_page_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
