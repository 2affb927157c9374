/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/wires.h"

#include "app/session/cue.h"
#include "os/clock.h"

#include <string.h>

enum ob_err ob_wires_init(struct ob_wires *wires)
{
    memset(wires, 0, sizeof *wires);
    ob_ring_init(&wires->sensor_ring, wires->sensor_slots, sizeof wires->sensor_slots[0], OB_WIRES_RING);
    ob_triple_init(&wires->to_main, wires->main_slots, sizeof wires->main_slots[0]);
    ob_triple_init(&wires->to_sound, wires->sound_slots, sizeof wires->sound_slots[0]);
    ob_triple_init(&wires->to_hub, wires->hub_slots, sizeof wires->hub_slots[0]);
    return ob_wake_init(&wires->wake);
}

void ob_wires_finish(struct ob_wires *wires)
{
    ob_wake_finish(&wires->wake);
}

static void hand(struct ob_triple *triple, const struct ob_snapshot *snapshot)
{
    memcpy(ob_triple_back(triple), snapshot, sizeof *snapshot);
    ob_triple_publish(triple);
}

static const struct ob_snapshot nobody;

void ob_wires_begin(struct ob_wires *wires)
{
    ob_wires_rest(wires, NULL); /* what came before it began is not of this session */
    if (wires->console)         /* where the one before stood until now */
        ob_console_publish(wires->console, &nobody);
    wires->rests = false;
}

void ob_wires_publish(struct ob_wires *wires, const struct ob_snapshot *snapshot)
{
    hand(&wires->to_main, snapshot);
    hand(&wires->to_sound, snapshot);
    hand(&wires->to_hub, snapshot);
    if (wires->console)
        ob_console_publish(wires->console, snapshot);
}

void ob_wires_rest(struct ob_wires *wires, const struct ob_snapshot *heard)
{
    if (!wires->rests || wires->heard != heard) {
        hand(&wires->to_main, &nobody);
        hand(&wires->to_hub, &nobody);
        hand(&wires->to_sound, heard ? heard : &nobody);
        wires->rests = true;
        wires->heard = heard;
    }
    struct ob_event event;
    while (ob_ring_pop(&wires->sensor_ring, &event))
        ;
    ob_wake_clear(&wires->wake);
}

bool ob_wires_hear(void *user, int64_t now_ns, struct ob_person_cue *cue_out)
{
    struct ob_wires *wires = user;
    *cue_out = ob_cue_of(ob_triple_read(&wires->to_hub, NULL), now_ns);
    return true;
}
