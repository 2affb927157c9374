/* SPDX-License-Identifier: GPL-3.0-or-later */
/* say FILE.wav LANG TEXT: one line of the voice, to be listened to, with its length and loudness. */
#include "soundfile/soundfile.h"
#include "speech/speech.h"
#include "synth/loudness.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    static struct ob_spoken_queue queue;
    ob_spoken_queue_init(&queue);
    struct ob_speech *speech;
    const struct ob_speech_desc desc = {.queue = &queue, .here = true};
    if (ob_speech_create(&desc, &speech))
        return 1;
    const struct ob_speech_line line = {.lang = argv[2], .text = argv[3]};
    printf("%.2f s of words\n", ob_speech_seconds(speech, &line));
    ob_speech_line(speech, &line);
    struct ob_spoken_post post;
    if (!ob_ring_pop(&queue.posts, &post)) {
        char sentence[160];
        ob_speech_sentence(speech, sentence, sizeof sentence);
        fprintf(stderr, "%s\n", sentence);
        return 1;
    }
    struct ob_loudness meter;
    ob_loudness_init(&meter, 48000);
    ob_loudness_add(&meter, post.clip->stereo, post.clip->frames);
    printf("%.1f LUFS, %.1f dBTP\n", ob_loudness_lufs(&meter), ob_loudness_peak_dbtp(&meter));
    struct ob_soundfile *file;
    const struct ob_soundfile_desc out = {.path = argv[1], .sample_rate_hz = 48000, .replace = true};
    if (ob_soundfile_create(&out, &file) || ob_soundfile_write(file, post.clip->stereo, post.clip->frames) ||
        ob_soundfile_close(file, true))
        return 1;
    ob_speech_destroy(speech);
    return 0;
}
