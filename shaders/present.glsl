// SPDX-License-Identifier: GPL-3.0-or-later
// The scene onto the screen: brought to its size, limited in light and in red, dithered to eight bits.
uniform sampler2D u_image;
uniform sampler2D u_apply; // of light.glsl
in vec2 v_uv;
out vec4 o_color;

void main()
{
    vec3 c = texture(u_image, v_uv).rgb;
    vec4 a = texture(u_apply, v_uv);
    c = c * c * a.a + a.rgb;
    // WCAG's red flash needs R / (R + G + B) of 0.8: nothing comes near it.
    float sum = c.r + c.g + c.b;
    c += max(0.0, c.r - 0.7 * sum) / 1.1;
    // Interleaved gradient noise (Jimenez 2014): still, even, and one step of eight bits wide.
    float n = fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715))));
    o_color = vec4(sqrt(c) + (n - 0.5) / 255.0, 1.0);
}
