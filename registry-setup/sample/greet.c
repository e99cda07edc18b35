/*
 * The program of the sample image: prints a greeting, then waits until it is asked to stop.
 *
 * It uses the kernel only, no C library, so that it is a few hundred bytes, needs no file beside itself, and runs as
 * any user, on a read-only file system, with every capability dropped and under the default seccomp profile.
 */

#if defined(__x86_64__)

enum { SYS_write = 1, SYS_rt_sigprocmask = 14, SYS_rt_sigtimedwait = 128, SYS_exit_group = 231 };

static long call(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long result;
	__asm__ volatile("syscall"
	                 : "=a"(result)
	                 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
	                 : "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

enum { SYS_write = 64, SYS_rt_sigprocmask = 135, SYS_rt_sigtimedwait = 137, SYS_exit_group = 94 };

static long call(long number, long a, long b, long c, long d)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
	return x0;
}

#else
#error "one of x86_64 and aarch64"
#endif

enum { SIG_BLOCK = 0, SIGINT = 2, SIGTERM = 15, EINTR = 4 };

static const char greeting[] = "Hello from an image that lives in a private registry.\n";
static const unsigned long stop_signals = 1UL << (SIGINT - 1) | 1UL << (SIGTERM - 1);

void _start(void)
{
	long signal;

	/*
	 * The first process of a container is not killed by a signal that it does not handle: the kernel drops it. One
	 * that is blocked is kept, and can be waited for. Blocked first, so that none is lost while we greet.
	 */
	call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&stop_signals, 0, sizeof stop_signals);
	call(SYS_write, 1, (long)greeting, sizeof greeting - 1, 0);
	do
		signal = call(SYS_rt_sigtimedwait, (long)&stop_signals, 0, 0, sizeof stop_signals);
	while (signal == -EINTR);
	call(SYS_exit_group, signal < 0, 0, 0, 0);
	__builtin_unreachable();
}
