/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/mark_list.h"

#include "base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_S 86400

bool ob_mark_time(const char *text, int64_t *at_ns_out)
{
    int64_t seconds = 0, part = 0;
    int parts = 1, digits = 0;
    for (const char *p = text; *p; p++) {
        if (*p == ':' && digits > 0 && parts < 3) {
            seconds = 60 * (seconds + part);
            part = digits = 0;
            parts++;
        } else if (*p >= '0' && *p <= '9' && digits < (parts == 1 ? 5 : 2)) {
            part = 10 * part + (*p - '0');
            digits++;
        } else {
            return false;
        }
    }
    seconds += part;
    if (digits == 0 || (parts > 1 && (digits != 2 || part > 59)) || seconds > LONGEST_S)
        return false;
    *at_ns_out = seconds * OB_NS_PER_S;
    return true;
}

const char *ob_mark_list_labels(void)
{
    static char line[256];
    size_t used = 0;
    for (unsigned i = 0; i < OB_MARK_LABELS && used < sizeof line; i++)
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%s", i ? ", " : "", ob_mark_name(i));
    for (char *p = line; *p; p++)
        if (*p == ' ' && p[-1] != ',')
            *p = '-';
    return line;
}

static void add(struct ob_mark_list *list, const struct ob_mark_at *mark)
{
    size_t at = list->count++;
    for (; at > 0 && list->items[at - 1].at_ns > mark->at_ns; at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = *mark;
}

bool ob_mark_list_parse(const char *text, struct ob_mark_list *list, char *problem, size_t size)
{
    memset(list, 0, sizeof *list);
    for (const char *p = text; *p;) {
        char one[320];
        const size_t length = strcspn(p, ",");
        snprintf(one, sizeof one, "%.*s", (int)(length < sizeof one ? length : sizeof one - 1), p);
        p += length + (p[length] == ',');
        char *label = strchr(one, '=');
        char *words = label ? strchr(label, ':') : NULL;
        if (label)
            *label++ = '\0';
        if (words)
            *words++ = '\0';
        struct ob_mark_at mark = {.at_ns = 0};
        const int which = label ? ob_mark_of(label) : -1;
        if (!label || !ob_mark_time(one, &mark.at_ns)) {
            snprintf(problem, size, "a mark is a time and a label, such as 4:30=sigh, not '%.40s'", one);
            return false;
        }
        if (which < 0) {
            snprintf(problem, size, "there is no mark '%.40s'; there are %.200s", label, ob_mark_list_labels());
            return false;
        }
        if (list->count == OB_MARK_LIST) {
            snprintf(problem, size, "at most %d marks can be given here", OB_MARK_LIST);
            return false;
        }
        mark.label = (uint32_t)which;
        ob_mark_words(words, mark.words, sizeof mark.words);
        add(list, &mark);
    }
    return true;
}
