/**
 * Words in attribute position: which of several unknown words in `foo_t __weak bar __aligned(8)` is the name that is
 * declared, which its type, and which are annotations that macros define. What an annotation means is not decided here.
 */

import { IS_WORD, UNDERSCORE } from "./codes.ts";

/**
 * Annotations that C libraries and kernels define as macros and that stand beside names just as reserved as they are, or
 * that look like plain words. They only help to find the declared name: a word that is missing here costs nothing but a
 * doubt in a declaration such as `extern const void __start_notes __weak;`, where both words may be the name.
 */
const ANNOTATIONS: ReadonlySet<string> = new Set(
  [
    // Kernel: <linux/compiler_attributes.h>, <linux/compiler_types.h>, <linux/compiler.h>.
    "__weak __used __unused __maybe_unused __always_unused __always_inline __must_check __deprecated __cold __hot __pure",
    "__malloc __noreturn __noclone __flatten __visible __packed __aligned __section __alias __assume_aligned __copy",
    "__diagnose_as __gnu_inline __mode __naked __no_caller_saved_registers __no_profile __no_sanitize_address __noendbr",
    "__no_sanitize_memory __no_sanitize_thread __no_sanitize_undefined __no_sanitize_or_inline __no_sanitize_coverage",
    "__no_kasan_or_inline __no_kcsan __no_stack_protector __nonstring __designated_init __externally_visible __printf",
    "__scanf __format __latent_entropy __randomize_layout __no_randomize_layout __noscs __nocfi __signed_wrap __compiletime_error",
    "__compiletime_warning __error __warning __alloc_size __realloc_size __counted_by __cleanup __uninitialized __noinline",
    "__inline_maybe_unused __always_inline_maybe __attribute_const__ __access __fallthrough __attr_dealloc __attr_access",
    "__user __kernel __iomem __percpu __rcu __force __nocast __safe __bitwise __private __acquires __releases __acquire",
    "__release __cond_lock __must_hold __chk_user_ptr __ref __refdata __refconst __noinstr_section __no_sanitize_bounds",
    "noinline notrace noinstr nokprobe_inline asmlinkage fastcall regparm inline_for_stack noinline_for_stack __noinitretpoline",
    "noinline_for_kasan __cpuidle __kprobes __nmi __entry_text __irq_entry __softirq_entry __exception_irq_entry __sched",
    "__lockfunc __tracepoint_string __noretpoline __indirect_branch __no_fgcse __flatten_call __function_aligned __counted_by_le",
    // Kernel: <linux/init.h>, <linux/cache.h>, <linux/percpu-defs.h>, and their kin per architecture.
    "__init __initdata __initconst __exit __exitdata __exitused __exit_call __init_or_module __initdata_or_module",
    "__initconst_or_module __meminit __meminitdata __meminitconst __memexit __memexitdata __cpuinit __cpuinitdata __cpuexit",
    "__devinit __devinitdata __devexit __initrodata __init_memblock __initdata_memblock __initcall __paginginit __read_mostly",
    "__ro_after_init ____cacheline_aligned ____cacheline_aligned_in_smp ____cacheline_internodealigned_in_smp __cacheline_aligned __cacheline_aligned_in_smp __cacheline_internodealigned_in_smp __page_aligned_data",
    "__page_aligned_bss __nosavedata __head __head_text __text_init __ref_ok __refok __bss __bss_decrypted __decrypted",
    "__ro_after_init_or_module __net_init __net_exit __net_initdata __net_initconst __efi_init __pvh_init __ksym __kconfig",
    "__hidden __arena __kptr __kptr_untrusted __bpf_kfunc __xip_text __idmap __sram __tcmdata __tcmfunc __itcm __early_init",
    "__noendbr __kprobe_inline __uaccess __xmm __vdso_data __nosave __unmap __tramp __bootdata __bootdata_preserved __amode31",
    // C libraries, GNU and BSD.
    "__THROW __THROWNL __nonnull __wur __attribute_pure__ __attribute_malloc__ __attribute_used__ __attribute_noinline__",
    "__attribute_deprecated__ __attribute_warn_unused_result__ __leaf __BEGIN_DECLS __END_DECLS __restrict_arr __dead2",
    "__dead __unused_field __result_use_check __printflike __predict_true __weak_symbol __weak_reference __extern_weak",
    "__stdcall __cdecl __fastcall __thiscall __vectorcall __declspec __efiapi __dllimport __dllexport EFIAPI WINAPI CALLBACK",
  ]
    .join(" ")
    .split(" "),
);

/** How much a word looks like an annotation. */
export const LIKENESS = {
  /** A plain word: a type, a name. */
  none: 0,
  /** Reserved by its two underscores, as most annotations are, and many types and names. */
  some: 1,
  /** Known as one, from the list above or from the file's own #define. */
  sure: 2,
} as const;

/** How much the word in [start, stop) looks like an annotation; `text` gives it, and is asked for only where that matters. */
export function likenessOf(
  codes: Uint8Array,
  start: number,
  stop: number,
  text: string,
  own: ReadonlySet<string>,
): number {
  if (isAnnotation(text, own)) return LIKENESS.sure;
  const isReserved = codes[start] === UNDERSCORE && codes[start + 1] === UNDERSCORE && stop - start > 2;
  // `__u32`, `__be16`, `__kernel_size_t`: types of the implementation by their ending.
  return isReserved && !looksLikeType(codes, start, stop) ? LIKENESS.some : LIKENESS.none;
}

/** True for a word that is known as an annotation. */
export function isAnnotation(text: string, own: ReadonlySet<string>): boolean {
  return ANNOTATIONS.has(text) || own.has(text);
}

/** True for names that end as types do: `…_t`, `…32`. */
export function looksLikeType(codes: Uint8Array, start: number, stop: number): boolean {
  const last = codes[stop - 1]!;
  if (last === 116 && codes[stop - 2] === UNDERSCORE) return stop - start > 3;
  const isSize = (last === 50 || last === 54 || last === 52 || last === 56) && stop - start <= 9;
  if (!isSize) return false;
  // A letter or two before the size: u8, __s16, __be32, __le64.
  let i = stop - 1;
  while (i > start && codes[i]! >= 48 && codes[i]! <= 57) i--;
  return IS_WORD[codes[i]!] === 1 && (codes[i] === 117 || codes[i] === 115 || codes[i] === 101);
}

/** True where the word holds a small letter: macros that stand for declarations are all capitals as a rule. */
export function hasSmallLetter(codes: Uint8Array, start: number, stop: number): boolean {
  for (let i = start; i < stop; i++) if (codes[i]! >= 97 && codes[i]! <= 122) return true;
  return false;
}

/**
 * Types of objects that the C library and the kernel's <linux/types.h> name with one word. A typedef may well be of a
 * function, so that `extern foo_t x;` says nothing of what x is; for these it does.
 */
const OBJECT_TYPES: ReadonlySet<string> = new Set(
  [
    "bool u8 u16 u32 u64 s8 s16 s32 s64 __u8 __u16 __u32 __u64 __s8 __s16 __s32 __s64 __le16 __le32 __le64 __be16 __be32 __be64",
    "int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t u_int8_t u_int16_t u_int32_t u_int64_t intptr_t",
    "uintptr_t intmax_t uintmax_t ptrdiff_t size_t ssize_t off_t loff_t time_t time64_t ktime_t pid_t uid_t gid_t dev_t mode_t",
    "wchar_t char16_t char32_t va_list FILE ulong uint ushort uchar u_char u_short u_int u_long phys_addr_t resource_size_t",
    "dma_addr_t gfp_t spinlock_t raw_spinlock_t rwlock_t seqlock_t atomic_t atomic64_t atomic_long_t cpumask_t cpumask_var_t",
    "nodemask_t wait_queue_head_t pgd_t p4d_t pud_t pmd_t pte_t pgprot_t pgtable_t kuid_t kgid_t sector_t cycles_t clock_t",
  ]
    .join(" ")
    .split(" "),
);

/** True when the one word of a type names a type of objects. */
export function isObjectType(word: string): boolean {
  return OBJECT_TYPES.has(word);
}
