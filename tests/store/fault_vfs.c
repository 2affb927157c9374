/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fault_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR 512

struct pending {
    struct pending *next;
    sqlite3_int64 at; /* of a truncation: the new size */
    int size;         /* -1: a truncation */
    unsigned char bytes[];
};

struct image {
    struct image *next;
    char path[512];
    unsigned char *bytes; /* what is on the disk for certain */
    sqlite3_int64 size, room;
    struct pending *first, **last;
};

struct file {
    sqlite3_file base;
    struct image *image; /* NULL: a file that is none of ours */
    sqlite3_file *real;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct image *images;
static uint64_t random_state, operations, cut_in, sync_in, syncs_failed;
static int sync_more;
static bool full, cut;
static char cut_folder[512], sync_ending[32];
static void (*cut_note)(void *user);
static void *cut_user;
static sqlite3_vfs *real_vfs;

static uint64_t chance(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % n;
}

/* ---- images ----------------------------------------------------------------------------------------------------- */

static void set_size(struct image *image, sqlite3_int64 size)
{
    if (size > image->room) {
        image->room = 2 * size;
        image->bytes = realloc(image->bytes, (size_t)image->room);
        if (!image->bytes)
            abort();
    }
    if (size > image->size)
        memset(image->bytes + image->size, 0, (size_t)(size - image->size));
    image->size = size;
}

static void apply(struct image *image, const struct pending *p, int size)
{
    if (p->size < 0) {
        set_size(image, p->at);
        return;
    }
    if (p->at + size > image->size)
        set_size(image, p->at + size);
    memcpy(image->bytes + p->at, p->bytes, (size_t)size);
}

static void add(struct image *image, sqlite3_int64 at, const void *bytes, int size)
{
    struct pending *p = malloc(sizeof *p + (size > 0 ? (size_t)size : 0));
    if (!p)
        abort();
    p->next = NULL;
    p->at = at;
    p->size = size;
    if (size > 0)
        memcpy(p->bytes, bytes, (size_t)size);
    *image->last = p;
    image->last = &p->next;
}

/* Each pending write by a throw of the dice: there, torn, or not there. */
static void apply_some(struct image *image)
{
    for (const struct pending *p = image->first; p; p = p->next) {
        const uint64_t dice = chance(10);
        if (dice < 5)
            apply(image, p, p->size);
        else if (dice < 6 && p->size > SECTOR)
            apply(image, p, (int)(1 + chance((uint64_t)p->size / SECTOR)) * SECTOR);
    }
}

static void forget_pending(struct image *image)
{
    while (image->first) {
        struct pending *next = image->first->next;
        free(image->first);
        image->first = next;
    }
    image->last = &image->first;
}

static struct image *image_of(const char *path)
{
    for (struct image *i = images; i; i = i->next)
        if (strcmp(i->path, path) == 0)
            return i;
    struct image *image = calloc(1, sizeof *image);
    if (!image)
        abort();
    snprintf(image->path, sizeof image->path, "%s", path);
    image->last = &image->first;
    image->next = images;
    images = image;
    FILE *in = fopen(path, "rb");
    if (in) { /* what was there before us is on the disk */
        fseek(in, 0, SEEK_END);
        const long size = ftell(in);
        rewind(in);
        if (size > 0) {
            set_size(image, size);
            if (fread(image->bytes, 1, (size_t)size, in) != (size_t)size)
                abort();
        }
        fclose(in);
    }
    return image;
}

static void cut_now(void)
{
    cut = true;
    for (struct image *i = images; i; i = i->next) {
        struct image copy = *i;
        copy.bytes = malloc((size_t)i->size + 1);
        copy.room = i->size;
        if (!copy.bytes)
            abort();
        if (i->size > 0)
            memcpy(copy.bytes, i->bytes, (size_t)i->size);
        apply_some(&copy);
        char path[1100];
        snprintf(path, sizeof path, "%s%s", cut_folder, strrchr(i->path, '/'));
        FILE *out = fopen(path, "wb");
        if (!out || (copy.size > 0 && fwrite(copy.bytes, 1, (size_t)copy.size, out) != (size_t)copy.size))
            abort();
        fclose(out);
        free(copy.bytes);
    }
    if (cut_note)
        cut_note(cut_user);
}

static void count_operation(void)
{
    operations++;
    if (cut_in > 0 && --cut_in == 0)
        cut_now();
}

/* ---- a file ----------------------------------------------------------------------------------------------------- */

#define REAL(f) (((struct file *)(f))->real)

static int f_close(sqlite3_file *f)
{
    return REAL(f)->pMethods->xClose(REAL(f));
}

static int f_read(sqlite3_file *f, void *out, int size, sqlite3_int64 at)
{
    return REAL(f)->pMethods->xRead(REAL(f), out, size, at);
}

static int f_write(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 at)
{
    struct file *file = (struct file *)f;
    pthread_mutex_lock(&mutex);
    int rc = file->image && full ? SQLITE_FULL : REAL(f)->pMethods->xWrite(REAL(f), bytes, size, at);
    if (file->image && rc == SQLITE_OK) {
        add(file->image, at, bytes, size);
        count_operation();
    }
    pthread_mutex_unlock(&mutex);
    return rc;
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct file *file = (struct file *)f;
    pthread_mutex_lock(&mutex);
    const int rc = REAL(f)->pMethods->xTruncate(REAL(f), size);
    if (file->image && rc == SQLITE_OK) {
        add(file->image, size, NULL, -1);
        count_operation();
    }
    pthread_mutex_unlock(&mutex);
    return rc;
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t a = strlen(text), b = strlen(ending);
    return a >= b && strcmp(text + a - b, ending) == 0;
}

static int f_sync(sqlite3_file *f, int flags)
{
    struct file *file = (struct file *)f;
    (void)flags;
    int rc = SQLITE_OK;
    pthread_mutex_lock(&mutex);
    if (file->image) {
        count_operation();
        bool fails = false;
        if (ends_with(file->image->path, sync_ending)) {
            if (sync_in > 0)
                fails = --sync_in == 0;
            else if (sync_more > 0) {
                sync_more--;
                fails = true;
            }
        }
        if (fails) {
            apply_some(file->image);
            syncs_failed++;
            rc = SQLITE_IOERR_FSYNC;
        } else
            for (const struct pending *p = file->image->first; p; p = p->next)
                apply(file->image, p, p->size);
        forget_pending(file->image);
    }
    pthread_mutex_unlock(&mutex);
    return rc;
}

static int f_size(sqlite3_file *f, sqlite3_int64 *out)
{
    return REAL(f)->pMethods->xFileSize(REAL(f), out);
}

static int f_lock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xLock(REAL(f), level);
}

static int f_unlock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xUnlock(REAL(f), level);
}

static int f_reserved(sqlite3_file *f, int *out)
{
    return REAL(f)->pMethods->xCheckReservedLock(REAL(f), out);
}

static int f_control(sqlite3_file *f, int op, void *arg)
{
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_OK; /* space that is only asked for is not written */
    return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}

static int f_sector(sqlite3_file *f)
{
    return REAL(f)->pMethods->xSectorSize(REAL(f));
}

static int f_traits(sqlite3_file *f)
{
    (void)f;
    return 0; /* nothing is promised: no atomic sectors, no safe overwrite */
}

static int f_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return REAL(f)->pMethods->xShmMap(REAL(f), page, size, extend, out);
}

static int f_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return REAL(f)->pMethods->xShmLock(REAL(f), offset, n, flags);
}

static void f_shm_barrier(sqlite3_file *f)
{
    REAL(f)->pMethods->xShmBarrier(REAL(f));
}

static int f_shm_unmap(sqlite3_file *f, int remove)
{
    return REAL(f)->pMethods->xShmUnmap(REAL(f), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = f_close,
    .xRead = f_read,
    .xWrite = f_write,
    .xTruncate = f_truncate,
    .xSync = f_sync,
    .xFileSize = f_size,
    .xLock = f_lock,
    .xUnlock = f_unlock,
    .xCheckReservedLock = f_reserved,
    .xFileControl = f_control,
    .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_traits,
    .xShmMap = f_shm_map,
    .xShmLock = f_shm_lock,
    .xShmBarrier = f_shm_barrier,
    .xShmUnmap = f_shm_unmap,
};

/* ---- the file system -------------------------------------------------------------------------------------------- */

static int v_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *flags_out)
{
    (void)vfs;
    struct file *file = (struct file *)f;
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)(file + 1);
    const bool ours = name && flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL);
    pthread_mutex_lock(&mutex);
    if (ours)
        file->image = image_of(name);
    pthread_mutex_unlock(&mutex);
    const int rc = real_vfs->xOpen(real_vfs, name, file->real, flags, flags_out);
    if (rc == SQLITE_OK)
        file->base.pMethods = &methods;
    return rc;
}

static int v_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    pthread_mutex_lock(&mutex);
    for (struct image *i = images; i; i = i->next)
        if (strcmp(i->path, name) == 0) {
            forget_pending(i);
            i->size = 0;
        }
    pthread_mutex_unlock(&mutex);
    return real_vfs->xDelete(real_vfs, name, sync);
}

void fault_begin(uint64_t seed)
{
    static sqlite3_vfs vfs;
    fault_end();
    if (!real_vfs) {
        real_vfs = sqlite3_vfs_find(NULL);
        vfs = *real_vfs;
        vfs.zName = FAULT_VFS;
        vfs.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
        vfs.xOpen = v_open;
        vfs.xDelete = v_delete;
        sqlite3_vfs_register(&vfs, 0);
    }
    random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (int i = 0; i < 10; i++)
        chance(2);
}

void fault_end(void)
{
    pthread_mutex_lock(&mutex);
    while (images) {
        struct image *next = images->next;
        forget_pending(images);
        free(images->bytes);
        free(images);
        images = next;
    }
    operations = cut_in = sync_in = syncs_failed = 0;
    sync_more = 0;
    full = cut = false;
    pthread_mutex_unlock(&mutex);
}

void fault_cut_at(uint64_t nth, const char *folder, void (*note)(void *user), void *user)
{
    pthread_mutex_lock(&mutex);
    cut_in = nth;
    cut = false;
    cut_note = note;
    cut_user = user;
    snprintf(cut_folder, sizeof cut_folder, "%s", folder ? folder : "");
    pthread_mutex_unlock(&mutex);
}

void fault_sync_at(uint64_t nth, int more, const char *ending)
{
    pthread_mutex_lock(&mutex);
    sync_in = nth;
    sync_more = more;
    snprintf(sync_ending, sizeof sync_ending, "%s", ending ? ending : "");
    pthread_mutex_unlock(&mutex);
}

void fault_full(bool on)
{
    pthread_mutex_lock(&mutex);
    full = on;
    pthread_mutex_unlock(&mutex);
}

uint64_t fault_operations(void)
{
    pthread_mutex_lock(&mutex);
    const uint64_t n = operations;
    pthread_mutex_unlock(&mutex);
    return n;
}

uint64_t fault_syncs_failed(void)
{
    pthread_mutex_lock(&mutex);
    const uint64_t n = syncs_failed;
    pthread_mutex_unlock(&mutex);
    return n;
}

bool fault_was_cut(void)
{
    pthread_mutex_lock(&mutex);
    const bool was = cut;
    pthread_mutex_unlock(&mutex);
    return was;
}
