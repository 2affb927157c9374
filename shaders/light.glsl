// SPDX-License-Identifier: GPL-3.0-or-later
// The light limiter: how far the light of each cell may go from what was shown towards what is drawn. The whole screen
// and the block that a cell is in each allow a share 0-1 of the way; the cell itself counts its turns from rising to
// falling and back, and has only so many. The numbers come from light.h, which says why.
//
// PART 0, a pixel a block: x the change it may make, y its share, z its purse.  PART 1, one pixel: x the screen's share.
// PART 2, a pixel a cell: o_was the light shown (linear) and the turns that are left; o_turn x the furthest light since
// the last turn, y the direction since; o_apply what is done to the picture, in the values of the screen: a multiplied,
// rgb added; exact for the mean of a cell.
uniform sampler2D u_now;    // the picture as drawn, linear, a pixel a cell
uniform sampler2D u_was;    // o_was and o_turn of the frame before
uniform sampler2D u_turn;
uniform sampler2D u_blocks; // PART 0: of the frame before; else of this one
uniform sampler2D u_whole;
uniform vec3 u_cell;   // x turns there can be, y what comes back in this frame, z how large a change is one
uniform vec2 u_block;  // x what the purse holds, y what it gets in this frame
uniform float u_step;  // the screen's change in this frame
uniform float u_still; // 1: this frame is shown as it is
layout(location = 0) out vec4 o_was;
#if PART == 2
layout(location = 1) out vec4 o_turn;
layout(location = 2) out vec4 o_apply;
#endif

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);
const int BOX = 6;

// sRGB
vec3 encoded(vec3 c)
{
    c = max(c, 0.0);
    return mix(1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, 12.92 * c, vec3(lessThan(c, vec3(0.0031308))));
}

float share(float change, float purse)
{
    return min(1.0, purse / max(abs(change), 1e-6));
}

// How much of a cell's change its turns allow. x: the change, y: turns left, z: furthest light, w: direction.
vec4 cell_change(ivec2 at, float way)
{
    vec4 was = texelFetch(u_was, at, 0);
    vec2 turn = texelFetch(u_turn, at, 0).xy;
    float left = min(u_cell.x, was.a + u_cell.y);
    float l_was = dot(was.rgb, LUMA);
    float l = mix(l_was, dot(texelFetch(u_now, at, 0).rgb, LUMA), way);
    // Against the direction it may go by less than a turn, or a turn is spent.
    float back = turn.y == 0.0 ? abs(l - turn.x) : (turn.x - l) * turn.y;
    if (back >= u_cell.z) {
        if (left >= 1.0) {
            left -= 1.0;
            turn = vec2(l, sign(l - turn.x));
        } else {
            l = turn.x + sign(l - turn.x) * u_cell.z * 0.98;
        }
    } else if (turn.y != 0.0 && back < 0.0) {
        turn.x = l;
    }
    return vec4(l - l_was, left, turn);
}

void main()
{
    ivec2 at = ivec2(gl_FragCoord.xy);
#if PART == 0
    float sum = 0.0;
    for (int y = 0; y < BOX; y++)
        for (int x = 0; x < BOX; x++)
            sum += cell_change(at * BOX + ivec2(x, y), 1.0).x;
    sum /= float(BOX * BOX);
    float purse = min(u_block.x, texelFetch(u_blocks, at, 0).z + u_block.y);
    float part = share(sum, purse);
    o_was = vec4(sum * part, part, u_still > 0.5 ? u_block.x : purse - abs(sum * part), 0.0);
#elif PART == 1
    ivec2 size = textureSize(u_blocks, 0);
    float sum = 0.0;
    for (int y = 0; y < size.y; y++)
        for (int x = 0; x < size.x; x++)
            sum += texelFetch(u_blocks, ivec2(x, y), 0).x;
    o_was = vec4(share(sum / float(size.x * size.y), u_step));
#else
    vec3 now = texelFetch(u_now, at, 0).rgb;
    vec3 before = texelFetch(u_was, at, 0).rgb;
    vec4 c = cell_change(at, texelFetch(u_blocks, at / BOX, 0).y * texelFetch(u_whole, ivec2(0), 0).x);
    float l_now = dot(now, LUMA);
    float l = dot(before, LUMA) + c.x;
    o_turn = vec4(c.zw, 0.0, 0.0);
    if (u_still > 0.5) {
        l = l_now;
        c.y = u_cell.x;
        o_turn = vec4(l, 0.0, 0.0, 0.0);
    }
    vec3 shown = now;
    float gain = 1.0;
    if (l < l_now) {
        gain = max(l / l_now, 0.0);
        shown = now * gain;
    } else if (l > l_now) {
        // The old colour lingers; it is never darker than it may be.
        vec3 add = max(before - now, vec3(0.0));
        shown = now + add * ((l - l_now) / max(dot(add, LUMA), 1e-4));
        // What is added to an uneven cell is lost where it is white already: the more is added, the evener the cell.
        gain = 1.0 - clamp(4.0 * (l / max(l_now, 1e-4) - 1.0) - 0.1, 0.0, 1.0);
    }
    o_was = vec4(shown, c.y);
    if (l < l_now)
        gain = encoded(vec3(l)).g / encoded(vec3(l_now)).g;
    o_apply = vec4(max(encoded(shown) - encoded(now) * gain, 0.0), gain);
#endif
}
