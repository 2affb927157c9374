/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"

#include <math.h>

void ob_rng_init(struct ob_rng *rng, uint64_t seed, uint64_t stream)
{
    rng->state = 0;
    rng->stream = (stream << 1) | 1u;
    ob_rng_u32(rng);
    rng->state += seed;
    ob_rng_u32(rng);
}

uint32_t ob_rng_u32(struct ob_rng *rng)
{
    const uint64_t old = rng->state;
    rng->state = old * UINT64_C(6364136223846793005) + rng->stream;
    const uint32_t mixed = (uint32_t)(((old >> 18) ^ old) >> 27);
    const uint32_t turn = (uint32_t)(old >> 59);
    return (mixed >> turn) | (mixed << ((32u - turn) & 31u));
}

double ob_rng_uniform(struct ob_rng *rng)
{
    return (double)ob_rng_u32(rng) * (1.0 / 4294967296.0);
}

double ob_rng_range(struct ob_rng *rng, double low, double high)
{
    return low + (high - low) * ob_rng_uniform(rng);
}

double ob_rng_normal(struct ob_rng *rng)
{
    const double u = 1.0 - ob_rng_uniform(rng);
    const double v = ob_rng_uniform(rng);
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
}

double ob_rng_exponential(struct ob_rng *rng, double mean)
{
    return -mean * log(1.0 - ob_rng_uniform(rng));
}
