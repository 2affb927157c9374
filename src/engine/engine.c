/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include "base/mark.h"
#include "base/maths.h"
#include "base/time.h"
#include "base/words.h"
#include "breath/asleep.h"
#include "breath/exhale.h"
#include "breath/feedback.h"
#include "breath/following.h"
#include "breath/guide.h"
#include "breath/history.h"
#include "breath/pace.h"
#include "breath/ripple.h"
#include "breath/search.h"
#include "breath/swell.h"
#include "engine/intake.h"
#include "engine/moment.h"
#include "engine/own_breath.h"
#include "hrv/fit.h"
#include "hrv/rhythm.h"
#include "hrv/rsa.h"
#include "hrv/series.h"
#include "hrv/spectrum.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_S           0.01
#define HELD_NS          (3 * OB_NS_PER_S)  /* silence after which scores stand still */
#define LOST_NS          (10 * OB_NS_PER_S) /* silence after which it is plain pacing */
#define MINUTE_NS        (60 * OB_NS_PER_S)
#define FIT_NS           (30 * OB_NS_PER_S)
#define HR_NS            (10 * OB_NS_PER_S)
#define FOLLOWING_NS     (6 * OB_NS_PER_S)  /* how long a verdict about following counts; there is one each 5 s */
#define OLDEST_NS        (60 * OB_NS_PER_S) /* a stamp older than this, or ahead of its arrival, is replaced */
#define DAY_NS           (86400 * OB_NS_PER_S)
#define FARTHEST_NS      (INT64_MAX / 2) /* no clock stands there */
#define UNFIT_BEATS      30              /* judged from so many beats of a minute on */
#define UNFIT_ABOVE      0.20            /* share of corrected beats above which nothing is scored */
#define FIT_BELOW        0.10
#define DISORDER_S       20.0
#define DISORDER_MAX_S   60.0
#define FOLLOWED         0.45 /* pacer fit from which on a breath counts for the pace */
#define LET_GO_DB        -60.0
#define ADAPTIVE_PER_MIN 0.125 /* a quarter of a breath/min in two minutes */

struct ob_engine {
    struct ob_snapshot shot;
    bool begun;

    struct ob_guide guide;
    struct ob_history history;
    struct ob_intake intake;
    struct ob_nn_series series;
    struct ob_rsa rsa;
    struct ob_spectrum *spectrum;
    struct ob_exhale exhale;
    struct ob_feedback feedback;
    struct ob_swell swell;
    struct ob_own_pace pace;
    struct ob_search search; /* filled where the phases of the session are one */
    struct ob_moment moment;
    struct ob_asleep asleep;
    bool disturbed; /* a key or a movement since the second before */

    double turns;      /* unwrapped pacer phase */
    double own_turns;  /* the person's own breaths while nothing guides, from the measured rate */
    uint64_t rsa_half; /* half breath that RSA beats are being collected for */
    bool rsa_guided;
    bool breath_clean;     /* no artefact in it so far */
    int64_t hold_until_ns; /* scores stand still because of an artefact */
    int64_t first_beat_ns; /* arrival of the first beat since the start or the last loss; INT64_MAX: none */
    int64_t last_beat_ns;  /* measured time of the newest beat */
    int64_t last_arrival_ns;
    double fit_long_01;                         /* over two minutes; 0: not known */
    double following_signs[OB_FOLLOWING_SIGNS]; /* at following_ns */
    double following;                           /* ln of the odds, by these signs */
    int64_t following_ns;                       /* INT64_MIN: none yet */
    bool sensor_expected;
    bool contact_lost;
    bool unfit;        /* too much had to be corrected for any score */
    double disorder_s; /* how long its beats have been without order, less how long they had one since */
    int64_t judged_ns; /* beat up to which that was counted */
    struct ob_own_breath own;
};

static enum ob_stage stage_of(const struct ob_guide *guide)
{
    if (guide->stage == OB_GUIDE_ENDED)
        return OB_STAGE_ENDED;
    if (guide->paused)
        return OB_STAGE_PAUSED;
    switch (guide->stage) {
    case OB_GUIDE_BEFORE:
        return OB_STAGE_UNPACED_BEFORE;
    case OB_GUIDE_NATURAL:
        return OB_STAGE_NATURAL;
    case OB_GUIDE_AFTER:
        return OB_STAGE_UNPACED_AFTER;
    case OB_GUIDE_UNPACED:
        return OB_STAGE_UNPACED;
    default:
        return OB_STAGE_GUIDED;
    }
}

static void show_guide(struct ob_engine *e)
{
    struct ob_snapshot *s = &e->shot;
    s->stage = stage_of(&e->guide);
    s->waiting = e->guide.waiting;
    s->pacer = e->guide.segment;
    s->end_ns = e->guide.end_ns;
    s->phase_count = e->guide.phase_count;
    s->phase = e->guide.phase;
    s->phase_ns = e->guide.phase_ns;
    s->sound_db = fmax(ob_guide_sound_db(&e->guide) + s->let_go_01 * LET_GO_DB, OB_SILENT_DB);
    s->target_brpm = ob_guide_target_brpm(&e->guide);
    s->drift_brpm = e->guide.drift_brpm;
}

static void begin(struct ob_engine *e, const struct ob_event *event)
{
    struct ob_spectrum *spectrum = e->spectrum;
    ob_intake_finish(&e->intake);
    memset(e, 0, sizeof *e);
    e->spectrum = spectrum;
    e->begun = true;
    e->shot.begin_ns = e->shot.now_ns = event->applied_ns;
    e->shot.simulated = event->u.plan.simulated;
    ob_guide_init(&e->guide, &event->u.plan, event->applied_ns);
    ob_history_init(&e->history);
    ob_intake_init(&e->intake);
    ob_nn_series_init(&e->series);
    ob_rsa_init(&e->rsa);
    ob_exhale_init(&e->exhale);
    ob_feedback_init(&e->feedback, event->u.plan.baseline_rsa_bpm);
    ob_swell_init(&e->swell);
    ob_own_pace_init(&e->pace);
    ob_own_pace_estimate(&e->pace, &e->shot.own_pace);
    ob_moment_init(&e->moment, event->applied_ns);
    ob_asleep_init(&e->asleep);
    e->following_ns = INT64_MIN;
    e->first_beat_ns = INT64_MAX;
    e->last_beat_ns = e->last_arrival_ns = e->judged_ns = event->applied_ns;
    ob_own_breath_init(&e->own);
    show_guide(e);
    e->shot.params.feedback_01 = 0.5f;
}

struct ob_engine *ob_engine_create(void)
{
    struct ob_engine *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    ob_intake_init(&e->intake);
    e->spectrum = ob_spectrum_create();
    if (!e->spectrum) {
        free(e);
        return NULL;
    }
    return e;
}

void ob_engine_destroy(struct ob_engine *e)
{
    if (!e)
        return;
    ob_intake_finish(&e->intake);
    ob_spectrum_destroy(e->spectrum);
    free(e);
}

const struct ob_snapshot *ob_engine_snapshot(const struct ob_engine *e)
{
    return &e->shot;
}

void ob_engine_save_pace(const struct ob_engine *e, unsigned char blob_out[OB_PACE_BLOB])
{
    ob_own_pace_save(&e->pace, blob_out);
}

double ob_engine_baseline_rsa_bpm(const struct ob_engine *e)
{
    return e->feedback.baseline_known ? exp(e->feedback.median_ln) : 0.0;
}

void ob_engine_search(const struct ob_engine *e, struct ob_search_result *result_out)
{
    ob_search_result(&e->search, result_out);
}

bool ob_engine_following_signs(const struct ob_engine *e, double signs_out[OB_FOLLOWING_SIGNS])
{
    memcpy(signs_out, e->following_signs, sizeof e->following_signs);
    return e->following_ns == e->shot.now_ns;
}

const struct ob_settling *ob_engine_settling(const struct ob_engine *e)
{
    return &e->moment.settling;
}

void ob_engine_pace_probabilities(const struct ob_engine *e, double probabilities_out[OB_PACE_RATES])
{
    ob_own_pace_probabilities(&e->pace, probabilities_out);
}

static void forget(struct ob_value *value)
{
    *value = (struct ob_value){0};
}

static void set(const struct ob_engine *e, struct ob_value *value, bool valid, double x, double quality_01)
{
    if (!valid || !isfinite(x)) {
        forget(value);
        return;
    }
    if (!value->valid)
        value->valid_from_ns = e->shot.now_ns;
    value->valid = true;
    value->value = x;
    value->quality_01 = ob_clamp01(quality_01);
}

/* How good what a feature rests on is: the source's own quality, times the share of uncorrected beats in its window. */
static double window_quality_01(const struct ob_engine *e, int64_t window_ns)
{
    const struct ob_nn_beat *newest = ob_nn_series_back(&e->series, 0);
    if (!newest)
        return 0.0;
    const uint32_t n = ob_nn_series_since(&e->series, newest->time_ns - window_ns);
    uint32_t normal = 0;
    for (uint32_t i = 0; i < n; i++)
        normal += ob_nn_series_back(&e->series, i)->normal;
    return n > 0 ? ob_intake_quality_01(&e->intake) * normal / n : 0.0;
}

/* ---- beats ------------------------------------------------------------------------------------------------------ */

static void show_beat(struct ob_engine *e, const struct ob_intake_beat *beat)
{
    e->shot.beats[e->shot.beat_count++ % OB_SNAPSHOT_BEATS] = (struct ob_snapshot_beat){
        .time_ns = beat->time_ns,
        .age_ns = beat->age_ns > 0 ? beat->age_ns : 0,
        .rr_ms = (float)beat->rr_ms,
        .nn_ms = (float)beat->nn_ms,
        .flag = beat->flag,
    };
    e->shot.age_ns = beat->age_ns > 0 ? beat->age_ns : 0;
}

/* A corrected beat holds every score until a whole breath has passed without one. */
static void note_artefact(struct ob_engine *e)
{
    e->breath_clean = false;
    const double breath_s = 60.0 / fmax(e->guide.rate_brpm, 3.0);
    const int64_t until_ns = e->shot.now_ns + ob_ns_from_s(breath_s);
    if (until_ns > e->hold_until_ns)
        e->hold_until_ns = until_ns;
}

/* What the pace's posterior says now, and where the guide may go with it. A pace is followed once its interval is
 * narrow enough to be named; those who opted in follow it at once, by the quarter of a breath in two minutes. */
static void refresh_pace(struct ob_engine *e)
{
    ob_own_pace_estimate(&e->pace, &e->shot.own_pace);
    const struct ob_own_pace_estimate *own = &e->shot.own_pace;
    const bool adaptive = e->guide.plan.adaptive && own->word != OB_PACE_ANYWHERE;
    const bool followed = own->word == OB_PACE_NUMBER || adaptive;
    ob_guide_aim(&e->guide, followed ? own->mean_brpm : 0.0, adaptive ? ADAPTIVE_PER_MIN : 0.0);
}

/* A clean guided breath that the person followed. Its length is that of the pacer's breath: heart beats show a single
 * breath's length worse (0.60/min) than the pace does for somebody who follows it (0.35/min; simulated). */
static void learn_from_breath(struct ob_engine *e, const struct ob_nn_beat *beat)
{
    struct ob_history_point before = {0};
    const int64_t back_ns = ob_ns_from_s(60.0 / fmax(e->guide.rate_brpm, 3.0));
    if (!e->shot.fit_01.valid || e->shot.fit_01.value < FOLLOWED || e->unfit ||
        !ob_history_at(&e->history, beat->time_ns - back_ns, &before) || !before.guided)
        return;
    const double brpm = (beat->pacer_turns - before.turns) / ob_s_from_ns(back_ns) * 60.0;
    ob_own_pace_breath(&e->pace, brpm, e->rsa.last_bpm);
    ob_search_breath(&e->search, e->guide.phase, ob_s_from_ns(e->guide.phase_ns), brpm, e->rsa.last_bpm,
                     e->shot.fit_01.value);
}

static void learn_from_ripple(struct ob_engine *e)
{
    struct ob_ripple ripple;
    if (!e->unfit && e->shot.sensor == OB_SENSOR_LIVE && ob_guide_leads(&e->guide) &&
        ob_ripple_measure(&e->series, &ripple))
        ob_own_pace_ripple(&e->pace, &ripple);
    refresh_pace(e);
}

/* The half breath that a beat belongs to: of the guided breath at its measured time, else of one of the person's own
 * length. */
static void collect_rsa(struct ob_engine *e, const struct ob_nn_beat *beat)
{
    if (!beat->guided) {
        const double own = e->own.brpm > 0.0 ? e->own.brpm : 6.0;
        e->own_turns += beat->nn_ms / 60000.0 * own;
    }
    const uint64_t half = (uint64_t)(2.0 * (beat->guided ? beat->pacer_turns : e->own_turns));
    if (!beat->follows || beat->guided != e->rsa_guided) {
        ob_rsa_break(&e->rsa);
        e->rsa_guided = beat->guided;
        e->rsa_half = half;
    } else if (half != e->rsa_half) {
        const bool read = ob_rsa_half_end(&e->rsa, beat->time_ns);
        const bool breath_ends = half % 2 == 0;
        if (read && breath_ends && e->breath_clean && beat->guided) {
            ob_feedback_breath(&e->feedback, e->rsa.last_bpm);
            learn_from_breath(e, beat);
        } else if (breath_ends && beat->guided && !e->breath_clean) {
            ob_feedback_spoiled(&e->feedback);
        }
        if (breath_ends)
            e->breath_clean = true;
        e->rsa_half = half;
    }
    ob_rsa_beat(&e->rsa, beat);
    double bpm = 0.0, ms = 0.0;
    const bool known = ob_rsa_amplitude(&e->rsa, &bpm, &ms) && beat->time_ns - e->first_beat_ns > MINUTE_NS / 2;
    const double quality = known ? window_quality_01(e, FIT_NS) : 0.0;
    set(e, &e->shot.rsa_bpm, known, bpm, quality);
    set(e, &e->shot.rsa_ms, known, ms, quality);
}

static void reward_exhale(struct ob_engine *e, const struct ob_nn_beat *beat)
{
    if (!beat->guided)
        return;
    /* The shape of the breath under way serves for the one before it as well: shapes change slowly. */
    const struct ob_pacer_segment then = {
        .phase_turns = ob_fract(beat->pacer_turns), .shape = e->guide.segment.shape, .next = e->guide.segment.shape};
    const struct ob_pacer_state pacer_then = ob_pacer_at(&then, 0);
    ob_exhale_beat(&e->exhale, (uint64_t)beat->pacer_turns, &pacer_then, 60000.0 / beat->nn_ms, beat->normal);
}

/* Where the heart is answered: in practice, in a phase that shows what it does, and never in a window that is compared
 * with another one. A treatment's phases have no feedback, so there a moment is only marked. */
static bool answers(const struct ob_engine *e)
{
    const uint32_t stage = e->shot.stage;
    return (stage == OB_STAGE_GUIDED || stage == OB_STAGE_NATURAL || stage == OB_STAGE_UNPACED) &&
           ob_guide_rewards(&e->guide);
}

static void take_nn(struct ob_engine *e, int64_t time_ns, const struct ob_intake_beat *from)
{
    const struct ob_nn_beat *newest = ob_nn_series_back(&e->series, 0);
    struct ob_history_point then = {0};
    const bool placed = ob_history_at(&e->history, time_ns, &then);
    const struct ob_nn_beat beat = {
        .time_ns = time_ns,
        .nn_ms = from->nn_ms,
        .pacer_turns = then.turns,
        .guided = placed && then.guided,
        .normal = from->flag == OB_BEAT_NORMAL,
        /* Interval and distance agree unless something is missing between. */
        .follows = newest && fabs(ob_s_from_ns(time_ns - newest->time_ns) * 1e3 - from->nn_ms) < 0.35 * from->nn_ms,
    };
    if (!ob_nn_series_push(&e->series, &beat))
        return;
    collect_rsa(e, &beat);
    reward_exhale(e, &beat);
    ob_moment_beat(&e->moment, &e->shot, &e->intake, time_ns, beat.nn_ms, beat.follows, beat.normal,
                   beat.guided ? e->guide.rate_brpm : 0.0, answers(e));
}

/* Whether this heart can be scored at all. A minute without order must last, since chance makes one now and then. */
static void judge_rhythm(struct ob_engine *e, uint32_t beats, uint32_t artefacts, int64_t newest_ns)
{
    const enum ob_rhythm rhythm = ob_rhythm_of(&e->series, newest_ns - MINUTE_NS);
    const double since_s = ob_s_from_ns(newest_ns - e->judged_ns);
    e->disorder_s = ob_clamp(e->disorder_s + (rhythm == OB_RHYTHM_NONE ? since_s : -since_s), 0.0, DISORDER_MAX_S);
    e->judged_ns = newest_ns;
    if ((beats >= UNFIT_BEATS && artefacts > UNFIT_ABOVE * beats) || rhythm == OB_RHYTHM_FIXED ||
        e->disorder_s > DISORDER_S)
        e->unfit = true;
    else if (artefacts < FIT_BELOW * beats && e->disorder_s <= 0.0)
        e->unfit = false;
}

static void refresh_by_beat(struct ob_engine *e)
{
    const int64_t now = e->shot.now_ns;
    const bool awake = e->first_beat_ns != INT64_MAX;
    const int64_t newest_ns = ob_nn_series_back(&e->series, 0) ? ob_nn_series_back(&e->series, 0)->time_ns : now;
    const double hr = ob_nn_series_hr_bpm(&e->series, newest_ns - HR_NS);
    set(e, &e->shot.hr_bpm, awake && now - e->first_beat_ns >= HR_NS && hr > 0.0, hr, window_quality_01(e, HR_NS));

    double fit = 0.0;
    const bool fitted = ob_fit_r2(&e->series, newest_ns - FIT_NS, &fit) && now - e->first_beat_ns >= FIT_NS;
    set(e, &e->shot.fit_01, fitted, fit, window_quality_01(e, FIT_NS));

    double fit_long = 0.0;
    e->fit_long_01 = fitted && ob_fit_r2(&e->series, newest_ns - 2 * MINUTE_NS, &fit_long) ? fmax(fit_long, 1e-6) : 0.0;

    double rmssd = 0.0;
    const bool varied = ob_nn_series_rmssd_ms(&e->series, newest_ns - MINUTE_NS, &rmssd);
    set(e, &e->shot.rmssd_ms, varied && now - e->first_beat_ns >= MINUTE_NS, rmssd, window_quality_01(e, MINUTE_NS));

    uint32_t beats = 0, artefacts = 0;
    const uint64_t kept = e->shot.beat_count < OB_SNAPSHOT_BEATS ? e->shot.beat_count : OB_SNAPSHOT_BEATS;
    for (uint64_t i = 0; i < kept; i++) {
        const struct ob_snapshot_beat *b = &e->shot.beats[(e->shot.beat_count - 1 - i) % OB_SNAPSHOT_BEATS];
        if (newest_ns - b->time_ns > MINUTE_NS)
            break;
        beats++;
        artefacts += b->flag != OB_BEAT_NORMAL;
    }
    set(e, &e->shot.artefact_share_01, beats >= 10, beats ? (double)artefacts / beats : 0.0,
        ob_intake_quality_01(&e->intake));
    judge_rhythm(e, beats, artefacts, newest_ns);
    if (e->unfit) {
        struct ob_value *const scores[] = {&e->shot.rsa_bpm, &e->shot.rsa_ms, &e->shot.fit_01, &e->shot.rmssd_ms};
        for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
            forget(scores[i]);
    }
}

static void take_beats(struct ob_engine *e)
{
    for (int i = 0; i < e->intake.out_count; i++) {
        const struct ob_intake_beat *beat = &e->intake.out[i];
        if (e->first_beat_ns == INT64_MAX)
            e->first_beat_ns = e->shot.now_ns;
        show_beat(e, beat);
        if (beat->flag != OB_BEAT_NORMAL && beat->flag != OB_BEAT_GAP)
            note_artefact(e);
        if (beat->nn_ms <= 0.0)
            continue;
        /* What stands for several intervals is laid down as that many, equal ones. */
        for (uint32_t part = beat->parts > 0 ? beat->parts : 1; part-- > 0;)
            take_nn(e, beat->time_ns - (int64_t)(part * beat->nn_ms * 1e6), beat);
    }
    if (e->intake.out_count > 0)
        refresh_by_beat(e);
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

/* Stamps that can't be are replaced by the next better one: nothing arrives after it is applied or is measured after it
 * arrives, and nothing is older than a minute. */
static int64_t believable(int64_t stamp_ns, int64_t latest_ns)
{
    return stamp_ns > latest_ns || stamp_ns < latest_ns - OLDEST_NS ? latest_ns : stamp_ns;
}

static void take_data(struct ob_engine *e, const struct ob_event *event)
{
    struct ob_event checked = *event;
    checked.applied_ns = e->shot.now_ns > event->applied_ns ? e->shot.now_ns : event->applied_ns;
    checked.arrived_ns = believable(event->arrived_ns, checked.applied_ns);
    checked.measured_ns = believable(event->measured_ns, checked.arrived_ns);
    ob_intake_event(&e->intake, &checked);
    ob_moment_motion(&e->moment, &e->intake);
    e->disturbed |= e->intake.moved;
    if (event->kind == OB_EVENT_GAP) {
        ob_rsa_break(&e->rsa);
        take_beats(e);
        return;
    }
    e->sensor_expected = true;
    e->shot.arrivals++;
    e->shot.last_arrived_ns = checked.arrived_ns;
    if (e->intake.beat_time_ns > e->last_beat_ns) {
        e->last_beat_ns = e->intake.beat_time_ns;
        e->last_arrival_ns = e->shot.now_ns;
        e->shot.newest_ns = e->intake.beat_time_ns;
        e->shot.newest_rr_ms = e->intake.beat_rr_ms;
        ob_swell_beat(&e->swell, e->intake.beat_time_ns, e->shot.now_ns, e->intake.beat_rr_ms);
    }
    take_beats(e);
}

static void take_command(struct ob_engine *e, uint32_t code, double value)
{
    switch (code) {
    case OB_COMMAND_PAUSE:
        ob_guide_pause(&e->guide, value != 0.0);
        break;
    case OB_COMMAND_JUST_BREATHE:
        ob_guide_natural(&e->guide, value != 0.0);
        break;
    case OB_COMMAND_DIZZY:
        ob_guide_natural(&e->guide, true);
        break;
    case OB_COMMAND_RATE_BRPM:
        if (isfinite(value))
            ob_guide_choose_rate(&e->guide, value);
        break;
    case OB_COMMAND_INHALE_SHARE:
        if (isfinite(value))
            ob_guide_choose_inhale(&e->guide, value);
        break;
    case OB_COMMAND_SENSOR:
        e->sensor_expected = value != 0.0;
        break;
    case OB_COMMAND_END:
        ob_guide_end(&e->guide, e->shot.now_ns);
        break;
    case OB_COMMAND_NEXT:
        ob_guide_next(&e->guide, e->shot.now_ns);
        break;
    default:
        break;
    }
}

/* A mark is counted and shown. Pacing and scores go on as they are; only a body that lies another way is a break. */
static void take_mark(struct ob_engine *e, const struct ob_event *event)
{
    struct ob_snapshot *s = &e->shot;
    if (event->u.mark.label >= OB_MARK_LABELS)
        return;
    s->note_count++;
    s->note = event->u.mark.label;
    s->note_ns = believable(event->measured_ns, s->now_ns);
    if (s->note != OB_MARK_TURNED_OVER)
        return;
    s->turned_over++;
    ob_settling_anew(&e->moment.settling);
}

void ob_engine_step(struct ob_engine *e, const struct ob_event *event)
{
    if (event->kind == OB_EVENT_BEGIN) {
        if (event->applied_ns > -FARTHEST_NS && event->applied_ns < FARTHEST_NS)
            begin(e, event);
        return;
    }
    if (!e->begun)
        return;
    if (event->applied_ns < e->shot.now_ns)
        e->shot.late_events++;
    else if (event->applied_ns - e->shot.now_ns > DAY_NS)
        return; /* a clock that jumped */
    ob_engine_advance(e, event->applied_ns);
    switch (event->kind) {
    case OB_EVENT_RR:
    case OB_EVENT_SAMPLES:
    case OB_EVENT_GAP:
        take_data(e, event);
        break;
    case OB_EVENT_CONTACT:
        e->contact_lost = event->u.contact.supported && !event->u.contact.touching;
        break;
    case OB_EVENT_PHASE:
        if (ob_guide_add_phase(&e->guide, &event->u.phase, e->shot.now_ns)) {
            ob_search_init(&e->search, e->guide.phases, e->guide.phase_count);
            show_guide(e);
        }
        break;
    case OB_EVENT_PAST:
        if (e->shot.ticks == 0) {
            ob_own_pace_load(&e->pace, event->u.past.pace);
            refresh_pace(e);
        }
        break;
    case OB_EVENT_COMMAND:
        e->disturbed |= event->u.command.code != OB_COMMAND_SENSOR;
        take_command(e, event->u.command.code, event->u.command.value);
        break;
    case OB_EVENT_MARK:
        e->disturbed = true;
        take_mark(e, event);
        break;
    default:
        break;
    }
}

/* ---- ticks ------------------------------------------------------------------------------------------------------ */

static enum ob_signal_state signal_state(struct ob_engine *e)
{
    const int64_t silence_ns = e->shot.now_ns - e->last_arrival_ns;
    e->shot.silence_ns = silence_ns;
    e->shot.reason[0] = '\0';
    if (!e->sensor_expected)
        return OB_SENSOR_NONE;
    if (e->contact_lost) {
        snprintf(e->shot.reason, sizeof e->shot.reason, "%s", OB_TR("the sensor does not touch the skin"));
        return silence_ns > LOST_NS ? OB_SENSOR_LOST : OB_SENSOR_HELD;
    }
    if (e->shot.beat_count == 0)
        return OB_SENSOR_WAITING;
    if (silence_ns > LOST_NS) {
        snprintf(e->shot.reason, sizeof e->shot.reason, "%s",
                 OB_TR("no heart beats for a while: plain pacing until they return"));
        return OB_SENSOR_LOST;
    }
    if (silence_ns > HELD_NS) {
        snprintf(e->shot.reason, sizeof e->shot.reason, "%s", OB_TR("signal held: waiting for the next beat"));
        return OB_SENSOR_HELD;
    }
    if (e->unfit) {
        snprintf(e->shot.reason, sizeof e->shot.reason,
                 "these scores do not fit this recording; pacing continues. This is not a heart check");
        return OB_SENSOR_UNFIT;
    }
    if (e->shot.now_ns < e->hold_until_ns) {
        snprintf(e->shot.reason, sizeof e->shot.reason, "%s", OB_TR("signal held"));
        return OB_SENSOR_HELD;
    }
    return OB_SENSOR_LIVE;
}

/* Features that are silent for too long are no longer known. */
static void forget_stale(struct ob_engine *e)
{
    if (e->shot.sensor != OB_SENSOR_LOST || e->first_beat_ns == INT64_MAX)
        return;
    e->first_beat_ns = INT64_MAX;
    ob_swell_stop(&e->swell);
    ob_rsa_init(&e->rsa);
    ob_nn_series_init(&e->series);
    struct ob_value *all[] = {&e->shot.hr_bpm,   &e->shot.rsa_bpm,     &e->shot.rsa_ms,
                              &e->shot.fit_01,   &e->shot.breath_brpm, &e->shot.concentration_01,
                              &e->shot.rmssd_ms, &e->shot.coherence,   &e->shot.artefact_share_01};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        forget(all[i]);
    ob_own_breath_init(&e->own);
}

static void refresh_spectrum(struct ob_engine *e)
{
    struct ob_spectrum_result r;
    const bool there = ob_spectrum_compute(e->spectrum, &e->series, e->shot.now_ns, &r);
    const bool full = there && r.window_s >= OB_SPECTRUM_WINDOW_S - 0.5 && !e->unfit;
    const double quality = window_quality_01(e, MINUTE_NS);
    set(e, &e->shot.concentration_01, full, there ? r.concentration_01 : 0.0, quality);
    set(e, &e->shot.coherence, full, there ? r.coherence : 0.0, quality);
}

static void refresh_breath(struct ob_engine *e)
{
    struct ob_resp_rate rate;
    const bool trusted = ob_own_breath_refresh(&e->own, &e->intake, e->shot.now_ns, e->unfit, &rate);
    ob_moment_sighs(&e->moment, &e->intake, e->shot.now_ns);
    set(e, &e->shot.breath_brpm, trusted, rate.brpm, rate.quality_01);
    if (!trusted)
        return;
    if (rate.source != OB_RESP_HEART) /* read from the heart it would be no second witness */
        ob_settling_breath(&e->moment.settling, rate.brpm);
}

/* Whether the person breathes with the pacer, from what has come lately of a heart that can be judged by it. */
static void refresh_following(struct ob_engine *e)
{
    const struct ob_nn_beat *newest = ob_nn_series_back(&e->series, 0);
    const bool own_known = ob_own_breath_known(&e->own, e->shot.now_ns);
    if (!newest || e->shot.now_ns - newest->time_ns >= LOST_NS || e->unfit || !ob_guide_leads(&e->guide) ||
        !ob_following_signs(&e->series, own_known ? e->own.brpm : 0.0, e->following_signs))
        return;
    e->following = ob_following_ln_odds(e->following_signs);
    e->following_ns = e->shot.now_ns;
}

static void move_toward(float *value, double target, double tau_s)
{
    *value += (float)((target - (double)*value) * ob_lag(TICK_S, tau_s));
}

static void refresh_params(struct ob_engine *e)
{
    struct ob_snapshot *s = &e->shot;
    struct ob_params *p = &s->params;
    const bool leads = ob_guide_leads(&e->guide);
    const bool rewards = leads && ob_guide_rewards(&e->guide);
    const bool live = s->sensor == OB_SENSOR_LIVE;
    const bool held = s->sensor == OB_SENSOR_HELD;
    const struct ob_pacer_state pacer = ob_pacer_at(&s->pacer, s->now_ns);

    const bool closing = s->now_ns > s->end_ns - 4 * OB_NS_PER_S;
    const double presence = s->stage == OB_STAGE_ENDED || closing ? 0.0
                            : s->stage == OB_STAGE_PAUSED         ? 0.35
                                                                  : 1.0 - s->let_go_01;
    move_toward(&p->presence_01, presence, s->stage == OB_STAGE_PAUSED ? 0.8 : 1.3);
    move_toward(&p->guidance_01, leads ? 1.0 : 0.0, leads ? 0.5 : 1.5);
    move_toward(&p->signal_01, live ? 1.0 : held || s->sensor == OB_SENSOR_UNFIT ? 0.6 : 0.0, 3.0);
    move_toward(&p->fit_01, s->fit_01.valid ? s->fit_01.value : 0.0, 2.0);

    const double clean = s->artefact_share_01.valid ? 1.0 - s->artefact_share_01.value : 1.0;
    /* A heart that breathes by itself fits for half a minute by chance, hardly for two. */
    const double lasting = e->fit_long_01 > 0.0 ? ob_smoothstep(0.06, 0.20, e->fit_long_01) : 1.0;
    ob_feedback_tick(&e->feedback, s->rsa_bpm.value, s->fit_01.value * lasting, clean,
                     s->rsa_bpm.valid && s->fit_01.valid && rewards, held, TICK_S);
    p->feedback_01 = (float)ob_feedback_01(&e->feedback);

    ob_exhale_tick(&e->exhale, (uint64_t)e->turns, &pacer, ob_s_from_ns(s->age_ns), (live || held) && rewards, TICK_S);
    p->exhale_01 = (float)e->exhale.level_01;
    p->tail_01 = (float)e->exhale.tail_01;
    p->pulse_01 = (float)ob_swell_tick(&e->swell, s->now_ns);
    ob_moment_tick(&e->moment, s, answers(e));

    /* Quality: the source's own, less for artefacts and for silence. */
    const double artefacts = s->artefact_share_01.valid ? s->artefact_share_01.value : 0.0;
    const double there = s->sensor >= OB_SENSOR_LIVE && s->sensor != OB_SENSOR_LOST ? 1.0 : 0.0;
    s->quality_01 = there * ob_intake_quality_01(&e->intake) * (1.0 - ob_clamp01(artefacts * 4.0)) *
                    ob_clamp01(1.0 - (ob_s_from_ns(s->silence_ns) - 2.0) / 8.0);
}

static void trace(struct ob_engine *e)
{
    struct ob_snapshot *s = &e->shot;
    const struct ob_pacer_state pacer = ob_pacer_at(&s->pacer, s->now_ns);
    const struct ob_history_point point = {
        .turns = e->turns, .volume_01 = (float)pacer.volume_01, .guided = ob_guide_leads(&e->guide)};
    ob_history_push(&e->history, s->now_ns, &point);
    s->trace[s->trace_count++ % OB_SNAPSHOT_TRACE] = point.guided ? point.volume_01 : -1.0f;
    s->trace_last_ns = s->now_ns;
}

/* Who has fallen asleep is let go: sound and light go slowly, and then the session is over. */
static void watch_over(struct ob_engine *e)
{
    struct ob_snapshot *s = &e->shot;
    const struct ob_asleep_input input = {
        .leads = s->stage == OB_STAGE_GUIDED && ob_guide_lets_go(&e->guide),
        .disturbed = e->disturbed,
        .fit_known = e->fit_long_01 > 0.0 && s->sensor == OB_SENSOR_LIVE,
        .fit_long_01 = e->fit_long_01,
        .own_known = s->breath_brpm.valid,
        .own_brpm = s->breath_brpm.value,
        .pace_brpm = e->guide.rate_brpm,
        .hr_known = s->hr_bpm.valid,
        .hr_bpm = s->hr_bpm.value,
    };
    ob_asleep_second(&e->asleep, &input);
    e->disturbed = false;
    const double gone_01 = ob_asleep_gone_01(&e->asleep);
    s->let_go_ns = e->asleep.let_go_s < 0.0 ? 0 : s->let_go_ns ? s->let_go_ns : s->now_ns;
    s->let_go_01 = gone_01;
    if (ob_asleep_over(&e->asleep))
        ob_guide_end(&e->guide, s->now_ns);
}

static void tick(struct ob_engine *e)
{
    struct ob_snapshot *s = &e->shot;
    s->now_ns += OB_TICK_NS;
    s->ticks++;

    struct ob_guide_input input = {
        .following = e->following,
        .following_known = e->following_ns != INT64_MIN && s->now_ns - e->following_ns <= FOLLOWING_NS,
        .heart = s->sensor >= OB_SENSOR_LIVE && s->sensor != OB_SENSOR_LOST,
    };
    ob_own_breath_tell(&e->own, s->now_ns, &input);
    ob_guide_tick(&e->guide, s->now_ns, &input);
    show_guide(e);
    e->turns = (double)e->guide.breaths + s->pacer.phase_turns;

    s->sensor = signal_state(e);
    s->beats_from = ob_intake_source(&e->intake);
    forget_stale(e);
    if (s->ticks % 25 == 1)
        trace(e);
    if (s->ticks % 100 == 0) {
        refresh_spectrum(e);
        if (s->stage != OB_STAGE_ENDED)
            watch_over(e);
    }
    if (s->ticks % 200 == 0)
        refresh_breath(e);
    if (s->ticks % 500 == 0)
        refresh_following(e);
    if (s->ticks % (100 * OB_PACE_RIPPLE_S) == 0)
        learn_from_ripple(e);
    refresh_params(e);
}

void ob_engine_advance(struct ob_engine *e, int64_t now_ns)
{
    if (!e->begun)
        return;
    while (now_ns > e->shot.now_ns && now_ns - e->shot.now_ns >= OB_TICK_NS)
        tick(e);
}
