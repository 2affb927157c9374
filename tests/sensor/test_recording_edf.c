/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/event.h"
#include "sensor/recording.h"

#include "../format/edf_bytes.h"
#include "scratch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct edf_bytes e;
static char sentence[OB_RECORDING_SENTENCE_MAX];

static struct ob_recording *open_kind(enum ob_file_kind kind, enum ob_err wanted)
{
    struct ob_recording *recording = NULL;
    const struct ob_recording_desc desc = {.path = scratch_write("a.edf", e.bytes, e.size), .kind = kind};
    const enum ob_err err = ob_recording_open(&desc, &recording, sentence, sizeof sentence);
    if (err != wanted)
        print_error("%s\n", sentence);
    assert_int_equal(err, wanted);
    assert_true(err == OB_OK || strlen(sentence) > 20);
    return recording;
}

/* Three records of a second: an EEG faster, a belt slower than the ECG, a heart rate that is called an ECG, beats. */
static void write_signals(const char *reserved, const char *const starts[3])
{
    edf_begin(&e, 6, reserved, "3", "1");
    edf_signal(&e, "ECG rate", "bpm", "-1000", "1000", 1);
    edf_signal(&e, "EEG Fp1", "uV", "-1000", "1000", 100);
    edf_signal(&e, "EKG-R", "mV", "-1000", "1000", 50);
    edf_signal(&e, "Thor Effort", "", "-1000", "1000", 10);
    edf_signal(&e, "Pleth.", "", "-1000", "1000", 25);
    edf_signal(&e, "EDF Annotations", "", "-1", "1", 30);
    for (int r = 0; r < 3; r++) {
        edf_step(&e, 60);
        for (int i = 0; i < 100; i++)
            edf_step(&e, 100 * r + i);
        for (int i = 0; i < 50; i++)
            edf_step(&e, 50 * r + i);
        for (int i = 0; i < 10; i++)
            edf_step(&e, 10 * r + i);
        for (int i = 0; i < 25; i++)
            edf_step(&e, 25 * r + i);
        edf_text(&e, 30, starts[r]);
    }
}

static void each_signal_keeps_its_place_in_time(void **state)
{
    (void)state;
    static const char *const starts[3] = {"+0||/+0.5|R|", "+1||/+1.25|R|", "+2||/"};
    write_signals("EDF+C", starts);
    struct ob_recording *r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    const struct ob_recording_info *info = ob_recording_info(r);
    assert_true(info->kind == OB_FILE_EDF && !info->intervals && info->channels == 5);
    assert_int_equal(info->start_local_s, 1015085838);     /* 2002-03-02 16:17:18 */
    assert_int_equal(ob_recording_choose(r, NULL, -1), 2); /* not the rate that is called ECG */
    assert_int_equal(ob_recording_choose(r, NULL, OB_SIGNAL_PPG), 4);
    assert_int_equal(ob_recording_choose(r, NULL, OB_SIGNAL_RESP), 3);
    assert_int_equal(ob_recording_choose(r, "eeg fp1", -1), 1);
    assert_int_equal(ob_recording_choose(r, "0", -1), 0);
    ob_recording_follow(r, 2);
    assert_true(info->fs_hz == 50.0 && info->frames == 150);
    static float v[5 * 200];
    size_t n = 0;
    for (size_t got; (got = ob_recording_read(r, v + 5 * n, 7)) > 0;)
        n += got;
    assert_int_equal(n, 150);
    for (int i = 0; i < 150; i++) {
        assert_true(v[5 * i] == 60.0f && v[5 * i + 2] == (float)i);
        assert_true(fabsf(v[5 * i + 1] - (2.0f * (float)i + 0.5f) / 1000.0f) < 1e-6f); /* mean of two, in mV */
        assert_true(v[5 * i + 3] == (float)(i / 5) && v[5 * i + 4] == (float)(i / 2));
    }
    assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_OK);
    assert_string_equal(sentence, "");
    ob_recording_close(r);
    /* at the pulse wave's own rate */
    r = open_kind(OB_FILE_EDF, OB_OK);
    ob_recording_follow(r, 4);
    assert_true(ob_recording_info(r)->fs_hz == 25.0);
    assert_int_equal(ob_recording_read(r, v, 200), 75);
    for (int i = 0; i < 75; i++)
        assert_true(v[5 * i + 4] == (float)i && v[5 * i + 2] == 2.0f * (float)i + 0.5f);
    ob_recording_close(r);
    /* somebody wants the annotated beats, though there is an ECG */
    r = open_kind(OB_FILE_RR, OB_OK);
    struct ob_recording_rr rr[4];
    assert_true(ob_recording_info(r)->intervals && !ob_recording_info(r)->pulse);
    assert_int_equal(ob_recording_read_rr(r, rr, 4), 1);
    assert_true(rr[0].rr_ms == 750.0 && !rr[0].gap);
    assert_int_equal(ob_recording_read(r, v, 10), 0);
    ob_recording_close(r);
}

static void gaps_between_records_are_time_without_samples(void **state)
{
    (void)state;
    static const char *const starts[3] = {"+10||/", "+13.5||/", "+13||/"}; /* a gap, and then back in time */
    write_signals("EDF+D", starts);
    struct ob_recording *r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    ob_recording_follow(r, 2);
    static float v[5 * 500];
    assert_int_equal(ob_recording_read(r, v, 500), 150 + 125 + 50);
    for (int i = 0; i < 325; i++) {
        const bool nothing = (i >= 50 && i < 175) || (i >= 225 && i < 275);
        const int at = i < 50 ? i : i < 225 ? i - 125 : i - 175;
        assert_true(nothing ? isnan(v[5 * i + 2]) && isnan(v[5 * i]) : v[5 * i + 2] == (float)at);
    }
    assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_OK);
    assert_non_null(strstr(sentence, "1 of its data records go back in time"));
    ob_recording_close(r);
    /* a gap of thirty years counts as a day */
    static const char *const years[3] = {"+0||/", "+999999999||/", "+1000000000||/"};
    write_signals("EDF+D", years);
    r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    ob_recording_follow(r, 2);
    size_t n = 0;
    for (size_t got; (got = ob_recording_read(r, v, 500)) > 0;)
        n += got;
    assert_int_equal(n, 150 + 86400 * 50);
    ob_recording_close(r);
}

static void beats_come_from_annotations_where_there_is_no_wave(void **state)
{
    (void)state;
    edf_begin(&e, 3, "EDF+C", "4", "1");
    edf_signal(&e, "HR", "bpm", "-1000", "1000", 1);
    edf_signal(&e, "EDF Annotations", "", "-1", "1", 40);
    edf_signal(&e, "EDF Annotations", "", "-1", "1", 20);
    /* out of order, as several annotation signals make it */
    static const char *const lists[4][2] = {{"+0||/+0.8|pulse|/+2.4004|pulse|", "+1.6|pulse|/"},
                                            {"+1||/+3.2|pulse ectopic|/+3.3|pulse|", "+3.4|gap|"},
                                            {"+2||/+4.3|pulse|/+9|pulse|", "/"},
                                            {"+3||/+1|Lights off|", "+9.7|pulse|"}};
    for (int r = 0; r < 4; r++) {
        edf_step(&e, 60);
        edf_text(&e, 40, lists[r][0]);
        edf_text(&e, 20, lists[r][1]);
    }
    struct ob_recording *r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    const struct ob_recording_info *info = ob_recording_info(r);
    assert_true(info->kind == OB_FILE_EDF && info->intervals && info->pulse && info->channels == 1);
    struct ob_recording_rr rr[10];
    assert_int_equal(ob_recording_read_rr(r, rr, 3), 3);
    assert_int_equal(ob_recording_read_rr(r, rr + 3, 7), 4);
    static const struct ob_recording_rr wanted[] = {{800, false}, {800.4, false}, {799.6, false}, {100, true},
                                                    {1000, true}, {4700, true},   {700, false}};
    for (size_t i = 0; i < 7; i++)
        assert_true(fabs(rr[i].rr_ms - wanted[i].rr_ms) < 1e-9 && rr[i].gap == wanted[i].gap);
    assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_OK);
    assert_string_equal(sentence, "");
    ob_recording_close(r);
}

static void unfinished_and_broken_files_are_told(void **state)
{
    (void)state;
    static const char *const starts[3] = {"+0||/", "+1||/", "+2||/"};
    static float v[5 * 500];
    write_signals("EDF+C", starts);
    e.size -= 1; /* the last record is not whole */
    struct ob_recording *r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    ob_recording_follow(r, 2);
    assert_int_equal(ob_recording_info(r)->frames, 100);
    assert_int_equal(ob_recording_read(r, v, 500), 100);
    assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_ERR_TRUNCATED);
    assert_non_null(strstr(sentence, "only 2 of the 3 data records"));
    ob_recording_close(r);
    static const char *const counts[] = {"-1", "0"}; /* never closed */
    for (int k = 0; k < 2; k++) {
        write_signals("EDF+C", starts);
        edf_field(e.bytes + 236, 8, counts[k]);
        r = open_kind(OB_FILE_UNKNOWN, OB_OK);
        ob_recording_follow(r, 2);
        assert_int_equal(ob_recording_read(r, v, 500), 150);
        assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_OK);
        assert_non_null(strstr(sentence, "not closed"));
        ob_recording_close(r);
    }
    write_signals("EDF+C", starts);
    edf_field(e.bytes + 236, 8, "99999999");
    r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    ob_recording_follow(r, 2);
    assert_int_equal(ob_recording_info(r)->frames, 150);
    assert_int_equal(ob_recording_read(r, v, 500), 150);
    assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_ERR_TRUNCATED);
    ob_recording_close(r);
    /* no record, no header, nothing to find beats in */
    e.size = e.header_size + 5;
    open_kind(OB_FILE_UNKNOWN, OB_ERR_EMPTY);
    e.size = 300;
    open_kind(OB_FILE_UNKNOWN, OB_ERR_TRUNCATED);
    e.size = 8;
    open_kind(OB_FILE_UNKNOWN, OB_ERR_TRUNCATED);
    write_signals("EDF+C", starts);
    open_kind(OB_FILE_RR, OB_ERR_EMPTY);
    edf_begin(&e, 1, "EDF+C", "1", "0");
    edf_signal(&e, "EDF Annotations", "", "-1", "1", 20);
    edf_text(&e, 20, "+0||/+1|Lights off|");
    open_kind(OB_FILE_UNKNOWN, OB_ERR_EMPTY);
    /* labels that say nothing: several signals are not guessed among, one is taken */
    edf_begin(&e, 2, "", "1", "1");
    edf_signal(&e, "EEG Fp1", "uV", "-1", "1", 100);
    edf_signal(&e, "EEG Fp2", "uV", "-1", "1", 100);
    e.size += 400;
    r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    assert_int_equal(ob_recording_choose(r, NULL, -1), -1);
    assert_int_equal(ob_recording_choose(r, "EEG Fp2", -1), 1);
    ob_recording_close(r);
    edf_begin(&e, 1, "", "1", "1");
    edf_signal(&e, "sensor", "", "-1", "1", 100);
    e.size += 200;
    r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    assert_int_equal(ob_recording_choose(r, NULL, -1), 0);
    ob_recording_close(r);
}

/* More signals than channels: what is known by its label is among them. */
static void of_many_signals_the_known_are_kept(void **state)
{
    (void)state;
    edf_begin(&e, 60, "", "1", "1");
    char label[17];
    for (int i = 0; i < 60; i++) {
        snprintf(label, sizeof label, i == 55 ? "ECG" : i == 58 ? "Resp" : "EEG %d", i);
        edf_signal(&e, label, "uV", "-1", "1", 40);
    }
    for (int i = 0; i < 60 * 40; i++)
        edf_step(&e, i / 40);
    struct ob_recording *r = open_kind(OB_FILE_UNKNOWN, OB_OK);
    const struct ob_recording_info *info = ob_recording_info(r);
    assert_int_equal(info->channels, OB_CHANNELS_MAX);
    const int ecg = ob_recording_choose(r, NULL, -1);
    assert_true(ecg == 30 && strcmp(info->name[ecg], "ECG") == 0 && strcmp(info->name[31], "Resp") == 0);
    ob_recording_close(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_signal_keeps_its_place_in_time),
        cmocka_unit_test(gaps_between_records_are_time_without_samples),
        cmocka_unit_test(beats_come_from_annotations_where_there_is_no_wave),
        cmocka_unit_test(unfinished_and_broken_files_are_told),
        cmocka_unit_test(of_many_signals_the_known_are_kept),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
