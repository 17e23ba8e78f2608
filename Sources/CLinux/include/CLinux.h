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

/// `O_PATH`, which Glibc's module leaves out too: a descriptor that only stands for a file or a directory.
extern const int linux_o_path;

/// Opens `path` as `open` does, closed in programs that are started, and not over any symbolic link, wherever in the path.
///
/// Returns the descriptor, or -1 with the reason in `errno`: `ELOOP` for a symbolic link.
int linux_open_without_links(const char *path, int flags);

/// What a process, and whatever it starts, may still do with files.
typedef struct {
    /// Descriptors of files and directories that may be read and run, with everything below.
    const int *readable;
    int readable_count;
    /// The same for writing, too.
    const int *writable;
    int writable_count;
    /// Capabilities that are kept, of those that the process has; a bit for each.
    uint64_t capabilities;
} linux_confinement;

/// Confines the process for good: Landlock for files and signals, no capabilities but those, no way to new privileges, and none to
/// services of this host (sockets of the file system).
///
/// Returns 0; 1 where the kernel has no Landlock and the rest was done; -1 with the reason in `errno`.
int linux_confine(const linux_confinement *confinement);

/// Takes the flags off that keep even root from removing things (immutable, append-only): of the open directory `directory`,
/// and of the file or directory `name` in it. Follows no symbolic link.
///
/// Returns whether there were some.
bool linux_unlock(int directory, const char *name);

/// Whether a process can have `count` user and group ids from `first` on as its own from 0 on, and what is mounted at `path` can be shown
/// to it with the owners that the files have. Leaves nothing behind; needs the rights of root.
///
/// Returns 0; 1 where there is no such process, 2 where owners cannot be mapped, with the reason in `errno`.
int linux_try_mapped_owners(const char *path, uint32_t first, uint32_t count);
