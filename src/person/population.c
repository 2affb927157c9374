/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "person/chance.h"
#include "person/person.h"
#include "person/population_table.h"

#include <math.h>

static double normal_within(struct ob_rng *rng, double mean, double sd, double low, double high)
{
    return ob_clamp(mean + sd * ob_rng_normal(rng), low, high);
}

#define EVEN(low, high)             ob_rng_range(&rng, low, high)
#define NORMAL(mean, sd, low, high) normal_within(&rng, mean, sd, low, high)
#define FIXED(value)                (value)

void ob_person_desc_draw(struct ob_person_desc *d, enum ob_person_population population, uint32_t seed)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, OB_PERSON_STREAM_POPULATION);
    const bool odd = population == OB_PERSON_POPULATION_MISSPECIFIED;
    d->seed = seed;
    d->age = EVEN(20.0, 75.0);
    d->hr = NORMAL(67.0, 8.0, 48.0, 95.0);
    d->gain = ob_clamp(25.0 * exp(-0.022 * (fmin(d->age, 60.0) - 20.0) + 0.45 * ob_rng_normal(&rng)), 1.0, 60.0);
#define DRAW(key, main, other) d->key = odd ? (other) : (main);
    OB_PERSON_POPULATION_TABLE(DRAW)
#undef DRAW
}

void ob_person_desc_draw_faults(struct ob_person_desc *d, uint32_t seed)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, OB_PERSON_STREAM_POPULATION_FAULTS);
    /* Both numbers are drawn for every row, so that one row more leaves the others as they were. */
#define DRAW(key, share, limit)                                                                                        \
    {                                                                                                                  \
        const double chance = ob_rng_uniform(&rng), size = EVEN(0.0, limit);                                           \
        d->key = chance < (share) ? size : 0.0;                                                                        \
    }
    OB_PERSON_FAULT_TABLE(DRAW)
#undef DRAW
    if (ob_rng_uniform(&rng) < 0.5)
        d->drift_ppm = -d->drift_ppm;
}

void ob_person_desc_draw_shift(struct ob_person_desc *d, double minutes, uint32_t seed)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, OB_PERSON_STREAM_POPULATION_SHIFT);
    const double chance = ob_rng_uniform(&rng);
    const double at_01 = EVEN(OB_PERSON_SHIFT_FIRST, OB_PERSON_SHIFT_LAST);
    d->shift_at_min = chance < OB_PERSON_SHIFT_SHARE ? at_01 * minutes : -1.0;
    d->shift_bpm = OB_PERSON_SHIFT_BPM;
    d->shift_rate = OB_PERSON_SHIFT_RATE;
    d->shift_gain_pct = OB_PERSON_SHIFT_GAIN;
}
