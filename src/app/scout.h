/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every sensor in sight, those in use and those that could be: what `outbreath sensors` lists and the sensor screen
 * shows.
 *
 * A board can be told from a modem only by listening, so each serial port in sight is opened (unless a source of the
 * session is still looking for one itself); straps are only listed with how strong their radio is heard. Nothing of
 * them reaches the session until it is chosen. One thread, beside the hub's own. */
#ifndef OB_APP_SCOUT_H
#define OB_APP_SCOUT_H

#include "base/err.h"
#include "sensor/hub.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_SCOUT_ROWS 64

struct ob_scout_row {
    struct ob_sensor_status status;
    uint32_t number;        /* of the hub's source; 0: in sight only */
    enum ob_hub_take taken; /* by the session */
    bool about;             /* no sensor: says why none of its kind is in sight */
};

struct ob_scout {
    struct ob_hub *hub;
    uint32_t look[2];                    /* the sources that only look around; 0: none */
    uint32_t mine;                       /* bit i: source i + 1 was opened here */
    int64_t lost_ns[OB_HUB_SOURCES_MAX]; /* since when a source of ours is gone; 0: it is not */
};

/* Begins to look around, and to watch views. The hub outlives the scout. */
void ob_scout_begin(struct ob_scout *scout, struct ob_hub *hub);

/* Call about once a second or more often: opens ports that are new, closes those that are gone for 10 s. */
void ob_scout_step(struct ob_scout *scout, int64_t now_ns);

/* Fills up to max rows: sources, then what is in sight, best first, then kinds of which there is none. Returns how
 * many.
 */
int ob_scout_rows(struct ob_scout *scout, struct ob_scout_row *rows_out, int max);

/* The session takes its heart from this sensor from now on, and its breath if nothing else was chosen for that; or only
 * its breath. A sensor that is in sight only is opened. */
enum ob_err ob_scout_choose(struct ob_scout *scout, const char *id, enum ob_hub_take take, char *problem_out,
                            size_t problem_size);

/* Closes what the session does not take. */
void ob_scout_end(struct ob_scout *scout);

#endif
