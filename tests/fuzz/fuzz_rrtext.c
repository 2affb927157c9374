/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RR text: what comes out lies in its range, counts add up, and the size of the pieces makes no difference. */
#include "format/rrtext.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static double sum;

static void take(const struct ob_rrtext_item *item)
{
    if (!item->gap && !(item->rr_ms >= OB_RRTEXT_LOWEST_MS && item->rr_ms <= OB_RRTEXT_HIGHEST_MS))
        abort();
    if (!(item->rr_ms >= 0.0))
        abort();
    sum += item->rr_ms;
}

static double read_text(struct ob_rrtext *text, const uint8_t *data, size_t size, size_t step)
{
    struct ob_rrtext_item item;
    uint64_t items = 0;
    sum = 0.0;
    ob_rrtext_init(text);
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = data + at;
        size_t count = size - at < step ? size - at : step;
        for (; ob_rrtext_next(text, &p, &count, &item); items++)
            take(&item);
    }
    for (; ob_rrtext_last(text, &item); items++)
        take(&item);
    if (items != text->intervals + text->gaps + text->rejected)
        abort();
    char sentence[200];
    ob_rrtext_sentence(text, sentence, sizeof sentence);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_rrtext whole, pieces;
    const double total = read_text(&whole, data, size, size + 1);
    const double again = read_text(&pieces, data, size, 3);
    /* binary contents are noticed where they stand, which depends on the pieces */
    if (!whole.lines.binary && (total != again || whole.err != pieces.err))
        abort();
    return 0;
}
