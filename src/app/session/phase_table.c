/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/phase_table.h"

#include "base/maths.h"
#include "base/time.h"

#include <string.h>

void ob_phase_table_event(struct ob_phase_table *table, const struct ob_event *event)
{
    if (event->kind == OB_EVENT_BEGIN)
        *table = (struct ob_phase_table){.now = -1};
    else if (event->kind == OB_EVENT_PHASE && table->now < 0 && table->count < OB_PROTOCOL_PHASES)
        table->phases[table->count++] = event->u.phase;
}

bool ob_phase_table_look(struct ob_phase_table *table, const struct ob_snapshot *s, const size_t size[OB_FEATURES])
{
    /* The engine refuses phases outside of the limits; then its count is another one, and nothing is told. */
    if (s->phase_count == 0 || s->phase_count != table->count || s->phase < 0 || s->phase >= table->count)
        return false;
    if (s->stage == OB_STAGE_ENDED) {
        if (table->now >= 0)
            table->rows[table->now].to_s = ob_s_from_ns(s->end_ns - s->begin_ns);
        return false;
    }
    const double now_s = ob_s_from_ns(s->now_ns - s->begin_ns);
    struct ob_phase_row *row = &table->rows[s->phase];
    const bool begins = !row->begun;
    if (begins) {
        row->begun = true;
        row->from_s = now_s - ob_s_from_ns(s->phase_ns);
        if (table->now >= 0)
            table->rows[table->now].to_s = row->from_s;
    }
    table->now = s->phase;
    row->to_s = now_s;
    if (ob_s_from_ns(s->phase_ns) < OB_PHASE_SKIP_S)
        return begins;
    if (!row->counted)
        memcpy(row->first, size, sizeof row->first);
    row->counted = true;
    memcpy(row->last, size, sizeof row->last);
    return begins;
}

void ob_phase_table_write(const struct ob_phase_table *table, const struct ob_phase_series series[OB_FEATURES],
                          FILE *out)
{
    static const char *const kinds[] = {
        [OB_PHASE_UNPACED] = "unpaced", [OB_PHASE_PACED] = "paced", [OB_PHASE_GUIDED] = "guided"};
    static const enum ob_feature shown[] = {OB_FEATURE_HR_BPM,        OB_FEATURE_RSA_BPM,   OB_FEATURE_BREATH_BRPM,
                                            OB_FEATURE_PACER_BRPM,    OB_FEATURE_PACER_FIT, OB_FEATURE_RMSSD_MS,
                                            OB_FEATURE_ARTEFACT_SHARE};
    fprintf(out, "[");
    for (int p = 0, written = 0; p < table->count; p++) {
        const struct ob_phase_row *row = &table->rows[p];
        if (!row->begun)
            continue;
        fprintf(out, "%s\n    {\"number\": %d, \"kind\": \"%s\", \"measured\": %s, \"from_s\": %.2f, \"to_s\": %.2f",
                written++ ? "," : "", p + 1, kinds[table->phases[p].kind % OB_PHASE_KINDS],
                table->phases[p].flags & OB_PHASE_MEASURED ? "true" : "false", row->from_s, row->to_s);
        for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
            const enum ob_feature f = shown[i];
            fprintf(out, ", \"%s\": ", ob_feature_name(f));
            if (row->last[f] > row->first[f])
                fprintf(out, "%.5g", ob_median(series[f].values + row->first[f], row->last[f] - row->first[f]));
            else
                fprintf(out, "null");
        }
        fprintf(out, "}");
    }
    fprintf(out, "%s]", table->count ? "\n  " : "");
}
