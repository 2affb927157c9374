/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signal CSV, and the guess of what kind of file something is. The first byte says whether a rate is known. */
#include "format/csv.h"
#include "format/detect.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct ob_csv *csv, const struct ob_csv_frame *frame)
{
    if (!csv->decided || csv->channels < 1 || csv->channels > OB_CHANNELS_MAX)
        abort();
    if (!(csv->fs_hz >= 1.0 && csv->fs_hz <= 20000.0) || frame->hole > OB_CSV_HOLE_MAX_S * 20000u)
        abort();
    for (int i = 0; i < csv->channels; i++)
        if (isinf(frame->values[i]))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_csv csv;
    if ((unsigned)ob_detect("a.txt", data, size) >= OB_FILE_KINDS ||
        (unsigned)ob_detect(NULL, data, size) >= OB_FILE_KINDS)
        abort();
    if (size == 0)
        return 0;
    ob_csv_init(&csv, data[0] & 1 ? 250.0 : 0.0);
    data++;
    size--;
    struct ob_csv_frame frame;
    const size_t step = 11;
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = data + at;
        size_t count = size - at < step ? size - at : step;
        while (ob_csv_next(&csv, &p, &count, &frame))
            check(&csv, &frame);
    }
    while (ob_csv_last(&csv, &frame))
        check(&csv, &frame);
    char sentence[200];
    ob_csv_sentence(&csv, sentence, sizeof sentence);
    return 0;
}
