/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The EDF+ half of what `outbreath person` leaves in a folder; app/commands/person_files.h has the rest.
 *
 *   signals.edf  ECG, pulse wave, breathing as the sensors gave them; lost data are missing samples
 *   truth.edf    volume, heart rate, its part from breathing, pacer phase at 25 Hz; each true beat an annotation
 *
 * One thread at a time. */
#ifndef OB_APP_PERSON_EDF_H
#define OB_APP_PERSON_EDF_H

#include "base/err.h"
#include "base/event.h"
#include "person/person.h"

#include <stddef.h>

struct ob_person_edf;

/* On failure a sentence. */
enum ob_err ob_person_edf_open(const char *folder, const struct ob_person_desc *desc, struct ob_person_edf **edf_out,
                               char *problem_out, size_t problem_size);

enum ob_err ob_person_edf_samples(struct ob_person_edf *edf, const struct ob_event *event);

/* A row of truth each 40 ms. */
enum ob_err ob_person_edf_truth(struct ob_person_edf *edf, const struct ob_person_truth *truth, double pacer_turns);
enum ob_err ob_person_edf_beat(struct ob_person_edf *edf, const struct ob_person_true_beat *beat);

/* Writes and frees. NULL is fine. */
enum ob_err ob_person_edf_close(struct ob_person_edf *edf);

#endif
