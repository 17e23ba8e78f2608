#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <sys/stat.h>

int linux_file_status_of(int descriptor, linux_file_status *status) {
    struct statx answer;
    if (statx(descriptor, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME | STATX_MNT_ID, &answer) != 0) return -1;
    status->inode = answer.stx_ino;
    status->mount = answer.stx_mnt_id;
    status->has_birth = (answer.stx_mask & STATX_BTIME) != 0;
    status->birth = status->has_birth ? answer.stx_btime.tv_sec * INT64_C(1000000000) + answer.stx_btime.tv_nsec : 0;
    return 0;
}
