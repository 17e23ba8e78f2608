#define _GNU_SOURCE
#include "forbid.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the name that seccomp has for this architecture is missing"
#endif

// System calls of another form (of 32 bits, x32) have numbers from here on.
#define OTHER_FORM 0x40000000
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped)
#define RETURN(verdict) BPF_STMT(BPF_RET | BPF_K, verdict)
#define REFUSE RETURN(SECCOMP_RET_ERRNO | EACCES)

int forbid_local_services(void) {
    // The lower half of an argument; both architectures have it first.
    struct sock_filter filter[] = {
        LOAD(arch),
        UNLESS(ARCHITECTURE, 2),
        LOAD(nr),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, OTHER_FORM, 0, 1),
        REFUSE,
        // It opens sockets, too.
        UNLESS(SYS_io_uring_setup, 1),
        REFUSE,
        UNLESS(SYS_socket, 3),
        LOAD(args[0]),
        UNLESS(AF_UNIX, 1),
        REFUSE,
        RETURN(SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof filter / sizeof *filter, .filter = filter};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
