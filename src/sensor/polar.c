/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/polar.h"

#include "base/time.h"
#include "os/tr.h"

#include <string.h>

#define SETTINGS 1
#define START    2
#define STOP     3

#define STOPPED_BY_ITSELF 1 /* first byte of an indication that is no answer */

#define ANSWER_NS  (5 * OB_NS_PER_S)
#define WARM_UP_NS (40 * OB_NS_PER_S) /* first samples may take 30 s */
#define SILENCE_NS (10 * OB_NS_PER_S)
#define AGAIN_NS   (2 * OB_NS_PER_S)
#define CHARGER_NS (10 * OB_NS_PER_S)
#define TRIES      3
#define ACC_HIGH   52 /* Hz: more than enough for breathing, and kind to battery and radio */
#define ACC_LOW    25

static void add(struct ob_polar *p, enum ob_pmd_type type, int64_t now_ns)
{
    struct ob_polar_stream *s = &p->stream[p->streams++];
    s->type = type;
    s->state = type == OB_PMD_PPI ? OB_POLAR_START : OB_POLAR_ASK; /* pulse intervals have no settings */
    s->factor = 1.0f;
    s->due_ns = now_ns;
}

void ob_polar_begin(struct ob_polar *p, int64_t now_ns, uint32_t mask)
{
    memset(p, 0, sizeof *p);
    p->asked = -1;
    if (mask & 1u << OB_PMD_ECG) {
        add(p, OB_PMD_ECG, now_ns);
        if (mask & 1u << OB_PMD_ACC)
            add(p, OB_PMD_ACC, now_ns);
    } else if (mask & 1u << OB_PMD_PPI) {
        add(p, OB_PMD_PPI, now_ns);
    }
}

static void enter(struct ob_polar_stream *s, enum ob_polar_state state, int64_t due_ns)
{
    s->state = state;
    s->due_ns = due_ns;
}

static void give_up(struct ob_polar_stream *s, bool unanswered)
{
    s->unanswered = unanswered;
    enter(s, OB_POLAR_GIVEN_UP, INT64_MAX);
}

/* Once more, as long as there is hope. */
static void again(struct ob_polar_stream *s, int64_t now_ns, bool unanswered)
{
    if (++s->tries >= TRIES)
        give_up(s, unanswered);
    else
        enter(s, OB_POLAR_LATER, now_ns + AGAIN_NS);
}

/* ---- settings ---- */

/* Of an ECG the fastest. Of acceleration what lies in the band, else the least above it, else the most below. */
static bool better_rate(enum ob_pmd_type type, uint32_t rate, uint32_t than)
{
    if (type == OB_PMD_ECG)
        return rate > than;
    const int where = rate > ACC_HIGH ? 1 : rate < ACC_LOW ? 2 : 0, its = than > ACC_HIGH ? 1 : than < ACC_LOW ? 2 : 0;
    if (where != its)
        return where < its;
    return where == 1 ? rate < than : rate > than;
}

static uint32_t choose(const struct ob_polar_stream *s, enum ob_pmd_setting id)
{
    const struct ob_pmd_answer *offered = &s->offered;
    uint32_t value = offered->value[id][0];
    if (s->modest)
        return value;
    for (int i = 1; i < offered->values[id]; i++) { /* the finest resolution, the smallest range */
        const uint32_t other = offered->value[id][i];
        if (id == OB_PMD_RATE                                ? better_rate(s->type, other, value)
            : id == OB_PMD_RANGE || id == OB_PMD_RANGE_MILLI ? other < value
                                                             : other > value)
            value = other;
    }
    return value;
}

static size_t write_start(struct ob_polar_stream *s, unsigned char *out)
{
    static const unsigned char sizes[OB_PMD_SETTING_KINDS] = {2, 2, 2, 4, 1, 4};
    size_t at = 0;
    out[at++] = START;
    out[at++] = (unsigned char)s->type;
    s->rate_hz = 0.0;
    for (int id = 0; id < OB_PMD_SETTING_KINDS; id++) {
        if (s->offered.values[id] == 0 || id == OB_PMD_FACTOR || at + 2 + sizes[id] > OB_POLAR_ORDER_MAX)
            continue;
        const uint32_t value = choose(s, (enum ob_pmd_setting)id);
        out[at++] = (unsigned char)id;
        out[at++] = 1;
        for (unsigned i = 0; i < sizes[id]; i++)
            out[at++] = (unsigned char)(value >> 8 * i & 0xFFu);
        if (id == OB_PMD_RATE)
            s->rate_hz = (double)value;
    }
    return at;
}

static void take_settings(struct ob_polar_stream *s, const struct ob_pmd_answer *answer)
{
    for (int id = 0; id < OB_PMD_SETTING_KINDS; id++) {
        if (answer->values[id] == 0)
            continue;
        s->offered.values[id] = answer->values[id];
        memcpy(s->offered.value[id], answer->value[id], sizeof answer->value[id]);
    }
}

/* ---- orders and answers ---- */

/* What time alone has changed. */
static void take_time(struct ob_polar *p, int64_t now_ns)
{
    for (int i = 0; i < p->streams; i++) {
        struct ob_polar_stream *s = &p->stream[i];
        if (now_ns < s->due_ns)
            continue;
        if (p->asked == i) { /* the answer did not come */
            p->asked = -1;
            again(s, now_ns, true);
        } else if (s->state == OB_POLAR_LATER) {
            const bool known = s->type == OB_PMD_PPI || s->offered.values[OB_PMD_RATE] > 0;
            enter(s, s->may_be_on ? OB_POLAR_STOP : known ? OB_POLAR_START : OB_POLAR_ASK, now_ns);
        } else if (s->state == OB_POLAR_WARM_UP || s->state == OB_POLAR_ON) {
            if (++s->tries >= TRIES)
                give_up(s, true);
            else
                enter(s, OB_POLAR_STOP, now_ns);
        }
    }
}

size_t ob_polar_order(struct ob_polar *p, int64_t now_ns, unsigned char out[OB_POLAR_ORDER_MAX])
{
    take_time(p, now_ns);
    for (int i = 0; i < p->streams && p->asked < 0; i++) {
        struct ob_polar_stream *s = &p->stream[i];
        size_t length = 2;
        if (s->state == OB_POLAR_ASK) {
            out[0] = p->order = SETTINGS;
        } else if (s->state == OB_POLAR_STOP) {
            out[0] = p->order = STOP;
        } else if (s->state == OB_POLAR_START) {
            p->order = START;
            length = write_start(s, out);
            s->may_be_on = true;
        } else {
            continue;
        }
        out[1] = (unsigned char)s->type;
        p->asked = i;
        s->due_ns = now_ns + ANSWER_NS;
        return length;
    }
    return 0;
}

static void refused(struct ob_polar_stream *s, int64_t now_ns, uint8_t order, uint8_t error)
{
    s->error = error;
    if (order == STOP) { /* it was not on */
        s->may_be_on = false;
        enter(s, OB_POLAR_START, now_ns);
        return;
    }
    if (order == START && error != OB_PMD_ALREADY)
        s->may_be_on = false;
    switch (error) {
    case OB_PMD_ALREADY: /* by an earlier program, with settings that nobody knows: once more from the beginning */
        if (s->stopped_once) {
            enter(s, OB_POLAR_WARM_UP, now_ns + WARM_UP_NS);
        } else {
            s->stopped_once = true;
            enter(s, OB_POLAR_STOP, now_ns);
        }
        break;
    case OB_PMD_BAD_PARAMETER:
        if (s->modest || order == SETTINGS) {
            give_up(s, false);
        } else {
            s->modest = true;
            enter(s, OB_POLAR_START, now_ns);
        }
        break;
    case OB_PMD_CHARGING: /* for as long as it lies there */
        enter(s, OB_POLAR_LATER, now_ns + CHARGER_NS);
        break;
    case OB_PMD_BAD_MTU:
        give_up(s, false);
        break;
    default:
        again(s, now_ns, false);
        break;
    }
}

static void stopped_by_itself(struct ob_polar *p, int64_t now_ns, const unsigned char *types, size_t count)
{
    for (int i = 0; i < p->streams; i++)
        for (size_t k = 0; k < count; k++)
            if (types[k] == (unsigned)p->stream[i].type && p->asked != i && p->stream[i].may_be_on) {
                p->stream[i].may_be_on = false;
                again(&p->stream[i], now_ns, true);
            }
}

void ob_polar_answer(struct ob_polar *p, int64_t now_ns, const unsigned char *bytes, size_t count)
{
    struct ob_pmd_answer answer;
    if (count >= 1 && bytes[0] == STOPPED_BY_ITSELF) {
        stopped_by_itself(p, now_ns, bytes + 1, count - 1);
        return;
    }
    const bool whole = ob_pmd_decode_answer(bytes, count, &answer);
    if (p->asked < 0 || (!whole && answer.order == 0) || answer.order != p->order ||
        answer.type != p->stream[p->asked].type)
        return;
    struct ob_polar_stream *s = &p->stream[p->asked];
    if (answer.error == OB_PMD_DONE && answer.order == SETTINGS) {
        take_settings(s, &answer);
        if (answer.more)
            return;
    }
    p->asked = -1;
    if (answer.error != OB_PMD_DONE) {
        refused(s, now_ns, answer.order, answer.error);
        return;
    }
    s->error = 0;
    if (answer.order == STOP)
        s->may_be_on = false;
    if (answer.order == START) {
        s->factor = answer.has_factor ? answer.factor : 1.0f;
        enter(s, OB_POLAR_WARM_UP, now_ns + WARM_UP_NS);
    } else {
        enter(s, OB_POLAR_START, now_ns);
    }
}

void ob_polar_failed(struct ob_polar *p, int64_t now_ns)
{
    if (p->asked >= 0)
        again(&p->stream[p->asked], now_ns, true);
    p->asked = -1;
}

void ob_polar_data(struct ob_polar *p, int64_t now_ns, enum ob_pmd_type type)
{
    for (int i = 0; i < p->streams; i++) {
        struct ob_polar_stream *s = &p->stream[i];
        if (s->type != type || (s->state != OB_POLAR_WARM_UP && s->state != OB_POLAR_ON))
            continue;
        s->tries = 0;
        s->unanswered = false;
        enter(s, OB_POLAR_ON, now_ns + SILENCE_NS);
    }
}

int64_t ob_polar_deadline_ns(const struct ob_polar *p)
{
    int64_t due_ns = INT64_MAX;
    for (int i = 0; i < p->streams; i++) {
        const struct ob_polar_stream *s = &p->stream[i];
        const bool waits_its_turn =
            p->asked >= 0 && p->asked != i &&
            (s->state == OB_POLAR_ASK || s->state == OB_POLAR_START || s->state == OB_POLAR_STOP);
        if (!waits_its_turn && s->due_ns < due_ns)
            due_ns = s->due_ns;
    }
    return due_ns;
}

size_t ob_polar_leave(struct ob_polar *p, unsigned char out[OB_POLAR_ORDER_MAX])
{
    p->asked = -1;
    for (int i = 0; i < p->streams; i++) {
        if (!p->stream[i].may_be_on)
            continue;
        p->stream[i].may_be_on = false;
        out[0] = STOP;
        out[1] = (unsigned char)p->stream[i].type;
        return 2;
    }
    for (int i = 0; i < p->streams; i++)
        enter(&p->stream[i], OB_POLAR_GIVEN_UP, INT64_MAX);
    return 0;
}

const struct ob_polar_stream *ob_polar_stream_of(const struct ob_polar *p, enum ob_pmd_type type)
{
    for (int i = 0; i < p->streams; i++)
        if (p->stream[i].type == type)
            return &p->stream[i];
    return NULL;
}

const char *ob_polar_sentence(const struct ob_polar *p)
{
    if (p->streams == 0)
        return "";
    const struct ob_polar_stream *s = &p->stream[0];
    const bool ecg = s->type == OB_PMD_ECG;
    if (s->error == OB_PMD_CHARGING)
        return ob_tr("It lies in its charger and measures nothing there: take it out and put it on.");
    switch (s->state) {
    case OB_POLAR_ON:
        return "";
    case OB_POLAR_WARM_UP:
        return ecg ? ob_tr("Its ECG is warming up; that may take half a minute.")
                   : ob_tr("Its pulse intervals are warming up; that may take half a minute.");
    case OB_POLAR_GIVEN_UP:
        break;
    default:
        return s->tries > 0 ? ob_tr("Its raw signal does not come yet; it is asked again.")
                            : ob_tr("It is asked for its raw signal.");
    }
    if (s->error == OB_PMD_BAD_PARAMETER)
        return ob_tr("It refuses the settings of its raw signal; its plain beat intervals are used.");
    if (s->error == OB_PMD_BAD_MTU)
        return ob_tr(
            "This computer's radio takes packets too small for its raw signal; its plain beat intervals are used.");
    if (s->unanswered)
        return ob_tr("Its raw signal does not come; its plain beat intervals are used.");
    return ob_tr("It refuses its raw signal; its plain beat intervals are used.");
}
