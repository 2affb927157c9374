/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>

#define LOOK_NS       250000
#define AFTER_NS      1500000000LL /* for the answers to the last beat */
#define PATCH_X       16
#define PATCH_Y       16
#define CLICK_STEP    8000    /* from one sample to the next: the tone itself makes less than 700 */
#define CLICK_DEAD    4800    /* frames: a click's own waves are none of the next click */
#define BURST_NS      1000000 /* reads closer together than this are one block of the server's */
#define SETTLE_FRAMES 48000   /* of the recording, left out of the search for its clock */

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static bool lit(const struct stage *stage)
{
    return (screen_pixel(&stage->screen, PATCH_X, PATCH_Y) & 255) > 127;
}

/* Irregular, so that beats fall anywhere within frames and buffers; the same every time. */
static int next_interval_ms(struct probe *probe)
{
    probe->seed = (int64_t)(((uint64_t)probe->seed * 6364136223846793005u + 1442695040888963407u) & INT64_MAX);
    return 700 + (int)((probe->seed >> 33) % 401);
}

bool probe_run(struct probe *probe, size_t beats)
{
    prctl(PR_SET_TIMERSLACK, 1);
    bool was_lit = lit(probe->stage);
    int interval_ms = next_interval_ms(probe);
    int64_t looked_ns = now_ns(), due_ns = looked_ns + interval_ms * 1000000LL;
    const size_t until = probe->said + beats;
    while (probe->said < until || looked_ns < probe->said_ns[probe->said - 1] + AFTER_NS) {
        const struct timespec until_look = {.tv_sec = (looked_ns + LOOK_NS) / 1000000000,
                                            .tv_nsec = (looked_ns + LOOK_NS) % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until_look, NULL);
        const int64_t before_ns = looked_ns;
        looked_ns = now_ns();
        if (looked_ns - before_ns > probe->look_gap_ns)
            probe->look_gap_ns = looked_ns - before_ns;
        if (lit(probe->stage) != was_lit && probe->flips < PROBE_BEATS_MAX) {
            was_lit = !was_lit;
            probe->flip_ns[probe->flips++] = looked_ns;
        }
        if (looked_ns < due_ns || probe->said == until)
            continue;
        char line[32];
        snprintf(line, sizeof line, "Q%d\r\n", interval_ms);
        probe->said_ns[probe->said] = now_ns();
        if (!stage_say(probe->stage, line) || !stage_runs(probe->stage))
            return false;
        probe->said++;
        interval_ms = next_interval_ms(probe);
        due_ns += interval_ms * 1000000LL;
    }
    return true;
}

/* The null sink plays frame k at origin + k / rate. It works in blocks: each is made, and recorded, at the moment at
 * which its first frame plays. So the earliest arrival of a block, less where its first frame stands in the recording,
 * is the origin. Where a read begins within a block it comes too early by what went before: the origin may be later by
 * up to a block. */
static void find_origin(struct probe *probe)
{
    const struct studio *studio = &probe->stage->studio;
    double origin_s = INFINITY;
    size_t burst = 0, longest = 0;
    for (size_t i = 1; i < studio->block_count; i++) {
        const struct studio_block *block = &studio->blocks[i], *before = block - 1;
        const bool begins = block->arrived_ns - before->arrived_ns > BURST_NS;
        burst = begins ? block->frames : burst + block->frames;
        if (block->frame < SETTLE_FRAMES)
            continue;
        if (burst > longest)
            longest = burst;
        const double at_s = (double)block->arrived_ns * 1e-9 - (double)block->frame / STUDIO_RATE;
        if (begins && at_s < origin_s)
            origin_s = at_s;
    }
    probe->origin_s = origin_s;
    /* A late server makes long blocks now and then; the usual one is what a read can begin within. */
    size_t sum = 0, bursts = 0;
    for (size_t i = 1; i < studio->block_count; i++)
        if (studio->blocks[i].frame >= SETTLE_FRAMES) {
            sum += studio->blocks[i].frames;
            bursts += studio->blocks[i].arrived_ns - studio->blocks[i - 1].arrived_ns > BURST_NS;
        }
    probe->slack_s = bursts ? (double)sum / (double)bursts / STUDIO_RATE : 0.0;
}

void probe_listen(struct probe *probe)
{
    const struct studio *studio = &probe->stage->studio;
    find_origin(probe);
    size_t dead = 0;
    for (size_t i = 1; i < studio->frames && probe->clicks < PROBE_BEATS_MAX; i++) {
        if (dead > 0) {
            dead--;
            continue;
        }
        if (abs(studio->samples[2 * i] - studio->samples[2 * i - 2]) > CLICK_STEP) {
            probe->click_s[probe->clicks++] = (double)i / STUDIO_RATE;
            dead = CLICK_DEAD;
        }
    }
}

static int64_t next_said_ns(const struct probe *probe, size_t beat)
{
    return beat + 1 < probe->said ? probe->said_ns[beat + 1] : probe->said_ns[beat] + AFTER_NS;
}

int64_t probe_flip_after_ns(const struct probe *probe, size_t beat)
{
    for (size_t i = 0; i < probe->flips; i++)
        if (probe->flip_ns[i] >= probe->said_ns[beat])
            return probe->flip_ns[i] < next_said_ns(probe, beat) ? probe->flip_ns[i] : INT64_MIN;
    return INT64_MIN;
}

int64_t probe_click_after_ns(const struct probe *probe, size_t beat)
{
    for (size_t i = 0; i < probe->clicks; i++) {
        const int64_t at_ns = (int64_t)((probe->origin_s + probe->click_s[i]) * 1e9);
        if (at_ns >= probe->said_ns[beat])
            return at_ns < next_said_ns(probe, beat) ? at_ns : INT64_MIN;
    }
    return INT64_MIN;
}
