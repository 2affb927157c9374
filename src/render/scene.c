/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/scene.h"

#include "base/maths.h"
#include "base/time.h"
#include "breath/pacer.h"
#include "render/embedded.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SLOW_TIME_S 1024.0

static const char *const uniforms[] = {"u_rect",     "u_noise",  "u_size",      "u_time_s",   "u_volume",
                                       "u_phase",    "u_stage",  "u_stage_01",  "u_guidance", "u_presence",
                                       "u_feedback", "u_exhale", "u_tail",      "u_pulse",    "u_bloom",
                                       "u_signal",   "u_fit",    "u_simulated", "u_calm",     NULL};
enum { AT_RECT, AT_NOISE, AT_SIZE, AT_INPUTS };

/* A breath of the scene's own where nobody is led: two slow waves that do not repeat together within minutes, too
 * slow and too small to be taken for a pace. */
static double wandering(double time_s)
{
    return 0.42 + 0.09 * sin(OB_TAU * 27.0 * time_s / SLOW_TIME_S) + 0.06 * sin(OB_TAU * 16.0 * time_s / SLOW_TIME_S);
}

struct ob_scene_inputs ob_scene_inputs_of(const struct ob_snapshot *snapshot, bool reduced_motion, int64_t seen_ns)
{
    const struct ob_pacer_state pacer = ob_pacer_at(&snapshot->pacer, seen_ns);
    const struct ob_params *params = &snapshot->params;
    const double time_s = fmod(ob_s_from_ns(seen_ns - snapshot->begin_ns), SLOW_TIME_S);
    const double guidance_01 = ob_clamp01((double)params->guidance_01);
    return (struct ob_scene_inputs){
        .time_s = (float)(time_s < 0.0 ? time_s + SLOW_TIME_S : time_s),
        .volume_01 = (float)ob_lerp(wandering(time_s), ob_clamp01(pacer.volume_01), guidance_01),
        .phase_turns = (float)pacer.phase_turns,
        .stage = (float)pacer.stage,
        .stage_01 = (float)pacer.stage_01,
        .guidance_01 = (float)guidance_01,
        .presence_01 = params->presence_01,
        .feedback_01 = params->feedback_01,
        .exhale_01 = params->exhale_01,
        .tail_01 = params->tail_01,
        .pulse_01 = params->pulse_01,
        .bloom_01 = params->bloom_01,
        .signal_01 = params->signal_01,
        .fit_01 = params->fit_01,
        .simulated = snapshot->simulated ? 1.0f : 0.0f,
        .calm = reduced_motion ? 1.0f : 0.0f,
    };
}

enum ob_err ob_scene_init(struct ob_scene *scene, const char *dir, const char *name, bool es)
{
    char path[512];
    if (!name)
        name = OB_SCENE_DEFAULT;
    if (strchr(name, '/') || strstr(name, ".glsl"))
        snprintf(path, sizeof path, "%s", name);
    else
        snprintf(path, sizeof path, "scenes/%s.glsl", name);
    return ob_program_init(&scene->program, dir, path, uniforms, es, true);
}

void ob_scene_finish(struct ob_scene *scene)
{
    ob_program_finish(&scene->program);
}

void ob_scene_draw(const struct ob_scene *scene, const struct ob_scene_inputs *inputs, unsigned noise, int width,
                   int height)
{
    const GLint *at = scene->program.at;
    const float values[] = {inputs->time_s,    inputs->volume_01,   inputs->phase_turns, inputs->stage,
                            inputs->stage_01,  inputs->guidance_01, inputs->presence_01, inputs->feedback_01,
                            inputs->exhale_01, inputs->tail_01,     inputs->pulse_01,    inputs->bloom_01,
                            inputs->signal_01, inputs->fit_01,      inputs->simulated,   inputs->calm};
    glDisable(GL_BLEND);
    glUseProgram(scene->program.id);
    glUniform4f(at[AT_RECT], -1.0f, -1.0f, 1.0f, 1.0f);
    glUniform1i(at[AT_NOISE], 0);
    glUniform2f(at[AT_SIZE], (float)width, (float)height);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        glUniform1f(at[AT_INPUTS + i], values[i]);
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, noise);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

const char *ob_scene_name(int index, char *name_out, int size)
{
    for (const struct ob_embedded *e = ob_embedded_shaders; e->name; e++) {
        if (strncmp(e->name, "scenes/", 7) != 0 || index-- > 0)
            continue;
        snprintf(name_out, (size_t)size, "%.*s", (int)(strlen(e->name) - 7 - 5), e->name + 7);
        return name_out;
    }
    return NULL;
}
