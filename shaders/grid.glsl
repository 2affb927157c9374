// SPDX-License-Identifier: GPL-3.0-or-later
// Brings a texture down to the light grid: the mean of u_taps x u_taps points in each cell, in linear light (the
// cubic is within 0.2% of sRGB's curve).
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
            sum += vec4(c.rgb * (c.rgb * (c.rgb * 0.305306011 + 0.682171111) + 0.012522878), c.a);
        }
    o_color = sum / (u_taps * u_taps) * u_alpha;
}
