/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/reading.h"

#include "base/time.h"

#include <stdio.h>
#include <string.h>

#define FADE_NS (OB_NS_PER_S / 2) /* what is being said needs so long to be silent */
#define LATE_NS (6 * OB_NS_PER_S) /* a part that is not heard by then was dropped, or there is no voice */

void ob_reading_begin(struct ob_reading *r, struct ob_speaker *speaker, const char *words, int64_t now_ns)
{
    const bool talks = r->asked_ns != 0;
    if (talks)
        ob_speaker_stop(speaker);
    snprintf(r->words, sizeof r->words, "%s", words);
    r->at = 0;
    if (talks)
        r->from_ns = now_ns + FADE_NS;
    r->asked_ns = 0;
    r->heard = false;
}

void ob_reading_add(struct ob_reading *r, const char *words)
{
    const size_t had = strlen(r->words);
    if (words[0] && had + strlen(words) + 2 < sizeof r->words)
        snprintf(r->words + had, sizeof r->words - had, " %s", words);
}

/* The end of the last whole sentence, or else word, within so many bytes. */
static size_t end_of_part(const char *words, size_t most)
{
    size_t sentence = 0, word = 0;
    for (size_t i = 0; i < most && words[i]; i++) {
        const bool ends = words[i + 1] == ' ' || words[i + 1] == '\0';
        if (ends)
            word = i + 1;
        if (ends && strchr(".!?:", words[i]))
            sentence = i + 1;
    }
    return strlen(words) <= most ? strlen(words) : sentence ? sentence : word ? word : most;
}

bool ob_reading_part(struct ob_reading *r, char *out, size_t size)
{
    while (r->words[r->at] == ' ')
        r->at++;
    if (!r->words[r->at])
        return false;
    const size_t end = end_of_part(r->words + r->at, size - 1);
    snprintf(out, size, "%.*s", (int)end, r->words + r->at);
    r->at += end;
    return true;
}

void ob_reading_step(struct ob_reading *r, struct ob_speaker *speaker, int64_t now_ns)
{
    if (now_ns < r->from_ns)
        return;
    const bool sounds = ob_speaker_sounds(speaker);
    r->heard = r->heard || (r->asked_ns && sounds);
    if (r->asked_ns && (sounds || (!r->heard && now_ns - r->asked_ns < LATE_NS)))
        return;
    char part[OB_READING_PART];
    const bool more = ob_reading_part(r, part, sizeof part);
    r->asked_ns = more ? now_ns : 0;
    r->heard = false;
    if (more)
        ob_speaker_say(speaker, part);
}
