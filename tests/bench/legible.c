/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How plainly a scene shows its breath to somebody across the room, who sees patches and no detail: in 96 x 54 cells,
 * how much of the picture changes its lightness (CIE L*) by 5 or more from empty to full, by how much there, and how
 * that is spread over the four quarters of the way. */
#include "../render/canvas.h"
#include "../render/scenario.h"
#include "base/maths.h"
#include "base/time.h"
#include "render/shelf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 5
#define SEEN  5.0 /* of lightness: a difference that is plain between large patches */

static double lightness(double luminance)
{
    return luminance > 0.008856 ? 116.0 * cbrt(luminance) - 16.0 : 903.3 * luminance;
}

static unsigned char pixels[CANVAS_BYTES];
static double cells[STEPS][OB_LIGHT_ROWS][OB_LIGHT_COLUMNS];

static void look(struct ob_render *render, double feedback_01)
{
    static struct ob_snapshot snapshot;
    for (int step = 0; step < STEPS; step++) {
        /* Half a cosine: its quarters of the way. In the inhale, so that nothing of an exhale is in the picture. Whole
         * breaths apart for the light guard, and at the same slow time for all that wanders. */
        const double turns = 0.4 * acos(1.0 - 2.0 * step / (STEPS - 1.0)) / OB_PI;
        const double later_s = 10.0 * step + 10.0 * fmin(turns, 0.3999);
        scenario_fill(&snapshot, 100.0 + later_s);
        snapshot.begin_ns = ob_ns_from_s(later_s);
        snapshot.params.feedback_01 = (float)feedback_01;
        canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
        canvas_cells(pixels, cells[step]);
    }
}

static void print_scene(const char *name, double feedback_01)
{
    struct ob_render *render = canvas_open(name, NULL);
    if (!render)
        exit(1);
    look(render, feedback_01);
    ob_render_destroy(render);
    double share = 0.0, change = 0.0, quarter[STEPS - 1] = {0};
    for (int row = 0; row < OB_LIGHT_ROWS; row++)
        for (int column = 0; column < OB_LIGHT_COLUMNS; column++) {
            double at[STEPS];
            for (int step = 0; step < STEPS; step++)
                at[step] = lightness(cells[step][row][column]);
            double most = 0.0;
            for (int step = 1; step < STEPS; step++)
                most = fmax(most, fabs(at[step] - at[0]));
            if (most < SEEN)
                continue;
            share += 1.0;
            change += most;
            for (int step = 1; step < STEPS; step++)
                quarter[step - 1] += fabs(at[step] - at[step - 1]);
        }
    const double all = share > 0.0 ? share : 1.0;
    printf("%-10s feedback %.1f   %5.1f%% of the picture, by %4.1f   quarters %4.1f %4.1f %4.1f %4.1f\n", name,
           feedback_01, 100.0 * share / (OB_LIGHT_ROWS * OB_LIGHT_COLUMNS), change / all, quarter[0] / all,
           quarter[1] / all, quarter[2] / all, quarter[3] / all);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    char name[OB_SHELF_NAME];
    (void)argv;
    if (argc > 1)
        return 2;
    printf("where lightness (L*, 0-100) changes by %.0f or more from empty to full\n", SEEN);
    for (int i = 0; ob_shelf_name(i, name, sizeof name); i++) {
        print_scene(name, 0.5);
        print_scene(name, 1.0);
    }
    return 0;
}
