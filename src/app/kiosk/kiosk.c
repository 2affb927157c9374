/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/kiosk/kiosk.h"

#include "app/commands/protocol_files.h"
#include "app/commands/protocol_length.h"
#include "app/options.h"
#include "app/say.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"
#include "ui/kiosk_screens.h"

#include <SDL2/SDL.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BEAT_NS     (400 * OB_NS_PER_MS)
#define CHORD_NS    OB_NS_PER_S
#define TAPS_NS     (3 * OB_NS_PER_S)
#define CORNER_01   0.12
#define CLOSED_NS   (100 * OB_NS_PER_MS) /* a turn of the loop while the studio is closed */
#define FAREWELL_NS (2 * OB_NS_PER_S)    /* after the last breath its picture has faded */

/* ---- what the settings say ---- */

int ob_kiosk_languages(const char *text, char out[OB_KIOSK_LANGUAGES][8])
{
    int count = 0;
    while (*text) {
        text += strspn(text, ", ");
        const size_t length = strcspn(text, ", ");
        if (length == 0)
            break;
        const bool known = (length == 2 && (strncmp(text, "en", 2) == 0 || strncmp(text, "de", 2) == 0));
        if (count == OB_KIOSK_LANGUAGES || !known)
            return 0;
        snprintf(out[count++], 8, "%.*s", (int)length, text);
        text += length;
    }
    return count;
}

bool ob_kiosk_init(struct ob_kiosk *k, struct ob_settings *set, bool window)
{
    static const struct {
        enum ob_setting setting;
        const char *value;
    } fixed[] = {{OB_SET_SESSION_PROTOCOL, "kiosk"},
                 {OB_SET_SESSION_KEEP, "false"},
                 {OB_SET_CONSOLE_PORT, "off"},
                 {OB_SET_DISPLAY_NUMBERS, "false"},
                 {OB_SET_DISPLAY_FULLSCREEN, "true"}};
    /* A protocol of a file gives way to these on the command line, so they go back to what they are by themselves. */
    static const enum ob_setting usual[] = {OB_SET_SESSION_MEASURED, OB_SET_SESSION_ADAPTIVE, OB_SET_PACER_RATE};
    memset(k, 0, sizeof *k);
    k->fd = -1;
    k->lit = true;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (!window || fixed[i].setting != OB_SET_DISPLAY_FULLSCREEN)
            ob_settings_take(set, fixed[i].setting, fixed[i].value, OB_LAYER_COMMAND_LINE, 0);
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        ob_settings_take(set, usual[i], ob_setting_about(usual[i])->standard, OB_LAYER_DEFAULT, 0);
    bool fine = true;
    ob_hours_read(ob_settings_text(set, OB_SET_KIOSK_HOURS), &k->hours);
    const char *languages = ob_settings_text(set, OB_SET_KIOSK_LANGUAGES);
    if (strcmp(languages, "auto") != 0)
        k->language_count = ob_kiosk_languages(languages, k->languages);
    if (k->language_count == 0) {
        if (strcmp(languages, "auto") != 0) {
            ob_say(0, "kiosk.languages is auto, or some of en and de with commas; the display's language is taken");
            fine = false;
        }
        k->language_count = 1;
        snprintf(k->languages[0], sizeof k->languages[0], "%.7s", ob_settings_text(set, OB_SET_DISPLAY_LANGUAGE));
    }
    return fine;
}

void ob_kiosk_listen(struct ob_kiosk *k, struct ob_shell *s)
{
    struct ob_kiosk_message m;
    bool gone;
    if (!ob_kiosk_receive(k->fd, &m, &gone) || m.kind != OB_KIOSK_BRIEF)
        return;
    k->wrong = m.wrong;
    k->locked_until_ns = ob_clock_monotonic_ns() + ob_ns_from_s(m.locked_s);
    if (m.without & 1u << OB_KIOSK_AUDIO)
        ob_settings_take(&s->loaded.settings, OB_SET_SOUND_MUTE, "true", OB_LAYER_COMMAND_LINE, 0);
    if (m.without & 1u << OB_KIOSK_SENSOR) {
        ob_settings_take(&s->loaded.settings, OB_SET_SENSOR_PREFER, "none", OB_LAYER_COMMAND_LINE, 0);
        s->options.replay = NULL;
    }
    if (m.maximum_01 > 0.0) {
        char number[24];
        snprintf(number, sizeof number, "%.3f", m.maximum_01);
        ob_settings_take(&s->loaded.settings, OB_SET_SOUND_MAXIMUM, number, OB_LAYER_COMMAND_LINE, 0);
    }
}

/* ---- heartbeats ---- */

static void count(struct ob_shell *s, struct ob_kiosk_message *m)
{
    struct ob_kiosk *k = s->kiosk;
    struct ob_render_info info;
    struct ob_audio_status audio = {0};
    struct ob_sensor_status sensor;
    ob_render_info(s->render, &info);
    if (!k->lit || info.frames != k->had_shown)
        k->counters[OB_KIOSK_RENDER]++;
    k->had_shown = info.frames;
    ob_sound_status(&s->sound, &audio);
    const uint64_t sound = audio.state == OB_AUDIO_RUNNING ? audio.frames : audio.looks;
    if (!s->sound.audio || sound != k->had_sound)
        k->counters[OB_KIOSK_AUDIO]++;
    k->had_sound = sound;
    const uint64_t turns = ob_hub_turns(s->hub);
    if (turns != k->had_turns)
        k->counters[OB_KIOSK_SENSOR]++;
    k->had_turns = turns;
    const uint64_t ticks = s->sitting.runs ? ob_live_snapshot(&s->sitting.live)->ticks : 0;
    if (!s->sitting.runs || ticks != k->had_ticks)
        k->counters[OB_KIOSK_WRITER]++;
    k->had_ticks = ticks;
    memcpy(m->counters, k->counters, sizeof m->counters);
    m->sound = audio.state;
    m->sensor = ob_shell_heart_status(s, &sensor) ? (uint32_t)sensor.state : UINT32_MAX;
}

static uint32_t where(const struct ob_shell *s)
{
    static const struct {
        const struct ob_place *place;
        enum ob_kiosk_where where;
    } places[] = {{&ob_place_kiosk_attract, OB_KIOSK_ATTRACT}, {&ob_place_kiosk_ask, OB_KIOSK_ASK},
                  {&ob_place_kiosk_settle, OB_KIOSK_SETTLE},   {&ob_place_kiosk_end, OB_KIOSK_END},
                  {&ob_place_kiosk_pin, OB_KIOSK_STAFF},       {&ob_place_kiosk_staff, OB_KIOSK_STAFF}};
    if (!s->kiosk->lit)
        return OB_KIOSK_ASLEEP;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (s->place == places[i].place)
            return places[i].where;
    return OB_KIOSK_SESSION;
}

void ob_kiosk_say(struct ob_shell *s, uint32_t kind, double maximum_01)
{
    const struct ob_kiosk_message m = {.kind = kind, .where = where(s), .maximum_01 = maximum_01};
    if (s->kiosk->fd >= 0 && !ob_kiosk_send(s->kiosk->fd, &m))
        s->leave = true;
}

static void beat(struct ob_shell *s, int64_t now_ns)
{
    struct ob_kiosk *k = s->kiosk;
    if (k->fd < 0 || now_ns - k->sent_ns < BEAT_NS)
        return;
    k->sent_ns = now_ns;
    struct ob_kiosk_message m = {.kind = OB_KIOSK_HEARTBEAT, .where = where(s)}, from;
    bool gone;
    count(s, &m);
    if (k->counters[OB_KIOSK_RENDER] == 0)
        return; /* the first frame may take long, where shaders are built: that is still the beginning */
    if (k->beat)
        k->beat(&m, k->user);
    ob_kiosk_receive(k->fd, &from, &gone);
    if (gone || !ob_kiosk_send(k->fd, &m))
        s->leave = true; /* nobody would bring back a kiosk that hangs */
}

/* ---- a visit ---- */

void ob_kiosk_wipe(struct ob_shell *s)
{
    s->leave = true;
}

void ob_kiosk_begin(struct ob_shell *s, bool with_sensor)
{
    struct ob_kiosk *k = s->kiosk;
    char clause[200];
    k->with_sensor = with_sensor;
    const double minutes = ob_settings_number(&s->loaded.settings, OB_SET_KIOSK_MINUTES);
    if (!ob_protocol_make_minutes(&s->protocol, minutes, clause, sizeof clause))
        ob_say(0, clause); /* then it is as long as it was written */
    if (k->seconds > 0.0 && s->protocol.phase_count > 0)
        s->protocol.phases[0].seconds = k->seconds;
    ob_shell_begin(s);
}

bool ob_kiosk_pin_fits(struct ob_shell *s, const char *pin)
{
    struct ob_kiosk *k = s->kiosk;
    const char *hash = ob_settings_text(&s->loaded.settings, OB_SET_KIOSK_PIN);
    if (ob_clock_monotonic_ns() < k->locked_until_ns || sodium_init() < 0)
        return false;
    /* Counted before it is looked at: pulling the plug in between does not win another try. */
    ob_kiosk_say(s, OB_KIOSK_PIN_TRIED, 0.0);
    k->wrong++;
    const bool fits = hash[0] && crypto_pwhash_str_verify(hash, pin, strlen(pin)) == 0;
    k->locked_until_ns = fits ? 0 : ob_clock_monotonic_ns() + ob_ns_from_s(ob_kiosk_lock_s(k->wrong));
    if (fits) {
        k->wrong = 0;
        ob_kiosk_say(s, OB_KIOSK_PIN_RIGHT, 0.0);
    }
    return fits;
}

static void watch_session(struct ob_shell *s, int64_t now_ns)
{
    struct ob_kiosk *k = s->kiosk;
    if (s->goes || !s->sitting.runs || (s->place && !s->place->over_session))
        return;
    const struct ob_snapshot *shot = ob_live_snapshot(&s->sitting.live);
    if (shot->sensor == OB_SENSOR_LIVE) {
        k->with_sensor = true;
        k->touched_ns = now_ns; /* a heart is a person */
    }
    if (!k->with_sensor)
        k->touched_ns = now_ns; /* who only breathes along touches nothing; the session's own end is near */
    if (k->with_sensor && shot->beat_count > 0 && shot->silence_ns > ob_ns_from_s(OB_KIOSK_LET_GO_S)) {
        k->let_go = true;
        ob_shell_end(s);
    } else if (s->sitting.ended_ns && now_ns - s->sitting.ended_ns > FAREWELL_NS)
        ob_shell_end(s);
}

static void watch_idle(struct ob_shell *s, int64_t now_ns)
{
    struct ob_kiosk *k = s->kiosk;
    const double idle_s = k->idle_s > 0.0 ? k->idle_s : OB_KIOSK_IDLE_S;
    if (s->place == &ob_place_kiosk_attract || !k->touched_ns)
        k->touched_ns = now_ns;
    if (now_ns - k->touched_ns > ob_ns_from_s(idle_s))
        ob_kiosk_wipe(s);
}

/* Only nobody's picture sleeps: whoever sits there at closing time ends in peace. */
static bool rest(struct ob_shell *s, int64_t now_ns)
{
    struct ob_kiosk *k = s->kiosk;
    if (now_ns - k->closed_look_ns > OB_NS_PER_S || !k->closed_look_ns) {
        k->closed_look_ns = now_ns;
        const time_t now = (time_t)(ob_clock_wall_ns() / OB_NS_PER_S);
        struct tm local;
        const bool open = !localtime_r(&now, &local) || ob_hours_hold(&k->hours, local.tm_hour * 60 + local.tm_min);
        k->asleep = !open;
    }
    const bool dark = k->asleep && s->place == &ob_place_kiosk_attract;
    if (dark == k->lit) {
        k->lit = !dark;
        if (dark)
            ob_render_darken(s->render);
        else
            ob_render_lighten(s->render);
    }
    if (SDL_IsScreenSaverEnabled() == !dark) {
        if (dark)
            SDL_EnableScreenSaver();
        else
            SDL_DisableScreenSaver();
    }
    if (dark) {
        ob_render_dark_step(s->render);
        ob_clock_sleep_until_ns(now_ns + CLOSED_NS);
    }
    return dark;
}

bool ob_kiosk_step(struct ob_shell *s)
{
    struct ob_kiosk *k = s->kiosk;
    const int64_t now_ns = ob_clock_monotonic_ns();
    if (k->chord_ns && now_ns - k->chord_ns > CHORD_NS) {
        k->chord_ns = 0;
        if (ob_settings_text(&s->loaded.settings, OB_SET_KIOSK_PIN)[0])
            ob_shell_go(s, &ob_place_kiosk_pin);
    }
    if (k->touched)
        k->touched_ns = now_ns;
    k->touched = false;
    watch_session(s, now_ns);
    watch_idle(s, now_ns);
    beat(s, now_ns);
    if (k->look)
        k->look(s, k->user);
    return rest(s, now_ns);
}

/* ---- keys and touches ---- */

static bool is_chord(const SDL_KeyboardEvent *key)
{
    return key->keysym.sym == SDLK_F12 && (key->keysym.mod & KMOD_CTRL) && (key->keysym.mod & KMOD_SHIFT);
}

/* Five touches of the corner within three seconds. */
static bool is_knock(struct ob_kiosk *k, const struct ob_pointer *pointer, int64_t now_ns)
{
    if (!pointer->pressed)
        return false;
    if (pointer->x_01 > CORNER_01 || pointer->y_01 > CORNER_01) {
        memset(k->taps_ns, 0, sizeof k->taps_ns);
        return false;
    }
    memmove(k->taps_ns, k->taps_ns + 1, sizeof k->taps_ns - sizeof *k->taps_ns);
    k->taps_ns[4] = now_ns;
    const bool knock = k->taps_ns[0] && now_ns - k->taps_ns[0] < TAPS_NS;
    if (knock)
        memset(k->taps_ns, 0, sizeof k->taps_ns);
    return knock;
}

/* True: the event was the staff's. */
static bool take_chord(struct ob_shell *s, const SDL_Event *event, const struct ob_pointer *pointer)
{
    struct ob_kiosk *k = s->kiosk;
    const int64_t now_ns = ob_clock_monotonic_ns();
    if (event->type == SDL_KEYDOWN && is_chord(&event->key)) {
        if (!event->key.repeat)
            k->chord_ns = now_ns;
        return true;
    }
    if (event->type == SDL_KEYUP || (event->type == SDL_KEYDOWN && !event->key.repeat))
        k->chord_ns = 0;
    if (!is_knock(k, pointer, now_ns) || !ob_settings_text(&s->loaded.settings, OB_SET_KIOSK_PIN)[0])
        return false;
    if (s->place != &ob_place_kiosk_staff)
        ob_shell_go(s, &ob_place_kiosk_pin);
    return true;
}

/* A digit, Backspace or Return of a keyboard on the staff's pad. */
static bool take_digit(struct ob_shell *s, const SDL_Event *event)
{
    if (s->place != &ob_place_kiosk_pin || event->type != SDL_KEYDOWN || event->key.repeat)
        return false;
    static const SDL_Keycode pad[] = {SDLK_KP_0, SDLK_KP_1, SDLK_KP_2, SDLK_KP_3, SDLK_KP_4,
                                      SDLK_KP_5, SDLK_KP_6, SDLK_KP_7, SDLK_KP_8, SDLK_KP_9};
    const SDL_Keycode key = event->key.keysym.sym;
    unsigned choice = OB_UI_KIOSK_NOTHING;
    for (unsigned i = 0; i < sizeof pad / sizeof *pad; i++)
        if (key == pad[i] || key == (SDL_Keycode)('0' + i))
            choice = OB_UI_KIOSK_DIGIT + i;
    if (key == SDLK_BACKSPACE)
        choice = OB_UI_KIOSK_DELETE;
    else if (key == SDLK_RETURN || key == SDLK_KP_ENTER)
        choice = s->kiosk->typed ? OB_UI_KIOSK_BEGIN : OB_UI_KIOSK_NOTHING;
    if (choice == OB_UI_KIOSK_NOTHING)
        return false;
    s->kiosk->typed = choice >= OB_UI_KIOSK_DIGIT || (s->kiosk->typed && choice == OB_UI_KIOSK_DELETE);
    s->place->screen.choose(s->state, ob_ui_kiosk_key(choice));
    ob_ui_host_stir(&s->host);
    return true;
}

static void take_choice(struct ob_shell *s, enum ob_ui_input input, const struct ob_pointer *pointer)
{
    if (!s->place) { /* in a session any of them asks what can be done */
        if (!s->sitting.ended_ns && (input == OB_UI_CHOOSE || pointer->pressed))
            ob_shell_go(s, &ob_place_kiosk_during);
        return;
    }
    if (input != OB_UI_NOTHING)
        ob_ui_host_input(&s->host, input);
    else if (pointer->moved)
        ob_ui_host_pointer(&s->host, pointer->x_01, pointer->y_01, pointer->pressed);
    if (s->place == &ob_place_kiosk_attract && !s->goes && (input == OB_UI_CHOOSE || pointer->pressed) &&
        s->kiosk->language_count == 1)
        ob_shell_go(s, &ob_place_kiosk_ask); /* wherever it was touched */
}

void ob_kiosk_take(struct ob_shell *s)
{
    SDL_Event event;
    while (!s->goes && SDL_PollEvent(&event)) { /* SDL_QUIT as well leads nowhere */
        struct ob_pointer pointer;
        if (ob_two_screens_event(s, &event))
            continue;
        const enum ob_ui_input input = ob_input_take(&s->input, &event, &pointer);
        if (take_chord(s, &event, &pointer))
            continue;
        if (s->kiosk->asleep && s->place == &ob_place_kiosk_attract)
            continue;
        if (event.type == SDL_KEYDOWN || event.type == SDL_CONTROLLERBUTTONDOWN || pointer.pressed)
            s->kiosk->touched = true;
        if (take_digit(s, &event))
            continue;
        if (event.type == SDL_FINGERMOTION && s->place)
            ob_ui_host_scroll(&s->host, -(double)event.tfinger.dy);
        else if (event.type == SDL_MOUSEWHEEL && s->place)
            ob_ui_host_scroll(&s->host, -0.12 * (double)event.wheel.y);
        else if (input != OB_UI_BACK)
            take_choice(s, input, &pointer);
    }
}
