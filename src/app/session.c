/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath without a subcommand: a session with light and sound. */
#include "app/caption.h"
#include "app/commands.h"
#include "app/input.h"
#include "app/interrupt.h"
#include "app/keeper.h"
#include "app/live.h"
#include "app/options.h"
#include "app/plan.h"
#include "app/protocol_files.h"
#include "app/say.h"
#include "app/sensor_panel.h"
#include "app/settings_files.h"
#include "app/source.h"
#include "audio/audio.h"
#include "base/maths.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/paths.h"
#include "render/render.h"
#include "sensor/hub.h"
#include "sensor/last_good.h"

#include <limits.h>
#include <SDL2/SDL.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TROUBLE_NS (12 * OB_NS_PER_S) /* how long a notice about a device stays */
#define FAREWELL_S 20.0               /* the last picture stays this long */

struct session_options {
    struct ob_settings settings; /* what the command line says of them */
    bool demo, latency_log, latency_probe, help, version;
    const char *person, *feed, *replay, *kind, *channel, *record, *config;
    const char *data, *who, *passphrase_file, *breath;
    double speed;
};

#define AT(field) offsetof(struct session_options, field)
static const struct ob_option table[] = {
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_MINUTES),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_MEASURED),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_ADAPTIVE),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_PROTOCOL),
    OB_OPTION_OF(AT(settings), OB_SET_SESSION_KEEP),
    {"as", OB_OPTION_TEXT, AT(who), 0, 0, "WHO", "whose session it is: a name, number or id of 'outbreath people'"},
    {"data", OB_OPTION_TEXT, AT(data), 0, 0, "DIR", "the folder of what is kept"},
    {"passphrase-file", OB_OPTION_TEXT, AT(passphrase_file), 0, 0, "FILE", "the passphrase of a locked person"},
    OB_OPTION_OF(AT(settings), OB_SET_PACER_RATE),
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_SERIAL_PORT),
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_BAUD),
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_BLUETOOTH),
    OB_OPTION_OF(AT(settings), OB_SET_SENSOR_SAMPLING),
    {"breath", OB_OPTION_TEXT, AT(breath), 0, 0, "SENSOR",
     "breathing from another sensor: its id in 'outbreath sensors'"},
    {"replay", OB_OPTION_TEXT, AT(replay), 0, 0, "FILE", "a recording as if it were live: RR text, CSV, WFDB or EDF"},
    {"kind", OB_OPTION_TEXT, AT(kind), 0, 0, "KIND", "what the recording is, where the guess is wrong"},
    {"channel", OB_OPTION_TEXT, AT(channel), 0, 0, "NAME|N", "which signal of it"},
    {"speed", OB_OPTION_NUMBER, AT(speed), 0.1, 1000, "N", "times true speed (1)"},
    {"demo", OB_OPTION_FLAG, AT(demo), 0, 0, NULL, "a simulated person, and it says so"},
    {"person", OB_OPTION_TEXT, AT(person), 0, 0, "KEYS", "who that is, such as seed=7,rf=5.4 ('help' lists the keys)"},
    {"feed", OB_OPTION_TEXT, AT(feed), 0, 0, "ecg|rr|ppg", "what the simulated sensor gives (ecg)"},
    {"record", OB_OPTION_TEXT, AT(record), 0, 0, "FILE|kept",
     "all that the sensor says: to a file in the clear, or 'kept': with the session, sealed"},
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_VOLUME),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_MUTE),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_DEVICE),
    OB_OPTION_OF(AT(settings), OB_SET_SOUND_BUFFER),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_SCENE),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_WIDTH),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_HEIGHT),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_FULLSCREEN),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_NUMBERS),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_REDUCED_MOTION),
    OB_OPTION_OF(AT(settings), OB_SET_DISPLAY_THEME),
    {"config", OB_OPTION_TEXT, AT(config), 0, 0, "FILE|none", "settings from this file instead of yours"},
    {"latency-log", OB_OPTION_FLAG, AT(latency_log), 0, 0, NULL, "print latency percentiles every 10 s"},
    {"latency-probe", OB_OPTION_FLAG, AT(latency_probe), 0, 0, NULL,
     "a patch and a click for every arrival, to be measured"},
    {"version", OB_OPTION_FLAG, AT(version), 0, 0, NULL, "the version"},
    {"help", OB_OPTION_FLAG, AT(help), 0, 0, NULL, "this list"},
};
#define OPTIONS (sizeof table / sizeof *table)

struct session {
    struct session_options options;
    struct ob_loaded loaded; /* all layers of the settings */
    struct ob_protocol protocol;
    struct ob_snapshot dimmed; /* what is drawn while a protocol wants no picture */
    struct ob_live live;
    struct ob_session_plan plan;
    struct ob_keeper *keeper; /* NULL: the session is not kept */
    const char *not_kept;     /* a notice about that, or NULL */
    struct ob_source source;
    struct ob_hub *hub;
    bool strap_noted; /* the strap in use is remembered for the next session */
    struct ob_audio *audio;
    struct ob_render *render;
    struct ob_overlay overlay;
    struct ob_input input;
    struct ob_sensor_panel sensors; /* the sensor screen */
    bool paused, natural, dizzy, leave;
    int64_t shown_first_ns, shown_last_ns;
    int64_t ended_ns;
    int64_t volume_shown_ns;
    char scene_title[80]; /* of the scene last asked for with a key */
    int64_t scene_shown_ns;
    char trouble[160]; /* the newest notice about a device, and since when */
    int64_t trouble_ns;
};

static void show_help(void)
{
    printf("Outbreath: light and sound that follow your heart while you breathe.\n\n"
           "  outbreath [OPTIONS]              a session with light and sound\n"
           "  outbreath headless [OPTIONS]     the same without screen and sound card, into files\n"
           "  outbreath replay FILE.oblog      an event log through the engine again\n"
           "  outbreath analyze FILE...        variability metrics of recordings: table, JSON, CSV, pictures\n"
           "  outbreath beats FILE             the beats of an ECG or a pulse wave\n"
           "  outbreath sensors                boards and straps in sight, and what is wrong with them\n"
           "  outbreath sessions               what is kept, newest first\n"
           "  outbreath people COMMAND         who is kept here: list, add, rename, notes, lock, unlock\n"
           "  outbreath delete                 forgets a person or a session\n"
           "  outbreath backup, restore FILE   all that is kept as one file, and back\n"
           "  outbreath export                 a session or a person as RR text, CSV, EDF+, JSON or one archive\n"
           "  outbreath import FILE            keeps what was exported, or what another program recorded\n"
           "  outbreath verify                 is all that is kept there, and does it open?\n"
           "  outbreath protocols              the shapes that a session can have\n"
           "  outbreath config COMMAND         the settings: show, check, set, unset, path\n"
           "  outbreath person --out DIR       a simulated person as files, with the truth\n"
           "  outbreath evaluate               simulated populations through the engine, and whether the figures hold\n"
           "  outbreath COMMAND --help         more about a command\n\n"
           "Keys: space pause, h numbers, i how they are made, b just breathe, d dizzy, n next part, c next scene,\n"
           "s sensors, f full screen, + and - volume, ? keys, Esc leave.\n\nOptions of a session:\n");
    ob_options_print(table, OPTIONS);
}

static void change_volume(struct session *s, float by)
{
    const float now = atomic_load(&s->live.volume_01);
    atomic_store(&s->live.volume_01, (float)ob_clamp01((double)(now + by)));
    s->volume_shown_ns = ob_clock_monotonic_ns();
}

static void take_key(struct session *s, SDL_Keycode key)
{
    switch (key) {
    case SDLK_SPACE:
        s->paused = !s->paused;
        ob_live_command(&s->live, OB_COMMAND_PAUSE, s->paused);
        break;
    case SDLK_b:
        s->natural = !s->natural;
        s->dizzy = false;
        ob_live_command(&s->live, OB_COMMAND_JUST_BREATHE, s->natural);
        break;
    case SDLK_d:
        s->natural = true;
        s->dizzy = true;
        if (s->paused)
            ob_live_command(&s->live, OB_COMMAND_PAUSE, 0);
        s->paused = false;
        ob_live_command(&s->live, OB_COMMAND_DIZZY, 1);
        break;
    case SDLK_h:
        s->overlay.hud = !s->overlay.hud;
        break;
    case SDLK_i:
        s->overlay.formulas = !s->overlay.formulas;
        s->overlay.hud |= s->overlay.formulas;
        break;
    case SDLK_n:
        if (s->protocol.phase_count > 0)
            ob_live_command(&s->live, OB_COMMAND_NEXT, 0);
        break;
    case SDLK_c:
        if (ob_render_next_scene(s->render, s->scene_title, sizeof s->scene_title) == OB_OK)
            s->scene_shown_ns = ob_clock_monotonic_ns();
        break;
    case SDLK_f:
        ob_render_toggle_fullscreen(s->render);
        break;
    case SDLK_QUESTION:
    case SDLK_SLASH:
    case SDLK_F1:
        s->overlay.help = !s->overlay.help;
        break;
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
        change_volume(s, 0.05f);
        break;
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
        change_volume(s, -0.05f);
        break;
    case SDLK_ESCAPE:
        s->leave = true;
        break;
    default:
        if (s->ended_ns)
            s->leave = true;
        break;
    }
}

/* While the sensor screen is there, it has the keys; but the one for dizziness is heard at any time, and full screen
 * belongs to the window. */
static void take_screen_event(struct session *s, const SDL_Event *event)
{
    if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_d) {
        ob_sensor_panel_close(&s->sensors);
        take_key(s, SDLK_d);
        return;
    }
    if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_f) {
        take_key(s, SDLK_f);
        return;
    }
    struct ob_pointer pointer;
    const enum ob_ui_input input = ob_input_take(&s->input, event, &pointer);
    bool chosen = false;
    if (input != OB_UI_NOTHING)
        chosen = ob_sensor_panel_input(&s->sensors, input);
    else if (pointer.moved)
        chosen = ob_sensor_panel_pointer(&s->sensors, pointer.x_01, pointer.y_01, pointer.pressed);
    if (chosen) {
        ob_live_command(&s->live, OB_COMMAND_SENSOR, 1);
        s->strap_noted = false;
    }
}

static void take_sdl_events(struct session *s)
{
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        if (event.type == SDL_QUIT)
            s->leave = true;
        else if (s->sensors.open)
            take_screen_event(s, &event);
        else if (ob_input_asks_for_sensors(&event) && s->hub)
            ob_sensor_panel_open(&s->sensors, s->hub);
        else if (event.type == SDL_KEYDOWN && !event.key.repeat)
            take_key(s, event.key.keysym.sym == SDLK_SLASH && !(event.key.keysym.mod & KMOD_SHIFT)
                            ? SDLK_UNKNOWN
                            : event.key.keysym.sym);
        else if (event.type == SDL_CONTROLLERDEVICEADDED || event.type == SDL_CONTROLLERDEVICEREMOVED)
            ob_input_take(&s->input, &event, &(struct ob_pointer){0});
    }
}

/* What a device has to say; "" when all is well. */
static void trouble(struct session *s, char *text_out, size_t size)
{
    struct ob_audio_status audio;
    text_out[0] = '\0';
    if (s->audio) {
        ob_audio_portaudio.status(s->audio, &audio);
        if (audio.state != OB_AUDIO_RUNNING && audio.sentence[0])
            snprintf(text_out, size, "%s", audio.sentence);
    }
    if (atomic_load(&s->live.log_failed))
        snprintf(text_out, size, "The recording can't be written now; the session goes on.");
    if (!text_out[0] && s->not_kept)
        snprintf(text_out, size, "%s", s->not_kept);
    if (!text_out[0] && s->keeper) {
        struct ob_writer_status kept;
        ob_keeper_status(s->keeper, &kept);
        snprintf(text_out, size, "%s", kept.sentence);
    }
    if (!text_out[0] && s->loaded.mistakes > 0)
        snprintf(text_out, size, "Some settings were not understood; 'outbreath config check' says which.");
}

/* At most one line. Troubles are said once and go: a session is not a place to be reminded. The numbers keep them. */
static void notice(struct session *s, int64_t now_ns)
{
    char text[sizeof s->trouble];
    trouble(s, text, sizeof text);
    if (strcmp(text, s->trouble) != 0) {
        memcpy(s->trouble, text, sizeof text);
        s->trouble_ns = now_ns;
    }
    const bool shown = s->overlay.hud || now_ns - s->trouble_ns < TROUBLE_NS;
    snprintf(s->overlay.notice, sizeof s->overlay.notice, "%s", shown && !s->ended_ns ? s->trouble : "");
    if (s->volume_shown_ns && now_ns - s->volume_shown_ns < 2 * OB_NS_PER_S)
        snprintf(s->overlay.notice, sizeof s->overlay.notice, "Volume %.0f%%",
                 100.0 * (double)atomic_load(&s->live.volume_01));
    if (s->scene_shown_ns && now_ns - s->scene_shown_ns < 4 * OB_NS_PER_S)
        snprintf(s->overlay.notice, sizeof s->overlay.notice, "%s", s->scene_title);
    struct ob_sensor_status sensor;
    for (int i = 0; s->hub && i < OB_HUB_SOURCES_MAX; i++) {
        if (!(ob_hub_taken(s->hub, (uint32_t)i + 1) & OB_HUB_HEART) || !ob_hub_status(s->hub, i, &sensor))
            continue;
        snprintf(s->overlay.sensor, sizeof s->overlay.sensor, "%s", sensor.sentence);
        s->strap_noted = s->strap_noted || ob_last_good_note(&sensor);
    }
}

/* The snapshot as it is to be seen. Without a picture no words are lit either, but for those of the first seconds. */
static const struct ob_snapshot *lit(struct session *s, const struct ob_snapshot *snapshot)
{
    const float light_01 = ob_plan_light_01(&s->protocol, snapshot);
    if (light_01 >= 1.0f)
        return snapshot;
    s->dimmed = *snapshot;
    s->dimmed.params.presence_01 *= light_01;
    if (light_01 <= 0.0f)
        s->overlay.caption[0] = s->overlay.notice[0] = '\0';
    return &s->dimmed;
}

static void show(struct session *s)
{
    int64_t logged_ns = ob_clock_monotonic_ns();
    while (!s->leave && !ob_interrupted()) {
        take_sdl_events(s);
        const int64_t seen_ns = ob_render_wait(s->render);
        const int64_t now_ns = ob_clock_monotonic_ns();
        const struct ob_snapshot *snapshot = ob_live_snapshot(&s->live);
        ob_caption(snapshot, &s->protocol, s->dizzy, s->overlay.caption, sizeof s->overlay.caption);
        notice(s, now_ns);
        ob_sensor_panel_step(&s->sensors, now_ns, &s->overlay);
        if (ob_render_frame(s->render, lit(s, snapshot), &s->overlay, seen_ns))
            break;
        ob_live_frame_shown(&s->live, snapshot);
        s->shown_last_ns = ob_clock_monotonic_ns();
        if (!s->shown_first_ns)
            s->shown_first_ns = s->shown_last_ns;
        if (snapshot->stage == OB_STAGE_ENDED && !s->ended_ns)
            s->ended_ns = now_ns;
        if (s->ended_ns && s->protocol.end != OB_END_STAY &&
            (s->protocol.end == OB_END_LEAVE || ob_s_from_ns(now_ns - s->ended_ns) > FAREWELL_S))
            s->leave = true;
        if (s->options.latency_log && now_ns - logged_ns > 10 * OB_NS_PER_S) {
            ob_live_print_latency(&s->live, stdout, false);
            logged_ns = now_ns;
        }
    }
}

/* What a file says can't be done: told, and the session goes on without it. */
static void fall_back(struct session *s, const char *problem, const char *instead)
{
    char line[640];
    snprintf(line, sizeof line, "%s; %s", problem, instead);
    ob_say(0, line);
    s->loaded.mistakes++;
}

/* A protocol's own scene, unless the command line wants another. */
static const char *scene_of(const struct session *s)
{
    const struct ob_settings *set = &s->loaded.settings;
    const bool asked = set->values[OB_SET_DISPLAY_SCENE].layer == OB_LAYER_COMMAND_LINE;
    return s->protocol.scene[0] && !asked ? s->protocol.scene : ob_settings_text(set, OB_SET_DISPLAY_SCENE);
}

static int open_picture(struct session *s)
{
    const struct ob_settings *set = &s->loaded.settings;
    char shaders[PATH_MAX + 16] = "", problem[512] = "";
    const bool found = ob_paths_resources(shaders, PATH_MAX) == OB_OK;
    if (found)
        strcat(shaders, "/shaders");
    struct ob_render_desc desc = {.width = (int)ob_settings_number(set, OB_SET_DISPLAY_WIDTH),
                                  .height = (int)ob_settings_number(set, OB_SET_DISPLAY_HEIGHT),
                                  .fullscreen = ob_settings_is(set, OB_SET_DISPLAY_FULLSCREEN),
                                  .shader_dir = found ? shaders : NULL,
                                  .scene = scene_of(s),
                                  .probe = s->options.latency_probe};
    enum ob_err err = ob_render_create(&desc, &s->render, problem, sizeof problem);
    if ((err == OB_ERR_NOT_FOUND || err == OB_ERR_SHADER) &&
        set->values[OB_SET_DISPLAY_SCENE].layer != OB_LAYER_COMMAND_LINE) {
        /* A file may name a scene that is gone; that stops nobody. */
        fall_back(s, problem, "the usual scene is shown");
        desc.scene = NULL;
        err = ob_render_create(&desc, &s->render, problem, sizeof problem);
    }
    if (!err)
        return OB_EXIT_DONE;
    return ob_say(err == OB_ERR_NOT_FOUND || err == OB_ERR_SHADER ? OB_EXIT_INPUT : OB_EXIT_DEVICE,
                  problem[0] ? problem : ob_err_text(err));
}

/* The sensor that the settings prefer, unless the command line names another heart. */
static bool prefers(const struct session *s, const char *which)
{
    const struct session_options *o = &s->options;
    return !o->replay && !o->person && !o->demo &&
           strcmp(ob_settings_text(&s->loaded.settings, OB_SET_SENSOR_PREFER), which) == 0;
}

static int open_heart(struct session *s)
{
    const struct session_options *o = &s->options;
    const struct ob_settings *set = &s->loaded.settings;
    char problem[512] = "";
    char strap[OB_LAST_GOOD_SIZE];
    const bool again = prefers(s, "auto") && ob_last_good_read(strap);
    const struct ob_source_desc desc = {
        .person = o->person ? o->person
                  : o->demo ? ""
                            : NULL,
        .feed = o->feed,
        .replay = o->replay,
        .kind = o->kind,
        .channel = o->channel,
        .fs_hz = ob_settings_number(set, OB_SET_SENSOR_SAMPLING),
        .speed = o->speed,
        .serial = prefers(s, "serial") ? ob_settings_text(set, OB_SET_SENSOR_SERIAL_PORT) : NULL,
        .baud = ob_settings_number(set, OB_SET_SENSOR_BAUD),
        .bluetooth = again                     ? strap
                     : prefers(s, "bluetooth") ? ob_settings_text(set, OB_SET_SENSOR_BLUETOOTH)
                                               : NULL,
        .hear = ob_live_hear,
        .hear_user = &s->live,
    };
    const enum ob_err err = ob_source_open(&desc, &s->source, problem, sizeof problem);
    if (!err)
        return OB_EXIT_DONE;
    if ((desc.serial || desc.bluetooth) && set->values[OB_SET_SENSOR_PREFER].layer != OB_LAYER_COMMAND_LINE) {
        fall_back(s, problem[0] ? problem : ob_err_text(err), "the session goes on without a sensor");
        return OB_EXIT_DONE;
    }
    return ob_say(err == OB_ERR_USAGE || err == OB_ERR_RANGE ? OB_EXIT_USAGE : OB_EXIT_INPUT, problem);
}

/* Hearts that are nobody's here, simulated or recorded, are not kept. A store that can't be used does not stop a
 * session; a mistake in what was asked for does. */
static int begin_keeping(struct session *s)
{
    const struct session_options *o = &s->options;
    s->plan = ob_plan_of(&s->loaded.settings, &s->protocol);
    s->plan.seed = s->source.seed;
    s->plan.simulated = s->source.simulated;
    if (!ob_settings_is(&s->loaded.settings, OB_SET_SESSION_KEEP) || s->source.simulated || o->replay)
        return OB_EXIT_DONE;
    const struct ob_keeper_desc desc = {
        .data = o->data, .who = o->who, .passphrase_file = o->passphrase_file, .source = s->source.about};
    const int code = ob_keeper_begin(&desc, &s->plan, &s->keeper);
    if (code == OB_EXIT_DONE || code == OB_EXIT_USAGE || (code == OB_EXIT_INPUT && (o->who || o->passphrase_file)))
        return code;
    s->not_kept = "This session is not being kept; the terminal and 'outbreath verify' say why.";
    return OB_EXIT_DONE;
}

/* The hub runs without a sensor as well: one may be chosen at any time. */
static int start_sensors(struct session *s)
{
    char problem[256];
    const struct ob_hub_desc hub = {.ring = &s->live.sensor_ring, .wake = &s->live.wake};
    if (ob_hub_create(&hub, &s->hub))
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    if (s->source.sensor) {
        ob_hub_add(s->hub, s->source.sensor, s->options.breath ? OB_HUB_HEART : OB_HUB_ALL);
        s->source.sensor = NULL; /* the hub's from now on */
        ob_live_command(&s->live, OB_COMMAND_SENSOR, 1);
    }
    if (s->options.breath) {
        struct ob_sensor *breath;
        if (ob_source_by_id(s->options.breath, &breath, problem, sizeof problem))
            return ob_say(OB_EXIT_USAGE, problem);
        ob_hub_add(s->hub, breath, OB_HUB_BREATH);
    }
    return ob_hub_start(s->hub) ? ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY)) : OB_EXIT_DONE;
}

static bool wants_kept(const char *record)
{
    return record && strcmp(record, "kept") == 0;
}

/* The raw signal beside the session, where that was asked for. What can't be kept does not stop a session. */
static int open_raw(struct session *s, struct ob_event_file **raw_out)
{
    if (!wants_kept(s->options.record))
        return OB_EXIT_DONE;
    if (!s->keeper && !s->not_kept)
        return ob_say(OB_EXIT_USAGE, "--record kept belongs to a session that is kept: a person's own, not --no-keep");
    if (s->keeper && ob_keeper_raw(s->keeper, raw_out))
        s->not_kept = "The raw signal is not being kept; the session is.";
    return OB_EXIT_DONE;
}

static int start(struct session *s)
{
    const struct session_options *o = &s->options;
    const struct ob_settings *set = &s->loaded.settings;
    char problem[512] = "";
    struct ob_event_file *raw = NULL;
    const int recording = open_raw(s, &raw);
    if (recording != OB_EXIT_DONE)
        return recording;
    const struct ob_live_desc desc = {
        .plan = s->plan,
        .protocol = &s->protocol,
        .keeper = s->keeper,
        .record_path = wants_kept(o->record) ? NULL : o->record,
        .raw = raw,
        .probe = o->latency_probe,
        .volume_01 = ob_settings_number(set, OB_SET_SOUND_VOLUME),
    };
    if (ob_live_start(&s->live, &desc, problem, sizeof problem))
        return ob_say(OB_EXIT_FAILED, problem);
    const int code = start_sensors(s);
    if (code != OB_EXIT_DONE)
        return code;
    if (!ob_settings_is(set, OB_SET_SOUND_MUTE)) {
        const char *device = ob_settings_text(set, OB_SET_SOUND_DEVICE);
        const struct ob_audio_desc audio = {.device = device[0] ? device : NULL,
                                            .frames_per_buffer = (uint32_t)ob_settings_number(set, OB_SET_SOUND_BUFFER),
                                            .render = ob_live_render_sound,
                                            .user = &s->live};
        if (ob_audio_portaudio.open(&audio, &s->audio))
            s->audio = NULL; /* the picture alone carries it */
    }
    return OB_EXIT_DONE;
}

static void print_picture(const struct session *s)
{
    struct ob_render_info info;
    ob_render_info(s->render, &info);
    const double shown_s = ob_s_from_ns(s->shown_last_ns - s->shown_first_ns);
    if (info.frames > 1 && shown_s > 0.0)
        printf("picture: %.1f frames a second, %dx%d, %s, %s, scene drawn at %.2f of its size\n",
               (double)(info.frames - 1) / shown_s, info.width, info.height, info.driver, info.gl, info.scale);
}

/* All but the picture, which may be gone already. */
static int stop_loop(struct session *s, int code, bool started)
{
    struct ob_audio_status audio = {0};
    if (s->audio)
        ob_audio_portaudio.status(s->audio, &audio);
    ob_audio_portaudio.close(s->audio);
    s->audio = NULL;
    ob_sensor_panel_close(&s->sensors);
    ob_hub_destroy(s->hub);
    s->hub = NULL;
    if (s->source.sensor)
        s->source.sensor->ops->close(s->source.sensor);
    s->source.sensor = NULL;
    if (started) {
        const enum ob_err err = ob_live_stop(&s->live);
        if (err) {
            char sentence[256];
            snprintf(sentence, sizeof sentence, "the recording %.150s is not complete: %s", s->options.record,
                     ob_err_text(err));
            code = ob_say(OB_EXIT_FAILED, sentence);
        }
        ob_live_print_latency(&s->live, stdout, true);
        if (audio.state == OB_AUDIO_RUNNING)
            printf("sound: %s, reported output latency %.1f ms, %llu underruns, %llu late calls\n", audio.device,
                   audio.latency_s * 1e3, (unsigned long long)audio.underruns, (unsigned long long)audio.gaps);
        const uint64_t lost = ob_ring_refused(&s->live.sensor_ring) + ob_ring_refused(&s->live.log_ring);
        if (lost > 0)
            fprintf(stderr, "outbreath: %llu events were lost because a queue was full.\n", (unsigned long long)lost);
    }
    code = ob_keeper_end(s->keeper, code);
    s->keeper = NULL;
    return code;
}

static int stop(struct session *s, int code, bool started)
{
    if (started && s->render)
        print_picture(s);
    code = stop_loop(s, code, started);
    if (s->render)
        ob_input_finish(&s->input);
    ob_render_destroy(s->render);
    return code;
}

/* Xlib ends the program by exit() when its server goes away. What was recorded is then brought home from here. */
static struct session *shown;

static void display_lost(void)
{
    if (!shown)
        return;
    struct session *s = shown;
    shown = NULL;
    const bool whole = stop_loop(s, OB_EXIT_DEVICE, true) == OB_EXIT_DEVICE && s->options.record;
    ob_say(OB_EXIT_DEVICE, whole ? "the display went away, so the session ended; the recording is complete up to here"
                                 : "the display went away, so the session ended");
    fflush(NULL);
    _exit(OB_EXIT_DEVICE);
}

/* How many different hearts the command line names. A sensor that it names is the one that is preferred. */
static int hearts_named(struct session_options *o)
{
    const bool serial = o->settings.values[OB_SET_SENSOR_SERIAL_PORT].layer == OB_LAYER_COMMAND_LINE;
    const bool bluetooth = o->settings.values[OB_SET_SENSOR_BLUETOOTH].layer == OB_LAYER_COMMAND_LINE;
    if (serial || bluetooth)
        ob_settings_take(&o->settings, OB_SET_SENSOR_PREFER, serial ? "serial" : "bluetooth", OB_LAYER_COMMAND_LINE, 0);
    return serial + bluetooth + !!o->replay + (o->demo || o->person);
}

int ob_cmd_session(int argc, char **argv)
{
    struct session *s = calloc(1, sizeof *s);
    if (!s)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    struct session_options *o = &s->options;
    ob_settings_init(&o->settings);
    const char *words[1];
    int code = OB_EXIT_DONE;
    bool started = false;
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, o, words, 1))
        code = OB_EXIT_USAGE;
    else if (o->help)
        show_help();
    else if (o->version)
        printf("outbreath %s\n", OB_VERSION);
    else if (o->person && strcmp(o->person, "help") == 0)
        ob_source_print_person_help();
    else if (hearts_named(o) > 1)
        code = ob_say(OB_EXIT_USAGE, "--serial, --bluetooth, --replay and --demo are different hearts: choose one");
    else if (!ob_settings_load(o->config, &o->settings, &s->loaded))
        code = OB_EXIT_INPUT;
    else {
        ob_interrupt_install();
        s->overlay.hud = ob_settings_is(&s->loaded.settings, OB_SET_DISPLAY_NUMBERS);
        s->overlay.reduced_motion = ob_settings_is(&s->loaded.settings, OB_SET_DISPLAY_REDUCED_MOTION);
        ob_sensor_panel_init(&s->sensors, ob_settings_text(&s->loaded.settings, OB_SET_DISPLAY_THEME),
                             s->overlay.reduced_motion);
        code = ob_protocol_of(&s->loaded.settings, &s->protocol);
        if (code == OB_EXIT_DONE)
            code = open_heart(s);
        if (code == OB_EXIT_DONE)
            code = begin_keeping(s);
        if (code == OB_EXIT_DONE)
            code = open_picture(s);
        if (code == OB_EXIT_DONE) {
            ob_input_init(&s->input);
            started = true;
            code = start(s);
        }
        if (code == OB_EXIT_DONE && atexit(display_lost) == 0) {
            shown = s;
            show(s);
            shown = NULL;
        }
        code = stop(s, code, started);
    }
    free(s);
    return code;
}
