/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/clockmap.h"

#include "base/maths.h"
#include "base/rt.h"

#include <math.h>

#define MEMORY_S      10.0
#define SLOPE_OFF     0.002 /* a crystal is never further off than 2000 ppm; what is further is jitter */
#define GLIDE         0.005 /* of real time: 5 ms a second */
#define GLIDE_S       2.0   /* how soon the told time would reach the fit if nothing moved */
#define ASTRAY_NS     50e6
#define ASTRAY_S      0.5
#define SPREAD_MIN_NS 200e3

void ob_clockmap_init(struct ob_clockmap *map, double sample_rate_hz, uint32_t frames_per_buffer)
{
    *map = (struct ob_clockmap){.nominal_ns = 1e9 / sample_rate_hz};
    const double callbacks_per_s = sample_rate_hz / (frames_per_buffer ? frames_per_buffer : 512);
    map->callbacks_in_memory = fmax(32.0, MEMORY_S * callbacks_per_s);
}

static void start(struct ob_clockmap *map, uint64_t frame, int64_t stamp_ns)
{
    map->origin_ns = stamp_ns;
    map->frame = frame;
    map->fit_ns = 0.0;
    map->slope_ns = map->nominal_ns;
    map->stamps = 1.0;
    map->spread_ns = 2e6;
    map->astray = 0;
    map->told_ns = 0.0;
    map->told_slope_ns = map->nominal_ns;
}

OB_RT int64_t ob_clockmap_heard(struct ob_clockmap *map, uint64_t frame, int64_t stamp_ns, double *ns_per_frame_out)
{
    if (map->stamps < 1.0 || frame < map->frame) {
        start(map, frame, stamp_ns);
        *ns_per_frame_out = map->told_slope_ns;
        return stamp_ns;
    }
    const double frames = (double)(frame - map->frame);
    const double block_s = frames * map->nominal_ns * 1e-9;
    map->frame = frame;
    map->fit_ns += frames * map->slope_ns;
    map->told_ns += frames * map->told_slope_ns;

    double error = (double)(stamp_ns - map->origin_ns) - map->fit_ns;
    if (fabs(error) > ASTRAY_NS && map->stamps > 8.0) {
        map->astray++;
        if (map->astray * block_s > ASTRAY_S) {
            start(map, frame, stamp_ns);
            *ns_per_frame_out = map->told_slope_ns;
            return stamp_ns;
        }
    } else if (frames > 0.0) {
        map->astray = 0;
        /* A straggler counts as no worse than three times the usual spread. */
        const double limit = 3.0 * fmax(map->spread_ns, SPREAD_MIN_NS);
        map->spread_ns += 0.02 * (fmin(fabs(error), 2.0 * limit) - map->spread_ns);
        if (map->stamps > 16.0)
            error = ob_clamp(error, -limit, limit);
        if (map->stamps < map->callbacks_in_memory)
            map->stamps += 1.0;
        const double n = map->stamps;
        map->fit_ns += error * 2.0 * (2.0 * n - 1.0) / (n * (n + 1.0));
        map->slope_ns += error * 6.0 / (n * (n + 1.0)) / frames;
        map->slope_ns =
            ob_clamp(map->slope_ns, map->nominal_ns * (1.0 - SLOPE_OFF), map->nominal_ns * (1.0 + SLOPE_OFF));
    }

    const double behind_s = (map->fit_ns - map->told_ns) * 1e-9;
    map->told_slope_ns = map->slope_ns * (1.0 + ob_clamp(behind_s / GLIDE_S, -GLIDE, GLIDE));
    *ns_per_frame_out = map->told_slope_ns;
    return map->origin_ns + (int64_t)map->told_ns;
}
