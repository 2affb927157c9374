/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events as a test hears them, kept in order. */
#ifndef OB_TESTS_SENSOR_HEARD_H
#define OB_TESTS_SENSOR_HEARD_H

#include "base/event.h"

#include <stddef.h>

#define HEARD_MAX 300000

struct heard {
    size_t count;
    struct ob_event event[HEARD_MAX];
};

static inline void hear_event(void *user, const struct ob_event *event)
{
    struct heard *heard = user;
    if (heard->count < HEARD_MAX)
        heard->event[heard->count++] = *event;
}

static inline size_t heard_of(const struct heard *heard, uint32_t kind)
{
    size_t n = 0;
    for (size_t i = 0; i < heard->count; i++)
        n += heard->event[i].kind == kind;
    return n;
}

#endif
