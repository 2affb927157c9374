/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/trial.h"

#include "base/time.h"
#include "os/clock.h"
#include "render/noise.h"
#include "render/scene.h"
#include "render/window.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

/* ---- the one who waits ---- */

static pid_t spawn(const char *program, const char *path, bool es, int said_fd)
{
    char name[] = "outbreath", command[] = OB_TRIAL_COMMAND, gl[] = "gl", gles[] = "es";
    char *file = strdup(path);
    char *const words[] = {name, command, file, es ? gles : gl, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    if (!file || posix_spawn_file_actions_init(&actions) != 0) {
        free(file);
        return 0;
    }
    bool made = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
                posix_spawn_file_actions_adddup2(&actions, said_fd, STDOUT_FILENO) == 0 &&
                posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0;
    made = made && posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1) == 0;
    made = made && posix_spawn(&child, program, &actions, NULL, words, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    free(file);
    return made ? child : 0;
}

bool ob_trial_begin(struct ob_trial *trial, const char *program, const char *path, bool es, double draw_s)
{
    int ends[2];
    ob_trial_end(trial);
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return false;
    const pid_t child = spawn(program, path, es, ends[1]);
    close(ends[1]);
    if (!child) {
        close(ends[0]);
        return false;
    }
    *trial = (struct ob_trial){.child = child,
                               .fd = ends[0],
                               .until_ns = ob_clock_monotonic_ns() + ob_ns_from_s(OB_TRIAL_WALL_S),
                               .draw_s = draw_s > 0.0 ? draw_s : OB_TRIAL_DRAW_S};
    return true;
}

void ob_trial_end(struct ob_trial *trial)
{
    if (!trial->child)
        return;
    kill(trial->child, SIGKILL);
    while (waitpid(trial->child, NULL, 0) < 0 && errno == EINTR)
        ;
    close(trial->fd);
    trial->child = 0;
}

/* Processor time of the child so far; 0 where that is not told. */
static double used_s(const struct ob_trial *trial)
{
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(trial->child, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0.0;
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Takes in what it says; the end of its first line begins the drawing's time. */
static void listen_to(struct ob_trial *trial)
{
    ssize_t got;
    while ((got = read(trial->fd, trial->said + trial->length, sizeof trial->said - 1 - trial->length)) > 0)
        trial->length += (size_t)got;
    trial->said[trial->length] = '\0';
    if (!trial->ready && strncmp(trial->said, "ready\n", 6) == 0) {
        trial->ready = true;
        trial->cpu_s = used_s(trial);
        trial->until_ns = ob_clock_monotonic_ns() + ob_ns_from_s(OB_TRIAL_WALL_S);
    }
}

enum ob_trial_state ob_trial_step(struct ob_trial *trial, const char *name, char *sentence_out, int size)
{
    int status = 0;
    if (!trial->child)
        return OB_TRIAL_NONE;
    listen_to(trial);
    pid_t gone = waitpid(trial->child, &status, WNOHANG);
    const bool spent = trial->ready && used_s(trial) - trial->cpu_s > trial->draw_s;
    if (gone == 0 && !spent && ob_clock_monotonic_ns() < trial->until_ns)
        return OB_TRIAL_RUNS;
    if (gone == 0) {
        const bool ready = trial->ready;
        ob_trial_end(trial);
        snprintf(sentence_out, (size_t)size,
                 ready ? "The scene '%.80s' is not shown: even a tiny picture of it takes more than %.3g seconds."
                       : "The scene '%.80s' is not shown: it can't be compiled within %.3g seconds.",
                 name, spent ? trial->draw_s : OB_TRIAL_WALL_S);
        return OB_TRIAL_REFUSED;
    }
    listen_to(trial); /* its last words */
    close(trial->fd);
    trial->child = 0;
    if (gone > 0 && WIFSIGNALED(status)) {
        snprintf(sentence_out, (size_t)size, "The scene '%.80s' is not shown: drawing it ends in a crash.", name);
        return OB_TRIAL_REFUSED;
    }
    const double s = trial->ready ? atof(trial->said + 6) : 0.0;
    if (s <= OB_TRIAL_MOST_S)
        return OB_TRIAL_PASSED;
    snprintf(sentence_out, (size_t)size, "The scene '%.80s' is not shown: one picture of it takes about %.1f seconds.",
             name, s);
    return OB_TRIAL_REFUSED;
}

/* ---- the child ---- */

/* Very small pictures all through a breath, with every reward and without: a loop may begin in any of them. */
static void draw_all_stages(struct ob_scene *scene, GLuint noise, GLuint target)
{
    for (int k = 0; k < 16; k++) {
        const bool full = k & 1;
        const struct ob_scene_inputs inputs = {.time_s = 64.0f * (float)k,
                                               .volume_01 = (float)(k / 2 % 4) / 3.0f,
                                               .phase_turns = (float)k / 16.0f,
                                               .stage = (float)(k / 4),
                                               .stage_01 = (float)(k % 4) / 3.0f,
                                               .guidance_01 = full ? 1.0f : 0.0f,
                                               .presence_01 = k == 0 ? 0.0f : 1.0f,
                                               .feedback_01 = full ? 1.0f : 0.5f,
                                               .exhale_01 = full ? 1.0f : 0.0f,
                                               .tail_01 = full ? 1.0f : 0.0f,
                                               .pulse_01 = full ? 1.0f : 0.0f,
                                               .bloom_01 = k > 8 ? 1.0f : 0.0f,
                                               .signal_01 = full ? 1.0f : 0.0f,
                                               .fit_01 = full ? 1.0f : 0.0f,
                                               .simulated = k > 12 ? 1.0f : 0.0f,
                                               .calm = k % 3 == 0 ? 1.0f : 0.0f};
        ob_scene_draw(scene, &inputs, noise, target, 16, 9);
        glFinish();
    }
}

int ob_trial_child(const char *path, bool es)
{
    prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL);
    setpriority(PRIO_PROCESS, 0, 5);
    /* Whatever becomes of it, it does not burn a machine for ever, and leaves no picture of its memory behind. */
    setrlimit(RLIMIT_CPU, &(struct rlimit){240, 240});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    const struct ob_render_desc desc = {.width = 64, .height = 64, .offscreen = true, .gles = es};
    struct ob_window window;
    struct ob_scene scene;
    char problem[512];
    if (ob_window_init(&window, &desc, problem, sizeof problem) != OB_OK)
        return 3;
    GLuint vertices, image, target;
    glGenVertexArrays(1, &vertices);
    glBindVertexArray(vertices);
    const GLuint noise = ob_noise_texture();
    const enum ob_err err = ob_scene_init(&scene, NULL, path, window.es);
    if (err == OB_OK) {
        printf("ready\n");
        fflush(stdout);
        glGenTextures(1, &image);
        glGenFramebuffers(1, &target);
        glBindTexture(GL_TEXTURE_2D, image);
        glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, 16, 9, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
        glBindFramebuffer(GL_FRAMEBUFFER, target);
        glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, image, 0);
        draw_all_stages(&scene, noise, target);
        glDeleteFramebuffers(1, &target);
        glDeleteTextures(1, &image);
        printf("%.3f\n", ob_scene_trial_s(&scene, noise, OB_TRIAL_WIDTH, OB_TRIAL_HEIGHT));
        fflush(stdout);
    }
    ob_scene_finish(&scene);
    glDeleteTextures(1, &noise);
    glDeleteVertexArrays(1, &vertices);
    ob_window_finish(&window);
    return err == OB_OK ? 0 : 4;
}
