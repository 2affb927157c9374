/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "board.h"

#include "child.h"
#include "format/wfdb.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLES_MAX 20000000

static bool complain(char *problem_out, size_t size, const char *path, const char *what)
{
    snprintf(problem_out, size, "%s %s", path, what);
    return false;
}

/* path becomes that of the signal file, beside the header. */
static bool read_samples(struct board *board, const struct ob_wfdb_header *header, int channel, char *path, size_t size)
{
    int first = 0;
    while (channel >= first + ob_wfdb_file_signals(header, first))
        first += ob_wfdb_file_signals(header, first);
    char *slash = strrchr(path, '/');
    char *name = slash ? slash + 1 : path;
    snprintf(name, size - (size_t)(name - path), "%s", header->signal[channel].file);
    struct ob_wfdb_reader reader;
    FILE *file = fopen(path, "rbe");
    if (!file || ob_wfdb_reader_init(&reader, header, first)) {
        if (file)
            fclose(file);
        return false;
    }
    const struct ob_wfdb_signal *signal = &header->signal[channel];
    size_t room = 0, got;
    unsigned char block[65536];
    float values[OB_CHANNELS_MAX];
    bool good = true;
    while (good && (got = fread(block, 1, sizeof block, file)) > 0) {
        const unsigned char *bytes = block;
        while (good && ob_wfdb_reader_next(&reader, &bytes, &got, values)) {
            if (board->count == room) {
                room = room ? 2 * room : 65536;
                int *steps = room <= SAMPLES_MAX ? realloc(board->steps, room * sizeof *steps) : NULL;
                good = steps != NULL;
                if (!good)
                    break;
                board->steps = steps;
            }
            const double value = (double)values[channel - first] / signal->to_unit;
            const int before = board->count ? board->steps[board->count - 1] : 0;
            board->steps[board->count++] =
                isfinite(value) ? (int)lrint(value * signal->gain + signal->baseline) : before;
        }
    }
    fclose(file);
    return good && board->count > 0;
}

bool board_open(struct board *board, const char *header_path, int channel, char *problem_out, size_t size)
{
    memset(board, 0, sizeof *board);
    char path[512];
    snprintf(path, sizeof path, "%s", header_path);
    FILE *file = fopen(path, "rbe");
    if (!file)
        return complain(problem_out, size, path, "can't be read");
    unsigned char text[OB_WFDB_HEADER_MAX];
    const size_t got = fread(text, 1, sizeof text, file);
    fclose(file);
    struct ob_wfdb_header *header = malloc(sizeof *header);
    char sentence[200] = "";
    bool good = header != NULL;
    if (good && ob_wfdb_parse_header(text, got, header, sentence, sizeof sentence))
        good = complain(problem_out, size, path, sentence);
    else if (good && (channel < 0 || channel >= header->signals))
        good = complain(problem_out, size, path, "has no such channel");
    else if (good && !read_samples(board, header, channel, path, sizeof path))
        good = complain(problem_out, size, path, "can't be read");
    if (good)
        board->fs_hz = header->fs_hz;
    else
        board_close(board);
    free(header);
    return good;
}

void board_close(struct board *board)
{
    free(board->steps);
    memset(board, 0, sizeof *board);
}

bool board_send(struct board *board, int fd)
{
    const double now = now_s();
    if (board->begun_s == 0.0)
        board->begun_s = now;
    const size_t due = (size_t)((now - board->begun_s) * board->fs_hz) + 1;
    while (board->sent < due && board->sent < board->count) {
        char line[16];
        const int length = snprintf(line, sizeof line, "%d\r\n", board->steps[board->sent]);
        if (write(fd, line, (size_t)length) != length)
            return false;
        board->sent++;
    }
    return true;
}

bool board_find(const char *name, char *path_out, size_t size)
{
    const char *data = getenv("OB_DATA");
    snprintf(path_out, size, "%s/%s", data && *data ? data : OB_TEST_DATA_DEFAULT, name);
    return access(path_out, R_OK) == 0;
}
