// SPDX-License-Identifier: GPL-3.0-or-later
// The scene onto the screen: brought to its size, limited in light (light.glsl), dithered to eight bits.
uniform sampler2D u_image;
uniform sampler2D u_apply;
in vec2 v_uv;
out vec4 o_color;

void main()
{
    vec4 a = textureLod(u_apply, v_uv, 0.0);
    // Interleaved gradient noise (Jimenez 2014): still, even, and one step of eight bits wide.
    float n = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    o_color = vec4(textureLod(u_image, v_uv, 0.0).rgb * a.a + (a.rgb + (n - 0.5) / 255.0), 1.0);
}
