/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of things in one step: body, breathing, heart, beats, samples. */
#include "person/person.h"

#include "base/maths.h"
#include "base/time.h"
#include "person/body.h"
#include "person/breathing.h"
#include "person/ecg.h"
#include "person/frames.h"
#include "person/heart.h"
#include "person/pulse.h"
#include "person/strap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TRUE_BEATS 256
#define ASLEEP_S   180.0

static const double dt = OB_PERSON_STEP_S;
static const double never = 1e300;
static const double warm_up_s = 40.0; /* filters and breathing are in their stride when life begins */

struct stream {
    bool on;
    int64_t next;      /* number of the next frame */
    double period_s;   /* true time from frame to frame */
    double nominal_hz; /* as the sensor's clock has it */
    struct ob_person_frames frames;
};

struct ob_person {
    struct ob_person_desc desc;
    int64_t start_ns;
    int64_t now_ns;
    int64_t steps;
    struct ob_person_breathing breathing;
    struct ob_person_heart heart;
    struct ob_person_body body;
    struct ob_person_strap strap;
    struct ob_person_ecg ecg;
    struct ob_person_pulse pulse;
    struct ob_rng belt_rng;
    double shift_01;
    struct ob_person_lungs lungs;
    bool next_missed;
    double extra_cycles; /* where something will be seen that is not there; or never */
    double last_beat_s;  /* negative: none yet */
    struct stream streams[OB_PERSON_SIGNALS];
    int true_first, true_count;
    uint64_t beats, true_lost;
    struct ob_person_true_beat true_beats[TRUE_BEATS];
};

static void bring_into_range(struct ob_person_desc *desc)
{
#define BRING(name, standard, low, high, unit, meaning)                                                                \
    if (!(desc->name >= (low) && desc->name <= (high)))                                                                \
        desc->name = isfinite(desc->name) ? ob_clamp(desc->name, (low), (high)) : (standard);
    OB_PERSON_TABLE(BRING)
#undef BRING
}

/* What is to come after the beat that has just been: decided now, since its P wave begins well before it. */
static void foresee(struct ob_person *p)
{
    double extra_at_01;
    ob_person_strap_foresee(&p->strap, p->body.motion_01, &p->next_missed, &extra_at_01);
    const double from = p->heart.cycles, to = p->heart.due_cycles;
    p->extra_cycles = extra_at_01 >= 0 ? from + extra_at_01 * (to - from) : never;
    if (!p->streams[OB_PERSON_ECG].on)
        return;
    const double seen = (p->next_missed ? 0.03 : 1.0) * (0.25 + 0.75 * p->strap.contact_01);
    /* The chest grows with the breath: the heart's axis turns and its waves look smaller. */
    const double scale = seen * (1.0 - 0.12 * tanh(p->lungs.volume_l));
    ob_person_ecg_beat(&p->ecg, p->heart.due_ectopic ? OB_PERSON_ECG_ECTOPIC : OB_PERSON_ECG_NORMAL, to, p->heart.bpm,
                       scale);
    if (extra_at_01 >= 0)
        ob_person_ecg_beat(&p->ecg, OB_PERSON_ECG_SPIKE, p->extra_cycles, p->heart.bpm, seen);
}

static double full_01(const struct ob_person *p)
{
    return p->lungs.volume_l / (p->lungs.volume_l + 0.5); /* a sigh is not five breaths to the pulse */
}

static void beat(struct ob_person *p, double time_s)
{
    const bool ectopic = p->heart.due_ectopic;
    const bool reported = !p->next_missed && p->strap.connected;
    ob_person_strap_beat(&p->strap, time_s, ectopic ? OB_PERSON_BEAT_ECTOPIC : OB_PERSON_BEAT_NORMAL, p->next_missed);
    if (p->streams[OB_PERSON_PPG].on) {
        /* An early beat has had no time to fill: a weak pulse. */
        const double scale = (p->next_missed ? 0.06 : 1.0) * (ectopic ? 0.45 : 1.0);
        ob_person_pulse_beat(&p->pulse, time_s, p->heart.bpm, full_01(p), scale);
    }
    p->body.beat_s = time_s;
    if (p->true_count == TRUE_BEATS) {
        p->true_first = (p->true_first + 1) % TRUE_BEATS;
        p->true_count--;
        p->true_lost++;
    }
    p->true_beats[(p->true_first + p->true_count++) % TRUE_BEATS] = (struct ob_person_true_beat){
        .time_ns = p->start_ns + ob_ns_from_s(time_s),
        .rr_ms = p->last_beat_s >= 0 ? (time_s - p->last_beat_s) * 1000.0 : 0.0,
        .ectopic = ectopic,
        .reported = reported,
    };
    p->last_beat_s = time_s;
    p->beats++;
    ob_person_heart_beaten(&p->heart);
}

/* Integral pulse frequency modulation over one step, in which the rate changes so little that the phase is straight. */
static void beats(struct ob_person *p, double begin_s, double cycles_begin, double cycles_end)
{
    const double slope = dt / (cycles_end - cycles_begin);
    while (p->heart.due_cycles <= cycles_end || p->extra_cycles <= cycles_end) {
        if (p->extra_cycles < p->heart.due_cycles) {
            const double time_s = begin_s + (p->extra_cycles - cycles_begin) * slope;
            p->extra_cycles = never;
            ob_person_strap_beat(&p->strap, time_s, OB_PERSON_BEAT_EXTRA, false);
            continue;
        }
        p->heart.cycles = p->heart.due_cycles;
        beat(p, begin_s + (p->heart.due_cycles - cycles_begin) * slope);
        foresee(p);
    }
    p->heart.cycles = cycles_end;
}

static void make_frame(struct ob_person *p, enum ob_person_signal which, double time_s, double cycles, double volume_l,
                       float *frame)
{
    const double artefact = ob_person_body_artefact(&p->body), stroke = p->body.stroke_01;
    const double loose = 1.0 - p->strap.contact_01;
    switch (which) {
    case OB_PERSON_ECG: {
        /* Breath moves the model's baseline z0; hands and movement pull at the electrodes, past the heart. */
        const double noise_factor = 1.0 + 20.0 * loose + 3.0 * stroke;
        frame[0] = (float)(ob_person_ecg_sample(&p->ecg, cycles, 0.08 * tanh(volume_l), noise_factor) + 0.3 * stroke +
                           0.8 * artefact);
        break;
    }
    case OB_PERSON_PPG:
        frame[0] = (float)(ob_person_pulse_sample(&p->pulse, time_s, full_01(p), 0.008 * (1.0 + 20.0 * loose)) +
                           0.8 * artefact);
        break;
    case OB_PERSON_RESP:
        frame[0] = (float)(volume_l + 0.01 * ob_rng_normal(&p->belt_rng) - 0.05 * stroke + 0.3 * artefact);
        break;
    default:
        ob_person_body_acc(&p->body, time_s, volume_l, frame);
        break;
    }
}

static void samples(struct ob_person *p, double begin_s, double cycles_begin, double volume_begin_l)
{
    const double end_s = begin_s + dt;
    for (int which = 0; which < OB_PERSON_SIGNALS; which++) {
        struct stream *s = &p->streams[which];
        if (!s->on)
            continue;
        for (double t; (t = (double)s->next * s->period_s) < end_s; s->next++) {
            const double part = ob_clamp01((t - begin_s) / dt);
            float frame[3];
            make_frame(p, (enum ob_person_signal)which, t, ob_lerp(cycles_begin, p->heart.cycles, part),
                       ob_lerp(volume_begin_l, p->lungs.volume_l, part), frame);
            if (p->strap.connected)
                ob_person_frames_push(&s->frames, s->next, frame);
        }
    }
}

static void step(struct ob_person *p, const struct ob_person_breathing_heard *heard)
{
    const double begin_s = (double)p->steps * dt;
    if (p->desc.shift_at_min >= 0)
        p->shift_01 = ob_clamp01((begin_s - 60.0 * p->desc.shift_at_min) / p->desc.shift_ramp_s);
    struct ob_person_breathing_heard awake = *heard;
    if (p->desc.asleep_at_min >= 0) {
        const double asleep_01 = ob_clamp01((begin_s - 60.0 * p->desc.asleep_at_min) / ASLEEP_S);
        awake.audible_01 *= 1.0 - asleep_01;
        p->heart.rate_bpm = p->desc.hr + asleep_01 * p->desc.asleep_bpm;
    }
    ob_person_body_step(&p->body);
    ob_person_strap_step(&p->strap, begin_s);

    const double bpm_begin = p->heart.bpm, cycles_begin = p->heart.cycles, volume_begin_l = p->lungs.volume_l;
    ob_person_breathing_step(&p->breathing, &awake, p->shift_01 * p->desc.shift_rate / 60.0);
    p->lungs = ob_person_breathing_lungs(&p->breathing);
    ob_person_heart_step(&p->heart, p->breathing.volume_l, begin_s + dt, p->shift_01);

    beats(p, begin_s, cycles_begin, cycles_begin + 0.5 * (bpm_begin + p->heart.bpm) / 60.0 * dt);
    samples(p, begin_s, cycles_begin, volume_begin_l);
    p->steps++;
}

static bool start_streams(struct ob_person *p)
{
    const double wait_s = 6.0 + p->desc.batch_s + p->desc.age_of_data_s;
    for (int i = 0; i < OB_PERSON_SIGNALS; i++) {
        struct stream *s = &p->streams[i];
        s->on = (p->desc.signals >> i) & 1u;
        s->nominal_hz = ob_person_signal_hz(p, (enum ob_person_signal)i);
        s->period_s = 1.0 / (s->nominal_hz * p->strap.clock_factor);
        if (s->on && !ob_person_frames_init(&s->frames, ob_person_channels((enum ob_person_signal)i),
                                            (int)(wait_s * s->nominal_hz) + 64))
            return false;
    }
    return true;
}

struct ob_person *ob_person_create(const struct ob_person_desc *desc, int64_t start_ns)
{
    struct ob_person *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->desc = *desc;
    bring_into_range(&p->desc);
    p->start_ns = p->now_ns = start_ns;
    p->last_beat_s = -1.0;
    p->extra_cycles = never;
    ob_person_breathing_init(&p->breathing, &p->desc);
    ob_person_heart_init(&p->heart, &p->desc);
    ob_person_body_init(&p->body, &p->desc);
    ob_person_strap_init(&p->strap, &p->desc, start_ns);
    ob_rng_init(&p->belt_rng, (uint64_t)p->desc.seed, OB_PERSON_STREAM_BELT);
    if (!start_streams(p)) {
        ob_person_destroy(p);
        return NULL;
    }
    const struct ob_person_breathing_heard silence = {0};
    for (int i = 0; i < (int)(warm_up_s / dt); i++) {
        ob_person_breathing_step(&p->breathing, &silence, 0);
        ob_person_heart_step(&p->heart, p->breathing.volume_l, 0, 0);
    }
    p->lungs = ob_person_breathing_lungs(&p->breathing);
    ob_person_ecg_init(&p->ecg, p->desc.seed, p->desc.ecg_hz, p->desc.ecg_noise_mv, p->desc.mains_mv);
    ob_person_pulse_init(&p->pulse, p->desc.seed, p->heart.bpm);
    foresee(p);
    return p;
}

void ob_person_destroy(struct ob_person *p)
{
    if (!p)
        return;
    for (int i = 0; i < OB_PERSON_SIGNALS; i++)
        ob_person_frames_finish(&p->streams[i].frames);
    free(p);
}

void ob_person_advance(struct ob_person *p, int64_t now_ns, const struct ob_person_cue *cue)
{
    const bool heard =
        cue && cue->audible_01 > 0 && isfinite(cue->phase_turns) && cue->rate_brpm > 0 && cue->rate_brpm <= 120.0;
    const double rate_hz = heard ? cue->rate_brpm / 60.0 : 0;
    if (now_ns > p->now_ns)
        p->now_ns = now_ns;
    for (;;) {
        const int64_t begin_ns = p->start_ns + p->steps * OB_PERSON_STEP_NS;
        if (begin_ns + OB_PERSON_STEP_NS > p->now_ns)
            return;
        struct ob_person_breathing_heard then = {0};
        if (heard) {
            then.phase_turns = ob_fract(cue->phase_turns - rate_hz * ob_s_from_ns(now_ns - begin_ns));
            then.rate_hz = rate_hz;
            then.inhale_01 = cue->inhale_01 > 0 ? ob_clamp(cue->inhale_01, 0.1, 0.9) : 0.4;
            then.audible_01 = ob_clamp01(cue->audible_01);
        }
        step(p, &then);
    }
}

bool ob_person_take_beat(struct ob_person *p, struct ob_person_beat *out)
{
    return ob_person_strap_take(&p->strap, p->start_ns + p->steps * OB_PERSON_STEP_NS, out);
}

bool ob_person_take_true_beat(struct ob_person *p, struct ob_person_true_beat *out)
{
    if (p->true_count == 0)
        return false;
    *out = p->true_beats[p->true_first];
    p->true_first = (p->true_first + 1) % TRUE_BEATS;
    p->true_count--;
    return true;
}

int ob_person_take_samples(struct ob_person *p, enum ob_person_signal which, float *out, int max_frames,
                           int64_t *last_measured_ns)
{
    if ((unsigned)which >= OB_PERSON_SIGNALS || !p->streams[which].on || max_frames <= 0)
        return 0;
    struct stream *s = &p->streams[which];
    const double delivered_s = ob_person_strap_delivered_s(&p->strap, (double)p->steps * dt);
    if (delivered_s < 0)
        return 0;
    int64_t number = -1;
    const int taken = ob_person_frames_take(&s->frames, out, max_frames, (int64_t)(delivered_s / s->period_s), &number);
    if (taken > 0 && last_measured_ns)
        *last_measured_ns = p->start_ns + ob_ns_from_s((double)number / s->nominal_hz);
    return taken;
}

int ob_person_channels(enum ob_person_signal which)
{
    return which == OB_PERSON_ACC ? 3 : 1;
}

double ob_person_signal_hz(const struct ob_person *p, enum ob_person_signal which)
{
    switch (which) {
    case OB_PERSON_ECG:
        return p->desc.ecg_hz;
    case OB_PERSON_PPG:
        return p->desc.ppg_hz;
    case OB_PERSON_RESP:
        return 25.0;
    default:
        return 50.0;
    }
}

bool ob_person_touching(const struct ob_person *p)
{
    return p->strap.contact_01 > 0.5;
}

bool ob_person_connected(const struct ob_person *p)
{
    return p->strap.connected;
}

void ob_person_truth(const struct ob_person *p, struct ob_person_truth *out)
{
    *out = (struct ob_person_truth){
        .time_ns = p->start_ns + p->steps * OB_PERSON_STEP_NS,
        .phase_turns = p->lungs.phase_turns,
        .volume_l = p->lungs.volume_l,
        .rate_brpm = 60.0 * p->breathing.speed_hz,
        .natural_brpm = p->desc.rate + p->shift_01 * p->desc.shift_rate,
        .breath_l = p->lungs.depth_l,
        .inhale_01 = p->lungs.inhale_01,
        .hr_bpm = p->heart.bpm,
        .rsa_bpm = p->heart.rsa_bpm,
        .gain_bpm_l = p->heart.gain_bpm_l * (1.0 + p->heart.shift_gain * p->shift_01),
        .shift_01 = p->shift_01,
        .contact_01 = p->strap.contact_01,
        .lapsing = p->breathing.lapse_left_s > 0,
        .sighing = p->lungs.stretch > 1.0,
        .stroked = p->body.stroke_01 > 0,
        .moving = p->body.motion_01 > 0,
        .connected = p->strap.connected,
        .breaths = p->breathing.breaths,
        .beats = p->beats,
        .sighs = p->breathing.sighs,
        .lost = p->strap.lost + p->true_lost,
    };
    for (int i = 0; i < OB_PERSON_SIGNALS; i++)
        out->lost += p->streams[i].frames.lost;
}
