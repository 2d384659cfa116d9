// Preloaded (LD_PRELOAD): ends a process as SIGKILL would at one chosen call that changes a file below a folder, so that tests can end it
// at each of them in turn.
//
//     clang -shared -fPIC -O1 kill_at_write.c -o kill_at_write.so
//
// KILL_FOLDER   the folder, without links in its path; calls elsewhere are left alone
// KILL_AT       which call, counted from 0; absent: none
// KILL_TORN     set: of a write that is killed the first half reaches the file
// KILL_COUNT    a file that gets the number of calls when the process ends by itself
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long calls;

static int below(const char *path) {
    const char *folder = getenv("KILL_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    return length && path && !strncmp(path, folder, length) && path[length] == '/';
}

static int watched(int descriptor) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return below(path);
}

static int isChosen(void) {
    long call = atomic_fetch_add(&calls, 1);
    const char *at = getenv("KILL_AT");
    return at && atol(at) == call;
}

static void end(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

#define NEXT(name) __typeof__(&name) next = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define WRITES(name, offset_parameter, offset)                                         \
    ssize_t name(int descriptor, const void *bytes, size_t count offset_parameter) {   \
        NEXT(name);                                                                    \
        if (watched(descriptor) && isChosen()) {                                       \
            if (getenv("KILL_TORN")) (void)!next(descriptor, bytes, count / 2 offset); \
            end();                                                                     \
        }                                                                              \
        return next(descriptor, bytes, count offset);                                  \
    }
#define COMMA ,
WRITES(write, , )
WRITES(pwrite, COMMA off_t offset, COMMA offset)
WRITES(pwrite64, COMMA off64_t offset, COMMA offset)

#define CHANGES(name, parameters, arguments, is_watched) \
    int name parameters {                                \
        NEXT(name);                                      \
        if (is_watched && isChosen()) end();             \
        return next arguments;                           \
    }
CHANGES(ftruncate, (int descriptor, off_t length), (descriptor, length), watched(descriptor))
CHANGES(ftruncate64, (int descriptor, off64_t length), (descriptor, length), watched(descriptor))
CHANGES(unlink, (const char *path), (path), below(path))
CHANGES(rename, (const char *from, const char *to), (from, to), below(to))

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("KILL_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%ld\n", atomic_load(&calls));
    fclose(file);
}
