/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/webp.h"

#include "os/file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <webp/encode.h>
#include <webp/mux.h>

struct ob_webp_clip {
    WebPAnimEncoder *encoder;
    WebPConfig config;
    int width, height, time_ms;
};

enum ob_err ob_webp_still(const char *path, const uint8_t *pixels, int width, int height, float quality)
{
    WebPConfig config;
    WebPPicture picture;
    WebPMemoryWriter writer;
    if (width <= 0 || height <= 0 || width > WEBP_MAX_DIMENSION || height > WEBP_MAX_DIMENSION)
        return OB_ERR_RANGE;
    if (!WebPConfigPreset(&config, WEBP_PRESET_PICTURE, quality) || !WebPPictureInit(&picture))
        return OB_ERR_NO_MEMORY;
    config.method = 6;
    config.use_sharp_yuv = 1; /* words on a sheet have thin coloured edges */
    picture.use_argb = 1;
    picture.width = width;
    picture.height = height;
    WebPMemoryWriterInit(&writer);
    picture.writer = WebPMemoryWrite;
    picture.custom_ptr = &writer;
    enum ob_err err =
        WebPPictureImportRGBX(&picture, pixels, 4 * width) && WebPEncode(&config, &picture) ? OB_OK : OB_ERR_NO_MEMORY;
    if (!err)
        err = ob_file_write_atomic(path, writer.mem, writer.size);
    WebPPictureFree(&picture);
    WebPMemoryWriterClear(&writer);
    return err;
}

enum ob_err ob_webp_clip_create(int width, int height, float quality, struct ob_webp_clip **clip_out)
{
    WebPAnimEncoderOptions options;
    struct ob_webp_clip *clip = NULL;
    *clip_out = NULL;
    if (width <= 0 || height <= 0 || width > WEBP_MAX_DIMENSION || height > WEBP_MAX_DIMENSION)
        return OB_ERR_RANGE;
    if (WebPAnimEncoderOptionsInit(&options))
        clip = calloc(1, sizeof *clip);
    if (!clip)
        return OB_ERR_NO_MEMORY;
    options.minimize_size = 0;
    /* Each picture whole: the encoder's way of leaving out what hardly changes leaves its traces all over a scene in
     * which everything changes a little. */
    options.kmin = 0;
    options.kmax = 1;
    clip->width = width;
    clip->height = height;
    clip->encoder = WebPConfigPreset(&clip->config, WEBP_PRESET_PICTURE, quality)
                        ? WebPAnimEncoderNew(width, height, &options)
                        : NULL;
    clip->config.method = 4;
    if (!clip->encoder) {
        free(clip);
        return OB_ERR_NO_MEMORY;
    }
    *clip_out = clip;
    return OB_OK;
}

void ob_webp_clip_destroy(struct ob_webp_clip *clip)
{
    if (!clip)
        return;
    WebPAnimEncoderDelete(clip->encoder);
    free(clip);
}

enum ob_err ob_webp_clip_add(struct ob_webp_clip *clip, const uint8_t *pixels, int hold_ms)
{
    WebPPicture picture;
    if (!WebPPictureInit(&picture))
        return OB_ERR_NO_MEMORY;
    picture.use_argb = 1;
    picture.width = clip->width;
    picture.height = clip->height;
    const bool added = WebPPictureImportRGBX(&picture, pixels, 4 * clip->width) &&
                       WebPAnimEncoderAdd(clip->encoder, &picture, clip->time_ms, &clip->config);
    WebPPictureFree(&picture);
    clip->time_ms += hold_ms;
    return added ? OB_OK : OB_ERR_NO_MEMORY;
}

enum ob_err ob_webp_clip_write(struct ob_webp_clip *clip, const char *path)
{
    WebPData data;
    WebPDataInit(&data);
    enum ob_err err =
        WebPAnimEncoderAdd(clip->encoder, NULL, clip->time_ms, NULL) && WebPAnimEncoderAssemble(clip->encoder, &data)
            ? OB_OK
            : OB_ERR_NO_MEMORY;
    if (!err)
        err = ob_file_write_atomic(path, data.bytes, data.size);
    WebPDataClear(&data);
    return err;
}
