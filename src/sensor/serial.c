/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/serial.h"

#include "base/time.h"
#include "os/tr.h"
#include "sensor/serial_port.h"
#include "sensor/serial_stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RETRY_NS        (1 * OB_NS_PER_S)
#define SCAN_NS         (2 * OB_NS_PER_S)
#define STALE_NS        (5 * OB_NS_PER_S) /* silence that is worth a word */
#define SILENT_NS       (4 * OB_NS_PER_S) /* a board that starts anew is heard by then */
#define SPEED_NS        (2 * OB_NS_PER_S) /* of noise at one speed */
#define NOISE_NS        (5 * OB_NS_PER_S) /* of noise from a board that was understood before */
#define SLICE_NS        (100 * OB_NS_PER_MS)
#define BYTES_A_SLICE   65536 /* more waits: a flood must starve neither the other sources nor the machine */
#define BYTES_A_SERVICE 32768

static const int speeds[] = {115200, 57600, 9600};
#define SPEEDS ((int)(sizeof speeds / sizeof *speeds))

struct port {
    char path[OB_SERIAL_PATH_MAX];
    bool failed;
    char sentence[160]; /* what was wrong when it was last tried; empty: it was not */
};

struct serial {
    struct ob_sensor sensor;
    struct ob_serial_desc desc;
    char asked[OB_SERIAL_PATH_MAX]; /* path as given, or empty */
    char folder[OB_SERIAL_PATH_MAX];
    char path[OB_SERIAL_PATH_MAX]; /* that is or was open */
    int fd;
    enum ob_sensor_state state;
    char problem[160];
    bool begun, known; /* a board was understood once at path */
    int64_t now_ns;    /* of the service call that is going on */
    int64_t retry_ns;  /* when to open again */
    int64_t scan_ns;   /* when to look for ports again */
    int64_t opened_ns, heard_ns;
    /* speeds */
    int speed;          /* index into speeds */
    bool all_tried;     /* no speed was understood */
    int64_t noise_ns;   /* since when what comes is not understood; 0: it is, or nothing comes */
    int64_t slice_ns;   /* beginning of the slice of time whose bytes are counted */
    size_t slice_bytes; /* in it so far */
    /* ports in sight */
    struct port port[OB_SERIAL_PORTS_MAX];
    int ports, next_port;
    struct ob_serial_stream stream;
};

/* ---- which port ---- */

/* Keeps what is known of those that are still there. */
static void scan(struct serial *s)
{
    char paths[OB_SERIAL_PORTS_MAX][OB_SERIAL_PATH_MAX];
    struct port before[OB_SERIAL_PORTS_MAX];
    const int count_before = s->ports;
    memcpy(before, s->port, sizeof before);
    s->scan_ns = s->now_ns + SCAN_NS;
    s->ports = ob_serial_ports(ob_serial_folder(s->folder), paths);
    memset(s->port, 0, sizeof s->port);
    for (int i = 0; i < s->ports; i++) {
        for (int k = 0; k < count_before; k++)
            if (strcmp(before[k].path, paths[i]) == 0)
                s->port[i] = before[k];
        memcpy(s->port[i].path, paths[i], OB_SERIAL_PATH_MAX);
    }
}

static bool try_path(struct serial *s, const char *path, char *sentence_out, size_t size, enum ob_err *err_out)
{
    const int baud = s->desc.baud > 0 ? s->desc.baud : speeds[s->speed];
    *err_out = ob_serial_port_open(path, baud, &s->fd, sentence_out, size);
    if (*err_out)
        return false;
    if (path != s->path)
        snprintf(s->path, sizeof s->path, "%s", path);
    s->state = OB_SOURCE_CONNECTING;
    s->opened_ns = s->now_ns;
    s->noise_ns = 0;
    s->problem[0] = 0;
    return true;
}

static void say_nothing_plugged_in(struct serial *s)
{
    snprintf(s->problem, sizeof s->problem, ob_tr("No board is plugged in: there is no %.60s/ttyUSB* or ttyACM*."),
             ob_serial_folder(s->folder));
}

/* The port of a board that was heard first, then the others in turn. */
static void open_any(struct serial *s)
{
    enum ob_err err = OB_ERR_NOT_FOUND, worst = OB_ERR_NOT_FOUND;
    scan(s);
    int first = s->ports > 0 ? s->next_port % s->ports : 0;
    for (int i = 0; s->known && i < s->ports; i++)
        if (strcmp(s->port[i].path, s->path) == 0)
            first = i;
    for (int k = 0; k < s->ports; k++) {
        const int i = (first + k) % s->ports;
        struct port *port = &s->port[i];
        s->next_port = i + 1;
        if (strcmp(port->path, s->path) != 0)
            s->speed = 0;
        port->failed = !try_path(s, port->path, port->sentence, sizeof port->sentence, &err);
        if (!port->failed) {
            port->sentence[0] = 0;
            return;
        }
        if (worst != OB_ERR_PERMISSION) {
            worst = err;
            memcpy(s->problem, port->sentence, sizeof s->problem);
        }
    }
    s->state = worst == OB_ERR_PERMISSION ? OB_SOURCE_FAILED : s->known ? OB_SOURCE_BACKOFF : OB_SOURCE_SEARCHING;
    if (s->ports > 0)
        return;
    if (s->known)
        snprintf(s->problem, sizeof s->problem, ob_tr("The board at %.60s is gone; it is looked for each second."),
                 s->path);
    else
        say_nothing_plugged_in(s);
}

static void look(struct serial *s)
{
    scan(s);
    s->state = OB_SOURCE_SEARCHING;
    if (s->ports > 0)
        snprintf(s->problem, sizeof s->problem, ob_tr("Ports for boards are in sight."));
    else
        say_nothing_plugged_in(s);
}

static void open_port(struct serial *s)
{
    s->retry_ns = s->now_ns + RETRY_NS;
    if (s->desc.look_only) {
        look(s);
        return;
    }
    if (!s->asked[0]) {
        open_any(s);
        return;
    }
    enum ob_err err;
    if (try_path(s, s->asked, s->problem, sizeof s->problem, &err))
        return;
    const bool hopeless = err == OB_ERR_PERMISSION || err == OB_ERR_UNSUPPORTED;
    /* even then it goes on trying: whoever joins the group, or plugs in the right board, need not start again */
    s->state = hopeless ? OB_SOURCE_FAILED : s->known ? OB_SOURCE_BACKOFF : OB_SOURCE_SEARCHING;
}

static void leave_port(struct serial *s, enum ob_sensor_state state)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    ob_serial_stream_break(&s->stream);
    s->noise_ns = 0;
    s->state = state;
    s->retry_ns = s->now_ns + RETRY_NS;
}

static void lose_port(struct serial *s)
{
    leave_port(s, OB_SOURCE_BACKOFF);
    snprintf(s->problem, sizeof s->problem, ob_tr("%.60s was unplugged; it is looked for each second."), s->path);
}

/* ---- what comes ---- */

static void read_port(struct serial *s)
{
    unsigned char bytes[4096];
    if (s->now_ns - s->slice_ns >= SLICE_NS) {
        s->slice_ns = s->now_ns;
        s->slice_bytes = 0;
    }
    for (size_t taken = 0; taken < BYTES_A_SERVICE && s->slice_bytes < BYTES_A_SLICE && s->fd >= 0;) {
        const ssize_t got = read(s->fd, bytes, sizeof bytes);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (got <= 0) {
            ob_serial_stream_end(&s->stream);
            lose_port(s);
            return;
        }
        taken += (size_t)got;
        s->slice_bytes += (size_t)got;
        s->heard_ns = s->now_ns;
        ob_serial_stream_bytes(&s->stream, bytes, (size_t)got);
    }
    ob_serial_stream_end(&s->stream);
}

/* Other speeds, and then other ports, while nothing that comes is understood. */
static void search_on(struct serial *s)
{
    const bool others = !s->asked[0] && s->ports > 1;
    if (s->heard_ns < s->opened_ns) { /* silence: at a wrong speed there would be noise */
        if (others && !s->known && s->now_ns - s->opened_ns >= SILENT_NS)
            leave_port(s, OB_SOURCE_SEARCHING);
        return;
    }
    if (s->now_ns - s->heard_ns >= STALE_NS) {
        s->noise_ns = 0;
        return;
    }
    if (s->noise_ns == 0)
        s->noise_ns = s->now_ns;
    if (s->desc.baud > 0 || s->now_ns - s->noise_ns < (s->known ? NOISE_NS : SPEED_NS))
        return;
    s->noise_ns = s->now_ns;
    ob_serial_stream_break(&s->stream);
    ob_serial_decode_init(&s->stream.decode, s->desc.format);
    s->speed = (s->speed + 1) % SPEEDS;
    s->all_tried = s->all_tried || s->speed == 0;
    if (s->speed == 0 && others && !s->known)
        leave_port(s, OB_SOURCE_SEARCHING);
    else if (!ob_serial_port_speed(s->fd, speeds[s->speed]))
        lose_port(s);
}

static void judge(struct serial *s)
{
    if (s->fd < 0)
        return;
    const bool silent = s->now_ns >= s->heard_ns + STALE_NS;
    if (s->heard_ns >= s->opened_ns && ob_serial_decode_trusted(&s->stream.decode)) {
        s->state = silent ? OB_SOURCE_STALE : OB_SOURCE_STREAMING;
        s->known = true;
        s->all_tried = false;
        s->noise_ns = 0;
    } else if (s->state == OB_SOURCE_STREAMING || s->state == OB_SOURCE_STALE) {
        s->state = OB_SOURCE_CONNECTING;
    } else {
        search_on(s);
    }
}

/* ---- the table ---- */

static bool flooded(const struct serial *s)
{
    return s->slice_bytes >= BYTES_A_SLICE;
}

static int descriptors(struct ob_sensor *sensor, struct pollfd *fds_out, int max)
{
    const struct serial *s = (const struct serial *)sensor;
    if (s->fd < 0 || max < 1 || flooded(s))
        return 0;
    fds_out[0] = (struct pollfd){.fd = s->fd, .events = POLLIN};
    return 1;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t deadline_ns(const struct ob_sensor *sensor)
{
    const struct serial *s = (const struct serial *)sensor;
    if (!s->begun)
        return INT64_MIN;
    int64_t due = s->asked[0] ? INT64_MAX : s->scan_ns;
    if (s->fd < 0)
        return earlier(due, s->retry_ns);
    if (flooded(s))
        due = earlier(due, s->slice_ns + SLICE_NS);
    if (s->state == OB_SOURCE_STREAMING)
        due = earlier(due, s->heard_ns + STALE_NS);
    if (s->state == OB_SOURCE_CONNECTING)
        due = earlier(due, s->now_ns + RETRY_NS);
    return earlier(due, ob_serial_stream_due_ns(&s->stream));
}

static void service(struct ob_sensor *sensor, int64_t now_ns, const struct pollfd *fds, int count,
                    ob_sensor_emit_fn *emit, void *user)
{
    struct serial *s = (struct serial *)sensor;
    const bool hung_up = count > 0 && (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
    s->now_ns = now_ns;
    ob_serial_stream_begin(&s->stream, now_ns, emit, user);
    if (s->fd < 0 && (!s->begun || now_ns >= s->retry_ns))
        open_port(s);
    else if (!s->asked[0] && now_ns >= s->scan_ns)
        scan(s);
    s->begun = true;
    const bool was_open = s->fd >= 0;
    if (was_open)
        read_port(s);
    /* what was still in it has been read; without this, poll() would say the same for ever */
    if (was_open && s->fd >= 0 && hung_up && !flooded(s))
        lose_port(s);
    ob_serial_stream_flush(&s->stream);
    judge(s);
}

static void describe_streaming(const struct serial *s, char *out, size_t size)
{
    const struct ob_serial_decode *decode = &s->stream.decode;
    const char *what = decode->board ? decode->board : ob_serial_format_name(decode->format);
    const bool samples = s->stream.sample_heard_ns != 0;
    if (s->stream.contact == 0)
        snprintf(out, size, ob_tr("The electrodes are off the skin."));
    else if (decode->format == OB_SERIAL_PROTOCENTRAL && !samples && decode->strange_frames > 0)
        snprintf(out, size, ob_tr("%.60s sends ProtoCentral frames of a kind that is not known."), s->path);
    else if (samples && !ob_rate_fit_ready(&s->stream.fit))
        snprintf(out, size, ob_tr("Data come from %.60s; finding out how fast."), s->path);
    else if (samples)
        snprintf(out, size, ob_tr("Receiving: %s, %.1f Hz."), what, 1e9 / s->stream.fit.period_ns);
    else
        snprintf(out, size, ob_tr("Receiving: %s."), what);
}

static void describe_noise(const struct serial *s, char *out, size_t size)
{
    const int baud = s->desc.baud > 0 ? s->desc.baud : speeds[s->speed];
    if (s->desc.baud > 0)
        snprintf(out, size, ob_tr("Only noise comes from %.60s at a speed of %d baud: is it right?"), s->path, baud);
    else if (s->all_tried)
        snprintf(out, size, ob_tr("Only noise comes from %.50s at every usual speed; no beats are taken from it."),
                 s->path);
    else
        snprintf(out, size, ob_tr("Only noise comes from %.60s; trying the speed of %d baud."), s->path, baud);
}

static void status(const struct ob_sensor *sensor, struct ob_sensor_status *status_out)
{
    const struct serial *s = (const struct serial *)sensor;
    const struct ob_serial_decode *decode = &s->stream.decode;
    const char *path = s->path[0] ? s->path : s->asked[0] ? s->asked : "auto";
    const char *slash = strrchr(path, '/');
    const bool pulse_sensor = decode->format == OB_SERIAL_PULSESENSOR || decode->format == OB_SERIAL_PLOTTER;
    status_out->state = s->state;
    snprintf(status_out->id, sizeof status_out->id, "serial:%.80s", path);
    if (!s->path[0] && !s->asked[0])
        snprintf(status_out->name, sizeof status_out->name, ob_tr("Boards on serial ports"));
    else
        snprintf(status_out->name, sizeof status_out->name, ob_tr("%.30s at %.28s"),
                 pulse_sensor    ? "PulseSensor"
                 : decode->board ? decode->board
                                 : ob_tr("Serial board"),
                 slash ? slash + 1 : path);
    status_out->battery_pct = -1;
    status_out->age_ns = s->stream.age_ns;
    status_out->quality_01 = s->state == OB_SOURCE_STREAMING && s->stream.contact != 0 ? decode->good_01 : 0.0f;
    char *out = status_out->sentence;
    const size_t size = sizeof status_out->sentence;
    if (s->state == OB_SOURCE_STREAMING)
        describe_streaming(s, out, size);
    else if (s->state == OB_SOURCE_STALE)
        snprintf(out, size, ob_tr("%.60s is connected, but nothing comes from it."), s->path);
    else if (s->state == OB_SOURCE_CONNECTING && (decode->bad_lines > 0 || s->noise_ns != 0))
        describe_noise(s, out, size);
    else if (s->state == OB_SOURCE_CONNECTING)
        snprintf(out, size, ob_tr("%.60s is open; waiting for data."), s->path);
    else
        snprintf(out, size, "%s", s->problem);
}

static int found(const struct ob_sensor *sensor, struct ob_sensor_status *found_out, int max)
{
    const struct serial *s = (const struct serial *)sensor;
    int count = 0;
    for (int i = 0; i < s->ports && count < max; i++) {
        const struct port *port = &s->port[i];
        if (strcmp(port->path, s->path) == 0 && s->begun)
            continue;
        struct ob_sensor_status *out = &found_out[count++];
        const char *slash = strrchr(port->path, '/');
        memset(out, 0, sizeof *out);
        out->state = port->failed ? OB_SOURCE_FAILED : OB_SOURCE_IDLE;
        out->battery_pct = -1;
        snprintf(out->id, sizeof out->id, "serial:%s", port->path);
        snprintf(out->name, sizeof out->name, ob_tr("Serial port %.40s"), slash ? slash + 1 : port->path);
        if (port->sentence[0])
            memcpy(out->sentence, port->sentence, sizeof out->sentence);
        else
            snprintf(out->sentence, sizeof out->sentence, ob_tr("In sight, not in use."));
    }
    return count;
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
    .found = found,
    .close = close_serial,
};

struct ob_sensor *ob_serial_create(const struct ob_serial_desc *desc)
{
    struct serial *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->sensor.ops = &ops;
    s->desc = *desc;
    s->desc.path = s->desc.folder = NULL; /* the caller's; copies are kept */
    snprintf(s->asked, sizeof s->asked, "%s", desc->path ? desc->path : "");
    snprintf(s->folder, sizeof s->folder, "%s", desc->folder ? desc->folder : "");
    s->fd = -1;
    s->state = OB_SOURCE_IDLE;
    snprintf(s->problem, sizeof s->problem, ob_tr("The serial port is about to be opened."));
    ob_serial_stream_init(&s->stream, desc->format, desc->fs_hz, desc->signal_kind);
    return &s->sensor;
}
