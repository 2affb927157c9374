/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/serial_stream.h"

#include "base/time.h"

#include <string.h>

#define BLOCK_AGE_NS (40 * OB_NS_PER_MS)
#define SILENCE_NS   (1 * OB_NS_PER_S)     /* silence in a stream of samples: some are lost */
#define BEAT_LATE_NS (1500 * OB_NS_PER_MS) /* a beat that comes so much later than its interval: others are lost */

void ob_serial_stream_init(struct ob_serial_stream *stream, enum ob_serial_format format, double fs_hz, int signal_kind)
{
    memset(stream, 0, sizeof *stream);
    stream->contact = -1;
    stream->signal_kind = signal_kind;
    ob_serial_decode_init(&stream->decode, format);
    ob_rate_fit_init(&stream->fit, fs_hz);
}

static struct ob_event blank(const struct ob_serial_stream *s, uint32_t kind)
{
    struct ob_event event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.measured_ns = event.arrived_ns = s->now_ns;
    return event;
}

/* ---- samples ---- */

static uint32_t heart_signal(const struct ob_serial_stream *s)
{
    if (s->signal_kind > 0)
        return (uint32_t)s->signal_kind - 1;
    switch (s->decode.format) {
    case OB_SERIAL_PULSESENSOR:
    case OB_SERIAL_PLOTTER:
        return OB_SIGNAL_PPG;
    default:
        return s->decode.pulse ? OB_SIGNAL_PPG : OB_SIGNAL_ECG;
    }
}

/* Nothing is sent while the rate is not known: those samples are given up. */
static void flush_block(struct ob_serial_stream *s, struct ob_serial_block *block)
{
    const uint16_t frames = block->event.u.samples.frames;
    block->event.u.samples.frames = 0;
    if (frames == 0 || !ob_rate_fit_ready(&s->fit) || !ob_serial_decode_trusted(&s->decode))
        return;
    struct ob_event event = blank(s, OB_EVENT_SAMPLES);
    event.u.samples = block->event.u.samples;
    event.u.samples.frames = frames;
    event.u.samples.channels = 1;
    event.u.samples.signal = block == &s->heart ? heart_signal(s) : OB_SIGNAL_RESP;
    event.u.samples.period_ns = s->fit.period_ns;
    for (int i = frames; i < OB_EVENT_VALUES_MAX; i++)
        event.u.samples.values[i] = 0.0f;
    event.measured_ns = ob_rate_fit_newest_ns(&s->fit, s->now_ns);
    s->age_ns = event.arrived_ns - event.measured_ns;
    s->emit(s->emit_user, &event);
}

static void drop_blocks(struct ob_serial_stream *s)
{
    s->heart.event.u.samples.frames = s->breath.event.u.samples.frames = 0;
}

static void tell_gap(struct ob_serial_stream *s)
{
    if (s->gap_told)
        return;
    const struct ob_event event = blank(s, OB_EVENT_GAP);
    s->emit(s->emit_user, &event);
    s->gap_told = true;
    s->beat_ns = 0;
}

void ob_serial_stream_end(struct ob_serial_stream *s)
{
    if (s->batch == 0)
        return;
    ob_rate_fit_batch(&s->fit, s->batch, s->now_ns);
    s->batch = 0;
    if (s->fit.broken) {
        drop_blocks(s);
        tell_gap(s);
        ob_rate_fit_restart(&s->fit);
    }
}

/* Both signals have the same rate and come together, so that the newest sample of each has the same time. */
static void take_sample(struct ob_serial_stream *s, struct ob_serial_block *block, float value)
{
    if (block == &s->heart) {
        if (s->sample_heard_ns != 0 && s->now_ns - s->sample_heard_ns > SILENCE_NS) {
            drop_blocks(s);
            tell_gap(s);
            ob_rate_fit_restart(&s->fit);
        }
        if (s->heart.event.u.samples.frames == OB_EVENT_VALUES_MAX) {
            /* More of this batch follows: only its end says when it came. */
            ob_rate_fit_count(&s->fit, s->batch, s->now_ns);
            s->batch = 0;
            flush_block(s, &s->heart);
            flush_block(s, &s->breath);
        }
        s->sample_heard_ns = s->now_ns;
        s->gap_told = false;
        s->batch++;
    }
    if (block->event.u.samples.frames == OB_EVENT_VALUES_MAX)
        return;
    if (block->event.u.samples.frames == 0)
        block->since_ns = s->now_ns;
    block->event.u.samples.values[block->event.u.samples.frames++] = value;
}

int64_t ob_serial_stream_due_ns(const struct ob_serial_stream *s)
{
    return s->heart.event.u.samples.frames > 0 ? s->heart.since_ns + BLOCK_AGE_NS : INT64_MAX;
}

void ob_serial_stream_flush(struct ob_serial_stream *s)
{
    if (s->now_ns < ob_serial_stream_due_ns(s))
        return;
    flush_block(s, &s->heart);
    flush_block(s, &s->breath);
}

/* ---- beats ---- */

static void send_beat(struct ob_serial_stream *s, float rr_ms, int64_t measured_ns)
{
    struct ob_event event = blank(s, OB_EVENT_RR);
    event.measured_ns = measured_ns;
    event.u.rr.rr_ms = (double)rr_ms;
    event.u.rr.beats = OB_BEATS_PPG;
    event.u.rr.quality_01 = s->decode.good_01;
    s->age_ns = event.arrived_ns - measured_ns;
    s->emit(s->emit_user, &event);
}

static void take_interval(struct ob_serial_stream *s, float rr_ms)
{
    if (!ob_serial_decode_trusted(&s->decode)) {
        tell_gap(s);
        return;
    }
    const int64_t rr_ns = ob_ns_from_s((double)rr_ms * 1e-3);
    if (s->beat_ns != 0 && s->now_ns - s->beat_ns > rr_ns + BEAT_LATE_NS)
        tell_gap(s);
    send_beat(s, rr_ms, s->now_ns);
    s->beat_ns = s->now_ns;
    s->gap_told = false;
}

/* A plotter says its last interval with every sample. It changes with a beat; when it took more than one interval to
 * change, the beats between had the same interval as the one before. */
static void take_interval_state(struct ob_serial_stream *s, float rr_ms)
{
    if (rr_ms == s->state_ms)
        return;
    const float before_ms = s->state_ms;
    const int64_t before_ns = ob_ns_from_s((double)before_ms * 1e-3), rr_ns = ob_ns_from_s((double)rr_ms * 1e-3);
    s->state_ms = rr_ms;
    if (s->beat_ns != 0 && before_ns > 0) {
        int64_t at = s->beat_ns + before_ns;
        for (int i = 0; i < 3 && at + rr_ns < s->now_ns + rr_ns / 4; i++, at += before_ns) {
            send_beat(s, before_ms, at);
            s->beat_ns = at;
        }
    }
    take_interval(s, rr_ms);
}

static void tell_contact(struct ob_serial_stream *s, bool touching)
{
    if (s->contact == (int)touching)
        return;
    s->contact = touching;
    struct ob_event event = blank(s, OB_EVENT_CONTACT);
    event.u.contact.supported = true;
    event.u.contact.touching = touching;
    s->emit(s->emit_user, &event);
    if (!touching) {
        ob_serial_stream_end(s);
        flush_block(s, &s->heart);
        flush_block(s, &s->breath);
        tell_gap(s);
    }
}

static void take_item(struct ob_serial_stream *s, const struct ob_serial_item *item)
{
    switch (item->kind) {
    case OB_SERIAL_SAMPLE:
        if (s->contact == 0)
            tell_contact(s, true);
        take_sample(s, &s->heart, item->value);
        break;
    case OB_SERIAL_BREATH:
        take_sample(s, &s->breath, item->value);
        break;
    case OB_SERIAL_INTERVAL:
        take_interval(s, item->value);
        break;
    case OB_SERIAL_INTERVAL_STATE:
        take_interval_state(s, item->value);
        break;
    case OB_SERIAL_NO_INTERVAL:
        tell_gap(s);
        break;
    case OB_SERIAL_LEADS_OFF:
        tell_contact(s, false);
        break;
    }
}

void ob_serial_stream_begin(struct ob_serial_stream *s, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    s->now_ns = now_ns;
    s->emit = emit;
    s->emit_user = user;
}

void ob_serial_stream_bytes(struct ob_serial_stream *s, const unsigned char *bytes, size_t count)
{
    struct ob_serial_item item;
    while (ob_serial_decode_next(&s->decode, &bytes, &count, &item))
        take_item(s, &item);
}

void ob_serial_stream_break(struct ob_serial_stream *s)
{
    drop_blocks(s);
    s->batch = 0;
    if (s->sample_heard_ns != 0 || s->beat_ns != 0)
        tell_gap(s);
    ob_serial_decode_break(&s->decode);
    ob_rate_fit_restart(&s->fit);
    s->sample_heard_ns = 0;
    s->beat_ns = 0;
    s->state_ms = 0.0f;
    s->contact = -1;
}
