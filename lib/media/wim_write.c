#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wimlib.h>

#include "lib/media/wim.h"
#include "lib/media/wim_inside.h"
#include "lib/media/wim_time.h"

#define HEADER_OCTETS 208
#define HEADER_XML 0x48
#define XML_LARGEST (16 << 20)

/* ---- changes ---- */

static bool add_one(struct wimlib_update_command *command,
		    const struct wim_change *change)
{
	*command = (struct wimlib_update_command){
		.op = WIMLIB_UPDATE_OP_ADD,
		.add = { .fs_source_path = strdup(change->from),
			 .wim_target_path = strdup(change->path),
			 .add_flags = WIMLIB_ADD_FLAG_NO_ACLS | WIMLIB_ADD_FLAG_NORPFIX },
	};
	return command->add.fs_source_path && command->add.wim_target_path;
}

static bool take_away(struct wimlib_update_command *command,
		      const struct wim_change *change)
{
	*command = (struct wimlib_update_command){
		.op = WIMLIB_UPDATE_OP_DELETE,
		.delete_ = { .wim_path = strdup(change->path),
			     .delete_flags = WIMLIB_DELETE_FLAG_FORCE |
					     WIMLIB_DELETE_FLAG_RECURSIVE },
	};
	return command->delete_.wim_path != NULL;
}

static void free_commands(struct wimlib_update_command *commands, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (commands[i].op == WIMLIB_UPDATE_OP_DELETE) {
			free(commands[i].delete_.wim_path);
			continue;
		}
		free(commands[i].add.fs_source_path);
		free(commands[i].add.wim_target_path);
	}
	free(commands);
}

bool wim_change(struct wim *w, unsigned image, const struct wim_change *change,
		size_t changes, char why[static WIM_WHY])
{
	struct wimlib_update_command *commands = calloc(changes + 1, sizeof(*commands));
	bool good = commands != NULL;
	int code;

	for (size_t i = 0; good && i < changes; i++)
		good = change[i].from ? add_one(&commands[i], &change[i])
				      : take_away(&commands[i], &change[i]);
	if (!good) {
		wim_refuse(why, "%s", strerror(errno));
	} else {
		errno = 0;
		code = wimlib_update_image(w->wim, (int)image, commands, changes, 0);
		good = !code || wim_refuse_code(why, "cannot be changed", code);
	}
	if (good)
		w->changed[image] = true;
	if (commands)
		free_commands(commands, changes);
	return good;
}

bool wim_mark(struct wim *w, unsigned boot_index, const uint8_t guid[static WIM_GUID],
	      char why[static WIM_WHY])
{
	struct wimlib_wim_info info = { .boot_index = boot_index };
	int code;

	memcpy(info.guid, guid, WIM_GUID);
	code = wimlib_set_wim_info(w->wim, &info,
				   WIMLIB_CHANGE_BOOT_INDEX | WIMLIB_CHANGE_GUID);
	if (code)
		return wim_refuse_code(why, "cannot be marked", code);
	w->facts.boot_index = boot_index;
	memcpy(w->facts.guid, guid, WIM_GUID);
	return true;
}

/* ---- the time of change ---- */

static uint64_t get_le(const uint8_t *p, size_t octets)
{
	uint64_t v = 0;

	while (octets-- > 0)
		v = v << 8 | p[octets];
	return v;
}

static bool set_times_fd(const struct wim *w, int fd, int64_t when)
{
	uint8_t header[HEADER_OCTETS], *xml;
	uint64_t size, offset;
	bool good;

	if (pread(fd, header, sizeof(header), 0) != (ssize_t)sizeof(header))
		return false;
	size = get_le(header + HEADER_XML, 7);
	offset = get_le(header + HEADER_XML + 8, 8);
	if (size > XML_LARGEST || !(xml = malloc(size + 1)))
		return false;
	good = pread(fd, xml, size, (off_t)offset) == (ssize_t)size;
	for (unsigned i = 1; good && i <= w->facts.images; i++)
		if (w->changed[i])
			good = wim_time_put(xml, size, i, when);
	if (good)
		good = pwrite(fd, xml, size, (off_t)offset) == (ssize_t)size;
	free(xml);
	return good;
}

static bool set_times(const struct wim *w, const char *path, int64_t when)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return false;
	good = set_times_fd(w, fd, when) && fsync(fd) == 0;
	return close(fd) == 0 && good;
}

/* ---- writing ---- */

struct watch {
	wim_progress *progress;
	void *arg;
};

static enum wimlib_progress_status watch(enum wimlib_progress_msg message,
					 union wimlib_progress_info *info, void *arg)
{
	const struct watch *watcher = arg;

	if (message == WIMLIB_PROGRESS_MSG_WRITE_STREAMS)
		watcher->progress(info->write_streams.completed_bytes,
				  info->write_streams.total_bytes, watcher->arg);
	if (message == WIMLIB_PROGRESS_MSG_VERIFY_STREAMS)
		watcher->progress(info->verify_streams.completed_bytes,
				  info->verify_streams.total_bytes, watcher->arg);
	return WIMLIB_PROGRESS_STATUS_CONTINUE;
}

bool wim_write(struct wim *w, const char *path, int64_t when, wim_progress *progress,
	       void *arg, char why[static WIM_WHY])
{
	struct watch watcher = { progress, arg };
	int code;

	if (progress)
		wimlib_register_progress_function(w->wim, watch, &watcher);
	errno = 0;
	code = wimlib_write(w->wim, path, WIMLIB_ALL_IMAGES,
			    WIMLIB_WRITE_FLAG_FSYNC | WIMLIB_WRITE_FLAG_RETAIN_GUID, 0);
	wimlib_register_progress_function(w->wim, NULL, NULL);
	if (code)
		return wim_refuse_code(why, "cannot be written", code);
	if (!set_times(w, path, when))
		return wim_refuse(why, "cannot be written: %s", strerror(errno));
	return true;
}

bool wim_verify(struct wim *w, wim_progress *progress, void *arg,
		char why[static WIM_WHY])
{
	struct watch watcher = { progress, arg };
	int code;

	if (progress)
		wimlib_register_progress_function(w->wim, watch, &watcher);
	code = wimlib_verify_wim(w->wim, 0);
	wimlib_register_progress_function(w->wim, NULL, NULL);
	return !code || wim_refuse_code(why, "is damaged", code);
}
