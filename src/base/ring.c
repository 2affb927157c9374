/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/ring.h"

#include <assert.h>
#include <string.h>

void ob_ring_init(struct ob_ring *ring, void *slots, size_t slot_size, uint32_t count)
{
    assert(count >= 2 && (count & (count - 1)) == 0);
    ring->slots = slots;
    ring->slot_size = slot_size;
    ring->mask = count - 1;
    atomic_init(&ring->head, 0);
    atomic_init(&ring->tail, 0);
    atomic_init(&ring->refused, 0);
}

bool ob_ring_push(struct ob_ring *ring, const void *element)
{
    const uint32_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    const uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    if (head - tail > ring->mask) {
        atomic_fetch_add_explicit(&ring->refused, 1, memory_order_relaxed);
        return false;
    }
    memcpy(ring->slots + (size_t)(head & ring->mask) * ring->slot_size, element, ring->slot_size);
    atomic_store_explicit(&ring->head, head + 1, memory_order_release);
    return true;
}

bool ob_ring_pop(struct ob_ring *ring, void *element_out)
{
    const uint32_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    const uint32_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    if (head == tail)
        return false;
    memcpy(element_out, ring->slots + (size_t)(tail & ring->mask) * ring->slot_size, ring->slot_size);
    atomic_store_explicit(&ring->tail, tail + 1, memory_order_release);
    return true;
}

uint64_t ob_ring_refused(const struct ob_ring *ring)
{
    return atomic_load_explicit(&ring->refused, memory_order_relaxed);
}
