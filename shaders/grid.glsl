// SPDX-License-Identifier: GPL-3.0-or-later
// Brings a texture down to the light grid: the mean of u_taps x u_taps points in each cell, in linear light (a gamma
// of 2 is near enough and exact to undo).
uniform sampler2D u_image;
uniform vec2 u_cell; // size of a cell in texture coordinates
uniform float u_taps;
uniform float u_alpha;
in vec2 v_uv;
out vec4 o_color;

void main()
{
    vec4 sum = vec4(0.0);
    int n = int(u_taps);
    for (int y = 0; y < n; y++)
        for (int x = 0; x < n; x++) {
            vec4 c = textureLod(u_image, v_uv + u_cell * ((vec2(x, y) + 0.5) / u_taps - 0.5), 0.0);
            sum += vec4(c.rgb * c.rgb, c.a);
        }
    o_color = sum / (u_taps * u_taps) * u_alpha;
}
