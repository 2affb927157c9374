/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/moment.h"

#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BEGIN_NS (5 * OB_NS_PER_S)

static struct ob_settling_mark mark(void)
{
    return (struct ob_settling_mark){.at_ns = BEGIN_NS + 760 * OB_NS_PER_S,
                                     .known_ns = BEGIN_NS + 900 * OB_NS_PER_S,
                                     .heart_bpm = -3.31,
                                     .swing_percent = 24.4};
}

static void it_says_what_was_seen(void **state)
{
    (void)state;
    char text[OB_MOMENT_TEXT];
    struct ob_settling_mark m = mark();
    ob_moment_text(&m, BEGIN_NS, NULL, text, sizeof text);
    assert_string_equal(text, "A shift around 12:40: the heart slowed by 3.3 bpm and stayed slower. Its swing with the "
                              "breath grew by 24%.");
    assert_string_equal(ob_moment_label(&m), "settling");

    m.paced = m.breath_known = m.sighs_known = true;
    m.swing_percent = -4.0;
    m.breath_brpm = -2.1;
    m.sighs = 1;
    m.sigh_ns = BEGIN_NS + 749 * OB_NS_PER_S;
    ob_moment_text(&m, BEGIN_NS, NULL, text, sizeof text);
    assert_string_equal(text,
                        "A shift around 12:40, in paced breathing: the heart slowed by 3.3 bpm and stayed slower. "
                        "Breathing slowed by 2.1 breaths/min. There was a sigh at 12:29.");
    assert_string_equal(ob_moment_label(&m), "settling with sigh");

    /* little room cuts it, and no more */
    char small[20];
    memset(small, 'x', sizeof small);
    ob_moment_text(&m, BEGIN_NS, NULL, small, sizeof small - 1);
    assert_string_equal(small, "A shift around 12:");
    assert_int_equal(small[sizeof small - 1], 'x');
}

static const char *german(const char *english)
{
    if (strcmp(english, ".") == 0)
        return ",";
    return strncmp(english, "A shift", 7) == 0 ? "Um %d:%02d um %s bpm." : english;
}

static void it_says_it_in_another_language(void **state)
{
    (void)state;
    char text[OB_MOMENT_TEXT];
    struct ob_settling_mark m = mark();
    m.swing_percent = 0.0;
    ob_moment_text(&m, BEGIN_NS, german, text, sizeof text);
    assert_string_equal(text, "Um 12:40 um 3,3 bpm.");
}

static void it_says_how_much_that_is_worth(void **state)
{
    (void)state;
    char text[OB_MOMENT_TEXT];
    assert_string_equal(ob_moment_chance(NULL),
                        "About 1 in 20 quiet half-hours show this by chance; the cause is unknown.");
    ob_moment_watch_text(720.0, 300.0, 450.0, NULL, text, sizeof text);
    assert_non_null(strstr(text, "In 12 of 24 minutes"));
    assert_non_null(strstr(text, "In 5 minutes it could not be told"));
    ob_moment_watch_text(2.0, 5.0, 533.0, NULL, text, sizeof text);
    assert_string_equal(text,
                        "In none of 9 minutes could a shift be looked for. In 9 minutes there was not yet enough of "
                        "the same kind to compare.");
    ob_moment_watch_text(148.0, 2.0, 449.0, NULL, text, sizeof text); /* together all of them */
    assert_string_equal(text,
                        "In 2 of 10 minutes a shift would have been looked for and noticed. In 8 minutes there was "
                        "not yet enough of the same kind to compare.");
    ob_moment_watch_text(1200.0, 0.0, 0.0, NULL, text, sizeof text);
    assert_null(strstr(text, "could not be told"));
}

static void words_of_the_store_are_read_again(void **state)
{
    (void)state;
    char words[208], again[208];
    struct ob_settling_mark m = mark(), r;
    for (int i = 0; i < 2; i++) {
        ob_moment_encode(&m, BEGIN_NS, words, sizeof words);
        assert_true(ob_moment_decode(words, m.at_ns - BEGIN_NS, &r));
        assert_int_equal(r.at_ns, 760 * OB_NS_PER_S);
        assert_int_equal(r.known_ns, 900 * OB_NS_PER_S);
        assert_true(r.paced == m.paced && r.breath_known == m.breath_known && r.sighs_known == m.sighs_known);
        assert_int_equal(r.sighs, m.sighs);
        ob_moment_encode(&r, 0, again, sizeof again);
        assert_string_equal(again, words);
        m.paced = m.breath_known = m.sighs_known = true;
        m.breath_brpm = -2.1;
        m.sighs = 2;
        m.sigh_ns = BEGIN_NS + 749 * OB_NS_PER_S;
    }
    /* what is not known is not made up; what makes no sense is none */
    assert_true(ob_moment_decode("known_s=780 heart_bpm=-3.3 swing_pct=55 paced=1", 0, &r));
    assert_false(r.breath_known || r.sighs_known);
    static const char *const bad[] = {"",
                                      "known_s=780",
                                      "known_s=780 heart_bpm=x swing_pct=55 paced=1",
                                      "known_s=nan heart_bpm=-3 swing_pct=55 paced=1",
                                      "known_s=1e300 heart_bpm=-3 swing_pct=55 paced=1",
                                      "unknown_s=780 heart_bpm=-3 swing_pct=55 paced=1",
                                      "known_s= heart_bpm=-3 swing_pct=55 paced=1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(ob_moment_decode(bad[i], 0, &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_was_seen),
        cmocka_unit_test(it_says_it_in_another_language),
        cmocka_unit_test(it_says_how_much_that_is_worth),
        cmocka_unit_test(words_of_the_store_are_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
