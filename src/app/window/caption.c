/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/caption.h"

#include "base/time.h"
#include "os/tr.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* In a session with phases their own words go before the usual ones. */
static const char *line_of_phase(const struct ob_snapshot *s, const struct ob_protocol *protocol)
{
    const double at_s = ob_s_from_ns(s->phase_ns);
    const char *words = ob_protocol_words(protocol, s->phase, at_s);
    if (words[0] || ob_phase_leads(&protocol->phases[s->phase]))
        return ob_tr(words);
    return at_s < 15.0 ? ob_tr("Breathe as it comes.") : "";
}

static const char *line_for(const struct ob_snapshot *s, const struct ob_protocol *protocol, bool dizzy)
{
    const bool phases = protocol && s->phase < protocol->phase_count && s->phase_count == protocol->phase_count;
    const double since_s = ob_s_from_ns(s->now_ns - s->begin_ns);
    switch (s->stage) {
    case OB_STAGE_IDLE:
        return "";
    case OB_STAGE_PAUSED:
        return ob_tr("Paused. Space goes on.");
    case OB_STAGE_ENDED:
        return s->let_go_ns ? "" : ob_tr("Thank you. Take your time."); /* nobody is woken by thanks */
    case OB_STAGE_NATURAL:
        if (dizzy)
            return ob_tr("Breathe as you like, softly, sitting or lying. It passes. Press b when you want to be guided "
                         "again.");
        return ob_tr("Just breathe, as it comes. Press b to be guided again.");
    case OB_STAGE_UNPACED_BEFORE:
        if (phases)
            return line_of_phase(s, protocol);
        return since_s < 20.0 ? ob_tr("Sit easily and breathe as you always do. Guidance begins in two minutes.") : "";
    case OB_STAGE_UNPACED_AFTER:
        if (phases)
            return line_of_phase(s, protocol);
        return ob_tr("Breathe as you always do. Two quiet minutes to look at the difference.");
    case OB_STAGE_UNPACED:
        return phases ? line_of_phase(s, protocol) : "";
    default:
        break;
    }
    if (s->let_go_ns)
        return "";
    if (s->sensor == OB_SENSOR_HELD || s->sensor == OB_SENSOR_LOST || s->sensor == OB_SENSOR_UNFIT)
        return ob_tr(s->reason);
    if (phases && line_of_phase(s, protocol)[0])
        return line_of_phase(s, protocol);
    const double led_s = phases ? ob_s_from_ns(s->phase_ns) : since_s;
    if (led_s < 24.0)
        return ob_tr("Breathe in as it rises, out as it falls. Easy, not deep, through the nose.");
    if (s->sensor == OB_SENSOR_NONE && led_s < 40.0)
        return ob_tr("No heart sensor: plain pacing.");
    if (s->waiting)
        return ob_tr("There is no hurry. The pace waits for you.");
    return "";
}

void ob_caption(const struct ob_snapshot *snapshot, const struct ob_protocol *protocol, bool dizzy, char *text_out,
                size_t size)
{
    const char *line = line_for(snapshot, protocol, dizzy);
    const size_t length = strlen(line);
    const char *stop = length > 0 && !strchr(".!?", line[length - 1]) ? "." : "";
    snprintf(text_out, size, "%s%s", line, stop);
    text_out[0] = (char)toupper((unsigned char)text_out[0]);
}
