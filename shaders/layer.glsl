// SPDX-License-Identifier: GPL-3.0-or-later
// Words and panels over the scene: premultiplied, dimmed by the light limiter with what lies under them.
uniform sampler2D u_image;
uniform sampler2D u_apply;
uniform vec2 u_screen; // pixels
uniform float u_alpha;
in vec2 v_uv;
out vec4 o_color;

void main()
{
    vec4 c = texture(u_image, vec2(v_uv.x, 1.0 - v_uv.y));
    float gain = textureLod(u_apply, gl_FragCoord.xy / u_screen, 0.0).a;
    o_color = vec4(c.rgb * gain, c.a) * u_alpha;
}
