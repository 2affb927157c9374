/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hear_practice FILE PROTOCOL.yaml [MINUTES]: what the ear hears in a practice file beside what the protocol means, a
 * line each minute. Exit status 1 where they differ. Ten minutes of sound take some seconds. */
#include "app/commands/protocol_files.h"
#include "app/commands/protocol_length.h"
#include "base/time.h"
#include "breath_ear.h"
#include "meant.h"
#include "soundfile/soundfile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 4096

int main(int argc, char **argv)
{
    static double meant[MOST], heard[MOST];
    static struct ob_protocol protocol;
    static struct ob_problems problems;
    char clause[200];
    struct ob_sound sound;
    if (argc < 3)
        return 2;
    if (ob_protocol_file_read(argv[2], &protocol, &problems) || ob_soundfile_read(argv[1], 3 * 3600.0, &sound))
        return 2;
    ob_protocol_fill(&protocol, 9.0, 6.0, 0.4);
    if (argc > 3 && !ob_protocol_make_minutes(&protocol, atof(argv[3]), clause, sizeof clause))
        return 2;
    const size_t meant_count = meant_exhales(&protocol, meant, MOST);
    const size_t heard_count = ear_exhales(sound.stereo, sound.frames, sound.sample_rate_hz, heard, MOST);
    printf("minute  meant /min  heard /min  exhales meant  heard\n");
    for (int minute = 0; minute < (int)(ob_protocol_seconds(&protocol) / 60.0); minute++) {
        double first[2] = {NAN, NAN}, last[2] = {0, 0};
        size_t count[2] = {0, 0};
        for (int k = 0; k < 2; k++)
            for (size_t i = 0; i < (k ? heard_count : meant_count); i++) {
                const double at_s = k ? heard[i] : meant[i];
                if (at_s < minute * 60.0 || at_s >= minute * 60.0 + 60.0)
                    continue;
                if (count[k]++ == 0)
                    first[k] = at_s;
                last[k] = at_s;
            }
        printf("%6d  %10.2f  %10.2f  %13zu  %5zu\n", minute + 1, 60.0 * (double)(count[0] - 1) / (last[0] - first[0]),
               60.0 * (double)(count[1] - 1) / (last[1] - first[1]), count[0], count[1]);
    }
    const struct ear_score score = ear_compare(meant, meant_count, heard, heard_count);
    printf(
        "%zu of %zu exhales heard (%zu heard in all), %.2f s after the pacer's (spread %.2f s); a breath's length is "
        "off by %.1f%% (median)\n",
        score.found, score.meant, score.heard, score.offset_s, score.spread_s, 100.0 * score.rate_error_01);
    ob_sound_free(&sound);
    return (double)score.found >= 0.9 * (double)score.meant && score.rate_error_01 < 0.05 ? 0 : 1;
}
