/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "speech/cache.h"

#include <stdlib.h>
#include <string.h>

static void clear(struct ob_speech_entry *entry)
{
    free(entry->name);
    free((void *)(uintptr_t)entry->clip.stereo);
    memset(entry, 0, sizeof *entry);
}

struct ob_speech_entry *ob_speech_cache_find(struct ob_speech_cache *cache, const char *name)
{
    for (size_t i = 0; i < OB_SPEECH_CLIPS; i++) {
        struct ob_speech_entry *entry = &cache->entries[i];
        if (entry->name && strcmp(entry->name, name) == 0) {
            entry->used = ++cache->uses;
            return entry;
        }
    }
    return NULL;
}

struct ob_speech_entry *ob_speech_cache_add(struct ob_speech_cache *cache, const char *name,
                                            const struct ob_spoken_clip *clip, double words_s)
{
    struct ob_speech_entry *oldest = NULL;
    for (size_t i = 0; i < OB_SPEECH_CLIPS; i++) {
        struct ob_speech_entry *entry = &cache->entries[i];
        if (entry->lent == 0 && (!oldest || entry->used < oldest->used))
            oldest = entry;
    }
    char *copy = oldest ? strdup(name) : NULL;
    if (!copy) {
        free((void *)(uintptr_t)clip->stereo);
        return NULL;
    }
    clear(oldest);
    *oldest = (struct ob_speech_entry){.name = copy, .clip = *clip, .words_s = words_s, .used = ++cache->uses};
    return oldest;
}

void ob_speech_cache_returned(struct ob_speech_cache *cache, const struct ob_spoken_clip *clip)
{
    for (size_t i = 0; i < OB_SPEECH_CLIPS; i++)
        if (&cache->entries[i].clip == clip) {
            cache->entries[i].lent--;
            cache->lent--;
        }
}

void ob_speech_cache_finish(struct ob_speech_cache *cache)
{
    for (size_t i = 0; i < OB_SPEECH_CLIPS; i++)
        clear(&cache->entries[i]);
}
