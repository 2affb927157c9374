/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const sentences[] = {
#define OB_ERR_SENTENCE(code, sentence) sentence,
    OB_ERR_TABLE(OB_ERR_SENTENCE)
#undef OB_ERR_SENTENCE
};

const char *ob_err_text(enum ob_err err)
{
    if ((int)err < 0 || err >= OB_ERR_COUNT)
        return "an unknown error happened";
    return sentences[err];
}

enum ob_err ob_fail(char *sentence, size_t size, enum ob_err err, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (size > 0)
        vsnprintf(sentence, size, format, arguments);
    va_end(arguments);
    return err;
}
