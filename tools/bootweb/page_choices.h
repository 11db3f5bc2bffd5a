/*
 * page_choices - what a field of the form of a job may be: images, devices, names of
 * pxekit.conf.
 */
#pragma once

#include "tools/bootweb/page.h"

/* Whether nothing but the choices can be meant. */
bool choices_are_all(const char *name);

/* Puts them into a field's view; what was typed is among them in any case. */
void choices_put(struct page *page, struct view *field, const char *name,
		 const char *value);
