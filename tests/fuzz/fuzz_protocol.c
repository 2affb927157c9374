/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A protocol file: whatever is taken keeps every limit, and a guide follows it to its end within them. */
#include "base/time.h"
#include "breath/guide.h"
#include "config/protocol_file.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void follow(const struct ob_protocol *p)
{
    static const struct ob_guide_input blind = {0};
    struct ob_guide guide;
    const struct ob_session_plan plan = {.minutes = 1};
    ob_guide_init(&guide, &plan, 0);
    for (int i = 0; i < p->phase_count; i++)
        if (!ob_guide_add_phase(&guide, &p->phases[i], 0))
            abort();
    /* The first half minute, then each phase's beginning. */
    for (int i = 0; i < p->phase_count; i++) {
        for (int tick = 0; tick < 3000 && guide.stage != OB_GUIDE_ENDED; tick++) {
            ob_guide_tick(&guide, guide.segment.start_ns + OB_TICK_NS, &blind);
            if (!(guide.rate_brpm >= OB_PACE_CHOSEN_MIN_BRPM - 1e-9 &&
                  guide.rate_brpm <= OB_PACE_CHOSEN_MAX_BRPM + 1e-9))
                abort();
            const struct ob_breath_shape *s = &guide.segment.shape;
            if (!(fabs(s->inhale_01 + s->hold_full_01 + s->exhale_01 + s->hold_empty_01 - 1.0) < 1e-9))
                abort();
            const double db = ob_guide_sound_db(&guide);
            if (!(db <= 0.0 && db >= OB_SILENT_DB))
                abort();
        }
        ob_guide_next(&guide, guide.segment.start_ns);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_protocol p;
    static struct ob_problems problems;
    const enum ob_err err = ob_protocol_read("fuzz", (const char *)data, size, &problems, &p);
    if (err) {
        if (err != OB_ERR_FORMAT || problems.errors == 0)
            abort();
        return 0;
    }
    char clause[200];
    enum ob_phase_field field;
    ob_protocol_fill(&p, 9.0, 6.0, 0.4);
    if (problems.errors > 0 || !ob_protocol_check(&p, clause, sizeof clause))
        abort();
    for (int i = 0; i < p.phase_count; i++)
        if (!ob_phase_check(&p.phases[i], i > 0 ? &p.phases[i - 1] : NULL, p.kiosk, &field, clause, sizeof clause))
            abort();
    for (int i = 0; i < p.caption_count; i++)
        if (p.captions[i].phase < 0 || p.captions[i].phase >= p.phase_count ||
            !memchr(p.captions[i].text, 0, sizeof p.captions[i].text))
            abort();
    follow(&p);
    return 0;
}
