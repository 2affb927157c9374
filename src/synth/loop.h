/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loop for the synth from any stretch of sound: at the synth's rate, of a bed's loudness, and without a seam.
 *
 * The rate is changed by a windowed sinc (32 zero crossings each side of what is kept; Smith and Gossett 1984, "A
 * flexible sampling-rate conversion method", doi:10.1109/ICASSP.1984.1172555). The end runs into the beginning as a
 * crossfade of equal power over OB_LOOP_SEAM_S, or over a quarter of what is shorter than four times that; the loop is
 * shorter by as much. The loudness of the whole becomes that of OB_LOOP_LUFS (synth/loudness.h). Takes time and
 * memory: never on the thread that renders. Pure. */
#ifndef OB_SYNTH_LOOP_H
#define OB_SYNTH_LOOP_H

#include "base/err.h"
#include "synth/synth.h"

#include <stddef.h>

#define OB_LOOP_LUFS       (-26.0)
#define OB_LOOP_SEAM_S     3.0
#define OB_LOOP_SHORTEST_S 8.0 /* what comes round sooner has a tempo */
#define OB_LOOP_LONGEST_S  300.0
#define OB_LOOP_SILENT     (-60.0) /* LUFS: nothing to be heard */

/* stereo: interleaved, -1 to 1, of any rate from 8 to 192 kHz. OB_ERR_RANGE: shorter or longer than the limits;
 * OB_ERR_EMPTY: silent; OB_ERR_NO_MEMORY. On an error loop_out is an empty place. */
enum ob_err ob_loop_make(const float *stereo, size_t frames, double sample_rate_hz, double synth_rate_hz,
                         struct ob_loop *loop_out);

/* Leaves an empty place. */
void ob_loop_free(struct ob_loop *loop);

#endif
