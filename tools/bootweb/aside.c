#include "config.h"

#include "tools/bootweb/aside.h"

#include <pthread.h>

#define MOST 8

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static unsigned running;

static bool take_place(void)
{
	bool room;

	pthread_mutex_lock(&lock);
	room = running < MOST;
	running += room;
	pthread_mutex_unlock(&lock);
	return room;
}

/* An answer that was not made is none: aside_end() closes the connection. */
static void *work(void *arg)
{
	struct web_request *r = arg;

	r->route->answer(r);
	MHD_resume_connection(r->connection);
	pthread_mutex_lock(&lock);
	running--;
	pthread_cond_broadcast(&ended);
	pthread_mutex_unlock(&lock);
	return NULL;
}

bool aside_begin(struct web_request *r)
{
	pthread_t thread;

	if (!take_place())
		return false;
	r->aside = WEB_ASIDE_WORKS;
	MHD_suspend_connection(r->connection);
	if (pthread_create(&thread, NULL, work, r) == 0)
		pthread_detach(thread);
	else
		work(r);
	return true;
}

enum MHD_Result aside_keep(struct web_request *r, unsigned status,
			   struct MHD_Response *response)
{
	r->kept = response;
	r->kept_status = status;
	return MHD_YES;
}

enum MHD_Result aside_end(struct web_request *r)
{
	struct MHD_Response *response = r->kept;

	r->aside = WEB_ASIDE_ENDED;
	r->kept = NULL;
	return response ? web_queue(r, r->kept_status, response) : MHD_NO;
}

void aside_wait(void)
{
	pthread_mutex_lock(&lock);
	while (running > 0)
		pthread_cond_wait(&ended, &lock);
	pthread_mutex_unlock(&lock);
}
