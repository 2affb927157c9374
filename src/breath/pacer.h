/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pacer: the one breath that tone and picture follow.
 *
 * Its phase is in turns: 0 is the start of an inhale, 1 the end of that breath. A breath is inhale, hold full,
 * exhale, hold empty, as shares of its length. The phase is integrated, never computed from absolute time, so it is
 * continuous through every change of rate; a new ratio begins with a new breath.
 *
 * The engine publishes a *segment*: where the phase stands at a moment and how fast it turns. Synth and renderer
 * evaluate the segment at the time a sound will be heard and a picture will be seen. Pure; any thread. */
#ifndef OB_BREATH_PACER_H
#define OB_BREATH_PACER_H

#include <stdbool.h>
#include <stdint.h>

enum ob_breath_stage { OB_INHALE, OB_HOLD_FULL, OB_EXHALE, OB_HOLD_EMPTY };

struct ob_breath_shape {
    double inhale_01; /* shares of one breath; the four add up to 1 */
    double hold_full_01;
    double exhale_01;
    double hold_empty_01;
};

struct ob_pacer_segment {
    int64_t start_ns;             /* when the phase is phase_turns */
    double phase_turns;           /* [0, 1) */
    double rate_brpm;             /* breaths/min from then on; 0 stands still */
    struct ob_breath_shape shape; /* of the breath under way */
    struct ob_breath_shape next;  /* of the breaths after it */
};

/* The pacer at one moment. */
struct ob_pacer_state {
    double phase_turns; /* [0, 1) */
    enum ob_breath_stage stage;
    double stage_01;  /* how much of the stage has passed */
    double volume_01; /* 0 empty, 1 full: half a cosine up and down, flat in the holds */
    double rate_brpm;
    double to_next_inhale_s;
    double to_next_exhale_s;
};

/* The shape of a breath without or with holds. inhale_share: of inhale plus exhale, clamped to 1/3-1/2. Holds are
 * seconds at rate_brpm; they are shortened if less than half of the breath would be left for breathing. */
struct ob_breath_shape ob_breath_shape_make(double inhale_share, double rate_brpm, double hold_full_s,
                                            double hold_empty_s);

/* The pacer at a time, before or after the segment's start (shape of the breath under way until its end). */
struct ob_pacer_state ob_pacer_at(const struct ob_pacer_segment *segment, int64_t time_ns);

/* A segment that starts at time_ns where this one has then arrived, with its rate changed. The phase does not move. */
struct ob_pacer_segment ob_pacer_continue(const struct ob_pacer_segment *segment, int64_t time_ns, double rate_brpm);

#endif
