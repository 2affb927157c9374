/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of PortAudio's devices to try, best first. Control thread, while the library is initialised. */
#ifndef OB_AUDIO_PORTAUDIO_DEVICE_H
#define OB_AUDIO_PORTAUDIO_DEVICE_H

#include <portaudio.h>

#define OB_PORTAUDIO_DEVICES_MAX 8

/* wanted: part of a device's name without regard to case, or empty for the default. Without a wish: a sound server's
 * ALSA plugin first (it mixes with other programs and follows the desktop's choice), then the system's default, then
 * any other; never ALSA's "null", which has no clock. Returns how many of order_out are filled. */
int ob_portaudio_rank(const char *wanted, PaDeviceIndex order_out[OB_PORTAUDIO_DEVICES_MAX]);

#endif
