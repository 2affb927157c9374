// SPDX-License-Identifier: GPL-3.0-or-later
// Words and panels over the scene: premultiplied, limited in light together with what lies under them.
uniform sampler2D u_image;
uniform sampler2D u_apply;
uniform vec2 u_screen; // pixels
uniform float u_alpha;
uniform float u_dim;
in vec2 v_uv;
out vec4 o_color;

void main()
{
    vec4 c = texture(u_image, vec2(v_uv.x, 1.0 - v_uv.y));
    float gain = min(sqrt(textureLod(u_apply, gl_FragCoord.xy / u_screen, 0.0).a), 1.0);
    // Where the old light stands in for the picture, it does so for words as well.
    o_color = vec4(c.rgb * (gain * u_dim), c.a * gain) * u_alpha;
}
