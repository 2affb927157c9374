/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One soft swell a heart beat. With fresh beats it begins when the beat arrives; with late ones it runs on at the known
 * rate, its phase drawn gently to where the beats must be now. At most two swells a second. Pure. */
#ifndef OB_BREATH_SWELL_H
#define OB_BREATH_SWELL_H

#include <stdbool.h>
#include <stdint.h>

struct ob_swell {
    int64_t swell_ns; /* when the swell under way began; INT64_MIN: none */
    int64_t next_ns;  /* when the next is due by prediction; INT64_MAX: none */
    double period_ns;
    double from; /* height at which it began */
};

void ob_swell_init(struct ob_swell *pulse);
void ob_swell_beat(struct ob_swell *pulse, int64_t measured_ns, int64_t now_ns, double nn_ms);
void ob_swell_stop(struct ob_swell *pulse);

/* One tick; the swell's height 0-1. */
double ob_swell_tick(struct ob_swell *pulse, int64_t now_ns);

#endif
