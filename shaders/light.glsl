// SPDX-License-Identifier: GPL-3.0-or-later
// The light limiter: how far the light of each cell may go from what was shown towards what is drawn. The whole screen
// and the block that a cell is in each allow a share 0-1 of the way; the cell itself counts its turns from rising to
// falling and back, and has only so many. The numbers come from light.h, which says why.
//
// A small change is held back by making the new picture darker or lighter; a large one by going over from the old light,
// soft as the cells are, into the new picture. Both are blended from cell to cell. So that blending lets nothing through,
// each cell first takes the least share of its neighbours.
//
// PART 0, a pixel a block: x the change it may make, y its share, z its purse, w u_still.  PART 1, one pixel: x the
// screen's share.  PART 2, a pixel a cell: x the share that the cell may go.  PART 3, a pixel a cell: x the least of it
// and its neighbours, y the mean of that when blended, z the change that comes of it, w whether it is a large one that is
// held back.  PART 4 and 5: as 0 and 1, of those changes.  PART 6, a pixel a cell: o_was the light shown (linear) and the
// turns that are left; o_turn x the furthest light since the last turn, y the direction since, z whether a large change
// is held back; o_apply what is done to the picture, in light as present.glsl makes it: a multiplied, rgb added.
uniform sampler2D u_now;    // the picture as drawn, linear, a pixel a cell
uniform sampler2D u_was;    // o_was and o_turn of the frame before
uniform sampler2D u_turn;
uniform sampler2D u_blocks; // PART 0: of the frame before; 1 and 2: of this one; 5: of PART 4
uniform sampler2D u_whole;  // PART 2: of PART 1; 6: of PART 5
uniform sampler2D u_share;  // PART 3: of PART 2; 4 and 6: of PART 3
uniform sampler2D u_older;  // PART 0: o_was of the frame before that
uniform vec3 u_cell;   // x turns there can be, y what comes back in this frame, z how large a change is one
uniform vec2 u_block;  // x what the purse holds, y what it gets in this frame
uniform float u_step;  // the screen's change in this frame
uniform float u_still; // 1: this frame is shown as it is
layout(location = 0) out vec4 o_was;
#if PART == 6
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

// Light as present.glsl makes it of a value of the screen.
vec3 lit(vec3 c)
{
    vec3 root = (1.13 - sqrt(1.2769 - 0.52 * min(c, 1.0))) * (1.0 / 0.26);
    return root * root;
}

float share(float change, float purse)
{
    return min(1.0, max(purse, 0.0) / max(abs(change), 1e-6));
}

float light(sampler2D image, ivec2 at)
{
    return dot(texelFetch(image, at, 0).rgb, LUMA);
}

// A cell's state when its light goes from l_was to l: x the light that its turns allow, y turns left, z furthest light,
// w direction.
vec4 turned(ivec2 at, float l)
{
    vec2 turn = texelFetch(u_turn, at, 0).xy;
    float left = min(u_cell.x, texelFetch(u_was, at, 0).a + u_cell.y);
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
    return vec4(l, left, turn);
}

// How much of a block's share reaches a cell: what its own block and those around it say, one going over into the other.
float blended(ivec2 at)
{
    ivec2 most = textureSize(u_blocks, 0) - 1;
    vec2 p = (vec2(at) + 0.5) / float(BOX) - 0.5;
    ivec2 a = clamp(ivec2(floor(p)), ivec2(0), most);
    ivec2 b = min(ivec2(floor(p)) + 1, most);
    vec2 f = p - floor(p);
    float low = mix(texelFetch(u_blocks, a, 0).y, texelFetch(u_blocks, ivec2(b.x, a.y), 0).y, f.x);
    float high = mix(texelFetch(u_blocks, ivec2(a.x, b.y), 0).y, texelFetch(u_blocks, b, 0).y, f.x);
    return min(mix(low, high, f.y), texelFetch(u_blocks, at / BOX, 0).y);
}

void main()
{
    ivec2 at = ivec2(gl_FragCoord.xy);
#if PART == 0
    float sum = 0.0, gone = 0.0;
    for (int y = 0; y < BOX; y++)
        for (int x = 0; x < BOX; x++) {
            ivec2 cell = at * BOX + ivec2(x, y);
            float was = light(u_was, cell);
            sum += turned(cell, light(u_now, cell)).x - was;
            gone += was - light(u_older, cell);
        }
    float cells = float(BOX * BOX);
    // The purse pays for what was shown, which blending has made a little other than what was planned.
    vec4 before = texelFetch(u_blocks, at, 0);
    float paid = before.w > 0.5 ? 0.0 : abs(gone / cells);
    float purse = clamp(before.z - paid + u_block.y, -u_block.x, u_block.x);
    float part = share(sum / cells, purse);
    o_was = vec4(sum / cells * part, part, u_still > 0.5 ? u_block.x : purse, u_still);
#elif PART == 1 || PART == 5
    ivec2 size = textureSize(u_blocks, 0);
    float sum = 0.0;
    for (int y = 0; y < size.y; y++)
        for (int x = 0; x < size.x; x++)
            sum += texelFetch(u_blocks, ivec2(x, y), 0).x;
    o_was = vec4(share(sum / float(size.x * size.y), u_step));
#elif PART == 2
    float was = light(u_was, at), now = light(u_now, at);
    float l = mix(was, now, blended(at) * texelFetch(u_whole, ivec2(0), 0).x);
    float way = now - was;
    o_was = vec4(abs(way) < 1e-5 ? 1.0 : clamp((turned(at, l).x - was) / way, 0.0, 1.0));
#elif PART == 3
    ivec2 most = textureSize(u_share, 0) - 1;
    float rows[25];
    for (int i = 0; i < 25; i++)
        rows[i] = texelFetch(u_share, clamp(at + ivec2(i % 5, i / 5) - 2, ivec2(0), most), 0).x;
    float mean = 0.0, own = 0.0;
    for (int i = 0; i < 9; i++) {
        int c = (i / 3 + 1) * 5 + i % 3 + 1;
        float least = min(min(min(rows[c], rows[c - 1]), min(rows[c + 1], rows[c - 5])), rows[c + 5]);
        least = min(least, min(min(rows[c - 6], rows[c - 4]), min(rows[c + 4], rows[c + 6])));
        mean += least * (i % 3 == 1 ? 0.75 : 0.125) * (i / 3 == 1 ? 0.75 : 0.125);
        if (i == 4)
            own = least;
    }
    float now = light(u_now, at), was = light(u_was, at);
    float large = own < 1.0 ? smoothstep(0.60, 1.40, abs(log((was + 0.01) / (now + 0.01)))) : 0.0;
    o_was = vec4(own, mean, mean * (now - was), large);
#elif PART == 4
    float sum = 0.0;
    for (int y = 0; y < BOX; y++)
        for (int x = 0; x < BOX; x++)
            sum += texelFetch(u_share, at * BOX + ivec2(x, y), 0).z;
    o_was = vec4(sum / float(BOX * BOX));
#else
    vec3 now = texelFetch(u_now, at, 0).rgb;
    vec3 before = texelFetch(u_was, at, 0).rgb;
    vec2 part = texelFetch(u_share, at, 0).xy * texelFetch(u_whole, ivec2(0), 0).x;
    if (u_still > 0.5) {
        o_was = vec4(now, u_cell.x);
        o_turn = vec4(dot(now, LUMA), 0.0, 0.0, 0.0);
        part = vec2(1.0);
    } else {
        vec3 shown = mix(before, now, part.y);
        vec4 c = turned(at, dot(shown, LUMA));
        o_was = vec4(shown, c.y);
        o_turn = vec4(c.zw, 0.0, 0.0);
    }
    float l_now = dot(now, LUMA), l_old = dot(before, LUMA);
    float l = mix(l_old, l_now, part.x);
    // One way for all that lie together: the two do not blend with each other.
    float large = 0.0;
    ivec2 most = textureSize(u_share, 0) - 1;
    for (int i = 0; i < 25; i++)
        large = max(large, texelFetch(u_share, clamp(at + ivec2(i % 5, i / 5) - 2, ivec2(0), most), 0).w);
    // And for a while: going to and fro between the two would be seen.
    large = max(large, texelFetch(u_turn, at, 0).z - u_block.y * 2.0);
    o_turn.z = large;
    float gain = lit(encoded(vec3(l))).g / max(lit(encoded(vec3(l_now))).g, 4e-4);
    gain = part.x >= 1.0 ? 1.0 : clamp(gain, 0.0, 3.0);
    o_apply = vec4(lit(encoded(before)) * ((1.0 - part.x) * large), mix(gain, part.x, large));
#endif
}
