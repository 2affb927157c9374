/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/intake.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

#define ECG_RULES_NS                                                                                                   \
    (5 * OB_NS_PER_S) /* while an ECG has come within this, intervals of other sources are not mixed in */

void ob_intake_init(struct ob_intake *intake)
{
    memset(intake, 0, sizeof *intake);
    intake->ecg_last_index = -1.0;
    intake->ecg_seen_ns = INT64_MIN / 2;
    ob_rr_causal_init(&intake->rr);
}

void ob_intake_finish(struct ob_intake *intake)
{
    ob_ecg_destroy(intake->ecg);
    intake->ecg = NULL;
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
    for (int i = 0; i < count && intake->out_count < OB_INTAKE_OUT_MAX; i++)
        intake->out[intake->out_count++] = (struct ob_intake_beat){
            .time_ns = decided[i].time_ns,
            .age_ns = arrival_of(intake, decided[i].time_ns) - decided[i].time_ns,
            .rr_ms = decided[i].rr_ms,
            .nn_ms = decided[i].nn_ms,
            .parts = decided[i].parts,
            .flag = flag_of(decided[i].kind),
        };
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
    intake->ecg_last_index = -1.0;
}

static void take_ecg(struct ob_intake *intake, const struct ob_event *event)
{
    const double period_ns = event->u.samples.period_ns;
    const double fs_hz = 1e9 / period_ns;
    if (!intake->ecg || fabs(fs_hz / intake->ecg_fs_hz - 1.0) > 0.05) {
        if (intake->ecg)
            take_gap(intake);
        ob_ecg_destroy(intake->ecg);
        intake->ecg = ob_ecg_create(fs_hz);
        intake->ecg_fs_hz = fs_hz;
        intake->ecg_samples = 0;
        if (!intake->ecg) {
            intake->dropped++;
            return;
        }
    }
    intake->source = OB_BEATS_ECG;
    intake->ecg_seen_ns = event->applied_ns;
    intake->ecg_block_ns = event->measured_ns;
    intake->ecg_period_ns = period_ns;
    const double newest = (double)(intake->ecg_samples + event->u.samples.frames) - 1.0;
    for (uint32_t i = 0; i < event->u.samples.frames; i++) {
        struct ob_ecg_beat beat;
        const bool found = ob_ecg_push(intake->ecg, event->u.samples.values[i * event->u.samples.channels], &beat);
        intake->ecg_samples++;
        if (!found)
            continue;
        /* Intervals come from the sample count, which has no jitter; only their place in time from the stamps. */
        const int64_t time_ns = event->measured_ns - (int64_t)((newest - beat.index) * period_ns);
        if (intake->ecg_last_index >= 0.0 && beat.index > intake->ecg_last_index)
            take_interval(intake, time_ns, (beat.index - intake->ecg_last_index) * period_ns * 1e-6,
                          beat.confidence_01);
        intake->ecg_last_index = beat.index;
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
    intake->arrived_ns = event->arrived_ns;
    if (event->kind == OB_EVENT_GAP) {
        take_gap(intake);
    } else if (event->kind == OB_EVENT_SAMPLES) {
        if (!samples_make_sense(event))
            intake->dropped++;
        else if (event->u.samples.signal == OB_SIGNAL_ECG)
            take_ecg(intake, event);
    } else if (event->kind == OB_EVENT_RR) {
        const double rr_ms = event->u.rr.rr_ms;
        if (event->applied_ns - intake->ecg_seen_ns < ECG_RULES_NS)
            return;
        if (!(rr_ms > 0.0) || rr_ms > 60000.0) {
            intake->dropped++;
            return;
        }
        intake->source = event->u.rr.beats == OB_BEATS_PPG ? OB_BEATS_PPG : OB_BEATS_RR;
        take_interval(intake, event->measured_ns, rr_ms, event->u.rr.quality_01);
    }
}

double ob_intake_quality_01(const struct ob_intake *intake)
{
    return intake->source == OB_BEATS_ECG && intake->ecg ? (double)ob_ecg_quality_01(intake->ecg) : 1.0;
}
