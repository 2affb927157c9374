// SPDX-License-Identifier: GPL-3.0-or-later
// What a scene may use. This text stands before every scene; scene_main.glsl stands behind it.
//
// A scene is one file with a function  vec3 scene(vec2 at) : the colour (as shown, 0-1) of the pixel at `at`, whose
// origin is the lower left corner. It knows nothing else of a person than the inputs below.
//
// Two things make a scene cheap where GL runs on the processor (there both sides of every `if` are paid for):
//   vec4 soft(vec2 uv)   what is smooth is drawn first, into u_soft, a sixth of the size each way; uv 0-1 means
//                        whatever the scene likes (the function has to begin a line). It is kept in eight bits; a
//                        line of the header that begins with two slashes and  soft: fine  keeps it in half floats,
//                        for places and folds rather than colours, at a little cost.
//   band: FROM TO        after two slashes, for each part of the height that has a look of its own (0-1 from below):
//                        the scene is then built once for each, with BAND defined as 0, 1, ... in their order.
uniform vec2 u_size;       // of the picture, pixels
uniform float u_time_s;    // slow time, 0-1024 s and again: let what moves come back by then (turns())
uniform float u_volume;    // how full the breath is, 0-1 (a quick one never reaches 1): what a scene must make legible
uniform float u_phase;     // of the breath in turns, 0-1, 0 is the start of an inhale
uniform float u_stage;     // 0 inhale, 1 hold full, 2 exhale, 3 hold empty
uniform float u_stage_01;  // how much of that stage has passed
uniform float u_guidance;  // 1 guided; 0 not, u_volume is then a slow wandering of its own that nobody has to follow
uniform float u_presence;  // the session itself; scene_main.glsl fades by it
uniform float u_feedback;  // 0.5 neutral and the floor, 1 the person's own best
uniform float u_exhale;    // this exhale's own reward; must add light
uniform float u_tail;      // how long its light lingers
uniform float u_pulse;     // a soft swell a heart beat; keep it small in area
uniform float u_bloom;     // the exhale moment, a slow swell of a minute
uniform float u_signal;    // 1 fresh and trusted heart data, 0 none; never let it alarm
uniform float u_fit;       // how well the heart follows the breath
uniform float u_simulated; // 1 when the person is simulated
uniform float u_calm;      // 1 when reduced motion is asked for
uniform sampler2D u_noise; // 256 x 256, tiles, with mipmaps. x, y: white; z: fractal, soft; w: fractal, ridged
uniform sampler2D u_soft;  // what soft() drew
uniform vec2 u_drawn;      // for scene_main.glsl

out vec4 o_color;

const float TAU = 6.2831853;

// The angle of something that turns n times in the 1024 s of u_time_s; n / 1024 is its frequency in Hz.
float turns(float n)
{
    return TAU * fract(u_time_s * n / 1024.0);
}

// One lookup of u_noise at a level of detail: without it every lookup costs more.
vec4 noise(vec2 p, float lod)
{
    return textureLod(u_noise, p, lod);
}
