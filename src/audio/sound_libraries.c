/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/sound_libraries.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
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

static int pin(struct dl_phdr_info *info, size_t size, void *user)
{
    (void)size;
    (void)user;
    if (info->dlpi_name && info->dlpi_name[0] == '/') {
        void *handle = dlopen(info->dlpi_name, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
        if (handle)
            dlclose(handle);
    }
    return 0;
}

void ob_sound_libraries_pin(void)
{
    dl_iterate_phdr(pin, NULL);
}
