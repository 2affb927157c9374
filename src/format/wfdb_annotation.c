/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wfdb.h"

#include <string.h>

/* Words of the MIT format that are no annotations: annot(5). */
enum { CODE_SKIP = 59, CODE_NUM = 60, CODE_SUB = 61, CODE_CHN = 62, CODE_AUX = 63, CODE_LAST = 49 };

/* No recording has 2^48 samples: larger times come from bytes that are no annotations. */
#define TIME_LIMIT ((int64_t)1 << 48)

void ob_wfdb_annotations_init(struct ob_wfdb_annotations *annotations)
{
    memset(annotations, 0, sizeof *annotations);
    annotations->wanted = 2;
}

/* The word, or the long skip, is whole. True: it is an annotation. */
static bool take_word(struct ob_wfdb_annotations *a, struct ob_wfdb_annotation *annotation_out)
{
    const unsigned char *b = a->word;
    const unsigned word = (unsigned)b[0] | (unsigned)b[1] << 8;
    const int code = (int)(word >> 10);
    const int interval = (int)(word & 1023u);
    if (code == CODE_SKIP && a->wanted == 2) {
        a->wanted = 6;
        return false;
    }
    a->have = 0;
    a->wanted = 2;
    if (code == CODE_SKIP) {
        /* the high half stands first, a PDP-11's order */
        const uint32_t long_interval =
            (uint32_t)b[4] | (uint32_t)b[5] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
        a->time += (int32_t)long_interval;
        a->bad = a->bad || a->time > TIME_LIMIT || a->time < -TIME_LIMIT;
        return false;
    }
    if (code == CODE_AUX) {
        a->to_skip = interval + (interval & 1);
        return false;
    }
    if (code == CODE_NUM || code == CODE_SUB || code == CODE_CHN)
        return false;
    if (word == 0) {
        a->ended = true;
        return false;
    }
    a->time += interval;
    a->bad = a->bad || a->time > TIME_LIMIT;
    if (code == 0 || code > CODE_LAST || a->bad)
        return false;
    a->count++;
    *annotation_out = (struct ob_wfdb_annotation){.sample = a->time, .code = code};
    return true;
}

bool ob_wfdb_annotations_next(struct ob_wfdb_annotations *annotations, const unsigned char **bytes, size_t *count,
                              struct ob_wfdb_annotation *annotation_out)
{
    while (*count > 0 && !annotations->ended && !annotations->bad) {
        if (annotations->to_skip > 0) {
            const size_t skip = (uint64_t)annotations->to_skip < *count ? (size_t)annotations->to_skip : *count;
            *bytes += skip;
            *count -= skip;
            annotations->to_skip -= (int64_t)skip;
            continue;
        }
        annotations->word[annotations->have++] = *(*bytes)++;
        (*count)--;
        if (annotations->have == annotations->wanted && take_word(annotations, annotation_out))
            return true;
    }
    return false;
}

/* Position is the code: annotation codes of ecgcodes.h, WFDB Programmer's Guide. */
static const char symbols[] = " NLRaVFJASEj/Q~ | sT*D\"=pB^t+u?![]en@xf()r";

char ob_wfdb_symbol(int code)
{
    return code > 0 && code < (int)sizeof symbols - 1 ? symbols[code] : ' ';
}

bool ob_wfdb_is_beat(int code)
{
    const char symbol = ob_wfdb_symbol(code);
    return symbol != ' ' && strchr("NLRBAaJSVrFejnE/fQ?", symbol) != NULL;
}
