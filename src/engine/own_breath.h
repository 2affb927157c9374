/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of the person's own breathing, as the guide wants to know it. Private to the room; one thread at a
 * time.
 */
#ifndef OB_ENGINE_OWN_BREATH_H
#define OB_ENGINE_OWN_BREATH_H

#include "breath/guide.h"
#include "engine/intake.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_own_breath {
    double brpm;       /* the last rate that was trustworthy; 0: none yet */
    int64_t known_ns;  /* when that was */
    bool sure;         /* the rate of now is beyond doubt */
    double chest_brpm; /* of the last 20 s, not read from intervals alone */
    double chest_01;   /* its quality; 0: not known */
};

void ob_own_breath_init(struct ob_own_breath *own);

/* Asks the intake; false: no rate that may be shown, though rate_out may hold one. unfit as in ob_intake_breath(). */
bool ob_own_breath_refresh(struct ob_own_breath *own, struct ob_intake *intake, int64_t now_ns, bool unfit,
                           struct ob_resp_rate *rate_out);

/* Known within the last 10 s. */
bool ob_own_breath_known(const struct ob_own_breath *own, int64_t now_ns);

/* Fills in what is the breath's in a guide's input. */
void ob_own_breath_tell(const struct ob_own_breath *own, int64_t now_ns, struct ob_guide_input *input);

#endif
