/*
 * json - texts on standard output, as JSON.
 */
#pragma once

/* Quoted; octets that are not UTF-8 become U+FFFD. */
void json_text(const char *text);
