/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's own sounds: the folder sounds/ beside what is kept, where each file is a soundscape's bed.
 *
 * The folder is listed once; a file is read, brought to the synth's rate and made a loop (synth/loop.h) when it is
 * first chosen, on a thread of its own, and stays in memory until the end: at most 58 MB for five minutes. Main thread,
 * but for what the synth reads of places that are READY. */
#ifndef OB_APP_OWN_SOUNDS_H
#define OB_APP_OWN_SOUNDS_H

#include "base/err.h"
#include "synth/synth.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#define OB_OWN_SOUNDS_RATE_HZ 48000.0 /* of every synth of the program */

enum ob_own_state { OB_OWN_LISTED, OB_OWN_LOADING, OB_OWN_READY, OB_OWN_FAILED };

struct ob_own_sound {
    char name[64]; /* the file's, without its ending: as settings have it */
    char path[PATH_MAX];
    char problem[320]; /* when FAILED: a sentence */
    _Atomic int state; /* enum ob_own_state; READY is released after its loop is filled */
};

struct ob_own_sounds {
    struct ob_loop loops[OB_SOUNDSCAPE_LOOPS]; /* the synth's places */
    struct ob_own_sound list[OB_SOUNDSCAPE_LOOPS];
    uint32_t count; /* by name */
    uint32_t more;  /* files for which there was no place */
    /* private */
    pthread_t worker;
    bool works;
    uint32_t asked; /* what the worker loads */
};

/* Lists the folder; no folder is no sounds. data: as given to --data, NULL for the usual place. */
void ob_own_sounds_init(struct ob_own_sounds *own, const char *data);

/* After the synth that uses them is gone. */
void ob_own_sounds_finish(struct ob_own_sounds *own);

/* Loads it now. OB_OK: it is READY. Else it is FAILED and says why. */
enum ob_err ob_own_sounds_load(struct ob_own_sounds *own, uint32_t place);

/* Begins to load it, if nothing else is being loaded. Look at its state now and then. */
void ob_own_sounds_ask(struct ob_own_sounds *own, uint32_t place);

/* The soundscape of this name, built in or own (OB_SOUNDSCAPE_OWN + its place). False: there is none, and a clause for
 * people names those that there are, or the nearest. */
bool ob_own_sounds_resolve(const struct ob_own_sounds *own, const char *name, uint32_t *soundscape_out,
                           char *problem_out, size_t size);

/* As settings have it, and for people. */
const char *ob_own_sounds_name(const struct ob_own_sounds *own, uint32_t soundscape);
const char *ob_own_sounds_title(const struct ob_own_sounds *own, uint32_t soundscape);

#endif
