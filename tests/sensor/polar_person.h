/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated person wearing a Polar sensor: its ECG and acceleration in frames as a chest strap sends them, its
 * beats as an optical armband's pulse intervals. */
#ifndef OB_TESTS_SENSOR_POLAR_PERSON_H
#define OB_TESTS_SENSOR_POLAR_PERSON_H

#include "base/time.h"
#include "person/person.h"

#include "polar_frames.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORN_ECG 73
#define WORN_ACC 36
#define WORN_PPI 4

struct worn {
    struct ob_person *person;
    uint64_t clock_ns; /* what its clock said at our time 0 */
    int ecg_count, acc_count, ppi_count;
    int32_t uv[WORN_ECG], mg[WORN_ACC * 3];
    struct ob_person_beat ppi[WORN_PPI];
    int64_t beats; /* given as pulse intervals so far */
};

/* keys as --person takes them. Aborts when they are wrong. */
static inline void worn_init(struct worn *w, const char *keys, uint64_t clock_ns)
{
    struct ob_person_desc desc;
    memset(w, 0, sizeof *w);
    ob_person_desc_init(&desc);
    if (ob_person_desc_parse(keys, &desc, NULL, 0) != OB_OK)
        abort();
    desc.signals = 1u << OB_PERSON_ECG | 1u << OB_PERSON_ACC;
    w->person = ob_person_create(&desc, 0);
    w->clock_ns = clock_ns;
    if (!w->person)
        abort();
}

static inline void worn_finish(struct worn *w)
{
    ob_person_destroy(w->person);
}

/* The next frame of that kind that is full by now; 0: none. */
static inline size_t worn_ecg(struct worn *w, unsigned char *bytes)
{
    float x[WORN_ECG];
    int64_t last_ns = 0;
    const int got = ob_person_take_samples(w->person, OB_PERSON_ECG, x, WORN_ECG - w->ecg_count, &last_ns);
    for (int i = 0; i < got; i++)
        w->uv[w->ecg_count++] = (int32_t)lrintf(x[i] * 1e3f);
    if (w->ecg_count < WORN_ECG || got == 0)
        return 0;
    w->ecg_count = 0;
    return frame_ecg(bytes, w->clock_ns + (uint64_t)last_ns, w->uv, WORN_ECG);
}

/* Whole frames and frames of differences by turns. */
static inline size_t worn_acc(struct worn *w, unsigned char *bytes)
{
    float x[WORN_ACC * 3];
    int64_t last_ns = 0;
    const int got = ob_person_take_samples(w->person, OB_PERSON_ACC, x, WORN_ACC - w->acc_count, &last_ns);
    for (int i = 0; i < got * 3; i++)
        w->mg[w->acc_count * 3 + i] = (int32_t)lrintf(x[i]);
    w->acc_count += got;
    if (w->acc_count < WORN_ACC || got == 0)
        return 0;
    w->acc_count = 0;
    const uint64_t stamp_ns = w->clock_ns + (uint64_t)last_ns;
    return stamp_ns / 720000000 % 2 ? frame_acc(bytes, stamp_ns, w->mg, WORN_ACC)
                                    : frame_acc_delta(bytes, stamp_ns, w->mg, WORN_ACC);
}

/* error_ms of every interval; their true beats are left in w->ppi. */
static inline size_t worn_ppi(struct worn *w, unsigned char *bytes, unsigned error_ms)
{
    while (w->ppi_count < WORN_PPI && ob_person_take_beat(w->person, &w->ppi[w->ppi_count]))
        w->ppi_count++;
    if (w->ppi_count < WORN_PPI)
        return 0;
    size_t at = frame_head(bytes, 3, 0, 0);
    for (int i = 0; i < WORN_PPI; i++)
        at = frame_ppi(bytes, at, 0, (unsigned)lrint(w->ppi[i].rr_ms), error_ms, 6);
    w->beats += w->ppi_count;
    w->ppi_count = 0;
    return at;
}

#endif
