/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one buffer of sound costs: 512 frames at 48 kHz, whose period is 10.7 ms; in each soundscape, and within a
 * crossfade, where two of them are rendered. */
#include "synth/synth.h"

#include "bench.h"

#define FRAMES 512
#define RATE   48000.0

struct stage {
    struct ob_synth *synth;
    struct ob_synth_input input;
    int64_t now_ns;
    bool changes; /* a crossfade is always under way */
    float out[2 * FRAMES];
};

static int16_t noise[2 * 48000];

static struct stage *make(uint32_t soundscape, float feedback, float bloom, float volume)
{
    struct stage *stage = calloc(1, sizeof *stage);
    static const struct ob_loop loop = {noise, 48000, 1e-5f};
    const struct ob_synth_desc desc = {.sample_rate_hz = RATE, .seed = 1, .loops = &loop, .loop_count = 1};
    stage->synth = ob_synth_create(&desc);
    stage->input.soundscape = soundscape;
    stage->input.volume_01 = volume;
    stage->input.pacer.rate_brpm = 6.0;
    stage->input.pacer.shape = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0);
    stage->input.pacer.next = stage->input.pacer.shape;
    stage->input.params = (struct ob_params){
        .presence_01 = 1.0f,
        .guidance_01 = 1.0f,
        .feedback_01 = feedback,
        .exhale_01 = bloom,
        .tail_01 = bloom,
        .bloom_01 = bloom,
    };
    return stage;
}

static void *shore(void)
{
    return make(OB_SOUNDSCAPE_SHORE, 0.5f, 0.0f, 0.6f);
}

static void *bowls(void)
{
    return make(OB_SOUNDSCAPE_BOWLS, 0.5f, 0.0f, 0.6f);
}

static void *pad(void)
{
    return make(OB_SOUNDSCAPE_PAD, 0.5f, 0.0f, 0.6f);
}

static void *own(void)
{
    return make(OB_SOUNDSCAPE_OWN, 0.5f, 0.0f, 0.6f);
}

static void *everything(void)
{
    return make(OB_SOUNDSCAPE_PAD, 1.0f, 1.0f, 0.6f);
}

static void *loudest(void)
{
    return make(OB_SOUNDSCAPE_SHORE, 1.0f, 1.0f, 1.0f);
}

static void *crossfade(void)
{
    struct stage *stage = make(OB_SOUNDSCAPE_PAD, 1.0f, 1.0f, 0.6f);
    stage->changes = true;
    return stage;
}

static void one_buffer(void *state)
{
    struct stage *stage = state;
    if (stage->changes) /* asked back before it is over, over and over */
        stage->input.soundscape = stage->now_ns / 2000000000 % 2 ? OB_SOUNDSCAPE_PAD : OB_SOUNDSCAPE_BOWLS;
    ob_synth_render(stage->synth, &stage->input, stage->now_ns, 1e9 / RATE, stage->out, FRAMES);
    stage->now_ns += (int64_t)(FRAMES * 1e9 / RATE);
}

static void drop(void *state)
{
    struct stage *stage = state;
    ob_synth_destroy(stage->synth);
    free(stage);
}

#define PERIOD_NS (1e9 / RATE)

#define CASE(title, maker)                                                                                             \
    {                                                                                                                  \
        .name = title, .unit = "frame", .create = maker, .step = one_buffer, .destroy = drop,                          \
        .units_per_step = FRAMES, .period_ns = PERIOD_NS,                                                              \
    }

static const struct bench_case cases[] = {
    CASE("shore", shore),
    CASE("bowls", bowls),
    CASE("pad", pad),
    CASE("own", own),
    CASE("pad, reward and bloom", everything),
    CASE("shore, full volume, limiting", loudest),
    CASE("crossfade from bowls to pad", crossfade),
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
