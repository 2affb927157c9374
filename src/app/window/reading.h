/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page that is read aloud: its words go to the voice sentence after sentence, each when the one before has been said,
 * and whatever is new takes the place of what was being read. Main thread. */
#ifndef OB_APP_READING_H
#define OB_APP_READING_H

#include "app/session/speaker.h"
#include "ui/told.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_READING_PART 320 /* bytes that are given to the voice at once, where sentences are no longer */

struct ob_reading {
    char words[OB_UI_TOLD_BYTES];
    size_t at;        /* what has been given away */
    int64_t from_ns;  /* not before */
    int64_t asked_ns; /* when the last part was given away; 0: none is under way */
    bool heard;       /* and it could be heard since */
};

/* Reads these words from now on, and stops what is being said; "" for silence. speaker may have no voice. */
void ob_reading_begin(struct ob_reading *reading, struct ob_speaker *speaker, const char *words, int64_t now_ns);

/* These as well, after what is being read. */
void ob_reading_add(struct ob_reading *reading, const char *words);

/* Once a frame. */
void ob_reading_step(struct ob_reading *reading, struct ob_speaker *speaker, int64_t now_ns);

/* The next part: whole sentences up to size - 1 bytes, or as many words as fit. False: there is no more. */
bool ob_reading_part(struct ob_reading *reading, char *out, size_t size);

#endif
