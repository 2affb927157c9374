/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clips that were made, by key, language and text; and which of them are lent to a synth. One thread. */
#ifndef OB_SPEECH_CACHE_H
#define OB_SPEECH_CACHE_H

#include "synth/spoken.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_SPEECH_CLIPS 20 /* kept; one to two megabytes each */

struct ob_speech_entry {
    char *name; /* owned; NULL: free */
    struct ob_spoken_clip clip;
    double words_s;
    int lent; /* how often it is with the synth */
    uint64_t used;
};

struct ob_speech_cache {
    struct ob_speech_entry entries[OB_SPEECH_CLIPS];
    uint64_t uses;
    int lent; /* all together */
};

struct ob_speech_entry *ob_speech_cache_find(struct ob_speech_cache *cache, const char *name);

/* Takes over clip.stereo, also on failure. The entry that was used longest ago goes. NULL without memory, or when all
 * are lent. */
struct ob_speech_entry *ob_speech_cache_add(struct ob_speech_cache *cache, const char *name,
                                            const struct ob_spoken_clip *clip, double words_s);

/* A clip came back. */
void ob_speech_cache_returned(struct ob_speech_cache *cache, const struct ob_spoken_clip *clip);

void ob_speech_cache_finish(struct ob_speech_cache *cache);

#endif
