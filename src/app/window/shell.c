/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/shell.h"

#include "app/commands/protocol_files.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/places/between.h"
#include "app/say.h"
#include "app/window/desk_serve.h"
#include "app/window/keys.h"
#include "app/window/scene_folder.h"
#include "app/window/surroundings.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/paths.h"
#include "os/tr.h"
#include "sensor/last_good.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEAR_NS   (15 * OB_NS_PER_S)
#define CALM_BRPM 6.0 /* the breath of the scene behind home */

/* What a file says can't be done: told, and the session goes on without it. */
static void fall_back(struct ob_shell *s, const char *problem, const char *instead)
{
    char line[640];
    snprintf(line, sizeof line, "%s; %s", problem, instead);
    ob_say(0, line);
    s->loaded.mistakes++;
}

/* ---- heart ---- */

/* The sensor that the settings prefer, unless the command line names another heart. */
static bool prefers(const struct ob_shell *s, const char *which)
{
    const struct ob_shell_options *o = &s->options;
    return !o->replay && !o->person && !o->demo &&
           strcmp(ob_settings_text(&s->loaded.settings, OB_SET_SENSOR_PREFER), which) == 0;
}

int ob_shell_open_heart(struct ob_shell *s)
{
    const struct ob_shell_options *o = &s->options;
    const struct ob_settings *set = &s->loaded.settings;
    char problem[512] = "";
    char strap[OB_LAST_GOOD_SIZE];
    if (ob_wires_init(&s->wires))
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    s->has_wires = true;
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
        .hear = ob_wires_hear,
        .hear_user = &s->wires,
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

/* The hub runs without a sensor as well: one may be chosen at any time. */
static int start_sensors(struct ob_shell *s)
{
    char problem[256];
    const struct ob_hub_desc hub = {.ring = &s->wires.sensor_ring, .wake = &s->wires.wake};
    if (ob_hub_create(&hub, &s->hub))
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    if (s->source.sensor) {
        ob_hub_add(s->hub, s->source.sensor, s->options.breath ? OB_HUB_HEART : OB_HUB_ALL);
        s->source.sensor = NULL; /* the hub's from now on */
    }
    if (s->options.breath) {
        struct ob_sensor *breath;
        if (ob_source_by_id(s->options.breath, &breath, problem, sizeof problem))
            return ob_say(OB_EXIT_USAGE, problem);
        ob_hub_add(s->hub, breath, OB_HUB_BREATH);
    }
    return ob_hub_start(s->hub) ? ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY)) : OB_EXIT_DONE;
}

/* ---- picture ---- */

static int open_picture(struct ob_shell *s, const char *scene)
{
    const struct ob_settings *set = &s->loaded.settings;
    char shaders[PATH_MAX + 16] = "", own[PATH_MAX], problem[512] = "";
    const bool found = ob_paths_resources(shaders, PATH_MAX) == OB_OK;
    if (found)
        strcat(shaders, "/shaders");
    struct ob_render_desc desc = {.width = (int)ob_settings_number(set, OB_SET_DISPLAY_WIDTH),
                                  .height = (int)ob_settings_number(set, OB_SET_DISPLAY_HEIGHT),
                                  .fullscreen = ob_settings_is(set, OB_SET_DISPLAY_FULLSCREEN),
                                  .offscreen = s->options.offscreen,
                                  .shader_dir = found ? shaders : NULL,
                                  .own_scenes = ob_scene_folder(s->options.data, own, sizeof own),
                                  .scene = scene,
                                  .trial_program = s->options.scene_trial,
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

static void print_picture(const struct ob_shell *s)
{
    struct ob_render_info info;
    ob_render_info(s->render, &info);
    const double shown_s = ob_s_from_ns(s->shown_last_ns - s->shown_first_ns) - ob_away_dark_s(&s->away);
    if (info.frames > 1 && shown_s > 0.0)
        printf("picture: %.1f frames a second, %dx%d, %s, %s, scene drawn at %.2f of its size\n",
               (double)(info.frames - 1) / shown_s, info.width, info.height, info.driver, info.gl, info.scale);
}

int ob_shell_open(struct ob_shell *s, const char *scene)
{
    const struct ob_settings *set = &s->loaded.settings;
    s->overlay.hud = ob_settings_is(set, OB_SET_DISPLAY_NUMBERS);
    s->overlay.reduced_motion = ob_settings_is(set, OB_SET_DISPLAY_REDUCED_MOTION);
    ob_sensor_panel_init(&s->sensors, ob_settings_text(set, OB_SET_DISPLAY_THEME), s->overlay.reduced_motion);
    s->overlay.overscan_01 = s->host.overscan_01 = s->sensors.screen.overscan_01 =
        ob_settings_number(set, OB_SET_DISPLAY_OVERSCAN) / 100.0;
    int code = ob_desk_open(&s->desk, set);
    s->wires.console = s->desk.console;
    if (code == OB_EXIT_DONE && !s->options.plain)
        code = open_picture(s, scene);
    if (code != OB_EXIT_DONE)
        return code;
    ob_away_init(&s->away, set);
    s->has_input = !s->options.plain;
    if (s->has_input)
        ob_input_init(&s->input);
    if (s->render)
        ob_two_screens_begin(s);
    code = start_sensors(s);
    if (code != OB_EXIT_DONE)
        return code;
    const struct ob_sound_desc sound = {
        .wires = &s->wires,
        .mute = ob_settings_is(set, OB_SET_SOUND_MUTE),
        .device = ob_settings_text(set, OB_SET_SOUND_DEVICE),
        .frames_per_buffer = (uint32_t)ob_settings_number(set, OB_SET_SOUND_BUFFER),
        .volume_01 = ob_settings_number(set, OB_SET_SOUND_VOLUME),
        .maximum_01 = ob_settings_number(set, OB_SET_SOUND_MAXIMUM),
        .late_ms = ob_settings_number(set, OB_SET_SOUND_LATE),
        .data = s->options.data,
        .seed = s->source.seed,
        .probe = s->options.latency_probe,
    };
    if (ob_sound_init(&s->sound, &sound))
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    s->has_sound = true;
    ob_speaker_init(&s->speaker, &s->sound, set, s->options.data, s->options.who);
    if (s->options.latency_probe) /* clicks are to be found, not words */
        ob_speaker_turn(&s->speaker, false);
    char problem[320];
    if (!ob_sound_choose(&s->sound, ob_settings_text(set, OB_SET_SOUND_SOUNDSCAPE), problem, sizeof problem)) {
        if (set->values[OB_SET_SOUND_SOUNDSCAPE].layer == OB_LAYER_COMMAND_LINE)
            return ob_say(OB_EXIT_INPUT, problem);
        fall_back(s, problem, "the usual one is played");
    }
    return OB_EXIT_DONE;
}

/* ---- a session ---- */

/* What a device has to say; "" when all is well. */
static void trouble(struct ob_shell *s, char *text_out, size_t size)
{
    struct ob_audio_status audio;
    ob_sitting_trouble(&s->sitting, text_out, size);
    ob_sound_status(&s->sound, &audio);
    if (!text_out[0] && s->sound.audio && audio.state != OB_AUDIO_RUNNING && audio.sentence[0])
        snprintf(text_out, size, "%s", audio.sentence);
    if (!text_out[0])
        snprintf(text_out, size, "%s",
                 ob_tr(ob_away_trouble(&s->away, s->place && !s->place->over_session ? NULL : &s->sitting)));
    if (!text_out[0])
        ob_speaker_trouble(&s->speaker, text_out, size);
    if (!text_out[0])
        ob_two_screens_trouble(s, text_out, size);
    if (!text_out[0] && s->loaded.mistakes > 0)
        snprintf(text_out, size, "%s",
                 ob_tr("Some settings were not understood; 'outbreath config check' says which."));
}

bool ob_shell_heart_status(const struct ob_shell *s, struct ob_sensor_status *status_out)
{
    for (int i = 0; s->hub && i < OB_HUB_SOURCES_MAX; i++)
        if ((ob_hub_taken(s->hub, (uint32_t)i + 1) & OB_HUB_HEART) && ob_hub_status(s->hub, i, status_out))
            return true;
    return false;
}

void ob_shell_sensor_sentence(const struct ob_shell *s, char *out, size_t size)
{
    struct ob_sensor_status sensor;
    if (ob_shell_heart_status(s, &sensor))
        snprintf(out, size, "%s", sensor.sentence);
    else
        snprintf(out, size, "%s", ob_tr("No sensor is chosen. Light and sound guide you without one."));
}

void ob_shell_tend(struct ob_shell *s, int64_t now_ns)
{
    char text[160];
    struct ob_sensor_status sensor;
    trouble(s, text, sizeof text);
    if (s->sitting.ended_ns)
        text[0] = '\0';
    char about[160];
    if (ob_sound_step(&s->sound, about, sizeof about))
        ob_notice_say(&s->notice, now_ns, 8.0, "%s", about);
    /* Where the numbers are, what a device has to say stays; on a page it would lie over the page. */
    ob_notice_line(&s->notice, now_ns, text, s->overlay.hud && !s->place, s->overlay.notice, sizeof s->overlay.notice);
    if (s->kiosk) { /* devices are the staff's affair, and nothing is noted */
        s->overlay.notice[0] = '\0';
        return;
    }
    if (ob_shell_heart_status(s, &sensor)) {
        snprintf(s->overlay.sensor, sizeof s->overlay.sensor, "%s", sensor.sentence);
        s->strap_noted = s->strap_noted || ob_last_good_note(&sensor);
    }
}

int ob_shell_prepare(struct ob_shell *s)
{
    if (s->source.simulated && ob_desk_in_treatment(&s->protocol))
        return ob_say(OB_EXIT_USAGE,
                      "a treatment has no simulated heart: take a sensor, a recording with --replay, or none");
    if (s->source.simulated && s->kiosk && !s->kiosk->rehearsal)
        return ob_say(OB_EXIT_USAGE, "a kiosk has no simulated heart");
    const struct ob_shell_options *o = &s->options;
    const struct ob_settings *set = &s->loaded.settings;
    ob_speaker_meet(&s->speaker, o->who, s->nobody);
    const struct ob_sitting_desc desc = {
        .settings = set,
        .protocol = &s->protocol,
        .simulated = s->source.simulated,
        .seed = s->source.seed,
        /* Hearts that are nobody's here, simulated or recorded, are not kept. */
        .keep =
            !s->nobody && !s->kiosk && ob_settings_is(set, OB_SET_SESSION_KEEP) && !s->source.simulated && !o->replay,
        .data = o->data,
        .who = o->who,
        .passphrase_file = o->passphrase_file,
        .source = s->source.about,
        .record = o->record,
        .speaker = &s->speaker,
        .quiet = o->plain,
        .kept = o->plain || s->kiosk ? NULL : &s->kept,
    };
    ob_kept_session_finish(&s->kept); /* that of the last one */
    s->answer = -1;
    return ob_sitting_prepare(&s->sitting, &desc);
}

static bool has_heart(const struct ob_shell *s)
{
    for (uint32_t i = 1; i <= OB_HUB_SOURCES_MAX; i++)
        if (ob_hub_taken(s->hub, i) & OB_HUB_HEART)
            return true;
    return false;
}

int ob_shell_sit(struct ob_shell *s)
{
    if (s->sitting.protocol.dark && s->render)
        ob_notice_say(&s->notice, ob_clock_monotonic_ns(), OB_DARKNESS_AFTER_S, "%s",
                      ob_tr(ob_render_dark_sentence(s->render)));
    const bool asked = s->loaded.settings.values[OB_SET_SOUND_SOUNDSCAPE].layer == OB_LAYER_COMMAND_LINE;
    ob_sound_begin(&s->sound, asked ? NULL : s->protocol.soundscape);
    ob_wires_begin(&s->wires);
    const int code = ob_sitting_start(&s->sitting, &s->wires, &s->sound);
    if (code == OB_EXIT_DONE) {
        ob_desk_page_begin(s);
        ob_desk_sit(&s->desk, s->options.who, s->sitting.keeper != NULL);
    }
    if (code == OB_EXIT_DONE && has_heart(s))
        ob_sitting_sensor_changed(&s->sitting);
    return code;
}

void ob_shell_keep(struct ob_shell *s)
{
    ob_surroundings_note(s);
    ob_sitting_end(&s->sitting, s->answer, OB_EXIT_DONE);
}

bool ob_shell_choose(struct ob_shell *s, const char *protocol)
{
    struct ob_settings *with = malloc(sizeof *with);
    struct ob_protocol chosen;
    bool can = with != NULL;
    if (can) {
        *with = s->loaded.settings;
        ob_settings_take(with, OB_SET_SESSION_PROTOCOL, protocol, OB_LAYER_COMMAND_LINE, 0);
        can = ob_protocol_of(with, &chosen) == OB_EXIT_DONE;
    }
    free(with);
    if (can)
        s->protocol = chosen;
    else
        ob_shell_tell(s, ob_tr("That session can't be followed; 'outbreath protocols check' says why."));
    return can;
}

/* ---- places ---- */

void ob_shell_go(struct ob_shell *s, const struct ob_place *place)
{
    s->going = place;
    s->goes = true;
}

void ob_shell_begin(struct ob_shell *s)
{
    s->begins = true;
    ob_shell_go(s, NULL);
}

void ob_shell_end(struct ob_shell *s)
{
    if (!s->at_home && !s->desk.console) { /* at a console there is something to do afterwards */
        s->leave = true;
        return;
    }
    s->last = *ob_live_snapshot(&s->sitting.live);
    ob_sitting_stop(&s->sitting, OB_EXIT_DONE);
    ob_shell_go(s, s->kiosk ? &ob_place_kiosk_end : &ob_place_end);
}

void ob_shell_tell(struct ob_shell *s, const char *line)
{
    ob_notice_say(&s->notice, ob_clock_monotonic_ns(), 8.0, "%s", line);
}

void ob_shell_let_hear(struct ob_shell *s)
{
    s->heard_until_ns = ob_clock_monotonic_ns() + HEAR_NS;
}

void ob_shell_read_pages(struct ob_shell *s, bool on)
{
    ob_settings_take(&s->loaded.settings, OB_SET_DISPLAY_SPEAK, on ? "true" : "false", OB_LAYER_USER, 0);
    ob_reading_begin(&s->reading, &s->speaker, "", ob_clock_monotonic_ns());
    ob_ui_host_tell_again(&s->host);
    s->sensors.told = false;
}

void ob_shell_keep_reading(struct ob_shell *s, bool on)
{
    char problem[PATH_MAX + 640];
    ob_shell_read_pages(s, on);
    if (ob_settings_file_set(s->options.config, OB_SET_DISPLAY_SPEAK, on ? "true" : "false", problem, sizeof problem))
        ob_shell_tell(s, ob_tr("The settings can't be written; they hold until you leave."));
    else if (!on)
        ob_shell_tell(s, ob_tr("Pages are no longer read aloud."));
}

/* After a frame: what is new on the page in sight, where pages are read aloud. */
static void read_page(struct ob_shell *s, int64_t now_ns)
{
    char words[OB_UI_TOLD_BYTES];
    if (!ob_settings_is(&s->loaded.settings, OB_SET_DISPLAY_SPEAK) || !(s->sensors.open || s->place))
        return;
    const bool news = s->sensors.open ? ob_sensor_panel_words(&s->sensors, words, sizeof words)
                                      : ob_ui_host_words(&s->host, words, sizeof words);
    if (news)
        ob_reading_begin(&s->reading, &s->speaker, words, now_ns);
    ob_reading_step(&s->reading, &s->speaker, now_ns);
}

static const char *theme_of(const struct ob_shell *s)
{
    const char *chosen = ob_settings_text(&s->loaded.settings, OB_SET_DISPLAY_THEME);
    if (strcmp(chosen, "auto") != 0)
        return chosen;
    const struct ob_desktop_says says = ob_desktop_says(s->desktop);
    return says.contrast ? "contrast" : says.scheme == OB_DESKTOP_LIGHT ? "day" : "dusk";
}

void ob_shell_dress(struct ob_shell *s)
{
    s->host.theme = s->sensors.theme = ob_ui_theme(theme_of(s));
    ob_ui_host_stir(&s->host);
}

/* Light, dark, or a screen reader; whoever has chosen otherwise keeps that. */
static void follow_desktop(struct ob_shell *s)
{
    if (!ob_desktop_step(s->desktop))
        return;
    ob_shell_dress(s);
    const struct ob_settings *set = &s->loaded.settings;
    if (ob_desktop_says(s->desktop).screen_reader && set->values[OB_SET_DISPLAY_SPEAK].layer == OB_LAYER_DEFAULT)
        ob_shell_read_pages(s, true);
}

void ob_shell_next_client(struct ob_shell *s, const char *who)
{
    ob_surroundings_note(s);
    ob_sitting_end(&s->sitting, -1, OB_EXIT_DONE);
    explicit_bzero(s->client, sizeof s->client);
    if (who)
        snprintf(s->client, sizeof s->client, "%s", who);
    s->options.who = who ? s->client : NULL;
    s->options.passphrase_file = NULL; /* that of the one before */
    s->nobody = !who;
    ob_shell_begin(s);
}

void ob_shell_show_sensors(struct ob_shell *s)
{
    ob_sensor_panel_open(&s->sensors, s->hub);
}

static void leave_place(struct ob_shell *s)
{
    ob_ui_host_show(&s->host, NULL, NULL, 0);
    ob_reading_begin(&s->reading, &s->speaker, "", ob_clock_monotonic_ns());
    if (s->place && s->place->leave)
        s->place->leave(s->state);
    s->place = NULL;
    s->state = NULL;
}

static void enter_place(struct ob_shell *s, const struct ob_place *place)
{
    leave_place(s);
    s->state = place->enter ? place->enter(s) : NULL;
    if (place->enter && !s->state) {
        s->leave = true; /* no memory for a screen */
        return;
    }
    s->place = place;
    ob_ui_host_show(&s->host, &place->screen, s->state, place->first ? place->first(s->state) : 0);
}

static int begin_session(struct ob_shell *s)
{
    int code = ob_shell_prepare(s);
    if (code == OB_EXIT_DONE)
        code = ob_shell_sit(s);
    if (code != OB_EXIT_DONE)
        ob_sitting_end(&s->sitting, -1, code);
    return code;
}

/* Where somebody chose to go with the frame before. */
static void arrive(struct ob_shell *s)
{
    if (!s->goes)
        return;
    s->goes = false;
    if (!s->begins) {
        if (s->going)
            enter_place(s, s->going);
        else
            leave_place(s); /* back to the session */
        return;
    }
    s->begins = false;
    leave_place(s);
    int code = begin_session(s);
    if (code != OB_EXIT_DONE && s->options.who == s->client) {
        ob_shell_tell(s, ob_tr("Nobody of that name is kept here, so this session is not kept."));
        s->options.who = NULL;
        s->nobody = true;
        code = begin_session(s);
    }
    if (code == OB_EXIT_DONE)
        return;
    if (s->kiosk) { /* the next child may do better */
        s->leave = true;
        return;
    }
    ob_shell_tell(s, ob_tr("The session can't begin; the terminal says why."));
    enter_place(s, &ob_place_home);
}

static void paint_place(void *user, cairo_t *cairo, struct ob_words *words, int width, int height)
{
    struct ob_shell *s = user;
    ob_ui_host_paint(&s->host, cairo, words, width, height);
}

/* What is drawn over the scene of a place, and the calm breath that the scene follows. */
static const struct ob_snapshot *look_at_place(struct ob_shell *s, int64_t now_ns)
{
    const struct ob_snapshot *snapshot = &s->calm;
    if (s->place->over_session)
        snapshot = ob_sitting_look(&s->sitting, &s->overlay);
    else
        ob_wires_rest(&s->wires, now_ns < s->heard_until_ns ? &s->calm : NULL);
    if (s->place->step && s->place->step(s->state, now_ns))
        ob_ui_host_stir(&s->host);
    s->overlay.caption[0] = '\0';
    if (strcmp(s->host.line, s->overlay.notice) != 0) {
        snprintf(s->host.line, sizeof s->host.line, "%s", s->overlay.notice);
        ob_reading_add(&s->reading, s->host.line);
        ob_ui_host_stir(&s->host);
    }
    if (!s->sensors.open) {
        s->overlay.paint_screen = paint_place;
        s->overlay.paint_user = s;
        s->overlay.screen_key = s->host.turn * 2 + 1;
    }
    return snapshot;
}

static void begin_calm(struct ob_shell *s)
{
    s->calm.now_ns = s->calm.begin_ns = ob_clock_monotonic_ns();
    s->calm.params.presence_01 = 0.7f;
    s->calm.params.guidance_01 = 1.0f;
    s->calm.params.feedback_01 = 0.6f;
    s->calm.pacer.start_ns = s->calm.now_ns;
    s->calm.pacer.rate_brpm = CALM_BRPM;
    s->calm.pacer.shape.inhale_01 = s->calm.pacer.next.inhale_01 = 0.4;
}

/* The session that goes on, be it under a place; NULL: none. */
static struct ob_sitting *seated(struct ob_shell *s)
{
    return !s->place || s->place->over_session ? &s->sitting : NULL;
}

bool ob_shell_frame(struct ob_shell *s)
{
    arrive(s);
    if (s->leave)
        return false;
    ob_keys_take(s);
    follow_desktop(s);
    if (s->sensors.open || s->place) /* who reads a screen needs its light */
        ob_sitting_touch(&s->sitting, false);
    const bool waits = ob_two_screens_step(s, ob_clock_monotonic_ns());
    const bool dark = s->kiosk ? ob_kiosk_step(s) : ob_away_step(&s->away, seated(s), s->render);
    if (s->leave)
        return false;
    const bool unseen = dark || waits;
    const int64_t seen_ns = unseen ? 0 : ob_render_wait(s->render);
    const int64_t now_ns = ob_clock_monotonic_ns();
    ob_shell_tend(s, now_ns);
    ob_desk_serve(s, now_ns);
    ob_sensor_panel_step(&s->sensors, now_ns, &s->overlay);
    const struct ob_snapshot *snapshot =
        s->place ? look_at_place(s, now_ns) : ob_sitting_look(&s->sitting, &s->overlay);
    ob_away_feel(&s->away, seated(s), s->input.controller, now_ns);
    if (seated(s) && s->sitting.newest)
        ob_trail_look(&s->trail, s->sitting.newest);
    if (!unseen && ob_render_frame(s->render, snapshot, &s->overlay, seen_ns))
        return false;
    s->shown_last_ns = ob_clock_monotonic_ns();
    if (!unseen)
        read_page(s, now_ns);
    if (!s->shown_first_ns)
        s->shown_first_ns = s->logged_ns = s->shown_last_ns;
    const bool sits = seated(s) != NULL;
    if (sits && ob_sitting_shown(&s->sitting, snapshot, now_ns) && !s->goes)
        ob_shell_end(s);
    if (s->options.latency_log && sits && now_ns - s->logged_ns > 10 * OB_NS_PER_S) {
        ob_live_print_latency(&s->sitting.live, stdout, false);
        s->logged_ns = now_ns;
    }
    return true;
}

static void show(struct ob_shell *s)
{
    while (!s->leave && !ob_interrupted() && ob_shell_frame(s))
        ;
    leave_place(s);
}

/* ---- the end ---- */

/* All but the picture, which may be gone already. */
static int stop_loop(struct ob_shell *s, int code)
{
    struct ob_audio_status audio = {0};
    if (s->has_sound)
        ob_surroundings_note(s);
    if (s->has_sound)
        ob_sound_status(&s->sound, &audio);
    if (s->has_sound)
        ob_sound_finish(&s->sound);
    if (s->has_sound)
        ob_speaker_finish(&s->speaker);
    s->has_sound = false;
    ob_sensor_panel_close(&s->sensors);
    ob_hub_destroy(s->hub);
    s->hub = NULL;
    if (s->source.sensor)
        s->source.sensor->ops->close(s->source.sensor);
    s->source.sensor = NULL;
    ob_away_finish(&s->away);
    code = ob_sitting_end(&s->sitting, -1, code);
    ob_kept_session_finish(&s->kept);
    s->wires.console = NULL;
    ob_desk_close(&s->desk);
    if (audio.state == OB_AUDIO_RUNNING && !s->options.plain)
        printf("sound: %s, reported output latency %.1f ms, %llu underruns, %llu late calls\n", audio.device,
               audio.latency_s * 1e3, (unsigned long long)audio.underruns, (unsigned long long)audio.gaps);
    const uint64_t lost = s->has_wires ? ob_ring_refused(&s->wires.sensor_ring) : 0;
    if (lost > 0)
        fprintf(stderr, "outbreath: %llu events were lost because a queue was full.\n", (unsigned long long)lost);
    return code;
}

/* Xlib ends the program by exit() when its server goes away. What was recorded is then brought home from here. */
static struct ob_shell *shown;

static void display_lost(void)
{
    if (!shown)
        return;
    struct ob_shell *s = shown;
    shown = NULL;
    const bool whole = stop_loop(s, OB_EXIT_DEVICE) == OB_EXIT_DEVICE && s->options.record;
    ob_say(OB_EXIT_DEVICE, whole ? "the display went away, so the session ended; the recording is complete up to here"
                                 : "the display went away, so the session ended");
    fflush(NULL);
    _exit(OB_EXIT_DEVICE);
}

int ob_shell_arrive(struct ob_shell *s)
{
    s->host.tr = ob_tr;
    s->desktop = ob_desktop_create();
    ob_shell_dress(s);
    begin_calm(s);
    if (!s->at_home)
        return ob_shell_sit(s);
    if (!s->kiosk && !s->options.offscreen)
        ob_between_follow(&s->loaded, NULL); /* the file may have been changed by hand */
    ob_shell_go(s, s->kiosk ? &ob_place_kiosk_attract : ob_place_first_is_due() ? &ob_place_first : &ob_place_home);
    return OB_EXIT_DONE;
}

int ob_shell_run(struct ob_shell *s)
{
    const int code = ob_shell_arrive(s);
    if (code != OB_EXIT_DONE)
        return code;
    if (atexit(display_lost) == 0) {
        shown = s;
        show(s);
        shown = NULL;
    }
    return OB_EXIT_DONE;
}

int ob_shell_close(struct ob_shell *s, int code)
{
    leave_place(s);
    if (s->render)
        print_picture(s);
    ob_away_print(&s->away);
    ob_haptics_stop(&s->away.haptics, s->input.controller);
    code = stop_loop(s, code);
    ob_desktop_destroy(s->desktop);
    s->desktop = NULL;
    if (s->has_input)
        ob_input_finish(&s->input);
    s->has_input = false;
    ob_two_screens_end(s);
    ob_render_destroy(s->render);
    s->render = NULL;
    if (s->has_wires)
        ob_wires_finish(&s->wires);
    s->has_wires = false;
    return code;
}
