/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whoever speaks: clips reach the queue, recordings go before what is made, and without a voice nothing stops. */
#include "base/time.h"
#include "os/clock.h"
#include "soundfile/soundfile.h"
#include "speech/cache.h"
#include "speech/espeak.h"
#include "speech/speech.h"
#include "synth/synth.h"

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct ob_spoken_queue queue;

static struct ob_speech *begin(const char *library, const char *recordings, bool here)
{
    struct ob_speech *speech;
    ob_spoken_queue_init(&queue);
    const struct ob_speech_desc desc = {.queue = &queue, .library = library, .recordings = recordings, .here = here};
    assert_int_equal(ob_speech_create(&desc, &speech), OB_OK);
    return speech;
}

/* The next post, waited for where a worker makes it; ten seconds are only for a machine that is very busy. */
static bool next_post(struct ob_spoken_post *post)
{
    for (int i = 0; i < 1000; i++) {
        if (ob_ring_pop(&queue.posts, post))
            return true;
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 10000000);
    }
    return false;
}

static void give_back(const struct ob_spoken_post *post)
{
    ob_ring_push(&queue.returns, &post->clip);
}

static bool says(const struct ob_speech *speech, const char *part)
{
    char sentence[160];
    ob_speech_sentence((struct ob_speech *)(uintptr_t)speech, sentence, sizeof sentence);
    print_message("it says: %s\n", sentence);
    return strstr(sentence, part) != NULL;
}

static double words_s(const struct ob_spoken_post *post)
{
    return post->clip->words_frames / post->clip->sample_rate_hz;
}

static void a_line_becomes_a_clip_with_its_moment(void **state)
{
    (void)state;
    struct ob_speech *speech = begin(OB_HUMS, NULL, false);
    const struct ob_speech_line line = {.key = "in", .text = "in and out", .lang = "en", .start_ns = 7 * OB_NS_PER_S};
    ob_speech_line(speech, &line);
    struct ob_spoken_post post, again;
    assert_true(next_post(&post));
    assert_true(fabs(words_s(&post) - 1.0) < 0.1); /* ten letters */
    assert_true(post.start_ns == 7 * OB_NS_PER_S);
    assert_true(post.until_ns == 11 * OB_NS_PER_S);
    assert_int_equal(post.urgent, 0);
    ob_speech_line(speech, &line);
    assert_true(next_post(&again));
    assert_ptr_equal(again.clip, post.clip); /* not made twice */
    give_back(&post);
    give_back(&again);
    ob_speech_say(speech, "stop", "en", OB_SPEECH_URGENT);
    assert_true(next_post(&post));
    assert_int_equal(post.urgent, 1);
    assert_true(post.until_ns > ob_clock_monotonic_ns());
    assert_true(says(speech, ""));
    ob_speech_destroy(speech);
}

static void the_newest_takes_the_place_of_what_waits(void **state)
{
    (void)state;
    struct ob_speech *speech = begin(OB_HUMS, NULL, false);
    /* The first has its moment and stays; it keeps the worker busy while the others come in at once. Of those the one
     * of the higher priority counts, or the newest of equals; some may be made before the next one comes. */
    const struct ob_speech_line busy = {
        .text = "a line that is long enough to keep anybody busy, and then longer still, to "
                "be quite sure of it, and longer, and longer, until there is no breath left",
        .lang = "en",
        .start_ns = OB_NS_PER_S};
    static const char *const texts[] = {"one", "three", "longer", "fourfourfourfour", "no"};
    ob_speech_line(speech, &busy);
    for (int i = 0; i < 5; i++)
        ob_speech_say(speech, texts[i], "en", i == 4 ? OB_SPEECH_SCREEN : OB_SPEECH_PRACTICE);
    struct ob_spoken_post post;
    int count = 0;
    bool four = false;
    while (!four && next_post(&post)) {
        four = fabs(words_s(&post) - 1.6) < 0.1;
        count++;
    }
    print_message("%d of 5 were posted up to the one that counts\n", count);
    assert_true(four);
    assert_true(count < 5);
    ob_speech_destroy(speech);
}

static void without_a_voice_nothing_stops(void **state)
{
    (void)state;
    static const struct {
        const char *library, *part;
    } cases[] = {{"/nowhere/libespeak-ng.so.1", "not installed"}, {OB_BROKEN, "data"}, {"libm.so.6", "another"}};
    for (size_t i = 0; i < 3; i++) {
        struct ob_speech *speech = begin(cases[i].library, NULL, true);
        ob_speech_say(speech, "hello", "en", OB_SPEECH_SCREEN);
        struct ob_spoken_post post;
        assert_false(ob_ring_pop(&queue.posts, &post));
        assert_true(says(speech, cases[i].part));
        ob_speech_destroy(speech);
    }
    struct ob_speech *speech = begin(OB_HUMS, NULL, true);
    const struct ob_speech_line klingon = {.text = "hello", .lang = "tlh"};
    assert_true(ob_speech_seconds(speech, &klingon) == 0.0);
    assert_true(says(speech, "tlh"));
    const struct ob_speech_line english = {.text = "hello", .lang = "en"};
    assert_true(ob_speech_seconds(speech, &english) > 0.3);
    ob_speech_destroy(speech);
    ob_speech_say(NULL, "hello", "en", OB_SPEECH_SCREEN);
    ob_speech_hush(NULL);
    ob_speech_destroy(NULL);
}

static void there_is_one_voice_at_a_time(void **state)
{
    (void)state;
    struct ob_espeak *one, *two;
    char sentence[160];
    assert_int_equal(ob_espeak_open(OB_HUMS, &one, sentence, sizeof sentence), OB_OK);
    assert_int_equal(ob_espeak_open(OB_HUMS, &two, sentence, sizeof sentence), OB_ERR_BUSY);
    ob_espeak_close(one);
    assert_int_equal(ob_espeak_open(OB_HUMS, &two, sentence, sizeof sentence), OB_OK);
    ob_espeak_close(two);
}

static char folder[] = "/tmp/ob_speech_XXXXXX";

static void put_recording(const char *name, double seconds)
{
    char path[200];
    snprintf(path, sizeof path, "%s/de/%s", folder, name);
    const struct ob_soundfile_desc desc = {.path = path, .sample_rate_hz = 44100, .replace = true};
    struct ob_soundfile *file;
    assert_int_equal(ob_soundfile_create(&desc, &file), OB_OK);
    for (int i = 0; i < (int)(seconds * 44100); i++) {
        const float x = 0.3f * sinf(0.05f * (float)i);
        ob_soundfile_write(file, (float[]){x, x}, 1);
    }
    assert_int_equal(ob_soundfile_close(file, true), OB_OK);
}

static double seconds_of(struct ob_speech *speech, const char *key, const char *lang)
{
    const struct ob_speech_line line = {.key = key, .text = "ja", .lang = lang};
    return ob_speech_seconds(speech, &line);
}

static void a_recording_takes_the_place(void **state)
{
    (void)state;
    char path[200], command[250];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/de", folder);
    assert_int_equal(mkdir(path, 0777), 0);
    put_recording("welcome.flac", 1.5);
    put_recording("close.ogg", 2.5);
    snprintf(path, sizeof path, "%s/de/easy.wav", folder);
    FILE *file = fopen(path, "w");
    fputs("no sound", file);
    fclose(file);
    struct ob_speech *speech = begin(OB_HUMS, folder, true);
    assert_true(fabs(seconds_of(speech, "welcome", "de") - 1.5) < 0.05);
    assert_true(fabs(seconds_of(speech, "close", "de") - 2.5) < 0.05);
    assert_true(fabs(seconds_of(speech, "welcome", "en") - 0.2) < 0.05);       /* none in English: two letters */
    assert_true(fabs(seconds_of(speech, "../de/welcome", "de") - 0.2) < 0.05); /* leads nowhere */
    assert_true(says(speech, ""));
    assert_true(fabs(seconds_of(speech, "easy", "de") - 0.2) < 0.05);
    assert_true(says(speech, "easy.wav"));
    ob_speech_destroy(speech);
    /* Recordings speak without espeak-ng, too. */
    speech = begin("/nowhere", folder, true);
    assert_true(fabs(seconds_of(speech, "welcome", "de") - 1.5) < 0.05);
    assert_true(seconds_of(speech, "none", "de") == 0.0);
    ob_speech_destroy(speech);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void many_lines_do_not_pile_up(void **state)
{
    (void)state;
    struct ob_speech *speech = begin(OB_HUMS, NULL, true);
    char text[40];
    struct ob_spoken_post post;
    for (int i = 0; i < 100; i++) { /* nobody takes them: what does not fit is dropped */
        snprintf(text, sizeof text, "%d", i % 2);
        ob_speech_say(speech, text, "en", OB_SPEECH_SCREEN);
    }
    int count = 0;
    while (ob_ring_pop(&queue.posts, &post)) {
        count++;
        give_back(&post);
    }
    assert_int_equal(count, OB_SPOKEN_POSTS);
    ob_speech_destroy(speech);
}

static void what_is_lent_is_kept(void **state)
{
    (void)state;
    static struct ob_speech_cache cache;
    char name[20];
    struct ob_speech_entry *first = NULL;
    for (int i = 0; i < 3 * OB_SPEECH_CLIPS; i++) {
        const struct ob_spoken_clip clip = {calloc(2, sizeof(float)), 1, 1, 48000};
        snprintf(name, sizeof name, "%d", i);
        struct ob_speech_entry *entry = ob_speech_cache_add(&cache, name, &clip, 0.0);
        assert_non_null(entry);
        if (i == 0) {
            first = entry;
            first->lent = cache.lent = 1;
        }
    }
    assert_ptr_equal(ob_speech_cache_find(&cache, "0"), first);
    assert_null(ob_speech_cache_find(&cache, "1"));
    assert_non_null(ob_speech_cache_find(&cache, name));
    ob_speech_cache_returned(&cache, &first->clip);
    assert_int_equal(cache.lent, 0);
    /* All lent: there is no place. */
    for (int i = 0; i < OB_SPEECH_CLIPS; i++)
        cache.entries[i].lent = 1;
    const struct ob_spoken_clip clip = {calloc(2, sizeof(float)), 1, 1, 48000};
    assert_null(ob_speech_cache_add(&cache, "new", &clip, 0.0));
    ob_speech_cache_finish(&cache);
}

static _Atomic bool over;

static void *play(void *user)
{
    struct ob_synth *synth = user;
    static float out[2 * 480];
    struct ob_synth_input input = {.spoken = &queue, .voice_01 = 0.6f};
    float peak = 0.0f;
    while (!atomic_load(&over)) {
        ob_synth_render(synth, &input, ob_clock_monotonic_ns(), 1e9 / 48000, out, 480);
        for (int i = 0; i < 2 * 480; i++)
            peak = fmaxf(peak, fabsf(out[i]));
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 1000000);
    }
    return peak > 0.05f ? synth : NULL;
}

/* Whoever asks, whoever makes and whoever plays are three threads. */
static void three_threads_make_a_voice(void **state)
{
    (void)state;
    struct ob_speech *speech = begin(OB_HUMS, NULL, false);
    const struct ob_synth_desc desc = {.seed = 1};
    struct ob_synth *synth = ob_synth_create(&desc);
    pthread_t player;
    void *heard = NULL;
    atomic_store(&over, false);
    assert_int_equal(pthread_create(&player, NULL, play, synth), 0);
    char sentence[160];
    bool sounded = false;
    for (int i = 0; i < 1000 && !sounded; i++) {
        if (i % 50 == 0)
            ob_speech_say(speech, i % 100 ? "in" : "out", "en", i % 150 ? OB_SPEECH_SCREEN : OB_SPEECH_URGENT);
        ob_speech_sentence(speech, sentence, sizeof sentence);
        sounded = atomic_load(&queue.sounding) != 0;
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 10000000);
    }
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 300000000);
    ob_speech_hush(speech);
    atomic_store(&over, true);
    pthread_join(player, &heard);
    assert_true(sounded);
    assert_ptr_equal(heard, synth);
    ob_synth_destroy(synth);
    ob_speech_destroy(speech);
}

/* Whoever leaves a session hears nothing of it a while later, however long its words took to be made. */
static void what_is_being_made_is_not_said_after_a_hush(void **state)
{
    (void)state;
    struct ob_speech *speech = begin(OB_HUMS, NULL, false);
    struct ob_spoken_post post;
    ob_speech_say(speech, "~~", "en", OB_SPEECH_PRACTICE);
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 150000000);
    ob_speech_hush(speech);
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 600000000);
    assert_false(ob_ring_pop(&queue.posts, &post));
    ob_speech_say(speech, "in", "en", OB_SPEECH_PRACTICE);
    bool said = false;
    for (int i = 0; i < 2000 && !said; i++) {
        said = ob_ring_pop(&queue.posts, &post);
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 5000000);
    }
    assert_true(said);
    ob_speech_destroy(speech);
}

/* The real one, where it is installed. */
static void espeak_itself_speaks(void **state)
{
    (void)state;
    char sentence[160];
    struct ob_espeak *espeak;
    if (ob_espeak_open(NULL, &espeak, sentence, sizeof sentence)) {
        print_message("skipped: %s\n", sentence);
        skip();
    }
    static const char *const lines[][2] = {{"en", "Breathe easily, not deep, through the nose."},
                                           {"de", "Ruhig atmen, nicht tief, durch die Nase."}};
    for (size_t i = 0; i < 2; i++) {
        float *mono;
        size_t frames;
        double rate;
        assert_int_equal(ob_espeak_say(espeak, lines[i][0], lines[i][1], &mono, &frames, &rate), OB_OK);
        print_message("%s: %.2f s\n", lines[i][1], (double)frames / rate);
        assert_true((double)frames / rate > 2.5 && (double)frames / rate < 7.0);
        free(mono);
    }
    ob_espeak_close(espeak);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_becomes_a_clip_with_its_moment),
        cmocka_unit_test(the_newest_takes_the_place_of_what_waits),
        cmocka_unit_test(without_a_voice_nothing_stops),
        cmocka_unit_test(there_is_one_voice_at_a_time),
        cmocka_unit_test(a_recording_takes_the_place),
        cmocka_unit_test(many_lines_do_not_pile_up),
        cmocka_unit_test(what_is_lent_is_kept),
        cmocka_unit_test(three_threads_make_a_voice),
        cmocka_unit_test(what_is_being_made_is_not_said_after_a_hush),
        cmocka_unit_test(espeak_itself_speaks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
