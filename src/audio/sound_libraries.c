/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/sound_libraries.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef void alsa_handler(const char *file, int line, const char *function, int err, const char *format, ...);
typedef void jack_handler(const char *message);

static void alsa_quiet(const char *file, int line, const char *function, int err, const char *format, ...)
{
    (void)file;
    (void)line;
    (void)function;
    (void)err;
    (void)format;
}

static void jack_quiet(const char *message)
{
    (void)message;
}

/* Function pointers come out of dlsym as object pointers; POSIX promises that their bits mean the same. */
static void *look_up(const char *library, const char *symbol)
{
    void *handle = dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    void *found = handle ? dlsym(handle, symbol) : NULL;
    if (handle)
        dlclose(handle); /* PortAudio itself keeps it loaded */
    return found;
}

void ob_sound_libraries_hush(void)
{
    int (*set_alsa)(alsa_handler *) = NULL;
    void *found = look_up("libasound.so.2", "snd_lib_error_set_handler");
    memcpy(&set_alsa, &found, sizeof found);
    if (set_alsa)
        set_alsa(alsa_quiet);

    static const char *const jack_hooks[] = {"jack_set_error_function", "jack_set_info_function"};
    for (size_t i = 0; i < sizeof jack_hooks / sizeof jack_hooks[0]; i++) {
        void (*set_jack)(jack_handler *) = NULL;
        found = look_up("libjack.so.0", jack_hooks[i]);
        memcpy(&set_jack, &found, sizeof found);
        if (set_jack)
            set_jack(jack_quiet);
    }
}

/* Names one behind the other, each with its end. */
struct names {
    char *text;
    size_t length, room;
};

static int note(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size;
    struct names *names = user;
    if (!info->dlpi_name || info->dlpi_name[0] != '/')
        return 0;
    const size_t more = strlen(info->dlpi_name) + 1;
    if (names->length + more > names->room) {
        const size_t room = 2 * names->room + more + 8192;
        char *text = realloc(names->text, room);
        if (!text)
            return 1; /* those noted so far are pinned */
        names->text = text;
        names->room = room;
    }
    memcpy(names->text + names->length, info->dlpi_name, more);
    names->length += more;
    return 0;
}

/* Opened only after the walk: while it lasts the loader's list is locked, and whoever waits for that list with a lock
 * of its own, which dlopen wants as well, would wait for ever. */
void ob_sound_libraries_pin(void)
{
    struct names names = {0};
    dl_iterate_phdr(note, &names);
    for (size_t at = 0; at < names.length; at += strlen(names.text + at) + 1) {
        void *handle = dlopen(names.text + at, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
        if (handle)
            dlclose(handle);
    }
    free(names.text);
}
