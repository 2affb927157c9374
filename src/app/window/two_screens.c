/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/two_screens.h"

#include "app/options.h"
#include "app/say.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/tr.h"

#include <stdio.h>
#include <string.h>

#define LOOK_NS OB_NS_PER_S         /* a desktop may forget to tell */
#define WAIT_NS (50 * OB_NS_PER_MS) /* a turn of the loop without a picture */

static struct ob_screens_wish wish_of(const struct ob_shell *s)
{
    const struct ob_settings *set = &s->loaded.settings;
    const bool page = !s->kiosk && (!s->options.offscreen || s->screens.list) && !s->screens.closed;
    return (struct ob_screens_wish){.picture = ob_settings_text(set, OB_SET_DISPLAY_SCREEN),
                                    .page = page ? ob_settings_text(set, OB_SET_CONSOLE_SCREEN) : "none"};
}

/* A page of the program's own that somebody has opened and wants to see, on whatever display there is. */
static bool has_page_open(const struct ob_shell *s)
{
    return s->place || s->sensors.open;
}

static void say(struct ob_shell *s, const char *sentence, const char *name)
{
    ob_notice_say(&s->notice, ob_clock_monotonic_ns(), 8.0, sentence, name);
}

/* The displays are others than at the last look. */
static bool look(struct ob_two_screens *t)
{
    struct ob_screen now[OB_SCREENS];
    memset(now, 0, sizeof now);
    const int count = t->list ? t->list(now) : ob_render_screens(now);
    const bool other = count != t->count || memcmp(now, t->screens, sizeof now) != 0;
    memcpy(t->screens, now, sizeof now);
    t->count = count;
    return other;
}

static void show_page(struct ob_shell *s, int display)
{
    struct ob_two_screens *t = &s->screens;
    if (display < 0)
        ob_second_page_close(&t->page, s->render);
    else if (!t->page.open || t->page.display != display)
        ob_second_page_open(&t->page, s, display);
}

static void show_picture(struct ob_shell *s, int display)
{
    struct ob_two_screens *t = &s->screens;
    if (display == OB_SCREEN_NONE) {
        t->waits = ob_render_put_away(s->render); /* without a page it stays, for whatever display comes */
        return;
    }
    if (t->waits || display >= 0)
        t->waits = !ob_render_fill(s->render, display >= 0 ? display : 0);
    else if (ob_render_is_fullscreen(s->render))
        ob_render_fill(s->render, ob_render_screen(s->render)); /* the desktop may have put it out of sight */
    const int on = display >= 0 ? display : ob_render_screen(s->render);
    if (on < t->count)
        memcpy(t->picture_on, t->screens[on].name, sizeof t->picture_on);
}

/* What is worth a word: the wished display is back, or the picture stands elsewhere than a moment ago. */
static void tell(struct ob_shell *s, const struct ob_screens_plan *before, const char *was_on)
{
    const struct ob_two_screens *t = &s->screens;
    const struct ob_screens_plan *plan = &t->plan;
    if (before->picture_missing && !plan->picture_missing && plan->picture >= 0)
        say(s, ob_tr("The screen %s is there again."), t->screens[plan->picture].name);
    else if (before->page_missing && !plan->page_missing && plan->page >= 0)
        say(s, ob_tr("The screen %s is there again."), t->screens[plan->page].name);
    else if (plan->picture == OB_SCREEN_ANY && was_on[0] && strcmp(was_on, t->picture_on) != 0)
        say(s, ob_tr("The screen %s is gone; the picture is on another one now."), was_on);
}

static void decide(struct ob_shell *s)
{
    struct ob_two_screens *t = &s->screens;
    const struct ob_screens_wish wish = wish_of(s);
    const struct ob_screens_plan before = t->plan;
    char was_on[OB_SCREEN_NAME];
    memcpy(was_on, t->picture_on, sizeof was_on);
    t->plan = ob_screens_decide(&t->were, t->screens, t->count, &wish);
    t->lent = t->plan.picture == OB_SCREEN_NONE && t->plan.page >= 0 && has_page_open(s);
    const int picture = t->lent ? t->plan.page : t->plan.picture, page = t->lent ? OB_SCREEN_NONE : t->plan.page;
    t->page.blind = t->waits && picture == OB_SCREEN_NONE && page == OB_SCREEN_NONE;
    if (t->page.blind) /* whatever display comes first, nobody knows whose */
        return;
    if (picture == OB_SCREEN_NONE) { /* the page holds what the picture is drawn with */
        show_page(s, page);
        show_picture(s, picture);
    } else if (t->waits) {
        show_picture(s, picture);
        show_page(s, page);
    } else { /* at no time are both on one display */
        if (page != t->page.display)
            show_page(s, OB_SCREEN_NONE);
        show_picture(s, picture);
        show_page(s, page);
    }
    if (t->begun)
        tell(s, &before, was_on);
    t->begun = true;
}

void ob_two_screens_begin(struct ob_shell *s)
{
    struct ob_two_screens *t = &s->screens;
    memset(&t->were, 0, sizeof t->were);
    t->closed = t->begun = false;
    t->stale = true;
}

bool ob_two_screens_step(struct ob_shell *s, int64_t now_ns)
{
    struct ob_two_screens *t = &s->screens;
    if (t->stale || now_ns - t->looked_ns > LOOK_NS) {
        const bool other = look(t);
        if (other || t->stale)
            decide(s);
        t->looked_ns = now_ns;
        t->stale = false;
    }
    if (t->plan.picture == OB_SCREEN_NONE && t->plan.page >= 0 && t->lent != has_page_open(s))
        decide(s);
    ob_second_page_step(&t->page, s, now_ns);
    if (t->waits)
        ob_clock_sleep_until_ns(now_ns + WAIT_NS);
    return t->waits;
}

static uint32_t window_of(const SDL_Event *event)
{
    switch (event->type) {
    case SDL_WINDOWEVENT:
        return event->window.windowID;
    case SDL_MOUSEMOTION:
        return event->motion.windowID;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        return event->button.windowID;
    case SDL_MOUSEWHEEL:
        return event->wheel.windowID;
    case SDL_FINGERDOWN:
    case SDL_FINGERUP:
    case SDL_FINGERMOTION:
        return event->tfinger.windowID;
    default: /* keys are the desk's, whichever window has them */
        return 0;
    }
}

bool ob_two_screens_event(struct ob_shell *s, const SDL_Event *event)
{
    struct ob_two_screens *t = &s->screens;
    if (event->type == SDL_DISPLAYEVENT) {
        t->stale = true;
        return true;
    }
    const uint32_t window = window_of(event), page = ob_render_page_window(s->render);
    const bool closes = event->type == SDL_WINDOWEVENT && event->window.event == SDL_WINDOWEVENT_CLOSE;
    if (!page || window == 0)
        return false;
    if (window != page) {
        s->leave |= closes && !s->kiosk; /* of the last window alone SDL says that the program is to end */
        return false;
    }
    if (closes) {
        t->closed = t->stale = true;
        return true;
    }
    if (event->type == SDL_WINDOWEVENT && event->window.event == SDL_WINDOWEVENT_ENTER)
        SDL_ShowCursor(SDL_ENABLE);
    if (event->type == SDL_WINDOWEVENT && event->window.event == SDL_WINDOWEVENT_LEAVE)
        SDL_ShowCursor(SDL_DISABLE);
    ob_second_page_event(&t->page, s, event);
    return true;
}

void ob_two_screens_trouble(const struct ob_shell *s, char *out, size_t size)
{
    const struct ob_two_screens *t = &s->screens;
    const struct ob_screens_wish wish = wish_of(s);
    out[0] = '\0';
    if (t->plan.picture_missing && t->plan.picture == OB_SCREEN_NONE)
        snprintf(out, size,
                 ob_tr("The screen %s is not there. Session and sound go on, and the picture comes back with it."),
                 wish.picture);
    else if (t->plan.picture == OB_SCREEN_NONE)
        snprintf(out, size, "%s",
                 ob_tr("The picture has no screen now. Session and sound go on, and it comes back with one."));
    else if (t->plan.picture_missing)
        snprintf(out, size, ob_tr("The screen %s is not there; the picture is on another one."), wish.picture);
    else if (t->plan.page_missing)
        snprintf(out, size, "%s", ob_tr("The second screen is not there. The session goes on without it."));
}

/* What stands before the displays in the list of choices. */
static int words_of(enum ob_setting setting, const char *words[2], const char *said[2])
{
    if (setting == OB_SET_DISPLAY_SCREEN) {
        words[0] = "";
        said[0] = ob_tr("any");
        return 1;
    }
    words[0] = "none";
    said[0] = ob_tr("on none");
    words[1] = "auto";
    said[1] = ob_tr("on another than the picture");
    return 2;
}

void ob_two_screens_next(const struct ob_shell *s, enum ob_setting setting, int by, char *out, size_t size)
{
    const struct ob_two_screens *t = &s->screens;
    const char *words[2], *said[2], *now = ob_settings_text(&s->loaded.settings, setting);
    const int before = words_of(setting, words, said), all = before + t->count;
    const int found = ob_screens_find(t->screens, t->count, now);
    int at = found >= 0 ? before + ob_screens_number(t->screens, t->count, found) - 1 : 0;
    for (int i = 0; i < before; i++)
        if (strcmp(words[i], now) == 0)
            at = i;
    at = (at + by + all) % all;
    if (at < before) {
        snprintf(out, size, "%s", words[at]);
        return;
    }
    for (int i = 0; i < t->count; i++)
        if (ob_screens_number(t->screens, t->count, i) == at - before + 1) {
            const bool twin = ob_screens_find(t->screens, t->count, t->screens[i].name) != i;
            if (twin) /* its name means another one */
                snprintf(out, size, "%d", at - before + 1);
            else
                snprintf(out, size, "%s", t->screens[i].name);
        }
}

void ob_two_screens_chosen(const struct ob_shell *s, enum ob_setting setting, char *out, size_t size)
{
    const struct ob_two_screens *t = &s->screens;
    const char *words[2], *said[2], *now = ob_settings_text(&s->loaded.settings, setting);
    const int before = words_of(setting, words, said), found = ob_screens_find(t->screens, t->count, now);
    snprintf(out, size, "%s", found >= 0 ? t->screens[found].name : now);
    for (int i = 0; i < before; i++)
        if (strcmp(words[i], now) == 0)
            snprintf(out, size, "%s", said[i]);
}

int ob_two_screens_print(void)
{
    struct ob_screen list[OB_SCREENS];
    char problem[512];
    int count;
    if (ob_render_ask_screens(list, &count, problem, sizeof problem))
        return ob_say(OB_EXIT_DEVICE, problem);
    for (int number = 1; number <= count; number++)
        for (int i = 0; i < count; i++)
            if (ob_screens_number(list, count, i) == number)
                printf("%d  %-32s %dx%d\n", number, list[i].name, list[i].width, list[i].height);
    return OB_EXIT_DONE;
}

void ob_two_screens_end(struct ob_shell *s)
{
    if (s->render)
        ob_second_page_close(&s->screens.page, s->render);
}
