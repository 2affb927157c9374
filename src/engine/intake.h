/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From events to NN intervals: which source of beats is believed, detection, artefact handling; and what breathing
 * leaves on all of it. A part of the engine. */
#ifndef OB_ENGINE_INTAKE_H
#define OB_ENGINE_INTAKE_H

#include "base/event.h"
#include "engine/snapshot.h"
#include "signal/ecg.h"
#include "signal/motion.h"
#include "signal/ppg.h"
#include "signal/resp.h"
#include "signal/resp_shape.h"
#include "signal/rr.h"

/* A decided interval, for the series and the snapshot. */
struct ob_intake_beat {
    int64_t time_ns;
    int64_t age_ns;
    double rr_ms, nn_ms; /* nn 0: none */
    uint32_t parts;      /* how many NN intervals of nn_ms it stands for */
    enum ob_beat_flag flag;
};

#define OB_INTAKE_OUT_MAX 8

/* A signal in which beats are found here. */
struct ob_intake_wave {
    double fs_hz;
    uint64_t samples;  /* pushed so far */
    double last_index; /* of the newest beat; negative: none since a gap */
    struct ob_resp_trace trace;
};

struct ob_intake {
    struct ob_ecg *ecg;
    struct ob_ppg *ppg;
    struct ob_intake_wave ecg_wave, ppg_wave;
    struct ob_rr_causal rr;
    struct ob_resp *resp; /* NULL without memory: no breathing rate then */
    struct {
        int64_t time_ns, arrived_ns;
    } waiting[4]; /* intervals that the correction holds, for their age */
    uint32_t waiting_count;
    enum ob_beat_source source; /* whose beats are believed: ECG before intervals before a pulse wave */
    int64_t source_ns;          /* when it was last heard */
    bool pulse_intervals;       /* intervals from the sensor itself that it took from a pulse wave */
    int64_t arrived_ns;         /* of the event under way */
    int64_t beat_time_ns;       /* newest beat, before it is judged; for the pulse */
    double beat_rr_ms;
    uint64_t dropped; /* events that made no sense */
    struct ob_motion motion;
    bool moved, turned; /* the body did, in the event under way, at moved_ns */
    int64_t moved_ns;
    struct ob_intake_beat out[OB_INTAKE_OUT_MAX];
    int out_count;
};

void ob_intake_init(struct ob_intake *intake);
void ob_intake_finish(struct ob_intake *intake);

/* Takes an RR, SAMPLES (ECG, PPG; belt and acceleration for the breathing rate) or GAP event. Afterwards
 * out[0..out_count) holds the intervals that it decided, oldest first. */
void ob_intake_event(struct ob_intake *intake, const struct ob_event *event);

/* Where the beats come from, for people: intervals of a pulse sensor count as PPG (PRV, not HRV). */
enum ob_beat_source ob_intake_source(const struct ob_intake *intake);

/* The person's own breathing rate at now_ns; false: not known, or not to be trusted. unfit: intervals of the heart
 * can't be relied on, which leaves the belt and the chest's acceleration. */
bool ob_intake_breath(struct ob_intake *intake, int64_t now_ns, bool unfit, struct ob_resp_rate *rate_out);

/* As ob_resp_sighs(): what the belt or the chest showed when the breathing rate was last asked for. */
bool ob_intake_sighs(const struct ob_intake *intake, int64_t now_ns, uint32_t *count_out, int64_t *newest_ns_out);

/* 0-1, of the signal itself. */
double ob_intake_quality_01(const struct ob_intake *intake);

#endif
