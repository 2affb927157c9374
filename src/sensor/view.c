/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/view.h"

#include "base/time.h"
#include "os/tr.h"
#include "signal/ecg.h"
#include "signal/ppg.h"

#include <math.h>
#include <stdlib.h>

#define STEP_NS  (OB_NS_PER_S / OB_VIEW_HZ)
#define BREAK_NS (OB_NS_PER_S) /* a hole in the trace that is left open */
#define POOR_01  0.5f

struct ob_viewer {
    struct ob_view view;
    struct ob_ecg *ecg;
    struct ob_ppg *ppg;
    double fs_hz;
    uint64_t samples;
    /* the point that is being gathered */
    int64_t point_ns; /* its end */
    double level;     /* where the signal lies, slowly */
    bool level_known;
    float most; /* the sample farthest from there: a narrow R wave must not be averaged away */
    bool any, begun;
    bool after_gap;
    double sent_quality; /* of intervals, trailing mean; -1: none */
};

struct ob_viewer *ob_viewer_create(void)
{
    struct ob_viewer *v = calloc(1, sizeof *v);
    if (v) {
        v->view.quality_01 = -1.0f;
        v->view.contact = -1;
        v->sent_quality = -1.0;
    }
    return v;
}

void ob_viewer_destroy(struct ob_viewer *viewer)
{
    if (!viewer)
        return;
    ob_ecg_destroy(viewer->ecg);
    ob_ppg_destroy(viewer->ppg);
    free(viewer);
}

static void put_point(struct ob_viewer *v, float value)
{
    v->view.point[v->view.points++ % OB_VIEW_POINTS] = value;
    v->view.last_ns = v->point_ns;
    v->point_ns += STEP_NS;
    v->any = false;
}

static void put_beat(struct ob_viewer *v, int64_t time_ns, double rr_ms)
{
    struct ob_view *view = &v->view;
    const uint64_t before = view->beats - 1;
    if (rr_ms <= 0.0 && view->beats > 0 && !v->after_gap)
        rr_ms = (double)(time_ns - view->beat_ns[before % OB_VIEW_BEATS]) * 1e-6;
    view->beat_ns[view->beats % OB_VIEW_BEATS] = time_ns;
    view->rr_ms[view->beats++ % OB_VIEW_BEATS] = v->after_gap ? 0.0f : (float)rr_ms;
    v->after_gap = false;
}

static void take_sample(struct ob_viewer *v, float value, int64_t time_ns)
{
    if (!isfinite(value))
        return;
    const bool broken = time_ns > v->point_ns + BREAK_NS || time_ns < v->point_ns - BREAK_NS;
    if (!v->begun || broken) {
        v->begun = true;
        if (v->view.points > 0)
            put_point(v, NAN);
        v->point_ns = time_ns + STEP_NS;
        v->any = false;
    }
    v->level = v->level_known ? v->level + ((double)value - v->level) / (0.5 * v->fs_hz) : (double)value;
    v->level_known = true;
    while (time_ns > v->point_ns)
        put_point(v, v->most);
    if (!v->any || fabs((double)value - v->level) > fabs((double)v->most - v->level))
        v->most = value;
    v->any = true;
}

static bool detector_ready(struct ob_viewer *v, uint32_t signal, double fs_hz)
{
    const bool is_ecg = signal == OB_SIGNAL_ECG;
    if (v->view.wave && v->view.signal == signal && fabs(fs_hz / v->fs_hz - 1.0) < 0.05)
        return is_ecg ? v->ecg != NULL : v->ppg != NULL;
    ob_ecg_destroy(v->ecg);
    ob_ppg_destroy(v->ppg);
    v->ecg = is_ecg ? ob_ecg_create(fs_hz) : NULL;
    v->ppg = is_ecg ? NULL : ob_ppg_create(fs_hz);
    v->view.wave = true;
    v->view.signal = signal;
    v->fs_hz = fs_hz;
    v->samples = 0;
    v->level_known = false;
    v->after_gap = true;
    return v->ecg || v->ppg;
}

static void take_wave(struct ob_viewer *v, const struct ob_event *event)
{
    const double period_ns = event->u.samples.period_ns;
    const uint32_t frames = event->u.samples.frames, channels = event->u.samples.channels;
    if (channels < 1 || frames * channels > OB_EVENT_VALUES_MAX || !(period_ns >= 1e6 && period_ns <= 1e9))
        return;
    const bool ready = detector_ready(v, event->u.samples.signal, 1e9 / period_ns);
    const double newest = (double)(v->samples + frames) - 1.0;
    for (uint32_t i = 0; i < frames; i++) {
        const float value = event->u.samples.values[i * channels];
        take_sample(v, value, event->measured_ns - (int64_t)((double)(frames - 1 - i) * period_ns));
        struct ob_ecg_beat r;
        struct ob_ppg_beat pulse;
        v->samples++;
        if (!ready || !(v->ecg ? ob_ecg_push(v->ecg, value, &r) : ob_ppg_push(v->ppg, value, &pulse)))
            continue;
        const double index = v->ecg ? r.index : pulse.index;
        if ((v->ecg ? r.confidence_01 : pulse.quality_01) >= 0.5f)
            put_beat(v, event->measured_ns - (int64_t)((newest - index) * period_ns), 0.0);
    }
    /* the detectors need some seconds to know */
    if (ready && (double)v->samples > 4.0 * v->fs_hz)
        v->view.quality_01 = v->ecg ? ob_ecg_quality_01(v->ecg) : ob_ppg_quality_01(v->ppg);
    v->view.newest_ns = event->measured_ns;
}

void ob_viewer_event(struct ob_viewer *v, const struct ob_event *event)
{
    switch (event->kind) {
    case OB_EVENT_RR:
        if (!v->view.wave)
            put_beat(v, event->measured_ns, event->u.rr.rr_ms);
        if (!v->view.wave) {
            const double quality = (double)event->u.rr.quality_01;
            v->sent_quality = v->sent_quality < 0.0 ? quality : v->sent_quality + (quality - v->sent_quality) / 8.0;
            v->view.quality_01 = (float)v->sent_quality;
            v->view.newest_ns = event->measured_ns;
        }
        break;
    case OB_EVENT_SAMPLES:
        if (event->u.samples.signal == OB_SIGNAL_ECG || event->u.samples.signal == OB_SIGNAL_PPG)
            take_wave(v, event);
        else
            v->view.breath = true;
        break;
    case OB_EVENT_CONTACT:
        v->view.contact = event->u.contact.supported ? event->u.contact.touching : -1;
        break;
    case OB_EVENT_GAP:
        v->after_gap = true;
        if (v->ecg)
            ob_ecg_reset(v->ecg);
        if (v->ppg)
            ob_ppg_reset(v->ppg);
        break;
    default:
        break;
    }
}

const struct ob_view *ob_viewer_view(const struct ob_viewer *viewer)
{
    return &viewer->view;
}

double ob_view_bpm(const struct ob_view *view)
{
    double sum_ms = 0.0;
    int count = 0;
    for (uint64_t i = view->beats; i > 0 && count < 8 && view->beats - i < OB_VIEW_BEATS; i--) {
        const float rr_ms = view->rr_ms[(i - 1) % OB_VIEW_BEATS];
        if (!(rr_ms > 0.0f))
            break;
        sum_ms += (double)rr_ms;
        count++;
    }
    return count >= 2 ? 60000.0 * count / sum_ms : 0.0;
}

const char *ob_view_advice(const struct ob_view *view)
{
    if (view->contact == 0 || view->quality_01 < 0.0f || view->quality_01 >= POOR_01)
        return "";
    if (view->wave && view->signal == OB_SIGNAL_PPG)
        return ob_tr("The pulse is hard to see. A warm, still hand and light pressure help.");
    if (view->wave)
        return ob_tr("The signal is poor. Moisten the electrodes and press them on.");
    return ob_tr("The beats are uncertain. Moisten the electrodes and sit still for a moment.");
}
