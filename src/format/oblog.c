/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/oblog.h"

#include "base/crc32c.h"
#include "base/mark.h"
#include "format/bytes.h"

#include <string.h>

static const unsigned char magic[8] = {'O', 'B', 'L', 'O', 'G', '\r', '\n', 0x1a};

#define HEAD_SIZE   8  /* length and checksum */
#define COMMON_SIZE 32 /* what every payload begins with */
#define PLAN_SIZE   75
#define PLAN_OLD    74 /* of minor versions 0 and 1 */
#define PHASE_SIZE  72
#define MARK_HEAD   6

size_t ob_oblog_encode_header(unsigned char out[OB_OBLOG_HEADER_SIZE])
{
    memcpy(out, magic, sizeof magic);
    unsigned char *p = ob_put_u16(out + sizeof magic, OB_OBLOG_MAJOR);
    p = ob_put_u16(p, OB_OBLOG_MINOR);
    ob_put_u32(p, ob_crc32c(0, out, 12));
    return OB_OBLOG_HEADER_SIZE;
}

static unsigned char *put_plan(unsigned char *p, const struct ob_session_plan *plan)
{
    const double numbers[8] = {plan->minutes,   plan->start_brpm, plan->target_brpm, plan->inhale_share,
                               plan->hold_in_s, plan->hold_out_s, plan->unpaced_s,   plan->baseline_rsa_bpm};
    for (int i = 0; i < 8; i++)
        p = ob_put_f64(p, numbers[i]);
    p = ob_put_u64(p, plan->seed);
    *p++ = plan->simulated;
    *p++ = plan->fixed_pace;
    *p++ = plan->adaptive;
    return p;
}

static void get_plan(const unsigned char *p, size_t size, struct ob_session_plan *plan)
{
    double *const numbers[8] = {&plan->minutes,   &plan->start_brpm, &plan->target_brpm, &plan->inhale_share,
                                &plan->hold_in_s, &plan->hold_out_s, &plan->unpaced_s,   &plan->baseline_rsa_bpm};
    for (int i = 0; i < 8; i++)
        *numbers[i] = ob_get_f64(p + 8 * i);
    plan->seed = ob_get_u64(p + 64);
    plan->simulated = p[72] != 0;
    plan->fixed_pace = p[73] != 0;
    plan->adaptive = size > PLAN_OLD && p[74] != 0;
}

static unsigned char *put_phase(unsigned char *p, const struct ob_session_phase *phase)
{
    const double numbers[8] = {phase->seconds,   phase->from_brpm,  phase->to_brpm,       phase->inhale_share,
                               phase->hold_in_s, phase->hold_out_s, phase->sound_from_db, phase->sound_to_db};
    p = ob_put_u32(p, phase->kind);
    p = ob_put_u32(p, phase->flags);
    for (int i = 0; i < 8; i++)
        p = ob_put_f64(p, numbers[i]);
    return p;
}

static void get_phase(const unsigned char *p, struct ob_session_phase *phase)
{
    double *const numbers[8] = {&phase->seconds,   &phase->from_brpm,  &phase->to_brpm,       &phase->inhale_share,
                                &phase->hold_in_s, &phase->hold_out_s, &phase->sound_from_db, &phase->sound_to_db};
    phase->kind = ob_get_u32(p);
    phase->flags = ob_get_u32(p + 4);
    for (int i = 0; i < 8; i++)
        *numbers[i] = ob_get_f64(p + 8 + 8 * i);
}

size_t ob_oblog_encode(const struct ob_event *event, unsigned char out[OB_OBLOG_RECORD_MAX])
{
    if (event->kind >= OB_EVENT_KINDS)
        return 0;
    const uint32_t values = (uint32_t)event->u.samples.frames * event->u.samples.channels;
    if (event->kind == OB_EVENT_SAMPLES &&
        (values > OB_EVENT_VALUES_MAX || event->u.samples.signal >= OB_SIGNAL_KINDS ||
         (values == 0 && event->u.samples.frames > 0)))
        return 0;
    size_t words = 0;
    if (event->kind == OB_EVENT_MARK) {
        const char *end = memchr(event->u.mark.words, 0, sizeof event->u.mark.words);
        if (event->u.mark.label >= OB_MARK_LABELS || !end)
            return 0;
        words = (size_t)(end - event->u.mark.words);
    }
    unsigned char *p = out + HEAD_SIZE;
    p = ob_put_u16(p, (uint16_t)event->kind);
    p = ob_put_u16(p, 0);
    p = ob_put_u32(p, event->source);
    p = ob_put_u64(p, (uint64_t)event->measured_ns);
    p = ob_put_u64(p, (uint64_t)event->arrived_ns);
    p = ob_put_u64(p, (uint64_t)event->applied_ns);
    switch (event->kind) {
    case OB_EVENT_BEGIN:
        p = put_plan(p, &event->u.plan);
        break;
    case OB_EVENT_PHASE:
        p = put_phase(p, &event->u.phase);
        break;
    case OB_EVENT_PAST:
        memcpy(p, event->u.past.pace, OB_EVENT_PAST_MAX);
        p += OB_EVENT_PAST_MAX;
        break;
    case OB_EVENT_RR:
        p = ob_put_f64(p, event->u.rr.rr_ms);
        p = ob_put_u32(p, event->u.rr.beats);
        p = ob_put_f32(p, event->u.rr.quality_01);
        break;
    case OB_EVENT_SAMPLES:
        p = ob_put_u32(p, event->u.samples.signal);
        p = ob_put_u16(p, event->u.samples.frames);
        p = ob_put_u16(p, event->u.samples.channels);
        p = ob_put_f64(p, event->u.samples.period_ns);
        for (uint32_t i = 0; i < values; i++)
            p = ob_put_f32(p, event->u.samples.values[i]);
        break;
    case OB_EVENT_CONTACT:
        *p++ = event->u.contact.supported;
        *p++ = event->u.contact.touching;
        break;
    case OB_EVENT_COMMAND:
        p = ob_put_u32(p, event->u.command.code);
        p = ob_put_f64(p, event->u.command.value);
        break;
    case OB_EVENT_MARK:
        p = ob_put_u32(p, event->u.mark.label);
        p = ob_put_u16(p, (uint16_t)words);
        memcpy(p, event->u.mark.words, words);
        p += words;
        break;
    default:
        break;
    }
    const size_t payload = (size_t)(p - out) - HEAD_SIZE;
    ob_put_u32(out, (uint32_t)payload);
    ob_put_u32(out + 4, ob_crc32c(ob_crc32c(0, out, 4), out + HEAD_SIZE, payload));
    return HEAD_SIZE + payload;
}

void ob_oblog_decoder_init(struct ob_oblog_decoder *decoder)
{
    memset(decoder, 0, sizeof *decoder);
}

static enum ob_oblog_stop check_header(struct ob_oblog_decoder *decoder)
{
    const unsigned char *p = decoder->record;
    if (memcmp(p, magic, sizeof magic) != 0 || ob_get_u32(p + 12) != ob_crc32c(0, p, 12))
        return OB_OBLOG_NOT_A_LOG;
    if (ob_get_u16(p + 8) != OB_OBLOG_MAJOR)
        return OB_OBLOG_NEWER;
    decoder->minor = ob_get_u16(p + 10);
    return OB_OBLOG_GOING;
}

/* A body must have exactly the size of its kind; a newer minor version may have put more behind it. */
static bool size_fits(const struct ob_oblog_decoder *decoder, size_t size, size_t wanted)
{
    return size == wanted || (size > wanted && decoder->minor > OB_OBLOG_MINOR);
}

static bool is_flag(unsigned char byte)
{
    return byte <= 1;
}

static bool get_mark(const struct ob_oblog_decoder *decoder, const unsigned char *p, size_t size,
                     struct ob_event *event)
{
    if (size < MARK_HEAD)
        return false;
    const size_t length = ob_get_u16(p + 4);
    if (ob_get_u32(p) >= OB_MARK_LABELS || length >= OB_EVENT_WORDS_MAX ||
        !size_fits(decoder, size, MARK_HEAD + length) || memchr(p + MARK_HEAD, 0, length))
        return false;
    event->u.mark.label = ob_get_u32(p);
    memcpy(event->u.mark.words, p + MARK_HEAD, length);
    return true;
}

/* The part of a payload behind the common one. False: it contradicts itself. */
static bool get_body(const struct ob_oblog_decoder *decoder, const unsigned char *p, size_t size,
                     struct ob_event *event)
{
    switch (event->kind) {
    case OB_EVENT_BEGIN:
        if ((!size_fits(decoder, size, PLAN_SIZE) && size != PLAN_OLD) || !is_flag(p[72]) || !is_flag(p[73]) ||
            (size > PLAN_OLD && !is_flag(p[74])))
            return false;
        get_plan(p, size, &event->u.plan);
        return true;
    case OB_EVENT_PHASE:
        if (!size_fits(decoder, size, PHASE_SIZE))
            return false;
        get_phase(p, &event->u.phase);
        return true;
    case OB_EVENT_PAST:
        if (!size_fits(decoder, size, OB_EVENT_PAST_MAX))
            return false;
        memcpy(event->u.past.pace, p, OB_EVENT_PAST_MAX);
        return true;
    case OB_EVENT_RR:
        if (!size_fits(decoder, size, 16))
            return false;
        event->u.rr.rr_ms = ob_get_f64(p);
        event->u.rr.beats = ob_get_u32(p + 8);
        event->u.rr.quality_01 = ob_get_f32(p + 12);
        return true;
    case OB_EVENT_SAMPLES: {
        if (size < 16)
            return false;
        const uint16_t frames = ob_get_u16(p + 4), channels = ob_get_u16(p + 6);
        const uint32_t values = (uint32_t)frames * channels;
        if (values > OB_EVENT_VALUES_MAX || (values == 0 && frames > 0) || ob_get_u32(p) >= OB_SIGNAL_KINDS ||
            !size_fits(decoder, size, 16 + 4 * (size_t)values))
            return false;
        event->u.samples.signal = ob_get_u32(p);
        event->u.samples.frames = frames;
        event->u.samples.channels = channels;
        event->u.samples.period_ns = ob_get_f64(p + 8);
        for (uint32_t i = 0; i < values; i++)
            event->u.samples.values[i] = ob_get_f32(p + 16 + 4 * i);
        return true;
    }
    case OB_EVENT_CONTACT:
        if (!size_fits(decoder, size, 2) || !is_flag(p[0]) || !is_flag(p[1]))
            return false;
        event->u.contact.supported = p[0] != 0;
        event->u.contact.touching = p[1] != 0;
        return true;
    case OB_EVENT_COMMAND:
        if (!size_fits(decoder, size, 12))
            return false;
        event->u.command.code = ob_get_u32(p);
        event->u.command.value = ob_get_f64(p + 4);
        return true;
    case OB_EVENT_MARK:
        return get_mark(decoder, p, size, event);
    default:
        return size_fits(decoder, size, 0);
    }
}

/* One whole record with a good checksum. True: an event is in *event_out. */
static bool take_record(struct ob_oblog_decoder *decoder, size_t payload, struct ob_event *event_out)
{
    const unsigned char *p = decoder->record + HEAD_SIZE;
    const uint32_t kind = ob_get_u16(p);
    if (kind >= OB_EVENT_KINDS && decoder->minor > OB_OBLOG_MINOR) {
        decoder->skipped++;
        return false;
    }
    memset(event_out, 0, sizeof *event_out);
    event_out->kind = kind;
    event_out->source = ob_get_u32(p + 4);
    event_out->measured_ns = (int64_t)ob_get_u64(p + 8);
    event_out->arrived_ns = (int64_t)ob_get_u64(p + 16);
    event_out->applied_ns = (int64_t)ob_get_u64(p + 24);
    if (kind >= OB_EVENT_KINDS || ob_get_u16(p + 2) != 0 ||
        !get_body(decoder, p + COMMON_SIZE, payload - COMMON_SIZE, event_out)) {
        decoder->stop = OB_OBLOG_STRANGE;
        return false;
    }
    decoder->events++;
    return true;
}

/* Moves bytes over until `wanted` are there. False: not enough of them yet. */
static bool gather(struct ob_oblog_decoder *decoder, size_t wanted, const unsigned char **bytes, size_t *count)
{
    const size_t lacking = wanted > decoder->have ? wanted - decoder->have : 0;
    const size_t take = lacking < *count ? lacking : *count;
    if (take > 0)
        memcpy(decoder->record + decoder->have, *bytes, take);
    decoder->have += take;
    *bytes += take;
    *count -= take;
    return decoder->have >= wanted;
}

bool ob_oblog_next(struct ob_oblog_decoder *decoder, const unsigned char **bytes, size_t *count,
                   struct ob_event *event_out)
{
    while (*count > 0 && decoder->stop == OB_OBLOG_GOING) {
        if (!decoder->in_records) {
            if (!gather(decoder, OB_OBLOG_HEADER_SIZE, bytes, count))
                return false;
            decoder->stop = check_header(decoder);
            if (decoder->stop != OB_OBLOG_GOING)
                return false;
            decoder->in_records = true;
            decoder->good_bytes = OB_OBLOG_HEADER_SIZE;
            decoder->have = 0;
            continue;
        }
        if (!gather(decoder, HEAD_SIZE, bytes, count))
            return false;
        const size_t payload = ob_get_u32(decoder->record);
        if (payload < COMMON_SIZE || payload > OB_OBLOG_PAYLOAD_MAX) {
            decoder->stop = OB_OBLOG_DAMAGED;
            return false;
        }
        if (!gather(decoder, HEAD_SIZE + payload, bytes, count))
            return false;
        const uint32_t crc = ob_crc32c(ob_crc32c(0, decoder->record, 4), decoder->record + HEAD_SIZE, payload);
        if (crc != ob_get_u32(decoder->record + 4)) {
            decoder->stop = OB_OBLOG_DAMAGED;
            return false;
        }
        const bool got = take_record(decoder, payload, event_out);
        if (decoder->stop != OB_OBLOG_GOING)
            return false;
        decoder->good_bytes += HEAD_SIZE + payload;
        decoder->have = 0;
        if (got)
            return true;
    }
    return false;
}

enum ob_oblog_stop ob_oblog_finish(struct ob_oblog_decoder *decoder)
{
    if (decoder->stop != OB_OBLOG_GOING)
        return decoder->stop;
    if (decoder->in_records)
        decoder->stop = decoder->have == 0 ? OB_OBLOG_END : OB_OBLOG_TORN;
    else
        decoder->stop = decoder->have == 0 ? OB_OBLOG_EMPTY : OB_OBLOG_NOT_A_LOG;
    return decoder->stop;
}

const char *ob_oblog_stop_text(enum ob_oblog_stop stop)
{
    switch (stop) {
    case OB_OBLOG_GOING:
        return "the log is still being read";
    case OB_OBLOG_END:
        return "the log is whole";
    case OB_OBLOG_EMPTY:
        return "the log is empty";
    case OB_OBLOG_NOT_A_LOG:
        return "this is not an Outbreath event log, or its first bytes are damaged";
    case OB_OBLOG_NEWER:
        return "the log was written by an Outbreath whose format this one does not know";
    case OB_OBLOG_TORN:
        return "the log ends in the middle of a record; what came before it is whole";
    case OB_OBLOG_DAMAGED:
        return "a record is damaged; what came before it is whole";
    case OB_OBLOG_STRANGE:
        return "a record makes no sense; what came before it is whole";
    }
    return "the log can't be read";
}
