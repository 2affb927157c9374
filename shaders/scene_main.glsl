// SPDX-License-Identifier: GPL-3.0-or-later
// Interleaved gradient noise (Jimenez 2014), one step of eight bits wide.
float dither()
{
    return (fract(52.9829189 * fract(dot(gl_FragCoord.xy, vec2(0.06711056, 0.00583715)))) - 0.5) / 255.0;
}

void main()
{
#ifdef FINE
    o_color = soft(gl_FragCoord.xy / u_drawn);
#elif defined(SOFT)
    o_color = soft(gl_FragCoord.xy / u_drawn) + dither();
#else
    vec3 c = clamp(scene(gl_FragCoord.xy), 0.0, 1.0);
    // WCAG's red flash needs R / (R + G + B) of 0.8 in linear light: nothing comes to it. Where there is green enough
    // to make amber, less blue does.
    c.g = max(c.g, 0.42 * c.r);
    c.b = max(c.b, clamp(1.30 * c.r - 2.1 * c.g, 0.0, 0.42 * c.r));
    o_color = vec4(c * (u_presence * u_presence * (3.0 - 2.0 * u_presence)) + dither(), 1.0);
#endif
}
