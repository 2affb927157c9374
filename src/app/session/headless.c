/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath headless: the whole loop on a virtual clock, faster than real time, with everything it shows and plays left
 * as files. */
#include "app/commands.h"
#include "app/commands/kept.h"
#include "app/commands/progress.h"
#include "app/commands/protocol_files.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/say.h"
#include "app/session/cue.h"
#include "app/session/desk.h"
#include "app/session/keeper.h"
#include "app/session/mark_list.h"
#include "app/session/own_sounds.h"
#include "app/session/plan.h"
#include "app/session/session_files.h"
#include "app/session/source.h"
#include "app/settings_files.h"
#include "app/window/caption.h"
#include "audio/audio.h"
#include "base/mark.h"
#include "base/time.h"
#include "engine/engine.h"
#include "os/clock.h"
#include "os/paths.h"
#include "os/tr.h"
#include "render/render.h"
#include "sensor/hub.h"
#include "synth/synth.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct headless_options {
    struct ob_settings settings; /* what the command line says of them */
    const char *person, *feed, *replay, *kind, *channel, *out, *config;
    const char *data, *who, *passphrase_file, *start_time;
    double frame_every_s;
    const char *record, *marks;
    bool no_frames, no_sound, store, realtime, acknowledge, help;
};

#define AT(field) offsetof(struct headless_options, field)
static const struct ob_option table[] = {
    {"person", OB_OPTION_TEXT, AT(person), 0, 0, "KEYS",
     "simulated person, such as seed=7,rf=5.4 ('help' lists the keys)"},
    {"feed", OB_OPTION_TEXT, AT(feed), 0, 0, "ecg|rr|ppg", "what the person's sensor gives (ecg)"},
    {"replay", OB_OPTION_TEXT, AT(replay), 0, 0, "FILE", "a recording instead: RR text, CSV, WFDB or EDF"},
    {"kind", OB_OPTION_TEXT, AT(kind), 0, 0, "KIND", "what the recording is, where the guess is wrong"},
    {"channel", OB_OPTION_TEXT, AT(channel), 0, 0, "NAME|N", "which signal of it"},
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_SAMPLING),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_MINUTES), /* a recording without it: as long as it is, at most 120 */
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_MEASURED),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_ADAPTIVE),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_PROTOCOL),
    OB_OPTION_OF(AT(settings), OB_SET_PACER_RATE),
    {"out", OB_OPTION_TEXT, AT(out), 0, 0, "DIR", "where the files go (outbreath-session)"},
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_VOLUME),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_SOUNDSCAPE),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_GONG),
    {"frame-every", OB_OPTION_NUMBER, AT(frame_every_s), 3, 3600, "S",
     "seconds from picture to picture (one in every ten, at changing moments of the breath)"},
    {"no-frames", OB_OPTION_FLAG, AT(no_frames), 0, 0, NULL, "no pictures"},
    {"no-sound", OB_OPTION_FLAG, AT(no_sound), 0, 0, NULL, "no sound.wav"},
    {"record", OB_OPTION_TEXT, AT(record), 0, 0, "kept",
     "with --store: all that the sensor says is kept with the session, sealed"},
    {"store", OB_OPTION_FLAG, AT(store), 0, 0, NULL, "keep the session as a live one is kept; files only with --out"},
    {"as", OB_OPTION_TEXT, AT(who), 0, 0, "WHO", "whose session it is: a name, number or id of 'outbreath people'"},
    {"realtime", OB_OPTION_FLAG, AT(realtime), 0, 0, NULL, "no faster than real time"},
    {"marks", OB_OPTION_TEXT, AT(marks), 0, 0, "LIST", "marks to set on the way, such as 4:30=sigh,12:00=turned-over"},
    OB_OPTION_OF(AT(settings), OB_SET_CONSOLE_PORT),
    {"start-time", OB_OPTION_TEXT, AT(start_time), 0, 0, "TIME", "when it is said to begin, as 2026-11-21T08:00 (now)"},
    {"acknowledge", OB_OPTION_FLAG, AT(acknowledge), 0, 0, NULL, "say each second how many beats are safe on the disk"},
    OB_OPTION_DATA(AT(data)),
    OB_OPTION_PASSPHRASE(AT(passphrase_file)),
    {"config", OB_OPTION_TEXT, AT(config), 0, 0, "FILE|none", "settings from this file instead of yours"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

struct headless {
    const struct headless_options *options;
    struct ob_loaded loaded; /* all layers of the settings */
    struct ob_session_plan plan;
    struct ob_protocol protocol;
    struct ob_snapshot dimmed; /* what is drawn while a protocol wants no picture */
    bool to_the_end;           /* a recording without a stated length plays to its end */
    float volume_01;
    struct ob_own_sounds *sounds; /* owned */
    uint32_t soundscape;
    bool closed; /* the closing bowl was struck */
    struct ob_engine *engine;
    struct ob_synth *synth;
    struct ob_audio *audio;
    struct ob_render *render;
    struct ob_session_files *files; /* NULL: kept, and nothing is written beside */
    struct ob_keeper *keeper;
    struct ob_event_file *raw; /* the log beside a session that is kept; NULL: none */
    bool not_kept;             /* although it should be */
    uint64_t acknowledged;
    struct ob_mark_list marks;
    size_t marked;
    struct ob_source source;
    struct ob_hub *hub;
    struct ob_desk desk;
    struct ob_histogram latency;
    int64_t now_ns;
    int frames_taken;
};

static bool hear(void *user, int64_t now_ns, struct ob_person_cue *cue_out)
{
    const struct headless *h = user;
    *cue_out = ob_cue_of(ob_engine_snapshot(h->engine), now_ns);
    return true;
}

static void render_sound(void *user, float *out, uint32_t frames, int64_t heard_ns, double ns_per_frame)
{
    struct headless *h = user;
    const struct ob_snapshot *s = ob_engine_snapshot(h->engine);
    h->closed =
        h->closed || (ob_settings_is(&h->loaded.settings, OB_SET_SOUND_GONG) && ob_plan_gong_due(&h->protocol, s));
    const struct ob_synth_input input = {.pacer = s->pacer,
                                         .params = s->params,
                                         .volume_01 =
                                             ob_plan_volume_01(h->desk.view.silent ? 0.0f : h->volume_01, s->sound_db),
                                         .soundscape = h->soundscape,
                                         .gong_count = h->closed};
    ob_synth_render(h->synth, &input, heard_ns, ns_per_frame, out, frames);
}

static void take_event(void *user, const struct ob_event *event)
{
    struct headless *h = user;
    struct ob_event applied = *event;
    applied.applied_ns = h->now_ns;
    const uint64_t beats = ob_engine_snapshot(h->engine)->beat_count;
    const int64_t before_ns = ob_clock_monotonic_ns();
    ob_engine_step(h->engine, &applied);
    if (ob_engine_snapshot(h->engine)->beat_count != beats)
        ob_histogram_add(&h->latency, ob_clock_monotonic_ns() - before_ns);
    ob_keeper_event(h->keeper, &applied);
    if (h->raw) /* what can't be written is told when it is closed */
        ob_event_file_write(h->raw, &applied);
    if (!h->files)
        return;
    ob_session_files_event(h->files, &applied);
    if (applied.kind == OB_EVENT_GAP)
        ob_session_files_mark(h->files, "gap", ob_s_from_ns(h->now_ns));
    if (applied.kind == OB_EVENT_MARK)
        ob_session_files_mark(h->files, ob_mark_name(applied.u.mark.label), ob_s_from_ns(h->now_ns));
}

/* Pictures are at least 3 s apart, so that each one is a still: nothing fades into it. */
static enum ob_err take_picture(struct headless *h, int second)
{
    const struct ob_snapshot *s = ob_engine_snapshot(h->engine);
    struct ob_overlay overlay = {.hud = h->frames_taken % 2 == 1};
    ob_caption(s, &h->protocol, false, overlay.caption, sizeof overlay.caption);
    const float light_01 = ob_plan_light_01(&h->protocol, s);
    h->dimmed = *s;
    h->dimmed.params.presence_01 *= light_01;
    if (light_01 <= 0.0f)
        overlay.caption[0] = '\0';
    const enum ob_err drawn = ob_render_frame(h->render, &h->dimmed, &overlay, h->now_ns);
    if (drawn)
        return drawn;
    static const char *const stages[] = {"inhale", "full", "exhale", "empty"};
    const struct ob_pacer_state pacer = ob_pacer_at(&s->pacer, h->now_ns);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/frames/frame_%05ds_%s.png", h->options->out, second,
             s->stage == OB_STAGE_GUIDED ? stages[pacer.stage] : "unpaced");
    h->frames_taken++;
    return ob_render_capture(h->render, path);
}

/* The soundscape that the command line, the protocol or the settings name. A name in a file that is gone stops nobody.
 */
static int choose_soundscape(struct headless *h)
{
    const struct ob_settings *set = &h->loaded.settings;
    const bool asked = set->values[OB_SET_SOUND_SOUNDSCAPE].layer == OB_LAYER_COMMAND_LINE;
    const char *name =
        !asked && h->protocol.soundscape[0] ? h->protocol.soundscape : ob_settings_text(set, OB_SET_SOUND_SOUNDSCAPE);
    char problem[320];
    h->sounds = calloc(1, sizeof *h->sounds);
    if (!h->sounds)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    ob_own_sounds_init(h->sounds, h->options->data);
    bool found = ob_own_sounds_resolve(h->sounds, name, &h->soundscape, problem, sizeof problem);
    if (found && h->soundscape >= OB_SOUNDSCAPE_OWN &&
        ob_own_sounds_load(h->sounds, h->soundscape - OB_SOUNDSCAPE_OWN)) {
        snprintf(problem, sizeof problem, "%s", h->sounds->list[h->soundscape - OB_SOUNDSCAPE_OWN].problem);
        found = false;
    }
    if (found)
        return OB_EXIT_DONE;
    h->soundscape = OB_SOUNDSCAPE_SHORE;
    return ob_say(asked ? OB_EXIT_INPUT : OB_EXIT_DONE, problem);
}

static int open_sound(struct headless *h)
{
    char path[PATH_MAX], problem[512];
    const int code = choose_soundscape(h);
    if (code != OB_EXIT_DONE)
        return code;
    snprintf(path, sizeof path, "%s/sound.wav", h->options->out);
    const struct ob_synth_desc synth = {.sample_rate_hz = OB_OWN_SOUNDS_RATE_HZ,
                                        .seed = h->source.seed,
                                        .ease_in_s = OB_PLAN_EASE_IN_S,
                                        .loops = h->sounds->loops,
                                        .loop_count = h->sounds->count};
    h->synth = ob_synth_create(&synth);
    const struct ob_audio_desc audio = {.path = path, .render = render_sound, .user = h};
    const enum ob_err err = h->synth ? ob_audio_wav.open(&audio, &h->audio) : OB_ERR_NO_MEMORY;
    if (!err)
        return OB_EXIT_DONE;
    snprintf(problem, sizeof problem, "the sound can't be written to %.200s: %s", path, ob_err_text(err));
    return ob_say(OB_EXIT_FAILED, problem);
}

static int open_all(struct headless *h)
{
    const struct headless_options *o = h->options;
    char problem[512] = "";
    h->engine = ob_engine_create();
    if (!h->engine)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    const struct ob_source_desc desc = {.person = o->person   ? o->person
                                                  : o->replay ? NULL
                                                              : "",
                                        .feed = o->feed,
                                        .replay = o->replay,
                                        .kind = o->kind,
                                        .channel = o->channel,
                                        .fs_hz = ob_settings_number(&h->loaded.settings, OB_SET_SENSOR_SAMPLING),
                                        .hear = hear,
                                        .hear_user = h};
    enum ob_err err = ob_source_open(&desc, &h->source, problem, sizeof problem);
    if (err)
        return ob_say(err == OB_ERR_USAGE || err == OB_ERR_RANGE ? OB_EXIT_USAGE : OB_EXIT_INPUT, problem);
    const struct ob_hub_desc hub = {.emit = take_event, .emit_user = h};
    if (ob_hub_create(&hub, &h->hub))
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    if (h->source.sensor)
        ob_hub_add(h->hub, h->source.sensor, OB_HUB_ALL);
    if (!o->out)
        return OB_EXIT_DONE;
    err = ob_session_files_open(o->out, &h->files, problem, sizeof problem);
    if (err)
        return ob_say(OB_EXIT_FAILED, problem);
    if (!o->no_sound) {
        const int code = open_sound(h);
        if (code != OB_EXIT_DONE)
            return code;
    }
    if (!o->no_frames) {
        char frames[PATH_MAX], shaders[PATH_MAX + 16];
        snprintf(frames, sizeof frames, "%s/frames", o->out);
        err = ob_paths_make(frames);
        if (err)
            return ob_say(OB_EXIT_FAILED, ob_err_text(err));
        const bool found = ob_paths_resources(shaders, PATH_MAX) == OB_OK;
        if (found)
            strcat(shaders, "/shaders");
        const struct ob_render_desc render = {.offscreen = true, .shader_dir = found ? shaders : NULL};
        err = ob_render_create(&render, &h->render, problem, sizeof problem);
        if (err) {
            char sentence[640];
            snprintf(sentence, sizeof sentence, "no pictures can be drawn here: %s; --no-frames goes without them",
                     problem[0] ? problem : ob_err_text(err));
            return ob_say(OB_EXIT_DEVICE, sentence);
        }
    }
    return OB_EXIT_DONE;
}

static void make_plan(struct headless *h)
{
    const struct ob_settings *set = &h->loaded.settings;
    h->plan = ob_plan_of(set, &h->protocol);
    h->to_the_end = h->options->replay && h->protocol.phase_count == 0 &&
                    set->values[OB_SET_SESSION_MINUTES].layer != OB_LAYER_COMMAND_LINE;
    if (h->to_the_end)
        h->plan.minutes = 120.0;
    h->plan.seed = h->source.seed;
    h->plan.simulated = h->source.simulated;
    h->volume_01 =
        (float)fmin(ob_settings_number(set, OB_SET_SOUND_VOLUME), ob_settings_number(set, OB_SET_SOUND_MAXIMUM));
}

static int begin_keeping(struct headless *h)
{
    const struct headless_options *o = h->options;
    struct ob_keeper_desc desc = {.data = o->data,
                                  .who = o->who,
                                  .passphrase_file = o->passphrase_file,
                                  .source = h->source.about,
                                  .protocol = h->protocol.phase_count > 0 ? h->protocol.name : NULL,
                                  .simulated = h->source.simulated,
                                  .faster = !o->realtime};
    if (o->start_time && !ob_kept_parse_time(o->start_time, &desc.start_wall_ns, &desc.utc_offset_s))
        return ob_say(OB_EXIT_USAGE, "--start-time takes a time such as 2026-11-21T08:00 or 2026-11-21T08:00:00+01:00");
    const int code = ob_keeper_begin(&desc, &h->plan, &h->keeper);
    if (code == OB_EXIT_DONE && o->record && ob_keeper_raw(h->keeper, &h->raw))
        return ob_say(OB_EXIT_FAILED, "the raw signal can't be kept");
    if (code != OB_EXIT_FAILED)
        return code;
    ob_say(0, "this session is not being kept; it runs all the same");
    h->not_kept = true;
    return OB_EXIT_DONE;
}

/* Says how far the disk has it, and waits for the clock on the wall where that is wanted. */
static void keep_pace(struct headless *h, int64_t started_ns)
{
    if (h->options->realtime)
        ob_clock_sleep_until_ns(started_ns + h->now_ns);
    if (!h->options->acknowledge || !h->keeper || h->now_ns % OB_NS_PER_S != 0)
        return;
    struct ob_writer_status status;
    ob_keeper_status(h->keeper, &status);
    if (status.acknowledged_beats == h->acknowledged)
        return;
    h->acknowledged = status.acknowledged_beats;
    printf("safe: %llu beats\n", (unsigned long long)h->acknowledged);
    fflush(stdout);
}

static void begin_session(struct headless *h)
{
    struct ob_event begin = {.kind = OB_EVENT_BEGIN};
    begin.u.plan = h->plan;
    take_event(h, &begin);
    for (int i = 0; i < h->protocol.phase_count; i++) {
        struct ob_event phase = {.kind = OB_EVENT_PHASE};
        phase.u.phase = h->protocol.phases[i];
        take_event(h, &phase);
    }
    struct ob_event past;
    if (ob_keeper_past(h->keeper, &past))
        take_event(h, &past);
}

static void set_marks(struct headless *h)
{
    for (; h->marked < h->marks.count && h->marks.items[h->marked].at_ns <= h->now_ns; h->marked++) {
        const struct ob_mark_at *mark = &h->marks.items[h->marked];
        struct ob_event event = {.kind = OB_EVENT_MARK, .measured_ns = h->now_ns, .arrived_ns = h->now_ns};
        event.u.mark.label = mark->label;
        memcpy(event.u.mark.words, mark->words, sizeof event.u.mark.words);
        take_event(h, &event);
    }
}

/* What the therapist asks for at the console, and what is shown there. */
static void serve_desk(struct headless *h, const struct ob_snapshot *s)
{
    struct ob_request request;
    struct ob_event event;
    if (!h->desk.console)
        return;
    while (ob_desk_hear(&h->desk, &request)) {
        if (request.kind == OB_REQUEST_VOLUME)
            h->volume_01 = (float)fmin(request.value, ob_settings_number(&h->loaded.settings, OB_SET_SOUND_MAXIMUM));
        if (ob_desk_event(&h->desk, &request, h->now_ns, &event))
            take_event(h, &event);
    }
    struct ob_console_view *v = &h->desk.view;
    v->volume_01 = (double)h->volume_01;
    v->sound_there = h->audio != NULL;
    if (h->protocol.phase_count > 0)
        ob_mark_words(ob_tr(h->protocol.phase_names[s->phase]), v->part, sizeof v->part);
    snprintf(v->sensor, sizeof v->sensor, "%.150s", h->source.about);
    ob_desk_publish(&h->desk, s);
    ob_desk_tell(&h->desk, h->now_ns);
}

static bool source_is_over(const struct headless *h)
{
    struct ob_sensor_status status;
    return h->to_the_end && ob_hub_status(h->hub, 0, &status) && status.state == OB_SOURCE_ENDED;
}

/* When picture n is due. By default one in every ten seconds, each 0.4 of ten seconds further into them than the one
 * before: at six breaths a minute pictures ten seconds apart would all show the same moment of a breath. */
static int picture_s(const struct headless_options *o, int n)
{
    return o->frame_every_s > 0.0 ? n * (int)o->frame_every_s : 10 * n + 4 * n % 10;
}

static int run(struct headless *h)
{
    const struct headless_options *o = h->options;
    int next_s = 0, pictures = 0, code = OB_EXIT_DONE;
    char problem[320];
    if (o->marks && !ob_mark_list_parse(o->marks, &h->marks, problem, sizeof problem))
        return ob_say(OB_EXIT_USAGE, problem);
    make_plan(h);
    if (o->store)
        code = begin_keeping(h);
    if (code != OB_EXIT_DONE)
        return code;
    if (h->loaded.settings.values[OB_SET_CONSOLE_PORT].layer == OB_LAYER_COMMAND_LINE) {
        ob_tr_begin(ob_settings_text(&h->loaded.settings, OB_SET_DISPLAY_LANGUAGE));
        code = ob_desk_open(&h->desk, &h->loaded.settings);
    }
    if (code != OB_EXIT_DONE)
        return code;
    ob_desk_sit(&h->desk, o->who, h->keeper != NULL);
    const int64_t started_ns = ob_clock_monotonic_ns();
    begin_session(h);
    while (ob_engine_snapshot(h->engine)->stage != OB_STAGE_ENDED && !ob_interrupted()) {
        h->now_ns += OB_TICK_NS;
        if (ob_hub_deadline_ns(h->hub) <= h->now_ns)
            ob_hub_service(h->hub, h->now_ns);
        set_marks(h);
        ob_engine_advance(h->engine, h->now_ns);
        const struct ob_snapshot *s = ob_engine_snapshot(h->engine);
        if (h->audio) {
            const enum ob_err err = ob_audio_wav.advance(h->audio, h->now_ns);
            if (err) {
                char sentence[160];
                snprintf(sentence, sizeof sentence, "the sound stops here: %s", ob_err_text(err));
                code = ob_say(OB_EXIT_FAILED, sentence);
                ob_audio_wav.close(h->audio);
                h->audio = NULL;
            }
        }
        if (h->files)
            ob_session_files_look(h->files, s);
        ob_keeper_look(h->keeper, s);
        serve_desk(h, s);
        if (o->realtime || o->acknowledge)
            keep_pace(h, started_ns);
        const double now_s = ob_s_from_ns(h->now_ns);
        if (h->render && now_s >= next_s) {
            const enum ob_err err = take_picture(h, (int)(now_s + 0.5));
            if (err) {
                char sentence[160];
                snprintf(sentence, sizeof sentence, "the pictures stop here: %s", ob_err_text(err));
                code = ob_say(OB_EXIT_FAILED, sentence);
                ob_render_destroy(h->render);
                h->render = NULL;
            }
            next_s = picture_s(o, ++pictures);
        }
        if (s->ticks % 100 == 0)
            ob_progress_show("session", (double)(s->now_ns - s->begin_ns) / (double)(s->end_ns - s->begin_ns));
        if (source_is_over(h))
            break;
    }
    ob_progress_clear();
    struct ob_event last = {.kind = OB_EVENT_TIME, .measured_ns = h->now_ns, .arrived_ns = h->now_ns};
    take_event(h, &last);
    return code;
}

static int close_all(struct headless *h, int code, int64_t started_ns)
{
    ob_desk_close(&h->desk);
    const enum ob_err sound = h->audio ? ob_audio_wav.close(h->audio) : OB_OK;
    if (h->engine)
        ob_keeper_learn(h->keeper, h->engine);
    if (ob_event_file_close(h->raw))
        code = ob_say(OB_EXIT_FAILED, "not all of the raw signal could be kept");
    code = ob_keeper_end(h->keeper, code == OB_EXIT_DONE && h->not_kept ? OB_EXIT_FAILED : code, NULL);
    ob_render_destroy(h->render);
    ob_synth_destroy(h->synth);
    if (h->sounds)
        ob_own_sounds_finish(h->sounds);
    free(h->sounds);
    enum ob_err files = OB_OK;
    const double lasted_s = ob_s_from_ns(h->now_ns);
    const uint64_t beats = h->engine ? ob_engine_snapshot(h->engine)->beat_count : 0;
    const double wall_s = ob_s_from_ns(ob_clock_monotonic_ns() - started_ns);
    struct ob_search_result search = {0};
    if (h->engine)
        ob_engine_search(h->engine, &search);
    if (h->files) {
        const struct ob_session_about about = {.source = h->source.about,
                                               .person = h->source.simulated ? h->source.person : NULL,
                                               .seed = h->source.seed,
                                               .minutes = h->plan.minutes,
                                               .protocol = h->protocol.name[0] ? h->protocol.name : NULL,
                                               .wall_s = wall_s,
                                               .snapshot_latency = &h->latency,
                                               .search = &search};
        files = ob_session_files_close(h->files, &about);
    }
    ob_hub_destroy(h->hub);
    ob_engine_destroy(h->engine);
    if (files || sound) {
        char sentence[256];
        snprintf(sentence, sizeof sentence, "not everything could be written to %.100s: %s", h->options->out,
                 ob_err_text(files ? files : sound));
        return ob_say(OB_EXIT_FAILED, sentence);
    }
    if (code == OB_EXIT_DONE && lasted_s > 0.0 && h->options->out)
        printf("%.0f s of session in %.1f s: %llu beats, %d pictures. The files are in %s\n", lasted_s, wall_s,
               (unsigned long long)beats, h->frames_taken, h->options->out);
    return code;
}

int ob_cmd_headless(int argc, char **argv)
{
    struct headless_options options = {0};
    ob_settings_init(&options.settings);
    const char *words[1];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 1))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath headless: a session without screen and sound card, faster than real time.\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    if (options.person && strcmp(options.person, "help") == 0) {
        ob_source_print_person_help();
        return OB_EXIT_DONE;
    }
    if (!options.out && !options.store)
        options.out = "outbreath-session";
    if (options.record && (!options.store || strcmp(options.record, "kept") != 0))
        return ob_say(OB_EXIT_USAGE, "--record takes the word kept, and belongs to --store; files come from --out");
    if (!options.store && (options.who || options.acknowledge || options.start_time))
        return ob_say(OB_EXIT_USAGE, "--as, --acknowledge and --start-time belong to --store");
    if (options.person && options.replay)
        return ob_say(OB_EXIT_USAGE, "--person and --replay are two different hearts: choose one");
    if (options.settings.values[OB_SET_CONSOLE_PORT].layer == OB_LAYER_COMMAND_LINE && !options.realtime)
        return ob_say(OB_EXIT_USAGE, "--console shows a session as it happens: it belongs to --realtime");
    ob_interrupt_install();
    struct headless *h = calloc(1, sizeof *h);
    if (!h)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    h->options = &options;
    ob_histogram_init(&h->latency);
    const int64_t started_ns = ob_clock_monotonic_ns();
    int code = ob_settings_load(options.config, &options.settings, &h->loaded)
                   ? ob_protocol_of(&h->loaded.settings, &h->protocol)
                   : OB_EXIT_INPUT;
    if (code == OB_EXIT_DONE)
        code = open_all(h);
    if (code == OB_EXIT_DONE)
        code = run(h);
    code = close_all(h, code, started_ns);
    free(h);
    return code;
}
