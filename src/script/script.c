/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "script/script.h"

#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BEGIN_S      1.5  /* of quiet before the first word */
#define PAUSE_S      0.8  /* between two lines */
#define AHEAD_S      1.5  /* a line that belongs to a turn of the pacer is told this long before */
#define TURN_LEAD_S  0.3  /* and begins this long before the turn: the word that counts comes second */
#define LATE_S       0.45 /* later than this after its start it would lead astray */
#define HOLD_LEAST_S 1.5  /* a shorter hold is not told */
#define LAST_S       45.0 /* before the end */
#define LONG_S       240.0
#define EARLY_S      25.0 /* a protocol's own words in this time stand for ours */
#define SHOWN_S      3.0  /* a caption stays for as long as it is said and this */

static const struct {
    const char *key, *english;
} lines[] = {
#define OB_SCRIPT_ROW(id, key, english) {key, english},
    OB_SCRIPT_LINES(OB_SCRIPT_ROW)
#undef OB_SCRIPT_ROW
};

const char *ob_script_english(enum ob_script_id id)
{
    return lines[id].english;
}

const char *ob_script_key(enum ob_script_id id)
{
    return lines[id].key;
}

void ob_script_init(struct ob_script *script, const struct ob_script_desc *desc)
{
    memset(script, 0, sizeof *script);
    script->desc = *desc;
    script->phase = -1;
    if (script->desc.protocol && script->desc.protocol->phase_count == 0)
        script->desc.protocol = NULL;
}

/* About 125 words a minute, and a breath between sentences: within half a second of what espeak-ng takes. */
static double seconds_of(const char *text)
{
    double seconds = 0.2;
    for (const char *c = text; *c; c++) {
        seconds += ((unsigned char)*c & 0xc0) == 0x80 ? 0.0 : 0.07;
        if (c[1] == ' ')
            seconds += *c == '.' ? 0.9 : *c == ',' ? 0.35 : 0.0;
    }
    return seconds;
}

static void say(struct ob_script *script, const char *key, const char *english, int64_t start_ns, double patience_s,
                struct ob_script_line *line_out)
{
    const char *text = script->desc.tr ? script->desc.tr(english) : english;
    memset(line_out, 0, sizeof *line_out);
    snprintf(line_out->key, sizeof line_out->key, "%s", key);
    snprintf(line_out->text, sizeof line_out->text, "%s", text);
    line_out->translated = text != english;
    line_out->start_ns = start_ns;
    line_out->until_ns = start_ns + ob_ns_from_s(patience_s);
    const int64_t end_ns = start_ns + ob_ns_from_s(seconds_of(line_out->text));
    script->free_ns = end_ns + ob_ns_from_s(PAUSE_S);
    snprintf(script->caption, sizeof script->caption, "%s", line_out->text);
    script->caption_from_ns = start_ns;
    script->caption_until_ns = end_ns + ob_ns_from_s(SHOWN_S);
}

static bool say_line(struct ob_script *script, enum ob_script_id id, int64_t start_ns, struct ob_script_line *line_out)
{
    say(script, lines[id].key, lines[id].english, start_ns, 4.0, line_out);
    return true;
}

/* ---- a protocol's own words ------------------------------------------------------------------------------------ */

static bool has_early_words(const struct ob_script *script, const struct ob_snapshot *s)
{
    const struct ob_protocol *p = script->desc.protocol;
    for (int i = 0; p && i < p->caption_count; i++)
        if (p->captions[i].phase == s->phase && p->captions[i].at_s < EARLY_S)
            return true;
    return false;
}

static bool own_words(struct ob_script *script, const struct ob_snapshot *s, struct ob_script_line *line_out)
{
    const struct ob_protocol *p = script->desc.protocol;
    const double at_s = ob_s_from_ns(s->phase_ns);
    for (int i = 0; p && s->phase_count == p->phase_count && i < p->caption_count; i++) {
        const struct ob_protocol_caption *c = &p->captions[i];
        if (c->phase != s->phase || script->said[i] || c->at_s > at_s)
            continue;
        if (at_s > c->at_s + fmin(c->for_s, 15.0)) { /* its time is over */
            script->said[i] = true;
            continue;
        }
        char key[64];
        script->said[i] = true;
        snprintf(key, sizeof key, "%.40s-%d-%03d", p->name, c->phase + 1, (int)c->at_s);
        const int64_t earliest_ns = s->begin_ns + ob_ns_from_s(BEGIN_S);
        say(script, key, c->text, s->now_ns > earliest_ns ? s->now_ns : earliest_ns, 4.0, line_out);
        return true;
    }
    return false;
}

/* ---- the first breaths ----------------------------------------------------------------------------------------- */

enum turn { TURN_IN, TURN_HOLD, TURN_OUT, TURN_REST };

/* The next turn of the pacer that is worth a word, and in how many seconds it comes. */
static enum turn next_turn(const struct ob_pacer_segment *pacer, int64_t now_ns, double *in_s_out)
{
    const struct ob_pacer_state state = ob_pacer_at(pacer, now_ns);
    const struct ob_breath_shape *shape = &pacer->shape;
    const double breath_s = 60.0 / fmax(state.rate_brpm, 1.0);
    const double at[] = {1.0, shape->inhale_01, shape->inhale_01 + shape->hold_full_01,
                         shape->inhale_01 + shape->hold_full_01 + shape->exhale_01};
    enum turn next = TURN_IN;
    double least = 2.0;
    for (int t = TURN_IN; t <= TURN_REST; t++) {
        if ((t == TURN_HOLD && shape->hold_full_01 * breath_s < HOLD_LEAST_S) ||
            (t == TURN_REST && shape->hold_empty_01 * breath_s < HOLD_LEAST_S))
            continue;
        const double turns = at[t] - state.phase_turns;
        if (turns > 0.0 && turns < least) {
            least = turns;
            next = (enum turn)t;
        }
    }
    *in_s_out = least * breath_s;
    return next;
}

static bool teach(struct ob_script *script, const struct ob_snapshot *s, struct ob_script_line *line_out)
{
    double in_s;
    const enum turn turn = next_turn(&s->pacer, s->now_ns, &in_s);
    const int64_t turn_ns = s->now_ns + ob_ns_from_s(in_s);
    const int64_t start_ns = turn_ns - ob_ns_from_s(TURN_LEAD_S);
    const bool told = turn_ns < script->turn_ns + OB_NS_PER_S / 2;
    if (script->breath == OB_SCRIPT_BREATHS && turn == TURN_IN && !told) {
        script->taught = true;
        script->lines_due |= 1 << OB_SCRIPT_GO_ON;
        script->free_ns += ob_ns_from_s(1.5);
        return false;
    }
    /* Where two words in a row were too long for their turn, breaths are counted all the same. A turn is told once, and
     * one that comes before the last word has ended is let go. Teaching begins with an inhale.
     */
    if (in_s > AHEAD_S || told || start_ns < s->now_ns || start_ns < script->free_ns - ob_ns_from_s(PAUSE_S + LATE_S) ||
        (turn != TURN_IN && script->turn_ns == 0))
        return false;
    script->breath += turn == TURN_IN;
    const bool first = script->breath == 1;
    enum ob_script_id id = first ? OB_SCRIPT_FIRST_IN : OB_SCRIPT_IN;
    if (turn == TURN_HOLD)
        id = OB_SCRIPT_HOLD;
    else if (turn == TURN_OUT)
        id = first ? OB_SCRIPT_FIRST_OUT : OB_SCRIPT_OUT;
    else if (turn == TURN_REST)
        id = OB_SCRIPT_REST;
    script->turn_ns = turn_ns;
    say_line(script, id, start_ns, line_out);
    line_out->until_ns = start_ns + ob_ns_from_s(LATE_S);
    return true;
}

/* ---- the order of a session ------------------------------------------------------------------------------------ */

static bool leads(const struct ob_snapshot *s)
{
    return s->stage == OB_STAGE_GUIDED;
}

/* What the beginning of a part asks for. */
static void begin_part(struct ob_script *script, const struct ob_snapshot *s)
{
    const bool own = has_early_words(script, s);
    const bool guided = leads(s);
    int due = 0;
    if (!script->begun && guided)
        due = 1 << OB_SCRIPT_WELCOME | (own ? 0 : 1 << OB_SCRIPT_EASY);
    else if (!script->begun)
        due = own ? 0 : 1 << OB_SCRIPT_MEASURED;
    else if (guided && !script->led)
        due = own ? 0 : 1 << OB_SCRIPT_FOLLOW | 1 << OB_SCRIPT_EASY;
    else if (!guided && script->led)
        due = own ? 0 : 1 << OB_SCRIPT_LET_GO;
    /* A session that is nothing but unpaced has no guidance to announce. */
    bool comes = !script->desc.protocol;
    for (int i = 0; script->desc.protocol && i < script->desc.protocol->phase_count; i++)
        comes = comes || ob_phase_leads(&script->desc.protocol->phases[i]);
    if (!comes)
        due = 0;
    script->lines_due = due;
    if (!script->begun)
        script->free_ns = s->begin_ns + ob_ns_from_s(BEGIN_S);
    script->begun = true;
    script->led = guided;
}

static bool is_part(uint32_t stage)
{
    return stage == OB_STAGE_GUIDED || stage == OB_STAGE_UNPACED || stage == OB_STAGE_UNPACED_BEFORE ||
           stage == OB_STAGE_UNPACED_AFTER;
}

static bool due_line(struct ob_script *script, const struct ob_snapshot *s, struct ob_script_line *line_out)
{
    if (script->lines_due == 0 || s->now_ns < script->free_ns)
        return false;
    int id = 0;
    while (!(script->lines_due & 1 << id))
        id++;
    script->lines_due &= ~(1 << id);
    return say_line(script, (enum ob_script_id)id, s->now_ns, line_out);
}

static bool near_the_end(struct ob_script *script, const struct ob_snapshot *s, struct ob_script_line *line_out)
{
    const struct ob_protocol *p = script->desc.protocol;
    const double left_s = ob_s_from_ns(s->end_ns - s->now_ns), all_s = ob_s_from_ns(s->end_ns - s->begin_ns);
    const bool last_part = !p || s->phase == p->phase_count - 1;
    if (script->last_said || !leads(s) || !last_part || left_s > LAST_S || left_s < 20.0 || all_s < LONG_S ||
        (p && p->end == OB_END_LEAVE) || s->let_go_ns || s->now_ns < script->free_ns)
        return false;
    script->last_said = true;
    return say_line(script, OB_SCRIPT_LAST, s->now_ns, line_out);
}

static bool ended(struct ob_script *script, const struct ob_snapshot *s, struct ob_script_line *line_out)
{
    const struct ob_protocol *p = script->desc.protocol;
    /* Whoever fell asleep is let sleep. */
    if (script->thanked || !script->begun || s->let_go_ns || (p && p->end == OB_END_LEAVE))
        return false;
    script->thanked = true;
    script->lines_due = 0;
    const int64_t after_ns = s->now_ns + ob_ns_from_s(BEGIN_S);
    return say_line(script, OB_SCRIPT_THANKS, after_ns > script->free_ns ? after_ns : script->free_ns, line_out);
}

/* The person asked for something with a key. */
static bool asked(struct ob_script *script, const struct ob_snapshot *s, bool dizzy, struct ob_script_line *line_out)
{
    const bool turned =
        s->stage == OB_STAGE_NATURAL && (script->stage != OB_STAGE_NATURAL || (dizzy && !script->dizzy));
    if (!turned)
        return false;
    script->lines_due = 0;
    script->taught = true;
    say_line(script, dizzy ? OB_SCRIPT_DIZZY : OB_SCRIPT_NATURAL, s->now_ns, line_out);
    line_out->urgent = true;
    return true;
}

static void hush(struct ob_script *script)
{
    script->caption[0] = '\0';
    script->lines_due = 0;
}

bool ob_script_step(struct ob_script *script, const struct ob_snapshot *s, bool dizzy, struct ob_script_line *line_out)
{
    if (s->stage == OB_STAGE_IDLE)
        return false;
    if (s->sound_db <= OB_SCRIPT_SILENT_DB) {
        hush(script);
        script->taught = true; /* whoever sat in silence needs no teaching in what comes after */
        script->begun = true;
        return false;
    }
    if (s->stage == OB_STAGE_PAUSED) {
        script->caption[0] = '\0';
        return false;
    }
    bool any = asked(script, s, dizzy, line_out);
    const bool new_part = is_part(s->stage) && (!script->begun || leads(s) != script->led || script->phase != s->phase);
    if (new_part && (!script->begun || s->stage != OB_STAGE_GUIDED || script->stage != OB_STAGE_NATURAL))
        begin_part(script, s);
    script->stage = s->stage;
    script->phase = s->phase;
    script->dizzy = dizzy;
    if (any)
        return true;
    if (s->stage == OB_STAGE_ENDED)
        return ended(script, s, line_out);
    if (!is_part(s->stage) || due_line(script, s, line_out))
        return is_part(s->stage);
    if (s->now_ns >= script->free_ns && own_words(script, s, line_out))
        return true;
    if (script->lines_due == 0 && script->desc.teach && !script->taught && leads(s) && teach(script, s, line_out))
        return true;
    return near_the_end(script, s, line_out);
}

const char *ob_script_caption(const struct ob_script *script, int64_t now_ns)
{
    return now_ns >= script->caption_from_ns && now_ns < script->caption_until_ns ? script->caption : "";
}

bool ob_script_opens(const struct ob_script *script)
{
    return script->lines_due != 0 || (script->desc.teach && script->led && !script->taught);
}
