/* SPDX-License-Identifier: GPL-3.0-or-later */
/* live_stream RECORD.hea [CHANNEL]: plays a recording as a board on a serial line would, so that Outbreath can be tried
 * without a board. Prints the name of the line: outbreath --serial THAT --fs HZ. */
#include "board.h"
#include "child.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "live_stream RECORD.hea [CHANNEL]: plays a recording as a board on a serial line would.\n");
        return 2;
    }
    struct board board;
    char problem[512], name[64];
    if (!board_open(&board, argv[1], argc > 2 ? atoi(argv[2]) : 0, problem, sizeof problem)) {
        fprintf(stderr, "live_stream: %s.\n", problem);
        return 3;
    }
    const int line = posix_openpt(O_RDWR | O_NOCTTY);
    if (line < 0 || grantpt(line) || unlockpt(line) || ptsname_r(line, name, sizeof name)) {
        fprintf(stderr, "live_stream: no pseudo-terminal can be opened.\n");
        board_close(&board);
        return 4;
    }
    const int far_end = open(name, O_RDWR | O_NOCTTY); /* keeps the line open while nobody listens */
    struct termios raw;
    if (far_end >= 0 && tcgetattr(far_end, &raw) == 0) {
        cfmakeraw(&raw);
        tcsetattr(far_end, TCSANOW, &raw);
    }
    printf("%.6g samples a second for %.0f s: outbreath --serial %s --fs %.6g\n", board.fs_hz,
           (double)board.count / board.fs_hz, name, board.fs_hz);
    fflush(stdout);
    while (board.sent < board.count && board_send(&board, line))
        sleep_s(0.005);
    board_close(&board);
    return 0;
}
