/**
 * What gcc 12 answers to __has_attribute, __has_c_attribute and __has_builtin, which headers ask. Facts about the compiler
 * alone, asked of gcc 12.2 for x86-64 and arm64 name by name.
 */

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Attributes for every target. */
const ATTRIBUTES = words(`
  access alias aligned alloc_align alloc_size always_inline artificial assume_aligned cleanup cold common const
  constructor copy deprecated designated_init destructor error externally_visible fallthrough flatten format
  format_arg gnu_inline hot ifunc leaf malloc may_alias maybe_unused mode no_address_safety_analysis no_icf
  no_instrument_function no_profile_instrument_function no_reorder no_sanitize no_sanitize_address
  no_sanitize_coverage no_sanitize_thread no_sanitize_undefined no_split_stack no_stack_limit no_stack_protector
  nocf_check noclone nocommon nodiscard noinit noinline noipa nonnull nonstring noplt noreturn nothrow
  objc_nullability objc_root_class optimize packed patchable_function_entry persistent pure retain returns_nonnull
  returns_twice scalar_storage_order section sentinel signed_bool_precision simd stack_protect symver tainted_args
  target target_clones tls_model transaction_callable transaction_may_cancel_outer transaction_pure
  transaction_safe transaction_safe_dynamic transaction_unsafe transaction_wrap transparent_union unavailable
  uninitialized unused used vector_mask vector_size visibility volatile warn_if_not_aligned warn_unused
  warn_unused_result warning weak weakref zero_call_used_regs
`);

/** Attributes for x86 alone. */
const X86_ATTRIBUTES = words(`
  callee_pop_aggregate_return cdecl cf_check fastcall fentry_name fentry_section force_align_arg_pointer
  function_return gcc_struct indirect_branch indirect_return interrupt ms_abi ms_hook_prologue ms_struct naked
  no_caller_saved_registers nodirect_extern_access regparm sseregparm stdcall sysv_abi thiscall
`);

/** Library functions that are built in under their own name and with __builtin_ before it. */
const FUNCTIONS = words(`
  _exit abort abs acos acosh aligned_alloc alloca asin asinh atan atan2 atanh bcmp bcopy bzero cabs cacos cacosh
  calloc carg casin casinh catan catanh cbrt ccos ccosh ceil cexp cimag clog clog10 conj copysign cos cosh cpow
  cproj creal csin csinh csqrt ctan ctanh dcgettext dgettext drem erf erfc execl execle execlp execv execve execvp
  exit exp exp10 exp2 expm1 fabs fdim feclearexcept fegetenv fegetexceptflag fegetround feholdexcept feraiseexcept
  fesetenv fesetexceptflag fesetround fetestexcept feupdateenv ffs ffsimax ffsl finite floor fma fmax fmin fmod
  fork fprintf fprintf_unlocked fputc fputc_unlocked fputs fputs_unlocked free frexp fscanf fwrite fwrite_unlocked
  gamma gamma_r gammaf_r gammal_r gettext hypot ilogb imaxabs index isalnum isalpha isascii isblank iscntrl
  isdigit isgraph isinf islower isnan isprint ispunct isspace isupper iswalnum iswalpha iswblank iswcntrl iswdigit
  iswgraph iswlower iswprint iswpunct iswspace iswupper iswxdigit isxdigit j0f j0l j1f j1l jnf jnl labs ldexp
  lgamma lgamma_r lgammaf_r lgammal_r llabs llrint llround log log10 log1p log2 logb lrint lround malloc memchr
  memcmp memcpy memmove mempcpy memset modf nan nearbyint nextafter nexttoward posix_memalign pow pow10 printf
  printf_unlocked putc putc_unlocked putchar putchar_unlocked puts puts_unlocked realloc remainder remquo rindex
  rint round roundeven scalb scalbln scalbn scanf signbit significand sin sincos sinh snprintf sprintf sqrt sscanf
  stpcpy stpncpy strcasecmp strcat strchr strcmp strcpy strcspn strdup strfmon strftime strlen strncasecmp strncat
  strncmp strncpy strndup strnlen strpbrk strrchr strspn strstr tan tanh tgamma toascii tolower toupper towlower
  towupper trunc vfprintf vfscanf vprintf vscanf vsnprintf vsprintf vsscanf y0f y0l y1f y1l ynf ynl
`);

/** What follows __builtin_ besides, for every target. */
const BUILTINS = words(`
  FILE FUNCTION LINE _Exit __clear_cache __fprintf_chk __memcpy_chk __memmove_chk __mempcpy_chk __memset_chk
  __printf_chk __snprintf_chk __sprintf_chk __stpcpy_chk __stpncpy_chk __strcat_chk __strcpy_chk __strncat_chk
  __strncpy_chk __vfprintf_chk __vprintf_chk __vsnprintf_chk __vsprintf_chk acc_on_device add_overflow
  add_overflow_p adjust_descriptor adjust_trampoline aggregate_incoming_address alloca_with_align
  alloca_with_align_and_max apply apply_args assoc_barrier assume_aligned bswap128 bswap16 bswap32 bswap64 cexpi
  choose_expr classify_type clear_padding clrsb clrsbimax clrsbl clz clzimax clzl constant_p convertvector ctz
  ctzimax ctzl dwarf_cfa dwarf_sp_column dynamic_object_size eh_copy_values eh_filter eh_pointer eh_return
  eh_return_data_regno expect expect_with_probability extend_pointer extract_return_addr fpclassify frame_address
  frob_return_addr has_attribute huge_val iceil ifloor inf init_descriptor init_dwarf_reg_size_table
  init_heap_trampoline init_trampoline irint iround isfinite isgreater isgreaterequal isinf_sign isless
  islessequal islessgreater isnormal isunordered j0 j1 jn lceil lfloor llceil llfloor longjmp memcmp_eq
  mul_overflow mul_overflow_p nans next_arg nonlocal_goto object_size offsetof parity parityimax parityl popcount
  popcountimax popcountl powi prefetch return return_address sadd_overflow saddl_overflow saddll_overflow saveregs
  set_thread_pointer setjmp setjmp_receiver setjmp_setup shuffle shufflevector smul_overflow smull_overflow
  smulll_overflow speculation_safe_value speculation_safe_value_1 speculation_safe_value_16
  speculation_safe_value_2 speculation_safe_value_4 speculation_safe_value_8 speculation_safe_value_ptr
  ssub_overflow ssubl_overflow ssubll_overflow stack_restore stack_save strcmp_eq strncmp_eq sub_overflow
  sub_overflow_p thread_pointer trap types_compatible_p uadd_overflow uaddl_overflow uaddll_overflow umul_overflow
  umull_overflow umulll_overflow unreachable unwind_init unwind_resume update_setjmp_buf usub_overflow
  usubl_overflow usubll_overflow va_arg_pack va_arg_pack_len va_copy va_end va_start y0 y1 yn
`);

/** Atomic operations, each also with its size in bytes behind it. */
const ATOMICS = words(`
  __atomic_add_fetch __atomic_always_lock_free __atomic_and_fetch __atomic_clear __atomic_compare_exchange
  __atomic_compare_exchange_n __atomic_exchange __atomic_exchange_n __atomic_feraiseexcept __atomic_fetch_add
  __atomic_fetch_and __atomic_fetch_nand __atomic_fetch_or __atomic_fetch_sub __atomic_fetch_xor
  __atomic_is_lock_free __atomic_load __atomic_load_n __atomic_nand_fetch __atomic_or_fetch __atomic_signal_fence
  __atomic_store __atomic_store_n __atomic_sub_fetch __atomic_test_and_set __atomic_thread_fence
  __atomic_xor_fetch __sync_add_and_fetch __sync_and_and_fetch __sync_bool_compare_and_swap __sync_fetch_and_add
  __sync_fetch_and_and __sync_fetch_and_nand __sync_fetch_and_or __sync_fetch_and_sub __sync_fetch_and_xor
  __sync_lock_release __sync_lock_test_and_set __sync_nand_and_fetch __sync_or_and_fetch __sync_sub_and_fetch
  __sync_synchronize __sync_val_compare_and_swap __sync_xor_and_fetch
`);

/** Attributes of standard C, which answer with the date of their wording. */
const STANDARD_ATTRIBUTES = new Map([
  ["deprecated", 201904],
  ["fallthrough", 201904],
  ["maybe_unused", 201904],
  ["nodiscard", 202003],
]);

/** What __has_attribute says of a name, the underscores around it taken off. */
export function hasGccAttribute(name: string, isX86: boolean): number {
  const date = STANDARD_ATTRIBUTES.get(name);
  if (date !== undefined) return date;
  return ATTRIBUTES.has(name) || (isX86 && X86_ATTRIBUTES.has(name)) ? 1 : 0;
}

/** What __has_builtin says of a name. */
export function hasGccBuiltin(name: string, isX86: boolean): number {
  return isGccBuiltin(name, isX86) ? 1 : 0;
}

function isGccBuiltin(name: string, isX86: boolean): boolean {
  if (/^__(?:atomic|sync)_/.test(name)) return ATOMICS.has(name.replace(/_(?:1|2|4|8|16)$/, ""));
  if (isX86 && name.startsWith("__builtin_ia32_")) return true;
  const base = name.replace(/^__builtin_/, "");
  if (FUNCTIONS.has(base)) return true;
  if (base !== name && BUILTINS.has(base)) return true;
  // Functions of the mathematics library are there for each floating type, named by a suffix.
  const floating = base.replace(/(?:f|l|d(?:32|64|128)|f(?:16|32|64|128)x?)$/, "");
  return floating !== base && (FUNCTIONS.has(floating) || (base !== name && BUILTINS.has(floating)));
}
