/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/pmd_stream.h"

#include "base/time.h"

#include <math.h>
#include <string.h>

#define AHEAD_S     1.0  /* by which a stamp may run ahead of what the arrivals allow: packets are held up and hurry */
#define BEHIND_S    30.0 /* older than this is no late packet but another time */
#define RATE_OFF_01 0.05
#define RUN_LEAST_S 0.4 /* of stamps, before they are believed more than the order */
#define RUN_MOST_S  600.0
#define ODD_AGREE   3
#define WELL_KNOWN  60 /* blocks of five seconds that tell the drift */
#define KNOWN_PPM   10.0

void ob_pmd_stream_init(struct ob_pmd_stream *s, enum ob_pmd_type type, double rate_hz, double factor)
{
    memset(s, 0, sizeof *s);
    s->type = type;
    s->factor = factor > 0.0 ? factor : 1.0;
    s->nominal_ns = 1e9 / (rate_hz > 0.0 ? rate_hz : type == OB_PMD_ECG ? 130.0 : 50.0);
    s->device_period_ns = s->period_ns = s->nominal_ns;
}

static void tell_gap(struct ob_pmd_stream *s, int64_t at_ns, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    s->gaps++;
    if (s->type != OB_PMD_ECG || !emit)
        return;
    const struct ob_event event = ob_sensor_event(OB_EVENT_GAP, at_ns < now_ns ? at_ns : now_ns, now_ns);
    emit(user, &event);
}

void ob_pmd_stream_break(struct ob_pmd_stream *s, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    if (s->running && !s->broken)
        tell_gap(s, now_ns, now_ns, emit, user);
    s->broken = true;
}

static double device_s(const struct ob_pmd_stream *s, uint64_t stamp_ns)
{
    return (double)(int64_t)(stamp_ns - s->origin_ns) * 1e-9;
}

static void begin(struct ob_pmd_stream *s, int64_t now_ns, uint64_t stamp_ns)
{
    const bool known = s->fit.count >= WELL_KNOWN;
    s->running = true;
    s->origin_ns = s->run_origin_ns = stamp_ns;
    s->origin_at_ns = now_ns;
    s->run_frames = 0;
    ob_envelope_fit_init(&s->fit, known ? s->fit.drift_ppm : 0.0, known ? KNOWN_PPM : 0.0);
}

/* What the stamps say of the rate, over the samples since the last gap. */
static void fit_rate(struct ob_pmd_stream *s, uint64_t stamp_ns, int frames)
{
    s->run_frames += (uint64_t)frames;
    const double run_ns = (double)(int64_t)(stamp_ns - s->run_origin_ns);
    if (run_ns < RUN_LEAST_S * 1e9)
        return;
    const double period = run_ns / (double)s->run_frames;
    if (fabs(period / s->nominal_ns - 1.0) < RATE_OFF_01)
        s->device_period_ns = period;
    if (run_ns > RUN_MOST_S * 1e9) { /* a rate may wander with the temperature */
        s->run_origin_ns = stamp_ns;
        s->run_frames = 0;
    }
}

/* Whether time can have reached this stamp: not before what is known already by more than a late packet, and no more
 * ahead than time has passed since. */
static bool possible(const struct ob_pmd_stream *s, int64_t now_ns, uint64_t stamp_ns)
{
    const double ahead_s = (double)(int64_t)(stamp_ns - s->last_ns) * 1e-9;
    const double passed_s = ob_s_from_ns(now_ns - s->origin_at_ns) - device_s(s, s->last_ns) -
                            ob_envelope_fit_offset_s(&s->fit, device_s(s, s->last_ns));
    return ahead_s > -BEHIND_S && ahead_s < passed_s + AHEAD_S;
}

/* A disbelieved stamp; true: it is the third of its kind, and the clock was set. */
static bool clock_was_set(struct ob_pmd_stream *s, int64_t now_ns, uint64_t stamp_ns)
{
    const double step_s = (double)(int64_t)(stamp_ns - s->odd_ns) * 1e-9,
                 passed_s = ob_s_from_ns(now_ns - s->odd_at_ns);
    const bool agrees = s->odd_run > 0 && step_s > 0.0 && step_s < passed_s + AHEAD_S && step_s > passed_s - BEHIND_S;
    s->odd_run = agrees ? s->odd_run + 1 : 1;
    s->odd_ns = stamp_ns;
    s->odd_at_ns = now_ns;
    return s->odd_run >= ODD_AGREE;
}

static float unit_of(const struct ob_pmd_stream *s, const struct ob_pmd_frame *frame)
{
    if (s->type == OB_PMD_ECG)
        return 1e-3f; /* microvolts to millivolts */
    return frame->in_g ? (float)(s->factor * 1e3) : 1.0f;
}

static void pass_on(struct ob_pmd_stream *s, int64_t now_ns, const struct ob_pmd_frame *frame, int64_t last_ns,
                    ob_sensor_emit_fn *emit, void *user)
{
    const int block = OB_EVENT_VALUES_MAX / frame->channels;
    const float unit = unit_of(s, frame);
    for (int at = 0; at < frame->frames; at += block) {
        const int frames = frame->frames - at < block ? frame->frames - at : block;
        int64_t measured_ns = last_ns - (int64_t)((double)(frame->frames - at - frames) * s->period_ns);
        if (measured_ns <= s->measured_ns) /* the line was moved: times rise all the same */
            measured_ns = s->measured_ns + 1;
        s->measured_ns = measured_ns;
        struct ob_event event = ob_sensor_event(OB_EVENT_SAMPLES, measured_ns, now_ns);
        event.u.samples.signal = s->type == OB_PMD_ECG ? OB_SIGNAL_ECG : OB_SIGNAL_ACC;
        event.u.samples.frames = (uint16_t)frames;
        event.u.samples.channels = (uint16_t)frame->channels;
        event.u.samples.period_ns = s->period_ns;
        for (int i = 0; i < frames * frame->channels; i++)
            event.u.samples.values[i] = (float)frame->values[at * frame->channels + i] * unit;
        emit(user, &event);
    }
    s->frames += (uint64_t)frame->frames;
}

void ob_pmd_stream_frame(struct ob_pmd_stream *s, int64_t now_ns, const struct ob_pmd_frame *frame,
                         ob_sensor_emit_fn *emit, void *user)
{
    if (frame->type != s->type || frame->frames < 1 || frame->channels < 1)
        return;
    const uint64_t stamp_ns = frame->last_ns;
    bool gap = s->broken;
    if (s->running && !possible(s, now_ns, stamp_ns)) {
        s->odd++;
        if (!clock_was_set(s, now_ns, stamp_ns))
            return;
        s->restarts++;
        s->running = false;
        gap = true;
    }
    s->odd_run = 0;
    if (!s->running) {
        begin(s, now_ns, stamp_ns);
    } else if ((int64_t)(stamp_ns - s->last_ns) <= 0) {
        s->duplicates++;
        return;
    } else {
        const double step_ns = (double)(int64_t)(stamp_ns - s->last_ns), span_ns = frame->frames * s->device_period_ns;
        const double most_ns = fmax(1.5 * s->device_period_ns, 0.25 * span_ns);
        if (step_ns < span_ns - most_ns) { /* it overlaps what came before: a sample cannot be in two frames */
            s->duplicates++;
            return;
        }
        gap = gap || step_ns > span_ns + most_ns;
        if (gap) {
            s->run_origin_ns = stamp_ns;
            s->run_frames = 0;
        } else {
            fit_rate(s, stamp_ns, frame->frames);
        }
    }
    const double c_s = device_s(s, stamp_ns);
    ob_envelope_fit_packet(&s->fit, c_s, ob_s_from_ns(now_ns - s->origin_at_ns) - c_s);
    int64_t last_ns = s->origin_at_ns + ob_ns_from_s(c_s + ob_envelope_fit_offset_s(&s->fit, c_s));
    if (last_ns > now_ns)
        last_ns = now_ns;
    s->period_ns = s->device_period_ns * (1.0 + s->fit.drift_ppm * 1e-6);
    if (gap && (s->frames > 0) && !s->broken)
        tell_gap(s, last_ns - (int64_t)(frame->frames * s->period_ns), now_ns, emit, user);
    s->broken = false;
    s->last_ns = stamp_ns;
    s->arrived_ns = now_ns;
    s->age_ns = now_ns - last_ns;
    pass_on(s, now_ns, frame, last_ns, emit, user);
}
