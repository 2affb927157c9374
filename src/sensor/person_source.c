/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/person_source.h"

#include "base/time.h"
#include "os/tr.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_NS (20 * OB_NS_PER_MS)

struct person_source {
    struct ob_sensor sensor;
    struct ob_person_source_desc desc;
    struct ob_person *person;
    int64_t next_ns;
    int64_t newest_ns[OB_PERSON_SIGNALS]; /* measured time of the newest frame; 0: none yet */
    int64_t age_ns;
    bool failed;
    bool contact_told, touching, connected;
};

static const uint32_t signal_of[OB_PERSON_SIGNALS] = {OB_SIGNAL_ECG, OB_SIGNAL_PPG, OB_SIGNAL_RESP, OB_SIGNAL_ACC};

static void take_contact(struct person_source *s, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    const bool touching = ob_person_touching(s->person);
    s->connected = ob_person_connected(s->person);
    if (s->contact_told && touching == s->touching)
        return;
    s->contact_told = true;
    s->touching = touching;
    struct ob_event event = ob_sensor_event(OB_EVENT_CONTACT, now_ns, now_ns);
    event.u.contact.supported = true;
    event.u.contact.touching = touching;
    emit(user, &event);
}

static void take_beats(struct person_source *s, int64_t now_ns, ob_sensor_emit_fn *emit, void *user)
{
    struct ob_person_beat beat;
    while (ob_person_take_beat(s->person, &beat)) {
        if (s->desc.feed != OB_PERSON_FEED_RR && s->desc.feed != OB_PERSON_FEED_ALL)
            continue;
        s->age_ns = now_ns - beat.measured_ns;
        if (beat.after_gap) {
            const struct ob_event gap =
                ob_sensor_event(OB_EVENT_GAP, beat.measured_ns - ob_ns_from_s(beat.rr_ms * 1e-3), now_ns);
            emit(user, &gap);
        }
        struct ob_event event = ob_sensor_event(OB_EVENT_RR, beat.measured_ns, now_ns);
        event.u.rr.rr_ms = beat.rr_ms;
        event.u.rr.beats = OB_BEATS_RR;
        event.u.rr.quality_01 = 1.0f;
        emit(user, &event);
    }
}

static void take_signal(struct person_source *s, enum ob_person_signal which, int64_t now_ns, ob_sensor_emit_fn *emit,
                        void *user)
{
    const int channels = ob_person_channels(which);
    const double period_ns = 1e9 / ob_person_signal_hz(s->person, which);
    for (;;) {
        struct ob_event event = ob_sensor_event(OB_EVENT_SAMPLES, 0, now_ns);
        int64_t last_ns = 0;
        const int frames =
            ob_person_take_samples(s->person, which, event.u.samples.values, OB_EVENT_VALUES_MAX / channels, &last_ns);
        if (frames <= 0)
            return;
        event.measured_ns = last_ns;
        event.u.samples.signal = signal_of[which];
        event.u.samples.frames = (uint16_t)frames;
        event.u.samples.channels = (uint16_t)channels;
        event.u.samples.period_ns = period_ns;
        const int64_t first_ns = last_ns - (int64_t)(period_ns * (frames - 1));
        const bool heart = which == OB_PERSON_ECG || which == OB_PERSON_PPG;
        if (heart && s->newest_ns[which] && (double)(first_ns - s->newest_ns[which]) > 1.9 * period_ns) {
            const struct ob_event gap = ob_sensor_event(OB_EVENT_GAP, first_ns, now_ns);
            emit(user, &gap);
        }
        s->newest_ns[which] = last_ns;
        s->age_ns = now_ns - last_ns;
        emit(user, &event);
    }
}

static int64_t deadline_ns(const struct ob_sensor *sensor)
{
    const struct person_source *s = (const struct person_source *)sensor;
    return s->failed ? INT64_MAX : s->person ? s->next_ns : INT64_MIN;
}

static void service(struct ob_sensor *sensor, int64_t now_ns, const struct pollfd *fds, int count,
                    ob_sensor_emit_fn *emit, void *user)
{
    (void)fds;
    (void)count;
    struct person_source *s = (struct person_source *)sensor;
    if (s->failed)
        return;
    if (!s->person) {
        s->person = ob_person_create(&s->desc.person, now_ns);
        s->failed = !s->person;
        if (s->failed)
            return;
        s->next_ns = now_ns;
    }
    /* One step at a time, each with what is heard then, however late we are called. */
    while (s->next_ns <= now_ns) {
        struct ob_person_cue cue;
        memset(&cue, 0, sizeof cue);
        const bool hears = s->desc.hear && s->desc.hear(s->desc.hear_user, s->next_ns, &cue);
        ob_person_advance(s->person, s->next_ns, hears ? &cue : NULL);
        take_contact(s, s->next_ns, emit, user);
        take_beats(s, s->next_ns, emit, user);
        for (int which = 0; which < OB_PERSON_SIGNALS; which++)
            if (s->desc.person.signals & (1u << which))
                take_signal(s, (enum ob_person_signal)which, s->next_ns, emit, user);
        s->next_ns += STEP_NS;
    }
}

static void status(const struct ob_sensor *sensor, struct ob_sensor_status *status_out)
{
    const struct person_source *s = (const struct person_source *)sensor;
    snprintf(status_out->id, sizeof status_out->id, "person:%.0f", s->desc.person.seed);
    snprintf(status_out->name, sizeof status_out->name, ob_tr("Simulated person"));
    status_out->battery_pct = -1;
    status_out->simulated = true;
    status_out->age_ns = s->age_ns;
    if (s->failed) {
        status_out->state = OB_SOURCE_FAILED;
        snprintf(status_out->sentence, sizeof status_out->sentence,
                 ob_tr("There is not enough memory for a simulated person."));
    } else if (!s->person) {
        status_out->state = OB_SOURCE_IDLE;
        snprintf(status_out->sentence, sizeof status_out->sentence, ob_tr("A simulated person is about to begin."));
    } else if (!s->connected) {
        status_out->state = OB_SOURCE_BACKOFF;
        snprintf(status_out->sentence, sizeof status_out->sentence,
                 ob_tr("The simulated sensor is lost; it will return."));
    } else {
        status_out->state = OB_SOURCE_STREAMING;
        status_out->quality_01 = s->touching ? 1.0f : 0.2f;
        snprintf(status_out->sentence, sizeof status_out->sentence, "%s",
                 s->touching ? ob_tr("Simulated: no real heart is measured.")
                             : ob_tr("Simulated: the sensor does not touch the skin well yet."));
    }
}

static void close_person(struct ob_sensor *sensor)
{
    if (!sensor)
        return;
    ob_person_destroy(((struct person_source *)sensor)->person);
    free(sensor);
}

static const struct ob_sensor_ops ops = {
    .kind = "person",
    .descriptors = NULL,
    .deadline_ns = deadline_ns,
    .service = service,
    .status = status,
    .close = close_person,
};

struct ob_sensor *ob_person_source_create(const struct ob_person_source_desc *desc)
{
    struct person_source *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->sensor.ops = &ops;
    s->desc = *desc;
    s->connected = true;
    const bool all = desc->feed == OB_PERSON_FEED_ALL;
    s->desc.person.signals = (desc->feed == OB_PERSON_FEED_ECG || all ? 1u << OB_PERSON_ECG : 0u) |
                             (desc->feed == OB_PERSON_FEED_PPG || all ? 1u << OB_PERSON_PPG : 0u) |
                             (desc->with_resp ? 1u << OB_PERSON_RESP : 0u) |
                             (desc->with_acc ? 1u << OB_PERSON_ACC : 0u);
    return &s->sensor;
}

struct ob_person *ob_person_source_person(struct ob_sensor *sensor)
{
    return ((struct person_source *)sensor)->person;
}
