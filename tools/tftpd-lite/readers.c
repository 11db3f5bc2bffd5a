#include "config.h"

#include "tools/tftpd-lite/readers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <unistd.h>

#define STACK_OCTETS (128 << 10)
#define READ_OCTETS (16 << 10)

struct job {
	STAILQ_ENTRY(job) next;
	int fd, error;
	dev_t device;
	uint64_t offset, len;
	void *tag;
};

STAILQ_HEAD(jobs, job);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static struct jobs waiting = STAILQ_HEAD_INITIALIZER(waiting);
static struct jobs done = STAILQ_HEAD_INITIALIZER(done);
static const struct job *at_work[READERS_MAX];
static unsigned threads, idle;
static int told = -1;

int readers_begin(void)
{
	if (told < 0)
		told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return told;
}

static bool may_begin(const struct job *job)
{
	unsigned same = 0;

	for (unsigned i = 0; i < READERS_MAX; i++)
		same += at_work[i] && at_work[i]->device == job->device;
	return same < READERS_DEVICE;
}

static struct job *next_job(void)
{
	struct job *job;

	STAILQ_FOREACH(job, &waiting, next)
	if (may_begin(job))
		return job;
	return NULL;
}

/* What the file is now is asked for, too: later on only what is known already is. */
static int read_part(const struct job *job)
{
	uint64_t at = job->offset, end = at + job->len;
	char octets[READ_OCTETS];
	struct stat st;
	ssize_t len = fstat(job->fd, &st) < 0 ? -1 : 1;

	while (len > 0 && at < end) {
		size_t want = end - at < sizeof(octets) ? end - at : sizeof(octets);

		len = pread(job->fd, octets, want, (off_t)at);
		if (len > 0)
			at += (uint64_t)len;
	}
	return len < 0 ? errno : 0;
}

static void tell(void)
{
	const uint64_t one = 1;

	/* It can only fail by being told more often than anybody counts. */
	if (write(told, &one, sizeof(one)) < 0)
		return;
}

static void work_on(struct job *job, const struct job **mine)
{
	STAILQ_REMOVE(&waiting, job, job, next);
	*mine = job;
	pthread_mutex_unlock(&lock);
	job->error = read_part(job);
	pthread_mutex_lock(&lock);
	*mine = NULL;
	STAILQ_INSERT_TAIL(&done, job, next);
	tell();
	/* One that had to wait for this device may begin. */
	pthread_cond_signal(&more);
}

static void *thread(void *mine)
{
	struct job *job;

	pthread_mutex_lock(&lock);
	for (;;) {
		while (!(job = next_job())) {
			idle++;
			pthread_cond_wait(&more, &lock);
			idle--;
		}
		work_on(job, mine);
	}
	return NULL;
}

/* It takes no signal: those are for the loop. */
static bool begin_thread(void)
{
	pthread_attr_t how;
	sigset_t all, before;
	pthread_t id;
	int error;

	if (pthread_attr_init(&how) != 0)
		return false;
	pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&how, STACK_OCTETS);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	error = pthread_create(&id, &how, thread, &at_work[threads]);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&how);
	threads += error == 0;
	return error == 0;
}

bool readers_ask(int fd, dev_t device, uint64_t offset, uint64_t len, void *tag)
{
	struct job *job = malloc(sizeof(*job));
	bool good;

	if (!job)
		return false;
	*job = (struct job){
		.fd = fd, .device = device, .offset = offset, .len = len, .tag = tag
	};
	pthread_mutex_lock(&lock);
	if (!idle && threads < READERS_MAX)
		begin_thread();
	good = threads > 0;
	if (good)
		STAILQ_INSERT_TAIL(&waiting, job, next);
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
	if (!good)
		free(job);
	return good;
}

void *readers_done(int *error)
{
	struct job *job;
	void *tag;

	pthread_mutex_lock(&lock);
	job = STAILQ_FIRST(&done);
	if (job)
		STAILQ_REMOVE_HEAD(&done, next);
	pthread_mutex_unlock(&lock);
	if (!job)
		return NULL;
	*error = job->error;
	tag = job->tag;
	free(job);
	return tag;
}
