/*
 * boot_face - what machines may ask: scripts, the files of their job, reports,
 * disks, images.  bootweb(8) documents each of them.
 */
#pragma once

#include "lib/serve/serve.h"
#include "tools/bootweb/site.h"
#include "tools/bootweb/web.h"

extern const struct face boot_face;

/* boot.c: what iPXE runs */
enum MHD_Result boot_entry(struct web_request *request);
enum MHD_Result boot_machine(struct web_request *request);

/* job.c: under a job's token */
enum MHD_Result job_artefact(struct web_request *request);
enum MHD_Result job_report(struct web_request *request);
enum MHD_Result job_disks(struct web_request *request);

/* files.c: what lies on the disk */
enum MHD_Result files_images(struct web_request *request);
enum MHD_Result files_deploy(struct web_request *request);
enum MHD_Result files_loader(struct web_request *request);
void files_done(struct web_request *request, bool whole);

/* health.c */
enum MHD_Result health(struct web_request *request);

/* For what rests on a token: the database and the key, or there is nothing to leave. */
bool enter_with_key(struct web_request *request, struct site_visit *visit);

/* The site cannot do it now, and the machine should ask again. */
enum MHD_Result unavailable(struct web_request *request);

/* A job's names in an event. */
void describe_job(struct event *ev, const struct serve_answer *answer);
