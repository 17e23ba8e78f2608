#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Of <linux/mount.h>, which contradicts <sys/mount.h> of some releases.
#define TREE_CLONE 1U
#define ATTRIBUTE_IDMAP 0x00100000ULL
struct mount_attributes {
    uint64_t set;
    uint64_t cleared;
    uint64_t propagation;
    uint64_t namespace;
};

// A process with a user namespace of its own, which waits for its end; nothing else of this process is in it.
static pid_t with_namespace(void) {
    int answer[2];
    if (pipe2(answer, O_CLOEXEC) != 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        int reason = unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
        if (write(answer[1], &reason, sizeof reason) != sizeof reason) _exit(1);
        for (;;) pause();
    }
    int failed = errno;
    close(answer[1]);
    if (child > 0 && read(answer[0], &failed, sizeof failed) != sizeof failed) failed = ECHILD;
    close(answer[0]);
    if (child > 0 && failed == 0) return child;
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    errno = failed;
    return -1;
}

static int write_map(pid_t process, const char *name, uint32_t first, uint32_t count) {
    char path[64], map[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
    int length = snprintf(map, sizeof map, "0 %u %u\n", first, count);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t written = write(file, map, (size_t)length);
    int reason = errno;
    close(file);
    errno = reason;
    return written == length ? 0 : -1;
}

// On a copy of the mount that nobody sees, and that is gone when it is closed.
static int map_owners(const char *path, int namespace) {
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, path, TREE_CLONE | O_CLOEXEC);
    if (tree < 0) return -1;
    struct mount_attributes attributes = {.set = ATTRIBUTE_IDMAP, .namespace = (uint64_t)namespace};
    int result = (int)syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
    int reason = errno;
    close(tree);
    errno = reason;
    return result;
}

static int try_with(pid_t process, const char *path, uint32_t first, uint32_t count) {
    char name[64];
    if (write_map(process, "uid_map", first, count) != 0 || write_map(process, "gid_map", first, count) != 0) return 1;
    snprintf(name, sizeof name, "/proc/%d/ns/user", (int)process);
    int namespace = open(name, O_RDONLY | O_CLOEXEC);
    if (namespace < 0) return 1;
    int result = map_owners(path, namespace) == 0 ? 0 : 2;
    int reason = errno;
    close(namespace);
    errno = reason;
    return result;
}

int linux_try_mapped_owners(const char *path, uint32_t first, uint32_t count) {
    pid_t process = with_namespace();
    if (process < 0) return 1;
    int result = try_with(process, path, first, count);
    int reason = errno;
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
    errno = reason;
    return result;
}
