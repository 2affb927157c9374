// SPDX-License-Identifier: GPL-3.0-or-later
// One colour: the latency probe's patch.
uniform vec4 u_color;
out vec4 o_color;

void main()
{
    o_color = u_color;
}
