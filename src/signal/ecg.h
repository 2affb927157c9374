/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causal ECG beat detector: samples in, beats out, each as soon as it is sure enough.
 *
 * For 100-1000 Hz, either polarity, any unit, offset and slow drift. Constant memory and time a sample. A reported
 * beat is never taken back. Pure; one thread at a time. Method and figures: docs/beats.md. */
#ifndef OB_SIGNAL_ECG_H
#define OB_SIGNAL_ECG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_ecg;

struct ob_ecg_beat {
    double index;        /* of the R peak in samples from the first one, refined between samples */
    uint64_t decided;    /* index of the sample with which it was first reported */
    float confidence_01; /* how sure: 1 a clear QRS, below 0.5 likely noise */
    float height;        /* of R above the level before it, in units of the signal, signed; breathing moves it */
};

/* fs_hz: 100-1000, else NULL; also NULL without memory. */
struct ob_ecg *ob_ecg_create(double fs_hz);
void ob_ecg_destroy(struct ob_ecg *ecg); /* NULL is fine */

/* Forget the signal so far (after a gap); sample numbering goes on. */
void ob_ecg_reset(struct ob_ecg *ecg);

/* One sample; NaN and infinities are taken as a missing sample. True: a beat is in beat_out. At most one a call. */
bool ob_ecg_push(struct ob_ecg *ecg, float sample, struct ob_ecg_beat *beat_out);

/* The same for many samples at once, in half the time. Returns how many beats are in beats_out, which has room for
 * count; each with the sample that decided it, as if they had been pushed one by one. */
size_t ob_ecg_push_many(struct ob_ecg *ecg, const float *samples, size_t count, struct ob_ecg_beat *beats_out);

/* 0-1: how good the last few seconds are (amplitude against noise, clipping, flat line). */
float ob_ecg_quality_01(const struct ob_ecg *ecg);

/* Whether the stated sampling rate fits a heart: R has a width, hearts have a rate, and T comes at a time that goes
 * with the root of RR (Bazett 1920); a rate that is wrong by two moves all three. Decided over all sure beats, from 30
 * on. How often it tells is printed by accuracy.ecg. */
enum ob_ecg_rate_doubt {
    OB_ECG_RATE_FINE, /* or not yet known */
    OB_ECG_RATE_TOO_LOW,
    OB_ECG_RATE_TOO_HIGH,
};
enum ob_ecg_rate_doubt ob_ecg_rate_doubt(const struct ob_ecg *ecg);

#endif
