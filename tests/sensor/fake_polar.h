/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The control point of a fake Polar sensor: what it answers to an order, by the published specification. */
#ifndef OB_TESTS_SENSOR_FAKE_POLAR_H
#define OB_TESTS_SENSOR_FAKE_POLAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_polar {
    uint32_t features; /* bit n: has stream n; 0: no such service */
    uint32_t on;       /* streams that run */
    bool mute;         /* answers nothing */
    bool wants_bond, bonded;
    /* the next orders that are refused */
    unsigned char error_order, error_type, error;
    int error_times;
    /* what happened */
    int settings, starts, stops, pairs;
    unsigned rate[8]; /* ordered of each stream */
};

/* Reading the control point. */
size_t fake_polar_read(const struct fake_polar *polar, unsigned char *out);
/* Writing to it; 0: no answer. */
size_t fake_polar_write(struct fake_polar *polar, const unsigned char *bytes, size_t count, unsigned char *out);

#endif
