// SPDX-License-Identifier: GPL-3.0-or-later
// name:   Slow dunes at first light
// breath: first light. On the inhale the sun comes up behind the sand and its light runs down the slopes towards you; on
//         the exhale both draw back, and a low wind carries veils of sand off the crests.
// exhale: grains that catch the light as the wind takes them, further along the slopes with the tail.
// pulse:  the morning star. feedback: warmer light and clearer air; ranges far away come out of the haze.
// bloom:  a wide halo about the sun, with a bright place on either side. signal: a little dust over the far sand while
//         the heart is not known.
// cost:   see tests/bench/scenes.c; 1.32 times four octaves of noise where GL runs on the processor.
// soft: fine
// band: 0.000 0.340
// band: 0.340 0.700
// band: 0.700 1.000

const float HORIZON = 0.060; // in screen heights from the middle
const float TABLE = 0.05;    // the lowest part of the soft picture holds the ridges, a column each; the rest the air

const vec3 DISC = vec3(0.95, 0.83, 0.65);

float bell(float x)
{
    return exp(-x * x);
}

float spread()
{
    return clamp(u_size.x / u_size.y, 0.75, 1.9);
}

vec2 sun_at()
{
    return vec2(-0.13 * spread(), HORIZON + mix(-0.020, 0.122, u_volume));
}

float rich()
{
    return clamp(2.0 * (u_feedback - 0.5), 0.0, 1.0);
}

// A dune from the side: a long back to the left, a sharp crest, a steep face to the right.
float dune(float u)
{
    return u < 0.0 ? 1.0 - smoothstep(0.0, 1.6, -u) : exp(-1.7 * u) * (1.0 - 0.25 * smoothstep(0.2, 1.2, u));
}

// How high the four ranges of dunes stand, from the far one to the near one.
vec4 ridges(float x)
{
    float s = spread();
    float far = 0.015 + 0.022 * dune((x + 0.62 * s) / 0.34) + 0.018 * dune((x - 0.06 * s) / 0.26)
        + 0.026 * dune((0.66 * s - x) / 0.36) + 0.004 * sin(9.0 * x);
    float left = 0.150 * dune((-0.43 * s - x) / 0.42) + 0.055 * dune((x - 0.52 * s) / 0.30) - 0.035 + 0.006 * sin(4.0 * x + 1.0);
    float hero = 0.330 * dune((x - 0.20 * s) / 0.52) - 0.205 + 0.010 * sin(3.7 * x);
    float near = 0.175 * dune((-0.78 * s - x) / 0.95) + 0.055 * dune((x - 0.95 * s) / 0.55) - 0.395 + 0.012 * sin(2.6 * x + 0.6);
    return vec4(far, left, hero, near);
}

// From the spine of a dune, which divides light from shade, at the depth t below its crest; positive on the sun's side.
// of: x where it begins, y 1 where the sun stands to the left and -1 to the right, z and w how it winds and leans.
const vec4 HERO = vec4(0.20, 1.0, 0.15, 0.30);
const vec4 LEFT = vec4(-0.43, -1.0, 0.07, 0.50);

float spine(float x, float t, vec4 of)
{
    return of.y * (of.x * spread() - x) - of.z * sin(1.575 * t / of.z) - of.w * t;
}

// The air; uv: across the screen, and from below the table up. rgb: light of the sky, a: sand in the wind.
vec4 soft(vec2 uv)
{
    float x = (uv.x - 0.5) * u_size.x / u_size.y;
    if (uv.y < TABLE)
        return ridges(x);
    float y = (uv.y - TABLE) / (1.0 - TABLE) - 0.5;
    float e = y - HORIZON;
    float lift = u_volume;
    float warm = rich();

    vec3 zenith = mix(vec3(0.080, 0.118, 0.205), vec3(0.085, 0.135, 0.235), lift);
    vec3 high = mix(vec3(0.245, 0.265, 0.365), vec3(0.275, 0.315, 0.405), lift);
    vec3 low = mix(vec3(0.520, 0.400, 0.400), vec3(0.690, 0.480, 0.400), lift);
    low = mix(low, low * vec3(1.10, 0.98, 0.86), warm);
    vec3 c = mix(low, high, smoothstep(-0.02, 0.20 + 0.05 * lift, e));
    c = mix(c, zenith, smoothstep(0.12, 0.50, e));

    // The sun's glow.
    vec2 m = vec2(x, y) - sun_at();
    float r = length(m);
    vec3 gold = mix(vec3(1.00, 0.74, 0.50), vec3(1.00, 0.78, 0.46), warm);
    c += gold * exp(-r * 6.0) * (0.16 + 0.09 * lift);
    c += gold * exp(-r * 2.9) * (0.07 + 0.15 * lift + 0.05 * warm);
    c += gold * exp(-abs(e) * 17.0) * exp(-abs(m.x) * 1.3) * (0.12 + 0.12 * lift);

    // Thin high clouds, drawn out by the wind.
    vec2 at = vec2(x * 0.10 - 0.25 * y + 0.05 * sin(turns(1.0)), y * 0.75 + 0.03 * cos(turns(1.0)));
    float veil = noise(at, 0.0).z + 0.5 * (noise(at * vec2(2.3, 3.1) + 0.37, 0.0).z - 0.5);
    c += mix(vec3(0.10, 0.085, 0.095), gold * 0.20, exp(-r * 2.2)) * smoothstep(0.52, 0.78, veil) * smoothstep(0.04, 0.16, e)
        * smoothstep(0.44, 0.25, e);

    // The halo of the exhale moment.
    float ring = r - 0.27;
    float arc = (ring < 0.0 ? bell(ring * 42.0) : exp(-ring * 16.0)) * smoothstep(-0.04, 0.06, e);
    float dogs = bell(m.y * 17.0) * (bell((abs(m.x) - 0.285) * 15.0) + 0.4 * bell((abs(m.x) - 0.36) * 9.0));
    vec3 tint = mix(vec3(0.95, 0.62, 0.42), mix(vec3(0.55, 0.75, 0.60), vec3(0.42, 0.55, 0.85), smoothstep(0.03, 0.12, ring)),
                    smoothstep(-0.02, 0.04, ring));
    c += u_bloom * tint * (0.30 * arc + 0.13 * dogs);

    // Sand in the wind: a veil that an exhale draws to the right off the great crest, and along the near slope.
    float blow = max(1.0 - abs(u_stage - 2.0), 0.0) * 4.0 * u_stage_01 * (1.0 - u_stage_01) * u_guidance * (1.0 - 0.6 * u_calm);
    float wind = u_time_s * (56.0 / 1024.0);
    float s = spread();
    float off = x - 0.20 * s;
    float away = max(off, 0.0);
    float lean = noise(vec2(x * 0.20 - 0.5 * wind, y * 0.25 + 0.2), 0.0).z - 0.5;
    float lift_y = y - (0.128 + HORIZON + 0.10 * lean * away - 0.16 * away);
    float streak = noise(vec2(x * 0.22 - wind, lift_y * 2.2 + 0.35 * lean), 0.0).z
        + 0.7 * (noise(vec2(x * 0.50 - 2.0 * wind, lift_y * 5.0 + 0.5 * lean + 0.3), 0.0).z - 0.5);
    float reach = 0.18 + 0.42 * u_tail;
    float plume = bell(lift_y / (0.012 + 0.20 * away)) * smoothstep(-0.03, 0.03, off) * exp(-away / reach) / (1.0 + 2.0 * away);
    float strength = 0.30 * blow + 0.95 * u_exhale;
    // Grains that run down the far side of the crest and catch the light there.
    vec4 h = ridges(x) + HORIZON;
    float t = h.z - y;
    float side = spine(x, t, HERO);
    float run = u_time_s * (40.0 / 1024.0);
    // They fan out as they go, and thin out before the foot of the slope.
    float across = (x - 0.20 * s) / (0.30 + t) + 0.16 * lean;
    float flow = noise(vec2(across * 0.30 + 0.1, t * 0.30 - run), 0.0).z;
    float finer = noise(vec2(across * 0.95 + 0.4, t * 0.80 - 2.0 * run), 0.0).z;
    float lee = smoothstep(0.0, 0.035, t) * smoothstep(0.0, -0.06, side) * smoothstep(0.0, 0.05, y - h.w) * exp(-t / (0.05 + 0.24 * u_tail));
    lee *= 0.16 + 1.15 * smoothstep(0.40, 0.78, 0.62 * flow + 0.38 * finer);
    // And a little over the near sand.
    float ground = bell((y - h.w + 0.012) * (y > h.w ? 60.0 : 22.0)) * smoothstep(0.40, 0.80, streak) * (0.10 + 0.25 * u_tail);
    return vec4(c, clamp(1.7 * streak - 0.45, 0.0, 1.2) * (plume + ground) * strength + u_exhale * lee * 1.15);
}

vec4 air(vec2 at)
{
    vec2 uv = at / u_size;
    return textureLod(u_soft, vec2(uv.x, max(TABLE + uv.y * (1.0 - TABLE), TABLE + 9.0 / u_size.y)), 0.0);
}

vec4 table(vec2 at)
{
    return textureLod(u_soft, vec2(at.x / u_size.x, 0.4 * TABLE), 0.0) + HORIZON;
}

#if BAND == 2

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    vec4 a = air(at);
    vec3 c = a.rgb + vec3(0.92, 0.80, 0.62) * a.a;
    vec2 m = p - sun_at();
    c = mix(c, DISC, clamp((0.042 - length(m)) * u_size.y * 0.25 + 0.5, 0.0, 1.0) * 0.9);
    // The morning star.
    vec2 l = p - vec2(0.27 * spread(), HORIZON + 0.285);
    float near = dot(l, l);
    float seed = max(1.0 - 90000.0 * near, 0.0);
    float halo = max(1.0 - 800.0 * near, 0.0);
    return c + vec3(0.85, 0.90, 1.0) * (0.8 * seed * seed + halo * halo * halo * (0.11 + 0.19 * u_pulse));
}

#else

// Sand at the depth t below a crest. side: of the spine, sunny: 1 where that is the sun's. hazy: how far away it is.
vec3 sand(float x, float t, float side, float sunny, float hazy, float sparkle)
{
    float warm = rich();
    vec3 lit = mix(vec3(0.80, 0.56, 0.42), vec3(0.94, 0.65, 0.37), warm) * (0.64 + 0.36 * u_volume);
    vec3 shade = mix(vec3(0.130, 0.122, 0.205), vec3(0.180, 0.150, 0.230), u_volume);
    vec3 haze = mix(vec3(0.40, 0.33, 0.37), vec3(0.60, 0.45, 0.41), u_volume);
    float reach = mix(0.06, 0.72, u_volume) * (1.0 - 0.25 * hazy);

    vec4 n = noise(vec2(x * 0.42 + t * 0.6, (t - 0.25 * side) * 1.5), 0.0);
    float fall = clamp(1.12 - t / reach + 0.5 * (n.z - 0.5), 0.0, 1.0);
    fall *= fall * (3.0 - 2.0 * fall);
    float crest = max(1.0 - 7.0 * t, 0.0);
    vec3 bright = mix(shade, lit, fall * (0.72 + 0.22 * crest + 0.40 * (n.z - 0.5) + 0.16 * (n.w - 0.4)));
    vec3 dark = shade * (0.66 + 0.40 * clamp(-side * 2.2, 0.0, 1.0) + 0.30 * (n.z - 0.5));
    return mix(mix(dark, bright, sunny), haze, hazy) + vec3(1.0, 0.79, 0.50) * (sparkle * (0.60 + 0.8 * n.w));
}

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    vec4 a = air(at);
    vec4 below = table(at) - p.y;
    vec4 over = clamp(below * u_size.y + 0.5, 0.0, 1.0);
    float hero = spine(p.x, max(below.z, 0.0), HERO);
    // At an edge the two ranges are mixed before they are painted: one look at the sand for both.
#if BAND == 1
    float left = spine(p.x, max(below.y, 0.0), LEFT);
    vec2 sunny = clamp(vec2(left, hero) * (0.22 * u_size.y) + 0.5, 0.0, 1.0);
    float dim = (0.38 - 0.16 * rich()) * (1.0 + 2.5 * max(below.y, 0.0)) + 0.12 * (1.0 - u_signal);
    float t = max(mix(below.y, below.z, over.z), 0.0);
    vec3 ground = sand(p.x, t, mix(left, hero, over.z), mix(sunny.x, sunny.y, over.z), mix(dim, 0.05 + 0.25 * t, over.z), a.a);
    vec2 m = p - sun_at();
    vec3 c = mix(a.rgb, DISC, clamp((0.042 - length(m)) * u_size.y * 0.25 + 0.5, 0.0, 1.0) * 0.9);
    vec3 far = mix(vec3(0.40, 0.33, 0.37), vec3(0.62, 0.46, 0.41), u_volume) - vec3(0.10, 0.09, 0.05) * rich();
    c = mix(c, far, over.x * 0.92) + vec3(0.92, 0.80, 0.62) * a.a;
    return mix(c, ground, max(over.y, over.z));
#else
    float sunny = clamp(hero * (0.22 * u_size.y) + 0.5, 0.0, 1.0);
    float near = p.x + 0.62 * spread() + 0.5 * below.w;
    float t = max(mix(below.z, 1.4 * below.w, over.w), 0.0);
    return sand(p.x, t, mix(hero, near, over.w), mix(sunny, 1.0, over.w), mix(0.05 + 0.25 * t, 0.0, over.w), a.a);
#endif
}

#endif
