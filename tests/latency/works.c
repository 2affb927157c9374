/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every heartbeat shows as exactly one flip and one click, in order, through the program's normal ways. No time is
 * judged, only that an answer comes before the next beat. */
#include "../live/child.h"
#include "probe.h"

#include <stdio.h>

#define BEATS 14

static struct stage stage;
static struct probe probe;

static int judge(void)
{
    int wrong = 0;
    for (size_t i = 0; i < probe.said; i++) {
        if (probe_flip_after_ns(&probe, i) == INT64_MIN)
            wrong++, printf("beat %zu has no flip before the next one\n", i);
        if (probe_click_after_ns(&probe, i) == INT64_MIN)
            wrong++, printf("beat %zu has no click before the next one\n", i);
    }
    if (probe.flips != probe.said)
        wrong++, printf("%zu beats, but %zu flips\n", probe.said, probe.flips);
    if (probe.clicks != probe.said)
        wrong++, printf("%zu beats, but %zu clicks\n", probe.said, probe.clicks);
    return wrong;
}

int main(void)
{
    char problem[256];
    if (!stage_init(&stage, STAGE_SCREEN | STAGE_STUDIO | STAGE_LINE, 640, 360, problem, sizeof problem)) {
        printf("skipped: %s\n", problem);
        return 77;
    }
    const char *const arguments[] = {OB_PROGRAM,  "--serial", stage.port, "--latency-probe",
                                     "--width",   "640",      "--height", "360",
                                     "--minutes", "5",        NULL};
    probe.stage = &stage;
    probe.seed = 2;
    int status = 1;
    if (studio_record_start(&stage.studio, 10) && stage_start(&stage, arguments) && stage_wait_picture(&stage, 60.0)) {
        sleep_s(3.0);
        const bool ran = probe_run(&probe, BEATS);
        const int ended = stage_end(&stage);
        studio_record_stop(&stage.studio);
        probe_listen(&probe);
        if (!ran)
            printf("the program ended early\n");
        if (ended != 0)
            printf("the program ended with %d\n", ended);
        if (ran && ended == 0 && judge() == 0)
            status = 0;
    }
    if (status)
        printf("the program said:\n%s\n", stage_output(&stage));
    stage_finish(&stage);
    return status;
}
