/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All metrics of any list of intervals, raw and corrected: each a finite number, or none with a reason. */
#include "hrv/report.h"
#include "signal/rr_offline.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST 2000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
    if (!holds)
        abort();
}

static void report(const struct ob_nn_list *list, double resp_hz)
{
    static struct ob_psd *psd;
    struct ob_report out;
    struct ob_report_line line;
    if (!psd)
        psd = ob_psd_create();
    if (!psd || !ob_report_compute(psd, list, resp_hz, &out))
        return;
    for (size_t i = 0; ob_report_line(&out, i, &line); i++) {
        need(line.metric->valid == (line.metric->reason == NULL));
        need(!line.metric->valid || isfinite(line.metric->value));
    }
    need(out.corrected_01 >= 0.0 && out.corrected_01 <= 1.0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static double rr[MOST];
    static unsigned char kinds[MOST];
    size_t count = 0;
    /* A byte is an interval of 300-1575 ms; 255 is followed by how often it comes again, 254 by any double. */
    for (size_t i = 1; i < size && count < MOST; i++) {
        if (data[i] == 255 && i + 1 < size && count > 0) {
            for (int k = data[++i]; k >= 0 && count < MOST; k--)
                rr[count] = rr[count - 1] + (k % 3 - 1) * (data[0] & 15), count++;
        } else if (data[i] == 254 && i + sizeof *rr < size) {
            memcpy(&rr[count++], data + i + 1, sizeof *rr);
            i += sizeof *rr;
        } else {
            rr[count++] = 300.0 + 5.0 * data[i];
        }
    }
    const double resp_hz = size > 0 ? (data[0] >> 4) * 0.03 : 0.0;
    struct ob_nn_list list = {.items = NULL}, raw = {.items = NULL};
    struct ob_rr_report judged;
    if (ob_rr_offline(rr, count, 0.0, NULL, kinds, &list, &judged))
        report(&list, resp_hz);
    double time_s = 0.0;
    bool joined = false;
    for (size_t i = 0; i < count; i++) {
        const bool sound = rr[i] > 0.0 && rr[i] < 3000.0;
        if (sound) {
            time_s += rr[i] / 1000.0;
            (void)ob_nn_list_add(&raw, (struct ob_nn){.time_s = time_s, .nn_ms = rr[i], .joined = joined});
        }
        joined = sound;
    }
    report(&raw, resp_hz);
    ob_nn_list_finish(&list);
    ob_nn_list_finish(&raw);
    return 0;
}
