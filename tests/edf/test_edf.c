/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edf/edf.h"
#include "format/edf.h"

#include "../sensor/scratch.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define NS_PER_S INT64_C(1000000000)

static char sentence[OB_EDF_SENTENCE_MAX];

/* A whole file in memory, with its header read. */
struct whole {
    unsigned char *bytes;
    size_t size;
    struct ob_edf_header header;
};

static struct whole read_whole(const char *path)
{
    struct whole w = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    w.size = (size_t)ftell(file);
    rewind(file);
    w.bytes = malloc(w.size);
    assert_int_equal(fread(w.bytes, 1, w.size, file), w.size);
    fclose(file);
    const enum ob_err err = ob_edf_parse_header(w.bytes, w.size, &w.header, sentence, sizeof sentence);
    if (err)
        print_error("%s\n", sentence);
    assert_int_equal(err, OB_OK);
    assert_int_equal(w.header.header_bytes + (size_t)w.header.records * w.header.record_bytes, w.size);
    return w;
}

static const unsigned char *record_of(const struct whole *w, size_t r)
{
    return w->bytes + w->header.header_bytes + r * w->header.record_bytes;
}

static struct ob_edf *begin(const char *name, const struct ob_edf_channel *channels, int count)
{
    const struct ob_edf_desc desc = {.path = scratch_path(name),
                                     .channels = channels,
                                     .count = count,
                                     .year = 2024,
                                     .month = 2,
                                     .day = 29,
                                     .hour = 23,
                                     .minute = 59,
                                     .second = 58,
                                     .about = "simulated person"};
    struct ob_edf *edf = NULL;
    const enum ob_err err = ob_edf_create(&desc, &edf, sentence, sizeof sentence);
    if (err)
        print_error("%s\n", sentence);
    assert_int_equal(err, OB_OK);
    return edf;
}

static void finish(struct ob_edf *edf, enum ob_err wanted)
{
    const enum ob_err err = ob_edf_finish(edf, sentence, sizeof sentence);
    if (err != wanted)
        print_error("%s\n", sentence);
    assert_int_equal(err, wanted);
    assert_true(err == OB_OK ? !sentence[0] : strlen(sentence) > 20);
}

/* The trap: 354 beats in 300 records of one second, of which one annotation signal keeps 300. And far more. */
static void every_beat_is_kept(void **state)
{
    (void)state;
    static const int beats[] = {0, 1, 354, 900, 901, 5000};
    const struct ob_edf_channel hr = {.name = "HR", .unit = "bpm", .rate_hz = 1, .low = 0, .high = 300};
    for (size_t k = 0; k < sizeof beats / sizeof *beats; k++) {
        char name[32];
        snprintf(name, sizeof name, "beats%zu.edf", k);
        struct ob_edf *edf = begin(name, &hr, 1);
        float value = 60.0f;
        for (int i = 0; i < 300; i++)
            assert_int_equal(ob_edf_put(edf, 0, &value, 1), OB_OK);
        for (int i = beats[k] - 1; i >= 0; i--) /* order does not matter */
            assert_int_equal(ob_edf_annotate(edf, (int64_t)i * 299 * NS_PER_S / (beats[k] + 1), -1, "beat"), OB_OK);
        finish(edf, OB_OK);
        const struct whole w = read_whole(scratch_path(name));
        assert_int_equal(w.header.records, 300);
        int found = 0;
        for (size_t r = 0; r < 300; r++) {
            struct ob_edf_notes notes;
            struct ob_edf_note note;
            ob_edf_notes_init(&notes, &w.header, record_of(&w, r));
            while (ob_edf_notes_next(&notes, &note)) {
                if (note.record_start) {
                    assert_int_equal(note.onset_ns, (int64_t)r * NS_PER_S);
                    continue;
                }
                assert_true(ob_edf_is_beat(&note));
                const int64_t exact = (int64_t)found * 299 * NS_PER_S / (beats[k] + 1);
                assert_true(llabs(note.onset_ns - exact) <= OB_EDF_NOTE_TICK_NS / 2);
                found++;
            }
            assert_false(notes.bad);
        }
        assert_int_equal(found, beats[k]);
        free(w.bytes);
    }
}

static void samples_units_and_the_start_come_back(void **state)
{
    (void)state;
    const struct ob_edf_channel channels[] = {
        {.name = "ECG", .unit = "uV", .sensor = "electrodes", .rate_hz = 130, .low = -5000, .high = 5000},
        {.name = "Resp", .unit = "a.u.", .rate_hz = 12.5, .low = -1.2345678, .high = 3},
    };
    struct ob_edf *edf = begin("signals.edf", channels, 2);
    static float ecg[130 * 7 + 13], resp[60];
    const size_t ecgs = sizeof ecg / sizeof *ecg, resps = sizeof resp / sizeof *resp;
    for (size_t i = 0; i < ecgs; i++)
        ecg[i] = (float)(4000.0 * sin((double)i / 9.0));
    for (size_t i = 0; i < resps; i++)
        resp[i] = (float)(0.9 + 2.0 * sin((double)i / 20.0));
    ecg[40] = NAN;
    ecg[41] = 7000.0f; /* beyond the range */
    for (size_t i = 0; i < ecgs; i += 17)
        assert_int_equal(ob_edf_put(edf, 0, ecg + i, ecgs - i < 17 ? ecgs - i : 17), OB_OK);
    assert_int_equal(ob_edf_put(edf, 1, resp, resps), OB_OK);
    assert_int_equal(ob_edf_cut(edf), 1);
    /* forty bytes of text at most, cut between letters; control characters would end an annotation early */
    assert_int_equal(ob_edf_annotate(edf, 1234567890, 500000000, "0123456789012345678901234567890123456789ä"), OB_OK);
    assert_int_equal(ob_edf_annotate(edf, 2 * NS_PER_S, -1, "012345678901234567890123456789012345678ä"), OB_OK);
    assert_int_equal(ob_edf_annotate(edf, 3 * NS_PER_S, -1, "mark\x14\n"), OB_OK);
    assert_int_equal(ob_edf_annotate(edf, -1, -1, "before"), OB_ERR_RANGE);
    finish(edf, OB_OK);

    const struct whole w = read_whole(scratch_path("signals.edf"));
    const struct ob_edf_header *h = &w.header;
    assert_true(h->kind == OB_EDF_PLUS_CONTINUOUS && h->record_s == 2.0 && h->records == 4 && h->signals == 5);
    assert_true(h->year == 2024 && h->month == 2 && h->day == 29 && h->hour == 23 && h->minute == 59 &&
                h->second == 58);
    if (!strstr(h->recording, "simulated person"))
        print_error("%s\n", h->recording);
    assert_non_null(strstr(h->recording, "simulated person"));
    assert_string_equal(h->signal[0].name, "ECG");
    assert_string_equal(h->signal[0].unit, "mV");
    assert_string_equal(h->signal[1].unit, "a.u.");
    assert_true(ob_edf_rate_hz(h, 0) == 130.0 && ob_edf_rate_hz(h, 1) == 12.5 && ob_edf_rate_hz(h, 2) == 0.0);
    for (size_t i = 0; i < 4 * 260; i++) {
        const float got = ob_edf_sample(&h->signal[0], record_of(&w, i / 260), (int)(i % 260));
        if (i == 40 || i >= ecgs)
            assert_true(isnan(got));
        else
            assert_true(fabsf(got - (i == 41 ? 5.0f : ecg[i] / 1000.0f)) <= 0.00016f);
    }
    for (size_t i = 0; i < 4 * 25; i++) {
        const float got = ob_edf_sample(&h->signal[1], record_of(&w, i / 25), (int)(i % 25));
        assert_true(i < resps ? fabsf(got - resp[i]) < 0.00007f : isnan(got));
    }
    struct ob_edf_notes notes;
    struct ob_edf_note note;
    ob_edf_notes_init(&notes, h, record_of(&w, 0));
    assert_true(ob_edf_notes_next(&notes, &note) && note.record_start);
    assert_true(ob_edf_notes_next(&notes, &note) && note.onset_ns == 1234600000 && note.duration_ns == 500000000);
    assert_string_equal(note.text, "0123456789012345678901234567890123456789");
    assert_true(ob_edf_notes_next(&notes, &note) && note.onset_ns == 2 * NS_PER_S && note.duration_ns == -1);
    assert_string_equal(note.text, "012345678901234567890123456789012345678");
    assert_true(ob_edf_notes_next(&notes, &note));
    assert_string_equal(note.text, "mark  ");
    assert_false(ob_edf_notes_next(&notes, &note));
    free(w.bytes);
}

static void a_file_is_there_whole_or_not_at_all(void **state)
{
    (void)state;
    const struct ob_edf_channel ecg = {.name = "ECG", .unit = "mV", .rate_hz = 250, .low = -5, .high = 5};
    static const float zeros[250];
    const int before = scratch_entries();
    /* abandoned */
    ob_edf_abandon(begin("never.edf", &ecg, 1));
    ob_edf_abandon(NULL);
    assert_int_equal(scratch_entries(), before);
    /* no room on the disk */
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit, small;
    getrlimit(RLIMIT_FSIZE, &limit);
    struct ob_edf *edf = begin("full.edf", &ecg, 1);
    for (int i = 0; i < 600; i++)
        assert_int_equal(ob_edf_put(edf, 0, zeros, 250), OB_OK);
    small = (struct rlimit){.rlim_cur = 100000, .rlim_max = limit.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    const enum ob_err err = ob_edf_finish(edf, sentence, sizeof sentence);
    setrlimit(RLIMIT_FSIZE, &limit);
    assert_int_equal(err, OB_ERR_IO);
    assert_int_equal(scratch_entries(), before);
    /* one that is there is left alone, unless it is to be replaced */
    edf = begin("twice.edf", &ecg, 1);
    ob_edf_put(edf, 0, zeros, 250);
    scratch_write("twice.edf", "mine", 4);
    finish(edf, OB_ERR_EXISTS);
    struct stat status;
    assert_true(stat(scratch_path("twice.edf"), &status) == 0 && status.st_size == 4);
    struct ob_edf_desc desc = {.path = scratch_path("twice.edf"), .channels = &ecg, .count = 1};
    assert_int_equal(ob_edf_create(&desc, &edf, sentence, sizeof sentence), OB_ERR_EXISTS);
    assert_null(edf);
    desc.replace = true;
    assert_int_equal(ob_edf_create(&desc, &edf, sentence, sizeof sentence), OB_OK);
    finish(edf, OB_OK);
    const struct whole w = read_whole(desc.path);
    assert_int_equal(w.header.year, 1985);
    free(w.bytes);
    assert_true(stat(scratch_path("twice.edf"), &status) == 0 && (status.st_mode & 0777) == 0600);
    assert_int_equal(scratch_entries(), before + 1);
}

static void what_edf_cannot_hold_is_refused_in_words(void **state)
{
    (void)state;
    const struct ob_edf_channel bad[][2] = {
        {{.name = "a", .rate_hz = 0.01, .low = 0, .high = 1}},
        {{.name = "a", .rate_hz = 5000, .low = 0, .high = 1}},
        {{.name = "a", .rate_hz = 1, .low = 1, .high = 1}},
        {{.name = "a", .rate_hz = 1, .low = 0, .high = 1e-30}},
        {{.name = "a", .rate_hz = 1, .low = NAN, .high = 1}},
        {{.name = "a", .rate_hz = 1, .low = 0, .high = 1}, {.name = "b", .rate_hz = 3.14159, .low = 0, .high = 1}},
    };
    const int before = scratch_entries();
    struct ob_edf *edf;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct ob_edf_desc desc = {
            .path = scratch_path("no.edf"), .channels = bad[i], .count = bad[i][1].name ? 2 : 1};
        assert_int_equal(ob_edf_create(&desc, &edf, sentence, sizeof sentence), OB_ERR_RANGE);
        assert_true(!edf && strlen(sentence) > 20);
    }
    const struct ob_edf_desc none = {.path = scratch_path("no.edf"), .channels = bad[0], .count = 0};
    assert_int_equal(ob_edf_create(&none, &edf, sentence, sizeof sentence), OB_ERR_RANGE);
    const struct ob_edf_channel good = {.name = "a", .rate_hz = 1, .low = 0, .high = 1};
    const struct ob_edf_desc nowhere = {.path = "/nowhere/at/all.edf", .channels = &good, .count = 1};
    assert_int_equal(ob_edf_create(&nowhere, &edf, sentence, sizeof sentence), OB_ERR_NOT_FOUND);
    assert_int_equal(scratch_entries(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_beat_is_kept),
        cmocka_unit_test(samples_units_and_the_start_come_back),
        cmocka_unit_test(a_file_is_there_whole_or_not_at_all),
        cmocka_unit_test(what_edf_cannot_hold_is_refused_in_words),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
