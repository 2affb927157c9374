/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a kept exhale moment, which may come from a copy that somebody brings: whatever they are, what is read
 * can be said and written again, and is then read as the same. */
#include "breath/moment.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char words[256], again[256], once_more[256], text[OB_MOMENT_TEXT];
    struct ob_settling_mark mark, same;
    const size_t length = size < sizeof words ? size : sizeof words - 1;
    memcpy(words, data, length);
    words[length] = '\0';
    if (!ob_moment_decode(words, 0, &mark))
        return 0;
    ob_moment_text(&mark, 0, NULL, text, sizeof text);
    if (strncmp(text, "A shift around ", 15) != 0)
        abort();
    ob_moment_encode(&mark, 0, again, sizeof again);
    if (!ob_moment_decode(again, 0, &same))
        abort();
    ob_moment_encode(&same, 0, once_more, sizeof once_more);
    if (strcmp(again, once_more) != 0)
        abort();
    return 0;
}
