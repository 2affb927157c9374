/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causal pulse beat detector for photoplethysmograms (finger, ear, wrist, camera): samples in, beats out.
 *
 * For 25-1000 Hz, any unit, offset and drift, and either polarity: it finds the steep flank, which is the pulse wave's
 * arrival whether blood makes the signal rise or fall. What comes from pulses is pulse rate variability (PRV), not HRV:
 * label it so. The beat's place is the foot, where the tangent at the steepest point meets the level before (compared
 * with other marks by Peralta et al. 2019, https://doi.org/10.1088/1361-6579/ab009b). Where a pulse is due and only a
 * ripple comes, the ripple is reported with a quality below 0.4. Constant memory and time a sample; a reported beat is
 * never taken back. Pure; one thread at a time. Figures: docs/beats.md. */
#ifndef OB_SIGNAL_PPG_H
#define OB_SIGNAL_PPG_H

#include <stdbool.h>
#include <stdint.h>

struct ob_ppg;

struct ob_ppg_beat {
    double index;     /* of the foot, in samples from the first one, refined between samples */
    uint64_t decided; /* index of the sample with which it was first reported */
    float quality_01; /* how sure: form, size and time are like those of the pulses before; below 0.5 likely wrong */
    float height;     /* of the flank, in units of the signal (its modulation carries breathing) */
};

/* fs_hz: 25-1000, else NULL; also NULL without memory. */
struct ob_ppg *ob_ppg_create(double fs_hz);
void ob_ppg_destroy(struct ob_ppg *ppg); /* NULL is fine */

/* Forget the signal so far (after a gap); sample numbering goes on. */
void ob_ppg_reset(struct ob_ppg *ppg);

/* One sample; NaN and infinities are taken as a missing sample. True: a beat is in beat_out. At most one a call. */
bool ob_ppg_push(struct ob_ppg *ppg, float sample, struct ob_ppg_beat *beat_out);

/* 0-1: how good the last few seconds are. */
float ob_ppg_quality_01(const struct ob_ppg *ppg);

#endif
