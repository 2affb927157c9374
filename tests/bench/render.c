/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a whole frame costs, with and without the numbers. scenes.c measures the scenes alone. */
#include "render/render.h"
#include "base/time.h"
#include "os/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int bench_frames(int width, int height, double scale, bool hud, int rounds)
{
    const struct ob_render_desc desc = {.width = width, .height = height, .offscreen = true, .scale = scale};
    struct ob_render *render = NULL;
    char problem[300];
    if (ob_render_create(&desc, &render, problem, sizeof problem)) {
        printf("%s\n", problem);
        return 1;
    }
    static struct ob_snapshot snapshot;
    memset(&snapshot, 0, sizeof snapshot);
    snapshot.pacer = (struct ob_pacer_segment){.rate_brpm = 6.0};
    snapshot.pacer.shape = snapshot.pacer.next = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0);
    snapshot.params = (struct ob_params){.presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.7f};
    snapshot.simulated = true;
    const struct ob_overlay overlay = {.hud = hud, .caption = "Follow the water"};
    int64_t best_ns = INT64_MAX, all_ns = 0;
    for (int round = 0; round < rounds; round++) {
        snapshot.now_ns += 16 * OB_NS_PER_MS;
        const int64_t begun_ns = ob_clock_monotonic_ns();
        ob_render_frame(render, &snapshot, &overlay, snapshot.now_ns);
        const int64_t frame_ns = ob_clock_monotonic_ns() - begun_ns;
        best_ns = frame_ns < best_ns ? frame_ns : best_ns;
        all_ns += frame_ns;
    }
    struct ob_render_info info;
    ob_render_info(render, &info);
    printf("whole frame %4d x %-4d  scale %.2f  %-12s quickest %6.2f ms  mean %6.2f ms  (%.0f a second)\n", width,
           height, scale, hud ? "with numbers" : "", 1e-6 * (double)best_ns, 1e-6 * (double)all_ns / rounds,
           1e9 * rounds / (double)all_ns);
    ob_render_destroy(render);
    return 0;
}

/* bench_render [ROUNDS] */
int main(int argc, char **argv)
{
    const int rounds = argc > 1 ? atoi(argv[1]) : 40;
    if (rounds <= 0)
        return 2;
    int failed = bench_frames(1280, 720, 1.0, false, rounds);
    failed |= bench_frames(1280, 720, 0.5, false, rounds);
    failed |= bench_frames(1280, 720, 0.5, true, rounds);
    failed |= bench_frames(1920, 1080, 0.5, false, rounds);
    return failed;
}
