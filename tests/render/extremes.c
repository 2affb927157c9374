/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "extremes.h"

#include "base/time.h"

#include <stdio.h>

/* A heart at 180 beats a minute. */
static void beats(struct ob_snapshot *s, struct ob_overlay *overlay, int f)
{
    (void)overlay;
    s->params.pulse_01 = f % 20 < 10 ? 1.0f : 0.0f;
}

/* Rewards and the exhale moment come and go in parts of a second. */
static void rewards(struct ob_snapshot *s, struct ob_overlay *overlay, int f)
{
    (void)overlay;
    s->params.exhale_01 = f % 30 < 15 ? 1.0f : 0.0f;
    s->params.tail_01 = f % 14 < 7 ? 1.0f : 0.0f;
    s->params.feedback_01 = f % 12 < 6 ? 1.0f : 0.5f;
    s->params.bloom_01 = f % 16 < 8 ? 1.0f : 0.0f;
}

/* The sensor is lost and found, the picture cut off and on. */
static void faults(struct ob_snapshot *s, struct ob_overlay *overlay, int f)
{
    (void)overlay;
    s->params.signal_01 = f % 10 < 5 ? 1.0f : 0.0f;
    s->params.presence_01 = f % 40 < 30 ? 1.0f : 0.0f;
}

/* Pacer and slow time jump. */
static void seeks(struct ob_snapshot *s, struct ob_overlay *overlay, int f)
{
    (void)overlay;
    s->pacer.phase_turns = f % 24 < 12 ? 0.0 : 0.4;
    s->pacer.rate_brpm = 0.0;
    s->begin_ns = -(int64_t)(f / 25) * 77 * OB_NS_PER_S;
}

/* Numbers, keys and notices. */
static void words(struct ob_snapshot *s, struct ob_overlay *overlay, int f)
{
    (void)s;
    overlay->hud = f % 20 < 10;
    overlay->help = f % 14 < 7;
    snprintf(overlay->caption, sizeof overlay->caption, "Follow the water");
    snprintf(overlay->notice, sizeof overlay->notice, "Notice %d", f / 7);
}

static void all(struct ob_snapshot *s, struct ob_overlay *overlay, int f)
{
    beats(s, overlay, f);
    rewards(s, overlay, f);
    faults(s, overlay, f);
    seeks(s, overlay, f);
    words(s, overlay, f);
}

const struct extreme extremes[] = {{"all of them", all}, {"180 beats a minute", beats},
                                   {"rewards", rewards}, {"faults", faults},
                                   {"seeks", seeks},     {"words", words},
                                   {NULL, NULL}};

const struct flashing_scene flashing_scenes[] = {
    {"strobe at 10 Hz", "vec3 scene(vec2 at) { return vec3(step(0.5, fract(u_time_s * 10.0))); }"},
    {"strobe at 30 Hz", "vec3 scene(vec2 at) { return vec3(step(0.5, fract(u_time_s * 30.0 + 0.01))); }"},
    {"red strobe", "vec3 scene(vec2 at) { return vec3(step(0.5, fract(u_time_s * 6.0)), 0.0, 0.0); }"},
    {"slow strobe", "vec3 scene(vec2 at) { return vec3(step(0.5, fract(u_time_s * 1.0))); }"},
    {"chequered strobe", "vec3 scene(vec2 at) { vec2 c = floor(at / 24.0); float b = mod(c.x + c.y, 2.0);"
                         " return vec3(abs(b - step(0.5, fract(u_time_s * 8.0)))); }"},
    {"flying bars", "vec3 scene(vec2 at) { return vec3(step(0.5, fract(at.x / 90.0 + u_time_s * 4.0))); }"},
    {NULL, NULL}};
