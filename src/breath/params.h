/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parameters that scenes and synth see, beside the pacer. They know nothing else of a person.
 *
 * All are 0-1 and smooth; a scene may use them as they are. None of them falls because of an artefact, and none
 * of them is a judgement: neutral is 0.5 where it says so. */
#ifndef OB_BREATH_PARAMS_H
#define OB_BREATH_PARAMS_H

#include <stdint.h>

struct ob_params {
    float presence_01; /* the session itself: rises at the start, falls at the end and in a pause */
    float guidance_01; /* how strongly the pacer leads: 1 guided, 0 natural breathing or an unpaced window */
    float feedback_01; /* the slow score; 0.5 is neutral and the floor, 1 the person's own best quarter */
    float exhale_01;   /* this exhale's own reward: grows in the exhale with how much the heart slows in it, stays
                          into the next breath for as long as its tail lasts, and is gone by the next exhale */
    float tail_01;     /* how long this exhale's tail of sound and light is: 0 short, 1 the longest; set by the same
                          slowing and held until the next exhale begins */
    float pulse_01;    /* one soft swell a heart beat, at most two a second; 0 when no beats are known */
    float bloom_01;    /* the exhale moment: a slow swell of a minute, 0 otherwise */
    float signal_01;   /* 1: fresh and trusted heart data, 0: none, plain pacing */
    float fit_01;      /* how well heart rate follows the pacer (R squared), 0 when not known */
};

#endif
