/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/frames.h"

#include <stdlib.h>
#include <string.h>

bool ob_person_frames_init(struct ob_person_frames *f, int channels, int capacity)
{
    *f = (struct ob_person_frames){.channels = channels, .capacity = capacity};
    f->values = calloc((size_t)capacity * (size_t)channels, sizeof f->values[0]);
    f->numbers = calloc((size_t)capacity, sizeof f->numbers[0]);
    return f->values && f->numbers;
}

void ob_person_frames_finish(struct ob_person_frames *f)
{
    free(f->values);
    free(f->numbers);
    *f = (struct ob_person_frames){0};
}

void ob_person_frames_push(struct ob_person_frames *f, int64_t number, const float *frame)
{
    if (f->count == f->capacity) {
        f->first = (f->first + 1) % f->capacity;
        f->count--;
        f->lost++;
    }
    const int slot = (f->first + f->count) % f->capacity;
    f->numbers[slot] = number;
    memcpy(&f->values[slot * f->channels], frame, (size_t)f->channels * sizeof frame[0]);
    f->count++;
}

int ob_person_frames_take(struct ob_person_frames *f, float *out, int max_frames, int64_t last_number,
                          int64_t *number_out)
{
    int taken = 0;
    while (taken < max_frames && f->count > 0) {
        const int64_t number = f->numbers[f->first];
        if (number > last_number || (taken > 0 && number != *number_out + 1))
            break;
        memcpy(&out[taken * f->channels], &f->values[f->first * f->channels], (size_t)f->channels * sizeof out[0]);
        *number_out = number;
        f->first = (f->first + 1) % f->capacity;
        f->count--;
        taken++;
    }
    return taken;
}
