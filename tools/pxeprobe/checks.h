/*
 * checks - one question to the facts each; judge's table has their names.
 *
 * True if the fault is there; then detail says where.
 */
#pragma once

#include "tools/pxeprobe/judge.h"

/* checks_net.c: who answers, and what */
bool check_wrong_interface(const struct facts *f, struct detail *detail);
bool check_interface_down(const struct facts *f, struct detail *detail);
bool check_no_carrier(const struct facts *f, struct detail *detail);
bool check_no_answer(const struct facts *f, struct detail *detail);
bool check_no_dhcp(const struct facts *f, struct detail *detail);
bool check_no_proxy(const struct facts *f, struct detail *detail);
bool check_dhcp_says_pxeclient(const struct facts *f, struct detail *detail);
bool check_pxe_options_from_dhcp(const struct facts *f, struct detail *detail);
bool check_two_proxies(const struct facts *f, struct detail *detail);
bool check_two_dhcp(const struct facts *f, struct detail *detail);
bool check_other_subnet(const struct facts *f, struct detail *detail);
bool check_broken_answer(const struct facts *f, struct detail *detail);
bool check_unheard_offer(const struct facts *f, struct detail *detail);
bool check_4011_silent(const struct facts *f, struct detail *detail);
bool check_no_file(const struct facts *f, struct detail *detail);
bool check_wrong_protocol(const struct facts *f, struct detail *detail);
bool check_slow_answer(const struct facts *f, struct detail *detail);
bool check_local_boot(const struct facts *f, struct detail *detail);
bool check_not_served(const struct facts *f, struct detail *detail);
bool check_no_address(const struct facts *f, struct detail *detail);

/* checks_file.c: what can be fetched */
bool check_next_server(const struct facts *f, struct detail *detail);
bool check_file_missing(const struct facts *f, struct detail *detail);
bool check_file_refused(const struct facts *f, struct detail *detail);
bool check_transfer_cut(const struct facts *f, struct detail *detail);
bool check_loader_loop(const struct facts *f, struct detail *detail);
bool check_no_script(const struct facts *f, struct detail *detail);
bool check_script_missing(const struct facts *f, struct detail *detail);
bool check_script_unreachable(const struct facts *f, struct detail *detail);
bool check_script_refused(const struct facts *f, struct detail *detail);
bool check_not_a_script(const struct facts *f, struct detail *detail);
bool check_file_unreachable(const struct facts *f, struct detail *detail);
bool check_checksum_wrong(const struct facts *f, struct detail *detail);
bool check_slow_file(const struct facts *f, struct detail *detail);
bool check_no_manifest(const struct facts *f, struct detail *detail);
bool check_not_looked_at(const struct facts *f, struct detail *detail);

/* Adds to the list that a detail is, unless it stands there already. */
void detail_add(struct detail *d, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* A.B.C.D */
#define ADDRESS_TEXT 16
void address_text(uint32_t address, char out[static ADDRESS_TEXT]);

/* "x64 UEFI (7)", "iPXE" */
#define CLIENT_TEXT 48
void client_text(const struct client *c, char out[static CLIENT_TEXT]);
