/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/person_edf.h"

#include "base/time.h"
#include "edf/edf.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum channel { ECG, PPG, RESP, SIGNALS };

struct ob_person_edf {
    struct ob_edf *signals, *truth;
    double rate_hz[SIGNALS];
    int64_t written[SIGNALS]; /* samples so far, missing ones among them */
};

static const struct ob_edf_channel truths[] = {
    {.name = "Volume", .unit = "L", .rate_hz = 25, .low = -1, .high = 6},
    {.name = "HR", .unit = "bpm", .rate_hz = 25, .low = 0, .high = 250},
    {.name = "RSA", .unit = "bpm", .rate_hz = 25, .low = -100, .high = 100},
    {.name = "Pacer", .unit = "turns", .rate_hz = 25, .low = 0, .high = 1},
};
#define TRUTHS ((int)(sizeof truths / sizeof *truths))

enum ob_err ob_person_edf_open(const char *folder, const struct ob_person_desc *desc, struct ob_person_edf **edf_out,
                               char *problem_out, size_t problem_size)
{
    struct ob_person_edf *edf = calloc(1, sizeof *edf);
    if (!edf)
        return OB_ERR_NO_MEMORY;
    edf->rate_hz[ECG] = desc->ecg_hz;
    edf->rate_hz[PPG] = desc->ppg_hz;
    edf->rate_hz[RESP] = 25.0;
    const struct ob_edf_channel channels[SIGNALS] = {
        [ECG] = {.name = "ECG", .unit = "mV", .sensor = "simulated", .rate_hz = desc->ecg_hz, .low = -5, .high = 5},
        [PPG] = {.name = "Pulse", .sensor = "simulated", .rate_hz = desc->ppg_hz, .low = -5, .high = 5},
        [RESP] = {.name = "Resp", .unit = "L", .sensor = "simulated", .rate_hz = 25, .low = -2, .high = 6},
    };
    char path[PATH_MAX + 64];
    struct ob_edf_desc file = {
        .path = path, .channels = channels, .count = SIGNALS, .about = "simulated person", .replace = true};
    snprintf(path, sizeof path, "%s/signals.edf", folder);
    enum ob_err err = ob_edf_create(&file, &edf->signals, problem_out, problem_size);
    if (!err) {
        snprintf(path, sizeof path, "%s/truth.edf", folder);
        file.channels = truths;
        file.count = TRUTHS;
        err = ob_edf_create(&file, &edf->truth, problem_out, problem_size);
    }
    if (err) {
        ob_person_edf_close(edf);
        return err;
    }
    *edf_out = edf;
    return OB_OK;
}

enum ob_err ob_person_edf_samples(struct ob_person_edf *edf, const struct ob_event *event)
{
    const uint32_t signal = event->u.samples.signal;
    const enum channel c = signal == OB_SIGNAL_ECG ? ECG : signal == OB_SIGNAL_PPG ? PPG : RESP;
    /* The place of the first frame by its time: where data were lost, what lies between is missing. */
    const double first_s =
        ob_s_from_ns(event->measured_ns) - (event->u.samples.frames - 1) * event->u.samples.period_ns * 1e-9;
    const int64_t place = (int64_t)(first_s * edf->rate_hz[c] + 0.5);
    const float missing = NAN;
    enum ob_err err = OB_OK;
    for (; !err && edf->written[c] < place - 1; edf->written[c]++)
        err = ob_edf_put(edf->signals, (int)c, &missing, 1);
    if (!err)
        err = ob_edf_put(edf->signals, (int)c, event->u.samples.values, event->u.samples.frames);
    edf->written[c] += event->u.samples.frames;
    return err;
}

enum ob_err ob_person_edf_truth(struct ob_person_edf *edf, const struct ob_person_truth *truth, double pacer_turns)
{
    const float row[] = {(float)truth->volume_l, (float)truth->hr_bpm, (float)truth->rsa_bpm, (float)pacer_turns};
    enum ob_err err = OB_OK;
    for (int i = 0; !err && i < TRUTHS; i++)
        err = ob_edf_put(edf->truth, i, &row[i], 1);
    return err;
}

enum ob_err ob_person_edf_beat(struct ob_person_edf *edf, const struct ob_person_true_beat *beat)
{
    return ob_edf_annotate(edf->truth, beat->time_ns > 0 ? beat->time_ns : 0, -1,
                           beat->ectopic ? "ectopic beat" : "beat");
}

enum ob_err ob_person_edf_close(struct ob_person_edf *edf)
{
    if (!edf)
        return OB_OK;
    const enum ob_err a = edf->signals ? ob_edf_finish(edf->signals, NULL, 0) : OB_OK;
    const enum ob_err b = edf->truth ? ob_edf_finish(edf->truth, NULL, 0) : OB_OK;
    free(edf);
    return a ? a : b;
}
