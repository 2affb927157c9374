/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/say.h"

#include "app/commands/progress.h"

#include <stdio.h>
#include <string.h>

int ob_say(int code, const char *sentence)
{
    ob_progress_clear();
    const size_t length = strlen(sentence);
    const char *stop = length > 0 && strchr(".!?", sentence[length - 1]) ? "" : ".";
    fprintf(stderr, "outbreath: %s%s\n", sentence, stop);
    return code;
}
