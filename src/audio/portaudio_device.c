/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/portaudio_device.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Lower is better; negative: not at all. */
static int rank_of(const char *wanted, PaDeviceIndex index, const PaDeviceInfo *info)
{
    if (info->maxOutputChannels < 2)
        return -1;
    if (wanted[0]) {
        if (strcasecmp(info->name, wanted) == 0)
            return 0;
        const PaHostApiInfo *api = Pa_GetHostApiInfo(info->hostApi);
        return strcasestr(info->name, wanted) ? 1 : api && strcasestr(api->name, wanted) ? 2 : -1;
    }
    static const char *const servers[] = {"pulse", "pipewire", "default"};
    for (size_t i = 0; i < sizeof servers / sizeof servers[0]; i++)
        if (strcmp(info->name, servers[i]) == 0)
            return (int)i;
    if (strcmp(info->name, "null") == 0)
        return -1;
    return index == Pa_GetDefaultOutputDevice() ? 3 : 4;
}

int ob_portaudio_rank(const char *wanted, PaDeviceIndex order_out[OB_PORTAUDIO_DEVICES_MAX])
{
    int count = 0;
    const PaDeviceIndex devices = Pa_GetDeviceCount();
    for (int rank = 0; rank <= 4; rank++)
        for (PaDeviceIndex i = 0; i < devices && count < OB_PORTAUDIO_DEVICES_MAX; i++) {
            const PaDeviceInfo *info = Pa_GetDeviceInfo(i);
            if (info && rank_of(wanted, i, info) == rank)
                order_out[count++] = i;
        }
    return count;
}
