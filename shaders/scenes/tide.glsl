// SPDX-License-Identifier: GPL-3.0-or-later
// name:   Tide and shore at dusk
// breath: the tide. On the inhale it comes up the sand towards you and the light over the sea rises; on the exhale it
//         runs out over wet sand that keeps the sky for a while.
// exhale: sea light on the wet sand where the water has just been, further and longer with the tail.
// pulse:  the lamp of the house on the headland. feedback: warmer light, clearer sky, more stars.
// bloom:  northern light, wide and slow. signal: a little haze over the stars while the heart is not known.
// cost:   see tests/bench/scenes.c; 1.37 times four octaves of noise where GL runs on the processor.
// band: 0.000 0.535
// band: 0.535 0.616
// band: 0.616 1.000

const float HORIZON = 0.116; // heights are in screen heights from the middle
const float LOW = 0.135;     // the water's edge below the horizon, empty
const float HIGH = 0.490;    // and full
const float DOME = 0.50;     // the soft picture is the sky up to this height above the horizon

float bell(float x)
{
    return exp(-x * x);
}

// Where things stand on a screen of this shape: from the middle, in screen heights.
float spread()
{
    return min(u_size.x / u_size.y, 1.9);
}

vec2 moon_at()
{
    return vec2(-0.25 * spread(), 0.222);
}

// The sky with its clouds and the moon's halo; uv: across the screen, and up to DOME above the horizon.
vec4 soft(vec2 uv)
{
    float x = (uv.x - 0.5) * u_size.x / u_size.y;
    float e = uv.y * DOME;
    float lift = u_volume;
    float rich = clamp(2.0 * (u_feedback - 0.5), 0.0, 1.0);
    float sun = x - 0.10 * spread();

    vec3 zenith = vec3(0.046, 0.066, 0.160);
    vec3 violet = vec3(0.215, 0.200, 0.385);
    vec3 rose = mix(vec3(0.560, 0.375, 0.455), vec3(0.700, 0.420, 0.430), rich);
    vec3 gold = mix(vec3(0.930, 0.660, 0.480), vec3(1.000, 0.760, 0.490), rich);
    vec3 c = mix(rose, violet, smoothstep(0.02, 0.20 + 0.03 * lift, e));
    c = mix(c, zenith, smoothstep(0.13, 0.47 + 0.05 * lift, e));
    float glow = exp(-e / (0.055 + 0.040 * lift)) * (0.25 + 0.75 * bell(sun * 0.9));
    vec3 lit = mix(c, gold, glow * (0.55 + 0.35 * lift));

    // Clouds: long banks that catch the last light from below.
    vec2 at = vec2(x * 0.16, e * 0.80 + 0.03 * x) + 0.04 * vec2(cos(turns(1.0)), sin(turns(1.0)));
    float cloud = noise(at, 0.0).z + 0.35 * (noise(at * vec2(3.1, 3.7) + 0.4, 0.0).z - 0.5);
    float bank = smoothstep(0.50, 0.74, cloud) * smoothstep(0.015, 0.08, e) * smoothstep(0.44, 0.16, e);
    float lower = noise(at - vec2(0.0, 0.022), 0.0).z - noise(at + vec2(0.0, 0.010), 0.0).z;
    vec3 fire = mix(vec3(0.66, 0.42, 0.48), gold, 0.55 * bell(sun * 0.8) * exp(-e * 6.0));
    vec3 shade = mix(c, vec3(0.30, 0.245, 0.380), 0.7);
    lit = mix(lit, mix(shade, fire, clamp(0.45 - 3.5 * lower, 0.0, 1.0)), bank * 0.62);

    // The moon's halo.
    vec2 m = vec2(x, e) - moon_at();
    float r2 = dot(m, m);
    lit += vec3(0.95, 0.86, 0.74) * exp(-r2 * 170.0) * (0.17 + 0.12 * lift);
    lit += vec3(0.52, 0.46, 0.52) * exp(-sqrt(r2) * 5.0) * (0.12 + 0.09 * lift + 0.05 * rich);

    // Northern light: curtains that hang from a wandering line.
    float line = 0.235 + 0.045 * sin(2.1 * x + turns(9.0)) + 0.03 * sin(5.3 * x - turns(14.0));
    float rays = noise(vec2(x * 0.55 + 0.03 * sin(turns(21.0)), 0.31 + 0.02 * sin(turns(5.0))), 0.0).z;
    float up = (e - line) / 0.16;
    float curtain = smoothstep(-0.22, 0.05, up) * exp(-max(up, 0.0) * 1.9) * (0.35 + 1.1 * smoothstep(0.35, 0.7, rays));
    lit += u_bloom * curtain * mix(vec3(0.22, 0.62, 0.46), vec3(0.42, 0.26, 0.58), clamp(up * 0.9, 0.0, 1.0)) * 0.62;

    return vec4(lit, 1.0);
}

// The sky in a direction: x across, e above the horizon.
vec3 dome(float x, float e)
{
    return textureLod(u_soft, vec2(x * u_size.y / u_size.x + 0.5, e / DOME), 0.0).rgb;
}

// 1 in the middle, near 0 from 1 on: a bell without an exponential.
float hump(float x2)
{
    float h = max(0.0, 1.0 - 0.30 * x2);
    return h * h;
}

// Nearly a sine, of turns: three products instead of a series.
float wave(float t)
{
    float h = 4.0 * abs(fract(t - 0.25) - 0.5) - 1.0;
    return h * (1.5 - 0.5 * h * h);
}

// 1 in the middle, 0 from 1 on, soft at its foot.
float spot(float x2)
{
    float h = max(0.0, 1.0 - x2);
    h *= h;
    return h * h;
}

#if BAND == 2

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    float e = p.y - HORIZON;
    vec3 c = dome(p.x, e);

    // Stars overhead; more of them, and clearer, as the feedback grows.
    vec2 grid = at * (78.0 / u_size.y);
    vec4 dice = texelFetch(u_noise, ivec2(grid) & 255, 0);
    vec2 from = fract(grid) - 0.2 - 0.6 * dice.xy;
    float rank = fract(dice.x * 7.0 + dice.y * 13.0) - (0.945 - 0.13 * u_feedback * u_feedback);
    float star = clamp(rank * 9.0, 0.0, 1.0) * spot(dot(from, from) * 21.0) * clamp(e * 4.5 - 0.5, 0.0, 1.0);
    c += star * ((0.36 + 0.56 * u_feedback) * (0.6 + 0.4 * u_signal));

    // The moon.
    vec2 m = vec2(p.x, e) - moon_at();
    float r2 = dot(m, m);
    vec2 a = m - vec2(-0.008, 0.006);
    vec2 b = m - vec2(0.009, -0.008);
    float face = 0.95 - 0.07 * max(0.0, 1.0 - 9000.0 * dot(a, a)) - 0.05 * max(0.0, 1.0 - 14000.0 * dot(b, b));
    c = mix(c, vec3(1.0, 0.955, 0.87) * face, clamp((7.3e-4 - r2) * 18.0 * u_size.y, 0.0, 1.0));

    // The headland, and the lamp in its house.
    float h = p.x / spread() - 0.235;
    float ridge = clamp(h * 0.42, 0.0, 0.030) + clamp((h - 0.09) * 0.30, 0.0, 0.040) + 0.004 * wave(p.x * 4.93)
        + 0.003 * wave(p.x * 9.07 + 0.16);
    float here = clamp(h * 40.0 + 1.0, 0.0, 1.0);
    c = mix(c, vec3(0.100, 0.088, 0.155) + 0.10 * c, clamp((ridge * here - e) * u_size.y + 0.5, 0.0, 1.0) * min(1.0, 9.0 * here));
    vec2 l = vec2(h * spread() - 0.085, e - 0.022);
    float near = dot(l, l);
    // The swell of a beat stays below what the light limiter counts as a turn (light.h), at any heart rate.
    c += vec3(1.0, 0.74, 0.42) * (hump(near * 120000.0) * 0.9 + spot(near * 1000.0) * (0.10 + 0.13 * u_pulse)
        + spot(near * 225.0) * 0.035 * u_pulse);
    return c;
}

#else

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    float d = HORIZON - p.y;     // below the horizon
    float z = 0.1 / (d + 0.004); // distance over the water
    vec2 w = vec2(p.x * z, z);
    float lod = log2(z * z * 2560.0 / u_size.y); // of one noise a unit of distance

    // Ripples tilt the mirror that the sea is.
    vec4 n = noise(vec2(w.x * 0.42 + 0.03 * wave(0.955 * z + u_time_s * (40.0 / 1024.0)), w.y * 1.25 + u_time_s * (34.0 / 1024.0)), max(lod + 0.3, 0.0));
    float slope = (n.z + 0.5 * n.w - 0.725) * (1.0 - 0.6 * u_calm);

    // The share of sky in the water falls with the steepness of the look.
    float glass = 0.44 + 0.10 * u_volume + 0.42 / (1.0 + 9.0 * d);
    float tilt = slope * (0.03 + 0.5 * d);
    float aside = (p.x - moon_at().x) / (0.035 + 0.29 * d);
    float path = 1.0 / (1.0 + aside * aside * (1.0 + 0.7 * aside * aside));
    vec3 moonlit = vec3(0.78, 0.70, 0.60) * ((0.22 + 0.20 * u_volume) * path);
    const vec3 DEEP = vec3(0.085, 0.115, 0.200);

#if BAND == 1
    vec3 c = mix(DEEP, dome(p.x + 0.2 * slope, abs(0.45 * d + tilt)), glass);
    float fine = noise(w * vec2(1.3, 2.9) + vec2(0.3, u_time_s * (60.0 / 1024.0)), max(lod + 0.6, 0.0)).z - 0.5;
    fine = clamp(2.6 * (slope + fine) + 0.32, 0.0, 1.0);
    float land = p.x / spread() - 0.225 + 0.5 * slope * d;
    c *= 1.0 - 0.50 * clamp(land * 14.0, 0.0, 1.0) * clamp(1.0 - d / clamp(land * 0.8, 0.004, 0.065), 0.0, 1.0);
    float lamp = bell((p.x - 0.235 * spread() - 0.085) / (0.004 + 0.10 * d)) * exp(-d * 30.0);
    c += moonlit * fine * 1.1;
    c += vec3(1.0, 0.74, 0.42) * lamp * fine * (0.16 + 0.22 * u_pulse);
    return c;
#else
    // The water's edge, with lobes that wander.
    float lobes = 0.54 * wave(0.366 * p.x + 0.111 + u_time_s * (7.0 / 1024.0)) + 0.36 * wave(0.971 * p.x + 0.318 - u_time_s * (11.0 / 1024.0));
    float shore = mix(LOW, HIGH, u_volume);
    float edge = d - shore - lobes * (0.010 + 0.045 * shore);
    float wet_side = clamp(edge * u_size.y * 0.35 + 0.5, 0.0, 1.0); // 1 on the sand
    float dry = max(edge, 0.0);
    float sea = dry - edge;

    // One look at the sky for both: rippled in the water, smooth on the wet sand.
    float seen = mix(abs(0.45 * d + tilt), 0.34 * d + 0.024 * slope, wet_side);
    vec3 sky = dome(p.x + 0.2 * slope, seen);
    vec3 water = mix(DEEP, sky, glass) + moonlit * clamp(2.6 * slope + 0.22, 0.0, 1.0);

    // Sand: dark where it is dry; where the tide has been it holds the sky.
    float reach = clamp(6.5 * (HIGH + 0.055 + 0.05 * lobes - d), 0.0, 1.0);
    float wet = reach * 0.80 / (1.0 + 3.0 * dry);
    vec2 dice = fract(floor(w * 700.0) * vec2(0.1031, 0.1130));
    dice += dice.x * dice.y + 33.33 * (dice.x + dice.y);
    float grain = fract((dice.x + dice.y) * dice.x);
    vec3 sand = vec3(0.225, 0.178, 0.208) - vec3(0.21, 0.17, 0.17) * d + 0.018 * grain;
    sand = mix(sand, sky + 0.13 * path, wet);
    vec3 c = mix(water, sand, wet_side);

    // Lace behind the edge, and the bright lip of the wave.
    vec4 lace = noise(vec2(w.x * 1.9 + 0.10 * lobes, w.y * 2.3 - 0.6 * u_volume), max(lod + 1.0, 0.0));
    float behind = sea / (0.030 + 0.20 * shore);
    float foam = clamp(2.2 * (lace.w + 0.5 * lace.z - 0.52 - 0.62 * behind), 0.0, 1.0) * (1.0 - wet_side);
    float off = (edge + 0.004) / (0.004 + 0.012 * shore);
    float lip = hump(off * off) * (0.45 + 0.8 * lace.z);
    vec3 white = sky * (0.40 - 0.12 * u_volume) + vec3(0.58, 0.55, 0.54) + 0.10 * u_volume;
    // Where it runs, its lip is thinner than where it turns.
    float swift = 4.0 * u_volume * (1.0 - u_volume);
    c = mix(c, white, clamp(0.70 * foam + (0.75 - 0.30 * swift) * lip, 0.0, 0.94));

    // Sea light: what an exhale leaves on the wet sand, and a little in the water that left.
    float here = exp(-9.0 * sea - dry / (0.10 + 0.42 * u_tail)) * mix(0.55 * clamp(25.0 * d - 2.15, 0.0, 1.0), reach, wet_side);
    c += vec3(0.35, 0.75, 0.70) * (u_exhale * 1.6 / (0.6 + u_exhale) * here * (0.20 + 0.75 * lace.w * lace.w));
    return c;
#endif
}

#endif
