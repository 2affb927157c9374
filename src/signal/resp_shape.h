/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The size, slope and base line of each beat in a raw signal: what breathing moves. Pure; one thread at a time. */
#ifndef OB_SIGNAL_RESP_SHAPE_H
#define OB_SIGNAL_RESP_SHAPE_H

#include "signal/resp.h"

#include <stddef.h>

#define OB_RESP_TRACE 4096 /* samples kept: 4 s at 1000 Hz */

struct ob_resp_trace {
    enum ob_resp_wave wave;
    double fs_hz;
    double last_index; /* of the newest beat; negative: none since a gap */
    uint64_t count;
    float x[OB_RESP_TRACE];
};

/* fs_hz as the beat detector has it. */
void ob_resp_trace_init(struct ob_resp_trace *trace, enum ob_resp_wave wave, double fs_hz);

/* After a gap: the next beat has no neighbour. Sample numbering goes on. */
void ob_resp_trace_break(struct ob_resp_trace *trace);

/* Every sample that the detector gets, in the same order. */
void ob_resp_trace_push(struct ob_resp_trace *trace, float sample);

/* The same for many, each `stride` floats after the one before. */
void ob_resp_trace_push_many(struct ob_resp_trace *trace, const float *samples, size_t stride, size_t count);

/* A beat that the detector found, by its index. True: shape_out holds what the beat *before* looked like, which is
 * complete only now; that one was at *index_out. Size of an ECG: standard deviation of the 120 ms around R, which does
 * not depend on where samples fall; of a pulse: greatest less smallest value until the next. */
bool ob_resp_trace_beat(struct ob_resp_trace *trace, double index, double *index_out, struct ob_resp_shape *shape_out);

#endif
