/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/light.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

enum { GRID_RECT, GRID_IMAGE, GRID_CELL, GRID_TAPS, GRID_ALPHA };
static const char *const grid_uniforms[] = {"u_rect", "u_image", "u_cell", "u_taps", "u_alpha", NULL};

enum { LIMIT_RECT, LIMIT_NOW, LIMIT_WAS, LIMIT_COARSE, LIMIT_BOX, LIMIT_STEP };
static const char *const limit_uniforms[] = {"u_rect", "u_now", "u_was", "u_coarse", "u_box", "u_step", NULL};

static GLuint float_texture(GLenum format, int width, int height, GLenum filter)
{
    GLuint texture;
    glGenTextures(1, &texture);
    glBindTexture(GL_TEXTURE_2D, texture);
    glTexImage2D(GL_TEXTURE_2D, 0, (GLint)format, width, height, 0, GL_RGBA,
                 format == GL_RGBA8 ? GL_UNSIGNED_BYTE : GL_FLOAT, NULL);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, (GLint)filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, (GLint)filter);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    return texture;
}

static bool target_of(GLuint *target_out, GLuint first, GLuint second)
{
    static const GLenum both[] = {GL_COLOR_ATTACHMENT0, GL_COLOR_ATTACHMENT1};
    glGenFramebuffers(1, target_out);
    glBindFramebuffer(GL_FRAMEBUFFER, *target_out);
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, first, 0);
    if (second)
        glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT1, GL_TEXTURE_2D, second, 0);
    glDrawBuffers(second ? 2 : 1, both);
    glClearColor(0.0f, 0.0f, 0.0f, 1.0f);
    glClear(GL_COLOR_BUFFER_BIT);
    return glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE;
}

enum ob_err ob_light_init(struct ob_light *light, const char *dir, bool es)
{
    memset(light, 0, sizeof *light);
    enum ob_err err = ob_program_init(
        &light->grid, &(struct ob_program_desc){.dir = dir, .name = "grid.glsl", .uniforms = grid_uniforms, .es = es});
    if (!err)
        err = ob_program_init(
            &light->limit,
            &(struct ob_program_desc){.dir = dir, .name = "light.glsl", .uniforms = limit_uniforms, .es = es});
    if (err)
        return err;
    light->now = float_texture(GL_RGBA16F, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, GL_NEAREST);
    bool complete = target_of(&light->now_target, light->now, 0);
    for (int fine = 0; fine < 2; fine++) {
        const int width = fine ? OB_LIGHT_COLUMNS : OB_LIGHT_COLUMNS / OB_LIGHT_BOX;
        const int height = fine ? OB_LIGHT_ROWS : OB_LIGHT_ROWS / OB_LIGHT_BOX;
        /* What the screen reads is in bytes: software GL reads those fastest, and nothing adds up in them. */
        light->apply[fine] = float_texture(fine ? GL_RGBA8 : GL_RGBA16F, width, height, GL_LINEAR);
        for (int turn = 0; turn < 2; turn++) {
            /* The history is in full floats: at 240 frames a second a half float's step is larger than the limit's. */
            light->was[fine][turn] = float_texture(GL_RGBA32F, width, height, GL_NEAREST);
            complete = target_of(&light->targets[fine][turn], light->was[fine][turn], light->apply[fine]) && complete;
        }
    }
    static const float nothing[] = {0.0f, 0.0f, 0.0f, 1.0f};
    light->identity = float_texture(GL_RGBA16F, 1, 1, GL_LINEAR);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA16F, 1, 1, 0, GL_RGBA, GL_FLOAT, nothing);
    return complete ? OB_OK : OB_ERR_NO_GL;
}

void ob_light_finish(struct ob_light *light)
{
    ob_program_finish(&light->grid);
    ob_program_finish(&light->limit);
    glDeleteTextures(1, &light->now);
    glDeleteTextures(1, &light->identity);
    glDeleteFramebuffers(1, &light->now_target);
    glDeleteTextures(4, &light->was[0][0]);
    glDeleteTextures(2, light->apply);
    glDeleteFramebuffers(4, &light->targets[0][0]);
    memset(light, 0, sizeof *light);
}

bool ob_light_refresh(struct ob_light *light)
{
    const bool grid = ob_program_refresh(&light->grid);
    return ob_program_refresh(&light->limit) || grid;
}

static void draw_grid(struct ob_light *light, GLuint image, const float rect_01[4], int width, int height, float alpha,
                      bool upside_down)
{
    const GLint *at = light->grid.at;
    const float across = rect_01[2] - rect_01[0], up = rect_01[3] - rect_01[1];
    if (across <= 0.0f || up <= 0.0f)
        return;
    const float cell_x = 1.0f / (OB_LIGHT_COLUMNS * across), cell_y = 1.0f / (OB_LIGHT_ROWS * up);
    /* Each point reads about two by two pixels; eight by eight of them see enough of any picture. */
    const double pixels = fmax((double)cell_x * width, (double)cell_y * height);
    glUseProgram(light->grid.id);
    glUniform4f(at[GRID_RECT], 2.0f * rect_01[0] - 1.0f, 2.0f * (upside_down ? rect_01[3] : rect_01[1]) - 1.0f,
                2.0f * rect_01[2] - 1.0f, 2.0f * (upside_down ? rect_01[1] : rect_01[3]) - 1.0f);
    glUniform1i(at[GRID_IMAGE], 0);
    glUniform2f(at[GRID_CELL], cell_x, cell_y);
    glUniform1f(at[GRID_TAPS], (float)ob_clamp(ceil(pixels / 2.0), 1.0, 8.0));
    glUniform1f(at[GRID_ALPHA], alpha);
    glActiveTexture(GL_TEXTURE0);
    glBindTexture(GL_TEXTURE_2D, image);
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

void ob_light_begin(struct ob_light *light, GLuint image, int width, int height)
{
    static const float all[4] = {0.0f, 0.0f, 1.0f, 1.0f};
    glBindFramebuffer(GL_FRAMEBUFFER, light->now_target);
    glViewport(0, 0, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS);
    glDisable(GL_BLEND);
    draw_grid(light, image, all, width, height, 1.0f, false);
}

void ob_light_add(struct ob_light *light, GLuint image, const float rect_01[4], int width, int height, float alpha)
{
    glEnable(GL_BLEND);
    glBlendFunc(GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
    draw_grid(light, image, rect_01, width, height, alpha, true);
}

static void limit_grid(struct ob_light *light, int fine, double step)
{
    const GLint *at = light->limit.at;
    glBindFramebuffer(GL_FRAMEBUFFER, light->targets[fine][light->turn]);
    glViewport(0, 0, fine ? OB_LIGHT_COLUMNS : OB_LIGHT_COLUMNS / OB_LIGHT_BOX,
               fine ? OB_LIGHT_ROWS : OB_LIGHT_ROWS / OB_LIGHT_BOX);
    glUniform1f(at[LIMIT_BOX], fine ? 1.0f : (float)OB_LIGHT_BOX);
    glUniform1f(at[LIMIT_STEP], (float)step);
    const GLuint textures[3] = {light->now, light->was[fine][!light->turn], fine ? light->apply[0] : light->identity};
    for (int i = 2; i >= 0; i--) {
        glActiveTexture(GL_TEXTURE0 + (GLenum)i);
        glBindTexture(GL_TEXTURE_2D, textures[i]);
    }
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

GLuint ob_light_limit(struct ob_light *light, int64_t seen_ns, bool first_dark)
{
    double dt_s = ob_s_from_ns(seen_ns - light->last_ns);
    const bool still = light->begun ? dt_s > OB_LIGHT_STILL_S : !first_dark;
    /* A clock that stands or runs back (another session) must not freeze the light. */
    if (!light->begun || dt_s <= 0.0)
        dt_s = 1.0 / 60.0;
    dt_s = fmin(dt_s, OB_LIGHT_STEP_S);
    light->begun = true;
    light->last_ns = seen_ns;
    light->turn = !light->turn;

    glDisable(GL_BLEND);
    glUseProgram(light->limit.id);
    glUniform4f(light->limit.at[LIMIT_RECT], -1.0f, -1.0f, 1.0f, 1.0f);
    glUniform1i(light->limit.at[LIMIT_NOW], 0);
    glUniform1i(light->limit.at[LIMIT_WAS], 1);
    glUniform1i(light->limit.at[LIMIT_COARSE], 2);
    limit_grid(light, 0, still ? 2.0 : OB_LIGHT_AREA_PER_S * dt_s);
    limit_grid(light, 1, still ? 2.0 : OB_LIGHT_CELL_PER_S * dt_s);
    return light->apply[1];
}
