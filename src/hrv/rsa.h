/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RSA amplitude, breath by breath: how far heart rate swings within one breath.
 *
 * Maximum minus minimum of the uncorrected beats within one breath. The breath is taken anew each half breath, so that
 * the last three breaths give five overlapping readings; the amplitude is their median: two thirds of it are new after
 * less than 25 s at 6 breaths/min, and one artefact, which falls into two of the five, does not move it. A breath of
 * which less than 70% of the time is covered by uncorrected beats gives no reading: the amplitude holds. One thread at
 * a time. */
#ifndef OB_HRV_RSA_H
#define OB_HRV_RSA_H

#include "hrv/series.h"

struct ob_rsa_half {
    double min_ms, max_ms, covered_ms;
    int64_t start_ns;
    bool open; /* it was seen from its start */
};

struct ob_rsa {
    struct ob_rsa_half now, before;
    double bpm[5], ms[5];
    uint32_t readings; /* so far */
    double last_bpm;   /* of the newest reading */
};

void ob_rsa_init(struct ob_rsa *rsa);

/* A beat of the half breath under way. */
void ob_rsa_beat(struct ob_rsa *rsa, const struct ob_nn_beat *beat);

/* Half a breath ended at time_ns and the next begins. True when the breath that it closes gave a reading. */
bool ob_rsa_half_end(struct ob_rsa *rsa, int64_t time_ns);

/* Forget the breath under way (a gap, a pause). The amplitude holds. */
void ob_rsa_break(struct ob_rsa *rsa);

/* The amplitude; false before three breaths. */
bool ob_rsa_amplitude(const struct ob_rsa *rsa, double *bpm_out, double *ms_out);

#endif
