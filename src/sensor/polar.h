/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conversation with the control point of Polar's measurement-data service: which streams to ask for, with which
 * settings, what to do about a refusal, and how to end. Bytes in, bytes out; no bus and no clock of its own. Pure.
 *
 * What has an ECG sits on a chest: it is asked for its ECG (130 Hz) and for its acceleration (25-52 Hz), from which
 * breathing is read. What has pulse intervals and no ECG is an optical armband: it is asked for those alone. Each
 * stream is asked for its settings, started, and may then take half a minute to warm up. A stream that is refused or
 * falls silent is tried again where that can help; where it cannot, it is given up with a sentence, and whoever owns
 * the connection goes on with the plain heart-rate service.
 *
 * Orders: 01 type (settings), 02 type {id, 1, value} (start), 03 type (stop). One is under way at a time, and its
 * answer may take 5 s. Source: Polar's published measurement-data specification. */
#ifndef OB_SENSOR_POLAR_H
#define OB_SENSOR_POLAR_H

#include "sensor/pmd_decode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_POLAR_ORDER_MAX   32
#define OB_POLAR_STREAMS_MAX 2

enum ob_polar_state {
    OB_POLAR_ASK,     /* for its settings */
    OB_POLAR_START,   /* order it */
    OB_POLAR_STOP,    /* and then start it anew */
    OB_POLAR_WARM_UP, /* started, nothing has come yet */
    OB_POLAR_ON,      /* data come */
    OB_POLAR_LATER,   /* refused for now: tried again by itself */
    OB_POLAR_GIVEN_UP
};

struct ob_polar_stream {
    enum ob_pmd_type type;
    enum ob_polar_state state;
    uint8_t error;   /* why it was last refused, enum ob_pmd_error; 0: it was not */
    bool unanswered; /* given up because no answer or no data came */
    double rate_hz;  /* as started; 0: not said */
    float factor;    /* of its values, from the answer to the start; 1 where not said */
    /* private */
    bool may_be_on; /* a start was ordered and no stop confirmed */
    bool modest;    /* with the first of each setting that is offered, since ours were refused */
    bool stopped_once;
    int tries;
    int64_t due_ns;
    struct ob_pmd_answer offered;
};

struct ob_polar {
    int streams; /* 0: there is nothing that could be asked for; stream[0] is the heart's */
    struct ob_polar_stream stream[OB_POLAR_STREAMS_MAX];
    /* private */
    int asked; /* stream whose answer is awaited; -1: none */
    uint8_t order;
};

/* A new connection. mask: what reading the control point gave, see ob_pmd_decode_features(). */
void ob_polar_begin(struct ob_polar *polar, int64_t now_ns, uint32_t mask);

/* The next order to write, if one is due at now_ns; returns its length, 0: none. */
size_t ob_polar_order(struct ob_polar *polar, int64_t now_ns, unsigned char out[OB_POLAR_ORDER_MAX]);

/* An indication of the control point; what belongs to no order of ours is passed over. */
void ob_polar_answer(struct ob_polar *polar, int64_t now_ns, const unsigned char *bytes, size_t count);

/* The order under way could not be written. */
void ob_polar_failed(struct ob_polar *polar, int64_t now_ns);

/* Data of this kind have come. */
void ob_polar_data(struct ob_polar *polar, int64_t now_ns, enum ob_pmd_type type);

/* When ob_polar_order() wants to be called at the latest; INT64_MAX: never. */
int64_t ob_polar_deadline_ns(const struct ob_polar *polar);

/* At the end, and on every way out: the next stop order of whatever may be on; 0: nothing is. Does not wait for
 * answers. */
size_t ob_polar_leave(struct ob_polar *polar, unsigned char out[OB_POLAR_ORDER_MAX]);

/* The stream of this type; NULL: not asked for. */
const struct ob_polar_stream *ob_polar_stream_of(const struct ob_polar *polar, enum ob_pmd_type type);

/* A sentence for people about the heart's stream: why it does not come, or that it warms up; "" when all is well.
 * Static memory. */
const char *ob_polar_sentence(const struct ob_polar *polar);

#endif
