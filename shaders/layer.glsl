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
    float gain = clamp(sqrt(textureLod(u_apply, gl_FragCoord.xy / u_screen, 0.0).a), 0.65, 1.0);
    // Words are there to be read, also where a scene flashes and its light is held.
    o_color = vec4(c.rgb * (gain * u_dim), c.a * gain) * u_alpha;
}
