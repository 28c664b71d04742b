/** The part of a generated program that calls the uses: it prints what each returns, and goes on where one of them crashes. */

/** Calls a function, and comes back with 1 where it crashes. The same in every program, with a C library or without. */
const GUARDED = `	.text
	.globl guarded
	.type guarded, @function
guarded:
	push %rbx
	push %rbp
	push %r12
	push %r13
	push %r14
	push %r15
	push %rdx
	mov %rsp, saved_stack(%rip)
	mov %rdi, %rax
	mov %rsi, %rdi
	call *%rax
	pop %rdx
	mov %rax, (%rdx)
	xor %eax, %eax
	jmp 1f
	.globl recover
	.type recover, @function
recover:
	mov saved_stack(%rip), %rsp
	cld
	fninit
	pop %rdx
	mov $1, %eax
1:	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbp
	pop %rbx
	ret
	.globl system_call
	.type system_call, @function
system_call:
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	mov %r8, %r10
	syscall
	ret
	.bss
	.balign 8
saved_stack:
	.quad 0
	.section .note.GNU-stack,"",@progbits
`;

/** What a program without a C library needs besides. */
const ENTRY = `	.text
	.globl _start
_start:
	xor %ebp, %ebp
	and $-16, %rsp
	call main
	mov %eax, %edi
	mov $60, %eax
	syscall
	.globl memcpy
	.type memcpy, @function
memcpy:
	mov %rdi, %rax
	mov %rdx, %rcx
	rep movsb
	ret
	.globl memset
	.type memset, @function
memset:
	mov %rdi, %r8
	mov %esi, %eax
	mov %rdx, %rcx
	rep stosb
	mov %r8, %rax
	ret
	.globl strlen
	.type strlen, @function
strlen:
	xor %eax, %eax
2:	cmpb $0, (%rdi,%rax)
	je 3f
	inc %rax
	jmp 2b
3:	ret
	.section .note.GNU-stack,"",@progbits
`;

export const runtimeFiles = { guarded: GUARDED, entry: ENTRY } as const;

/** One call that the main program makes. */
export interface Call {
  readonly id: string;
  /** The configuration symbol with which the use is there; undefined: always. */
  readonly when: string | undefined;
}

/** The main program: every use with some numbers, a line for each. */
export function writeMain(calls: readonly Call[], include: string): string {
  const under = (call: Call, text: string) => (call.when === undefined ? text : `#ifdef ${call.when}\n${text}#endif\n`);
  return `/* SPDX-License-Identifier: GPL-2.0 */
${include}
extern void recover(void);
extern int guarded(long (*use)(long), long n, long *result);
extern long system_call(long number, long a, const void *b, long c, long d);

long trace;

${calls.map((call) => under(call, `long ${call.id}(long n);\n`)).join("")}
static char line[200];
static int length;

static void put(const char *text)
{
	while (*text)
		line[length++] = *text++;
}

static void put_number(long number)
{
	char digits[24];
	unsigned long rest = number < 0 ? -(unsigned long)number : (unsigned long)number;
	int count = 0;

	if (number < 0)
		put("-");
	do {
		digits[count++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	while (count > 0)
		line[length++] = digits[--count];
}

static void run(const char *name, long (*use)(long))
{
	static const long numbers[] = { 0, 1, 3 };
	int i;

	for (i = 0; i < 3; i++) {
		long result = 0;
		int crashed;

		trace = 0;
		crashed = guarded(use, numbers[i], &result);
		length = 0;
		put(name);
		put(" ");
		put_number(numbers[i]);
		put(": ");
		if (crashed)
			put("crash");
		else
			put_number(result);
		put(" ");
		put_number(trace);
		put("\\n");
		system_call(1, 1, line, length, 0);
	}
}

static void catch_signals(void)
{
	static const int signals[] = { 4, 5, 7, 8, 11 };
	struct {
		void (*handler)(void);
		unsigned long flags;
		void (*restorer)(void);
		unsigned long mask;
	} action = { recover, 0x44000000, recover, 0 };
	int i;

	for (i = 0; i < 5; i++)
		system_call(13, signals[i], &action, 0, 8);
}

int main(void)
{
	catch_signals();
${calls.map((call) => under(call, `\trun("${call.id}", ${call.id});\n`)).join("")}	return 0;
}
`;
}
