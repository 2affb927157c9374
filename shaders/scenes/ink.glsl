// SPDX-License-Identifier: GPL-3.0-or-later
// name:   Ink in still water
// breath: a flower of ink. On the inhale it rises and unfolds, on the exhale it draws together and sinks; how wide it
//         stands open is how full the breath is.
// exhale: threads of light that sink from it into the deep, further with the tail.
// pulse:  the seed in its middle. feedback: more colours in the ink, and clearer light from above.
// bloom:  a wide wreath of gold about the flower. signal: a little mist in the ink while the heart is not known.
// cost:   see tests/bench/scenes.c; 1.42 times four octaves of noise where GL runs on the processor.
// soft: fine

const float SHUT = 0.150; // how wide the flower is, empty and full, in parts of the screen's shorter side
const float OPEN = 0.400;

// From the flower's middle, in parts of the screen's shorter side; the middle rises and sinks with the breath.
vec2 place(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / min(u_size.x, u_size.y);
    return p - vec2(0.0, 0.085 * (u_volume - 0.5) + 0.015);
}

// The same in widths of the flower, so that the ink unfolds with it; an exhale draws a veil out below.
vec2 folded(vec2 p, float width)
{
    float sinking = max(1.0 - abs(u_stage - 2.0), 0.0) * 4.0 * u_stage_01 * (1.0 - u_stage_01) * u_guidance;
    p.y += (0.16 + 0.22 * sinking) * clamp(-p.y, 0.0, 0.6);
    return p / width;
}

float width_now()
{
    return mix(SHUT, OPEN, u_volume);
}

// How the water carries the ink away from where it began.
vec2 carried(vec2 q)
{
    vec2 drift = vec2(cos(turns(5.0)), sin(turns(5.0))) * 0.030 * (1.0 - 0.5 * u_calm);
    vec2 a = vec2(noise(q * 0.060 + drift, 0.0).z, noise(q * 0.060 + drift.yx + 0.43, 0.0).z) - 0.5;
    vec2 at = q * 0.085 + 0.28 * a;
    return vec2(noise(at - drift + 0.2, 0.0).z, noise(at + drift + 0.71, 0.0).z) - 0.5 + 0.5 * a;
}

// What is smooth: x, y how the ink is folded, z how dense it is, w the light that sinks.
vec4 soft(vec2 uv)
{
    vec2 p = place(uv * u_size);
    vec2 q = folded(p, width_now());
    vec2 b = carried(q) - carried(vec2(0.0));
    vec2 bent = q + 1.15 * b;
    float around = atan(bent.x, bent.y + 0.0001);
    float r = length(bent);
    float petals = 0.13 * cos(5.0 * around + 1.1 * r + turns(3.0)) + 0.06 * cos(9.0 * around - 2.0 * r - turns(4.0));
    float dense = smoothstep(1.22, 0.10, r * (1.0 + petals * smoothstep(0.1, 0.6, r)));

    // Threads of light that an exhale lets sink.
    float width = width_now();
    float below = max(0.15 * width - p.y, 0.0);
    float reach = 0.20 + 0.34 * u_tail;
    float column = p.x / (0.60 * width + 0.12 * below);
    float head = below / (below + 0.35 * width);
    float fall = head * exp(-below / reach) / (1.0 + column * column * column * column);
    float strand = noise(vec2(p.x * 0.42 + 0.25 * b.x, p.y * 0.09 + u_time_s * (9.0 / 1024.0)), 0.0).w;
    return vec4(0.5 + 0.8 * b, dense, u_exhale * fall * (0.34 + 2.8 * strand * strand));
}

vec3 scene(vec2 at)
{
    vec4 s = textureLod(u_soft, at / u_size, 0.0);
    float width = width_now();
    vec2 p = place(at);
    vec2 q = folded(p, width);
    vec2 b = (s.xy - 0.5) / 0.8;
    float rich = clamp(2.0 * (u_feedback - 0.5), 0.0, 1.0);

    // The water: light comes from above.
    float depth = clamp(at.y / u_size.y, 0.0, 1.0);
    float shaft = 1.0 / (1.0 + 2.6 * p.x * p.x);
    vec3 c = mix(vec3(0.014, 0.028, 0.062), vec3(0.050, 0.135, 0.185), depth * depth * (0.65 + 0.35 * shaft));
    c += vec3(0.030, 0.065, 0.070) * (rich * shaft * depth);

    // The ink: veils, and threads where they fold.
    vec4 veil = noise(q * 0.105 + 0.50 * b + 0.3, 0.0);
    vec4 thread = noise(q * 0.17 - 0.75 * b, 0.0);
    float dense = s.z;
    float folds = clamp(0.25 + 2.2 * (veil.z - 0.36) + 0.8 * (thread.w - 0.30) * (0.6 + 0.4 * u_signal), 0.0, 1.4);
    float hue = clamp(0.5 + 1.6 * b.x + 1.4 * (veil.z - 0.5), 0.0, 1.0);
    vec3 cold = mix(vec3(0.15, 0.40, 0.62), vec3(0.42, 0.42, 0.72), hue);
    vec3 warm = mix(vec3(0.10, 0.62, 0.64), vec3(0.80, 0.46, 0.66), hue);
    vec3 body = mix(cold, warm, 0.15 + 0.85 * rich);
    c = mix(c, body, clamp(dense * (0.30 + 0.80 * folds), 0.0, 0.92));
    c += vec3(0.60, 0.56, 0.50) * (dense * dense * dense * folds * (0.40 + 0.25 * dense));

    c += vec3(0.42, 0.82, 0.70) * s.w;

    // The wreath of the exhale moment.
    float near = dot(p, p);
    float ring = max(1.0 - 30.0 * (near - 0.205 + 0.12 * b.y) * (near - 0.205 + 0.12 * b.y), 0.0);
    c += vec3(0.80, 0.66, 0.42) * (u_bloom * ring * ring * thread.w * (0.20 + 1.1 * veil.w));

    // The seed, which the heart swells.
    float seed = max(1.0 - 5000.0 * near, 0.0);
    float glow = max(1.0 - 700.0 * near, 0.0);
    c += vec3(1.0, 0.88, 0.70) * (0.60 * seed * seed + glow * glow * (0.10 + 0.15 * u_pulse));
    return c;
}
