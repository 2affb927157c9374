// SPDX-License-Identifier: GPL-3.0-or-later
// name:   Embers in the dark
// breath: a quiet fire. On the inhale the flame stands up out of the embers; on the exhale, as if you blew on them, it
//         sinks and the glow runs out through the bed.
// exhale: sparks that rise, higher with the tail.
// pulse:  one coal in the middle. feedback: from a dull glow to gold, and its light on the smoke above.
// bloom:  low flames of sea green and violet all over the bed, as driftwood burns. signal: a little ash on the embers
//         while the heart is not known.
// cost:   see tests/bench/scenes.c; 1.31 times four octaves of noise where GL runs on the processor.
// soft: fine
// band: 0.000 0.430
// band: 0.430 0.640
// band: 0.640 1.000

const float FAR = 0.14;   // where the bed ends, in screen heights from the middle
const float BASE = -0.13; // where the flame stands

// Where on the bed one looks.
vec2 bed(vec2 p)
{
    float z = 0.30 / (FAR - p.y + 0.16);
    return vec2(p.x * z, z);
}

// rgb: light in the air; a: how hot the bed is.
vec4 soft(vec2 uv)
{
    vec2 p = vec2((uv.x - 0.5) * u_size.x / u_size.y, uv.y - 0.5);
    float rich = clamp(2.0 * (u_feedback - 0.5), 0.0, 1.0);
    float narrow = min(u_size.x / u_size.y / 1.2, 1.0);
    float rise = u_time_s * (22.0 / 1024.0);

    // The flame.
    float tall = mix(0.10, 0.50, u_volume);
    float y = p.y - BASE;
    float u = y / tall;
    float sway = noise(vec2(p.x * 0.20 + 0.1, y * 0.30 - rise), 0.0).z - 0.5;
    float curl = noise(vec2(p.x * 0.55 + 0.6, y * 0.62 - rise), 0.0).z - 0.5;
    float x = p.x + (0.30 * sway + 0.16 * curl) * clamp(u + 0.1, 0.0, 1.2) * (1.0 - 0.5 * u_calm);
    float tip = clamp(u + 0.25 * curl, 0.0, 1.0);
    float wide = narrow * (0.050 + 0.045 * u_volume) * ((1.0 + 0.25 * tip) * (1.0 - tip) + 0.02);
    float away = x * x / (wide * wide);
    float foot = smoothstep(-0.30, 0.22, u + 0.4 * curl);
    float body = foot * (0.72 / (1.0 + away * away) + 0.28 * exp(-0.22 * away)) * smoothstep(1.08, 0.45, u);
    float heart = foot * exp(-1.8 * away) * smoothstep(0.95, 0.10, u);
    vec3 light = body * mix(vec3(0.46, 0.26, 0.14), vec3(0.52, 0.325, 0.15), rich);
    light += heart * mix(vec3(0.27, 0.22, 0.13), vec3(0.29, 0.265, 0.15), rich);

    // Its light on the smoke, and that of the embers.
    vec2 from = vec2(p.x / narrow, y - 0.35 * tall);
    float smoke = noise(vec2(p.x * 0.13 + 0.2 * sway, p.y * 0.16 - u_time_s * (9.0 / 1024.0)), 0.0).z;
    light += vec3(0.20, 0.115, 0.085) * (exp(-dot(from, from) * 5.0) * (0.25 + 0.9 * smoke) * (0.55 + 0.65 * rich));

    // The bed: the glow runs out as the breath does.
    vec2 w = bed(p);
    vec2 off = vec2(w.x / (0.9 * narrow + 0.1), 1.25 * (w.y - bed(vec2(0.0, BASE)).y));
    float lump = noise(w * 0.55 + 0.3, 0.0).z - 0.5;
    float far = length(off) + 0.55 * lump;
    float reach = mix(0.62, 0.14, u_volume);
    float heat = clamp(0.5 + (reach - far) * 1.9, 0.0, 1.0);
    heat = heat * heat * (3.0 - 2.0 * heat) * (0.80 - 0.25 * u_volume) + 0.16 * exp(-2.0 * far);
    heat *= smoothstep(1.10, 0.55, far) * (0.72 + 0.6 * noise(w * 0.35 + vec2(0.0, u_time_s * (6.0 / 1024.0)), 0.0).z);

    // Driftwood flames.
    float lick = noise(vec2(p.x * 0.40 + 0.35 * sway + 0.2 * curl, p.y * 0.30 - u_time_s * (15.0 / 1024.0) + 0.5), 0.0).w;
    float over = smoothstep(-0.50, -0.20, p.y) * smoothstep(0.30, 0.02, p.y - 0.25 * lump) * exp(-0.9 * off.x * off.x);
    vec3 drift = mix(vec3(0.10, 0.50, 0.44), vec3(0.36, 0.26, 0.60), clamp(2.4 * (lick - 0.45) + 2.2 * y, 0.0, 1.0));
    light = light * (1.0 - 0.35 * u_bloom) + u_bloom * over * (0.12 + 1.4 * lick * lick) * drift;

    return vec4(light, heat);
}

// Sparks that an exhale sends up: each in a square of a grid that rises and leans, fewer and dimmer with the height.
vec3 sparks(vec2 p)
{
    vec2 up = p * 24.0 + vec2(0.5 * sin(5.0 * p.y + turns(90.0)), -1.5 * u_time_s);
    up.x += 0.37 * floor(up.y); // no columns
    vec4 dice = texelFetch(u_noise, ivec2(floor(up)) & 255, 0);
    vec2 from = fract(up) - 0.25 - 0.5 * dice.xy;
    float high = p.y - BASE;
    float side = p.x / (0.34 + 0.40 * high);
    float left = u_exhale * max(1.0 - high / (0.24 + 0.56 * u_tail), 0.0) * max(1.0 - side * side, 0.0);
    float lit = clamp((fract(dice.x * 7.0 + dice.y * 13.0) - 1.0 + 0.54 * left) * 9.0, 0.0, 1.0) * clamp(high * 14.0 - 0.9, 0.0, 1.0);
    float spot = max(1.0 - 38.0 * dot(from, from), 0.0);
    return vec3(1.0, 0.74, 0.42) * (lit * spot * spot);
}

#if BAND < 2

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    vec4 s = textureLod(u_soft, at / u_size, 0.0);
    vec2 w = bed(p);
    float rich = clamp(2.0 * (u_feedback - 0.5), 0.0, 1.0);
    float lod = max(log2(w.y * w.y * 760.0 / u_size.y), 0.0);

    // Coals, and the cracks between them; the glow wanders in them.
    vec4 coal = noise(w * vec2(1.05, 1.35), lod + 0.2);
    vec4 fine = noise(w * vec2(2.60, 3.30) + 0.37, lod + 1.2);
    float crack = clamp(1.15 * coal.w + 0.55 * fine.w - 0.10, 0.0, 1.3);
    float t = s.a * (0.16 + 1.05 * crack * crack + 0.35 * coal.z * crack);
    t = t / (0.75 + 0.5 * t);
    vec3 glow = vec3(1.30 * t, (0.54 + 0.12 * rich) * t + 0.24 * t * t, 0.20 * t + 0.14 * t * t);

    // What the embers light: charcoal and ash.
    float ash = clamp(1.6 * fine.z - 0.45, 0.0, 1.0) * (1.0 - 0.7 * crack);
    vec3 c = vec3(0.030, 0.027, 0.032) + ash * (vec3(0.040, 0.036, 0.038) + vec3(0.26, 0.17, 0.13) * s.a);
    c = c * clamp(1.15 - 1.6 * (p.y - BASE) * (p.y - BASE) * 6.0, 0.12, 1.0);
    c += glow * (0.70 + 0.12 * u_signal);
    c += vec3(0.035) * ((1.0 - u_signal) * ash);

    // One coal beats.
    vec2 m = p - vec2(0.0, BASE + 0.004);
    float near = dot(m, m * vec2(1.0, 2.2));
    float seed = max(1.0 - 5200.0 * near, 0.0);
    float halo = max(1.0 - 650.0 * near, 0.0);
    c += vec3(1.0, 0.80, 0.52) * (0.34 * seed * seed + halo * halo * (0.05 + 0.15 * u_pulse));
#if BAND == 1
    c += sparks(p);
#endif
    return c + s.rgb;
}

#else

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    vec4 s = textureLod(u_soft, at / u_size, 0.0);
    return vec3(0.016, 0.014, 0.022) + s.rgb + sparks(p);
}

#endif
