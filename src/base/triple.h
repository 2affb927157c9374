/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A triple buffer: one writer publishes whole values, one reader always sees the newest complete one.
 * Neither waits, allocates or copies; values that nobody read in time are simply replaced. */
#ifndef OB_BASE_TRIPLE_H
#define OB_BASE_TRIPLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct ob_triple {
    unsigned char *slots; /* immutable after init */
    size_t slot_size;
    unsigned write_slot;     /* writer only */
    unsigned read_slot;      /* reader only */
    _Atomic unsigned shared; /* index of the slot between them, bit 2: it is fresh */
};

/* slots: 3 * slot_size bytes, owned by the caller; their present contents are what a reader sees before the
 * first publication. */
void ob_triple_init(struct ob_triple *triple, void *slots, size_t slot_size);

/* Writer: the slot to fill, valid until the next publish. Its old contents are stale: fill it wholly. */
void *ob_triple_back(struct ob_triple *triple);

/* Writer: makes the filled slot the newest. */
void ob_triple_publish(struct ob_triple *triple);

/* Reader: the newest published value, valid until the reader's next call. fresh_out may be NULL. */
const void *ob_triple_read(struct ob_triple *triple, bool *fresh_out);

#endif
