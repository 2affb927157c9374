/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a file that somebody wrote: every mistake with its line, its key and a sentence, so that all can
 * be mended at once. Caller's memory, pure, one thread at a time. */
#ifndef OB_CONFIG_PROBLEMS_H
#define OB_CONFIG_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

#define OB_PROBLEMS_MAX 32 /* more than that nobody reads; they are still counted */

struct ob_problem {
    int line;       /* from 1; 0: the whole file */
    bool note;      /* worth saying, and nothing is wrong */
    char key[96];   /* dotted, "" where it is about no key */
    char text[256]; /* a clause for people without the line and the key */
};

struct ob_problems {
    struct ob_problem list[OB_PROBLEMS_MAX];
    size_t kept;   /* in the list */
    size_t errors; /* all of them but notes */
};

void ob_problems_init(struct ob_problems *problems);

/* Adds one, in the order of printf. key may be NULL. problems may be NULL: then nobody wants to know. */
void ob_problems_add(struct ob_problems *problems, int line, const char *key, const char *format, ...);
void ob_problems_note(struct ob_problems *problems, int line, const char *key, const char *format, ...);

/* By line, as somebody reads who mends them from the top. */
void ob_problems_sort(struct ob_problems *problems);

/* One line for people: "FILE:LINE: KEY: TEXT". Returns what snprintf returns. */
int ob_problem_line(const struct ob_problem *problem, const char *file, char *line_out, size_t size);

#endif
