#include "lib/wire/arch.h"

#include <stddef.h>

static const struct arch table[] = {
	{ 0, 0, false, false, "x86 BIOS" },
	{ 1, 1, false, false, "NEC PC-98" },
	{ 2, 2, false, true, "Itanium" },
	{ 3, 3, false, false, "Alpha" },
	{ 4, 4, false, false, "Arc x86" },
	{ 5, 5, false, false, "Intel Lean Client" },
	{ 6, 6, false, true, "x86 UEFI" },
	{ 7, 7, false, true, "x64 UEFI" },
	{ 8, 8, false, true, "XScale UEFI" },
	{ 9, 7, false, true, "x64 UEFI (EBC)" },
	{ 10, 10, false, true, "ARM32 UEFI" },
	{ 11, 11, false, true, "ARM64 UEFI" },
	{ 12, 12, false, false, "PowerPC Open Firmware" },
	{ 13, 13, false, false, "PowerPC ePAPR" },
	{ 14, 14, false, false, "POWER OPAL" },
	{ 15, 6, true, true, "x86 UEFI HTTP" },
	{ 16, 7, true, true, "x64 UEFI HTTP" },
	{ 17, 7, true, true, "EBC HTTP" },
	{ 18, 10, true, true, "ARM32 UEFI HTTP" },
	{ 19, 11, true, true, "ARM64 UEFI HTTP" },
	{ 20, 0, true, false, "x86 BIOS HTTP" },
	{ 21, 21, false, false, "ARM32 U-Boot" },
	{ 22, 22, false, false, "ARM64 U-Boot" },
	{ 23, 21, true, false, "ARM32 U-Boot HTTP" },
	{ 24, 22, true, false, "ARM64 U-Boot HTTP" },
	{ 25, 25, false, true, "RISC-V 32 UEFI" },
	{ 26, 25, true, true, "RISC-V 32 UEFI HTTP" },
	{ 27, 27, false, true, "RISC-V 64 UEFI" },
	{ 28, 27, true, true, "RISC-V 64 UEFI HTTP" },
	{ 29, 29, false, true, "RISC-V 128 UEFI" },
	{ 30, 29, true, true, "RISC-V 128 UEFI HTTP" },
	{ 31, 31, false, false, "s390 basic" },
	{ 32, 32, false, false, "s390 extended" },
	{ 33, 33, false, true, "MIPS32 UEFI" },
	{ 34, 34, false, true, "MIPS64 UEFI" },
	{ 35, 35, false, true, "Sunway 32 UEFI" },
	{ 36, 36, false, true, "Sunway 64 UEFI" },
	{ 37, 37, false, true, "LoongArch32 UEFI" },
	{ 38, 37, true, true, "LoongArch32 UEFI HTTP" },
	{ 39, 39, false, true, "LoongArch64 UEFI" },
	{ 40, 39, true, true, "LoongArch64 UEFI HTTP" },
	{ 41, 41, false, false, "ARM rpiboot" },
};

const struct arch *arch_find(unsigned number)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].number == number)
			return &table[i];
	return NULL;
}

unsigned arch_plain(unsigned number)
{
	const struct arch *arch = arch_find(number);

	return arch ? arch->plain : number;
}

bool arch_is_efi(unsigned number)
{
	const struct arch *arch = arch_find(number);

	return !arch || arch->efi;
}
