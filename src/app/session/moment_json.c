/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/moment_json.h"

#include "app/json.h"
#include "base/time.h"
#include "breath/moment.h"

#include <math.h>

void ob_moment_log_look(struct ob_moment_log *log, const struct ob_snapshot *s)
{
    for (; log->mark_count < s->mark_count && log->mark_count < OB_MOMENT_MARKS; log->mark_count++)
        log->marks[log->mark_count] = s->marks[log->mark_count % OB_SNAPSHOT_MARKS];
    const bool hole = s->settling == OB_SETTLING_CANNOT_TELL;
    const double now_s = ob_s_from_ns(s->now_ns - s->begin_ns);
    if (hole && !log->in_hole && log->hole_count < OB_MOMENT_HOLES) {
        log->holes[log->hole_count++].from_s = fmax(now_s - 1.0, 0.0);
        log->in_hole = true;
    }
    if (hole && log->in_hole)
        log->holes[log->hole_count - 1].to_s = now_s;
    log->in_hole &= hole;
}

static void write_mark(FILE *out, const struct ob_settling_mark *m, int64_t begin_ns)
{
    char text[OB_MOMENT_TEXT];
    fprintf(out,
            "{\"t_s\": %.0f, \"known_s\": %.0f, \"label\": \"%s\", \"paced\": %s, \"heart_bpm\": %.1f, "
            "\"swing_pct\": %.0f, \"breath_brpm\": ",
            ob_s_from_ns(m->at_ns - begin_ns), ob_s_from_ns(m->known_ns - begin_ns), ob_moment_label(m),
            m->paced ? "true" : "false", m->heart_bpm, m->swing_percent);
    if (m->breath_known)
        fprintf(out, "%.1f", m->breath_brpm);
    else
        fprintf(out, "null");
    if (m->sighs_known)
        fprintf(out, ", \"sighs\": %u", (unsigned)m->sighs);
    else
        fprintf(out, ", \"sighs\": null");
    if (m->sighs > 0)
        fprintf(out, ", \"sigh_s\": %.0f", ob_s_from_ns(m->sigh_ns - begin_ns));
    else
        fprintf(out, ", \"sigh_s\": null");
    fprintf(out, ", \"answered\": %s,\n     \"text\": ", m->answered ? "true" : "false");
    ob_moment_text(m, begin_ns, NULL, text, sizeof text);
    ob_json_string(out, text);
    fprintf(out, "}");
}

void ob_moment_log_write(const struct ob_moment_log *log, const struct ob_snapshot *s, FILE *out)
{
    char text[OB_MOMENT_TEXT];
    fprintf(out, "  \"exhale_moments\": [");
    for (uint64_t i = 0; i < log->mark_count; i++) {
        fprintf(out, "%s\n    ", i ? "," : "");
        write_mark(out, &log->marks[i], s->begin_ns);
    }
    fprintf(out, "%s],\n", log->mark_count ? "\n  " : "");
    fprintf(out,
            "  \"exhale_moment\": {\"watched_s\": %.0f, \"could_not_tell_s\": %.0f, \"too_early_s\": %.0f,\n    "
            "\"could_not_tell\": [",
            s->settling_watched_s, s->settling_blind_s, s->settling_early_s);
    for (int i = 0; i < log->hole_count; i++)
        fprintf(out, "%s{\"from_s\": %.0f, \"to_s\": %.0f}", i ? ", " : "", log->holes[i].from_s, log->holes[i].to_s);
    fprintf(out, "],\n    \"chance\": ");
    ob_json_string(out, ob_moment_chance(NULL));
    fprintf(out, ",\n    \"text\": ");
    ob_moment_watch_text(s->settling_watched_s, s->settling_blind_s, s->settling_early_s, NULL, text, sizeof text);
    ob_json_string(out, text);
    fprintf(out, "},\n");
}
