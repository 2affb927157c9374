/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Polar's data frames and answers: as many values as are said, within their memory, the same each time. */
#include "sensor/pmd_decode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
    if (!holds)
        abort();
}

static int64_t sum(const struct ob_pmd_frame *frame)
{
    int64_t all = 0;
    need(frame->frames >= 1 && frame->frames <= OB_PMD_FRAMES_MAX);
    for (int i = 0; i < frame->frames * frame->channels; i++)
        all += frame->values[i];
    if (frame->type == OB_PMD_PPI)
        for (int i = 0; i < frame->frames; i++)
            all += frame->ppi[i].interval_ms;
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_pmd_frame first, second;
    memset(&first, 0x55, sizeof first);
    memset(&second, 0xAA, sizeof second);
    const bool good = ob_pmd_decode(data, size, &first);
    need(good == ob_pmd_decode(data, size, &second));
    if (good)
        need(sum(&first) == sum(&second) && first.frames == second.frames);
    struct ob_pmd_answer answer;
    ob_pmd_decode_answer(data, size, &answer);
    for (int i = 0; i < OB_PMD_SETTING_KINDS; i++)
        need(answer.values[i] >= 0 && answer.values[i] <= OB_PMD_SETTINGS_MAX);
    ob_pmd_decode_features(data, size);
    return 0;
}
