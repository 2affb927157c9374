/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/copy.h"

#include <stdlib.h>
#include <string.h>

static bool grow(void **items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return true;
    const size_t more = *room ? 2 * *room : 256;
    void *larger = realloc(*items, more * size);
    if (!larger)
        return false;
    *items = larger;
    *room = more;
    return true;
}

bool ob_copy_add_beat(struct ob_copy *copy, const struct ob_copy_beat *beat)
{
    void *items = copy->beats;
    const bool ok = grow(&items, copy->beat_count, &copy->beat_room, sizeof *beat);
    copy->beats = items;
    if (ok)
        copy->beats[copy->beat_count++] = *beat;
    return ok;
}

bool ob_copy_add_second(struct ob_copy *copy, const struct ob_copy_second *second)
{
    void *items = copy->seconds;
    const bool ok = grow(&items, copy->second_count, &copy->second_room, sizeof *second);
    copy->seconds = items;
    if (ok)
        copy->seconds[copy->second_count++] = *second;
    return ok;
}

bool ob_copy_add_mark(struct ob_copy *copy, const struct ob_copy_mark *mark)
{
    void *items = copy->marks;
    const bool ok = grow(&items, copy->mark_count, &copy->mark_room, sizeof *mark);
    copy->marks = items;
    if (ok)
        copy->marks[copy->mark_count++] = *mark;
    return ok;
}

void ob_copy_finish(struct ob_copy *copy)
{
    free(copy->beats);
    free(copy->seconds);
    free(copy->marks);
    memset(copy, 0, sizeof *copy);
}

const char *ob_copy_label(const struct ob_copy *copy)
{
    return copy->beats_from == OB_BEATS_PPG ? "PRV" : "HRV";
}

/* Field by field: padding is no part of a beat. */
static bool same_beat(const struct ob_copy_beat *a, const struct ob_copy_beat *b)
{
    return a->time_ns == b->time_ns && a->age_ns == b->age_ns && memcmp(&a->rr_ms, &b->rr_ms, sizeof a->rr_ms) == 0 &&
           memcmp(&a->nn_ms, &b->nn_ms, sizeof a->nn_ms) == 0 && a->flag == b->flag;
}

bool ob_copy_same(const struct ob_copy *a, const struct ob_copy *b)
{
    if (a->beat_count != b->beat_count)
        return false;
    if (a->start_wall_ns != b->start_wall_ns && a->start_wall_ns != 0 && b->start_wall_ns != 0)
        return false;
    for (size_t i = 0; i < a->beat_count; i++)
        if (!same_beat(&a->beats[i], &b->beats[i]))
            return false;
    if (a->beat_count > 0)
        return true;
    if (a->start_wall_ns != b->start_wall_ns || a->second_count != b->second_count || a->mark_count != b->mark_count)
        return false;
    for (size_t i = 0; i < a->mark_count; i++)
        if (a->marks[i].time_ns != b->marks[i].time_ns || strcmp(a->marks[i].kind, b->marks[i].kind) != 0 ||
            strcmp(a->marks[i].words, b->marks[i].words) != 0)
            return false;
    return true;
}

static const char *const sources[] = {"none", "rr", "ecg", "ppg"};
static const char *const stages[OB_STAGES] = {"idle",   "unpaced_before", "guided", "natural",
                                              "paused", "unpaced_after",  "ended",  "unpaced"};

static int find(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

const char *ob_copy_source_name(uint32_t beats_from)
{
    return beats_from < sizeof sources / sizeof *sources ? sources[beats_from] : "";
}

int ob_copy_source_of(const char *name)
{
    return find(sources, (int)(sizeof sources / sizeof *sources), name);
}

const char *ob_copy_stage_name(uint32_t stage)
{
    return stage < sizeof stages / sizeof *stages ? stages[stage] : "";
}

int ob_copy_stage_of(const char *name)
{
    return find(stages, (int)(sizeof stages / sizeof *stages), name);
}

int ob_copy_flag_of(const char *name)
{
    for (int i = 0; i < OB_BEAT_FLAGS; i++)
        if (strcmp(ob_beat_flag_name((enum ob_beat_flag)i), name) == 0)
            return i;
    return -1;
}
