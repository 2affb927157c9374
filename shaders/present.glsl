// SPDX-License-Identifier: GPL-3.0-or-later
// The scene onto the screen: brought to its size, limited in light (light.glsl), dithered to eight bits.
uniform sampler2D u_image;
uniform sampler2D u_apply; // of light.glsl
uniform float u_dim;       // 1, or less where the light was found to flash all the same (verify.h)
in vec2 v_uv;
out vec4 o_color;

void main()
{
    vec4 a = textureLod(u_apply, v_uv, 0.0);
    // Light of a value of the screen, and back: the root r of it gives the value 1.13 r - 0.13 r r, which follows sRGB's
    // curve within 0.012 and costs two roots.
    vec3 r = (1.13 - sqrt(1.2769 - 0.52 * textureLod(u_image, v_uv, 0.0).rgb)) * (1.0 / 0.26);
    r = sqrt(a.rgb + r * r * a.a);
    // Interleaved gradient noise (Jimenez 2014): still, even, and one step of eight bits wide.
    float n = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    o_color = vec4(r * (1.13 - 0.13 * r) * u_dim + (n - 0.5) / 255.0, 1.0);
}
