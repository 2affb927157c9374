/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A moving sum of constant cost that never drifts: whenever its ring wraps, the sum is replaced by one that was
 * added up afresh, so that a single huge sample leaves nothing behind. Private to the room. */
#ifndef OB_SIGNAL_BOX_H
#define OB_SIGNAL_BOX_H

#include <math.h>

#define OB_BOX_MAX 32

struct ob_box {
    double ring[OB_BOX_MAX];
    double sum, fresh;
    int length, pos;
};

static inline void ob_box_init(struct ob_box *box, int length)
{
    *box = (struct ob_box){.length = length};
}

/* The sum of the last `length` values. */
static inline double ob_box_push(struct ob_box *box, double value)
{
    box->sum += value - box->ring[box->pos];
    box->fresh += value;
    box->ring[box->pos] = value;
    if (++box->pos == box->length) {
        box->pos = 0;
        box->sum = box->fresh;
        box->fresh = 0.0;
    }
    return box->sum;
}

/* As if it had seen this value always. */
static inline void ob_box_fill(struct ob_box *box, double value)
{
    for (int i = 0; i < box->length; i++)
        ob_box_push(box, value);
}

#endif
