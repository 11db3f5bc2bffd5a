/*
 * setting_check - what a value of each kind of setting may be.
 *
 * For the table in setting.c and its tests; everybody else asks
 * setting_check().
 *
 * Errors  false and one sentence in why, without the value: it may be secret.
 * Source  RFC 1123 section 2.1 (host names), crypt(5), useradd(8);
 *         setting_windows.c names what Windows documents.
 */
#pragma once

#include "lib/core/setting.h"

bool setting_refuse(char why[static SETTING_WHY], const char *reason);
bool setting_has_only(const char *value, const char *allowed);

bool setting_is_line(const char *value, char why[static SETTING_WHY]);
bool setting_is_word(const char *value, char why[static SETTING_WHY]);
bool setting_is_flag(const char *value, char why[static SETTING_WHY]);
bool setting_is_hostname(const char *value, char why[static SETTING_WHY]);
bool setting_is_address(const char *value, char why[static SETTING_WHY]);
bool setting_is_cidr(const char *value, char why[static SETTING_WHY]);
bool setting_is_user(const char *value, char why[static SETTING_WHY]);
bool setting_is_crypt(const char *value, char why[static SETTING_WHY]);
bool setting_is_ssh_key(const char *value, char why[static SETTING_WHY]);
bool setting_is_disk_rule(const char *value, char why[static SETTING_WHY]);
bool setting_is_url(const char *value, char why[static SETTING_WHY]);
bool setting_is_sha256(const char *value, char why[static SETTING_WHY]);
bool setting_is_timezone(const char *value, char why[static SETTING_WHY]);

/* ---- setting_windows.c ---- */

bool setting_is_password(const char *value, char why[static SETTING_WHY]);
bool setting_is_account(const char *value, char why[static SETTING_WHY]);
bool setting_is_ou(const char *value, char why[static SETTING_WHY]);
bool setting_is_join_blob(const char *value, char why[static SETTING_WHY]);
bool setting_is_product_key(const char *value, char why[static SETTING_WHY]);
bool setting_is_command(const char *value, char why[static SETTING_WHY]);
bool setting_is_feature(const char *value, char why[static SETTING_WHY]);
bool setting_is_bypass(const char *value, char why[static SETTING_WHY]);
bool setting_is_transport(const char *value, char why[static SETTING_WHY]);
