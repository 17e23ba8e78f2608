#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool unlock(int descriptor) {
    int flags = 0;
    if (ioctl(descriptor, FS_IOC_GETFLAGS, &flags) != 0) return false;
    if ((flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)) == 0) return false;
    flags &= ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
    return ioctl(descriptor, FS_IOC_SETFLAGS, &flags) == 0;
}

bool linux_unlock(int directory, const char *name) {
    bool unlocked = unlock(directory);
    struct stat status;
    // Opening anything else could have an effect.
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return unlocked;
    if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) return unlocked;
    int file = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return unlocked;
    unlocked |= unlock(file);
    close(file);
    return unlocked;
}
