#include "config.h"

#include "lib/media/driver_install.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAME 1024 /* room for a section's name with what we put behind it */
#define INSTALLS_MOST 4096
#define DEPTH_MOST 8
#define FILES_MOST 16384
#define LOOKS_MOST 1000000000 /* no honest INF makes us look so often: a second */

/* An install section while its files are collected. */
struct job {
	struct driver_reading *r;
	enum driver_arch arch;
	char *(*path)[2]; /* path, destination */
	uint32_t *hash;   /* of the path, in either case */
	size_t count;
	unsigned score;
};

/* Undecorated models are those of x86. */
static const char *suffix(enum driver_arch arch)
{
	return driver_arch_name(arch == DRIVER_ANY_ARCH ? DRIVER_X86 : arch);
}

/* section.ntamd64, else section.nt, else section. */
static void decorated(const struct job *job, const char *section, char out[static NAME])
{
	snprintf(out, NAME, "%.500s.nt%s", section, suffix(job->arch));
	if (inf_has_section(job->r->inf, out))
		return;
	snprintf(out, NAME, "%.500s.nt", section);
	if (!inf_has_section(job->r->inf, out))
		snprintf(out, NAME, "%.500s", section);
}

/* The line of key in section.amd64, else in section. */
static enum inf_next by_arch(struct job *job, const char *section, const char *key,
			     struct inf_fields *out, uint32_t *line)
{
	struct inf_cursor at = { 0 };
	char name[NAME];
	enum inf_next next;

	snprintf(name, sizeof(name), "%s.%s", section, suffix(job->arch));
	next = inf_next(job->r->inf, name, key, &at, out, job->r->why);
	if (next == INF_END) {
		at = (struct inf_cursor){ 0 };
		next = inf_next(job->r->inf, section, key, &at, out, job->r->why);
	}
	*line = at.line;
	return next;
}

/*
 * Adds a Windows path to path, which begins with no slash and ends without one.
 * False if it climbs, names a drive or is too long.
 */
static bool append(char path[static NAME], const char *more)
{
	size_t have = strlen(path);

	while (*more) {
		size_t len = strcspn(more, "\\/");

		if ((len == 2 && memcmp(more, "..", 2) == 0) || memchr(more, ':', len) ||
		    have + len + 2 > NAME)
			return false;
		if (len > 0 && !(len == 1 && *more == '.')) {
			if (have > 0)
				path[have++] = '/';
			memcpy(path + have, more, len);
			have += len;
			path[have] = '\0';
		}
		more += len;
		more += strspn(more, "\\/");
	}
	return true;
}

/* Where the file lies below the folder of the INF: the disc's path, the subdir, the name.
 */
static bool locate(struct job *job, uint32_t line, const char *file,
		   char path[static NAME])
{
	struct inf_fields fields;
	uint32_t here = line;
	char subdir[NAME] = "", disk[64];
	enum inf_next next;

	*path = '\0';
	next = by_arch(job, "SourceDisksFiles", file, &fields, &here);
	if (next == INF_LINE && fields.key) {
		snprintf(subdir, sizeof(subdir), "%.1000s", inf_field(&fields, 1));
		snprintf(disk, sizeof(disk), "%.63s", inf_field(&fields, 0));
		next = by_arch(job, "SourceDisksNames", disk, &fields, &here);
		if (next == INF_LINE && !append(path, inf_field(&fields, 3)))
			return driver_complain(job->r, here,
					       "the path leaves the package's folder");
	}
	if (next == INF_BAD)
		return false;
	if (!append(path, subdir) || !append(path, file) || !*path)
		return driver_complain(job->r, line,
				       "the path of a file leaves the package's folder");
	return true;
}

/* FNV-1a */
static uint32_t hash_of(const char *path)
{
	uint32_t h = 0x811c9dc5;

	for (; *path; path++)
		h = (h ^ (uint32_t)tolower((unsigned char)*path)) * 0x1000193;
	return h;
}

static bool grow(struct job *job)
{
	size_t room = job->count ? job->count * 2 : 1;
	char *(*path)[2];
	uint32_t *hash;

	if (job->count & (job->count - 1))
		return true;
	path = realloc(job->path, room * sizeof(*path));
	if (path)
		job->path = path;
	hash = realloc(job->hash, room * sizeof(*hash));
	if (hash)
		job->hash = hash;
	return path && hash;
}

static bool add_file(struct job *job, uint32_t line, const char *path,
		     const char *destination)
{
	uint32_t hash = hash_of(path);

	job->r->looks += job->count;
	if (job->r->looks > LOOKS_MOST)
		return driver_complain(job->r, line, "names files too often");
	for (size_t i = 0; i < job->count; i++)
		if (job->hash[i] == hash && strcasecmp(job->path[i][0], path) == 0)
			return true;
	if (job->count == FILES_MOST)
		return driver_complain(job->r, line, "brings more than 16384 files");
	if (!grow(job))
		return false;
	job->hash[job->count] = hash;
	job->path[job->count][0] = strdup(path);
	job->path[job->count][1] = strdup(destination);
	job->count++;
	return job->path[job->count - 1][0] && job->path[job->count - 1][1];
}

/* DestinationDirs: "13" or "11,sub\folder". */
static bool destination(struct job *job, const char *section, char out[static NAME])
{
	struct inf_fields fields;
	struct inf_cursor at = { 0 };
	enum inf_next next = INF_END;

	*out = '\0';
	if (section)
		next = inf_next(job->r->inf, "DestinationDirs", section, &at, &fields,
				job->r->why);
	if (next == INF_END) {
		at = (struct inf_cursor){ 0 };
		next = inf_next(job->r->inf, "DestinationDirs", "DefaultDestDir", &at,
				&fields, job->r->why);
	}
	if (next == INF_LINE && fields.key)
		snprintf(out, NAME, "%.20s%s%.900s", inf_field(&fields, 0),
			 *inf_field(&fields, 1) ? "," : "", inf_field(&fields, 1));
	return next != INF_BAD;
}

static bool copy_file(struct job *job, uint32_t line, const char *file, const char *where)
{
	char path[NAME];

	return locate(job, line, file, path) && add_file(job, line, path, where);
}

/* destination-name[, source-name] */
static bool copy_section(struct job *job, const char *section)
{
	struct inf_fields fields;
	struct inf_cursor at = { 0 };
	char where[NAME];
	enum inf_next next;

	if (!destination(job, section, where))
		return false;
	while ((next = inf_next(job->r->inf, section, NULL, &at, &fields, job->r->why)) ==
	       INF_LINE) {
		const char *to = inf_field(&fields, 0), *from = inf_field(&fields, 1);

		if (*to && !copy_file(job, at.line, *from ? from : to, where))
			return false;
	}
	return next == INF_END;
}

/* CopyFiles = @file, section, ... */
static bool copy_line(struct job *job, uint32_t line, const struct inf_fields *fields)
{
	char where[NAME];

	for (size_t i = 0; i < fields->count; i++) {
		const char *what = fields->field[i];

		if (*what == '@') {
			if (!destination(job, NULL, where) ||
			    !copy_file(job, line, what + 1, where))
				return false;
		} else if (*what && !copy_section(job, what)) {
			return false;
		}
	}
	return true;
}

static bool copy_infs(struct job *job, const struct inf_fields *fields, uint32_t line)
{
	for (size_t i = 0; i < fields->count; i++) {
		if (strpbrk(fields->field[i], "\\/"))
			return driver_complain(job->r, line, "CopyINF names a folder");
		if (*fields->field[i]) {
			putc('Y', job->r->record);
			driver_put(job->r, fields->field[i]);
			putc('\n', job->r->record);
		}
	}
	return true;
}

/*
 * A program or a driver that is run from where the package lies (%13%) is part of
 * it, even if no CopyFiles says so.
 */
static bool binary(struct job *job, uint32_t line, const char *path)
{
	if (strncasecmp(path, "%13%\\", 5) != 0)
		return true;
	path += 5;
	for (size_t i = 0; i < job->count; i++) {
		const char *slash = strrchr(job->path[i][0], '/');
		const char *want = strrchr(path, '\\');

		if (strcasecmp(slash ? slash + 1 : job->path[i][0],
			       want ? want + 1 : path) == 0)
			return true;
	}
	return copy_file(job, line, path, "13");
}

/* section.Services: AddService = name, flags, section with the binary, and its like. */
static bool binaries(struct job *job, const char *section, const char *key, size_t field,
		     const char *what)
{
	struct inf_fields *fields = malloc(2 * sizeof(*fields));
	struct inf_cursor at = { 0 }, in;
	enum inf_next next = INF_BAD, got = INF_END;

	while (fields && (next = inf_next(job->r->inf, section, key, &at, &fields[0],
					  job->r->why)) == INF_LINE) {
		in = (struct inf_cursor){ 0 };
		got = inf_next(job->r->inf, inf_field(&fields[0], field), what, &in,
			       &fields[1], job->r->why);
		if (got == INF_BAD ||
		    (got == INF_LINE && !binary(job, in.line, inf_field(&fields[1], 0))))
			break;
	}
	free(fields);
	return next == INF_END;
}

static bool collect(struct job *job, const char *section, unsigned depth);

/* Needs = section, ...: of this INF, or of one that Windows has itself. */
static bool needs(struct job *job, const struct inf_fields *fields, uint32_t line,
		  unsigned depth)
{
	if (depth == DEPTH_MOST)
		return driver_complain(job->r, line, "Needs goes round in circles");
	for (size_t i = 0; i < fields->count; i++)
		if (inf_has_section(job->r->inf, fields->field[i]) &&
		    !collect(job, fields->field[i], depth + 1))
			return false;
	return true;
}

static bool collect_line(struct job *job, const struct inf_fields *fields, uint32_t line,
			 unsigned depth)
{
	if (!fields->key)
		return true;
	if (strcasecmp(fields->key, "CopyFiles") == 0)
		return copy_line(job, line, fields);
	if (strcasecmp(fields->key, "CopyINF") == 0)
		return copy_infs(job, fields, line);
	if (strcasecmp(fields->key, "Needs") == 0)
		return needs(job, fields, line, depth);
	if (strcasecmp(fields->key, "FeatureScore") == 0)
		job->score = (unsigned)strtoul(inf_field(fields, 0), NULL, 16) & 0xff;
	return true;
}

/* All that one section says, by itself. */
static bool collect(struct job *job, const char *section, unsigned depth)
{
	struct inf_fields *fields = malloc(sizeof(*fields));
	struct inf_cursor at = { 0 };
	enum inf_next next = INF_BAD;
	bool good = fields != NULL;

	while (good && (next = inf_next(job->r->inf, section, NULL, &at, fields,
					job->r->why)) == INF_LINE)
		good = collect_line(job, fields, at.line, depth);
	free(fields);
	return good && next == INF_END;
}

/* [section.Interfaces] AddInterface = {class}, reference, section with CopyFiles. */
static bool interfaces(struct job *job, const char *section)
{
	struct inf_fields *fields = malloc(sizeof(*fields));
	struct inf_cursor at = { 0 };
	enum inf_next next = INF_BAD;
	char name[NAME];
	bool good = fields != NULL;

	while (good && (next = inf_next(job->r->inf, section, "AddInterface", &at, fields,
					job->r->why)) == INF_LINE) {
		decorated(job, inf_field(fields, 2), name);
		good = !*inf_field(fields, 2) || collect(job, name, 1);
	}
	free(fields);
	return good && next == INF_END;
}

/* The section that counts, and those whose names go on from there. */
static bool collect_all(struct job *job, const char *section)
{
	char name[NAME], sub[NAME + 16];

	decorated(job, section, name);
	if (!collect(job, name, 0))
		return false;
	snprintf(sub, sizeof(sub), "%s.CoInstallers", name);
	if (!collect(job, sub, 0))
		return false;
	snprintf(sub, sizeof(sub), "%s.Interfaces", name);
	if (!interfaces(job, sub))
		return false;
	snprintf(sub, sizeof(sub), "%s.Services", name);
	if (!binaries(job, sub, "AddService", 2, "ServiceBinary"))
		return false;
	snprintf(sub, sizeof(sub), "%s.Software", name);
	return binaries(job, sub, "AddSoftware", 2, "SoftwareBinary");
}

static bool put_install(struct job *job, const char *section)
{
	struct driver_reading *r = job->r;
	struct driver_known *grown =
		realloc(r->known, (r->count + 1) * sizeof(*r->known));

	if (!grown)
		return false;
	r->known = grown;
	r->known[r->count] = (struct driver_known){ strdup(section), job->arch };
	if (!r->known[r->count].section)
		return false;
	r->count++;
	fprintf(r->record, "I\t%u\t%u", (unsigned)job->arch, job->score);
	driver_put(r, section);
	putc('\n', r->record);
	for (size_t i = 0; i < job->count; i++) {
		putc('F', r->record);
		driver_put(r, job->path[i][0]);
		driver_put(r, job->path[i][1]);
		putc('\n', r->record);
	}
	return true;
}

bool driver_install(struct driver_reading *r, const char *section, enum driver_arch arch,
		    size_t *index)
{
	struct job job = { .r = r, .arch = arch, .score = 255 };
	bool good;

	for (*index = r->count; (*index)-- > 0;)
		if (r->known[*index].arch == arch &&
		    strcasecmp(r->known[*index].section, section) == 0)
			return true;
	*index = r->count;
	if (r->count == INSTALLS_MOST)
		return driver_complain(r, 0, "has more than 4096 install sections");
	good = collect_all(&job, section) && put_install(&job, section);
	for (size_t i = 0; i < job.count; i++) {
		free(job.path[i][0]);
		free(job.path[i][1]);
	}
	free(job.path);
	free(job.hash);
	return good;
}
