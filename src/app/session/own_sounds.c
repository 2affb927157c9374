/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/own_sounds.h"

#include "base/nearest.h"
#include "os/tr.h"
#include "soundfile/soundfile.h"
#include "store/store.h"
#include "synth/loop.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Whether libsndfile is likely to read it, by its name: a cover picture beside the sounds is nobody's mistake. */
static bool is_sound(const char *file)
{
    static const char *const more[] = {".mp3", ".aif", ".aiff", ".opus"};
    const char *ending = strrchr(file, '.');
    if (!ending || ending == file)
        return false;
    bool known = ob_soundfile_kind_of(file) != OB_SOUNDFILE_NONE;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        known |= strcasecmp(ending, more[i]) == 0;
    return known;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_candidate(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && is_sound(entry->d_name);
}

void ob_own_sounds_init(struct ob_own_sounds *own, const char *data)
{
    static const char folder[] = "/sounds";
    char path[PATH_MAX];
    struct dirent **found = NULL;
    memset(own, 0, sizeof *own);
    if (ob_store_folder(data, path, sizeof path) || strlen(path) + sizeof folder > sizeof path)
        return;
    strcat(path, folder);
    const int count = scandir(path, &found, is_candidate, by_name);
    for (int i = 0; i < count; i++) {
        struct ob_own_sound *sound = &own->list[own->count];
        const char *file = found[i]->d_name;
        const size_t length = (size_t)(strrchr(file, '.') - file);
        const bool fits = length < sizeof sound->name && strlen(path) + 1 + strlen(file) < sizeof sound->path;
        if (own->count == OB_SOUNDSCAPE_LOOPS || !fits) {
            own->more++;
        } else {
            memcpy(sound->name, file, length);
            sound->name[length] = '\0';
            strcpy(sound->path, path);
            strcat(strcat(sound->path, "/"), file);
            own->count++;
        }
        free(found[i]);
    }
    free(found);
}

static void join(struct ob_own_sounds *own)
{
    if (own->works)
        pthread_join(own->worker, NULL);
    own->works = false;
}

void ob_own_sounds_finish(struct ob_own_sounds *own)
{
    join(own);
    for (uint32_t i = 0; i < own->count; i++)
        ob_loop_free(&own->loops[i]);
    own->count = 0;
}

static void explain(struct ob_own_sound *sound, enum ob_err err)
{
    char *out = sound->problem;
    const size_t size = sizeof sound->problem;
    if (err == OB_ERR_FORMAT)
        snprintf(out, size, ob_tr("Your sound \"%s\" is in a form that can't be read; WAV, FLAC and Ogg can."),
                 sound->name);
    else if (err == OB_ERR_EMPTY)
        snprintf(out, size, ob_tr("Your sound \"%s\" is silent, so the soundscape stays."), sound->name);
    else if (err == OB_ERR_RANGE)
        snprintf(out, size, ob_tr("Your sound \"%s\" has to last from %.0f seconds to %.0f minutes."), sound->name,
                 OB_LOOP_SHORTEST_S, OB_LOOP_LONGEST_S / 60.0);
    else
        snprintf(out, size, ob_tr("Your sound \"%s\" can't be played: %s."), sound->name, ob_err_text(err));
}

enum ob_err ob_own_sounds_load(struct ob_own_sounds *own, uint32_t place)
{
    struct ob_own_sound *sound = &own->list[place];
    struct ob_sound file;
    if (atomic_load_explicit(&sound->state, memory_order_acquire) == OB_OWN_READY)
        return OB_OK;
    enum ob_err err = ob_soundfile_read(sound->path, OB_LOOP_LONGEST_S, &file);
    if (!err) {
        err = ob_loop_make(file.stereo, file.frames, file.sample_rate_hz, OB_OWN_SOUNDS_RATE_HZ, &own->loops[place]);
        ob_sound_free(&file);
    }
    if (err)
        explain(sound, err);
    atomic_store_explicit(&sound->state, err ? OB_OWN_FAILED : OB_OWN_READY, memory_order_release);
    return err;
}

static void *work(void *user)
{
    struct ob_own_sounds *own = user;
    ob_own_sounds_load(own, own->asked);
    return NULL;
}

void ob_own_sounds_ask(struct ob_own_sounds *own, uint32_t place)
{
    if (own->works && atomic_load_explicit(&own->list[own->asked].state, memory_order_acquire) == OB_OWN_LOADING)
        return;
    join(own);
    own->asked = place;
    atomic_store_explicit(&own->list[place].state, OB_OWN_LOADING, memory_order_relaxed);
    own->works = pthread_create(&own->worker, NULL, work, own) == 0;
    if (!own->works) {
        explain(&own->list[place], OB_ERR_NO_MEMORY);
        atomic_store_explicit(&own->list[place].state, OB_OWN_FAILED, memory_order_relaxed);
    }
}

bool ob_own_sounds_resolve(const struct ob_own_sounds *own, const char *name, uint32_t *soundscape_out,
                           char *problem_out, size_t size)
{
    const char *names[OB_SOUNDSCAPES];
    uint32_t count = 0;
    for (; count < OB_SOUNDSCAPE_OWN; count++)
        names[count] = ob_soundscape_name(count);
    for (uint32_t i = 0; i < own->count; i++)
        names[count++] = own->list[i].name;
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) {
            *soundscape_out = i;
            return true;
        }
    const char *nearest = ob_nearest(name, names, count);
    if (nearest && size > 0)
        snprintf(problem_out, size, ob_tr("there is no soundscape \"%.60s\"; did you mean \"%s\"?"), name, nearest);
    else if (size > 0)
        snprintf(problem_out, size,
                 ob_tr("there is no soundscape \"%.60s\": shore, bowls, pad, or a file in the folder of your sounds"),
                 name);
    return false;
}

const char *ob_own_sounds_title(const struct ob_own_sounds *own, uint32_t soundscape)
{
    return soundscape < OB_SOUNDSCAPE_OWN ? ob_soundscape_title(soundscape)
                                          : own->list[soundscape - OB_SOUNDSCAPE_OWN].name;
}

const char *ob_own_sounds_name(const struct ob_own_sounds *own, uint32_t soundscape)
{
    return soundscape < OB_SOUNDSCAPE_OWN ? ob_soundscape_name(soundscape)
                                          : own->list[soundscape - OB_SOUNDSCAPE_OWN].name;
}
