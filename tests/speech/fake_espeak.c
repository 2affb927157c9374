/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in for espeak-ng in tests: it hums at 150 Hz, a tenth of a second a letter, and knows two languages. At
 * a ~ it takes its time, as a slow machine does. */
#define _POSIX_C_SOURCE 200809L

#include <espeak-ng/speak_lib.h>
#include <math.h>
#include <string.h>
#include <time.h>

static t_espeak_callback *hear;

ESPEAK_API int espeak_Initialize(espeak_AUDIO_OUTPUT output, int buffer_ms, const char *path, int options)
{
    (void)output, (void)buffer_ms, (void)path, (void)options;
#ifdef OB_BROKEN
    return -1;
#else
    return 22050;
#endif
}

ESPEAK_API void espeak_SetSynthCallback(t_espeak_callback *callback)
{
    hear = callback;
}

ESPEAK_API espeak_ERROR espeak_SetVoiceByName(const char *name)
{
    return strncmp(name, "en", 2) == 0 || strcmp(name, "de") == 0 ? EE_OK : EE_NOT_FOUND;
}

ESPEAK_API espeak_ERROR espeak_SetParameter(espeak_PARAMETER which, int value, int relative)
{
    (void)which, (void)value, (void)relative;
    return EE_OK;
}

ESPEAK_API espeak_ERROR espeak_Synth(const void *text, size_t size, unsigned position, espeak_POSITION_TYPE kind,
                                     unsigned end, unsigned flags, unsigned *id, void *user)
{
    (void)position, (void)kind, (void)end, (void)flags, (void)id, (void)user;
    static short block[2205];
    long at = 0;
    for (size_t letter = 0; letter + 1 < size && ((const char *)text)[letter]; letter++) {
        if (((const char *)text)[letter] == '~')
            nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
        for (int i = 0; i < 2205; i++, at++)
            block[i] = (short)(8000.0 * sin(6.283185307 * 150.0 * (double)at / 22050.0));
        if (hear(block, 2205, NULL))
            return EE_OK;
    }
    hear(NULL, 0, NULL);
    return EE_OK;
}

ESPEAK_API espeak_ERROR espeak_Terminate(void)
{
    return EE_OK;
}
