/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Manners for the libraries beneath PortAudio, whose hooks are looked up at run time so that their headers are not
 * needed to build. Control thread. */
#ifndef OB_AUDIO_SOUND_LIBRARIES_H
#define OB_AUDIO_SOUND_LIBRARIES_H

/* Keeps ALSA and JACK from printing on standard error: without a server one scan for devices prints a hundred lines,
 * and it is repeated each second. Once, before the first use of PortAudio. PortAudio's own three lines when a server
 * dies remain; it has no hook for them. */
void ob_sound_libraries_hush(void);

/* Keeps every library that is loaded now loaded for good. ALSA loads its plugins and all that these need (40 libraries)
 * for each scan and unloads them after it, and some leak what they set up when loaded: 13 kB a scan, 47 MB in an hour
 * without a device. Pinned, it is 0.2 kB. Call between Pa_Initialize and Pa_Terminate. */
void ob_sound_libraries_pin(void);

#endif
