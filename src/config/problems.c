/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void ob_problems_init(struct ob_problems *problems)
{
    memset(problems, 0, sizeof *problems);
}

/* Files come from anywhere, and a terminal obeys control characters. */
static void show_plainly(char *text)
{
    for (unsigned char *p = (unsigned char *)text; *p; p++)
        if (*p < 0x20 || *p == 0x7f)
            *p = '?';
}

static void put(struct ob_problems *problems, bool note, int line, const char *key, const char *format, va_list args)
{
    if (!problems)
        return;
    if (!note)
        problems->errors++;
    if (problems->kept >= OB_PROBLEMS_MAX)
        return;
    struct ob_problem *problem = &problems->list[problems->kept++];
    *problem = (struct ob_problem){.line = line, .note = note};
    snprintf(problem->key, sizeof problem->key, "%s", key ? key : "");
    vsnprintf(problem->text, sizeof problem->text, format, args);
    show_plainly(problem->key);
    show_plainly(problem->text);
}

void ob_problems_add(struct ob_problems *problems, int line, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(problems, false, line, key, format, args);
    va_end(args);
}

void ob_problems_note(struct ob_problems *problems, int line, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put(problems, true, line, key, format, args);
    va_end(args);
}

void ob_problems_sort(struct ob_problems *problems)
{
    for (size_t i = 1; problems && i < problems->kept; i++) {
        const struct ob_problem moved = problems->list[i];
        size_t at = i;
        for (; at > 0 && problems->list[at - 1].line > moved.line; at--)
            problems->list[at] = problems->list[at - 1];
        problems->list[at] = moved;
    }
}

int ob_problem_line(const struct ob_problem *problem, const char *file, char *line_out, size_t size)
{
    char where[16] = "";
    if (problem->line > 0)
        snprintf(where, sizeof where, ":%d", problem->line);
    return snprintf(line_out, size, "%s%s: %s%s%s", file, where, problem->key, problem->key[0] ? ": " : "",
                    problem->text);
}
