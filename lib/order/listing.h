/*
 * listing - what jobctl and the HTTP API list besides jobs and machines, as JSON:
 * installations, figures, the audit trail, drift.
 *
 * Each writes the members of an object that the caller has opened.
 *
 * Source  jobctl(1), "JSON".
 */
#pragma once

#include "lib/core/alive.h"
#include "lib/core/jsonout.h"
#include "lib/order/drift.h"
#include "lib/order/order_sweep.h"
#include "lib/store/services.h"
#include "lib/store/store.h"

/* The member "macs" of a machine. */
void listing_macs(struct jsonout *j, struct store *store, int64_t machine);

/* record: with all of its record, which may have RECORD_LINE octets. */
void listing_install(struct jsonout *j, const struct store_install *install, bool record);

void listing_service(struct jsonout *j, const struct store_service *service,
		     enum alive_state state);
void listing_drift(struct jsonout *j, const struct drift *drift);
void listing_stat(struct jsonout *j, const struct store_stat *stat);
void listing_audit(struct jsonout *j, const struct store_audit_entry *entry);

/* A job, and what sweep did to it. */
void listing_swept(struct jsonout *j, const struct order_swept *swept);

/* The head of the chain; why NULL: it is whole. */
void listing_verdict(struct jsonout *j, const struct store_audit_head *head,
		     const char *why);
