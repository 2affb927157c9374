/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The engine behind the event log: whatever somebody's log holds, the loop keeps its promises. The input is the records
 * of a log without its header; checksums are mended, so that mutations get through to the engine. */
#include "base/crc32c.h"
#include "base/time.h"
#include "engine/engine.h"
#include "format/oblog.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct ob_snapshot *s)
{
    const float params[] = {s->params.presence_01, s->params.guidance_01, s->params.feedback_01,
                            s->params.exhale_01,   s->params.tail_01,     s->params.pulse_01,
                            s->params.bloom_01,    s->params.signal_01,   s->params.fit_01};
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        if (!(params[i] >= 0.0f && params[i] <= 1.0f))
            abort();
    const struct ob_value *const values[] = {&s->hr_bpm,      &s->rsa_bpm,  &s->rsa_ms,
                                             &s->breath_brpm, &s->fit_01,   &s->concentration_01,
                                             &s->coherence,   &s->rmssd_ms, &s->artefact_share_01};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (!isfinite(values[i]->value) || values[i]->value < 0.0)
            abort();
    if (!(s->pacer.phase_turns >= 0.0 && s->pacer.phase_turns < 1.0) || !isfinite(s->quality_01))
        abort();
}

/* Gives every record the checksum that it ought to have. */
static void mend(unsigned char *bytes, size_t size)
{
    for (size_t at = 0; at + 8 <= size;) {
        const size_t length = bytes[at] | (size_t)bytes[at + 1] << 8;
        bytes[at + 2] = bytes[at + 3] = 0;
        if (at + 8 + length > size)
            return;
        uint32_t crc = ob_crc32c(0, bytes + at, 4);
        crc = ob_crc32c(crc, bytes + at + 8, length);
        for (int i = 0; i < 4; i++)
            bytes[at + 4 + (size_t)i] = (unsigned char)(crc >> (8 * i));
        at += 8 + length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1 << 16)
        return 0;
    unsigned char *bytes = malloc(size + OB_OBLOG_HEADER_SIZE);
    struct ob_oblog_decoder *decoder = malloc(sizeof *decoder);
    struct ob_engine *engine = ob_engine_create();
    if (bytes && decoder && engine) {
        ob_oblog_encode_header(bytes);
        if (size > 0)
            memcpy(bytes + OB_OBLOG_HEADER_SIZE, data, size);
        mend(bytes + OB_OBLOG_HEADER_SIZE, size);
        ob_oblog_decoder_init(decoder);
        const unsigned char *p = bytes;
        size_t count = size + OB_OBLOG_HEADER_SIZE;
        struct ob_event event;
        const struct ob_snapshot *s = ob_engine_snapshot(engine);
        uint64_t ticks = 0;
        while (ticks < 200000 && ob_oblog_next(decoder, &p, &count, &event)) {
            /* Long waits are cut short: they cost time and find nothing. */
            if (event.kind != OB_EVENT_BEGIN && event.applied_ns > s->now_ns &&
                event.applied_ns - s->now_ns < INT64_C(86400) * OB_NS_PER_S)
                event.applied_ns = s->now_ns + (event.applied_ns - s->now_ns) % (20 * OB_NS_PER_S);
            const uint64_t before = s->ticks;
            ob_engine_step(engine, &event);
            ticks += s->ticks > before ? s->ticks - before : 1;
            check(s);
        }
        ob_snapshot_hash(0, s);
    }
    ob_engine_destroy(engine);
    free(decoder);
    free(bytes);
    return 0;
}
