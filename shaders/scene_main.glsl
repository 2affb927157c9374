// SPDX-License-Identifier: GPL-3.0-or-later
void main()
{
    float p = u_presence * u_presence * (3.0 - 2.0 * u_presence);
    o_color = vec4(clamp(scene(gl_FragCoord.xy), 0.0, 1.0) * p, 1.0);
}
