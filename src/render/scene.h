/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenes: one GLSL file each, and what they are told. shelf.h says which there are.
 *
 * A scene is a file shaders/scenes/NAME.glsl (or anywhere, given by its path) whose header comment names it, its
 * inputs and its cost, with a function vec3 scene(vec2 at). shaders/scene_inputs.glsl declares the inputs and tells
 * what else a scene can do; here they are filled from a snapshot. A snapshot and a time give the same picture wherever
 * they are drawn. */
#ifndef OB_RENDER_SCENE_H
#define OB_RENDER_SCENE_H

#include "base/err.h"
#include "engine/snapshot.h"
#include "render/program.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_SCENE_DEFAULT "tide"
#define OB_SCENE_PATH    512 /* bytes of a name or path, with its end */

/* The inputs, in the order of scene_inputs.glsl. */
struct ob_scene_inputs {
    float time_s;
    float volume_01;
    float phase_turns;
    float stage;
    float stage_01;
    float guidance_01;
    float presence_01;
    float feedback_01;
    float exhale_01;
    float tail_01;
    float pulse_01;
    float bloom_01;
    float signal_01;
    float fit_01;
    float simulated;
    float calm;
};

/* Pure: the inputs at the time a frame will be seen. */
struct ob_scene_inputs ob_scene_inputs_of(const struct ob_snapshot *snapshot, bool reduced_motion, int64_t seen_ns);

#define OB_SCENE_SOFT_SHARE 6 /* the soft picture's size is this part of the scene's, each way */
#define OB_SCENE_SOFT_LEAST 64

struct ob_scene {
    struct ob_program program; /* first part: the soft picture where the scene has one; then its bands */
    GLuint soft, soft_target;
    int soft_width, soft_height;
    bool soft_fine; /* in half floats */
};

/* What the header comment says of how a scene is built: its soft picture and its bands. Pure. */
void ob_scene_plan(const char *text, struct ob_program_plan *plan_out);

/* path: as from ob_shelf_find(): "scenes/tide.glsl" in the program, or a file. */
enum ob_err ob_scene_init(struct ob_scene *scene, const char *dir, const char *path, bool es);
void ob_scene_finish(struct ob_scene *scene);

/* Draws into a framebuffer of width x height and leaves it bound. noise: of ob_noise_texture(). */
void ob_scene_draw(struct ob_scene *scene, const struct ob_scene_inputs *inputs, GLuint noise, GLuint target, int width,
                   int height);

/* Draws a scene very small and tells how long one picture of width x height will take, in seconds, as far as that can
 * be foretold: at each step only as much is drawn as the step before promises to be short. Leaves other framebuffers
 * bound. */
double ob_scene_trial_s(struct ob_scene *scene, GLuint noise, int width, int height);

#define OB_SCENE_FADE_OUT_S 1.6
#define OB_SCENE_FADE_IN_S  2.4

/* Going from one scene to the next through the dark: how much of the scene there now is seen. */
struct ob_scene_fade {
    bool out;        /* going dark, for the scene that comes */
    float seen_01;   /* 1: wholly there */
    int64_t last_ns; /* of the frame before */
};

/* One frame on. True when it is dark and the other scene is to take its place. Pure; a stall counts as 0.1 s. */
bool ob_scene_fade_step(struct ob_scene_fade *fade, int64_t seen_ns);

#endif
