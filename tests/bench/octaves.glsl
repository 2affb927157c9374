// SPDX-License-Identifier: GPL-3.0-or-later
// name: Four octaves of noise, the measure that a scene's cost is given in (value noise with a sine hash, as it is
//       usually written), drawn through the same inputs as a scene.
float hash(vec2 p)
{
    return fract(sin(dot(p, vec2(127.1, 311.7))) * 43758.5453);
}

float value(vec2 p)
{
    vec2 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1.0, 0.0)), f.x), mix(hash(i + vec2(0.0, 1.0)), hash(i + vec2(1.0, 1.0)), f.x),
               f.y);
}

vec3 scene(vec2 at)
{
    vec2 p = at / u_size.y * 4.0 + u_time_s * 0.1;
    float sum = 0.0, weight = 0.5;
    for (int i = 0; i < 4; i++) {
        sum += weight * value(p);
        p *= 2.03;
        weight *= 0.5;
    }
    return mix(vec3(0.1, 0.1, 0.2), vec3(0.9, 0.7, 0.5), sum);
}
