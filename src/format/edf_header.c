/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/edf.h"

#include "format/lines.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FIXED        256
#define SHORTEST_S   1e-6
#define LONGEST_S    86400.0
#define LABEL        "EDF Annotations"
#define SAMPLE_BYTES 2

/* A field without blanks around it; what is not ASCII text becomes '?'. */
static void take_text(const unsigned char *field, size_t length, char *out)
{
    size_t n = 0;
    while (length > 0 && (field[length - 1] == ' ' || field[length - 1] == 0))
        length--;
    while (length > 0 && *field == ' ') {
        field++;
        length--;
    }
    for (; n < length; n++)
        out[n] = field[n] >= 32 && field[n] < 127 ? (char)field[n] : field[n] == 0 ? ' ' : '?';
    out[n] = 0;
}

/* Units and labels may be Latin-1, and the micro sign is the one letter that matters. */
static void take_unit(const unsigned char *field, size_t length, char *out)
{
    take_text(field, length, out);
    if (out[0] == '?' && field[0] == 0xb5)
        out[0] = 'u';
    if (out[0] == '?' && field[0] == 0xc2 && field[1] == 0xb5) {
        out[0] = 'u';
        memmove(out + 1, out + 2, strlen(out + 2) + 1);
    }
}

static bool take_number(const unsigned char *field, size_t length, double *value_out)
{
    char text[17];
    take_text(field, length, text);
    return ob_number_parse(text, '.', value_out) == OB_NUMBER || ob_number_parse(text, ',', value_out) == OB_NUMBER;
}

static bool take_whole(const unsigned char *field, size_t length, double low, double high, int64_t *value_out)
{
    double value;
    if (!take_number(field, length, &value) || !(value >= low && value <= high) || value != floor(value))
        return false;
    *value_out = (int64_t)value;
    return true;
}

bool ob_edf_looks_like(const unsigned char *bytes, size_t count)
{
    return count >= 8 && memcmp(bytes, "0       ", 8) == 0;
}

static int64_t signal_count(const unsigned char *bytes)
{
    int64_t count;
    return take_whole(bytes + 252, 4, 0, 9999, &count) ? count : -1;
}

size_t ob_edf_header_size(const unsigned char *bytes, size_t count)
{
    if (count < FIXED || !ob_edf_looks_like(bytes, count))
        return 0;
    const int64_t signals = signal_count(bytes);
    return signals >= 0 && signals <= OB_EDF_SIGNALS_MAX ? FIXED * (size_t)(1 + signals) : 0;
}

static bool two_digits(const unsigned char *p, int low, int high, int *value_out)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *value_out = 10 * (p[0] - '0') + (p[1] - '0');
    return *value_out >= low && *value_out <= high;
}

/* dd.mm.yy and hh.mm.ss, with whatever sign between. 85-99 are of the last century (the specification's clip date);
 * EDF+ writes the whole year behind "Startdate dd-MMM-". */
static void take_start(const unsigned char *bytes, struct ob_edf_header *header)
{
    int year = 0;
    const bool date = two_digits(bytes + 168, 1, 31, &header->day) && two_digits(bytes + 171, 1, 12, &header->month) &&
                      two_digits(bytes + 174, 0, 99, &year);
    const bool time = two_digits(bytes + 176, 0, 23, &header->hour) &&
                      two_digits(bytes + 179, 0, 59, &header->minute) &&
                      two_digits(bytes + 182, 0, 60, &header->second);
    if (!date)
        header->day = header->month = 0;
    else
        header->year = year >= 85 ? 1900 + year : 2000 + year;
    if (!time)
        header->hour = header->minute = header->second = 0;
    int century, rest;
    if (date && strncmp(header->recording, "Startdate ", 10) == 0 && strlen(header->recording) >= 21 &&
        two_digits((const unsigned char *)header->recording + 17, 19, 29, &century) &&
        two_digits((const unsigned char *)header->recording + 19, 0, 99, &rest))
        header->year = 100 * century + rest;
}

/* A range of nothing, or upside down in the steps, scales nothing: then the steps themselves are given, without a
 * unit. */
static void take_scale(const unsigned char *low, const unsigned char *high, const unsigned char *step_low,
                       const unsigned char *step_high, struct ob_edf_signal *signal)
{
    double physical_low = 0, physical_high = 0;
    int64_t lowest = 0, highest = 0;
    const bool known = take_number(low, 8, &physical_low) && take_number(high, 8, &physical_high) &&
                       take_whole(step_low, 8, -32768, 32767, &lowest) &&
                       take_whole(step_high, 8, -32768, 32767, &highest);
    if (!known || lowest >= highest || !(fabs(physical_high - physical_low) > 0.0)) {
        signal->gain = 1.0;
        signal->unit[0] = 0;
        return;
    }
    const double to_mv = ob_channel_to_mv(signal->unit);
    const double factor = to_mv > 0.0 ? to_mv : 1.0;
    signal->gain = factor * (physical_high - physical_low) / (double)(highest - lowest);
    signal->base = factor * physical_low - signal->gain * (double)lowest;
    signal->lowest = (int)lowest;
    signal->highest = (int)highest;
    if (to_mv > 0.0)
        memcpy(signal->unit, "mV", 3);
}

static enum ob_err take_signals(const unsigned char *bytes, struct ob_edf_header *header, char *sentence, size_t size)
{
    const size_t n = (size_t)header->signals;
    /* widths of the columns in the order of the file: label 16, transducer 80, unit 8, four of 8, filter 80, samples 8
     */
    const unsigned char *label = bytes + FIXED, *unit = label + 96 * n, *low = unit + 8 * n, *high = low + 8 * n;
    const unsigned char *step_low = high + 8 * n, *step_high = step_low + 8 * n, *filters = step_high + 8 * n,
                        *samples = filters + 80 * n;
    bool waves = false;
    for (size_t i = 0; i < n; i++) {
        struct ob_edf_signal *signal = &header->signal[i];
        take_text(label + 16 * i, 16, signal->name);
        take_unit(unit + 8 * i, 8, signal->unit);
        signal->annotations = header->kind != OB_EDF_PLAIN && strcmp(signal->name, LABEL) == 0;
        int64_t count;
        if (!take_whole(samples + 8 * i, 8, 0, 99999999, &count))
            return ob_fail(sentence, size, OB_ERR_FORMAT, "Signal %zu (%s) does not say how many samples a record has.",
                           i + 1, signal->name);
        signal->samples = (int)count;
        signal->offset = header->record_bytes;
        take_scale(low + 8 * i, high + 8 * i, step_low + 8 * i, step_high + 8 * i, signal);
        char filter[81];
        take_text(filters + 80 * i, 80, filter);
        if (signal->highest > signal->lowest && ob_text_has(filter, OB_EDF_LOWEST_MISSING))
            signal->lowest++;
        header->record_bytes += SAMPLE_BYTES * (size_t)count;
        waves = waves || (!signal->annotations && count > 0);
        if (header->record_bytes > OB_EDF_RECORD_MAX)
            return ob_fail(sentence, size, OB_ERR_UNSUPPORTED, "Its data records are longer than %u MB.",
                           OB_EDF_RECORD_MAX >> 20);
    }
    if (header->record_bytes == 0)
        return ob_fail(sentence, size, OB_ERR_EMPTY, "Its data records hold nothing.");
    if (waves && !(header->record_s > 0.0))
        return ob_fail(sentence, size, OB_ERR_FORMAT, "It does not say how long its data records are.");
    return OB_OK;
}

enum ob_err ob_edf_parse_header(const unsigned char *bytes, size_t count, struct ob_edf_header *header, char *sentence,
                                size_t size)
{
    memset(header, 0, sizeof *header);
    if (size > 0)
        sentence[0] = 0;
    if (!ob_edf_looks_like(bytes, count))
        return ob_fail(sentence, size, OB_ERR_FORMAT, "It does not begin as an EDF file.");
    if (count < FIXED)
        return ob_fail(sentence, size, OB_ERR_TRUNCATED, "It ends within its header, after %zu bytes.", count);
    const int64_t signals = signal_count(bytes);
    if (signals < 0)
        return ob_fail(sentence, size, OB_ERR_FORMAT, "It does not say how many signals it has.");
    if (signals == 0)
        return ob_fail(sentence, size, OB_ERR_EMPTY, "There are no signals in it.");
    if (signals > OB_EDF_SIGNALS_MAX)
        return ob_fail(sentence, size, OB_ERR_UNSUPPORTED, "It has %d signals; up to %d are read.", (int)signals,
                       OB_EDF_SIGNALS_MAX);
    header->signals = (int)signals;
    header->header_bytes = FIXED * (size_t)(1 + signals);
    int64_t said;
    if (!take_whole(bytes + 184, 8, 0, 99999999, &said) || (size_t)said != header->header_bytes) {
        char text[9];
        take_text(bytes + 184, 8, text);
        return ob_fail(sentence, size, OB_ERR_FORMAT,
                       "Its header says that it is '%s' bytes long; with %d signals it has to be %zu.", text,
                       header->signals, header->header_bytes);
    }
    if (count < header->header_bytes)
        return ob_fail(sentence, size, OB_ERR_TRUNCATED, "It ends within its header, after %zu of %zu bytes.", count,
                       header->header_bytes);
    take_text(bytes + 8, 80, header->patient);
    take_text(bytes + 88, 80, header->recording);
    take_start(bytes, header);
    header->kind = memcmp(bytes + 192, "EDF+D", 5) == 0   ? OB_EDF_PLUS_GAPS
                   : memcmp(bytes + 192, "EDF+C", 5) == 0 ? OB_EDF_PLUS_CONTINUOUS
                                                          : OB_EDF_PLAIN;
    if (!take_whole(bytes + 236, 8, -1, 99999999, &header->records))
        return ob_fail(sentence, size, OB_ERR_FORMAT, "It does not say how many data records it has.");
    const bool long_said = take_number(bytes + 244, 8, &header->record_s);
    const bool none = long_said && !(fabs(header->record_s) > 0.0);
    if (!long_said || !(none || (header->record_s >= SHORTEST_S && header->record_s <= LONGEST_S)))
        return ob_fail(sentence, size, OB_ERR_FORMAT, "It does not say how long its data records are.");
    return take_signals(bytes, header, sentence, size);
}

double ob_edf_rate_hz(const struct ob_edf_header *header, int signal)
{
    const struct ob_edf_signal *s = &header->signal[signal];
    return s->annotations || !(header->record_s > 0.0) ? 0.0 : (double)s->samples / header->record_s;
}

float ob_edf_sample(const struct ob_edf_signal *signal, const unsigned char *record, int i)
{
    const unsigned char *p = record + signal->offset + SAMPLE_BYTES * (size_t)i;
    const int raw = p[0] | p[1] << 8;
    const int step = raw >= 32768 ? raw - 65536 : raw;
    const bool outside = signal->highest > signal->lowest && (step < signal->lowest || step > signal->highest);
    const double value = signal->gain * step + signal->base;
    return outside || !(fabs(value) < 1e30) ? (float)NAN : (float)value;
}
