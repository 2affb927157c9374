/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scene costs: every one against four octaves of noise on the same machine, at three sizes, and how many whole
 * frames of 720p there are in a second. The machine may be busy: scene and measure take turns, a ratio is taken of each
 * turn and the middle one of many is told, and with software GL it is processor time of all threads that is counted.
 * Milliseconds are those of the quickest drawing. */
#include "base/time.h"
#include "os/clock.h"
#include "render/noise.h"
#include "render/render.h"
#include "render/scene.h"
#include "render/shelf.h"
#include "render/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Software GL: processor time of all its threads, which a busy machine disturbs little. Else time. */
static int64_t spent_ns(bool software)
{
    return software ? (int64_t)((double)clock() * (1e9 / CLOCKS_PER_SEC)) : ob_clock_monotonic_ns();
}

static int64_t draw_ns(bool software, struct ob_scene *scene, const struct ob_scene_inputs *inputs, GLuint noise,
                       GLuint target, int width, int height)
{
    const int64_t begun_ns = spent_ns(software);
    ob_scene_draw(scene, inputs, noise, target, width, height);
    glFinish();
    return spent_ns(software) - begun_ns;
}

static int rising(const void *a, const void *b)
{
    const double d = *(const double *)a - *(const double *)b;
    return (d > 0.0) - (d < 0.0);
}

/* own: NULL-terminated paths of scenes to measure; NULL: those in the program. */
static int bench_scenes(int width, int height, int rounds, char **own)
{
    const struct ob_render_desc desc = {.width = width, .height = height, .offscreen = true};
    struct ob_window window;
    char problem[300];
    if (ob_window_init(&window, &desc, problem, sizeof problem)) {
        printf("%s\n", problem);
        return 1;
    }
    GLuint vertices, image, target;
    glGenVertexArrays(1, &vertices);
    glBindVertexArray(vertices);
    glGenTextures(1, &image);
    glBindTexture(GL_TEXTURE_2D, image);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glGenFramebuffers(1, &target);
    glBindFramebuffer(GL_FRAMEBUFFER, target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, image, 0);
    glViewport(0, 0, width, height);
    const GLuint noise = ob_noise_texture();
    struct ob_scene measure;
    if (ob_scene_init(&measure, NULL, OB_BENCH_DIR "/octaves.glsl", window.es)) {
        printf("The measure does not compile: %s\n", measure.program.problem);
        return 1;
    }
    struct ob_scene_inputs inputs = {.time_s = 100.0f,
                                     .volume_01 = 0.6f,
                                     .guidance_01 = 1.0f,
                                     .presence_01 = 1.0f,
                                     .feedback_01 = 0.7f,
                                     .exhale_01 = 0.5f,
                                     .tail_01 = 0.5f,
                                     .pulse_01 = 0.5f,
                                     .bloom_01 = 0.5f,
                                     .signal_01 = 1.0f};
    double *ratios = malloc((size_t)rounds * sizeof *ratios);
    if (!ratios)
        return 1;
    char listed[64];
    for (int i = 0; own ? own[i] != NULL : ob_shelf_name(i, listed, sizeof listed) != NULL; i++) {
        const char *name = own ? own[i] : listed;
        struct ob_scene scene;
        char path[512];
        ob_shelf_find(NULL, name, path, sizeof path);
        if (ob_scene_init(&scene, NULL, path, window.es)) {
            printf("%s: %s\n", name, scene.program.problem);
            continue;
        }
        int64_t best_ns[2] = {INT64_MAX, INT64_MAX};
        for (int round = -1; round < rounds; round++) {
            /* Scene, measure, measure, scene: what slowly grows dearer meets both alike. */
            int64_t spent[2] = {0, 0};
            inputs.time_s += 0.016f;
            for (int k = 0; k < 4; k++) {
                const int which = k == 1 || k == 2;
                const int64_t ns =
                    draw_ns(window.software, which ? &measure : &scene, &inputs, noise, target, width, height);
                spent[which] += ns;
                best_ns[which] = ns < best_ns[which] ? ns : best_ns[which];
            }
            if (round >= 0) /* the first is the driver's compiling */
                ratios[round] = (double)spent[0] / (double)spent[1];
        }
        qsort(ratios, (size_t)rounds, sizeof *ratios, rising);
        printf("%-10s %4d x %-4d  %7.2f ms   four octaves %7.2f ms   ratio %.2f   half of the rounds %.2f-%.2f\n", name,
               width, height, 1e-6 * (double)best_ns[0], 1e-6 * (double)best_ns[1], ratios[rounds / 2],
               ratios[rounds / 4], ratios[rounds - 1 - rounds / 4]);
        fflush(stdout);
        ob_scene_finish(&scene);
    }
    free(ratios);
    ob_scene_finish(&measure);
    glDeleteTextures(1, &noise);
    glDeleteTextures(1, &image);
    glDeleteFramebuffers(1, &target);
    glDeleteVertexArrays(1, &vertices);
    ob_window_finish(&window);
    return 0;
}

/* Whole frames of 720p, the scene at half its size as a slow machine would have it, with guard, words and all. Two
 * numbers: by the clock on the wall, and by the processor's time on two cores, which a busy machine disturbs less. */
static int bench_frames(int rounds)
{
    char name[64], problem[300];
    for (int i = 0; ob_shelf_name(i, name, sizeof name); i++) {
        const struct ob_render_desc desc = {
            .width = 1280, .height = 720, .offscreen = true, .scale = 0.5, .scene = name};
        static struct ob_snapshot snapshot;
        const struct ob_overlay overlay = {.caption = "Follow the light"};
        struct ob_render *render = NULL;
        struct ob_render_info info;
        if (ob_render_create(&desc, &render, problem, sizeof problem)) {
            printf("%s\n", problem);
            return 1;
        }
        memset(&snapshot, 0, sizeof snapshot);
        snapshot.pacer = (struct ob_pacer_segment){.rate_brpm = 6.0};
        snapshot.pacer.shape = snapshot.pacer.next = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0);
        snapshot.params = (struct ob_params){.presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.7f};
        int64_t best_ns = INT64_MAX, best_cpu_ns = INT64_MAX;
        for (int round = 0; round < rounds; round++) {
            snapshot.now_ns += 16 * OB_NS_PER_MS;
            const int64_t begun_ns = ob_clock_monotonic_ns(), cpu_ns = spent_ns(true);
            ob_render_frame(render, &snapshot, &overlay, snapshot.now_ns);
            const int64_t frame_ns = ob_clock_monotonic_ns() - begun_ns, used_ns = spent_ns(true) - cpu_ns;
            best_ns = frame_ns < best_ns ? frame_ns : best_ns;
            best_cpu_ns = used_ns < best_cpu_ns ? used_ns : best_cpu_ns;
        }
        ob_render_info(render, &info);
        printf("%-10s a whole frame of 720p, scene at 0.5: quickest %6.2f ms (%3.0f a second)   processor %6.2f ms, on "
               "two "
               "cores %3.0f a second   %s\n",
               name, 1e-6 * (double)best_ns, 1e9 / (double)best_ns, 1e-6 * (double)best_cpu_ns,
               2e9 / (double)best_cpu_ns, i == 0 ? info.gl : "");
        ob_render_destroy(render);
    }
    return 0;
}

/* bench_scenes [ROUNDS [SCENE.glsl ...]] */
int main(int argc, char **argv)
{
    const int rounds = argc > 1 ? atoi(argv[1]) : 40;
    if (rounds <= 0)
        return 2;
    if (argc > 2)
        return bench_scenes(1280, 720, rounds, argv + 2);
    int failed = bench_scenes(1280, 720, rounds, NULL);
    failed |= bench_scenes(1920, 1080, (rounds + 1) / 2, NULL);
    failed |= bench_scenes(3840, 2160, (rounds + 3) / 4, NULL);
    return failed | bench_frames(rounds);
}
