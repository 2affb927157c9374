/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/plain_lines.h"

#include "base/time.h"
#include "breath/pacer.h"
#include "os/tr.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_NS (60 * OB_NS_PER_S)
#define LEADS_01  0.3f /* less guidance than this is on its way out: nothing to name */

void ob_plain_lines_init(struct ob_plain_lines *lines)
{
    memset(lines, 0, sizeof *lines);
}

void ob_plain_lines_where(const struct ob_snapshot *s, char *line_out, size_t size)
{
    const double left_s = ob_s_from_ns(s->end_ns - s->now_ns);
    const double minutes = round(left_s / 60.0);
    const bool heart = s->hr_bpm.valid && s->sensor == OB_SENSOR_LIVE;
    if (s->stage == OB_STAGE_ENDED)
        line_out[0] = '\0';
    else if (left_s < 75.0 && heart)
        snprintf(line_out, size, ob_tr("The last minute. Heart rate %.0f."), s->hr_bpm.value);
    else if (left_s < 75.0)
        snprintf(line_out, size, "%s", ob_tr("The last minute."));
    else if (heart)
        snprintf(line_out, size, ob_tr("%.0f minutes left. Heart rate %.0f."), fmax(minutes, 2.0), s->hr_bpm.value);
    else
        snprintf(line_out, size, ob_tr("%.0f minutes left."), fmax(minutes, 2.0));
}

/* The window pauses with another key. */
static const char *caption_here(const struct ob_snapshot *s, const char *caption)
{
    return s->stage == OB_STAGE_PAUSED ? ob_tr("Paused. Enter goes on.") : caption;
}

static bool news(char *before, const char *now, char *line_out, size_t size)
{
    if (strncmp(before, now, OB_PLAIN_LINE - 1) == 0)
        return false;
    snprintf(before, OB_PLAIN_LINE, "%s", now);
    snprintf(line_out, size, "%s", now);
    return now[0] != '\0';
}

/* The name of a breath's half, at its beginning. */
static bool breath(struct ob_plain_lines *lines, const struct ob_snapshot *s, char *line_out, size_t size)
{
    if (s->stage != OB_STAGE_GUIDED || s->params.guidance_01 < LEADS_01 || s->pacer.rate_brpm <= 0.0 || s->let_go_ns)
        return false;
    const struct ob_pacer_state at = ob_pacer_at(&s->pacer, s->now_ns);
    if (at.stage == OB_INHALE && lines->told != 1 && lines->breaths > 0) {
        lines->told = 1;
        snprintf(line_out, size, "%s", ob_tr("Breathe in."));
        return true;
    }
    if (at.stage == OB_EXHALE && lines->told == 1) {
        lines->told = 2;
        lines->breaths--;
        snprintf(line_out, size, "%s", ob_tr("Breathe out."));
        return true;
    }
    return false;
}

bool ob_plain_lines_step(struct ob_plain_lines *lines, const struct ob_snapshot *s, const char *caption,
                         const char *notice, char *line_out, size_t size)
{
    if (s->stage != lines->stage) {
        if (s->stage == OB_STAGE_GUIDED)
            lines->breaths = OB_PLAIN_BREATHS;
        lines->told = 0;
        lines->stage = s->stage;
        if (!lines->minute_ns)
            lines->minute_ns = s->begin_ns;
    }
    if (news(lines->caption, caption_here(s, caption), line_out, size) || news(lines->notice, notice, line_out, size))
        return true;
    if (breath(lines, s, line_out, size))
        return true;
    if (s->stage == OB_STAGE_ENDED || s->stage == OB_STAGE_IDLE || s->let_go_ns ||
        s->now_ns - lines->minute_ns < MINUTE_NS)
        return false;
    lines->minute_ns += MINUTE_NS * ((s->now_ns - lines->minute_ns) / MINUTE_NS);
    if (s->stage == OB_STAGE_PAUSED)
        return false;
    if (lines->breaths == 0)
        lines->breaths = 1;
    ob_plain_lines_where(s, line_out, size);
    return line_out[0] != '\0';
}
