/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop: events in, snapshot out. Owns all truth of a session.
 *
 * Between two events the engine moves in ticks of 10 ms from the session's beginning, so that results never depend on
 * how often somebody asked. Live, replay, simulator and headless differ only in who calls it and with which clock; the
 * same events give the same snapshots, bit for bit with the same build of the libraries. Pure. One thread at a time. */
#ifndef OB_ENGINE_ENGINE_H
#define OB_ENGINE_ENGINE_H

#include "base/event.h"
#include "breath/following.h"
#include "breath/search.h"
#include "breath/settling.h"
#include "engine/snapshot.h"

struct ob_engine;

/* NULL without memory. FFTW's planner is not thread-safe: create and destroy engines on one thread, or under a lock. */
struct ob_engine *ob_engine_create(void);
void ob_engine_destroy(struct ob_engine *engine); /* NULL is fine */

/* Takes an event: moves on to its applied_ns first. Never fails: what makes no sense is counted and dropped. Events
 * before the first BEGIN are dropped; a second BEGIN starts anew. */
void ob_engine_step(struct ob_engine *engine, const struct ob_event *event);

/* Moves on to the last tick at or before now_ns; never back. */
void ob_engine_advance(struct ob_engine *engine, int64_t now_ns);

/* Valid until the next call; copy it to keep it. */
const struct ob_snapshot *ob_engine_snapshot(const struct ob_engine *engine);

/* What is learnt of the person's own pace so far, for the store to keep: OB_PACE_BLOB bytes that a later session's
 * OB_EVENT_PAST takes. */
void ob_engine_save_pace(const struct ob_engine *engine, unsigned char blob_out[OB_PACE_BLOB]);

/* The person's median RSA amplitude of this session's first clean guided breaths, bpm, for a later plan's
 * baseline_rsa_bpm; 0: not known. */
double ob_engine_baseline_rsa_bpm(const struct ob_engine *engine);

/* What a guided search found; kind is OB_SEARCH_NONE where the session was none. */
void ob_engine_search(const struct ob_engine *engine, struct ob_search_result *result_out);

/* The signs by which following is judged, where they were taken at this very moment (each 5 s while the pacer leads and
 * a heart is there); for fitting their weights. */
bool ob_engine_following_signs(const struct ob_engine *engine, double signs_out[OB_FOLLOWING_SIGNS]);

/* The detector of the exhale moment; for fitting its weights. */
const struct ob_settling *ob_engine_settling(const struct ob_engine *engine);

/* The probability of each rate of breath/pace.h's grid; for pictures. */
void ob_engine_pace_probabilities(const struct ob_engine *engine, double probabilities_out[OB_PACE_RATES]);

/* Adds a snapshot to a running hash (FNV-1a, 64 bit, over every field in order, without padding). Start with 0. */
uint64_t ob_snapshot_hash(uint64_t hash, const struct ob_snapshot *snapshot);

#endif
