/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated person as a sensor: what --demo and headless run on. Always says that it is simulated.
 *
 * The person lives in steps of 20 ms of whatever clock service() is called with; the same description, cues and clock
 * give the same events. Losses of the simulated sensor are GAP events and a state, as with a real one. */
#ifndef OB_SENSOR_PERSON_SOURCE_H
#define OB_SENSOR_PERSON_SOURCE_H

#include "person/person.h"
#include "sensor/sensor.h"

enum ob_person_feed {
    OB_PERSON_FEED_ECG, /* samples, as from a chest strap: beats are detected by the program */
    OB_PERSON_FEED_RR,  /* intervals, as from a heart-rate service */
    OB_PERSON_FEED_PPG, /* a pulse wave */
    OB_PERSON_FEED_ALL, /* all three side by side: the engine believes the ECG */
};

/* What the person would hear at now_ns: the arrow that runs back on purpose, wired by the app. Fill *cue_out and return
 * true; false: silence. Called on the servicing thread; must not block. */
typedef bool ob_person_hear_fn(void *user, int64_t now_ns, struct ob_person_cue *cue_out);

struct ob_person_source_desc {
    struct ob_person_desc person; /* its `signals` are set by the source */
    enum ob_person_feed feed;
    bool with_resp;          /* a belt as well */
    bool with_acc;           /* chest acceleration as well */
    ob_person_hear_fn *hear; /* NULL: the person hears nothing */
    void *hear_user;
};

/* The person's first moment is the first service() call. NULL without memory. */
struct ob_sensor *ob_person_source_create(const struct ob_person_source_desc *desc);

/* The person behind the source, for tests that compare with the truth; NULL before the first service() call. */
struct ob_person *ob_person_source_person(struct ob_sensor *sensor);

#endif
