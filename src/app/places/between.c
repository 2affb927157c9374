/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/places/between.h"

#include "config/hours.h"
#include "os/tr.h"

#include <string.h>
#include <time.h>

#define ROUND_MIN 5 /* times are told to people */
#define KINDS     3
#define WORDINGS  3

size_t ob_between_times(const struct ob_settings *settings, int at_min_out[OB_BETWEEN_MOST])
{
    struct ob_hours hours;
    const int wished = (int)ob_settings_number(settings, OB_SET_BETWEEN_PAUSES);
    const int count = wished < OB_BETWEEN_MOST ? wished : OB_BETWEEN_MOST;
    if (!ob_hours_read(ob_settings_text(settings, OB_SET_BETWEEN_HOURS), &hours))
        return 0;
    const int minutes = ob_hours_minutes(&hours);
    for (int i = 0; i < count; i++) {
        const int into = minutes * (2 * i + 1) / (2 * count);
        at_min_out[i] = (hours.from_min + into / ROUND_MIN * ROUND_MIN) % OB_DAY_MIN;
    }
    return count > 0 ? (size_t)count : 0;
}

bool ob_between_is_due(const struct ob_settings *settings, int now_min)
{
    int at_min[OB_BETWEEN_MOST];
    const size_t count = ob_between_times(settings, at_min);
    for (size_t i = 0; i < count; i++)
        if ((now_min - at_min[i] + OB_DAY_MIN) % OB_DAY_MIN < OB_BETWEEN_LATE_MIN)
            return true;
    return false;
}

const char *ob_between_suggestion(const struct ob_settings *settings, int64_t day)
{
    static const char *const words[KINDS][WORDINGS] = {
        {OB_TR("A glass of water would do now."), OB_TR("Something to drink, slowly."),
         OB_TR("A glass of water, and nothing else while you drink it.")},
        {OB_TR("A few easy steps, or a slow stretch."), OB_TR("Let the shoulders circle a few times, easily."),
         OB_TR("Where it is tight, move it gently; nothing is pushed through.")},
        {OB_TR("Perhaps a minute of stillness before the next screen."),
         OB_TR("A minute at a window, looking far away."), OB_TR("Sit for a moment, and notice where the body rests.")},
    };
    if (!ob_settings_is(settings, OB_SET_BETWEEN_SUGGESTION))
        return NULL;
    const int64_t turn = (day % (KINDS * WORDINGS) + KINDS * WORDINGS) % (KINDS * WORDINGS);
    return words[turn % KINDS][turn / KINDS];
}

int64_t ob_between_today(int *now_min_out)
{
    const time_t now = time(NULL);
    struct tm local = {0};
    localtime_r(&now, &local);
    if (now_min_out)
        *now_min_out = local.tm_hour * 60 + local.tm_min;
    const int64_t s = (int64_t)now + local.tm_gmtoff;
    return s / 86400 - (s % 86400 < 0);
}

enum ob_err ob_between_follow(const struct ob_loaded *loaded, enum ob_user_timer_state *state_out)
{
    struct ob_user_timer timer = {.name = OB_BETWEEN_TIMER, .about = "Outbreath offers a pause", .words = "remind due"};
    if (state_out)
        *state_out = OB_USER_TIMER_AS_IT_WAS;
    if (loaded->files.chosen || !loaded->files.user[0])
        return OB_OK;
    timer.count = ob_between_times(&loaded->settings, timer.at_min);
    return ob_user_timer_set(&timer, state_out);
}
