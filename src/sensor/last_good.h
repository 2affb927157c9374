/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which Bluetooth strap was the last good one: its address in $XDG_STATE_HOME/outbreath/last-strap (or below
 * ~/.local/state), so that the next session takes it without a question. Nothing of a person is in it. Deleting the
 * file makes the program forget. Caller's thread; writes and syncs, so not the hub's. */
#ifndef OB_SENSOR_LAST_GOOD_H
#define OB_SENSOR_LAST_GOOD_H

#include "base/err.h"
#include "sensor/sensor.h"

#include <stdbool.h>

#define OB_LAST_GOOD_SIZE 18 /* of an address, with its end */

/* False, and an empty text: there is none, or what is there is no address. */
bool ob_last_good_read(char address_out[OB_LAST_GOOD_SIZE]);

/* Remembers the strap if that is one, streams and is good (quality of 0.5 and more). True: it is remembered now, also
 * if it was before; so there is no need to ask again for it. */
bool ob_last_good_note(const struct ob_sensor_status *status);

#endif
