/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small pieces that every event and every snapshot passes through. */
#include "base/crc32c.h"
#include "base/event.h"
#include "base/ring.h"
#include "base/triple.h"
#include "bench.h"

#include "engine/snapshot.h"

struct pieces {
    struct ob_ring ring;
    struct ob_triple triple;
    struct ob_event slots[64];
    struct ob_snapshot shelves[3];
    struct ob_snapshot newest;
    uint32_t crc;
};

static void *create(void)
{
    struct pieces *p = aligned_alloc(64, (sizeof *p + 63) / 64 * 64);
    if (!p)
        exit(1);
    memset(p, 0, sizeof *p);
    ob_ring_init(&p->ring, p->slots, sizeof p->slots[0], 64);
    ob_triple_init(&p->triple, p->shelves, sizeof p->shelves[0]);
    return p;
}

static void ring_through(void *state)
{
    struct pieces *p = state;
    struct ob_event event = {0};
    ob_ring_push(&p->ring, &event);
    ob_ring_pop(&p->ring, &event);
}

static void snapshot_across(void *state)
{
    struct pieces *p = state;
    memcpy(ob_triple_back(&p->triple), &p->newest, sizeof p->newest);
    ob_triple_publish(&p->triple);
    const struct ob_snapshot *seen = ob_triple_read(&p->triple, NULL);
    p->newest.ticks = seen->ticks + 1;
}

static void checksum(void *state)
{
    struct pieces *p = state;
    p->crc = ob_crc32c(p->crc, p->slots, sizeof p->slots[0]);
}

static const struct bench_case cases[] = {
    {.name = "event through a ring",
     .unit = "event",
     .create = create,
     .step = ring_through,
     .destroy = free,
     .batch = 100},
    {.name = "snapshot across threads",
     .unit = "snapshot",
     .create = create,
     .step = snapshot_across,
     .destroy = free,
     .batch = 20},
    {.name = "checksum of an event",
     .unit = "event",
     .create = create,
     .step = checksum,
     .destroy = free,
     .batch = 100},
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
