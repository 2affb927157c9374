/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The meter against signals whose loudness is known by the standards: EBU Tech 3341, tests 1 to 5 and 15 to 19. */
#include "synth/loudness.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct ob_loudness meter;

/* A stereo sine of a level in dBFS (peak), for some seconds. */
static void sine(double rate_hz, double hz, double dbfs, double seconds, double phase)
{
    float block[2];
    const double peak = pow(10.0, dbfs / 20.0);
    const size_t frames = (size_t)(seconds * rate_hz);
    for (size_t i = 0; i < frames; i++) {
        block[0] = block[1] = (float)(peak * sin(6.283185307179586 * (hz * (double)i / rate_hz + phase)));
        ob_loudness_add(&meter, block, 1);
    }
}

static void a_sine_of_minus_23_is_minus_23(void **state)
{
    (void)state;
    static const double rates[] = {48000, 44100, 22050};
    for (size_t i = 0; i < 3; i++) {
        ob_loudness_init(&meter, rates[i]);
        sine(rates[i], 1000, -23, 5, 0);
        print_message("%.0f Hz: %.2f LUFS\n", rates[i], ob_loudness_lufs(&meter));
        assert_true(fabs(ob_loudness_lufs(&meter) + 23.0) < 0.1);
    }
    ob_loudness_init(&meter, 48000);
    sine(48000, 1000, -33, 5, 0);
    assert_true(fabs(ob_loudness_lufs(&meter) + 33.0) < 0.1);
}

static void quiet_parts_are_gated(void **state)
{
    (void)state;
    /* Test 3: -36, -23 and -36 dBFS. Test 4: with -72 around them. */
    ob_loudness_init(&meter, 48000);
    sine(48000, 1000, -72, 10, 0);
    sine(48000, 1000, -36, 10, 0);
    sine(48000, 1000, -23, 60, 0);
    sine(48000, 1000, -36, 10, 0);
    sine(48000, 1000, -72, 10, 0);
    print_message("gated: %.2f LUFS\n", ob_loudness_lufs(&meter));
    assert_true(fabs(ob_loudness_lufs(&meter) + 23.0) < 0.1);
    /* Test 5. */
    ob_loudness_init(&meter, 48000);
    sine(48000, 1000, -26, 20, 0);
    sine(48000, 1000, -20, 20.1, 0);
    sine(48000, 1000, -26, 20, 0);
    assert_true(fabs(ob_loudness_lufs(&meter) + 23.0) < 0.1);
}

static void peaks_between_the_samples_are_seen(void **state)
{
    (void)state;
    /* Test 16: a quarter of the rate, 45 degrees off the samples: they show 3 dB less than there is. */
    ob_loudness_init(&meter, 48000);
    sine(48000, 12000, -6, 1, 0.125);
    print_message("true peak %.2f dBTP\n", ob_loudness_peak_dbtp(&meter));
    assert_true(fabs(ob_loudness_peak_dbtp(&meter) + 6.0) < 0.3);
}

static void silence_is_silence(void **state)
{
    (void)state;
    ob_loudness_init(&meter, 48000);
    assert_true(ob_loudness_lufs(&meter) == OB_LOUDNESS_SILENCE);
    assert_true(ob_loudness_peak_dbtp(&meter) == OB_LOUDNESS_SILENCE);
    sine(48000, 1000, -90, 2, 0);
    assert_true(ob_loudness_lufs(&meter) == OB_LOUDNESS_SILENCE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sine_of_minus_23_is_minus_23),
        cmocka_unit_test(quiet_parts_are_gated),
        cmocka_unit_test(peaks_between_the_samples_are_seen),
        cmocka_unit_test(silence_is_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
