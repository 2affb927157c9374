// SPDX-License-Identifier: GPL-3.0-or-later
// The light limiter, on a grid: how bright each cell may be now, given how bright it was. Run on a coarse grid first
// (large areas, slow), then on the fine one (each cell for itself) over what the coarse one left.
// o_was: the light shown (linear), the next frame's u_was. o_apply: a multiplied, rgb added; of the coarse grid in linear
// light, for the fine one; of the fine grid in the values of the screen, where it is exact for the mean of a cell.
uniform sampler2D u_now;    // the fine grid of the picture as drawn, linear
uniform sampler2D u_was;    // this grid, as shown in the frame before
uniform sampler2D u_coarse; // what the coarse grid applies; a black pixel of alpha 1 on the coarse grid itself
uniform float u_box;        // fine cells a cell of this grid has, each way
uniform float u_step;       // luminance a cell may change by in this frame; 2: anything
layout(location = 0) out vec4 o_was;
layout(location = 1) out vec4 o_apply;
in vec2 v_uv;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

void main()
{
    ivec2 cell = ivec2(gl_FragCoord.xy);
    int box = int(u_box);
    vec3 now = vec3(0.0);
    for (int y = 0; y < box; y++)
        for (int x = 0; x < box; x++)
            now += texelFetch(u_now, cell * box + ivec2(x, y), 0).rgb;
    now /= u_box * u_box;
    vec3 drawn = now;
    vec4 before = texture(u_coarse, v_uv);
    now = now * before.a + before.rgb;

    vec3 was = texelFetch(u_was, cell, 0).rgb;
    float l_now = dot(now, LUMA);
    float l_was = dot(was, LUMA);
    float l = clamp(l_now, l_was - u_step, l_was + u_step);
    vec3 shown = now;
    float gain = 1.0;
    vec3 add = vec3(0.0);
    if (l < l_now) {
        gain = l / l_now;
        shown = now * gain;
    } else if (l > l_now) {
        // The old colour lingers; it is never darker than it may be.
        add = max((was - now) * ((l - l_now) / max(l_was - l_now, 1e-4)), vec3(0.0));
        add *= (l - l_now) / max(dot(add, LUMA), 1e-4);
        shown = now + add;
    }
    o_was = vec4(shown, 1.0);
    if (box > 1) {
        o_apply = vec4(add, gain);
    } else {
        gain = sqrt(gain * before.a);
        o_apply = vec4(max(sqrt(shown) - sqrt(drawn) * gain, 0.0), gain);
    }
}
