/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/analysis_print.h"

#include "app/json.h"

#include <string.h>

static const char *const class_names[] = {
    [OB_RR_NORMAL] = "normal", [OB_RR_ECTOPIC] = "ectopic", [OB_RR_MISSED] = "missed", [OB_RR_EXTRA] = "extra",
    [OB_RR_LONG] = "long",     [OB_RR_SHORT] = "short",     [OB_RR_GAP] = "gap",
};

static void json_metrics(FILE *out, const struct ob_analysis *a)
{
    struct ob_report_line line;
    for (size_t i = 0; ob_report_line(&a->report, i, &line); i++) {
        if (line.metric->valid)
            fprintf(out, ",\n  \"%s\": %.10g", line.key, line.metric->value);
        else
            fprintf(out, ",\n  \"%s\": null", line.key);
    }
    fputs(",\n  \"reasons\": {", out);
    const char *comma = "";
    for (size_t i = 0; ob_report_line(&a->report, i, &line); i++) {
        if (line.metric->valid)
            continue;
        fprintf(out, "%s\n    \"%s\": ", comma, line.key);
        ob_json_string(out, line.metric->reason);
        comma = ",";
    }
    fputs(*comma ? "\n  }" : "}", out);
}

static void json_one(FILE *out, const struct ob_analysis *a)
{
    fputs("{\n  \"file\": ", out);
    ob_json_string(out, a->path);
    if (!a->readable) {
        fputs(",\n  \"error\": ", out);
        ob_json_string(out, a->sentence);
        fputs("\n}", out);
        return;
    }
    fprintf(out, ",\n  \"program\": \"outbreath %s\",\n  \"kind\": \"%s\",\n  \"label\": \"%s\"", OB_VERSION,
            ob_analysis_source(a), ob_analysis_label(a));
    if (a->fs_hz > 0.0) {
        fprintf(out, ",\n  \"fs_hz\": %.10g,\n  \"channel\": ", a->fs_hz);
        ob_json_string(out, a->channel);
    }
    fprintf(out, ",\n  \"intervals\": %zu,\n  \"seconds\": %.3f,\n  \"artefact_share\": %.6f", a->report.intervals,
            a->report.seconds, a->artefact_share_01);
    if (a->source != OB_BEATS_RR)
        fprintf(out, ",\n  \"unsure_share\": %.6f", a->unsure_share_01);
    fprintf(out, ",\n  \"covered_share\": %.6f", a->covered_share_01);
    fputs(",\n  \"artefacts_of_whole\": {", out);
    for (int k = OB_RR_ECTOPIC; k <= OB_RR_GAP; k++)
        fprintf(out, "%s\"%s\": %zu", k > OB_RR_ECTOPIC ? ", " : "", class_names[k], a->correction.by_class[k]);
    fprintf(out, "},\n  \"corrected\": %s,\n  \"usable\": %s,\n  \"cautions\": [", a->raw ? "false" : "true",
            a->correction.usable ? "true" : "false");
    const char *caution;
    for (int i = 0; (caution = ob_analysis_caution(a, i)) != NULL; i++) {
        fputs(i ? ", " : "", out);
        ob_json_string(out, caution);
    }
    fputs("],\n  \"warnings\": [", out);
    if (a->warning[0])
        ob_json_string(out, a->warning);
    if (a->warning[0] && a->sentence[0])
        fputs(", ", out);
    if (a->sentence[0])
        ob_json_string(out, a->sentence);
    fputs("]", out);
    json_metrics(out, a);
    fputs("\n}", out);
}

void ob_analysis_print_json(FILE *out, const struct ob_analysis *analyses, size_t count)
{
    if (count > 1)
        fputs("[\n", out);
    for (size_t i = 0; i < count; i++) {
        json_one(out, &analyses[i]);
        fputs(i + 1 < count ? ",\n" : "\n", out);
    }
    if (count > 1)
        fputs("]\n", out);
}

/* A cell in quotes where it needs them (RFC 4180). */
static void csv_text(FILE *out, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

void ob_analysis_print_csv(FILE *out, const struct ob_analysis *analyses, size_t count)
{
    struct ob_report_line line;
    fputs("file,kind,label,intervals,seconds,artefact_share,usable", out);
    for (size_t i = 0; ob_report_line(NULL, i, &line); i++)
        fprintf(out, ",%s", line.key);
    fputs(",remark\n", out);
    for (size_t f = 0; f < count; f++) {
        const struct ob_analysis *a = &analyses[f];
        csv_text(out, a->path);
        if (a->readable)
            fprintf(out, ",%s,%s,%zu,%.3f,%.6f,%s", ob_analysis_source(a), ob_analysis_label(a), a->report.intervals,
                    a->report.seconds, a->artefact_share_01, a->correction.usable ? "yes" : "no");
        else
            fputs(",,,,,,", out);
        for (size_t i = 0; ob_report_line(&a->report, i, &line); i++) {
            if (a->readable && line.metric->valid)
                fprintf(out, ",%.10g", line.metric->value);
            else
                fputs(",", out);
        }
        fputs(",", out);
        const char *caution = a->readable ? ob_analysis_caution(a, 0) : a->sentence;
        csv_text(out, caution ? caution : "");
        fputs("\n", out);
    }
}

static void table_one(FILE *out, const struct ob_analysis *a)
{
    fprintf(out, "%s\n", a->path);
    if (!a->readable) {
        fputs("  not read\n", out);
        return;
    }
    fprintf(out, "  %s from %s%s%s, %zu intervals, %.1f min, %.2f%% artefacts", ob_analysis_label(a),
            ob_analysis_source(a), a->channel[0] ? " " : "", a->channel, a->report.intervals, a->report.seconds / 60.0,
            100.0 * a->artefact_share_01);
    const char *comma = " (whole recording: ";
    for (int k = OB_RR_ECTOPIC; k <= OB_RR_GAP; k++) {
        if (a->correction.by_class[k] == 0)
            continue;
        fprintf(out, "%s%zu %s", comma, a->correction.by_class[k], class_names[k]);
        comma = ", ";
    }
    fputs(*comma == ',' ? " intervals)\n" : "\n", out);
    const char *caution;
    for (int i = 0; (caution = ob_analysis_caution(a, i)) != NULL; i++)
        fprintf(out, "  Take care: %s.\n", caution);
    struct ob_report_line line;
    for (size_t i = 0; ob_report_line(&a->report, i, &line); i++) {
        if (line.metric->valid)
            fprintf(out, "  %-36s %12.*f %s\n", line.name, line.decimals, line.metric->value,
                    strcmp(line.unit, "ms2") == 0 ? "ms\xC2\xB2" : line.unit);
        else
            fprintf(out, "  %-36s %12s %s\n", line.name, "-", line.metric->reason);
    }
}

void ob_analysis_print_table(FILE *out, const struct ob_analysis *analyses, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputs("\n", out);
        table_one(out, &analyses[i]);
    }
}
