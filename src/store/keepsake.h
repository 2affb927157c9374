/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of a person that is no session: with what picture, sound and volume the last one was, and when the next
 * appointment is. Sealed as the blob OB_BLOB_SETTINGS, so that it goes along with an archive and is forgotten with the
 * person.
 *
 *   payload  lines of UTF-8, "key: value", in any order; the first of a key counts, unknown ones are passed over:
 *              scene, soundscape, volume              as a setting would have them
 *              scene-then, soundscape-then, ...       what the settings said at that time
 *              appointment                            seconds since 1970, UTC; with " day" where no time is known */
#ifndef OB_STORE_KEEPSAKE_H
#define OB_STORE_KEEPSAKE_H

#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_KEEPSAKE_TEXT  256
#define OB_KEEPSAKE_BYTES (8 * (OB_KEEPSAKE_TEXT + 32))

enum ob_keepsake_choice {
    OB_KEEPSAKE_SCENE,
    OB_KEEPSAKE_SOUNDSCAPE,
    OB_KEEPSAKE_VOLUME,
    OB_KEEPSAKE_CHOICES,
};

struct ob_keepsake {
    struct {
        char value[OB_KEEPSAKE_TEXT]; /* "": not known */
        char then[OB_KEEPSAKE_TEXT];
    } chosen[OB_KEEPSAKE_CHOICES];
    int64_t appointment_s; /* 0: none */
    bool appointment_day;  /* only its day is known: it begins at appointment_s */
};

/* Any bytes: what makes no sense in them is passed over. Pure. */
void ob_keepsake_read(const void *bytes, size_t size, struct ob_keepsake *keepsake_out);

/* Returns its length; values with control characters or without end are left out. Pure. */
size_t ob_keepsake_write(const struct ob_keepsake *keepsake, char out[OB_KEEPSAKE_BYTES]);

/* Zeroed where nothing is kept. */
enum ob_err ob_store_keepsake_get(struct ob_store *store, const struct ob_key *key, struct ob_keepsake *keepsake_out);
enum ob_err ob_store_keepsake_put(struct ob_store *store, const struct ob_key *key, const struct ob_keepsake *keepsake);

#endif
