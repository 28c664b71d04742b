/** A kernel tree in the fixture language, for fixes that ask how files are built. */

/** The parts of Kbuild that decide what is linked with what, as scripts/link-vmlinux.sh and the top Makefile have them. */
export const KERNEL = `//- /Makefile
SRCARCH := $(ARCH)
export SRCARCH
libs-y := lib/
include $(srctree)/arch/$(SRCARCH)/Makefile
export ARCH_LIB := $(filter %/, $(libs-y))
KBUILD_VMLINUX_OBJS := ./built-in.a
KBUILD_VMLINUX_LIBS := $(patsubst %/, %/lib.a, $(libs-y))
all: vmlinux modules
PHONY += all vmlinux modules vmlinux_o
vmlinux: vmlinux.o
	$(Q)link $@
vmlinux.o: vmlinux_o
vmlinux_o: vmlinux.a $(KBUILD_VMLINUX_LIBS)
vmlinux.a: $(KBUILD_VMLINUX_OBJS)
$(KBUILD_VMLINUX_OBJS) $(KBUILD_VMLINUX_LIBS): . ;
modules: .
.:
	$(Q)$(MAKE) $(build)=$@ need-builtin=1 need-modorder=1
//- /Kbuild
obj-y += kernel/ drivers/
obj-y += arch/$(SRCARCH)/
obj-y += $(ARCH_LIB)
//- /Kconfig
source "arch/$(SRCARCH)/Kconfig"
config EFI
	bool "EFI"
config TABLES
	bool "tables"
config DRIVER
	tristate "driver"
//- /scripts/Makefile.build
# builds
//- /arch/x86/Makefile
BITS := 64
//- /arch/x86/Kbuild
obj-y += kernel/
//- /arch/x86/Kconfig
config X86
	def_bool y
//- /arch/x86/kernel/Makefile
obj-$(CONFIG_EFI) += efi.o
`;
