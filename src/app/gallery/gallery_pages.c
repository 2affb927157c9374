/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gallery/gallery_pages.h"

#include "base/mark.h"
#include "base/maths.h"
#include "base/time.h"
#include "os/tr.h"
#include "ui/parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define PUT(to, ...) snprintf(to, sizeof(to), __VA_ARGS__)

/* The words of the sessions that come with the program. */
static void fill_list(struct ob_gallery_pages *p)
{
    static const char guided[] =
        OB_TR("Guided breathing that starts at once, slows down as you do, and waits while you do not follow.");
    static const struct {
        const char *group, *name, *about;
        double minutes;
    } rows[] = {
        {OB_TR("Breathe with me"), OB_TR("Five minutes"), guided, 5},
        {OB_TR("Breathe with me"), OB_TR("Ten minutes"), guided, 10},
        {OB_TR("Find a comfortable pace"), OB_TR("Finding a comfortable pace, sliding"),
         OB_TR("Fifteen minutes in which each breath is a little longer than the one before (Fisher and Lehrer 2021). "
               "Sit still and breathe easily."),
         17},
    };
    struct ob_ui_list *m = &p->choose;
    PUT(m->title, "%s", p->tr(OB_TR("What would you like to do?")));
    m->count = (int)(sizeof rows / sizeof *rows);
    for (int i = 0; i < m->count; i++) {
        PUT(m->row[i].group, "%s", p->tr(rows[i].group));
        PUT(m->row[i].name, "%s", p->tr(rows[i].name));
        PUT(m->row[i].about, "%s", p->tr(rows[i].about));
        PUT(m->row[i].value, p->tr(OB_TR("%.0f min")), rows[i].minutes);
    }
}

static void fill_settings(struct ob_gallery_pages *p)
{
    static const struct {
        const char *group, *name, *value, *about;
        double share_01;
    } rows[] = {
        {OB_TR("Session"), OB_TR("A look before and after"), OB_TR("off"),
         OB_TR("Two quiet minutes at each end. Only these are ever compared."), -1},
        {OB_TR("Session"), OB_TR("Follow my own pace"), OB_TR("on"),
         OB_TR("The pace moves to where your heart answers most, from the first minutes on."), -1},
        {OB_TR("Sound"), OB_TR("Volume"), "60%", NULL, 0.6},
        {OB_TR("Sound"), OB_TR("Voice"), OB_TR("always teaches"),
         OB_TR("Its words stay on the picture when it is off."), -1},
        {OB_TR("Touch"), OB_TR("The breath in a game controller"), OB_TR("when it is dark"),
         OB_TR("It rises as you breathe in and fades as you breathe out."), -1},
        {OB_TR("Picture"), OB_TR("Read pages aloud"), OB_TR("off"), OB_TR("The key R does that on any page."), -1},
        {OB_TR("Picture"), OB_TR("Colours of pages"), OB_TR("the desktop's"), NULL, -1},
    };
    struct ob_ui_settings *m = &p->settings;
    m->count = (int)(sizeof rows / sizeof *rows);
    for (int i = 0; i < m->count; i++) {
        m->row[i] = (struct ob_ui_settings_row){.group = p->tr(rows[i].group),
                                                .name = p->tr(rows[i].name),
                                                .about = rows[i].about ? p->tr(rows[i].about) : NULL,
                                                .share_01 = rows[i].share_01};
        PUT(m->row[i].value, "%s", p->tr(rows[i].value));
    }
}

static bool draw_last(const void *user, const struct ob_plot_pen *pen, const struct ob_plot_place *place)
{
    const struct ob_gallery_pages *p = user;
    struct ob_heart_plot strip = p->seen.strip;
    strip.heart_name = p->tr(OB_TR("Heart rate, bpm, beat by beat (tachogram)"));
    strip.breath_name = p->tr(OB_TR("Breaths/min: the person's (line), the pace (dots)"));
    strip.minutes = p->tr(OB_TR("min"));
    ob_plot_heart(pen, place, &strip);
    return true;
}

static void fill_history(struct ob_gallery_pages *p)
{
    static const char *const days[] = {OB_TR("Mon"), OB_TR("Tue"), OB_TR("Wed"), OB_TR("Thu"),
                                       OB_TR("Fri"), OB_TR("Sat"), OB_TR("Sun")};
    struct ob_ui_history *m = &p->history;
    static struct ob_own_pace pace;
    m->weekday = 4;
    for (int i = 0; i < 7; i++)
        m->day_names[i] = p->tr(days[(m->weekday + 1 + i) % 7]);
    for (int i = 0; i < OB_UI_HISTORY_DAYS; i++)
        m->minutes[i] = (i * 7 + i / 5) % 11 < 6 ? 5.0 + i % 3 * 5.0 : 0.0;
    static const char *const months[] = {OB_TR("June"),      OB_TR("July"),    OB_TR("August"),
                                         OB_TR("September"), OB_TR("October"), OB_TR("November")};
    for (int i = 0; i < 6; i++)
        m->month_names[8 + i * 30] = p->tr(months[i]);
    m->has_days = m->has_pace = true;
    PUT(m->week, p->tr(OB_TR("%d of the last 7 days")), 4);
    ob_own_pace_init(&pace);
    for (int i = 0; i < 90; i++) {
        const double brpm = 4.5 + i % 16 * 0.2;
        ob_own_pace_breath(&pace, brpm, 14.0 - 2.5 * (brpm - 5.5) * (brpm - 5.5));
    }
    ob_own_pace_estimate(&pace, &m->estimate);
    ob_own_pace_probabilities(&pace, m->probabilities);
    ob_own_pace_text(&m->estimate, p->tr, m->pace, sizeof m->pace);
    ob_tr_numbers(m->pace);
    m->draw_last = draw_last;
    m->last_user = p;
    m->spectrum = p->seen.spectrum;
    PUT(m->last, p->tr(OB_TR("%.0f minutes, %zu beats")), 10.0, (size_t)644);
    m->trend_count = 8;
    for (int i = 0; i < 8; i++)
        m->trend[i] =
            (struct ob_trend_point){.before = 68.0 - i % 3, .after = 65.0 - i % 4, .compared = true, .ringed = i == 7};
    m->usual_low = 63.0;
    m->usual_high = 71.0;
}

/* Three minutes of somebody who breathes six times a minute, and the spectrum of that. */
static void fill_seen(struct ob_gallery_pages *p)
{
    struct ob_ui_seen *m = &p->seen;
    p->list.items = p->list_items;
    for (double t = 120.0; t < 300.0 && p->list.count < OB_GALLERY_BEATS;) {
        const double nn_ms = 930.0 - 75.0 * sin(OB_TAU * 0.1 * t) + 18.0 * sin(OB_TAU * 0.27 * t);
        t += 1e-3 * nn_ms;
        p->list.items[p->list.count++] = (struct ob_nn){.time_s = t, .nn_ms = nn_ms, .joined = p->list.count > 0};
    }
    for (int i = 0; i < OB_GALLERY_SECONDS; i++)
        p->breaths[i] = (struct ob_heart_breath){.time_s = 120.0f + (float)i,
                                                 .own_brpm = 6.1f + 0.3f * sinf(0.05f * (float)i),
                                                 .pacer_brpm = 6.4f - 0.003f * (float)i};
    p->mark = (struct ob_heart_mark){.at_s = 214.0, .sign = OB_SIGN_MOMENT};
    m->strip = (struct ob_heart_plot){.list = &p->list,
                                      .from_s = 120.0,
                                      .to_s = 300.0,
                                      .breaths = p->breaths,
                                      .breath_count = OB_GALLERY_SECONDS,
                                      .marks = &p->mark,
                                      .mark_count = 1};
    PUT(m->words, p->tr(OB_TR("Heart rate %.0f.")), 64.0);
    m->spectrum = (struct ob_ui_spectrum){.known = true, .step_hz = 1.0 / 512.0, .breath_brpm = 6.1, .pace_brpm = 5.9};
    for (int k = 0; k < OB_UI_SPECTRUM_BINS; k++)
        m->spectrum.density[k] = 96e3 * exp(-0.5 * pow((k - 51.2) / 4.6, 2.0)) +
                                 5200.0 * exp(-0.5 * pow((k - 138.0) / 5.0, 2.0)) + 900.0 * exp(-0.02 * k) * (k > 2);
    PUT(m->spectrum.words,
        p->tr(OB_TR("Of the last minute. Your heart swings most %.1f times a minute. Slow, even breathing gathers the "
                    "swing in one place; it says nothing about your health.")),
        6.0);
    ob_tr_numbers(m->spectrum.words);
}

static void fill_sensors(struct ob_gallery_pages *p)
{
    struct ob_ui_sensors *m = &p->sensors;
    m->count = 2;
    struct ob_ui_sensor *strap = &m->sensor[0], *far = &m->sensor[1];
    PUT(strap->id, "strap");
    PUT(strap->name, "Polar H10");
    PUT(strap->sentence, p->tr(OB_TR("Receiving ECG and breathing movement from %s.")), strap->name);
    strap->open = strap->live = strap->heart = strap->breath = strap->sends_breath = true;
    strap->quality_01 = 0.93f;
    strap->bpm = 62.0;
    strap->battery_pct = 80;
    strap->rssi_dbm = -58;
    struct ob_ui_trace *t = &strap->trace;
    t->wave = true;
    t->points = OB_UI_TRACE_POINTS;
    t->step_ns = OB_NS_PER_S / 64;
    t->last_ns = t->newest_ns = OB_UI_TRACE_POINTS * t->step_ns;
    t->span_ns = 7 * OB_NS_PER_S;
    for (int i = 0; i < t->points; i++) {
        const double s = fmod(i / 64.0, 0.97);
        t->point[i] = (float)(exp(-2000.0 * (s - 0.4) * (s - 0.4)) - 0.2 * exp(-2000.0 * (s - 0.44) * (s - 0.44)) +
                              0.2 * exp(-150.0 * (s - 0.65) * (s - 0.65)));
    }
    for (double s = 0.4; s < 8.0 && t->beats < OB_UI_TRACE_BEATS; s += 0.97) {
        t->beat_ns[t->beats] = ob_ns_from_s(s);
        t->rr_ms[t->beats++] = 970.0f;
    }
    PUT(far->id, "far");
    PUT(far->name, "TICKR 3A1F");
    PUT(far->sentence, "%s", p->tr(OB_TR("In sight, and free.")));
    far->quality_01 = -1.0f;
    far->battery_pct = -1;
    far->rssi_dbm = -80;
}

static void fill_desk(struct ob_gallery_pages *p)
{
    static const struct {
        const char *value, *unit, *label;
    } numbers[OB_UI_DESK_NUMBERS] = {{"64", "bpm", OB_TR("heart rate")},
                                     {"6.1", "/min", OB_TR("breathing")},
                                     {"12.4", "bpm", OB_TR("RSA amplitude")},
                                     {"78", "%", OB_TR("following the pace")},
                                     {"97", "%", OB_TR("signal quality")}};
    static const char *const ways[] = {OB_TR("Pause"),
                                       OB_TR("Just breathe"),
                                       OB_TR("Next part"),
                                       OB_TR("The client has: light and sound"),
                                       OB_TR("Consent is noted"),
                                       OB_TR("Next client")};
    struct ob_ui_desk *m = &p->desk;
    *m = (struct ob_ui_desk){.labels = OB_MARK_TEXT, .ways = 6, .notes = 3, .plot = p->seen.strip};
    for (int i = 0; i < OB_UI_DESK_NUMBERS; i++) {
        PUT(m->number[i].value, "%s", numbers[i].value);
        PUT(m->number[i].unit, "%s", numbers[i].unit);
        PUT(m->number[i].label, "%s", p->tr(numbers[i].label));
    }
    for (unsigned i = 0; i < OB_MARK_TEXT; i++) {
        m->label[i].key = ob_ui_key("desk label", i);
        PUT(m->label[i].words, "%s", p->tr(ob_mark_name(i)));
    }
    for (unsigned i = 0; i < 6; i++) {
        m->way[i].key = ob_ui_key("desk way", i);
        PUT(m->way[i].words, "%s", p->tr(ways[i]));
        m->way[i].on = i == 4;
    }
    static const unsigned marks[] = {OB_MARK_TURNED_OVER, OB_MARK_SIGH, OB_MARK_SHOULDERS};
    for (int i = 0; i < 3; i++) {
        PUT(m->note[i].at, "%d:%02d", 12 - 4 * i, 40 - 11 * i);
        PUT(m->note[i].words, "%s", p->tr(ob_mark_name(marks[i])));
    }
    PUT(m->clock, "12:52");
    PUT(m->left, p->tr(OB_TR("%s left")), "37:08");
    PUT(m->part, "%s", p->tr(OB_TR("Guided")));
    PUT(m->about, "%s", p->tr(OB_TR("This session is kept.")));
    PUT(m->sensor, "%s", p->sensors.sensor[0].sentence);
}

void ob_gallery_pages_fill(struct ob_gallery_pages *p, ob_tr_fn *tr)
{
    memset(p, 0, sizeof *p);
    p->tr = tr;
    PUT(p->first.volume, "60%%");
    p->first.volume_01 = 0.6;
    PUT(p->first.sensor, "%s", tr(OB_TR("No sensor is chosen. Light and sound guide you without one.")));
    PUT(p->home.session, tr(OB_TR("%.0f minutes, guided")), 10.0);
    PUT(p->home.around, "%s · %s", tr(OB_TR("Tide and shore at dusk")), tr(OB_TR("Shore")));
    memcpy(p->home.sensor, p->first.sensor, sizeof p->home.sensor);
    PUT(p->home.week, tr(OB_TR("%d of the last 7 days")), 4);
    fill_list(p);
    fill_settings(p);
    fill_seen(p);
    fill_history(p);
    fill_sensors(p);
    ob_gallery_kiosk_fill(&p->kiosk, tr);
    p->during = (struct ob_ui_during){.parts = true, .volume = "60%", .volume_01 = 0.6};
    PUT(p->during.left, tr(OB_TR("%.0f minutes left")), 6.0);
    PUT(p->during.scene, "%s", tr(OB_TR("Tide and shore at dusk")));
    PUT(p->during.sound, "%s", tr(OB_TR("Shore")));
    p->end = (struct ob_ui_end){.lines = 1, .asks = true, .offers_page = true, .answer = 7};
    PUT(p->end.title, "%s", tr(OB_TR("That was it for now.")));
    PUT(p->end.line[0], tr(OB_TR("%.0f minutes of breathing.")), 10.0);
    PUT(p->end.suggestion, "%s", tr(OB_TR("Perhaps a minute of stillness before the next screen.")));
    fill_desk(p);
}

/* ---- screens ---- */

static void draw_first(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_first_draw(canvas, &p->first);
}

static void draw_home(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_home_draw(canvas, &p->home);
}

static void draw_choose(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_list_draw(canvas, &p->choose);
}

static void draw_settings(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_settings_draw(canvas, &p->settings);
}

static void draw_history(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_history_draw(canvas, &p->history);
}

static void draw_during(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_during_draw(canvas, &p->during);
}

static void draw_seen(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_seen_draw(canvas, &p->seen);
}

static void draw_end(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_end_draw(canvas, &p->end);
}

static void draw_desk(void *user, struct ob_ui_canvas *canvas)
{
    const struct ob_gallery_pages *p = user;
    ob_ui_desk_draw(canvas, &p->desk);
}

static void choose_nothing(void *user, uint64_t key)
{
    (void)user;
    (void)key;
}

static void stay(void *user)
{
    (void)user;
}

#define SCREEN(function)                                                                                               \
    {                                                                                                                  \
        .sheer = true, .draw = function, .choose = choose_nothing, .back = stay                                        \
    }

static const struct {
    const char *name;
    struct ob_ui_screen screen;
} pages[OB_GALLERY_PAGES] = {
    [OB_GALLERY_FIRST] = {"first", SCREEN(draw_first)},
    [OB_GALLERY_HOME] = {"home", SCREEN(draw_home)},
    [OB_GALLERY_CHOOSE] = {"choose", SCREEN(draw_choose)},
    [OB_GALLERY_SETTINGS] = {"settings", SCREEN(draw_settings)},
    [OB_GALLERY_HISTORY] = {"history", SCREEN(draw_history)},
    [OB_GALLERY_DURING] = {"during", SCREEN(draw_during)},
    [OB_GALLERY_SEEN] = {"seen", SCREEN(draw_seen)},
    [OB_GALLERY_END] = {"end", SCREEN(draw_end)},
    [OB_GALLERY_DESK] = {"desk", {.draw = draw_desk, .choose = choose_nothing, .back = stay}},
    [OB_GALLERY_KIOSK_ATTRACT] =
        {"kiosk attract",
         {.sheer = true, .clear = true, .draw = ob_gallery_kiosk_attract, .choose = choose_nothing, .back = stay}},
    [OB_GALLERY_KIOSK_ASK] = {"kiosk ask", SCREEN(ob_gallery_kiosk_ask)},
    [OB_GALLERY_KIOSK_SETTLE] = {"kiosk settle", SCREEN(ob_gallery_kiosk_settle)},
    [OB_GALLERY_KIOSK_DURING] = {"kiosk during", SCREEN(ob_gallery_kiosk_during)},
    [OB_GALLERY_KIOSK_END] = {"kiosk end", SCREEN(ob_gallery_kiosk_end)},
    [OB_GALLERY_KIOSK_PIN] = {"kiosk pin", SCREEN(ob_gallery_kiosk_pin)},
    [OB_GALLERY_KIOSK_STAFF] = {"kiosk staff", SCREEN(ob_gallery_kiosk_staff)},
    [OB_GALLERY_SENSORS] = {"sensors", {0}},
};

const char *ob_gallery_page_name(enum ob_gallery_page page)
{
    return pages[page].name;
}

const struct ob_ui_screen *ob_gallery_page_screen(enum ob_gallery_page page)
{
    return pages[page].screen.draw ? &pages[page].screen : NULL;
}

void *ob_gallery_page_user(struct ob_gallery_pages *from, enum ob_gallery_page page)
{
    if (page >= OB_GALLERY_KIOSK_ATTRACT && page <= OB_GALLERY_KIOSK_STAFF)
        return &from->kiosk;
    return from;
}
