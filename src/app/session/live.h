/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A live session: the thread map.
 *
 *   thread         runs                                    takes from                 gives to
 *   main           SDL, keys, GL                           to_main (triple)           ui_ring, volume
 *   sensor hub     one poll() over every source            to_hub (triple: what the   sensor_ring, wake
 *                                                          simulated person hears)
 *   engine         ob_engine, each 10 ms and each event    sensor_ring, ui_ring       the three triples, log_ring
 *   audio          ob_synth_render in the driver's call    to_sound (triple), volume  lag_ring
 *   writer         appends the event log (--record)        log_ring                   the file
 *   store writer   commits the session each second         its own ring (engine)      the store
 *   voice          makes spoken clips (speech room)        lines, under a lock        clips to audio and back (rings)
 *   speech         makes what is to be said                jobs under a lock          clips, through the synth's queue
 *   console        a browser's page, where asked for       a triple each of           a ring of requests
 *                                                          snapshots and views
 *   own sound      reads a file of the person's            its place in a list        the place, once it is READY
 *   (audio control and the driver's own threads live inside the audio room)
 *
 * Wires, hub, sound, speech, console and main are there before and after it (wires.h); engine and writers belong to one
 * session. Rings have one producer and one consumer; a full one refuses the newest and counts it, and a count above 0
 * is told at the end. */
#ifndef OB_APP_LIVE_H
#define OB_APP_LIVE_H

#include "app/session/keeper.h"
#include "app/session/sound.h"
#include "app/session/wires.h"
#include "base/err.h"
#include "base/event.h"
#include "base/histogram.h"
#include "base/mark.h"
#include "base/ring.h"
#include "breath/protocol.h"
#include "engine/engine.h"
#include "os/wake.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#define OB_LIVE_RING 4096
#define OB_LIVE_UI   64

struct ob_live_desc {
    struct ob_wires *wires; /* outlive the session */
    struct ob_sound *sound; /* for the books of latency; NULL: none */
    struct ob_session_plan plan;
    const struct ob_protocol *protocol; /* phases that the session follows; NULL or without phases: the plan alone */
    const char *record_path;            /* an event log in the clear; NULL: none */
    struct ob_event_file *raw;          /* or one that is open already (ob_keeper_raw); closed here, also on failure */
    struct ob_keeper *keeper;           /* NULL: the session is not kept; outlives the live session */
};

struct ob_live {
    /* immutable after start */
    struct ob_live_desc desc;
    pthread_t engine_thread, writer_thread;
    bool engine_runs, writer_runs, recorded;
    /* engine thread */
    struct ob_engine *engine;
    struct ob_histogram snapshot_lag;
    struct ob_search_result search; /* and the own pace; filled when it has stopped */
    double pace_probabilities[OB_PACE_RATES];
    uint64_t late_events;
    /* main thread */
    struct ob_histogram audio_lag, frame_lag;
    uint64_t seen_arrivals;
    /* writer thread */
    struct ob_event_file *log;
    enum ob_err log_err;
    /* between them */
    struct ob_ring ui_ring, log_ring;
    struct ob_event ui_slots[OB_LIVE_UI], log_slots[OB_LIVE_RING];
    struct ob_wake log_wake;
    _Atomic bool quit;
    _Atomic bool log_failed;
};

/* Starts the engine and writer threads. Call on the main thread. On failure a sentence; nothing is left behind. */
enum ob_err ob_live_start(struct ob_live *live, const struct ob_live_desc *desc, char *problem_out,
                          size_t problem_size);

/* Stops and joins them, finishes the log. What sensors send from then on waits in the wires. */
enum ob_err ob_live_stop(struct ob_live *live);

/* Main thread: a command for the engine. */
void ob_live_command(struct ob_live *live, enum ob_command_code code, double value);

/* The same thread as commands: a mark, now. words: somebody's own, any text, or NULL; what does not fit is cut. */
void ob_live_mark(struct ob_live *live, enum ob_mark_label label, const char *words);

/* Main thread: the newest snapshot; call once a frame. */
const struct ob_snapshot *ob_live_snapshot(struct ob_live *live);

/* Main thread, after a frame is shown: keeps the books of latency. NULL: there was none to see. */
void ob_live_frame_shown(struct ob_live *live, const struct ob_snapshot *snapshot);

/* Percentiles of arrival to snapshot, audio buffer, frame; a line each. Snapshot's only after ob_live_stop. */
void ob_live_print_latency(struct ob_live *live, FILE *out, bool stopped);

#endif
