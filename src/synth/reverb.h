/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A room: a feedback delay network of eight lines with a Hadamard matrix, damped, two of its lines slowly moving
 * (Jot & Chaigne 1991, AES preprint 3030; Stautner & Puckette 1982, doi:10.2307/3680358), fed through two allpasses a
 * side. It works tick by tick: every line is longer than a tick, so what goes in returns in a later one. */
#ifndef OB_SYNTH_REVERB_H
#define OB_SYNTH_REVERB_H

#include "synth/soundscape.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_REVERB_LINES     8
#define OB_REVERB_DIFFUSERS 4

struct ob_reverb_line {
    float *buffer; /* a part of memory */
    uint32_t size; /* a power of two */
    uint32_t delay;
};

struct ob_reverb {
    float *memory; /* owned */
    struct ob_reverb_line line[OB_REVERB_LINES];
    struct ob_reverb_line diffuser[OB_REVERB_DIFFUSERS];
    uint32_t at; /* of writing, the same count for all lines */
    float damped[OB_REVERB_LINES];
    float gain_short[OB_REVERB_LINES]; /* loop gains of the shortest and the longest ring */
    float gain_long[OB_REVERB_LINES];
    float damping;
    float sway_turns, sway_step; /* of the moving lines */
    float sway_frames;
};

/* Allocates. False without memory. */
bool ob_reverb_init(struct ob_reverb *reverb, double sample_rate_hz);
void ob_reverb_finish(struct ob_reverb *reverb);

/* Adds the room's answer to the sends to left and right of the same buses. OB_RT. */
void ob_reverb_tick(struct ob_reverb *reverb, struct ob_buses *buses);

#endif
