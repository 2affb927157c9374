/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The breathing rate from any mixture of intervals, shapes, belt and acceleration, in and out of order. */
#include "signal/resp.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
    if (!holds)
        abort();
}

/* A moving value, or any double that four bytes can make. */
static double value_of(const uint8_t b[4], double t_s)
{
    float any;
    if (b[0] & 64) {
        memcpy(&any, b, sizeof any);
        return (double)any;
    }
    return 100.0 + b[2] * sin(6.283185307 * (b[3] + 1) / 256.0 * t_s);
}

static void ask(struct ob_resp *resp, int64_t now_ns)
{
    struct ob_resp_rate rate;
    if (!ob_resp_rate(resp, now_ns, &rate))
        return;
    need(rate.brpm >= OB_RESP_LOW_BRPM - 0.5 && rate.brpm <= OB_RESP_HIGH_BRPM + 0.5);
    need(rate.quality_01 >= 0.0 && rate.quality_01 <= 1.0);
    need(rate.window_s >= OB_RESP_LEAST_S && rate.window_s <= OB_RESP_WINDOW_S);
    need(rate.source != OB_RESP_NONE);
}

/* Ten seconds of one kind of data, which begin at now_ns. */
static void ten_seconds(struct ob_resp *resp, unsigned kind, const uint8_t b[4], int64_t now_ns)
{
    const int step_ms = kind < 3 ? 600 + b[1] * 2 : 40 + b[1];
    for (int at_ms = 0; at_ms < 10000; at_ms += step_ms) {
        const int64_t t_ns = now_ns + (int64_t)at_ms * 1000000;
        const double x = value_of(b, (double)t_ns * 1e-9);
        const struct ob_resp_shape shape = {.size = x, .slope = 2.0 * x, .baseline = b[3] % 5 ? 0.5 * x : (double)NAN};
        const double mg[3] = {x, 0.1 * x, 1000.0};
        if (kind == 0)
            ob_resp_interval(resp, t_ns, 5.0 * x, b[3] % 7 != 0);
        else if (kind < 3)
            ob_resp_beat(resp, kind == 1 ? OB_RESP_ECG : OB_RESP_PPG, t_ns, &shape);
        else if (kind == 3)
            ob_resp_belt(resp, t_ns, x);
        else
            ob_resp_acc(resp, t_ns, mg);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ob_resp *resp = ob_resp_create();
    if (!resp)
        return 0;
    int64_t now_ns = 0;
    int asked = 0;
    for (size_t i = 0; i + 4 <= size && i < 4000; i += 4) {
        const uint8_t *b = data + i;
        const unsigned kind = b[0] % 8;
        if (kind < 5) {
            ten_seconds(resp, kind, b, now_ns);
        } else if (kind == 5) {
            now_ns += ((int64_t)b[1] - 32) * 1000000000;
        } else if (kind == 6) {
            now_ns += 10000000000;
            if (asked++ < 50)
                ask(resp, now_ns);
        } else {
            ob_resp_reset(resp);
        }
    }
    ask(resp, now_ns + 10000000000);
    ob_resp_destroy(resp);
    return 0;
}
