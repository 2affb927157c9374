/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sound card for nobody: a private PulseAudio server with a null sink, and a recording of what it plays. */
#ifndef OB_TESTS_STUDIO_H
#define OB_TESTS_STUDIO_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define STUDIO_RATE 48000

/* A piece of the recording as it came. */
struct studio_block {
    int64_t arrived_ns; /* CLOCK_MONOTONIC */
    size_t frame;       /* its first one */
    size_t frames;
};

struct studio {
    char folder[128];
    char runtime[192], server_address[224], cookie[192]; /* "NAME=VALUE" for programs that shall play here */
    pid_t server, recorder;
    /* recorder thread, and everybody else after studio_record_stop */
    int pipe;
    pthread_t thread;
    bool thread_runs;
    int16_t *samples; /* stereo */
    size_t frames, room;
    struct studio_block *blocks;
    size_t block_count, block_room;
};

/* In a folder of its own. false: a sentence. */
bool studio_start(struct studio *studio, const char *folder, char *problem_out, size_t size);
/* The server alone, as after a crash of it. */
bool studio_restart_server(struct studio *studio);
void studio_kill_server(struct studio *studio);

/* latency_ms: how far ahead the server may work. */
bool studio_record_start(struct studio *studio, int latency_ms);
void studio_record_stop(struct studio *studio);

void studio_stop(struct studio *studio); /* frees the recording too */

/* Root mean square of both channels, 0-1, between two moments in seconds from the recording's first frame. */
double studio_level(const struct studio *studio, double from_s, double to_s);

bool studio_save_wav(const struct studio *studio, const char *path);

#endif
