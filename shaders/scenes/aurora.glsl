// SPDX-License-Identifier: GPL-3.0-or-later
// name:   Northern light over a lake
// breath: curtains of light. On the inhale they rise from the mountains up the sky, on the exhale they sink back to them;
//         how tall they stand is how full the breath is.
// exhale: light on the lake, nearer to you with the tail.
// pulse:  the window of a hut on the far shore. feedback: from pale to green and violet, and more stars.
// bloom:  a rose and gold crown over the whole sky. signal: thin haze over the stars while the heart is not known.
// cost:   see tests/bench/scenes.c; 0.91 times four octaves of noise where GL runs on the processor.
// soft: fine
// band: 0.000 0.270
// band: 0.270 0.450
// band: 0.450 1.000

const float SHORE = -0.230; // in screen heights from the middle
const float DOME = 0.73;    // the soft picture is the sky up to this height above the shore

// One curtain that hangs from a wandering line: x how bright, y how far up in it, 0 at its foot.
vec2 curtain(float x, float e, float foot, float tall, float at)
{
    float way = x * 0.22 + at;
    float fold = noise(vec2(way, at + 0.06 * sin(turns(2.0))), 0.0).z - 0.5;
    float line = foot + (0.22 + 0.34 * u_volume) * fold + 0.035 * sin(2.4 * x + turns(7.0) + 9.0 * at);
    float ray = noise(vec2(x * 0.42 + 0.80 * fold + 2.0 * at, at + u_time_s * (4.0 / 1024.0)), 0.0).z;
    float up = (e - line) / tall;
    float edge = max(0.05, 0.014 / tall); // no sharper than the soft picture can hold
    float light = smoothstep(-2.0 * edge, edge, up) * exp(-1.5 * max(up, 0.0)) * smoothstep(1.5, 0.4, up);
    return vec2(light * clamp(2.9 * ray - 0.72, 0.30, 1.30), up);
}

// The sky; uv: across the screen, and from the shore up to DOME.
vec4 soft(vec2 uv)
{
    float x = (uv.x - 0.5) * u_size.x / u_size.y;
    float e = uv.y * DOME;
    float rich = clamp(2.0 * (u_feedback - 0.5), 0.0, 1.0);
    vec3 c = mix(vec3(0.040, 0.078, 0.120), vec3(0.012, 0.020, 0.050), smoothstep(0.0, 0.55, e));

    float tall = mix(0.055, 0.46, u_volume);
    float rise = 0.05 * u_volume;
    vec2 near = curtain(x, e, 0.120 + rise, tall, 0.20);
    vec2 far = curtain(x + 0.4, e, 0.185 + rise, 0.75 * tall, 0.63);
    vec3 foot = mix(vec3(0.22, 0.52, 0.46), vec3(0.14, 0.66, 0.44), rich);
    vec3 head = mix(vec3(0.16, 0.28, 0.42), vec3(0.42, 0.26, 0.62), rich);
    c += near.x * mix(foot, head, clamp(0.15 + 0.95 * near.y, 0.0, 1.0)) * (0.80 + 0.14 * u_volume);
    c += far.x * mix(foot, head, clamp(0.35 + 0.95 * far.y, 0.0, 1.0)) * 0.58;
    c += vec3(0.030, 0.085, 0.075) * exp(-e * 5.0) * (0.6 + 0.6 * u_volume);

    // The crown of the exhale moment.
    vec2 from = vec2(x * 0.75, e - 0.78);
    float wide = length(from);
    float beam = noise(vec2(0.16 * atan(from.x, -from.y) + 0.4, 0.10 * wide + 0.08 * sin(turns(2.0))), 0.0).z;
    float crown = smoothstep(0.05, 0.30, wide) * smoothstep(0.85, 0.25, wide) * clamp(2.4 * beam - 0.55, 0.0, 1.2);
    c += u_bloom * crown * mix(vec3(0.62, 0.48, 0.26), vec3(0.56, 0.28, 0.46), smoothstep(0.15, 0.6, wide)) * 0.75;
    return vec4(c, 1.0);
}

vec3 sky(float x, float e)
{
    return textureLod(u_soft, vec2(x * u_size.y / u_size.x + 0.5, e / DOME), 0.0).rgb;
}

// How high the mountains stand.
float ridge(float x)
{
    return 0.060 + 0.022 * sin(3.1 * x + 0.6) + 0.014 * sin(7.3 * x + 2.0) + 0.006 * sin(17.0 * x);
}

#if BAND == 0

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    float d = max(SHORE - p.y, 0.0);
    float z = 0.05 / (d + 0.012);
    float lod = log2(z * z * 2600.0 / u_size.y);
    vec4 n = noise(vec2(p.x * z * 0.5, z * 1.1 + u_time_s * (5.0 / 1024.0)), max(lod + 1.0, 0.0));
    float slope = (n.z - 0.5) * (1.0 - 0.5 * u_calm);
    float e = 1.15 * d + (0.02 + 0.35 * d) * slope;
    float x = p.x + 0.06 * slope;
    vec3 c = sky(x, e) * (0.74 - 0.7 * d);
    float land = clamp((ridge(x) - e) * 90.0, 0.0, 1.0);
    c = mix(c, vec3(0.012, 0.020, 0.034), 0.88 * land);

    // The light that an exhale lays on the lake.
    float reach = 0.06 + 0.26 * u_tail;
    float lane = p.x / (0.30 + 1.2 * d);
    float glint = clamp(0.30 + 1.5 * clamp(16.0 * d, 0.0, 1.0) * (n.w - 0.25), 0.0, 1.2);
    float fade = max(1.0 - d / reach, 0.0);
    c += vec3(0.46, 0.86, 0.74) * (u_exhale * glint * fade / (1.0 + lane * lane * lane * lane) * 0.60);

    float a = (p.x - 0.20 * min(u_size.x / u_size.y, 1.9)) / (0.006 + 0.05 * d);
    return c + vec3(1.0, 0.74, 0.42) * (max(1.0 - a * a, 0.0) * max(1.0 - 11.0 * d, 0.0) * (0.10 + 0.10 * u_pulse));
}

#else

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    float e = p.y - SHORE;
    vec3 c = sky(p.x, e);

    vec2 grid = at * (64.0 / u_size.y);
    vec4 dice = texelFetch(u_noise, ivec2(grid) & 255, 0);
    vec2 from = fract(grid) - 0.2 - 0.6 * dice.xy;
    float rank = fract(dice.x * 7.0 + dice.y * 13.0) - (0.955 - 0.10 * u_feedback * u_feedback);
    float star = clamp(rank * 9.0, 0.0, 1.0) * max(1.0 - 60.0 * dot(from, from), 0.0);
    c += star * ((0.34 + 0.5 * u_feedback) * (0.6 + 0.4 * u_signal));

#if BAND == 1
    c = mix(c, vec3(0.014, 0.022, 0.036), clamp((ridge(p.x) - e) * u_size.y + 0.5, 0.0, 1.0));
    vec2 l = vec2(p.x - 0.20 * min(u_size.x / u_size.y, 1.9), e - 0.012);
    float near = dot(l, l);
    float pane = max(1.0 - 60000.0 * near, 0.0);
    float halo = max(1.0 - 900.0 * near, 0.0);
    c += vec3(1.0, 0.74, 0.42) * (0.8 * pane * pane + halo * halo * (0.10 + 0.13 * u_pulse));
#endif
    return c;
}

#endif
