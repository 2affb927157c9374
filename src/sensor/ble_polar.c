/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "sensor/ble_state.h"

#include <stdio.h>
#include <string.h>

#define CHARACTERISTIC "org.bluez.GattCharacteristic1"
#define AGENT_PATH     "/org/outbreath/agent"
#define ANSWER_NS      (10 * OB_NS_PER_S)
#define PAIR_NS        (30 * OB_NS_PER_S)
#define RULES_NS       (5 * OB_NS_PER_S)

static void subscribe(struct ble *b);
static void pump(struct ble *b);

static void give_up(struct ble *b, const char *why)
{
    b->polar.phase = POLAR_OFF;
    b->polar.problem = why;
    b->polar.due_ns = INT64_MAX;
    b->polar.call = sd_bus_slot_unref(b->polar.call);
}

/* ---- bonding ---- */

static int on_paired(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    if (b->polar.phase != POLAR_PAIRING)
        return 0;
    const sd_bus_error *e = sd_bus_message_get_error(m);
    if (e && !sd_bus_error_has_name(e, "org.bluez.Error.AlreadyExists"))
        give_up(b, "Bonding with it failed, so its raw signal stays closed; its plain beat intervals are used.");
    else
        subscribe(b);
    return 0;
}

/* BlueZ has several words for a device that wants to know us first. */
static bool wants_bonding(const sd_bus_error *e)
{
    static const char *const signs[] = {"0x05", "0x08", "0x0c", "0x0f", "aired", "uthenti", "ncrypt"};
    if (sd_bus_error_has_name(e, "org.bluez.Error.NotPermitted") ||
        sd_bus_error_has_name(e, "org.bluez.Error.NotAuthorized"))
        return true;
    for (size_t i = 0; e->message && i < sizeof signs / sizeof *signs; i++)
        if (strstr(e->message, signs[i]))
            return true;
    return false;
}

/* An order failed: bonds once if that is what is wanted. */
static void failed(struct ble *b, const sd_bus_error *e)
{
    struct ble_polar *p = &b->polar;
    if (p->paired || !wants_bonding(e)) {
        give_up(b, "Its raw signal cannot be had; its plain beat intervals are used.");
        return;
    }
    p->paired = true;
    p->phase = POLAR_PAIRING;
    p->due_ns = b->now_ns + PAIR_NS;
    p->call = sd_bus_slot_unref(p->call);
    sd_bus_call_method_async(b->bus, &p->call, OB_BLUEZ_NAME, b->target, "org.bluez.Device1", "Pair", on_paired, b,
                             NULL);
}

/* Only for the device in use, and nothing that a person would have to read or type. */
static int agent_agrees(sd_bus_message *m, void *user, sd_bus_error *error)
{
    const struct ble *b = user;
    const char *device = NULL;
    (void)error;
    if (sd_bus_message_read_basic(m, 'o', &device) < 0 || strcmp(device, b->target) != 0)
        return sd_bus_reply_method_errorf(m, "org.bluez.Error.Rejected", "not the sensor in use");
    return sd_bus_reply_method_return(m, NULL);
}

static int agent_refuses(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)user;
    (void)error;
    return sd_bus_reply_method_errorf(m, "org.bluez.Error.Rejected", "there is nothing to read or type on");
}

static int agent_hears(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)user;
    (void)error;
    return sd_bus_reply_method_return(m, NULL);
}

static const sd_bus_vtable agent_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Release", "", "", agent_hears, 0),
    SD_BUS_METHOD("Cancel", "", "", agent_hears, 0),
    SD_BUS_METHOD("DisplayPinCode", "os", "", agent_hears, 0),
    SD_BUS_METHOD("DisplayPasskey", "ouq", "", agent_hears, 0),
    SD_BUS_METHOD("RequestPinCode", "o", "s", agent_refuses, 0),
    SD_BUS_METHOD("RequestPasskey", "o", "u", agent_refuses, 0),
    SD_BUS_METHOD("RequestConfirmation", "ou", "", agent_agrees, 0),
    SD_BUS_METHOD("RequestAuthorization", "o", "", agent_agrees, 0),
    SD_BUS_METHOD("AuthorizeService", "os", "", agent_agrees, 0),
    SD_BUS_VTABLE_END,
};

void ob_ble_polar_agent(struct ble *b)
{
    if (!b->agent && sd_bus_add_object_vtable(b->bus, &b->agent, AGENT_PATH, "org.bluez.Agent1", agent_table, b) < 0)
        return;
    sd_bus_call_method_async(b->bus, NULL, OB_BLUEZ_NAME, "/org/bluez", "org.bluez.AgentManager1", "RegisterAgent",
                             NULL, NULL, "os", AGENT_PATH, "NoInputNoOutput");
}

/* ---- orders ---- */

static int on_written(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    b->polar.call = sd_bus_slot_unref(b->polar.call);
    const sd_bus_error *e = sd_bus_message_get_error(m);
    if (b->polar.phase != POLAR_TALK || !e)
        return 0;
    if (wants_bonding(e) && !b->polar.paired)
        failed(b, e);
    else
        ob_polar_failed(&b->polar.talk, b->now_ns);
    return 0;
}

static int write_order(struct ble *b, const unsigned char *bytes, size_t count, sd_bus_message_handler_t answer,
                       sd_bus_slot **slot)
{
    sd_bus_message *m = NULL;
    int r = sd_bus_message_new_method_call(b->bus, &m, OB_BLUEZ_NAME, b->polar.control, CHARACTERISTIC, "WriteValue");
    if (r >= 0)
        r = sd_bus_message_append_array(m, 'y', bytes, count);
    if (r >= 0)
        r = sd_bus_message_append(m, "a{sv}", 1, "type", "s", "request");
    if (r >= 0)
        r = sd_bus_call_async(b->bus, slot, m, answer, b, 0);
    sd_bus_message_unref(m);
    return r;
}

static void pump(struct ble *b)
{
    unsigned char order[OB_POLAR_ORDER_MAX];
    const size_t count = ob_polar_order(&b->polar.talk, b->now_ns, order);
    if (count == 0)
        return;
    b->polar.call = sd_bus_slot_unref(b->polar.call);
    if (write_order(b, order, count, on_written, &b->polar.call) < 0)
        ob_polar_failed(&b->polar.talk, b->now_ns);
    const struct ob_polar *t = &b->polar.talk;
    if (order[0] == 2 && order[1] == OB_PMD_ECG)
        ob_pmd_stream_init(&b->polar.ecg, OB_PMD_ECG, ob_polar_stream_of(t, OB_PMD_ECG)->rate_hz, 1.0);
    else if (order[0] == 2 && order[1] == OB_PMD_ACC)
        ob_pmd_stream_init(&b->polar.acc, OB_PMD_ACC, ob_polar_stream_of(t, OB_PMD_ACC)->rate_hz, 1.0);
}

static int on_read(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    const void *bytes;
    size_t count;
    (void)error;
    b->polar.call = sd_bus_slot_unref(b->polar.call);
    if (b->polar.phase != POLAR_READ)
        return 0;
    if (sd_bus_message_is_method_error(m, NULL)) {
        failed(b, sd_bus_message_get_error(m));
        return 0;
    }
    const uint32_t mask =
        sd_bus_message_read_array(m, 'y', &bytes, &count) > 0 ? ob_pmd_decode_features(bytes, count) : 0;
    ob_polar_begin(&b->polar.talk, b->now_ns, mask);
    if (b->polar.talk.streams == 0) {
        give_up(b, "");
        return 0;
    }
    b->polar.phase = POLAR_TALK;
    b->polar.due_ns = INT64_MAX;
    return 0;
}

/* The answer to a StartNotify. False: it came too late to matter, or it failed and was said so. */
static bool subscribed(struct ble *b, sd_bus_message *m)
{
    b->polar.call = sd_bus_slot_unref(b->polar.call);
    if (b->polar.phase != POLAR_SUBSCRIBE)
        return false;
    const sd_bus_error *e = sd_bus_message_get_error(m);
    if (!e || sd_bus_error_has_name(e, "org.bluez.Error.InProgress"))
        return true;
    failed(b, e);
    return false;
}

static int on_subscribed(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    struct ble_polar *p = &b->polar;
    (void)error;
    if (!subscribed(b, m))
        return 0;
    p->phase = POLAR_READ;
    p->due_ns = b->now_ns + ANSWER_NS;
    sd_bus_call_method_async(b->bus, &p->call, OB_BLUEZ_NAME, p->control, CHARACTERISTIC, "ReadValue", on_read, b,
                             "a{sv}", 0);
    return 0;
}

static int on_control_subscribed(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)error;
    if (subscribed(b, m))
        sd_bus_call_method_async(b->bus, &b->polar.call, OB_BLUEZ_NAME, b->polar.data, CHARACTERISTIC, "StartNotify",
                                 on_subscribed, b, NULL);
    return 0;
}

/* To both before anything is asked: an answer or a sample that nobody hears is lost. */
static void subscribe(struct ble *b)
{
    struct ble_polar *p = &b->polar;
    p->phase = POLAR_SUBSCRIBE;
    p->due_ns = b->now_ns + ANSWER_NS;
    p->call = sd_bus_slot_unref(p->call);
    sd_bus_call_method_async(b->bus, &p->call, OB_BLUEZ_NAME, p->control, CHARACTERISTIC, "StartNotify",
                             on_control_subscribed, b, NULL);
}

void ob_ble_polar_look(struct ble *b, const struct ob_bluez_device *d)
{
    struct ble_polar *p = &b->polar;
    if (p->phase != POLAR_NONE || b->phase != STREAMING || !d || !d->pmd_control[0] || !d->pmd_data[0])
        return;
    snprintf(p->control, sizeof p->control, "%s", d->pmd_control);
    snprintf(p->data, sizeof p->data, "%s", d->pmd_data);
    ob_ppi_init(&p->ppi);
    p->paired = false;
    p->plain = true;
    p->heart_ns = p->started_ns = 0;
    p->problem = "";
    subscribe(b);
}

/* ---- data ---- */

bool ob_ble_polar_rules(const struct ble *b)
{
    return b->polar.heart_ns != 0 && b->now_ns - b->polar.heart_ns < RULES_NS;
}

static void judge_ecg(struct ble *b, const struct ob_pmd_frame *frame)
{
    struct ob_ecg_beat beat;
    if (!b->polar.judge)
        b->polar.judge = ob_ecg_create(130.0);
    for (int i = 0; b->polar.judge && i < frame->frames; i++)
        (void)ob_ecg_push(b->polar.judge, (float)frame->values[i] * 1e-3f, &beat);
}

static void take_data(struct ble *b, const struct ob_bluez_value *value)
{
    struct ble_polar *p = &b->polar;
    if (!ob_pmd_decode(value->bytes, value->count, &p->frame))
        return;
    const enum ob_pmd_type type = p->frame.type;
    const struct ob_polar_stream *stream = ob_polar_stream_of(&p->talk, type);
    if (!stream)
        return;
    ob_polar_data(&p->talk, b->now_ns, type);
    if (type == OB_PMD_ACC) {
        p->acc.factor = (double)stream->factor;
        ob_pmd_stream_frame(&p->acc, b->now_ns, &p->frame, b->emit, b->emit_user);
        return;
    }
    if (!ob_ble_polar_rules(b)) /* the heart comes from here from now on, and from there no more */
        ob_strap_break(&b->strap, b->now_ns, b->emit, b->emit_user);
    p->plain = false;
    p->heart_ns = b->now_ns;
    if (p->started_ns == 0)
        p->started_ns = b->now_ns;
    if (type == OB_PMD_ECG) {
        judge_ecg(b, &p->frame);
        ob_pmd_stream_frame(&p->ecg, b->now_ns, &p->frame, b->emit, b->emit_user);
    } else {
        ob_ppi_frame(&p->ppi, b->now_ns, &p->frame, b->emit, b->emit_user);
    }
}

bool ob_ble_polar_value(struct ble *b, const struct ob_bluez_value *value)
{
    struct ble_polar *p = &b->polar;
    if (p->phase == POLAR_NONE)
        return false;
    if (strcmp(value->path, p->control) == 0) {
        if (p->phase == POLAR_TALK)
            ob_polar_answer(&p->talk, b->now_ns, value->bytes, value->count);
        return true;
    }
    if (strcmp(value->path, p->data) != 0)
        return false;
    if (p->phase == POLAR_TALK && b->emit)
        take_data(b, value);
    return true;
}

/* ---- time, and the end ---- */

/* The heart's stream has been silent for so long that the plain intervals take over. */
static void hand_back(struct ble *b)
{
    struct ble_polar *p = &b->polar;
    if (p->plain || p->heart_ns == 0 || ob_ble_polar_rules(b) || !b->emit)
        return;
    p->plain = true;
    ob_pmd_stream_break(&p->ecg, b->now_ns, b->emit, b->emit_user);
    ob_ppi_break(&p->ppi, b->now_ns, b->emit, b->emit_user);
    ob_strap_break(&b->strap, b->now_ns, b->emit, b->emit_user);
}

void ob_ble_polar_time(struct ble *b)
{
    struct ble_polar *p = &b->polar;
    hand_back(b);
    if (p->phase == POLAR_TALK)
        pump(b);
    else if (p->phase != POLAR_NONE && p->phase != POLAR_OFF && b->now_ns >= p->due_ns)
        give_up(b, p->phase == POLAR_PAIRING
                       ? "Bonding with it failed, so its raw signal stays closed; its plain beat intervals are used."
                       : "It does not answer when asked for its raw signal; its plain beat intervals are used.");
}

int64_t ob_ble_polar_deadline_ns(const struct ble *b)
{
    const struct ble_polar *p = &b->polar;
    int64_t due_ns = p->phase == POLAR_TALK                            ? ob_polar_deadline_ns(&p->talk)
                     : p->phase == POLAR_NONE || p->phase == POLAR_OFF ? INT64_MAX
                                                                       : p->due_ns;
    if (!p->plain && p->heart_ns != 0 && p->heart_ns + RULES_NS < due_ns)
        due_ns = p->heart_ns + RULES_NS;
    return due_ns;
}

static int on_stopped(sd_bus_message *m, void *user, sd_bus_error *error)
{
    struct ble *b = user;
    (void)m;
    (void)error;
    b->leaving--;
    return 0;
}

void ob_ble_polar_leave(struct ble *b, bool orderly, bool counted)
{
    struct ble_polar *p = &b->polar;
    unsigned char order[OB_POLAR_ORDER_MAX];
    p->call = sd_bus_slot_unref(p->call);
    if (p->phase != POLAR_NONE && b->emit) {
        ob_pmd_stream_break(&p->ecg, b->now_ns, b->emit, b->emit_user);
        ob_ppi_break(&p->ppi, b->now_ns, b->emit, b->emit_user);
    }
    if (p->phase != POLAR_NONE && orderly)
        for (size_t count; (count = ob_polar_leave(&p->talk, order)) > 0;)
            if (write_order(b, order, count, counted ? on_stopped : NULL, NULL) >= 0 && counted)
                b->leaving++;
    p->phase = POLAR_NONE;
    p->heart_ns = 0;
    p->plain = true;
    p->problem = "";
    p->talk.streams = 0;
    ob_ecg_destroy(p->judge);
    p->judge = NULL;
}

void ob_ble_polar_finish(struct ble *b)
{
    b->agent = sd_bus_slot_unref(b->agent);
    b->polar.call = sd_bus_slot_unref(b->polar.call);
    ob_ecg_destroy(b->polar.judge);
    b->polar.judge = NULL;
}
