// SPDX-License-Identifier: GPL-3.0-or-later
// A rectangle without any buffers: u_rect is left, bottom, right, top from -1 to 1; v_uv runs 0-1, y upwards.
uniform vec4 u_rect;
out vec2 v_uv;

void main()
{
    v_uv = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    gl_Position = vec4(mix(u_rect.xy, u_rect.zw, v_uv), 0.0, 1.0);
}
