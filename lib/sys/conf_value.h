/*
 * conf_value - the values that pxekit.conf may hold, one check per kind.
 *
 * Units   addresses and masks are in host byte order.
 * Errors  false and one sentence in why; it goes on after "server '1.2.3' ".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/core/setting.h"

#define CONF_WHY 192
#define CONF_SETTING_KEY 48

bool conf_value_address(const char *value, uint32_t *out);

/* 0.0.0.0/0 up to /32; octets behind the prefix must be 0. */
bool conf_value_cidr(const char *value, uint32_t *subnet, uint32_t *mask,
		     char why[static CONF_WHY]);

/* A MAC address or its first octets, like 52:54:00; how many octets, 0 for neither. */
uint8_t conf_value_mac(const char *value, uint8_t octet[static 6]);

/* DHCP option 93 and counts: decimal digits up to most. */
bool conf_value_number(const char *value, unsigned most, unsigned *out);

/* The key of a profile for it: NAME, or NAME-file where pxekit.conf is no place for it.
 */
void conf_setting_key(const struct setting_def *def, char out[static CONF_SETTING_KEY]);

/* Octets a second: up to 9 digits, and k, M or G for thousands of each other. */
bool conf_value_rate(const char *value, uint64_t *out);

/* Of the sections role and admin: who, what, and a front server's fields. */
bool conf_value_person(const char *value, char why[static CONF_WHY]);
bool conf_value_right(const char *value, char why[static CONF_WHY]);
bool conf_value_field_name(const char *value, char why[static CONF_WHY]);
bool conf_value_minutes(const char *value, char why[static CONF_WHY]);

/* Of the section menu. */
bool conf_value_title(const char *value, char why[static CONF_WHY]);
bool conf_value_image(const char *value, char why[static CONF_WHY]);
bool conf_value_firmware(const char *value, char why[static CONF_WHY]);
bool conf_value_uuid(const char *value, char why[static CONF_WHY]);

/*
 * Checks value as key (of section "root", "network", "loader", "platform",
 * "machine", "alias" or "profile") wants it.
 */
bool conf_value_check(const char *section, const char *key, const char *value,
		      char why[static CONF_WHY]);

/* A while as duration_parse() reads it; what jobctl sweep does. */
bool conf_value_duration(const char *value, char why[static CONF_WHY]);
bool conf_value_timeout(const char *value, char why[static CONF_WHY]); /* 1 s to 1 h */
bool conf_value_yes_or_no(const char *value, char why[static CONF_WHY]);
bool conf_value_sweep_action(const char *value, char why[static CONF_WHY]);
