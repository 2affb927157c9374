/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reward is in the exhale itself: in one session, exhales in which the heart slows have more light and a longer
 * tail of sound than those in which it does not. Engine, synth and picture together, on a virtual clock. */
#include "base/maths.h"
#include "base/time.h"
#include "engine/engine.h"
#include "render/render.h"
#include "synth/synth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define BREATH_S 10.0 /* 6 breaths/min */
#define EXHALE_S 4.0  /* it begins here */
#define BREATHS  30
#define RATE_HZ  48000

/* In even breaths the heart slows by 14 bpm in the exhale, in odd ones it stays where it is. */
static double heart_bpm(double t_s)
{
    const double at = fmod(t_s, BREATH_S);
    const bool slows = (int)(t_s / BREATH_S) % 2 == 0;
    const double depth = slows ? 14.0 : 0.5;
    if (at < EXHALE_S)
        return 72.0 - (slows ? 0.0 : 14.0) * (0.5 + 0.5 * cos(OB_PI * at / EXHALE_S));
    return 72.0 - depth * (0.5 - 0.5 * cos(OB_PI * (at - EXHALE_S) / (BREATH_S - EXHALE_S)));
}

struct session {
    struct ob_engine *engine;
    double beat_s; /* of the next beat */
    double last_beat_s;
};

static void live_to(struct session *s, double t_s)
{
    while (s->beat_s <= t_s) {
        const double rr_s = s->beat_s - s->last_beat_s;
        struct ob_event v = {.kind = OB_EVENT_RR, .measured_ns = ob_ns_from_s(s->beat_s)};
        v.arrived_ns = v.applied_ns = v.measured_ns + 50 * OB_NS_PER_MS;
        v.u.rr.rr_ms = rr_s * 1e3;
        v.u.rr.beats = OB_BEATS_RR;
        v.u.rr.quality_01 = 1.0f;
        ob_engine_step(s->engine, &v);
        s->last_beat_s = s->beat_s;
        s->beat_s += 60.0 / heart_bpm(s->beat_s);
    }
    ob_engine_advance(s->engine, ob_ns_from_s(t_s));
}

static struct session begin(void)
{
    struct session s = {.engine = ob_engine_create(), .beat_s = 0.8};
    assert_non_null(s.engine);
    struct ob_event b = {.kind = OB_EVENT_BEGIN};
    b.u.plan.minutes = 10;
    b.u.plan.target_brpm = 6;
    b.u.plan.fixed_pace = true;
    ob_engine_step(s.engine, &b);
    return s;
}

static void exhales_that_slow_sound_longer(void **state)
{
    (void)state;
    struct session s = begin();
    struct ob_synth *synth = ob_synth_create(&(struct ob_synth_desc){.sample_rate_hz = RATE_HZ, .seed = 1});
    assert_non_null(synth);
    float block[2 * 480];
    double energy[2] = {0};
    int count[2] = {0};
    for (int i = 0; i < (int)(BREATHS * BREATH_S * 100); i++) {
        const double t = i * 0.01;
        live_to(&s, t);
        const struct ob_snapshot *shot = ob_engine_snapshot(s.engine);
        const struct ob_synth_input input = {.pacer = shot->pacer, .params = shot->params, .volume_01 = 0.6f};
        ob_synth_render(synth, &input, ob_ns_from_s(t), 1e9 / RATE_HZ, block, 480);
        const double at = fmod(t, BREATH_S);
        if (t < 60.0 || at >= 2.0)
            continue; /* the tail: the first two seconds after an exhale */
        const int breath = (int)((t - 2.0) / BREATH_S);
        for (int k = 4; k < 960; k++) {
            /* The second difference leaves the hiss of the wave and takes the tones away. */
            const double hiss = (double)block[k] - 2.0 * (double)block[k - 2] + (double)block[k - 4];
            energy[breath % 2] += hiss * hiss;
        }
        count[breath % 2] += 956;
    }
    const double slows = 10 * log10(energy[0] / count[0]), stays = 10 * log10(energy[1] / count[1]);
    print_message(
        "the wave in the two seconds after an exhale: %.1f dB where the heart slows, %.1f dB where it does not\n",
        slows, stays);
    assert_true(slows > stays + 1.0);
    ob_synth_destroy(synth);
    ob_engine_destroy(s.engine);
}

static void exhales_that_slow_have_more_light(void **state)
{
    (void)state;
    struct ob_render *render = NULL;
    char problem[512];
    const struct ob_render_desc desc = {.width = 320, .height = 180, .offscreen = true};
    if (ob_render_create(&desc, &render, problem, sizeof problem)) {
        print_message("no GL here: skipped (%s)\n", problem);
        skip();
    }
    struct session s = begin();
    static unsigned char pixels[320 * 180 * 4];
    double light[2] = {0};
    int count[2] = {0};
    for (int i = 0; i < (int)(BREATHS * BREATH_S * 4); i++) {
        const double t = i * 0.25;
        live_to(&s, t);
        const struct ob_overlay none = {0};
        assert_int_equal(ob_render_frame(render, ob_engine_snapshot(s.engine), &none, ob_ns_from_s(t)), OB_OK);
        if (t < 60.0 || fmod(t, BREATH_S) < EXHALE_S + 1.0)
            continue;
        int width, height;
        assert_int_equal(ob_render_read(render, pixels, sizeof pixels, &width, &height), OB_OK);
        double sum = 0;
        for (int k = 0; k < width * height; k++)
            sum += 0.2126 * pixels[4 * k] + 0.7152 * pixels[4 * k + 1] + 0.0722 * pixels[4 * k + 2];
        const int breath = (int)(t / BREATH_S);
        light[breath % 2] += sum / (255.0 * width * height);
        count[breath % 2]++;
    }
    const double slows = light[0] / count[0], stays = light[1] / count[1];
    print_message("mean light of an exhale: %.4f where the heart slows, %.4f where it does not (%+.1f%%)\n", slows,
                  stays, 100 * (slows / stays - 1));
    assert_true(slows > 1.02 * stays);
    ob_render_destroy(render);
    ob_engine_destroy(s.engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exhales_that_slow_sound_longer),
        cmocka_unit_test(exhales_that_slow_have_more_light),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
