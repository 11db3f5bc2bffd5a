/*
 * conf_standard - what a site has that says nothing else, in the grammar itself.
 */
#pragma once

#define STANDARD                                                                         \
	"network default { }\n"                                                          \
	"loader ipxe-bios { arch = { 0 } file = 'undionly.kpxe' }\n"                     \
	"loader ipxe-efi64 { arch = { 7 } file = 'snponly.efi' }\n"                      \
	"loader ipxe-arm64 { arch = { 11 } file = 'ipxe-arm64.efi' }\n"                  \
	"loader raspberry { arch = { 41 } file = 'bootcode.bin' }\n"                     \
	"loader sb-ipxe-efi64 { route = ipxe-shim arch = { 7 }\n"                        \
	" file = 'x64-sb/ipxe-shim.efi' second = 'x64-sb/ipxe.efi' }\n"                  \
	"loader sb-ipxe-arm64 { route = ipxe-shim arch = { 11 }\n"                       \
	" file = 'arm64-sb/ipxe-shim.efi' second = 'arm64-sb/ipxe.efi' }\n"              \
	"loader bootmgr-bios { route = bootmgfw arch = { 0 }\n"                          \
	" file = 'pxeboot.n12' second = 'bootmgr.exe' }\n"                               \
	"loader bootmgr-efi64 { route = bootmgfw arch = { 7 }\n"                         \
	" file = 'bootmgfw.efi' second = 'Boot/BCD' }\n"                                 \
	"loader sb-grub-efi64 { route = shim-grub arch = { 7 }\n"                        \
	" file = 'grub/shimx64.efi' second = 'grub/grubx64.efi' }\n"                     \
	"loader sb-grub-arm64 { route = shim-grub arch = { 11 }\n"                       \
	" file = 'grub/shimaa64.efi' second = 'grub/grubaa64.efi' }\n"                   \
	"loader http-efi64 { route = http arch = { 7 } file = 'snponly.efi' }\n"         \
	"loader http-arm64 { route = http arch = { 11 } file = 'ipxe-arm64.efi' }\n"     \
	"platform kvm { console = 'console=tty0 console=ttyS0,115200' }\n"               \
	"platform hyperv-gen1 { console = 'console=tty0' }\n"                            \
	"platform hyperv-gen2 { console = 'console=tty0' }\n"                            \
	"platform vmware { console = 'console=tty0' }\n"                                 \
	"platform baremetal-uefi { console = 'console=tty0' }\n"                         \
	"platform baremetal-bios { console = 'console=tty0' }\n"
