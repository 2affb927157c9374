/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/chance.h"

#include <math.h>

void ob_person_ou_init(struct ob_person_ou *ou, struct ob_rng *rng, double sd, double tau_s)
{
    ou->keep = exp(-OB_PERSON_STEP_S / tau_s);
    ou->kick = sd * sqrt(1.0 - ou->keep * ou->keep);
    ou->value = sd * ob_rng_normal(rng);
}

double ob_person_ou_step(struct ob_person_ou *ou, struct ob_rng *rng)
{
    ou->value = ou->keep * ou->value + ou->kick * ob_rng_normal(rng);
    return ou->value;
}

double ob_person_poisson_wait_s(struct ob_rng *rng, double per_s)
{
    return per_s > 0 ? ob_rng_exponential(rng, 1.0 / per_s) : 1e18;
}
