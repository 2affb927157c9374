/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded random numbers. The same seed gives the same numbers on every machine.
 * Generator: PCG32 (O'Neill 2014, HMC-CS-2014-0905, pcg-random.org). */
#ifndef OB_BASE_RNG_H
#define OB_BASE_RNG_H

#include <stdint.h>

struct ob_rng {
    uint64_t state;
    uint64_t stream;
};

/* Different streams of one seed are independent: give every purpose a stream of its own, so that adding one
 * draw in one place does not change all the others. */
void ob_rng_init(struct ob_rng *rng, uint64_t seed, uint64_t stream);

uint32_t ob_rng_u32(struct ob_rng *rng);
double ob_rng_uniform(struct ob_rng *rng);                        /* [0, 1), 32 bits */
double ob_rng_range(struct ob_rng *rng, double low, double high); /* [low, high) */
double ob_rng_normal(struct ob_rng *rng);                         /* mean 0, SD 1 (Box and Muller 1958) */
double ob_rng_exponential(struct ob_rng *rng, double mean);       /* > 0 */

#endif
