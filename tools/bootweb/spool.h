/*
 * spool - answers that are made whole before they are sent, in a file beside the database
 * that has no name: they see one moment of it, and a slow reader keeps nobody waiting.
 *
 * Errors  spool_open() returns NULL with errno set, spool_give() answers by itself.
 * Memory  spool_give() closes the file.
 */
#pragma once

#include <stdio.h>

#include "tools/bootweb/admin_face.h"

FILE *spool_open(const struct conf *conf);

/* 200 with a file for the client to keep by that name; 507 if it could not be written. */
enum MHD_Result spool_give(struct web_request *request, FILE *spool, const char *type,
			   const char *filename);

/* What ENOSPC and the like are answered with. */
enum MHD_Result spool_failed(struct web_request *request, int error);
