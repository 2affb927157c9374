/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `outbreath person` leaves in a folder. Every CSV begins with a comment that says "simulated".
 *
 *   ecg.csv          time_s,ecg_mv               as the sensor gave it, gaps and all
 *   ppg.csv          time_s,ppg
 *   respiration.csv  time_s,resp_l
 *   rr.csv           time_s,rr_ms                the intervals that a heart-rate service would send
 *   truth.csv        25 rows a second: lungs, heart, what the person does, the pacer
 *   truth_beats.csv  time_s,rr_ms,ectopic,reported
 *   signals.edf, truth.edf  the same as EDF+ (app/commands/person_edf.h)
 *   events.oblog     all of it as events: `outbreath replay` takes it
 *   person.txt       the description; a line that --person takes
 *
 * One thread at a time. */
#ifndef OB_APP_PERSON_FILES_H
#define OB_APP_PERSON_FILES_H

#include "base/err.h"
#include "base/event.h"
#include "engine/snapshot.h"
#include "person/person.h"

struct ob_person_files;

/* Makes the folder. On failure a sentence is in problem_out. */
enum ob_err ob_person_files_open(const char *folder, const struct ob_person_desc *desc,
                                 struct ob_person_files **files_out, char *problem_out, size_t problem_size);

/* An event as it enters the engine; user is the struct ob_person_files. */
void ob_person_files_event(void *user, const struct ob_event *event);

/* Call each tick of 10 ms: writes the true beats that are new, and a row of truth each 40 ms. */
void ob_person_files_look(struct ob_person_files *files, struct ob_person *person, const struct ob_snapshot *snapshot);

/* The first error of all writing, if there was one; frees. NULL is fine. */
enum ob_err ob_person_files_close(struct ob_person_files *files);

#endif
