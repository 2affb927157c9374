/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out of a sealed row: a person's record, a session's header, the pieces of a session. The first byte says
 * which. What was read is written and read again, and must be the same. */
#include "store/inner.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void pieces(const unsigned char *data, size_t size)
{
    struct ob_recording one = {0}, two = {0};
    ob_recording_decode(&one, data, size);
    for (size_t i = 0; i < one.mark_count; i++) {
        unsigned char record[OB_ITEM_MAX];
        struct ob_item item = {.kind = OB_ITEM_MARK, .u.mark = one.marks[i]};
        const size_t length = ob_item_encode(&item, record);
        if (length == 0 || ob_recording_decode(&two, record, length) || strcmp(two.marks[i].words, one.marks[i].words))
            abort();
    }
    for (size_t i = 0; i < one.feature_count; i++) {
        unsigned char record[OB_ITEM_MAX];
        struct ob_item item = {.kind = OB_ITEM_FEATURES, .u.features = one.features[i]};
        if (ob_item_encode(&item, record) == 0)
            abort();
    }
    ob_recording_finish(&one);
    ob_recording_finish(&two);
}

static void header(const unsigned char *data, size_t size)
{
    struct ob_session_row row, again;
    unsigned char bytes[OB_SESSION_ROW_MAX], twice[OB_SESSION_ROW_MAX];
    memset(&row, 0, sizeof row);
    memset(&again, 0, sizeof again);
    if (!ob_session_row_decode(data, size, &row))
        return;
    const size_t length = ob_session_row_encode(&row, bytes);
    if (!ob_session_row_decode(bytes, length, &again) || ob_session_row_encode(&again, twice) != length ||
        memcmp(bytes, twice, length) != 0)
        abort();
}

static void record(const unsigned char *data, size_t size)
{
    static struct ob_person_record one;
    static unsigned char bytes[OB_PERSON_RECORD_MAX];
    char problem[200];
    if (!ob_person_record_decode(data, size, &one))
        return;
    ob_person_record_check(&one, problem, sizeof problem);
    ob_person_record_encode(&one, bytes);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size == 0)
        return 0;
    switch (data[0] % 3) {
    case 0:
        pieces(data + 1, size - 1);
        break;
    case 1:
        header(data + 1, size - 1);
        break;
    default:
        record(data + 1, size - 1);
        break;
    }
    return 0;
}
