/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A single-producer single-consumer ring of fixed-size elements in the caller's memory.
 *
 * One thread pushes, one thread pops; neither ever waits. A push into a full ring is refused and counted
 * (the newest is lost): a consumer that needs another policy keeps the ring long enough and watches the count. */
#ifndef OB_BASE_RING_H
#define OB_BASE_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_ring {
    /* immutable after init */
    unsigned char *slots;
    size_t slot_size;
    uint32_t mask;
    /* written by the producer */
    alignas(64) _Atomic uint32_t head;
    _Atomic uint64_t refused;
    /* written by the consumer */
    alignas(64) _Atomic uint32_t tail;
};

/* slots: count * slot_size bytes, owned by the caller and outliving the ring. count: a power of two, at least 2. */
void ob_ring_init(struct ob_ring *ring, void *slots, size_t slot_size, uint32_t count);

/* Producer. False when full (and counted). */
bool ob_ring_push(struct ob_ring *ring, const void *element);

/* Consumer. False when empty. */
bool ob_ring_pop(struct ob_ring *ring, void *element_out);

/* Any thread: how many pushes were refused so far. */
uint64_t ob_ring_refused(const struct ob_ring *ring);

#endif
