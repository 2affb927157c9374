/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/intake.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

/* A better source that was heard within this is not mixed with lesser ones. */
#define RULES_NS (5 * OB_NS_PER_S)

void ob_intake_init(struct ob_intake *intake)
{
    memset(intake, 0, sizeof *intake);
    intake->ecg_wave.last_index = intake->ppg_wave.last_index = -1.0;
    ob_rr_causal_init(&intake->rr);
    ob_motion_init(&intake->motion);
    intake->resp = ob_resp_create();
}

void ob_intake_finish(struct ob_intake *intake)
{
    ob_ecg_destroy(intake->ecg);
    ob_ppg_destroy(intake->ppg);
    ob_resp_destroy(intake->resp);
    intake->ecg = NULL;
    intake->ppg = NULL;
    intake->resp = NULL;
}

static enum ob_beat_flag flag_of(enum ob_rr_class kind)
{
    switch (kind) {
    case OB_RR_NORMAL:
        return OB_BEAT_NORMAL;
    case OB_RR_ECTOPIC:
        return OB_BEAT_ECTOPIC;
    case OB_RR_MISSED:
        return OB_BEAT_MISSED;
    case OB_RR_EXTRA:
        return OB_BEAT_EXTRA;
    case OB_RR_LONG:
        return OB_BEAT_LONG;
    case OB_RR_SHORT:
        return OB_BEAT_SHORT;
    case OB_RR_GAP:
        break;
    }
    return OB_BEAT_GAP;
}

/* When the interval that ends at time_ns arrived; the correction may have held it for a beat since. */
static int64_t arrival_of(const struct ob_intake *intake, int64_t time_ns)
{
    for (uint32_t i = 0; i < 4; i++)
        if (intake->waiting[i].time_ns == time_ns)
            return intake->waiting[i].arrived_ns;
    return intake->arrived_ns;
}

static void take_decided(struct ob_intake *intake, const struct ob_rr_out *decided, int count)
{
    for (int i = 0; i < count && intake->out_count < OB_INTAKE_OUT_MAX; i++) {
        if (intake->resp && decided[i].kind != OB_RR_GAP)
            ob_resp_interval(intake->resp, decided[i].time_ns, decided[i].nn_ms, decided[i].kind == OB_RR_NORMAL);
        intake->out[intake->out_count++] = (struct ob_intake_beat){
            .time_ns = decided[i].time_ns,
            .age_ns = arrival_of(intake, decided[i].time_ns) - decided[i].time_ns,
            .rr_ms = decided[i].rr_ms,
            .nn_ms = decided[i].nn_ms,
            .parts = decided[i].parts,
            .flag = flag_of(decided[i].kind),
        };
    }
}

static void take_interval(struct ob_intake *intake, int64_t time_ns, double rr_ms, float confidence_01)
{
    intake->beat_time_ns = time_ns;
    intake->beat_rr_ms = rr_ms;
    struct ob_rr_out decided[OB_RR_OUT_MAX];
    intake->waiting[intake->waiting_count % 4].time_ns = time_ns;
    intake->waiting[intake->waiting_count++ % 4].arrived_ns = intake->arrived_ns;
    const struct ob_rr_in in = {.time_ns = time_ns, .rr_ms = rr_ms, .confidence_01 = confidence_01};
    take_decided(intake, decided, ob_rr_causal_push(&intake->rr, &in, decided));
}

static void take_gap(struct ob_intake *intake)
{
    struct ob_rr_out decided[OB_RR_OUT_MAX];
    take_decided(intake, decided, ob_rr_causal_gap(&intake->rr, decided));
    if (intake->ecg)
        ob_ecg_reset(intake->ecg);
    if (intake->ppg)
        ob_ppg_reset(intake->ppg);
    intake->ecg_wave.last_index = intake->ppg_wave.last_index = -1.0;
    ob_resp_trace_break(&intake->ecg_wave.trace);
    ob_resp_trace_break(&intake->ppg_wave.trace);
}

/* Whether beats of this source count now. A change of source is a gap: their clocks and delays differ. */
static bool believe(struct ob_intake *intake, enum ob_beat_source source, int64_t now_ns)
{
    static const int rank[] = {[OB_BEATS_NONE] = 0, [OB_BEATS_PPG] = 1, [OB_BEATS_RR] = 2, [OB_BEATS_ECG] = 3};
    if (source != intake->source) {
        const bool silent = now_ns - intake->source_ns >= RULES_NS;
        if (rank[source] < rank[intake->source] && !silent)
            return false;
        if (intake->source != OB_BEATS_NONE)
            take_gap(intake);
        intake->source = source;
    }
    intake->source_ns = now_ns;
    return true;
}

/* The detector for a signal at a rate; another rate (beyond 5%) begins anew. */
static bool detector_ready(struct ob_intake *intake, bool is_ecg, double fs_hz)
{
    struct ob_intake_wave *wave = is_ecg ? &intake->ecg_wave : &intake->ppg_wave;
    const bool there = is_ecg ? intake->ecg != NULL : intake->ppg != NULL;
    if (there && fabs(fs_hz / wave->fs_hz - 1.0) <= 0.05)
        return true;
    if (there)
        take_gap(intake);
    if (is_ecg) {
        ob_ecg_destroy(intake->ecg);
        intake->ecg = ob_ecg_create(fs_hz);
    } else {
        ob_ppg_destroy(intake->ppg);
        intake->ppg = ob_ppg_create(fs_hz);
    }
    wave->fs_hz = fs_hz;
    wave->samples = 0;
    wave->last_index = -1.0;
    ob_resp_trace_init(&wave->trace, is_ecg ? OB_RESP_ECG : OB_RESP_PPG, fs_hz);
    return is_ecg ? intake->ecg != NULL : intake->ppg != NULL;
}

static void take_wave(struct ob_intake *intake, const struct ob_event *event)
{
    const bool is_ecg = event->u.samples.signal == OB_SIGNAL_ECG;
    const double period_ns = event->u.samples.period_ns;
    if (!detector_ready(intake, is_ecg, 1e9 / period_ns)) {
        intake->dropped++;
        return;
    }
    struct ob_intake_wave *wave = is_ecg ? &intake->ecg_wave : &intake->ppg_wave;
    const double newest = (double)(wave->samples + event->u.samples.frames) - 1.0;
    for (uint32_t i = 0; i < event->u.samples.frames; i++) {
        const float sample = event->u.samples.values[i * event->u.samples.channels];
        struct ob_ecg_beat r;
        struct ob_ppg_beat pulse;
        const bool found = is_ecg ? ob_ecg_push(intake->ecg, sample, &r) : ob_ppg_push(intake->ppg, sample, &pulse);
        wave->samples++;
        ob_resp_trace_push(&wave->trace, sample);
        if (found) {
            double at;
            struct ob_resp_shape shape;
            if (ob_resp_trace_beat(&wave->trace, is_ecg ? r.index : pulse.index, &at, &shape) && intake->resp)
                ob_resp_beat(intake->resp, wave->trace.wave, event->measured_ns - (int64_t)((newest - at) * period_ns),
                             &shape);
        }
        if (!found || !believe(intake, is_ecg ? OB_BEATS_ECG : OB_BEATS_PPG, event->applied_ns))
            continue;
        const double index = is_ecg ? r.index : pulse.index;
        const float confidence_01 = is_ecg ? r.confidence_01 : pulse.quality_01;
        /* Intervals come from the sample count, which has no jitter; only their place in time from the stamps. */
        const int64_t time_ns = event->measured_ns - (int64_t)((newest - index) * period_ns);
        if (wave->last_index >= 0.0 && index > wave->last_index)
            take_interval(intake, time_ns, (index - wave->last_index) * period_ns * 1e-6, confidence_01);
        wave->last_index = index;
    }
}

/* A belt or a chest's acceleration. */
static void take_chest(struct ob_intake *intake, const struct ob_event *event)
{
    const uint32_t channels = event->u.samples.channels, frames = event->u.samples.frames;
    const bool belt = event->u.samples.signal == OB_SIGNAL_RESP;
    if (channels != (belt ? 1 : 3)) {
        intake->dropped++;
        return;
    }
    for (uint32_t i = 0; intake->resp && i < frames; i++) {
        const float *x = &event->u.samples.values[i * channels];
        const int64_t time_ns = event->measured_ns - (int64_t)((double)(frames - 1 - i) * event->u.samples.period_ns);
        if (belt)
            ob_resp_belt(intake->resp, time_ns, (double)x[0]);
        else
            ob_resp_acc(intake->resp, time_ns, (const double[3]){(double)x[0], (double)x[1], (double)x[2]});
    }
    for (uint32_t i = 0; !belt && i < frames; i++) {
        const float *x = &event->u.samples.values[i * channels];
        const int64_t time_ns = event->measured_ns - (int64_t)((double)(frames - 1 - i) * event->u.samples.period_ns);
        const enum ob_motion_kind kind =
            ob_motion_push(&intake->motion, time_ns, (const double[3]){(double)x[0], (double)x[1], (double)x[2]});
        if (kind == OB_MOTION_STILL)
            continue;
        intake->moved = true;
        intake->turned |= kind == OB_MOTION_TURNED;
        intake->moved_ns = time_ns;
    }
}

static bool samples_make_sense(const struct ob_event *event)
{
    const uint32_t values = (uint32_t)event->u.samples.frames * event->u.samples.channels;
    return event->u.samples.channels >= 1 && values >= 1 && values <= OB_EVENT_VALUES_MAX &&
           event->u.samples.period_ns >= 1e6 && event->u.samples.period_ns <= 1e9;
}

void ob_intake_event(struct ob_intake *intake, const struct ob_event *event)
{
    intake->out_count = 0;
    intake->moved = intake->turned = false;
    intake->arrived_ns = event->arrived_ns;
    if (event->kind == OB_EVENT_GAP) {
        take_gap(intake);
    } else if (event->kind == OB_EVENT_SAMPLES) {
        if (!samples_make_sense(event))
            intake->dropped++;
        else if (event->u.samples.signal == OB_SIGNAL_ECG || event->u.samples.signal == OB_SIGNAL_PPG)
            take_wave(intake, event);
        else if (event->u.samples.signal == OB_SIGNAL_RESP || event->u.samples.signal == OB_SIGNAL_ACC)
            take_chest(intake, event);
    } else if (event->kind == OB_EVENT_RR) {
        const double rr_ms = event->u.rr.rr_ms;
        if (!(rr_ms > 0.0) || rr_ms > 60000.0)
            intake->dropped++;
        else if (believe(intake, OB_BEATS_RR, event->applied_ns)) {
            intake->pulse_intervals = event->u.rr.beats == OB_BEATS_PPG;
            take_interval(intake, event->measured_ns, rr_ms, event->u.rr.quality_01);
        }
    }
}

enum ob_beat_source ob_intake_source(const struct ob_intake *intake)
{
    return intake->source == OB_BEATS_RR && intake->pulse_intervals ? OB_BEATS_PPG : intake->source;
}

bool ob_intake_breath(struct ob_intake *intake, int64_t now_ns, bool unfit, struct ob_resp_rate *rate_out)
{
    return intake->resp && ob_resp_rate(intake->resp, now_ns, rate_out) && rate_out->quality_01 >= OB_RESP_TRUST_01 &&
           !(unfit && rate_out->source == OB_RESP_HEART);
}

bool ob_intake_sighs(const struct ob_intake *intake, int64_t now_ns, uint32_t *count_out, int64_t *newest_ns_out)
{
    return intake->resp && ob_resp_sighs(intake->resp, now_ns, count_out, newest_ns_out);
}

double ob_intake_quality_01(const struct ob_intake *intake)
{
    if (intake->source == OB_BEATS_ECG)
        return (double)ob_ecg_quality_01(intake->ecg);
    if (intake->source == OB_BEATS_PPG)
        return (double)ob_ppg_quality_01(intake->ppg);
    return 1.0;
}
