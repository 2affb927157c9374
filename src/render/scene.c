/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/scene.h"

#include "base/maths.h"
#include "base/time.h"
#include "breath/pacer.h"
#include "os/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SLOW_TIME_S 1024.0
#define WHOLE_BRPM  7.0 /* the quickest breath that is shown whole */
#define LEAST_DEPTH 0.5

static const char *const uniforms[] = {"u_rect",     "u_noise",     "u_soft",  "u_size",     "u_drawn",    "u_time_s",
                                       "u_volume",   "u_phase",     "u_stage", "u_stage_01", "u_guidance", "u_presence",
                                       "u_feedback", "u_exhale",    "u_tail",  "u_pulse",    "u_bloom",    "u_signal",
                                       "u_fit",      "u_simulated", "u_calm",  NULL};
enum { AT_RECT, AT_NOISE, AT_SOFT, AT_SIZE, AT_DRAWN, AT_INPUTS };

/* A breath of the scene's own where nobody is led: two slow waves that do not repeat together within minutes, too
 * slow and too small to be taken for a pace. */
static double wandering(double time_s)
{
    return 0.42 + 0.09 * sin(OB_TAU * 27.0 * time_s / SLOW_TIME_S) + 0.06 * sin(OB_TAU * 16.0 * time_s / SLOW_TIME_S);
}

/* A quick breath is a smaller one, as it is in people: the picture never moves faster than at WHOLE_BRPM, which is as
 * fast as a scene can go without the light limiter having to hold it back. */
static double depth_of(double rate_brpm)
{
    return ob_clamp(WHOLE_BRPM / fmax(rate_brpm, WHOLE_BRPM), LEAST_DEPTH, 1.0);
}

struct ob_scene_inputs ob_scene_inputs_of(const struct ob_snapshot *snapshot, bool reduced_motion, int64_t seen_ns)
{
    const struct ob_pacer_state pacer = ob_pacer_at(&snapshot->pacer, seen_ns);
    const struct ob_params *params = &snapshot->params;
    const double time_s = fmod(ob_s_from_ns(seen_ns - snapshot->begin_ns), SLOW_TIME_S);
    const double guidance_01 = ob_clamp01((double)params->guidance_01);
    return (struct ob_scene_inputs){
        .time_s = (float)(time_s < 0.0 ? time_s + SLOW_TIME_S : time_s),
        .volume_01 =
            (float)ob_lerp(wandering(time_s), depth_of(pacer.rate_brpm) * ob_clamp01(pacer.volume_01), guidance_01),
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

void ob_scene_plan(const char *text, struct ob_program_plan *plan_out)
{
    struct ob_program_plan plan = {0};
    if (strstr(text, "\nvec4 soft(")) {
        plan.to_01[0] = 1.0f;
        snprintf(plan.defines[plan.parts++], sizeof plan.defines[0], "#define SOFT\n#define BAND 0\n%s",
                 strstr(text, "\n// soft: fine") ? "#define FINE\n" : "");
    }
    int band = 0;
    for (const char *at = strstr(text, "// band:"); at && plan.parts < OB_PROGRAM_PARTS;
         at = strstr(at + 1, "// band:")) {
        float from_01, to_01;
        if (sscanf(at + 8, "%f %f", &from_01, &to_01) != 2)
            continue;
        plan.from_01[plan.parts] = fminf(1.0f, fmaxf(0.0f, from_01));
        plan.to_01[plan.parts] = fminf(1.0f, fmaxf(0.0f, to_01));
        snprintf(plan.defines[plan.parts++], sizeof plan.defines[0], "#define BAND %d\n", band++);
    }
    if (!band && plan.parts < OB_PROGRAM_PARTS) {
        plan.to_01[plan.parts] = 1.0f;
        snprintf(plan.defines[plan.parts++], sizeof plan.defines[0], "#define BAND 0\n");
    }
    *plan_out = plan;
}

enum ob_err ob_scene_init(struct ob_scene *scene, const char *dir, const char *path, bool es)
{
    memset(scene, 0, sizeof *scene);
    return ob_program_init(&scene->program, &(struct ob_program_desc){.dir = dir,
                                                                      .name = path,
                                                                      .uniforms = uniforms,
                                                                      .es = es,
                                                                      .planner = ob_scene_plan,
                                                                      .before = "scene_inputs.glsl",
                                                                      .behind = "scene_main.glsl"});
}

void ob_scene_finish(struct ob_scene *scene)
{
    ob_program_finish(&scene->program);
    glDeleteTextures(1, &scene->soft);
    glDeleteFramebuffers(1, &scene->soft_target);
    scene->soft = scene->soft_target = 0;
}

static void fit_soft(struct ob_scene *scene, int width, int height)
{
    const bool fine = strstr(scene->program.plan.defines[0], "FINE") != NULL;
    width = (int)fmax(OB_SCENE_SOFT_LEAST, width / OB_SCENE_SOFT_SHARE);
    height = (int)fmax(OB_SCENE_SOFT_LEAST, height / OB_SCENE_SOFT_SHARE);
    if (scene->soft && width == scene->soft_width && height == scene->soft_height && fine == scene->soft_fine)
        return;
    if (!scene->soft) {
        glGenTextures(1, &scene->soft);
        glGenFramebuffers(1, &scene->soft_target);
    }
    glBindTexture(GL_TEXTURE_2D, scene->soft);
    glTexImage2D(GL_TEXTURE_2D, 0, fine ? GL_RGBA16F : GL_RGBA8, width, height, 0, GL_RGBA,
                 fine ? GL_HALF_FLOAT : GL_UNSIGNED_BYTE, NULL);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glBindFramebuffer(GL_FRAMEBUFFER, scene->soft_target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, scene->soft, 0);
    scene->soft_width = width;
    scene->soft_height = height;
    scene->soft_fine = fine;
}

static void draw_part(const struct ob_scene *scene, int part, const struct ob_scene_inputs *inputs, int width,
                      int height, int drawn_width, int drawn_height)
{
    const GLint *at = scene->program.all_at[part];
    const float values[] = {inputs->time_s,    inputs->volume_01,   inputs->phase_turns, inputs->stage,
                            inputs->stage_01,  inputs->guidance_01, inputs->presence_01, inputs->feedback_01,
                            inputs->exhale_01, inputs->tail_01,     inputs->pulse_01,    inputs->bloom_01,
                            inputs->signal_01, inputs->fit_01,      inputs->simulated,   inputs->calm};
    const struct ob_program_plan *plan = &scene->program.plan;
    glUseProgram(scene->program.ids[part]);
    glUniform4f(at[AT_RECT], -1.0f, 2.0f * plan->from_01[part] - 1.0f, 1.0f, 2.0f * plan->to_01[part] - 1.0f);
    glUniform1i(at[AT_NOISE], 0);
    glUniform1i(at[AT_SOFT], 1);
    glUniform2f(at[AT_SIZE], (float)width, (float)height);
    glUniform2f(at[AT_DRAWN], (float)drawn_width, (float)drawn_height);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        glUniform1f(at[AT_INPUTS + i], values[i]);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

void ob_scene_draw(struct ob_scene *scene, const struct ob_scene_inputs *inputs, GLuint noise, GLuint target, int width,
                   int height)
{
    const int first = strstr(scene->program.plan.defines[0], "SOFT") ? 1 : 0;
    glDisable(GL_BLEND);
    glActiveTexture(GL_TEXTURE0);
    if (first) {
        fit_soft(scene, width, height);
        glBindTexture(GL_TEXTURE_2D, noise);
        glBindFramebuffer(GL_FRAMEBUFFER, scene->soft_target);
        glViewport(0, 0, scene->soft_width, scene->soft_height);
        draw_part(scene, 0, inputs, width, height, scene->soft_width, scene->soft_height);
        glActiveTexture(GL_TEXTURE1);
        glBindTexture(GL_TEXTURE_2D, scene->soft);
        glActiveTexture(GL_TEXTURE0);
    }
    glBindTexture(GL_TEXTURE_2D, noise);
    glBindFramebuffer(GL_FRAMEBUFFER, target);
    glViewport(0, 0, width, height);
    for (int part = first; part < scene->program.plan.parts; part++)
        draw_part(scene, part, inputs, width, height, width, height);
}

/* One drawing and the wait for it. */
static double drawn_s(struct ob_scene *scene, const struct ob_scene_inputs *inputs, GLuint noise, GLuint target,
                      int width, int height)
{
    const int64_t begun_ns = ob_clock_monotonic_ns();
    ob_scene_draw(scene, inputs, noise, target, width, height);
    glFinish();
    return ob_s_from_ns(ob_clock_monotonic_ns() - begun_ns);
}

double ob_scene_trial_s(struct ob_scene *scene, GLuint noise, int width, int height)
{
    static const int sizes[][2] = {{16, 9}, {64, 36}, {160, 90}};
    const struct ob_scene_inputs inputs = {.time_s = 100.0f,
                                           .volume_01 = 0.6f,
                                           .stage = 2.0f,
                                           .stage_01 = 0.4f,
                                           .guidance_01 = 1.0f,
                                           .presence_01 = 1.0f,
                                           .feedback_01 = 1.0f,
                                           .exhale_01 = 1.0f,
                                           .tail_01 = 1.0f,
                                           .pulse_01 = 1.0f,
                                           .bloom_01 = 1.0f,
                                           .signal_01 = 1.0f};
    GLuint image, target;
    double whole_s = 0.0;
    glGenTextures(1, &image);
    glGenFramebuffers(1, &target);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int w = sizes[i][0], h = sizes[i][1];
        glBindTexture(GL_TEXTURE_2D, image);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, w, h, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
        glBindFramebuffer(GL_FRAMEBUFFER, target);
        glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, image, 0);
        /* The first time is the driver's compiling; of others the quickest, since the machine may be busy. */
        double best_s = 1e9;
        for (int k = 0; k < 4 && (k < 2 || best_s > 0.002); k++) {
            const double s = drawn_s(scene, &inputs, noise, target, w, h);
            if (k > 0 || i > 0)
                best_s = fmin(best_s, s);
        }
        whole_s = best_s * ((double)width * height) / ((double)w * h);
        /* Small pictures are mostly the cost of asking; a scene is dear only when it is so at the size that tells. */
        if (best_s > 0.02)
            break;
    }
    glDeleteFramebuffers(1, &target);
    glDeleteTextures(1, &image);
    return whole_s;
}

bool ob_scene_fade_step(struct ob_scene_fade *fade, int64_t seen_ns)
{
    const double dt_s = ob_clamp(ob_s_from_ns(seen_ns - fade->last_ns), 0.0, 0.1);
    fade->last_ns = seen_ns;
    if (!fade->out) {
        fade->seen_01 = fminf(1.0f, fade->seen_01 + (float)(dt_s / OB_SCENE_FADE_IN_S));
        return false;
    }
    fade->seen_01 = fmaxf(0.0f, fade->seen_01 - (float)(dt_s / OB_SCENE_FADE_OUT_S));
    if (fade->seen_01 > 0.0f)
        return false;
    fade->out = false;
    return true;
}
