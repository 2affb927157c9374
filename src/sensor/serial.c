/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/serial.h"

#include "base/time.h"
#include "sensor/rate_fit.h"
#include "sensor/serial_port.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RETRY_NS        (1 * OB_NS_PER_S)
#define BLOCK_AGE_NS    (40 * OB_NS_PER_MS)
#define STALE_NS        (5 * OB_NS_PER_S)     /* silence that is worth a word */
#define SILENCE_NS      (1 * OB_NS_PER_S)     /* silence in a stream of samples: some are lost */
#define BEAT_LATE_NS    (1500 * OB_NS_PER_MS) /* a beat that comes so much later than its interval: others are lost */
#define BYTES_A_SERVICE 65536                 /* a flood must not starve the other sources */
#define NOISE_01        0.5f                  /* fewer good lines than this is called noise */

struct serial {
    struct ob_sensor sensor;
    struct ob_serial_desc desc;
    char asked[96]; /* path as given, or empty */
    char path[96];  /* that is or was open */
    int fd;
    enum ob_sensor_state state;
    char problem[160];
    bool begun;
    int64_t now_ns;   /* of the service call that is going on */
    int64_t retry_ns; /* when to open again */
    int64_t opened_ns, heard_ns;
    struct ob_serial_decode decode;
    struct ob_rate_fit fit;
    /* samples not sent yet */
    uint32_t batch; /* decoded in this service call, not yet in the fit */
    struct ob_event block;
    int64_t block_since_ns;
    int64_t sample_heard_ns;
    int64_t age_ns;
    /* beats */
    int64_t beat_ns; /* arrival of the last; 0: none since the last gap */
    float state_ms;  /* a plotter's last interval */
    bool gap_told;   /* nothing has come since the last GAP event */
    int contact;     /* -1: nothing said yet, 0 off, 1 on */
    int64_t off_ns;  /* when the last "!" came */
    ob_sensor_emit_fn *emit;
    void *emit_user;
};

bool ob_serial_find(char *path_out, size_t size)
{
    glob_t found;
    bool any = glob("/dev/ttyUSB*", 0, NULL, &found) == 0;
    any = glob("/dev/ttyACM*", any ? GLOB_APPEND : 0, NULL, &found) == 0 || any;
    if (any)
        snprintf(path_out, size, "%s", found.gl_pathv[0]);
    globfree(&found);
    return any;
}

static struct ob_event blank(const struct serial *s, uint32_t kind)
{
    struct ob_event event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.measured_ns = event.arrived_ns = s->now_ns;
    return event;
}

/* ---- samples ---- */

/* Nothing is sent while the rate is not known: those samples are given up. */
static void flush_block(struct serial *s)
{
    const uint16_t frames = s->block.u.samples.frames;
    s->block.u.samples.frames = 0;
    if (frames == 0 || !ob_rate_fit_ready(&s->fit))
        return;
    struct ob_event event = blank(s, OB_EVENT_SAMPLES);
    event.u.samples = s->block.u.samples;
    event.u.samples.frames = frames;
    event.u.samples.channels = 1;
    event.u.samples.signal = s->desc.signal_kind > 0                 ? (uint32_t)s->desc.signal_kind - 1
                             : s->decode.format == OB_SERIAL_NUMBERS ? OB_SIGNAL_ECG
                                                                     : OB_SIGNAL_PPG;
    event.u.samples.period_ns = s->fit.period_ns;
    for (int i = frames; i < OB_EVENT_VALUES_MAX; i++)
        event.u.samples.values[i] = 0.0f;
    event.measured_ns = ob_rate_fit_newest_ns(&s->fit, s->now_ns);
    s->age_ns = event.arrived_ns - event.measured_ns;
    s->emit(s->emit_user, &event);
}

static void tell_gap(struct serial *s)
{
    if (s->gap_told)
        return;
    const struct ob_event event = blank(s, OB_EVENT_GAP);
    s->emit(s->emit_user, &event);
    s->gap_told = true;
    s->beat_ns = 0;
}

/* The samples of this call enter the fit together: they arrived together. */
static void end_batch(struct serial *s)
{
    if (s->batch == 0)
        return;
    ob_rate_fit_batch(&s->fit, s->batch, s->now_ns);
    s->batch = 0;
    if (s->fit.broken) {
        s->block.u.samples.frames = 0;
        tell_gap(s);
        ob_rate_fit_restart(&s->fit);
    }
}

static void take_sample(struct serial *s, float value)
{
    if (s->sample_heard_ns != 0 && s->now_ns - s->sample_heard_ns > SILENCE_NS) {
        s->block.u.samples.frames = 0;
        tell_gap(s);
        ob_rate_fit_restart(&s->fit);
    }
    s->sample_heard_ns = s->now_ns;
    s->gap_told = false;
    s->batch++;
    if (s->block.u.samples.frames == 0)
        s->block_since_ns = s->now_ns;
    s->block.u.samples.values[s->block.u.samples.frames++] = value;
    if (s->block.u.samples.frames == OB_EVENT_VALUES_MAX) {
        end_batch(s);
        flush_block(s);
    }
}

/* ---- beats ---- */

static void send_beat(struct serial *s, float rr_ms, int64_t measured_ns)
{
    struct ob_event event = blank(s, OB_EVENT_RR);
    event.measured_ns = measured_ns;
    event.u.rr.rr_ms = (double)rr_ms;
    event.u.rr.beats = OB_BEATS_PPG;
    event.u.rr.quality_01 = s->decode.good_01;
    s->age_ns = event.arrived_ns - measured_ns;
    s->emit(s->emit_user, &event);
}

static void take_interval(struct serial *s, float rr_ms)
{
    const int64_t rr_ns = ob_ns_from_s((double)rr_ms * 1e-3);
    if (s->beat_ns != 0 && s->now_ns - s->beat_ns > rr_ns + BEAT_LATE_NS)
        tell_gap(s);
    send_beat(s, rr_ms, s->now_ns);
    s->beat_ns = s->now_ns;
    s->gap_told = false;
}

/* A plotter says its last interval with every sample. It changes with a beat; when it took more than one interval to
 * change, the beats between had the same interval as the one before. */
static void take_interval_state(struct serial *s, float rr_ms)
{
    if (rr_ms == s->state_ms)
        return;
    const float before_ms = s->state_ms;
    const int64_t before_ns = ob_ns_from_s((double)before_ms * 1e-3), rr_ns = ob_ns_from_s((double)rr_ms * 1e-3);
    s->state_ms = rr_ms;
    if (s->beat_ns != 0 && before_ns > 0) {
        int64_t at = s->beat_ns + before_ns;
        for (int i = 0; i < 3 && at + rr_ns < s->now_ns + rr_ns / 4; i++, at += before_ns) {
            send_beat(s, before_ms, at);
            s->beat_ns = at;
        }
    }
    take_interval(s, rr_ms);
}

static void tell_contact(struct serial *s, bool touching)
{
    if (s->contact == (int)touching)
        return;
    s->contact = touching;
    struct ob_event event = blank(s, OB_EVENT_CONTACT);
    event.u.contact.supported = true;
    event.u.contact.touching = touching;
    s->emit(s->emit_user, &event);
    if (!touching) {
        end_batch(s);
        flush_block(s);
        tell_gap(s);
    }
}

static void take_item(struct serial *s, const struct ob_serial_item *item)
{
    switch (item->kind) {
    case OB_SERIAL_SAMPLE:
        if (s->contact == 0)
            tell_contact(s, true);
        take_sample(s, item->value);
        break;
    case OB_SERIAL_INTERVAL:
        take_interval(s, item->value);
        break;
    case OB_SERIAL_INTERVAL_STATE:
        take_interval_state(s, item->value);
        break;
    case OB_SERIAL_NO_INTERVAL:
        tell_gap(s);
        break;
    case OB_SERIAL_LEADS_OFF:
        tell_contact(s, false);
        break;
    }
}

/* ---- the port ---- */

static void lose_port(struct serial *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    s->block.u.samples.frames = 0;
    s->batch = 0;
    if (s->heard_ns != 0)
        tell_gap(s);
    ob_serial_decode_break(&s->decode);
    ob_rate_fit_restart(&s->fit);
    s->sample_heard_ns = 0;
    s->state_ms = 0.0f;
    s->contact = -1;
    s->state = OB_SOURCE_BACKOFF;
    s->retry_ns = s->now_ns + RETRY_NS;
    snprintf(s->problem, sizeof s->problem, "%.60s was unplugged; it is tried again each second.", s->path);
}

static void open_port(struct serial *s)
{
    s->retry_ns = s->now_ns + RETRY_NS;
    if (s->asked[0])
        snprintf(s->path, sizeof s->path, "%s", s->asked);
    else if (!ob_serial_find(s->path, sizeof s->path)) {
        s->state = OB_SOURCE_SEARCHING;
        snprintf(s->problem, sizeof s->problem, "Looks for a board at /dev/ttyUSB* and /dev/ttyACM*.");
        return;
    }
    const int baud = s->desc.baud > 0 ? s->desc.baud : 115200;
    const enum ob_err err = ob_serial_port_open(s->path, baud, &s->fd, s->problem, sizeof s->problem);
    if (err == OB_OK) {
        s->state = OB_SOURCE_CONNECTING;
        s->opened_ns = s->now_ns;
        s->problem[0] = 0;
        return;
    }
    const bool hopeless = err == OB_ERR_PERMISSION || err == OB_ERR_UNSUPPORTED;
    /* even then it goes on trying: whoever joins the group, or plugs in the right board, need not start again */
    s->state = hopeless ? OB_SOURCE_FAILED : s->heard_ns != 0 ? OB_SOURCE_BACKOFF : OB_SOURCE_SEARCHING;
}

static void read_port(struct serial *s)
{
    unsigned char bytes[4096];
    for (size_t taken = 0; taken < BYTES_A_SERVICE && s->fd >= 0;) {
        const ssize_t got = read(s->fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (got <= 0) {
            end_batch(s);
            flush_block(s);
            lose_port(s);
            return;
        }
        taken += (size_t)got;
        s->heard_ns = s->now_ns;
        const unsigned char *p = bytes;
        size_t count = (size_t)got;
        struct ob_serial_item item;
        const uint64_t lines = s->decode.lines;
        while (ob_serial_decode_next(&s->decode, &p, &count, &item))
            take_item(s, &item);
        if (s->decode.lines > lines)
            s->state = OB_SOURCE_STREAMING;
    }
    end_batch(s);
}

/* ---- the table ---- */

static int descriptors(struct ob_sensor *sensor, struct pollfd *fds_out, int max)
{
    const struct serial *s = (const struct serial *)sensor;
    if (s->fd < 0 || max < 1)
        return 0;
    fds_out[0] = (struct pollfd){.fd = s->fd, .events = POLLIN};
    return 1;
}

static int64_t deadline_ns(const struct ob_sensor *sensor)
{
    const struct serial *s = (const struct serial *)sensor;
    if (!s->begun)
        return INT64_MIN;
    if (s->fd < 0)
        return s->retry_ns;
    int64_t due = s->state == OB_SOURCE_STREAMING ? s->heard_ns + STALE_NS : INT64_MAX;
    if (s->block.u.samples.frames > 0 && s->block_since_ns + BLOCK_AGE_NS < due)
        due = s->block_since_ns + BLOCK_AGE_NS;
    return due;
}

static void service(struct ob_sensor *sensor, int64_t now_ns, const struct pollfd *fds, int count,
                    ob_sensor_emit_fn *emit, void *user)
{
    struct serial *s = (struct serial *)sensor;
    const bool hung_up = count > 0 && (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
    s->now_ns = now_ns;
    s->emit = emit;
    s->emit_user = user;
    if (s->fd < 0 && (!s->begun || now_ns >= s->retry_ns))
        open_port(s);
    s->begun = true;
    const bool was_open = s->fd >= 0;
    if (was_open)
        read_port(s);
    /* what was still in it has been read; without this, poll() would say the same for ever */
    if (was_open && s->fd >= 0 && hung_up)
        lose_port(s);
    if (s->block.u.samples.frames > 0 && now_ns >= s->block_since_ns + BLOCK_AGE_NS)
        flush_block(s);
    if (s->state == OB_SOURCE_STREAMING && now_ns >= s->heard_ns + STALE_NS)
        s->state = OB_SOURCE_STALE;
}

static void describe_streaming(const struct serial *s, char *out, size_t size)
{
    const bool samples = s->sample_heard_ns != 0;
    if (s->decode.good_01 < NOISE_01)
        snprintf(out, size, "Mostly noise comes from %.60s: is its speed right?", s->path);
    else if (s->contact == 0)
        snprintf(out, size, "The electrodes are off the skin.");
    else if (s->decode.format == OB_SERIAL_AUTO || (samples && !ob_rate_fit_ready(&s->fit)))
        snprintf(out, size, "Data come from %.60s; finding out what they are.", s->path);
    else if (samples)
        snprintf(out, size, "Receiving from %.60s: %s, %.1f Hz.", s->path, ob_serial_format_name(s->decode.format),
                 1e9 / s->fit.period_ns);
    else
        snprintf(out, size, "Receiving from %.60s: %s.", s->path, ob_serial_format_name(s->decode.format));
}

static void status(const struct ob_sensor *sensor, struct ob_sensor_status *status_out)
{
    const struct serial *s = (const struct serial *)sensor;
    const char *path = s->path[0] ? s->path : s->asked[0] ? s->asked : "auto";
    status_out->state = s->state;
    snprintf(status_out->id, sizeof status_out->id, "serial:%.80s", path);
    snprintf(status_out->name, sizeof status_out->name, "%s at %.40s",
             s->decode.format == OB_SERIAL_PULSESENSOR || s->decode.format == OB_SERIAL_PLOTTER ? "PulseSensor"
                                                                                                : "Serial board",
             path);
    status_out->battery_pct = -1;
    status_out->age_ns = s->age_ns;
    status_out->quality_01 = s->state == OB_SOURCE_STREAMING && s->contact != 0 ? s->decode.good_01 : 0.0f;
    char *out = status_out->sentence;
    const size_t size = sizeof status_out->sentence;
    if (s->state == OB_SOURCE_STREAMING)
        describe_streaming(s, out, size);
    else if (s->state == OB_SOURCE_STALE)
        snprintf(out, size, "%.60s is connected, but nothing comes from it.", s->path);
    else if (s->state == OB_SOURCE_CONNECTING && s->decode.bad_lines > 0)
        snprintf(out, size, "What comes from %.60s is not understood: is its speed right?", s->path);
    else if (s->state == OB_SOURCE_CONNECTING)
        snprintf(out, size, "%.60s is open; waiting for data.", s->path);
    else
        snprintf(out, size, "%s", s->problem);
}

static void close_serial(struct ob_sensor *sensor)
{
    if (!sensor)
        return;
    struct serial *s = (struct serial *)sensor;
    if (s->fd >= 0)
        close(s->fd);
    free(s);
}

static const struct ob_sensor_ops ops = {
    .kind = "serial",
    .descriptors = descriptors,
    .deadline_ns = deadline_ns,
    .service = service,
    .status = status,
    .close = close_serial,
};

struct ob_sensor *ob_serial_create(const struct ob_serial_desc *desc)
{
    struct serial *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->sensor.ops = &ops;
    s->desc = *desc;
    s->desc.path = NULL; /* the caller's; a copy is kept */
    snprintf(s->asked, sizeof s->asked, "%s", desc->path ? desc->path : "");
    s->fd = -1;
    s->state = OB_SOURCE_IDLE;
    s->contact = -1;
    snprintf(s->problem, sizeof s->problem, "The serial port is about to be opened.");
    ob_serial_decode_init(&s->decode, desc->format);
    ob_rate_fit_init(&s->fit, desc->fs_hz);
    return &s->sensor;
}
