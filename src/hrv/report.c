/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/report.h"

#include "hrv/nonlinear.h"
#include "hrv/time_domain.h"

#include <string.h>

bool ob_report_compute(struct ob_psd *psd, const struct ob_nn_list *list, double resp_hz, struct ob_report *out)
{
    memset(out, 0, sizeof *out);
    size_t corrected = 0;
    for (size_t i = 0; i < list->count; i++) {
        out->seconds += list->items[i].nn_ms / 1000.0;
        corrected += list->items[i].corrected;
    }
    out->intervals = list->count;
    out->corrected_01 = list->count ? (double)corrected / (double)list->count : 0.0;

    struct ob_time_domain time;
    ob_time_domain_compute(list, &time);
    out->hr_bpm = time.hr_bpm;
    out->mean_nn_ms = time.mean_nn_ms;
    out->sdnn_ms = time.sdnn_ms;
    out->rmssd_ms = time.rmssd_ms;
    out->pnn50_pct = time.pnn50_pct;
    out->sd1_ms = time.sd1_ms;
    out->sd2_ms = time.sd2_ms;

    struct ob_nonlinear nonlinear;
    if (!ob_psd_compute(psd, list, resp_hz, &out->spectra) || !ob_nonlinear_compute(list, &nonlinear))
        return false;
    const struct ob_bands *welch = &out->spectra.by_welch, *lomb = &out->spectra.by_lomb;
    out->vlf_ms2 = welch->vlf_ms2;
    out->lf_ms2 = welch->lf_ms2;
    out->hf_ms2 = welch->hf_ms2;
    out->total_ms2 = welch->total_ms2;
    out->lf_peak_hz = welch->lf_peak_hz;
    out->hf_peak_hz = welch->hf_peak_hz;
    out->breath_brpm =
        resp_hz > 0.0 ? ob_metric_of(60.0 * resp_hz) : ob_metric_none("the breathing rate was not measured");
    out->resp_ms2 = welch->resp_ms2;
    out->vlf_lomb_ms2 = lomb->vlf_ms2;
    out->lf_lomb_ms2 = lomb->lf_ms2;
    out->hf_lomb_ms2 = lomb->hf_ms2;
    out->total_lomb_ms2 = lomb->total_ms2;
    out->lf_peak_lomb_hz = lomb->lf_peak_hz;
    out->hf_peak_lomb_hz = lomb->hf_peak_hz;
    out->resp_lomb_ms2 = lomb->resp_ms2;
    out->dfa_alpha1 = nonlinear.dfa_alpha1;
    out->dfa_alpha2 = nonlinear.dfa_alpha2;
    out->sampen = nonlinear.sampen;
    out->apen = nonlinear.apen;
    return true;
}

bool ob_report_line(const struct ob_report *report, size_t i, struct ob_report_line *line_out)
{
    static const struct {
        const char *key, *name, *unit;
        int decimals;
        size_t offset;
    } lines[] = {
#define OB_REPORT_LINE(field, text, in, digits) {#field, text, in, digits, offsetof(struct ob_report, field)},
        OB_REPORT_METRICS(OB_REPORT_LINE)
#undef OB_REPORT_LINE
    };
    if (i >= sizeof lines / sizeof *lines)
        return false;
    const struct ob_metric *metric = report ? (const struct ob_metric *)((const char *)report + lines[i].offset) : NULL;
    *line_out = (struct ob_report_line){.key = lines[i].key,
                                        .name = lines[i].name,
                                        .unit = lines[i].unit,
                                        .decimals = lines[i].decimals,
                                        .metric = metric};
    return true;
}
