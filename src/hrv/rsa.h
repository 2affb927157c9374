/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA amplitude, breath by breath: how far heart rate swings within one breath.
 *
 * Maximum minus minimum of the uncorrected beats of a breath; the reading is the median of the last three usable
 * breaths. A breath of which less than 70% of the time is covered by uncorrected beats is not usable: the reading
 * holds. One thread at a time. */
#ifndef OB_HRV_RSA_H
#define OB_HRV_RSA_H

#include "hrv/series.h"

struct ob_rsa {
    /* the breath under way */
    double min_ms, max_ms, covered_ms, all_ms;
    int64_t start_ns;
    bool open;
    /* the last three usable ones */
    double bpm[3], ms[3];
    uint32_t usable;  /* usable breaths so far */
    uint32_t breaths; /* breaths so far */
    double last_bpm;  /* of the newest usable breath */
};

void ob_rsa_init(struct ob_rsa *rsa);

/* A beat of the breath under way. */
void ob_rsa_beat(struct ob_rsa *rsa, const struct ob_nn_beat *beat);

/* A breath ended at time_ns and the next begins. True when it was usable. */
bool ob_rsa_breath_end(struct ob_rsa *rsa, int64_t time_ns);

/* Forget the breath under way (a gap, a pause). The reading holds. */
void ob_rsa_break(struct ob_rsa *rsa);

/* The reading; false before the first three usable breaths. */
bool ob_rsa_reading(const struct ob_rsa *rsa, double *bpm_out, double *ms_out);

#endif
