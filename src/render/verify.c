/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/verify.h"

#include "base/log.h"
#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

#define WIDTH  (OB_LIGHT_COLUMNS * OB_VERIFY_SAMPLES)
#define HEIGHT (OB_LIGHT_ROWS * OB_VERIFY_SAMPLES)
#define BYTES  (WIDTH * HEIGHT * 4)

enum ob_err ob_verify_init(struct ob_verify *verify)
{
    memset(verify, 0, sizeof *verify);
    ob_flicker_init(&verify->flicker);
    verify->dim = 1.0f;
    verify->flashed_ns = INT64_MIN;
    glGenTextures(1, &verify->texture);
    glBindTexture(GL_TEXTURE_2D, verify->texture);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, WIDTH, HEIGHT, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glGenFramebuffers(1, &verify->target);
    glBindFramebuffer(GL_FRAMEBUFFER, verify->target);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, verify->texture, 0);
    const bool complete = glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
    glGenBuffers(OB_VERIFY_BEHIND, verify->buffers);
    for (int i = 0; i < OB_VERIFY_BEHIND; i++) {
        verify->seen_ns[i] = INT64_MIN;
        glBindBuffer(GL_PIXEL_PACK_BUFFER, verify->buffers[i]);
        glBufferData(GL_PIXEL_PACK_BUFFER, BYTES, NULL, GL_STREAM_READ);
    }
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    return complete ? OB_OK : OB_ERR_NO_GL;
}

void ob_verify_finish(struct ob_verify *verify)
{
    glDeleteTextures(1, &verify->texture);
    glDeleteFramebuffers(1, &verify->target);
    glDeleteBuffers(OB_VERIFY_BEHIND, verify->buffers);
    memset(verify, 0, sizeof *verify);
}

static void judge(struct ob_verify *verify, const uint8_t *pixels, int64_t seen_ns)
{
    static float light[256], cells[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS][3];
    if (light[255] <= 0.0f)
        for (int i = 0; i < 256; i++)
            light[i] = ob_flicker_linear((uint8_t)i) / (OB_VERIFY_SAMPLES * OB_VERIFY_SAMPLES);
    memset(cells, 0, sizeof cells);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++, pixels += 4)
            for (int c = 0; c < 3; c++)
                cells[y / OB_VERIFY_SAMPLES][x / OB_VERIFY_SAMPLES][c] += light[pixels[c]];
    verify->flicker.flashes = verify->flicker.red_flashes = 0;
    ob_flicker_frame(&verify->flicker, cells, seen_ns);
    if (!ob_flicker_fails(&verify->flicker))
        return;
    if (verify->dim >= 1.0f) {
        verify->times++;
        ob_log(OB_LOG_WARNING, "The picture flashed more than three times in a second; it is dimmed until it is calm.");
    }
    verify->flashed_ns = seen_ns;
}

static void move_dim(struct ob_verify *verify, int64_t seen_ns)
{
    const double dt_s = ob_clamp(ob_s_from_ns(seen_ns - verify->last_ns), 0.0, 0.25);
    verify->last_ns = seen_ns;
    if (verify->flashed_ns == INT64_MIN)
        return;
    if (seen_ns < verify->flashed_ns) /* another session's clock */
        verify->flashed_ns = seen_ns;
    const bool calm = ob_s_from_ns(seen_ns - verify->flashed_ns) > OB_VERIFY_CALM_S;
    const double by = calm ? dt_s / OB_VERIFY_BACK_S : -dt_s / OB_VERIFY_DOWN_S;
    verify->dim = (float)ob_clamp((double)verify->dim + by, OB_VERIFY_LEAST, 1.0);
    if (calm && verify->dim >= 1.0f)
        verify->flashed_ns = INT64_MIN;
}

void ob_verify_frame(struct ob_verify *verify, int width, int height, int64_t seen_ns)
{
    const int at = verify->next;
    glBindBuffer(GL_PIXEL_PACK_BUFFER, verify->buffers[at]);
    if (verify->seen_ns[at] != INT64_MIN) {
        /* Asked for some frames ago: it is there by now, and nobody waits. */
        const uint8_t *pixels = glMapBufferRange(GL_PIXEL_PACK_BUFFER, 0, BYTES, GL_MAP_READ_BIT);
        if (pixels) {
            judge(verify, pixels, verify->seen_ns[at]);
            glUnmapBuffer(GL_PIXEL_PACK_BUFFER);
        }
    }
    glBindFramebuffer(GL_READ_FRAMEBUFFER, 0);
    glBindFramebuffer(GL_DRAW_FRAMEBUFFER, verify->target);
    glBlitFramebuffer(0, 0, width, height, 0, 0, WIDTH, HEIGHT, GL_COLOR_BUFFER_BIT, GL_LINEAR);
    glBindFramebuffer(GL_FRAMEBUFFER, verify->target);
    glReadPixels(0, 0, WIDTH, HEIGHT, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
    glBindBuffer(GL_PIXEL_PACK_BUFFER, 0);
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    verify->seen_ns[at] = seen_ns;
    verify->next = (at + 1) % OB_VERIFY_BEHIND;
    move_dim(verify, seen_ns);
}

float ob_verify_dim(const struct ob_verify *verify)
{
    return verify->dim;
}
