/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws a scene at chosen moments into PNG files, to look at it:
 *
 *     render_look OUT.png WIDTH HEIGHT [key=value ...]
 *
 * keys: t (seconds, 100), phase (turns), feedback exhale tail pulse bloom signal presence guidance, scale, hud,
 * formulas, help, simulated, unknown, caption=TEXT, notice=TEXT, scene=NAME, shaders=DIR, gles, frames (timed),
 * live (seconds that are played before, at 60 frames a second), fps (another number of them), rate (breaths a minute;
 * while it plays, the breath goes on), overscan (share of each edge). */
#include "base/time.h"
#include "os/clock.h"
#include "render/render.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: %s OUT.png WIDTH HEIGHT [key=value ...]\n", argv[0]);
        return 2;
    }
    struct ob_render_desc desc = {.width = atoi(argv[2]), .height = atoi(argv[3]), .offscreen = true};
    double t_s = 100.0, phase = 0.0;
    int frames = 1;
    double live_s = 0.0, fps = 60.0, rate = 6.0;
    for (int i = 4; i < argc; i++) {
        if (strncmp(argv[i], "t=", 2) == 0)
            t_s = atof(argv[i] + 2);
        else if (strncmp(argv[i], "phase=", 6) == 0)
            phase = atof(argv[i] + 6);
    }
    static struct ob_snapshot snapshot;
    scenario_fill(&snapshot, t_s + 10.0 * phase);
    struct ob_overlay overlay = {0};
    for (int i = 4; i < argc; i++) {
        char *value = strchr(argv[i], '=');
        if (!value)
            continue;
        *value++ = 0;
        const char *key = argv[i];
        const float number = (float)atof(value);
        struct ob_params *p = &snapshot.params;
        const struct {
            const char *key;
            float *to;
        } floats[] = {{"feedback", &p->feedback_01}, {"exhale", &p->exhale_01},     {"tail", &p->tail_01},
                      {"pulse", &p->pulse_01},       {"bloom", &p->bloom_01},       {"signal", &p->signal_01},
                      {"presence", &p->presence_01}, {"guidance", &p->guidance_01}, {"fit", &p->fit_01}};
        for (size_t k = 0; k < sizeof floats / sizeof *floats; k++)
            if (strcmp(floats[k].key, key) == 0)
                *floats[k].to = number;
        if (strcmp(key, "scale") == 0)
            desc.scale = (double)number;
        else if (strcmp(key, "frames") == 0)
            frames = atoi(value);
        else if (strcmp(key, "live") == 0)
            live_s = (double)number;
        else if (strcmp(key, "fps") == 0)
            fps = (double)number;
        else if (strcmp(key, "rate") == 0)
            rate = (double)number;
        else if (strcmp(key, "overscan") == 0)
            overlay.overscan_01 = (double)number;
        else if (strcmp(key, "gles") == 0)
            desc.gles = true;
        else if (strcmp(key, "hud") == 0)
            overlay.hud = true;
        else if (strcmp(key, "formulas") == 0)
            overlay.hud = overlay.formulas = true;
        else if (strcmp(key, "help") == 0)
            overlay.help = true;
        else if (strcmp(key, "simulated") == 0)
            snapshot.simulated = true;
        else if (strcmp(key, "scene") == 0)
            desc.scene = value;
        else if (strcmp(key, "shaders") == 0)
            desc.shader_dir = value;
        else if (strcmp(key, "caption") == 0)
            snprintf(overlay.caption, sizeof overlay.caption, "%s", value);
        else if (strcmp(key, "notice") == 0)
            snprintf(overlay.notice, sizeof overlay.notice, "%s", value);
        else if (strcmp(key, "sensor") == 0)
            snprintf(overlay.sensor, sizeof overlay.sensor, "%s", value);
        else if (strcmp(key, "unknown") == 0)
            snapshot.hr_bpm.valid = snapshot.rsa_bpm.valid = snapshot.breath_brpm.valid = snapshot.fit_01.valid =
                snapshot.coherence.valid = false;
    }
    char problem[300];
    struct ob_render *render = NULL;
    if (ob_render_create(&desc, &render, problem, sizeof problem)) {
        fprintf(stderr, "%s\n", problem);
        return 4;
    }
    snapshot.pacer.phase_turns = fmod(0.1 * ob_s_from_ns(snapshot.now_ns), 1.0);
    snapshot.pacer.start_ns = snapshot.now_ns;
    snapshot.pacer.rate_brpm = rate;
    for (int64_t back_ns = ob_ns_from_s(live_s); back_ns > OB_NS_PER_MS; back_ns -= ob_ns_from_s(1.0 / fps)) {
        struct ob_snapshot then = snapshot;
        then.pacer.phase_turns = fmod(then.pacer.phase_turns - ob_s_from_ns(back_ns) * rate / 60.0 + 1000.0, 1.0);
        then.pacer.start_ns -= back_ns;
        ob_render_frame(render, &then, &overlay, snapshot.now_ns - back_ns);
    }
    const int64_t begun_ns = ob_clock_monotonic_ns();
    for (int i = 0; i < frames; i++)
        ob_render_frame(render, &snapshot, &overlay, snapshot.now_ns + i);
    if (frames > 1)
        printf("%.2f ms a frame\n", 1e-6 * (double)(ob_clock_monotonic_ns() - begun_ns) / frames);
    const enum ob_err err = ob_render_capture(render, argv[1]);
    struct ob_render_info info;
    ob_render_info(render, &info);
    if (info.problem[0])
        fprintf(stderr, "%s\n", info.problem);
    ob_render_destroy(render);
    return err ? 1 : 0;
}
