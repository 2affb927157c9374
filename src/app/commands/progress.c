/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WIDTH 40

static int last = -1;

void ob_progress_show(const char *what, double done_01)
{
    const int filled = (int)(done_01 * WIDTH + 0.5);
    if (filled == last || !isatty(STDERR_FILENO))
        return;
    last = filled;
    char bar[WIDTH + 1];
    memset(bar, '-', WIDTH);
    memset(bar, '=', (size_t)(filled < 0 ? 0 : filled > WIDTH ? WIDTH : filled));
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r%s [%s] %3.0f%%", what, bar, 100.0 * done_01);
    fflush(stderr);
}

void ob_progress_clear(void)
{
    if (last >= 0)
        fprintf(stderr, "\r\033[K");
    last = -1;
}
