/*
 * ready - a folder from which a boot.wim can be booted as it is.
 *
 *	boot.wim	what was built
 *	wimboot		from the loaders (imgctl loader add)
 *	BCD, boot.sdi	out of the boot.wim, else from the media it lies among
 *	efi/BCD		the same for Microsoft's own loader
 *	bootmgr.exe, bootmgfw.efi, bootmgfw_EX.efi, boot.stl, fonts/
 *	boot.ipxe	starts it
 *	SHA256SUMS	of all these
 *
 * Errors  the functions end the program with what failed.
 */
#pragma once

#include "tools/wimprep/build.h"

/* Before anything is built: the folder and wimboot; a file's output lies in there. */
void ready_begin(struct build *b);

/* Lays out what is not there yet, or differs, and says which it was. */
void ready_lay_out(const struct build *b);
