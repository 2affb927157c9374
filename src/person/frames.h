/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue of the frames of one signal, each with its number since the start. When full the oldest go, counted.
 * Private to the room. */
#ifndef OB_PERSON_FRAMES_H
#define OB_PERSON_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

struct ob_person_frames {
    float *values;    /* capacity * channels, owned */
    int64_t *numbers; /* capacity, owned */
    int channels, capacity, first, count;
    uint64_t lost;
};

bool ob_person_frames_init(struct ob_person_frames *frames, int channels, int capacity); /* false: no memory */
void ob_person_frames_finish(struct ob_person_frames *frames);
void ob_person_frames_push(struct ob_person_frames *frames, int64_t number, const float *frame);

/* Takes frames of successive numbers, none above last_number; returns how many. number_out: of the last one taken. */
int ob_person_frames_take(struct ob_person_frames *frames, float *out, int max_frames, int64_t last_number,
                          int64_t *number_out);

#endif
