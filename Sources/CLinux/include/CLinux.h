#pragma once

#include <stdbool.h>
#include <stdint.h>

/// What `statx` tells of an open file, which Glibc's module for Swift leaves out (it is no part of POSIX).
typedef struct {
    uint64_t inode;
    /// As `/proc/self/mountinfo` numbers mounts.
    uint64_t mount;
    bool has_birth;
    /// In nanoseconds since 1970; 0 where the file system does not know it.
    int64_t birth;
} linux_file_status;

/// Returns 0, or -1 with the reason in `errno`.
int linux_file_status_of(int descriptor, linux_file_status *status);
