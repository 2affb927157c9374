/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/text_file.h"

#include "app/options.h"
#include "app/say.h"
#include "os/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool too_long(const char *option, size_t size)
{
    char sentence[160];
    snprintf(sentence, sizeof sentence, "%s takes at most %zu bytes of text", option, size - 1);
    ob_say(OB_EXIT_USAGE, sentence);
    return false;
}

bool ob_text_given(const char *text, const char *file, const char *option, char *out, size_t size)
{
    char sentence[400];
    out[0] = '\0';
    if (text && file) {
        snprintf(sentence, sizeof sentence, "%s and %s-file are two ways of the same: choose one", option, option);
        ob_say(OB_EXIT_USAGE, sentence);
        return false;
    }
    if (text) {
        if (strlen(text) >= size)
            return too_long(option, size);
        memcpy(out, text, strlen(text) + 1);
    }
    if (!file)
        return true;
    FILE *in = strcmp(file, "-") == 0 ? stdin : fopen(file, "re");
    const size_t got = in ? fread(out, 1, size, in) : 0;
    if (!in || ferror(in)) {
        snprintf(sentence, sizeof sentence, "%.200s can't be read: %s", file, ob_err_text(ob_err_from_errno(errno)));
        ob_say(OB_EXIT_INPUT, sentence);
    }
    const bool read = in && !ferror(in);
    if (in && in != stdin)
        fclose(in);
    if (read && got >= size)
        return too_long(option, size);
    out[read ? got : 0] = '\0';
    return read;
}
