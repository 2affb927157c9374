/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/key.h"

#include "format/bytes.h"
#include "os/file.h"
#include "store/folder.h"
#include "store/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char magic[8] = {'O', 'B', 'K', 'E', 'Y', '\r', '\n', 0x1a};

enum { /* offsets in the file */
       AT_METHOD = 9,
       AT_PASSES = 12,
       AT_MEMORY = 16,
       AT_SALT = 24,
       AT_NONCE = 40,
       AT_KEY = 64,
       KEY_FILE_SIZE = AT_KEY + OB_SECRET_BYTES + 16
};

const char *ob_lock_name(enum ob_lock lock)
{
    static const char *const names[OB_LOCKS] = {"none", "key file", "passphrase", "desktop keyring"};
    return (int)lock >= 0 && lock < OB_LOCKS ? names[lock] : names[0];
}

void ob_secrets_guard(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose leak checker traces its own process */
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
}

/* ---- the key in memory ------------------------------------------------------------------------------------------ */

static struct ob_key *guarded(void)
{
    if (sodium_init() < 0)
        return NULL;
    ob_secrets_guard();
    return sodium_malloc(sizeof(struct ob_key));
}

static void derive(struct ob_key *key)
{
    crypto_kdf_derive_from_key(key->rows, sizeof key->rows, 1, "OBrows__", key->master);
    crypto_kdf_derive_from_key(key->files, sizeof key->files, 2, "OBfiles_", key->master);
    sodium_mprotect_readonly(key);
}

enum ob_err ob_key_create(const struct ob_id *person, struct ob_key **key_out)
{
    struct ob_key *key = guarded();
    if (!key)
        return OB_ERR_NO_MEMORY;
    key->person = *person;
    randombytes_buf(key->master, sizeof key->master);
    derive(key);
    *key_out = key;
    return OB_OK;
}

enum ob_err ob_key_copy(const struct ob_key *key, struct ob_key **key_out)
{
    struct ob_key *copy = guarded();
    if (!copy)
        return OB_ERR_NO_MEMORY;
    memcpy(copy, key, sizeof *copy);
    sodium_mprotect_readonly(copy);
    *key_out = copy;
    return OB_OK;
}

void ob_key_destroy(struct ob_key *key)
{
    sodium_free(key);
}

const struct ob_id *ob_key_person(const struct ob_key *key)
{
    return &key->person;
}

/* ---- locks ------------------------------------------------------------------------------------------------------ */

enum ob_err ob_secret_from_passphrase(const char *passphrase, size_t size, const unsigned char salt[16],
                                      uint32_t passes, uint64_t memory, unsigned char secret_out[OB_SECRET_BYTES])
{
    if (passes < 1 || passes > OB_ARGON_PASSES_MAX || memory < OB_ARGON_MEMORY_MIN || memory > OB_ARGON_MEMORY_MAX)
        return OB_ERR_RANGE;
    if (crypto_pwhash(secret_out, OB_SECRET_BYTES, passphrase, size, salt, passes, (size_t)memory,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return OB_ERR_NO_MEMORY;
    return OB_OK;
}

/* Everything before the sealed key, and whose it is, is authenticated with it. */
static void seal_master(const struct ob_key *key, const unsigned char *secret, unsigned char file[KEY_FILE_SIZE])
{
    unsigned char about[AT_NONCE + OB_ID_BYTES];
    memcpy(about, file, AT_NONCE);
    memcpy(about + AT_NONCE, key->person.bytes, OB_ID_BYTES);
    randombytes_buf(file + AT_NONCE, AT_KEY - AT_NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(file + AT_KEY, NULL, key->master, OB_SECRET_BYTES, about, sizeof about,
                                               NULL, file + AT_NONCE, secret);
}

static bool open_master(struct ob_key *key, const unsigned char *secret, const unsigned char file[KEY_FILE_SIZE])
{
    unsigned char about[AT_NONCE + OB_ID_BYTES];
    memcpy(about, file, AT_NONCE);
    memcpy(about + AT_NONCE, key->person.bytes, OB_ID_BYTES);
    return crypto_aead_xchacha20poly1305_ietf_decrypt(key->master, NULL, NULL, file + AT_KEY, OB_SECRET_BYTES + 16,
                                                      about, sizeof about, file + AT_NONCE, secret) == 0;
}

/* Of a key that lies open: tells a damaged file, and guards nothing. */
static void checksum(const unsigned char file[KEY_FILE_SIZE], const struct ob_id *person, unsigned char out[16])
{
    crypto_generichash(out, 16, file, AT_KEY + OB_SECRET_BYTES, person->bytes, OB_ID_BYTES);
}

static enum ob_err path_of(const char *folder, const struct ob_id *person, const char *ending, char *path_out)
{
    char id[OB_ID_TEXT];
    ob_id_text(person, id);
    const int length = snprintf(path_out, PATH_MAX, "%s/keys/%s.key%s", folder, id, ending);
    return length < 0 || length >= PATH_MAX ? OB_ERR_RANGE : OB_OK;
}

static enum ob_err overwrite(int fd)
{
    unsigned char noise[KEY_FILE_SIZE];
    randombytes_buf(noise, sizeof noise);
    if (pwrite(fd, noise, sizeof noise, 0) != (ssize_t)sizeof noise || fsync(fd) != 0)
        return ob_err_from_errno(errno ? errno : EIO);
    return OB_OK;
}

static enum ob_err replace_file(const char *folder, const struct ob_id *person, const unsigned char *file)
{
    char path[PATH_MAX], beside[PATH_MAX], keys[PATH_MAX];
    enum ob_err err = path_of(folder, person, "", path);
    if (!err)
        err = path_of(folder, person, ".new", beside);
    if (!err)
        err = ob_folder_join(folder, "keys", keys, sizeof keys);
    if (!err)
        err = ob_folder_make(keys);
    if (err)
        return err;
    const int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return ob_err_from_errno(errno);
    err = ob_write_all(fd, file, KEY_FILE_SIZE);
    if (!err && fsync(fd) != 0)
        err = ob_err_from_errno(errno);
    close(fd);
    const int before = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (!err && rename(beside, path) != 0)
        err = ob_err_from_errno(errno);
    if (err)
        unlink(beside);
    /* Only once the new name is on the disk may the old bytes go. */
    const int dir = open(keys, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool safe =
        dir >= 0 && (fsync(dir) == 0 || errno == EINVAL || errno == ENOTSUP); /* the latter: has no such thing */
    if (dir >= 0)
        close(dir);
    if (before >= 0) {
        if (!err && safe)
            err = overwrite(before); /* what a name no longer leads to is still on the disk */
        close(before);
    }
    return err;
}

enum ob_err ob_key_save(const struct ob_key *key, const char *folder, enum ob_lock lock, const char *passphrase,
                        size_t passphrase_size, char *problem_out, size_t problem_size)
{
    unsigned char *memory = sodium_malloc(KEY_FILE_SIZE + OB_SECRET_BYTES);
    if (!memory)
        return OB_ERR_NO_MEMORY;
    unsigned char *file = memory, *secret = memory + KEY_FILE_SIZE;
    memset(file, 0, KEY_FILE_SIZE);
    memcpy(file, magic, sizeof magic);
    file[8] = 1;
    file[AT_METHOD] = (unsigned char)lock;
    enum ob_err err = OB_OK;
    if (lock == OB_LOCK_KEY_FILE) {
        memcpy(file + AT_KEY, key->master, OB_SECRET_BYTES);
        checksum(file, &key->person, file + AT_KEY + OB_SECRET_BYTES);
    } else if (lock == OB_LOCK_PASSPHRASE) {
        ob_put_u32(file + AT_PASSES, OB_ARGON_PASSES);
        ob_put_u64(file + AT_MEMORY, OB_ARGON_MEMORY);
        randombytes_buf(file + AT_SALT, 16);
        if (!passphrase || passphrase_size == 0 || passphrase_size > OB_PASSPHRASE_MAX) {
            snprintf(problem_out, problem_size, "a passphrase has 1 to %d bytes", OB_PASSPHRASE_MAX);
            err = OB_ERR_RANGE;
        } else
            err = ob_secret_from_passphrase(passphrase, passphrase_size, file + AT_SALT, OB_ARGON_PASSES,
                                            OB_ARGON_MEMORY, secret);
        if (!err)
            seal_master(key, secret, file);
    } else if (lock == OB_LOCK_KEYRING) {
        /* The part that the keyring holds is what opens the file that is there: it stays until that one is replaced. */
        enum ob_lock before;
        ob_key_lock(folder, &key->person, &before);
        err = before == OB_LOCK_KEYRING ? ob_keyring_get(&key->person, secret, problem_out, problem_size) : OB_ERR_KEY;
        if (err == OB_ERR_KEY) {
            randombytes_buf(secret, OB_SECRET_BYTES);
            err = ob_keyring_put(&key->person, secret, problem_out, problem_size);
        }
        if (!err)
            seal_master(key, secret, file);
    } else
        err = OB_ERR_RANGE;
    if (!err) {
        err = replace_file(folder, &key->person, file);
        if (err)
            snprintf(problem_out, problem_size, "the key can't be written to %.100s/keys: %s", folder,
                     ob_err_text(err));
    } else if (problem_size > 0 && !problem_out[0])
        snprintf(problem_out, problem_size, "the key can't be locked: %s", ob_err_text(err));
    /* A keyring that is no longer needed forgets its part. */
    if (!err && lock != OB_LOCK_KEYRING && getenv("DBUS_SESSION_BUS_ADDRESS"))
        ob_keyring_forget(&key->person);
    sodium_free(memory);
    return err;
}

static enum ob_err read_file(const char *folder, const struct ob_id *person, unsigned char file_out[KEY_FILE_SIZE])
{
    char path[PATH_MAX];
    const enum ob_err err = path_of(folder, person, "", path);
    if (err)
        return err;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return ob_err_from_errno(errno);
    struct stat status;
    const bool whole = fstat(fd, &status) == 0 && status.st_size == KEY_FILE_SIZE &&
                       read(fd, file_out, KEY_FILE_SIZE) == KEY_FILE_SIZE;
    close(fd);
    if (!whole || memcmp(file_out, magic, sizeof magic) != 0)
        return OB_ERR_FORMAT;
    if (file_out[8] != 1)
        return OB_ERR_NEWER;
    return file_out[AT_METHOD] > OB_LOCK_NONE && file_out[AT_METHOD] < OB_LOCKS ? OB_OK : OB_ERR_FORMAT;
}

enum ob_err ob_key_lock(const char *folder, const struct ob_id *person, enum ob_lock *lock_out)
{
    unsigned char file[KEY_FILE_SIZE];
    const enum ob_err err = read_file(folder, person, file);
    *lock_out = err ? OB_LOCK_NONE : (enum ob_lock)file[AT_METHOD];
    sodium_memzero(file, sizeof file);
    return err;
}

static enum ob_err open_file(struct ob_key *key, const unsigned char *file, unsigned char *secret,
                             const char *passphrase, size_t passphrase_size, char *problem_out, size_t problem_size)
{
    enum ob_err err = OB_OK;
    switch (file[AT_METHOD]) {
    case OB_LOCK_KEY_FILE: {
        unsigned char sum[16];
        checksum(file, &key->person, sum);
        if (memcmp(sum, file + AT_KEY + OB_SECRET_BYTES, sizeof sum) != 0) {
            snprintf(problem_out, problem_size, "the key file of this person is damaged, or another person's");
            return OB_ERR_DAMAGED;
        }
        memcpy(key->master, file + AT_KEY, OB_SECRET_BYTES);
        return OB_OK;
    }
    case OB_LOCK_PASSPHRASE:
        if (!passphrase) {
            snprintf(problem_out, problem_size, "this person is locked by a passphrase, and none was given");
            return OB_ERR_NO_KEY;
        }
        err = ob_secret_from_passphrase(passphrase, passphrase_size, file + AT_SALT, ob_get_u32(file + AT_PASSES),
                                        ob_get_u64(file + AT_MEMORY), secret);
        if (err == OB_ERR_RANGE)
            snprintf(problem_out, problem_size, "the key file of this person is damaged");
        else if (!err && !open_master(key, secret, file)) {
            snprintf(problem_out, problem_size, "the passphrase does not fit; nothing was changed");
            err = OB_ERR_KEY;
        }
        return err == OB_ERR_RANGE ? OB_ERR_DAMAGED : err;
    default:
        err = ob_keyring_get(&key->person, secret, problem_out, problem_size);
        if (!err && !open_master(key, secret, file)) {
            snprintf(problem_out, problem_size, "the desktop's keyring has another key than the one that is needed");
            err = OB_ERR_KEY;
        }
        return err;
    }
}

enum ob_err ob_key_load(const char *folder, const struct ob_id *person, const char *passphrase, size_t passphrase_size,
                        struct ob_key **key_out, char *problem_out, size_t problem_size)
{
    struct ob_key *key = guarded();
    unsigned char *memory = sodium_malloc(KEY_FILE_SIZE + OB_SECRET_BYTES);
    enum ob_err err = key && memory ? read_file(folder, person, memory) : OB_ERR_NO_MEMORY;
    if (problem_size > 0)
        problem_out[0] = '\0';
    if (!err) {
        key->person = *person;
        err = open_file(key, memory, memory + KEY_FILE_SIZE, passphrase, passphrase_size, problem_out, problem_size);
    }
    if (err && problem_size > 0 && !problem_out[0])
        snprintf(problem_out, problem_size, "the key of this person can't be read: %s", ob_err_text(err));
    sodium_free(memory);
    if (err) {
        ob_key_destroy(key);
        return err;
    }
    derive(key);
    *key_out = key;
    return OB_OK;
}

enum ob_err ob_key_shred(const char *folder, const struct ob_id *person)
{
    char path[PATH_MAX], keys[PATH_MAX];
    enum ob_lock lock = OB_LOCK_NONE;
    ob_key_lock(folder, person, &lock);
    enum ob_err err = OB_OK;
    for (int i = 0; i < 2; i++) { /* also what a crash left of a key being replaced */
        err = path_of(folder, person, i == 0 ? ".new" : "", path);
        if (err)
            return err;
        const int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0 && errno == ENOENT)
            continue;
        err = fd < 0 ? ob_err_from_errno(errno) : overwrite(fd);
        if (fd >= 0)
            close(fd);
        if (err == OB_ERR_DISK_FULL) /* a file system that writes elsewhere has no room to overwrite in */
            err = OB_OK;
        if (!err && unlink(path) != 0)
            err = ob_err_from_errno(errno);
        if (err)
            return err;
    }
    if (lock == OB_LOCK_KEYRING)
        ob_keyring_forget(person);
    err = ob_folder_join(folder, "keys", keys, sizeof keys);
    if (!err)
        ob_folder_sync(keys);
    return err;
}
