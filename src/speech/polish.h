/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From raw speech to a clip that belongs into the soundscape. Pure: the same words come out the same. Worker thread. */
#ifndef OB_SPEECH_POLISH_H
#define OB_SPEECH_POLISH_H

#include "base/err.h"
#include "synth/spoken.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_SPEECH_LUFS (-23.0) /* of every clip, before the room */

enum ob_polish {
    OB_POLISH_MADE,     /* formant synthesis: softened, and set into the synth's own room */
    OB_POLISH_RECORDED, /* a person's recording: its level and its ends alone */
};

/* Speech as it is (mono, or stereo interleaved) into a clip at another rate: silence around it trimmed, for MADE its
 * harshness taken away and a touch of the room added, its loudness brought to OB_SPEECH_LUFS with peaks below -6 dBFS,
 * begun and ended in silence. clip_out->stereo is owned by the caller (free). OB_ERR_EMPTY when there is nothing to
 * hear. words_s_out: how long the words are without the room behind them. */
enum ob_err ob_polish(enum ob_polish how, const float *speech, size_t frames, int channels, double sample_rate_hz,
                      double clip_rate_hz, struct ob_spoken_clip *clip_out, double *words_s_out);

/* Interleaved sound at another rate, by a windowed sinc below the lower of both Nyquist frequencies. The result is
 * owned by the caller; NULL without memory. */
float *ob_resample(const float *sound, size_t frames, int channels, double from_hz, double to_hz, size_t *frames_out);

#endif
