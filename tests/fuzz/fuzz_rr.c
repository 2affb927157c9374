/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both RR correctors on any doubles at all; every 16th byte pattern is a gap. */
#include "signal/rr.h"
#include "signal/rr_offline.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct ob_rr_out *out, int count)
{
    need(count >= 0 && count <= OB_RR_OUT_MAX);
    for (int i = 0; i < count; i++) {
        need(out[i].kind <= OB_RR_GAP);
        need((out[i].nn_ms == 0.0) == (out[i].parts == 0));
        need(out[i].nn_ms == 0.0 || (out[i].nn_ms >= 300.0 && out[i].nn_ms <= 2000.0));
    }
}

static void live(const double *rr, size_t count)
{
    struct ob_rr_causal causal;
    struct ob_rr_out out[OB_RR_OUT_MAX];
    ob_rr_causal_init(&causal);
    size_t decided = 0;
    for (size_t i = 0; i < count; i++) {
        struct ob_rr_in in = {.time_ns = (int64_t)i, .rr_ms = rr[i], .confidence_01 = 1.0f};
        int got = ob_rr_causal_push(&causal, &in, out);
        check(out, got);
        decided += (size_t)got;
        need(decided + 1 >= i + 1 && decided <= i + 1);
    }
    int got = ob_rr_causal_gap(&causal, out);
    check(out, got);
    need(decided + (size_t)got == count);
}

static void offline(const double *rr, size_t count)
{
    unsigned char *kinds = malloc(count + 1);
    struct ob_nn_list list = {.items = NULL};
    struct ob_rr_report report;
    if (kinds && ob_rr_offline(rr, count, 0.0, NULL, kinds, &list, &report)) {
        size_t all = 0;
        for (int k = 0; k < 7; k++)
            all += report.by_class[k];
        need(all == count);
        need(report.usable == (report.reason == NULL));
        for (size_t i = 0; i < list.count; i++)
            need(list.items[i].nn_ms >= 300.0 && list.items[i].nn_ms <= 2000.0);
    }
    ob_nn_list_finish(&list);
    free(kinds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* Two bytes make a plausible interval, a marked one is followed by any double. */
    size_t count = 0;
    double *rr = malloc((size / 2 + 1) * sizeof *rr);
    if (!rr)
        return 0;
    for (size_t i = 0; i + 2 <= size;) {
        unsigned word = (unsigned)data[i] | (unsigned)data[i + 1] << 8;
        i += 2;
        if (word % 16 == 15 && i + sizeof *rr <= size) {
            memcpy(&rr[count++], data + i, sizeof *rr);
            i += sizeof *rr;
        } else {
            rr[count++] = 200.0 + (word >> 4) * 0.6;
        }
    }
    live(rr, count);
    offline(rr, count);
    free(rr);
    return 0;
}
