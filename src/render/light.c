/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/light.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GRID_RECT, GRID_IMAGE, GRID_CELL, GRID_TAPS, GRID_ALPHA };
static const char *const grid_uniforms[] = {"u_rect", "u_image", "u_cell", "u_taps", "u_alpha", NULL};

enum {
    LIMIT_RECT,
    LIMIT_NOW,
    LIMIT_WAS,
    LIMIT_TURN,
    LIMIT_BLOCKS,
    LIMIT_WHOLE,
    LIMIT_SHARE,
    LIMIT_OLDER,
    LIMIT_CELL,
    LIMIT_BLOCK,
    LIMIT_STEP,
    LIMIT_STILL
};
static const char *const limit_uniforms[] = {"u_rect",  "u_now",  "u_was",   "u_turn", "u_blocks", "u_whole", "u_share",
                                             "u_older", "u_cell", "u_block", "u_step", "u_still",  NULL};
enum { PART_BLOCKS, PART_WHOLE, PART_SHARE, PART_EVEN, PART_SUMS, PART_AGAIN, PART_CELLS, PARTS };

#define BLOCK_COLUMNS (OB_LIGHT_COLUMNS / OB_LIGHT_BOX)
#define BLOCK_ROWS    (OB_LIGHT_ROWS / OB_LIGHT_BOX)

static void plan_limit(const char *text, struct ob_program_plan *plan_out)
{
    (void)text;
    plan_out->parts = PARTS;
    for (int i = 0; i < PARTS; i++)
        snprintf(plan_out->defines[i], sizeof plan_out->defines[i], "#define PART %d\n", i);
}

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

/* A framebuffer of one to three textures (0: none). */
static bool target_of(GLuint *target_out, GLuint first, GLuint second, GLuint third)
{
    static const GLenum places[] = {GL_COLOR_ATTACHMENT0, GL_COLOR_ATTACHMENT1, GL_COLOR_ATTACHMENT2};
    const GLuint textures[] = {first, second, third};
    int count = 0;
    glGenFramebuffers(1, target_out);
    glBindFramebuffer(GL_FRAMEBUFFER, *target_out);
    for (int i = 0; i < 3 && textures[i]; i++, count++)
        glFramebufferTexture2D(GL_FRAMEBUFFER, places[i], GL_TEXTURE_2D, textures[i], 0);
    glDrawBuffers(count, places);
    glClearColor(0.0f, 0.0f, 0.0f, 0.0f);
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
            &(struct ob_program_desc){
                .dir = dir, .name = "light.glsl", .uniforms = limit_uniforms, .es = es, .planner = plan_limit});
    if (err)
        return err;
    light->now = float_texture(GL_RGBA16F, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, GL_NEAREST);
    light->whole = float_texture(GL_RGBA32F, 1, 1, GL_NEAREST);
    light->again = float_texture(GL_RGBA32F, 1, 1, GL_NEAREST);
    light->sums = float_texture(GL_RGBA32F, BLOCK_COLUMNS, BLOCK_ROWS, GL_NEAREST);
    light->share = float_texture(GL_RGBA32F, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, GL_NEAREST);
    light->even = float_texture(GL_RGBA32F, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, GL_NEAREST);
    light->apply = float_texture(GL_RGBA16F, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, GL_LINEAR);
    bool complete = target_of(&light->now_target, light->now, 0, 0);
    complete = target_of(&light->whole_target, light->whole, 0, 0) && complete;
    complete = target_of(&light->again_target, light->again, 0, 0) && complete;
    complete = target_of(&light->sums_target, light->sums, 0, 0) && complete;
    complete = target_of(&light->share_target, light->share, 0, 0) && complete;
    complete = target_of(&light->even_target, light->even, 0, 0) && complete;
    for (int turn = 0; turn < 2; turn++) {
        /* The history is in full floats: at 240 frames a second a half float's step is larger than the limit's. */
        light->was[turn] = float_texture(GL_RGBA32F, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, GL_NEAREST);
        light->turns[turn] = float_texture(GL_RGBA32F, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, GL_NEAREST);
        light->blocks[turn] = float_texture(GL_RGBA32F, BLOCK_COLUMNS, BLOCK_ROWS, GL_NEAREST);
        complete = target_of(&light->was_targets[turn], light->was[turn], light->turns[turn], light->apply) && complete;
        complete = target_of(&light->blocks_targets[turn], light->blocks[turn], 0, 0) && complete;
    }
    return complete ? OB_OK : OB_ERR_NO_GL;
}

void ob_light_finish(struct ob_light *light)
{
    ob_program_finish(&light->grid);
    ob_program_finish(&light->limit);
    glDeleteTextures(1, &light->now);
    glDeleteTextures(1, &light->whole);
    glDeleteTextures(1, &light->again);
    glDeleteTextures(1, &light->sums);
    glDeleteTextures(1, &light->share);
    glDeleteTextures(1, &light->even);
    glDeleteTextures(1, &light->apply);
    glDeleteTextures(2, light->was);
    glDeleteTextures(2, light->turns);
    glDeleteTextures(2, light->blocks);
    glDeleteFramebuffers(1, &light->now_target);
    glDeleteFramebuffers(1, &light->whole_target);
    glDeleteFramebuffers(1, &light->again_target);
    glDeleteFramebuffers(1, &light->sums_target);
    glDeleteFramebuffers(1, &light->share_target);
    glDeleteFramebuffers(1, &light->even_target);
    glDeleteFramebuffers(2, light->was_targets);
    glDeleteFramebuffers(2, light->blocks_targets);
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

static void draw_part(struct ob_light *light, int part, GLuint target, int width, int height, double dt_s, bool still)
{
    const GLint *at = light->limit.all_at[part];
    const GLuint blocks = part == PART_BLOCKS  ? light->blocks[!light->turn]
                          : part == PART_AGAIN ? light->sums
                                               : light->blocks[light->turn];
    const GLuint textures[] = {light->now,
                               light->was[!light->turn],
                               light->turns[!light->turn],
                               blocks,
                               part == PART_CELLS ? light->again : light->whole,
                               part == PART_EVEN ? light->share : light->even,
                               light->was[light->turn]};
    glBindFramebuffer(GL_FRAMEBUFFER, target);
    glViewport(0, 0, width, height);
    glUseProgram(light->limit.ids[part]);
    glUniform4f(at[LIMIT_RECT], -1.0f, -1.0f, 1.0f, 1.0f);
    glUniform3f(at[LIMIT_CELL], (float)OB_LIGHT_TURNS, (float)(OB_LIGHT_TURNS_PER_S * dt_s), (float)OB_LIGHT_TURN);
    glUniform2f(at[LIMIT_BLOCK], (float)OB_LIGHT_BLOCK, (float)(OB_LIGHT_BLOCK_PER_S * dt_s));
    glUniform1f(at[LIMIT_STEP], (float)(OB_LIGHT_SCREEN_PER_S * dt_s));
    glUniform1f(at[LIMIT_STILL], still ? 1.0f : 0.0f);
    for (int i = (int)(sizeof textures / sizeof *textures) - 1; i >= 0; i--) {
        /* A texture that is drawn into must not be bound to be read, even where it is not. */
        if (at[LIMIT_NOW + i] < 0)
            continue;
        glUniform1i(at[LIMIT_NOW + i], i);
        glActiveTexture(GL_TEXTURE0 + (GLenum)i);
        glBindTexture(GL_TEXTURE_2D, textures[i]);
    }
    glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
}

GLuint ob_light_limit(struct ob_light *light, int64_t seen_ns, bool first_dark, bool off)
{
    double dt_s = ob_s_from_ns(seen_ns - light->last_ns);
    const bool still = off || (light->begun ? dt_s > OB_LIGHT_STILL_S : !first_dark);
    /* A clock that stands or runs back (another session) must not freeze the light. */
    if (!light->begun || dt_s <= 0.0)
        dt_s = 1.0 / 60.0;
    dt_s = fmin(dt_s, OB_LIGHT_STEP_S);
    light->begun = true;
    light->last_ns = seen_ns;
    light->turn = !light->turn;

    glDisable(GL_BLEND);
    draw_part(light, PART_BLOCKS, light->blocks_targets[light->turn], BLOCK_COLUMNS, BLOCK_ROWS, dt_s, still);
    draw_part(light, PART_WHOLE, light->whole_target, 1, 1, dt_s, still);
    draw_part(light, PART_SHARE, light->share_target, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, dt_s, still);
    draw_part(light, PART_EVEN, light->even_target, OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, dt_s, still);
    draw_part(light, PART_SUMS, light->sums_target, BLOCK_COLUMNS, BLOCK_ROWS, dt_s, still);
    draw_part(light, PART_AGAIN, light->again_target, 1, 1, dt_s, still);
    draw_part(light, PART_CELLS, light->was_targets[light->turn], OB_LIGHT_COLUMNS, OB_LIGHT_ROWS, dt_s, still);
    return light->apply;
}
