/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/screens.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool before(const struct ob_screen *list, int a, int b)
{
    if (list[a].x != list[b].x)
        return list[a].x < list[b].x;
    return list[a].y != list[b].y ? list[a].y < list[b].y : a < b;
}

int ob_screens_number(const struct ob_screen *list, int count, int at)
{
    int number = 1;
    for (int i = 0; i < count; i++)
        number += i != at && before(list, i, at);
    return number;
}

static bool same(const char *a, const char *b)
{
    while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a++;
        b++;
    }
    return !*a && !*b;
}

static bool contains(const char *whole, const char *part)
{
    const size_t length = strlen(part);
    for (; *whole; whole++) {
        size_t i = 0;
        while (i < length && tolower((unsigned char)whole[i]) == tolower((unsigned char)part[i]))
            i++;
        if (i == length)
            return true;
    }
    return false;
}

static int leftmost(const struct ob_screen *list, int count, const char *wish,
                    bool (*meets)(const char *name, const char *wish))
{
    int found = OB_SCREEN_NONE;
    for (int i = 0; i < count; i++)
        if (meets(list[i].name, wish) && (found < 0 || before(list, i, found)))
            found = i;
    return found;
}

static bool is_wish(const char *wish)
{
    return wish && wish[0];
}

int ob_screens_find(const struct ob_screen *list, int count, const char *wish)
{
    if (!is_wish(wish))
        return OB_SCREEN_NONE;
    const int whole = leftmost(list, count, wish, same);
    if (whole >= 0)
        return whole;
    char *end;
    const long number = strtol(wish, &end, 10);
    if (isdigit((unsigned char)wish[0]) && !*end) {
        for (int i = 0; i < count; i++)
            if (ob_screens_number(list, count, i) == number)
                return i;
        return OB_SCREEN_NONE;
    }
    return leftmost(list, count, wish, contains);
}

/* The one that it was. Of twins none is taken for the other: while one is gone, it is not known which. */
static int again(const struct ob_screen *list, int count, const struct ob_screen_was *was)
{
    int found = OB_SCREEN_NONE, of = 0;
    for (int i = 0; i < count; i++) {
        if (!same(list[i].name, was->name))
            continue;
        of++;
        int nth = 0;
        for (int k = 0; k < count; k++)
            nth += k != i && same(list[k].name, was->name) && before(list, k, i);
        if (nth == was->nth)
            found = i;
    }
    return was->name[0] && of == was->of ? found : OB_SCREEN_NONE;
}

static void note(struct ob_screen_was *was, const struct ob_screen *list, int count, int at)
{
    if (at < 0)
        return;
    memset(was, 0, sizeof *was);
    snprintf(was->name, sizeof was->name, "%s", list[at].name);
    for (int i = 0; i < count; i++)
        if (same(list[i].name, was->name)) {
            was->of++;
            was->nth += i != at && before(list, i, at);
        }
}

static bool lost_a_twin(const struct ob_screen *list, int count, const struct ob_screen_was *was)
{
    int of = 0;
    for (int i = 0; i < count; i++)
        of += same(list[i].name, was->name);
    return was->of > 1 && of < was->of;
}

/* Where it is wished: the one that met the wish before goes first, since a number means another display once one to its
 * left is gone. */
static int wished(const struct ob_screen *list, int count, const char *wish, const struct ob_screen_was *was)
{
    const int kept = again(list, count, was);
    if (kept >= 0)
        return kept;
    return lost_a_twin(list, count, was) ? OB_SCREEN_NONE : ob_screens_find(list, count, wish);
}

static int first_but(int count, int but)
{
    for (int i = 0; i < count; i++)
        if (i != but)
            return i;
    return OB_SCREEN_NONE;
}

/* Only where it was, or where somebody wished it and the picture did not stand; wherever there is room only once. */
static int page_on(const struct ob_screens_were *were, const struct ob_screen *list, int count, const char *wish,
                   int picture_home)
{
    const int was = again(list, count, &were->page);
    if (was >= 0)
        return was != picture_home ? was : OB_SCREEN_NONE;
    if (same(wish, "auto"))
        return OB_SCREEN_NONE;
    const int found = wished(list, count, wish, &were->page);
    const bool taken =
        found == picture_home || (picture_home < 0 && found >= 0 && found == again(list, count, &were->stands));
    return taken ? OB_SCREEN_NONE : found;
}

struct ob_screens_plan ob_screens_decide(struct ob_screens_were *were, const struct ob_screen *list, int count,
                                         const struct ob_screens_wish *wish)
{
    struct ob_screens_plan plan = {.picture = OB_SCREEN_ANY, .page = OB_SCREEN_NONE};
    const bool names_picture = is_wish(wish->picture);
    const bool has_page = is_wish(wish->page) && !same(wish->page, "none");
    const int home = names_picture ? wished(list, count, wish->picture, &were->wished) : OB_SCREEN_NONE;
    if (has_page)
        plan.page = page_on(were, list, count, wish->page, home);
    int picture = home;
    if (home < 0) {
        const int stands = again(list, count, &were->stands);
        picture = stands >= 0 && stands != plan.page ? stands : first_but(count, plan.page);
    }
    if (has_page && plan.page < 0 && same(wish->page, "auto") && !were->page.name[0])
        plan.page = first_but(count, picture);
    if (names_picture || has_page)
        plan.picture = picture;
    plan.picture_missing = names_picture && home < 0;
    plan.page_missing = has_page && plan.page < 0;
    note(&were->wished, list, count, home);
    note(&were->stands, list, count, plan.picture);
    note(&were->page, list, count, plan.page);
    return plan;
}
