/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/person.h"

#include "base/maths.h"
#include "person/chance.h"

#include <math.h>

static double normal_within(struct ob_rng *rng, double mean, double sd, double low, double high)
{
    return ob_clamp(mean + sd * ob_rng_normal(rng), low, high);
}

/* The numbers are those of the design page, part 4; where it gives only a range they are even over it. */
void ob_person_desc_draw(struct ob_person_desc *d, enum ob_person_population population, uint32_t seed)
{
    struct ob_rng rng;
    ob_rng_init(&rng, seed, OB_PERSON_STREAM_POPULATION);
    const bool odd = population == OB_PERSON_POPULATION_MISSPECIFIED;
    d->seed = seed;
    d->age = ob_rng_range(&rng, 20.0, 75.0);
    d->hr = normal_within(&rng, 67.0, 8.0, 48.0, 95.0);
    d->gain = ob_clamp(25.0 * exp(-0.022 * (fmin(d->age, 60.0) - 20.0) + 0.45 * ob_rng_normal(&rng)), 1.0, 60.0);
    d->rf = normal_within(&rng, 5.6, 0.5, 4.5, 6.5);
    d->rho = odd ? ob_rng_range(&rng, 0.1, 0.8) : ob_rng_range(&rng, 0.2, 0.6);
    d->q = odd ? ob_rng_range(&rng, 0.7, 5.0) : ob_rng_range(&rng, 1.0, 3.0);
    d->lead_s = odd ? ob_rng_range(&rng, 0.2, 1.2) : 0.55;
    d->rate = normal_within(&rng, 14.0, 2.5, 8.0, 21.0);
    d->inhale = ob_rng_range(&rng, 0.36, 0.46);
    d->g = odd ? ob_rng_range(&rng, 0.0, 1.0) : ob_rng_range(&rng, 0.0, 0.6);
    d->volume_cv = odd ? ob_rng_range(&rng, 0.2, 0.4) : ob_rng_range(&rng, 0.2, 0.25);
    d->period_cv = ob_rng_range(&rng, 0.06, 0.15);
    d->sighs_per_h = ob_rng_range(&rng, 5.0, 10.0);
    d->compliance = ob_rng_range(&rng, 0.6, 1.0);
    d->coupling = ob_rng_range(&rng, 0.5, 2.0);
    d->lag_s = ob_rng_range(&rng, 0.2, 0.8);
    d->lapses_per_min = ob_rng_range(&rng, 0.0, odd ? 2.0 : 1.0);
    d->noise = odd ? ob_rng_range(&rng, 2.5, 5.0) : ob_rng_range(&rng, 1.8, 3.0);
    d->mayer_bpm = odd ? ob_rng_range(&rng, 0.0, 3.0) : ob_rng_range(&rng, 1.0, 2.0);
    d->habituation_bpm = ob_rng_range(&rng, 0.0, 3.0);
    d->habituation_tau_min = ob_rng_range(&rng, 5.0, 12.0);
    d->jitter_ms = ob_rng_range(&rng, 1.0, 2.0);
}
