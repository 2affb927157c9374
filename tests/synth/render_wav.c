/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tool for ears and eyes: renders a session's sound to a WAV file. render_wav FILE [seconds] [brpm] [scenario]
 * [soundscape] Scenarios: 0 neutral; 1 feedback grows, every other exhale is rewarded, a bloom at half time; 2
 * unguided; 3 the soundscapes one after the other, 30 s each, and a gong at the end. Soundscape: shore, bowls or pad.
 */
#include "audio/audio.h"
#include "base/maths.h"
#include "base/time.h"
#include "synth/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stage {
    struct ob_synth *synth;
    struct ob_synth_input input;
    double seconds;
    int scenario;
};

static void render(void *user, float *out, uint32_t frames, int64_t heard_ns, double ns_per_frame)
{
    struct stage *stage = user;
    const double t = ob_s_from_ns(heard_ns);
    struct ob_params *params = &stage->input.params;
    const struct ob_pacer_state pacer = ob_pacer_at(&stage->input.pacer, heard_ns);
    params->presence_01 = (float)(ob_clamp01(t / 4.0) * ob_clamp01((stage->seconds - t) / 5.0));
    params->guidance_01 = stage->scenario == 2 ? 0.0f : 1.0f;
    params->feedback_01 = 0.5f;
    if (stage->scenario == 3) {
        stage->input.soundscape = (uint32_t)(t / 30.0) % OB_SOUNDSCAPE_OWN;
        stage->input.gong_count = t > stage->seconds - 15.0;
        params->presence_01 = (float)(ob_clamp01(t / 4.0) * ob_clamp01((stage->seconds - 11.0 - t) / 5.0));
    }
    if (stage->scenario == 1) {
        params->feedback_01 = (float)(0.5 + 0.5 * ob_clamp01(t / stage->seconds));
        const double breath = t * pacer.rate_brpm / 60.0;
        const bool rewarded = (int)breath % 2 == 1;
        if (pacer.stage == OB_EXHALE) {
            params->exhale_01 = rewarded ? (float)ob_smoothstep(0.1, 0.7, pacer.stage_01) : 0.0f;
            params->tail_01 = rewarded ? 1.0f : 0.0f;
        } else {
            params->exhale_01 *= 0.996f;
        }
        const double half = stage->seconds / 2.0;
        params->bloom_01 =
            (float)(ob_smoothstep(half, half + 12.0, t) * (1.0 - ob_smoothstep(half + 14, half + 35, t)));
    }
    ob_synth_render(stage->synth, &stage->input, heard_ns, ns_per_frame, out, frames);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: render_wav FILE [seconds] [brpm] [scenario] [soundscape]\n");
        return 2;
    }
    struct stage stage = {.seconds = argc > 2 ? atof(argv[2]) : 120.0, .scenario = argc > 4 ? atoi(argv[4]) : 0};
    for (uint32_t i = 0; argc > 5 && i < OB_SOUNDSCAPE_OWN; i++)
        if (strcmp(argv[5], ob_soundscape_name(i)) == 0)
            stage.input.soundscape = i;
    const double brpm = argc > 3 ? atof(argv[3]) : 6.0;
    const struct ob_synth_desc synth_desc = {.seed = 7};
    stage.synth = ob_synth_create(&synth_desc);
    stage.input.volume_01 = 0.6f;
    stage.input.pacer.rate_brpm = brpm;
    stage.input.pacer.shape = ob_breath_shape_make(0.4, brpm, 0.0, 0.0);
    stage.input.pacer.next = stage.input.pacer.shape;
    const struct ob_audio_desc desc = {.path = argv[1], .render = render, .user = &stage};
    struct ob_audio *audio = NULL;
    enum ob_err err = stage.synth ? ob_audio_wav.open(&desc, &audio) : OB_ERR_NO_MEMORY;
    if (!err)
        err = ob_audio_wav.advance(audio, 0);
    if (!err)
        err = ob_audio_wav.advance(audio, ob_ns_from_s(stage.seconds));
    const enum ob_err closed = ob_audio_wav.close(audio);
    ob_synth_destroy(stage.synth);
    if (err || closed)
        fprintf(stderr, "render_wav: %s\n", ob_err_text(err ? err : closed));
    return err || closed;
}
