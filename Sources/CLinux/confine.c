#define _GNU_SOURCE
#include "CLinux.h"
#include "forbid.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Newer than the headers of Debian 12.
#define TRUNCATE (1ULL << 14)
#define SCOPE_ABSTRACT_SOCKETS (1ULL << 0)
#define SCOPE_SIGNALS (1ULL << 1)
struct rules {
    uint64_t files;
    uint64_t network;
    uint64_t scoped;
};

#define OF_FILES \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE | TRUNCATE)
#define READING (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)

const int linux_o_path = O_PATH;

int linux_open_without_links(const char *path, int flags) {
    struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC), .resolve = RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

// All kinds of access that the kernel can take away; none of files where it can take none.
static struct rules handled(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    struct rules all = {0};
    if (version < 1) return all;
    all.files = LANDLOCK_ACCESS_FS_REFER - 1;
    if (version >= 2) all.files |= LANDLOCK_ACCESS_FS_REFER;
    if (version >= 3) all.files |= TRUNCATE;
    if (version >= 6) all.scoped = SCOPE_ABSTRACT_SOCKETS | SCOPE_SIGNALS;
    return all;
}

static int allow(int ruleset, const int *descriptors, int count, uint64_t access) {
    for (int i = 0; i < count; i++) {
        struct stat status;
        if (fstat(descriptors[i], &status) != 0) return -1;
        struct landlock_path_beneath_attr rule = {
            .allowed_access = S_ISDIR(status.st_mode) ? access : access & OF_FILES, .parent_fd = descriptors[i]};
        if (syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0) return -1;
    }
    return 0;
}

static int restrict_files(const linux_confinement *confinement) {
    struct rules all = handled();
    if (all.files == 0) return 1;
    // An older kernel takes a longer structure whose end is zero.
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (ruleset < 0) return -1;
    int result = allow(ruleset, confinement->readable, confinement->readable_count, READING);
    // A file that can be run is never one that can be written.
    uint64_t writing = all.files & ~(uint64_t)LANDLOCK_ACCESS_FS_EXECUTE;
    if (result == 0) result = allow(ruleset, confinement->writable, confinement->writable_count, writing);
    if (result == 0) result = (int)syscall(SYS_landlock_restrict_self, ruleset, 0);
    int reason = errno;
    close(ruleset);
    errno = reason;
    return result;
}

static int drop_capabilities(uint64_t kept) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    if (syscall(SYS_capget, &header, data) != 0) return -1;
    for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
        uint32_t part = (uint32_t)(kept >> (32 * i));
        data[i].permitted &= part;
        data[i].effective &= part;
        data[i].inheritable = 0;
    }
    return (int)syscall(SYS_capset, &header, data);
}

int linux_confine(const linux_confinement *confinement) {
    // Without it a program that root starts would get all capabilities back.
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    int files = restrict_files(confinement);
    if (files < 0 || drop_capabilities(confinement->capabilities) != 0) return -1;
    return forbid_local_services() == 0 ? files : -1;
}
