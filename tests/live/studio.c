/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "studio.h"

#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOCK_FRAMES 4096

static bool server_ready(const struct studio *studio)
{
    const char *const environment[] = {studio->runtime, studio->server_address, studio->cookie, NULL};
    const char *const argv[] = {"pactl", "info", NULL};
    for (double until = now_s() + 20.0; now_s() < until; sleep_s(0.1)) {
        const pid_t ask = child_start(&(struct child_desc){.argv = argv, .environment = environment});
        const int status = child_wait(ask, 5.0);
        if (status < 0)
            child_end(ask);
        if (status == 0)
            return true;
        if (child_wait(studio->server, 0.0) >= 0)
            return false;
    }
    return false;
}

bool studio_restart_server(struct studio *studio)
{
    char protocol[320], log[192];
    snprintf(protocol, sizeof protocol, "module-native-protocol-unix auth-anonymous=1 socket=%s/socket",
             studio->folder);
    snprintf(log, sizeof log, "%s/pulseaudio.log", studio->folder);
    /* norewinds: without it the null sink leaves a hole of two seconds at each start of a stream. */
    const char *const argv[] = {"pulseaudio",
                                "-n",
                                "--daemonize=no",
                                "--use-pid-file=no",
                                "--exit-idle-time=-1",
                                "-L",
                                protocol,
                                "-L",
                                "module-null-sink sink_name=studio rate=48000 channels=2 norewinds=1",
                                NULL};
    char home[192];
    snprintf(home, sizeof home, "HOME=%s", studio->folder);
    const char *const environment[] = {
        studio->runtime, studio->cookie, home, "PULSE_SERVER", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", NULL};
    studio->server = child_start(&(struct child_desc){.argv = argv, .environment = environment, .log = log});
    return server_ready(studio);
}

bool studio_start(struct studio *studio, const char *folder, char *problem_out, size_t size)
{
    memset(studio, 0, sizeof *studio);
    studio->pipe = -1;
    snprintf(studio->folder, sizeof studio->folder, "%s", folder);
    if (!child_on_path("pulseaudio") || !child_on_path("parec") || !child_on_path("pactl")) {
        snprintf(problem_out, size, "pulseaudio or pulseaudio-utils is not installed");
        return false;
    }
    char runtime[160];
    snprintf(runtime, sizeof runtime, "%s/run", folder);
    mkdir(runtime, 0700);
    snprintf(studio->runtime, sizeof studio->runtime, "XDG_RUNTIME_DIR=%s", runtime);
    snprintf(studio->server_address, sizeof studio->server_address, "PULSE_SERVER=unix:%s/socket", folder);
    snprintf(studio->cookie, sizeof studio->cookie, "PULSE_COOKIE=%s/cookie", folder);
    if (studio_restart_server(studio))
        return true;
    snprintf(problem_out, size, "PulseAudio does not start, see %s/pulseaudio.log", folder);
    studio_stop(studio);
    return false;
}

void studio_kill_server(struct studio *studio)
{
    kill(studio->server, SIGKILL);
    child_wait(studio->server, 5.0);
    studio->server = 0;
    char path[192];
    snprintf(path, sizeof path, "%s/socket", studio->folder);
    unlink(path);
}

static bool keep(struct studio *studio, const unsigned char *bytes, size_t frames, int64_t arrived_ns)
{
    if (studio->frames + frames > studio->room) {
        const size_t room = studio->room ? studio->room * 2 : STUDIO_RATE * 60;
        int16_t *samples = realloc(studio->samples, room * 2 * sizeof *samples);
        if (!samples)
            return false;
        studio->samples = samples;
        studio->room = room;
    }
    if (studio->block_count == studio->block_room) {
        const size_t room = studio->block_room ? studio->block_room * 2 : 4096;
        struct studio_block *blocks = realloc(studio->blocks, room * sizeof *blocks);
        if (!blocks)
            return false;
        studio->blocks = blocks;
        studio->block_room = room;
    }
    memcpy(studio->samples + 2 * studio->frames, bytes, 4 * frames);
    studio->blocks[studio->block_count++] =
        (struct studio_block){.arrived_ns = arrived_ns, .frame = studio->frames, .frames = frames};
    studio->frames += frames;
    return true;
}

static void *take_down(void *user)
{
    struct studio *studio = user;
    unsigned char bytes[4 * BLOCK_FRAMES];
    size_t have = 0;
    for (;;) {
        const ssize_t got = read(studio->pipe, bytes + have, sizeof bytes - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return NULL;
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        have += (size_t)got;
        const size_t frames = have / 4;
        if (frames > 0 && !keep(studio, bytes, frames, (int64_t)t.tv_sec * 1000000000 + t.tv_nsec))
            return NULL;
        memmove(bytes, bytes + 4 * frames, have - 4 * frames);
        have -= 4 * frames;
    }
}

bool studio_record_start(struct studio *studio, int latency_ms)
{
    int ends[2];
    if (pipe(ends))
        return false;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    char latency[32], log[192];
    snprintf(latency, sizeof latency, "--latency-msec=%d", latency_ms);
    snprintf(log, sizeof log, "%s/parec.log", studio->folder);
    const char *const argv[] = {"parec",        "-d",           "studio.monitor", "--format=s16le",
                                "--rate=48000", "--channels=2", latency,          NULL};
    const char *const environment[] = {studio->runtime, studio->server_address, studio->cookie, NULL};
    studio->recorder =
        child_start(&(struct child_desc){.argv = argv, .environment = environment, .log = log, .out_fd = ends[1]});
    close(ends[1]);
    studio->pipe = ends[0];
    studio->thread_runs = studio->recorder > 0 && pthread_create(&studio->thread, NULL, take_down, studio) == 0;
    return studio->thread_runs;
}

void studio_record_stop(struct studio *studio)
{
    child_end(studio->recorder);
    studio->recorder = 0;
    if (studio->thread_runs)
        pthread_join(studio->thread, NULL);
    studio->thread_runs = false;
    if (studio->pipe >= 0)
        close(studio->pipe);
    studio->pipe = -1;
}

void studio_stop(struct studio *studio)
{
    studio_record_stop(studio);
    child_end(studio->server);
    free(studio->samples);
    free(studio->blocks);
    memset(studio, 0, sizeof *studio);
    studio->pipe = -1;
}

double studio_level(const struct studio *studio, double from_s, double to_s)
{
    const size_t from = (size_t)(fmax(0.0, from_s) * STUDIO_RATE);
    size_t to = (size_t)(fmax(0.0, to_s) * STUDIO_RATE);
    to = to < studio->frames ? to : studio->frames;
    double sum = 0.0;
    for (size_t i = 2 * from; i < 2 * to; i++)
        sum += (double)studio->samples[i] * studio->samples[i];
    return to > from ? sqrt(sum / (double)(2 * (to - from))) / 32768.0 : 0.0;
}

static void put32(FILE *file, uint32_t value)
{
    for (int i = 0; i < 4; i++, value >>= 8)
        fputc((int)(value & 255), file);
}

bool studio_save_wav(const struct studio *studio, const char *path)
{
    FILE *file = fopen(path, "wbe");
    if (!file)
        return false;
    const uint32_t bytes = (uint32_t)(studio->frames * 4);
    fwrite("RIFF", 1, 4, file);
    put32(file, 36 + bytes);
    fwrite("WAVEfmt ", 1, 8, file);
    put32(file, 16);
    put32(file, 2u << 16 | 1u); /* two channels of integers */
    put32(file, STUDIO_RATE);
    put32(file, STUDIO_RATE * 4);
    put32(file, 16u << 16 | 4u); /* 16 bits, four bytes a frame */
    fwrite("data", 1, 4, file);
    put32(file, bytes);
    fwrite(studio->samples, 4, studio->frames, file);
    return fclose(file) == 0;
}
