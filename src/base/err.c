/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

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
