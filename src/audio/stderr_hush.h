/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps sound libraries from printing on standard error: without a server one scan for devices prints a hundred lines,
 * and it is repeated each second. ALSA and JACK have hooks for their messages; they are looked up at run time, so that
 * neither library's headers are needed to build. Call once, before the first use of PortAudio. Control thread. */
#ifndef OB_AUDIO_STDERR_HUSH_H
#define OB_AUDIO_STDERR_HUSH_H

void ob_stderr_hush(void);

#endif
