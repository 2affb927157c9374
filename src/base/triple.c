/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/triple.h"

#define FRESH 4u

void ob_triple_init(struct ob_triple *triple, void *slots, size_t slot_size)
{
    triple->slots = slots;
    triple->slot_size = slot_size;
    triple->write_slot = 0;
    triple->read_slot = 2;
    atomic_init(&triple->shared, 1);
}

void *ob_triple_back(struct ob_triple *triple)
{
    return triple->slots + triple->write_slot * triple->slot_size;
}

void ob_triple_publish(struct ob_triple *triple)
{
    const unsigned old = atomic_exchange_explicit(&triple->shared, triple->write_slot | FRESH, memory_order_acq_rel);
    triple->write_slot = old & 3u;
}

const void *ob_triple_read(struct ob_triple *triple, bool *fresh_out)
{
    const bool fresh = (atomic_load_explicit(&triple->shared, memory_order_relaxed) & FRESH) != 0;
    if (fresh) {
        const unsigned old = atomic_exchange_explicit(&triple->shared, triple->read_slot, memory_order_acq_rel);
        triple->read_slot = old & 3u;
    }
    if (fresh_out)
        *fresh_out = fresh;
    return triple->slots + triple->read_slot * triple->slot_size;
}
