#include "config.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tools/wimprep/payload.h"
#include "tools/wimprep/verify.h"

#define SCRIPT_LARGEST (1 << 20)
#define STARTNET "/Windows/System32/startnet.cmd"
#define WINPESHL "/Windows/System32/winpeshl.ini"
#define CURL "/Windows/System32/curl.exe"

static char *script(struct verify *v, const char *check, const char *path)
{
	char why[WIM_WHY], *text;
	size_t len;

	text = wim_read(v->wim, v->image, path, v->scratch, SCRIPT_LARGEST, &len, why);
	if (!text)
		verify_say(v, check, VERIFY_FAILED, "%s", why);
	return text;
}

/* A lone LF: labels and blocks are lost to cmd.exe now and then. */
static bool has_lone_lf(const char *text)
{
	for (const char *p = strchr(text, '\n'); p; p = strchr(p + 1, '\n'))
		if (p == text || p[-1] != '\r')
			return true;
	return false;
}

void verify_startnet(struct verify *v)
{
	char *text;

	if (!wim_find(v->wim, v->image, STARTNET, NULL)) {
		verify_say(v, "startnet", VERIFY_FAILED,
			   "there is no startnet.cmd: Windows PE would do nothing");
		return;
	}
	text = script(v, "startnet", STARTNET);
	if (!text)
		return;
	if (!strcasestr(text, "wpeinit"))
		verify_say(v, "startnet", VERIFY_FAILED,
			   "startnet.cmd does not call wpeinit: there is no network");
	else if (has_lone_lf(text))
		verify_say(v, "startnet", VERIFY_WARNING,
			   "startnet.cmd has lines without CR, which cmd.exe may lose");
	else if (!strcasestr(text, "install.cmd"))
		verify_say(v, "startnet", VERIFY_WARNING,
			   "startnet.cmd does not call a job's install.cmd: it comes by "
			   "another way, or not at all");
	else
		verify_say(v, "startnet", VERIFY_OK, "starts the network and the job");
	free(text);
}

/* ---- winpeshl.ini ---- */

void verify_winpeshl(struct verify *v)
{
	bool setup = wim_find(v->wim, v->image, "/setup.exe", NULL);
	const char *wrong;
	char *text;

	if (!wim_find(v->wim, v->image, WINPESHL, NULL)) {
		if (setup)
			verify_say(v, "winpeshl", VERIFY_FAILED,
				   "there is no winpeshl.ini, and X:\\setup.exe starts "
				   "before startnet.cmd does");
		else
			verify_say(v, "winpeshl", VERIFY_OK,
				   "none, and none is needed: startnet.cmd is started");
		return;
	}
	text = script(v, "winpeshl", WINPESHL);
	if (!text)
		return;
	wrong = verify_launch(text);
	verify_say(v, "winpeshl", wrong ? VERIFY_FAILED : VERIFY_OK, "%s",
		   wrong ? wrong : "starts a program");
	free(text);
}

void verify_curl(struct verify *v)
{
	struct wim_entry e;

	if (wim_find(v->wim, v->image, CURL, &e) && !e.folder && e.size > 0)
		verify_say(v, "curl", VERIFY_OK, "curl.exe, %llu octets",
			   (unsigned long long)e.size);
	else
		verify_say(v, "curl", VERIFY_WARNING,
			   "no curl.exe: an image cannot be fetched by HTTP; wimprep "
			   "build takes it from install.wim");
}

/* ---- the marker ---- */

static const char *first_change(struct verify *v, char *text)
{
	static char path[PATH_MAX];
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")))
		if (!payload_line_holds(v->wim, v->image, line)) {
			snprintf(path, sizeof(path), "%s",
				 strlen(line) > 42 ? line + 42 : line);
			return path;
		}
	return NULL;
}

void verify_marker(struct verify *v)
{
	const char *changed;
	char *text;

	if (!wim_find(v->wim, v->image, PAYLOAD_MARKER, NULL)) {
		verify_say(v, "prepared", VERIFY_WARNING, "not by wimprep build");
		return;
	}
	text = script(v, "prepared", PAYLOAD_MARKER);
	if (!text)
		return;
	changed = first_change(v, text);
	if (changed)
		verify_say(v, "prepared", VERIFY_FAILED,
			   "by wimprep, but %s was changed or taken away since", changed);
	else
		verify_say(v, "prepared", VERIFY_OK, "by wimprep, and not changed since");
	free(text);
}
