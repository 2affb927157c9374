/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Polar sensor that says anything at any time: orders stay well formed, are never given without end, events stay in
 * order. Input: pieces of seconds u8, kind u8 (even: of the control point, odd: data), length u8, bytes. */
#include "base/time.h"
#include "sensor/pmd_stream.h"
#include "sensor/polar.h"
#include "sensor/ppi.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct ob_pmd_frame frame;
static int64_t sample_ns, beat_ns, now_ns;

static void need(bool holds)
{
    if (!holds)
        abort();
}

static void look(void *user, const struct ob_event *event)
{
    (void)user;
    need(event->arrived_ns == now_ns);
    if (event->kind == OB_EVENT_SAMPLES) {
        const uint32_t values = (uint32_t)event->u.samples.frames * event->u.samples.channels;
        need(event->measured_ns > sample_ns && values > 0 && values <= OB_EVENT_VALUES_MAX);
        need(event->u.samples.period_ns > 1e6 && event->u.samples.period_ns < 1e9);
        sample_ns = event->measured_ns;
    } else if (event->kind == OB_EVENT_RR) {
        need(event->measured_ns > beat_ns && event->u.rr.rr_ms >= 200.0 && event->u.rr.rr_ms <= 3000.0);
        need(event->u.rr.quality_01 > 0.0f && event->u.rr.quality_01 <= 1.0f);
        beat_ns = event->measured_ns;
    }
}

static void obey(struct ob_polar *polar)
{
    unsigned char order[OB_POLAR_ORDER_MAX];
    int orders = 0;
    for (size_t count; (count = ob_polar_order(polar, now_ns, order)) > 0; orders++) {
        need(count >= 2 && count <= OB_POLAR_ORDER_MAX && order[0] >= 1 && order[0] <= 3);
        need(orders < 2); /* one at a time */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_pmd_stream stream;
    static struct ob_ppi ppi;
    struct ob_polar polar;
    if (size < 1)
        return 0;
    now_ns = 1;
    sample_ns = beat_ns = INT64_MIN;
    const bool ecg = (data[0] & 1u) != 0;
    ob_polar_begin(&polar, now_ns, data[0]);
    ob_pmd_stream_init(&stream, ecg ? OB_PMD_ECG : OB_PMD_ACC, 0.0, 1.0);
    ob_ppi_init(&ppi);
    data++;
    size--;
    while (size >= 3) {
        const size_t length = data[2] <= size - 3 ? data[2] : size - 3;
        const bool control = data[1] % 2 == 0;
        now_ns += data[0] * OB_NS_PER_S / 8;
        obey(&polar);
        if (control) {
            ob_polar_answer(&polar, now_ns, data + 3, length);
        } else if (ob_pmd_decode(data + 3, length, &frame)) {
            ob_polar_data(&polar, now_ns, frame.type);
            ob_pmd_stream_frame(&stream, now_ns, &frame, look, NULL);
            ob_ppi_frame(&ppi, now_ns, &frame, look, NULL);
        }
        need(ob_polar_sentence(&polar) != NULL);
        data += 3 + length;
        size -= 3 + length;
    }
    unsigned char order[OB_POLAR_ORDER_MAX];
    for (int i = 0; ob_polar_leave(&polar, order) > 0; i++)
        need(order[0] == 3 && i < OB_POLAR_STREAMS_MAX);
    need(ob_polar_order(&polar, now_ns + 100 * OB_NS_PER_S, order) == 0);
    return 0;
}
