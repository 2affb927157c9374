/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Displays come and go; picture and page find their places, and the page never the client's. */
#include "render/screens.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define DESK                                                                                                           \
    {                                                                                                                  \
        "Desk 24\"", 0, 0, 1920, 1080                                                                                  \
    }
#define BEAMER                                                                                                         \
    {                                                                                                                  \
        "Epson EB-X05", 1920, 0, 1024, 768                                                                             \
    }
#define TV                                                                                                             \
    {                                                                                                                  \
        "LG TV", 2944, 0, 3840, 2160                                                                                   \
    }

static const struct ob_screen both[] = {DESK, BEAMER}, desk_alone[] = {DESK}, beamer_alone[] = {BEAMER},
                              three[] = {TV, DESK, BEAMER}, desk_and_tv[] = {DESK, TV};

static void a_wish_is_a_name_a_number_or_a_part(void **state)
{
    (void)state;
    const struct ob_screen list[] = {{"Right", 1920, 0, 10, 10}, {"Left 3", 0, 0, 10, 10}, {"3", 1920, 500, 10, 10}};
    assert_int_equal(ob_screens_find(list, 3, "right"), 0);
    assert_int_equal(ob_screens_find(list, 3, "LEFT 3"), 1);
    assert_int_equal(ob_screens_find(list, 3, "1"), 1);
    assert_int_equal(ob_screens_find(list, 3, "2"), 0);
    assert_int_equal(ob_screens_find(list, 2, "3"), OB_SCREEN_NONE); /* a number is no part of a name */
    assert_int_equal(ob_screens_find(list, 3, "3"), 2);              /* but may be a whole one */
    assert_int_equal(ob_screens_find(list, 3, "gh"), 0);
    assert_int_equal(ob_screens_find(list, 3, "f"), 1);
    assert_int_equal(ob_screens_find(list, 3, "eft 3 "), OB_SCREEN_NONE);
    assert_int_equal(ob_screens_find(list, 3, "4"), OB_SCREEN_NONE);
    assert_int_equal(ob_screens_find(list, 3, "0"), OB_SCREEN_NONE);
    assert_int_equal(ob_screens_find(list, 3, "99999999999999999999"), OB_SCREEN_NONE);
    assert_int_equal(ob_screens_find(list, 3, ""), OB_SCREEN_NONE);
    assert_int_equal(ob_screens_find(list, 3, NULL), OB_SCREEN_NONE);
    assert_int_equal(ob_screens_find(list, 0, "1"), OB_SCREEN_NONE);
    assert_int_equal(ob_screens_number(list, 3, 2), 3);
}

/* One step: these displays, and what is to come of it. */
static struct ob_screens_plan now(struct ob_screens_were *were, const struct ob_screen *list, int count,
                                  const char *picture, const char *page)
{
    return ob_screens_decide(were, list, count, &(struct ob_screens_wish){picture, page});
}

#define EXPECT(plan, picture_at, page_at, picture_gone, page_gone)                                                     \
    do {                                                                                                               \
        const struct ob_screens_plan p = (plan);                                                                       \
        assert_int_equal(p.picture, picture_at);                                                                       \
        assert_int_equal(p.page, page_at);                                                                             \
        assert_int_equal(p.picture_missing, picture_gone);                                                             \
        assert_int_equal(p.page_missing, page_gone);                                                                   \
    } while (0)

static void without_a_wish_nothing_is_moved(void **state)
{
    (void)state;
    struct ob_screens_were were = {0};
    EXPECT(now(&were, both, 2, "", ""), OB_SCREEN_ANY, OB_SCREEN_NONE, false, false);
    EXPECT(now(&were, both, 2, NULL, "none"), OB_SCREEN_ANY, OB_SCREEN_NONE, false, false);
    EXPECT(now(&were, desk_alone, 1, "", ""), OB_SCREEN_ANY, OB_SCREEN_NONE, false, false);
    EXPECT(now(&were, NULL, 0, "", "none"), OB_SCREEN_ANY, OB_SCREEN_NONE, false, false);
}

static void the_picture_goes_where_it_is_wished_and_comes_back(void **state)
{
    (void)state;
    struct ob_screens_were were = {0};
    EXPECT(now(&were, both, 2, "epson", ""), 1, OB_SCREEN_NONE, false, false);
    EXPECT(now(&were, desk_alone, 1, "epson", ""), 0, OB_SCREEN_NONE, true, false);
    EXPECT(now(&were, NULL, 0, "epson", ""), OB_SCREEN_NONE, OB_SCREEN_NONE, true, false);
    EXPECT(now(&were, desk_and_tv, 2, "epson", ""), 0, OB_SCREEN_NONE, true, false);
    const struct ob_screen tv_first[] = {TV, DESK};
    EXPECT(now(&were, tv_first, 2, "epson", ""), 1, OB_SCREEN_NONE, true, false); /* it does not hop about */
    EXPECT(now(&were, three, 3, "epson", ""), 2, OB_SCREEN_NONE, false, false);
}

/* The one that had been number 2 keeps the picture when number 1 goes; another that becomes number 2 gets it when the
 * first is gone for good. */
static void a_number_is_the_display_that_it_first_meant(void **state)
{
    (void)state;
    struct ob_screens_were were = {0};
    EXPECT(now(&were, both, 2, "2", ""), 1, OB_SCREEN_NONE, false, false);
    EXPECT(now(&were, beamer_alone, 1, "2", ""), 0, OB_SCREEN_NONE, false, false);
    EXPECT(now(&were, three, 3, "2", ""), 2, OB_SCREEN_NONE, false, false);
    EXPECT(now(&were, desk_alone, 1, "2", ""), 0, OB_SCREEN_NONE, true, false);
    EXPECT(now(&were, desk_and_tv, 2, "2", ""), 1, OB_SCREEN_NONE, false, false);
}

static void the_projector_goes_and_the_picture_waits(void **state)
{
    (void)state;
    static const char *const pages[] = {"desk", "1", "auto"};
    for (size_t i = 0; i < 3; i++) {
        struct ob_screens_were were = {0};
        EXPECT(now(&were, both, 2, "epson", pages[i]), 1, 0, false, false);
        EXPECT(now(&were, desk_alone, 1, "epson", pages[i]), OB_SCREEN_NONE, 0, true, false);
        EXPECT(now(&were, desk_and_tv, 2, "epson", pages[i]), 1, 0, true, false);
        EXPECT(now(&were, both, 2, "epson", pages[i]), 1, 0, false, false);
        /* where nobody named one */
        memset(&were, 0, sizeof were);
        EXPECT(now(&were, both, 2, "", pages[i]), i == 2 ? 0 : 1, i == 2 ? 1 : 0, false, false);
    }
}

/* The therapist's display goes: the page goes with it, and does not turn up on the client's, in whatever order displays
 * come back. */
static void the_page_never_goes_to_the_clients_display(void **state)
{
    (void)state;
    static const char *const pictures[] = {"epson", "2", ""}, *const pages[] = {"desk", "1", "auto"};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            if (!pictures[i][0] && k == 2)
                continue; /* then the picture stands on the first: below */
            struct ob_screens_were were = {0};
            EXPECT(now(&were, both, 2, pictures[i], pages[k]), 1, 0, false, false);
            EXPECT(now(&were, beamer_alone, 1, pictures[i], pages[k]), 0, OB_SCREEN_NONE, false, true);
            EXPECT(now(&were, NULL, 0, pictures[i], pages[k]), OB_SCREEN_NONE, OB_SCREEN_NONE, i < 2, true);
            EXPECT(now(&were, beamer_alone, 1, pictures[i], pages[k]), 0, OB_SCREEN_NONE, false, true);
            EXPECT(now(&were, both, 2, pictures[i], pages[k]), 1, 0, false, false);
            EXPECT(now(&were, desk_alone, 1, pictures[i], pages[k]), OB_SCREEN_NONE, 0, i < 2, false);
            EXPECT(now(&were, beamer_alone, 1, pictures[i], pages[k]), 0, OB_SCREEN_NONE, false, true);
        }
    struct ob_screens_were were = {0};
    EXPECT(now(&were, both, 2, "", "auto"), 0, 1, false, false);
    EXPECT(now(&were, desk_alone, 1, "", "auto"), 0, OB_SCREEN_NONE, false, true);
    EXPECT(now(&were, desk_and_tv, 2, "", "auto"), 0, OB_SCREEN_NONE, false, true); /* it does not wander */
    EXPECT(now(&were, both, 2, "", "auto"), 0, 1, false, false);
}

static void a_page_waits_for_a_display_of_its_own(void **state)
{
    (void)state;
    struct ob_screens_were were = {0};
    EXPECT(now(&were, desk_alone, 1, "", "auto"), 0, OB_SCREEN_NONE, false, true);
    EXPECT(now(&were, both, 2, "", "auto"), 0, 1, false, false);
    memset(&were, 0, sizeof were);
    EXPECT(now(&were, desk_alone, 1, "epson", "auto"), 0, OB_SCREEN_NONE, true, true);
    EXPECT(now(&were, both, 2, "epson", "auto"), 1, 0, false, false); /* the projector was switched on later */
    memset(&were, 0, sizeof were);
    EXPECT(now(&were, both, 2, "epson", "epson"), 1, OB_SCREEN_NONE, false, true);
    EXPECT(now(&were, desk_alone, 1, "epson", "epson"), 0, OB_SCREEN_NONE, true, true);
}

/* Two of one kind have one name. While one of them is gone nobody can say which. */
static void twins_are_not_taken_for_each_other(void **state)
{
    (void)state;
    const struct ob_screen twins[] = {{"DELL", 0, 0, 9, 9}, {"DELL", 9, 0, 9, 9}}, one[] = {{"DELL", 0, 0, 9, 9}};
    static const char *const pages[] = {"dell", "1"};
    for (size_t i = 0; i < 2; i++) {
        struct ob_screens_were were = {0};
        EXPECT(now(&were, twins, 2, "2", pages[i]), 1, 0, false, false);
        EXPECT(now(&were, one, 1, "2", pages[i]), 0, OB_SCREEN_NONE, true, true);
        EXPECT(now(&were, twins, 2, "2", pages[i]), 1, 0, false, false);
        memset(&were, 0, sizeof were);
        EXPECT(now(&were, twins, 2, "", pages[i]), 1, 0, false, false);
        EXPECT(now(&were, one, 1, "", pages[i]), 0, OB_SCREEN_NONE, false, true);
    }
}

/* Any displays come and go in any order: picture and page are on displays that there are, never on one, and the page is
 * where it is wished or nowhere. */
static void whatever_comes_and_goes(void **state)
{
    (void)state;
    static const char *const pictures[] = {"", "a", "b", "2", "nowhere"}, *const pages[] = {"auto", "b", "1", "none"};
    static const char *const names[] = {"a", "b", "c", "b"};
    uint32_t seed = 7;
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 4; k++) {
            struct ob_screens_were were = {0};
            char stood[OB_SCREEN_NAME] = "";
            for (int turn = 0; turn < 2000; turn++) {
                struct ob_screen list[4];
                int count = 0;
                seed = seed * 1664525u + 1013904223u;
                for (int d = 0; d < 4; d++)
                    if (seed >> (12 + d) & 1) {
                        list[count] = (struct ob_screen){.x = d * 10, .width = 10, .height = 10};
                        snprintf(list[count++].name, OB_SCREEN_NAME, "%s", names[d]);
                    }
                const struct ob_screens_plan plan = now(&were, list, count, pictures[i], pages[k]);
                assert_in_range(plan.picture + 2, 0, count + 1);
                assert_in_range(plan.page + 2, 0, count + 1);
                if (plan.page < 0)
                    continue;
                assert_int_not_equal(k, 3);
                assert_int_not_equal(plan.page, plan.picture);
                if (k == 1)
                    assert_string_equal(list[plan.page].name, "b");
                if (plan.picture >= 0)
                    snprintf(stood, sizeof stood, "%s", list[plan.picture].name);
            }
            assert_true(k == 3 || stood[0]); /* it was looked at */
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wish_is_a_name_a_number_or_a_part),
        cmocka_unit_test(without_a_wish_nothing_is_moved),
        cmocka_unit_test(the_picture_goes_where_it_is_wished_and_comes_back),
        cmocka_unit_test(a_number_is_the_display_that_it_first_meant),
        cmocka_unit_test(the_projector_goes_and_the_picture_waits),
        cmocka_unit_test(the_page_never_goes_to_the_clients_display),
        cmocka_unit_test(a_page_waits_for_a_display_of_its_own),
        cmocka_unit_test(twins_are_not_taken_for_each_other),
        cmocka_unit_test(whatever_comes_and_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
