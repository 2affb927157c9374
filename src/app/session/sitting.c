/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/sitting.h"

#include "app/options.h"
#include "app/say.h"
#include "app/session/plan.h"
#include "app/window/caption.h"
#include "base/maths.h"
#include "base/time.h"
#include "os/tr.h"

#include <math.h>
#include <string.h>

#define FAREWELL_S   8.0 /* the last picture stays this long; any key goes on before */
#define AFTERGLOW_01 0.5 /* and this bright: nobody is left in the dark with a word of thanks */
#define AFTERGLOW_S  3.0 /* until it is */

static bool wants_kept(const char *record)
{
    return record && strcmp(record, "kept") == 0;
}

int ob_sitting_prepare(struct ob_sitting *sitting, const struct ob_sitting_desc *desc)
{
    memset(sitting, 0, sizeof *sitting);
    sitting->desc = *desc;
    sitting->protocol = *desc->protocol;
    ob_darkness_init(&sitting->darkness);
    sitting->plan = ob_plan_of(desc->settings, &sitting->protocol);
    sitting->plan.seed = desc->seed;
    sitting->plan.simulated = desc->simulated;
    if (!desc->keep)
        return OB_EXIT_DONE;
    const struct ob_keeper_desc keeper = {.data = desc->data,
                                          .who = desc->who,
                                          .passphrase_file = desc->passphrase_file,
                                          .source = desc->source,
                                          .protocol =
                                              sitting->protocol.phase_count > 0 ? sitting->protocol.name : NULL};
    const int code = ob_keeper_begin(&keeper, &sitting->plan, &sitting->keeper);
    if (code == OB_EXIT_DONE || code == OB_EXIT_USAGE ||
        (code == OB_EXIT_INPUT && (desc->who || desc->passphrase_file)))
        return code;
    sitting->not_kept = ob_tr("This session is not being kept; the terminal and 'outbreath verify' say why.");
    return OB_EXIT_DONE;
}

/* The raw signal beside the session, where that was asked for. What can't be kept does not stop a session. */
static int open_raw(struct ob_sitting *sitting, struct ob_event_file **raw_out)
{
    if (!wants_kept(sitting->desc.record))
        return OB_EXIT_DONE;
    if (!sitting->keeper && !sitting->not_kept)
        return ob_say(OB_EXIT_USAGE, "--record kept belongs to a session that is kept: a person's own, not --no-keep");
    if (sitting->keeper && ob_keeper_raw(sitting->keeper, raw_out))
        sitting->not_kept = ob_tr("The raw signal is not being kept; the session is.");
    return OB_EXIT_DONE;
}

int ob_sitting_start(struct ob_sitting *sitting, struct ob_wires *wires, struct ob_sound *sound)
{
    char problem[512] = "";
    struct ob_event_file *raw = NULL;
    const int recording = open_raw(sitting, &raw);
    if (recording != OB_EXIT_DONE)
        return recording;
    const struct ob_live_desc desc = {
        .wires = wires,
        .sound = sound,
        .plan = sitting->plan,
        .protocol = &sitting->protocol,
        .keeper = sitting->keeper,
        .record_path = wants_kept(sitting->desc.record) ? NULL : sitting->desc.record,
        .raw = raw,
    };
    if (sitting->desc.speaker)
        ob_speaker_begin(sitting->desc.speaker, sitting->desc.settings, &sitting->protocol);
    if (ob_live_start(&sitting->live, &desc, problem, sizeof problem))
        return ob_say(OB_EXIT_FAILED, problem);
    sitting->runs = true;
    return OB_EXIT_DONE;
}

/* Without a picture no words are lit either, but for those of the first seconds. */
const struct ob_snapshot *ob_sitting_look(struct ob_sitting *sitting, struct ob_overlay *overlay)
{
    const struct ob_snapshot *snapshot = ob_live_snapshot(&sitting->live);
    ob_caption(snapshot, &sitting->protocol, sitting->dizzy, overlay->caption, sizeof overlay->caption);
    ob_speaker_step(sitting->desc.speaker, snapshot, sitting->dizzy, overlay->caption, sizeof overlay->caption);
    sitting->newest = snapshot;
    const bool over = snapshot->stage == OB_STAGE_ENDED && !snapshot->let_go_ns; /* no light for somebody asleep */
    const bool watched = over || snapshot->stage == OB_STAGE_PAUSED;
    ob_darkness_step(&sitting->darkness, (sitting->protocol.dark || sitting->unlit) && !watched, snapshot->now_ns);
    if (sitting->wordless || sitting->unlit)
        overlay->caption[0] = overlay->notice[0] = '\0';
    const float light_01 = sitting->darkness.light_01;
    const bool glows =
        over && sitting->ended_ns && !sitting->wordless && !sitting->unlit && sitting->protocol.end != OB_END_STAY;
    if (light_01 >= 1.0f && !glows)
        return snapshot;
    sitting->dimmed = *snapshot;
    if (glows) {
        const double rise_01 = ob_clamp01(ob_s_from_ns(snapshot->now_ns - sitting->ended_ns) / AFTERGLOW_S);
        sitting->dimmed.params.presence_01 =
            fmaxf(snapshot->params.presence_01, (float)(AFTERGLOW_01 * ob_smoothstep(0.0, 1.0, rise_01)));
    }
    sitting->dimmed.params.presence_01 *= light_01;
    if (light_01 <= 0.0f)
        overlay->caption[0] = overlay->notice[0] = '\0';
    return &sitting->dimmed;
}

void ob_sitting_touch(struct ob_sitting *sitting, bool moved)
{
    ob_darkness_touch(&sitting->darkness, moved);
}

bool ob_sitting_shown(struct ob_sitting *sitting, const struct ob_snapshot *snapshot, int64_t now_ns)
{
    ob_live_frame_shown(&sitting->live, sitting->darkness.dark ? NULL : snapshot);
    if (!sitting->closed && ob_plan_gong_due(&sitting->protocol, snapshot)) {
        sitting->closed = true;
        if (ob_settings_is(sitting->desc.settings, OB_SET_SOUND_GONG))
            ob_sound_gong(sitting->live.desc.sound);
    }
    if (snapshot->stage == OB_STAGE_ENDED && !sitting->ended_ns)
        sitting->ended_ns = now_ns;
    return sitting->ended_ns && sitting->protocol.end != OB_END_STAY &&
           (sitting->protocol.end == OB_END_LEAVE || snapshot->let_go_ns ||
            ob_s_from_ns(now_ns - sitting->ended_ns) > FAREWELL_S);
}

void ob_sitting_trouble(const struct ob_sitting *sitting, char *text_out, size_t size)
{
    text_out[0] = '\0';
    if (atomic_load(&sitting->live.log_failed))
        snprintf(text_out, size, ob_tr("The recording can't be written now; the session goes on."));
    if (!text_out[0] && sitting->not_kept)
        snprintf(text_out, size, "%s", sitting->not_kept);
    if (!text_out[0] && sitting->keeper) {
        struct ob_writer_status kept;
        ob_keeper_status(sitting->keeper, &kept);
        snprintf(text_out, size, "%s", kept.sentence);
    }
}

void ob_sitting_pause(struct ob_sitting *sitting)
{
    sitting->paused = !sitting->paused;
    ob_live_command(&sitting->live, OB_COMMAND_PAUSE, sitting->paused);
}

void ob_sitting_just_breathe(struct ob_sitting *sitting)
{
    sitting->natural = !sitting->natural;
    sitting->dizzy = false;
    ob_live_command(&sitting->live, OB_COMMAND_JUST_BREATHE, sitting->natural);
}

void ob_sitting_feel_dizzy(struct ob_sitting *sitting)
{
    sitting->natural = true;
    sitting->dizzy = true;
    if (sitting->paused)
        ob_sitting_pause(sitting);
    ob_live_command(&sitting->live, OB_COMMAND_DIZZY, 1);
}

void ob_sitting_awake(struct ob_sitting *sitting)
{
    if (sitting->runs)
        ob_live_command(&sitting->live, OB_COMMAND_AWAKE, 1);
}

void ob_sitting_next_part(struct ob_sitting *sitting)
{
    if (sitting->protocol.phase_count > 0)
        ob_live_command(&sitting->live, OB_COMMAND_NEXT, 0);
}

void ob_sitting_finish(struct ob_sitting *sitting)
{
    ob_live_command(&sitting->live, OB_COMMAND_END, 1);
}

void ob_sitting_mark(struct ob_sitting *sitting, enum ob_mark_label label, const char *words)
{
    if (sitting->runs)
        ob_live_mark(&sitting->live, label, words);
}

void ob_sitting_choose_pace(struct ob_sitting *sitting, double rate_brpm)
{
    ob_live_command(&sitting->live, OB_COMMAND_RATE_BRPM, rate_brpm);
}

void ob_sitting_sensor_changed(struct ob_sitting *sitting)
{
    ob_live_command(&sitting->live, OB_COMMAND_SENSOR, 1);
}

int ob_sitting_stop(struct ob_sitting *sitting, int code)
{
    if (sitting->desc.speaker)
        ob_speaker_leave(sitting->desc.speaker);
    if (sitting->runs) {
        const enum ob_err err = ob_live_stop(&sitting->live);
        sitting->runs = false;
        if (err) {
            char sentence[256];
            snprintf(sentence, sizeof sentence, "the recording %.150s is not complete: %s", sitting->desc.record,
                     ob_err_text(err));
            code = ob_say(OB_EXIT_FAILED, sentence);
        }
        const uint64_t lost = ob_ring_refused(&sitting->live.log_ring);
        if (lost > 0)
            fprintf(stderr, "outbreath: %llu events are not in the recording because a queue was full.\n",
                    (unsigned long long)lost);
        if (!sitting->desc.quiet)
            ob_live_print_latency(&sitting->live, stdout, true);
    }
    return code;
}

int ob_sitting_end(struct ob_sitting *sitting, int answer, int code)
{
    code = ob_sitting_stop(sitting, code);
    ob_keeper_check_in(sitting->keeper, -1, answer);
    code = ob_keeper_end(sitting->keeper, code, sitting->desc.kept);
    sitting->keeper = NULL;
    return code;
}
