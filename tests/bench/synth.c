/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one buffer of sound costs: 512 frames at 48 kHz, whose period is 10.7 ms. */
#include "synth/synth.h"

#include "bench.h"

#define FRAMES 512
#define RATE   48000.0

struct stage {
    struct ob_synth *synth;
    struct ob_synth_input input;
    int64_t now_ns;
    float out[2 * FRAMES];
};

static struct stage *make(float feedback, float bloom, float volume)
{
    struct stage *stage = calloc(1, sizeof *stage);
    const struct ob_synth_desc desc = {.sample_rate_hz = RATE, .seed = 1};
    stage->synth = ob_synth_create(&desc);
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

static void *neutral(void)
{
    return make(0.5f, 0.0f, 0.6f);
}

static void *everything(void)
{
    return make(1.0f, 1.0f, 0.6f);
}

static void *loudest(void)
{
    return make(1.0f, 1.0f, 1.0f);
}

static void one_buffer(void *state)
{
    struct stage *stage = state;
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
    CASE("synth, neutral", neutral),
    CASE("synth, reward and bloom", everything),
    CASE("synth, full volume, limiting", loudest),
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
