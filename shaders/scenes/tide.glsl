// SPDX-License-Identifier: GPL-3.0-or-later
// name:   Tide and shore at dusk
// breath: the tide. On the inhale it comes up the sand towards you and the light over the sea rises; on the exhale it
//         runs out over wet sand that keeps the sky for a while.
// exhale: sea light on the wet sand where the water has just been, further and longer with the tail.
// pulse:  the lamp of the small house on the headland. feedback: warmer light, clearer sky, more stars.
// bloom:  northern light, wide and slow. signal: a thin haze when the heart is not known.
// cost:   nine lookups of u_noise a pixel; see tests/bench/render.c for the ratio to four octaves of noise.

const float HORIZON = 0.115; // heights are in screen heights from the middle
const float LOW = 0.150;     // the water's edge below the horizon, empty
const float HIGH = 0.500;    // and full

float bell(float x)
{
    return exp(-x * x);
}

// The dusk: e is the height above the horizon, x across; lift raises the light.
vec3 sky(float e, float x, float lift)
{
    float warm = 0.35 + 1.3 * (u_feedback - 0.5);
    vec3 zenith = vec3(0.050, 0.070, 0.165);
    vec3 violet = vec3(0.225, 0.205, 0.385);
    vec3 rose = mix(vec3(0.560, 0.390, 0.465), vec3(0.690, 0.425, 0.445), warm);
    vec3 gold = mix(vec3(0.900, 0.640, 0.480), vec3(1.000, 0.745, 0.480), warm);
    vec3 c = mix(rose, violet, smoothstep(0.02, 0.19 + 0.03 * lift, e));
    c = mix(c, zenith, smoothstep(0.13, 0.47 + 0.05 * lift, e));
    float glow = exp(-e / (0.050 + 0.035 * lift)) * bell(x * 0.85);
    return mix(c, gold, glow * (0.52 + 0.30 * lift));
}

vec3 scene(vec2 at)
{
    vec2 p = (at - 0.5 * u_size) / u_size.y;
    float aspect = u_size.x / u_size.y;
    float calm = 1.0 - 0.7 * u_calm;
    float rich = 2.0 * (u_feedback - 0.5);
    float lift = u_volume;
    float spread = min(aspect, 1.9);

    float e = p.y - HORIZON;      // above the horizon
    float d = max(-e, 0.0);       // below it
    float z = 0.1 / (d + 0.004);  // distance over the water
    vec2 w = vec2(p.x * z, z);
    vec2 moon_at = vec2(-0.26 * spread, 0.335);
    float sun_x = p.x - 0.10 * spread;
    vec3 c;

    if (e > 0.0) {
        // Sky: clouds that catch the last light from below.
        c = sky(e, sun_x, lift);
        vec2 drift = 0.02 * vec2(cos(turns(1.0)), sin(turns(1.0)));
        float cloud = texture(u_noise, vec2(p.x * 0.22, e * 0.95) + drift).z;
        float bank = smoothstep(0.50, 0.78, cloud) * smoothstep(0.0, 0.10, e) * smoothstep(0.46, 0.12, e);
        c = mix(c, sky(e * 0.35, sun_x, lift) * 0.92, bank * 0.55);

        // Stars come out overhead, more of them as the sky clears.
        vec2 cell = floor(at / u_size.y * 62.0);
        vec4 dice = texelFetch(u_noise, ivec2(cell) & 255, 0);
        vec2 from = (fract(at / u_size.y * 62.0) - 0.5) - 0.62 * (dice.xy - 0.5);
        float many = 0.90 - 0.10 * rich - 0.02 * u_signal;
        float star = smoothstep(many, 1.0, fract(dice.x * 7.0 + dice.y * 13.0));
        star *= exp(-dot(from, from) * 90.0) * smoothstep(0.10, 0.36, e);
        star *= 0.75 + 0.25 * sin(turns(160.0) + 40.0 * dice.y) * calm;
        c += star * (0.55 + 0.45 * rich) * (1.0 - 0.7 * bank) * vec3(0.95, 0.93, 0.88);

        // Moon and its halo.
        float r = length(p - moon_at);
        float disc = smoothstep(0.0275, 0.0250, r);
        float seas = texture(u_noise, (p - moon_at) * 3.0 + 0.37).z;
        c += vec3(0.95, 0.86, 0.72) * exp(-r * r * 130.0) * (0.14 + 0.10 * lift + 0.06 * rich);
        c += vec3(0.60, 0.52, 0.55) * exp(-r * 5.5) * (0.10 + 0.07 * lift);
        c = mix(c, vec3(1.0, 0.955, 0.87) * (0.90 + 0.16 * (seas - 0.5)), disc);
    } else {
        float lobes = texture(u_noise, vec2(p.x * 0.11 + 0.3, 0.5 + 0.03 * sin(turns(5.0)))).z - 0.5;
        float ripple = texture(u_noise, vec2(p.x * 0.45, 0.1 + u_time_s * 3.0 / 1024.0)).z - 0.5;
        float shore = mix(LOW, HIGH, u_volume);
        float edge = d - shore - (0.17 * lobes + 0.045 * ripple) * (0.45 + shore);

        // Sea.
        vec2 flow = vec2(0.0, u_time_s * 22.0 / 1024.0);
        float n1 = texture(u_noise, w * vec2(0.35, 1.1) + flow).z;
        float n2 = texture(u_noise, w * vec2(0.85, 2.3) + 1.7 * vec2(0.02 * sin(turns(9.0)), 0.0) + 2.0 * flow).z;
        float slope = (n1 + n2 - 1.0) * calm;
        float far = exp(-d * 7.0);
        float seen = abs(d * 0.55 + slope * (0.10 + 0.25 * (1.0 - far)));
        vec3 water = sky(seen, sun_x + 0.5 * slope, lift);
        vec3 deep = vec3(0.075, 0.115, 0.190);
        water = mix(deep, water, 0.30 + 0.55 * far + 0.15 * lift);
        float path = bell((p.x - moon_at.x) / (0.045 + 0.30 * d));
        float glint = smoothstep(0.02, 0.30, slope + 0.10);
        water += vec3(0.80, 0.70, 0.58) * path * glint * (0.28 + 0.22 * lift + 0.12 * rich) * (0.4 + 0.6 * far);

        // Sand, wet where the tide has been: it holds the sky upside down.
        float grain = texture(u_noise, w * vec2(6.0, 9.0)).x;
        vec3 sand = mix(vec3(0.215, 0.165, 0.190), vec3(0.115, 0.092, 0.125), smoothstep(0.15, 0.60, d));
        sand *= 0.93 + 0.14 * grain;
        float reach = smoothstep(0.10, -0.04, d - HIGH - 0.13 * lobes);
        float wet = reach * exp(-max(edge, 0.0) * 2.6);
        vec3 mirror = sky(d * 0.62 + 0.02 * (n1 - 0.5), sun_x, 0.35 + 0.5 * lift);
        mirror += vec3(0.80, 0.70, 0.58) * bell((p.x - moon_at.x) / (0.05 + 0.16 * d)) * (0.16 + 0.08 * rich);
        sand = mix(sand, mirror, 0.72 * wet);

        // The edge: thin water over sand, lace behind it.
        float thin = smoothstep(-0.10, 0.0, edge);
        c = mix(mix(water, sand * 0.9 + 0.05, 0.45 * thin * thin), sand, smoothstep(-0.002, 0.004, edge));
        float lace = texture(u_noise, w * vec2(1.6, 2.2) + vec2(0.0, 0.35 * u_volume)).w;
        float behind = max(-edge, 0.0) / (0.05 + 0.13 * shore);
        float foam = smoothstep(0.30 + 0.62 * min(behind, 1.0), 0.75 + 0.45 * min(behind, 1.0), lace)
            * smoothstep(1.0, 0.2, behind) * step(edge, 0.0);
        float lip = bell(edge / (0.004 + 0.008 * shore));
        vec3 white = mix(vec3(0.86, 0.80, 0.82), vec3(1.0, 0.90, 0.80), lift);
        c = mix(c, white, clamp(0.55 * foam + 0.72 * lip, 0.0, 0.9));

        // Sea light: what an exhale leaves.
        float length_ = mix(0.10, 0.42, u_tail);
        float here = edge > 0.0 ? exp(-edge / length_) * reach : exp(edge / 0.09) * 0.6;
        float veins = texture(u_noise, w * vec2(0.9, 1.2) + 0.013 * u_time_s * 0.0 + 0.2).w;
        c += u_exhale * here * (0.20 + 0.55 * veins * veins) * vec3(0.32, 0.72, 0.68);
    }

    // The headland with its lamp.
    float hx = (p.x / spread - 0.30) / 0.20;
    float ridge = 0.052 * smoothstep(0.0, 1.0, hx) * (0.75 + 0.5 * texture(u_noise, vec2(p.x * 0.35, 0.77)).z)
        + 0.012 * smoothstep(-0.35, 0.1, hx);
    float land = smoothstep(0.003, -0.001, e - ridge) * step(0.0, e) * smoothstep(-0.36, -0.30, hx);
    c = mix(c, mix(vec3(0.105, 0.090, 0.155), sky(0.05, sun_x, lift), 0.16), land);

    return c;
}
