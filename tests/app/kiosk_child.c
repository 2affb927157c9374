/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kiosk_child.h"
#include "kiosk_look.h"

#include "app/commands/protocol_files.h"
#include "app/interrupt.h"
#include "app/kiosk/kiosk.h"
#include "app/kiosk/supervisor.h"
#include "app/options.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"
#include "store/key.h"
#include "ui/kiosk_screens.h"

#include <SDL2/SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FRAME_NS (30 * OB_NS_PER_MS)

struct play {
    bool stranger, heart, still;
    bool calm; /* reads, and breathes to the end */
    uint64_t random;
    int64_t until_ns; /* then the stranger walks away */
    int64_t next_ns;  /* does something again */
    uint64_t said[OB_KIOSK_COUNTERS];
    const struct ob_place *seen;
    int sessions;
    char *marker;
};

static uint32_t draw(struct play *p, uint32_t below)
{
    p->random ^= p->random << 13;
    p->random ^= p->random >> 7;
    p->random ^= p->random << 17;
    return (uint32_t)(p->random >> 33) % below;
}

static void press(double x_01, double y_01, bool finger, const struct ob_shell *s)
{
    SDL_Event event = {.type = finger ? SDL_FINGERDOWN : SDL_MOUSEBUTTONDOWN};
    if (finger) {
        event.tfinger.x = (float)x_01;
        event.tfinger.y = (float)y_01;
    } else {
        event.button.button = SDL_BUTTON_LEFT;
        event.button.windowID = SDL_GetWindowID(SDL_GL_GetCurrentWindow());
        event.button.x = (Sint32)(x_01 * s->host.width);
        event.button.y = (Sint32)(y_01 * s->host.height);
    }
    SDL_PushEvent(&event);
}

static void type(SDL_Keycode key, Uint16 mod)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = key;
    event.key.keysym.mod = mod;
    SDL_PushEvent(&event);
    event.type = SDL_KEYUP;
    SDL_PushEvent(&event);
}

/* Any key there is, with anything held beside it. */
static void type_anything(struct play *p)
{
    static const SDL_Keycode often[] = {SDLK_ESCAPE, SDLK_s,    SDLK_f,    SDLK_q,          SDLK_F4,  SDLK_TAB,
                                        SDLK_RETURN, SDLK_F11,  SDLK_h,    SDLK_c,          SDLK_F12, SDLK_AC_BACK,
                                        SDLK_DELETE, SDLK_LGUI, SDLK_MENU, SDLK_PRINTSCREEN};
    const uint32_t which = draw(p, 3);
    int key = often[draw(p, sizeof often / sizeof *often)];
    if (which == 1)
        key = ' ' + (int)draw(p, 95);
    else if (which == 2)
        key = (4 + (int)draw(p, 280)) | SDLK_SCANCODE_MASK;
    static const Uint16 held[] = {KMOD_NONE, KMOD_LALT, KMOD_LCTRL | KMOD_LALT, KMOD_LCTRL | KMOD_LSHIFT, KMOD_LGUI};
    type(key, held[draw(p, sizeof held / sizeof *held)]);
}

/* What else SDL has to tell: buttons, gestures, controllers, windows that are to close, files that are dropped. */
static void push_anything(struct play *p)
{
    SDL_Event event = {0};
    switch (draw(p, 12)) {
    case 0:
        event.type = SDL_MOUSEBUTTONDOWN;
        event.button.button = (Uint8)(1 + draw(p, 5));
        event.button.clicks = 2;
        break;
    case 1:
        event.type = SDL_MOUSEWHEEL;
        event.wheel.y = (Sint32)draw(p, 9) - 4;
        break;
    case 2:
        event.type = SDL_CONTROLLERBUTTONDOWN;
        event.cbutton.button = (Uint8)draw(p, SDL_CONTROLLER_BUTTON_MAX);
        break;
    case 3:
        event.type = SDL_CONTROLLERAXISMOTION;
        event.caxis.axis = (Uint8)draw(p, SDL_CONTROLLER_AXIS_MAX);
        event.caxis.value = (Sint16)draw(p, 65536);
        break;
    case 4:
        event.type = SDL_WINDOWEVENT;
        event.window.event = (Uint8)draw(p, SDL_WINDOWEVENT_HIT_TEST + 1);
        break;
    case 5:
        event.type = SDL_MULTIGESTURE;
        event.mgesture.numFingers = 3;
        event.mgesture.dTheta = 1.0f;
        break;
    case 6:
        event.type = SDL_FINGERMOTION;
        event.tfinger.dy = (float)draw(p, 100) / 50.0f - 1.0f;
        break;
    case 7:
        event.type = SDL_TEXTINPUT;
        snprintf(event.text.text, sizeof event.text.text, "q");
        break;
    case 8:
        event.type = SDL_DROPFILE;
        break;
    case 9:
        event.type = SDL_APP_TERMINATING + draw(p, 6);
        break;
    case 10:
        event.type = SDL_JOYBUTTONDOWN;
        event.jbutton.button = (Uint8)draw(p, 16);
        break;
    default:
        event.type = SDL_QUIT;
        break;
    }
    SDL_PushEvent(&event);
}

/* Mostly what leads on, and mostly patience with the sensor; else anything there is. */
static void touch_page(struct ob_shell *s, struct play *p)
{
    if (s->host.focus.count <= 0 || (s->place == &ob_place_kiosk_settle && (p->calm || draw(p, 4) != 0)))
        return;
    uint32_t at = draw(p, (uint32_t)s->host.focus.count);
    for (int i = 0; i < s->host.focus.count && (p->calm || draw(p, 4) != 0); i++)
        if (s->host.focus.item[i].key == ob_ui_kiosk_key(OB_UI_KIOSK_BEGIN))
            at = (uint32_t)i;
    const struct ob_ui_box *box = &s->host.focus.item[at].box;
    press((box->x + 0.5 * box->width) / s->host.width, (box->y + 0.5 * box->height) / s->host.height, true, s);
}

/* Whatever a hand can do, a few times a second; and now and then what leads on, or nobody would come far. */
static void strange(struct ob_shell *s, struct play *p)
{
    const int64_t now_ns = ob_clock_monotonic_ns();
    if (s->place == &ob_place_kiosk_attract || !p->until_ns) /* who has come is patient enough to be noticed */
        p->until_ns = now_ns + (2 + (int64_t)draw(p, 5)) * OB_NS_PER_S;
    if (now_ns > p->until_ns || now_ns < p->next_ns)
        return;
    p->next_ns = now_ns + (int64_t)(50 + draw(p, 400)) * OB_NS_PER_MS;
    if (p->calm) {
        if (s->place)
            touch_page(s, p);
        return;
    }
    const uint32_t what = draw(p, 100);
    if (what < 20)
        type_anything(p);
    else if (what < 35)
        push_anything(p);
    else if (what < 45)
        press(draw(p, 1000) / 1000.0, draw(p, 1000) / 1000.0, draw(p, 2), s);
    else if (what < 47)
        for (int i = 0; i < 5; i++)
            press(0.03, 0.03, true, s); /* the staff's corner, by chance */
    else
        touch_page(s, p);
    if (!s->place && s->sitting.runs && draw(p, 30) == 0 && s->hub)
        for (uint32_t i = 1; i <= OB_HUB_SOURCES_MAX; i++)
            ob_hub_remove(s->hub, i); /* lets go of the sensor, or somebody pulls its plug */
}

static void look(struct ob_shell *s, void *user)
{
    struct play *p = user;
    if (!s->place && s->sitting.runs && !p->sessions++)
        fprintf(stderr, "rehearsal: a session begins\n");
    if (s->place == &ob_place_kiosk_end && p->seen != s->place)
        fprintf(stderr, s->kiosk->let_go ? "rehearsal: let go\n" : "rehearsal: the end\n");
    p->seen = s->place;
    if (s->place == &ob_place_kiosk_staff || s->sensors.open || s->desk.console || s->sitting.keeper)
        _exit(99); /* nobody knows the PIN: a stranger must not come here, and nothing is served or kept */
    if (p->stranger)
        strange(s, p);
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + FRAME_NS); /* for whoever else uses the machine */
}

static void beat(struct ob_kiosk_message *m, void *user)
{
    struct play *p = user;
    if (!p->still)
        return;
    int which = -1;
    char path[256];
    snprintf(path, sizeof path, "%s/still", getenv("XDG_RUNTIME_DIR"));
    FILE *file = fopen(path, "r");
    if (file && fscanf(file, "%d", &which) != 1)
        which = -1;
    if (file)
        fclose(file);
    for (int i = 0; i < OB_KIOSK_COUNTERS; i++)
        p->said[i] = i == which ? p->said[i] : m->counters[i];
    memcpy(m->counters, p->said, sizeof p->said);
}

static bool has(const char *word)
{
    const char *play = getenv("OB_KIOSK_PLAY");
    return play && strstr(play, word);
}

static void plant(struct play *p)
{
    p->marker = malloc(64);
    if (!p->marker)
        return;
    snprintf(p->marker, 64, KIOSK_MARKER, (int)getpid());
    setenv("OB_VISITOR", p->marker, 1);
}

static int sit(struct ob_shell *s, struct ob_kiosk *k)
{
    s->options.config = "none";
    s->options.offscreen = true;
    s->at_home = s->nobody = true;
    s->kiosk = k;
    int code = ob_protocol_of(&s->loaded.settings, &s->protocol);
    if (code == OB_EXIT_DONE)
        code = ob_shell_open_heart(s);
    if (code == OB_EXIT_DONE)
        code = ob_shell_open(s, NULL);
    if (code == OB_EXIT_DONE)
        code = ob_shell_run(s);
    return ob_shell_close(s, code);
}

int kiosk_child_main(int argc, char **argv)
{
    if (argc < 2 || strcmp(argv[1], KIOSK_CHILD_WORD) != 0)
        return -1;
    if (has("die"))
        return 7;
    const char *seed = getenv("OB_KIOSK_PLAY") ? strstr(getenv("OB_KIOSK_PLAY"), "seed=") : NULL;
    struct play play = {.stranger = has("stranger"), .heart = has("heart"), .still = has("still")};
    play.random = (uint64_t)getpid() * 2654435761u + (seed ? strtoull(seed + 5, NULL, 10) : 1u) + 88172645463325252u;
    play.calm = draw(&play, 20) == 0;
    ob_secrets_guard();
    ob_interrupt_install();
    plant(&play);
    struct ob_shell *shell = calloc(1, sizeof *shell);
    struct ob_settings over;
    ob_settings_init(&over);
    const char *hash = getenv("OUTBREATH_KIOSK_PIN_HASH");
    static const struct {
        enum ob_setting setting;
        const char *value;
    } set[] = {{OB_SET_DISPLAY_WIDTH, "320"}, {OB_SET_DISPLAY_HEIGHT, "180"}, {OB_SET_SENSOR_PREFER, "none"}};
    for (size_t i = 0; i < sizeof set / sizeof *set; i++)
        ob_settings_take(&over, set[i].setting, set[i].value, OB_LAYER_COMMAND_LINE, 0);
    if (hash)
        ob_settings_take(&over, OB_SET_KIOSK_PIN, hash, OB_LAYER_COMMAND_LINE, 0);
    if (!has("sound"))
        ob_settings_take(&over, OB_SET_SOUND_MUTE, "true", OB_LAYER_COMMAND_LINE, 0);
    struct ob_kiosk kiosk;
    if (!shell || !ob_settings_load("none", &over, &shell->loaded))
        return OB_EXIT_FAILED;
    ob_kiosk_init(&kiosk, &shell->loaded.settings, true);
    kiosk.fd = OB_KIOSK_CHILD_FD;
    kiosk.rehearsal = true;
    kiosk.read_s = 0.3;
    kiosk.idle_s = has("stay") ? 1e6 : 3.0;
    kiosk.seconds = 4.0;
    kiosk.look = look;
    kiosk.beat = beat;
    kiosk.user = &play;
    ob_kiosk_listen(&kiosk, shell);
    ob_tr_begin("en");
    if (play.heart)
        shell->options.person = "";
    const int code = sit(shell, &kiosk);
    free(shell);
    free(play.marker);
    return code;
}

int kiosk_supervise(const char *argv0, double stall_s)
{
    static char word[] = KIOSK_CHILD_WORD;
    char name[512];
    snprintf(name, sizeof name, "%s", argv0);
    char *const argv[] = {name, word, NULL};
    const struct ob_supervisor_desc desc = {
        .program = "/proc/self/exe", .argv = argv, .stall_s = stall_s, .first_s = 60.0};
    ob_secrets_guard();
    ob_interrupt_install();
    return ob_supervisor_run(&desc);
}
