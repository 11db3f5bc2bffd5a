#include "config.h"

#include "lib/sys/confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#endif

/* The search for leaks of a sanitizer is a debugger. */
#ifdef __SANITIZE_ADDRESS__
#define SEARCHES_LEAKS
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEARCHES_LEAKS
#endif
#endif

#ifdef ARCH

/* What no daemon of ours ever asks for, and who breaks into one does. */
static const int never[] = {
	SYS_execve,
	SYS_execveat,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_unshare,
	SYS_setns,
	SYS_bpf,
	SYS_perf_event_open,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_add_key,
	SYS_request_key,
	SYS_keyctl,
	SYS_userfaultfd,
	SYS_io_uring_setup,
	SYS_open_by_handle_at,
	SYS_name_to_handle_at,
	SYS_swapon,
	SYS_swapoff,
	SYS_reboot,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_adjtimex,
	SYS_sethostname,
	SYS_setdomainname,
	SYS_acct,
	SYS_quotactl,
	SYS_setuid,
	SYS_setgid,
	SYS_setreuid,
	SYS_setregid,
	SYS_setresuid,
	SYS_setresgid,
	SYS_setgroups,
	SYS_process_vm_writev,
#ifndef SEARCHES_LEAKS
	SYS_ptrace,
	SYS_process_vm_readv,
#endif
};

#define NEVER (sizeof(never) / sizeof(never[0]))
#define FIELD(name)                                                                      \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, name))
#define IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, (what))
#define REFUSE RETURN(SECCOMP_RET_ERRNO | EPERM)

/* args[0] is 64 bits; both of these architectures have the low half first. */
static const struct sock_filter head[] = {
	FIELD(arch),
	IS(ARCH, 1, 0),
	RETURN(SECCOMP_RET_KILL_PROCESS),
	FIELD(nr),
	IS(SYS_socket, 0, 3),
	FIELD(args[0]),
	IS(AF_PACKET, 0, NEVER + 1), /* else to the end */
	REFUSE,
};

int confine_calls(void)
{
	struct sock_filter filter[sizeof(head) / sizeof(head[0]) + NEVER + 2];
	const size_t first = sizeof(head) / sizeof(head[0]);
	struct sock_fprog program = { .len = sizeof(filter) / sizeof(filter[0]),
				      .filter = filter };

	memcpy(filter, head, sizeof(head));
	for (size_t i = 0; i < NEVER; i++)
		filter[first + i] = (struct sock_filter)IS((uint32_t)never[i],
							   (uint8_t)(NEVER - i), 0);
	filter[first + NEVER] = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	filter[first + NEVER + 1] = (struct sock_filter)REFUSE;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0);
}

#else

int confine_calls(void)
{
	errno = ENOSYS;
	return -1;
}

#endif
