#include "config.h"

#include "lib/media/driver_record.h"

#include <stdlib.h>
#include <string.h>

#define FIELDS 10

/* How much of each there will be. */
struct counts {
	size_t installs, files, sections, models, ids, copyinfs;
};

/* A package that is being filled. */
struct loading {
	struct driver_package *package;
	struct driver_file *file;
	struct driver_model *model;
	const char **id;
	struct counts room; /* what is left of it */
};

static struct counts count(const char *record)
{
	struct counts n = { 0 };

	for (const char *p = record; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		n.installs += *p == 'I';
		n.files += *p == 'F';
		n.sections += *p == 'S';
		n.copyinfs += *p == 'Y';
		n.models += *p == 'M';
		if (*p == 'M')
			for (const char *q = p; *q && *q != '\n'; q++)
				n.ids += *q == '\t';
	}
	return n;
}

/* One block for all of it: it lives and dies together. */
static bool make_room(struct loading *l, const char *record, void **memory)
{
	struct counts n = l->room = count(record);
	struct driver_package *out = l->package;
	char *p = calloc(1, n.installs * sizeof(*out->install) +
				    n.files * sizeof(*l->file) +
				    n.sections * sizeof(*out->section) +
				    n.models * sizeof(*l->model) +
				    (n.ids + n.copyinfs) * sizeof(*l->id) + 1);

	*memory = p;
	if (!p)
		return false;
	out->install = (void *)p;
	out->section = (void *)(p += n.installs * sizeof(*out->install));
	l->model = (void *)(p += n.sections * sizeof(*out->section));
	l->file = (void *)(p += n.models * sizeof(*l->model));
	l->id = (void *)(p += n.files * sizeof(*l->file));
	out->copyinf = (void *)(p + n.ids * sizeof(*l->id));
	return true;
}

/* The next field of a line, NULL behind the last. */
static char *next_field(char **line)
{
	char *field = *line, *tab = field ? strchr(field, '\t') : NULL;

	if (tab)
		*tab++ = '\0';
	*line = tab;
	return field;
}

static bool number(char **line, unsigned most, unsigned *out)
{
	char *field = next_field(line), *end;
	unsigned long value;

	if (!field || *field < '0' || *field > '9')
		return false;
	value = strtoul(field, &end, 10);
	*out = (unsigned)value;
	return *end == '\0' && value <= most;
}

static bool text(char **line, const char **out)
{
	*out = next_field(line);
	return *out != NULL;
}

static bool load_version(struct loading *l, char *line)
{
	struct driver_package *p = l->package;

	return text(&line, &p->class) && text(&line, &p->class_guid) &&
	       text(&line, &p->provider) && text(&line, &p->date) &&
	       text(&line, &p->version);
}

static bool load_catalogue(struct loading *l, char *line)
{
	unsigned arch;

	return number(&line, DRIVER_ARCHES - 1, &arch) &&
	       text(&line, &l->package->catalogue[arch]);
}

static bool load_copyinf(struct loading *l, char *line)
{
	return text(&line, &l->package->copyinf[l->package->copyinfs++]);
}

static bool load_install(struct loading *l, char *line)
{
	struct driver_install *i = &l->package->install[l->package->installs++];
	unsigned arch;

	i->file = l->file;
	if (!number(&line, DRIVER_ARCHES - 1, &arch) ||
	    !number(&line, 255, &i->feature_score) || !text(&line, &i->section))
		return false;
	i->arch = (enum driver_arch)arch;
	return true;
}

static bool load_file(struct loading *l, char *line)
{
	struct driver_file *f = l->file++;

	if (l->package->installs == 0)
		return false;
	l->package->install[l->package->installs - 1].files++;
	return text(&line, &f->path) && text(&line, &f->destination);
}

static bool load_section(struct loading *l, char *line)
{
	struct driver_section *s = &l->package->section[l->package->sections++];
	struct driver_decoration *d = &s->decoration;
	unsigned arch;

	s->model = l->model;
	if (!number(&line, UINT32_MAX, &s->manufacturer) ||
	    !number(&line, DRIVER_ARCHES - 1, &arch) ||
	    !number(&line, UINT32_MAX, &d->major) ||
	    !number(&line, UINT32_MAX, &d->minor) ||
	    !number(&line, UINT32_MAX, &d->product) ||
	    !number(&line, UINT32_MAX, &d->suite) ||
	    !number(&line, UINT32_MAX, &d->build))
		return false;
	d->arch = (enum driver_arch)arch;
	return true;
}

static bool load_model(struct loading *l, char *line)
{
	struct driver_model *m = l->model++;
	unsigned install;

	if (l->package->sections == 0)
		return false;
	l->package->section[l->package->sections - 1].models++;
	m->id = l->id;
	if (!number(&line, UINT32_MAX, &install) || install >= l->package->installs ||
	    !text(&line, &m->name))
		return false;
	m->install = install;
	while (text(&line, l->id)) {
		l->id++;
		m->ids++;
	}
	return true;
}

static bool load_bad(struct loading *l, char *line)
{
	return text(&line, &l->package->why);
}

static bool load_none(struct loading *l, char *line)
{
	(void)l;
	return line == NULL;
}

static const struct kind {
	char letter;
	bool (*load)(struct loading *l, char *line);
} kinds[] = {
	{ 'N', load_none },      { 'E', load_bad },     { 'V', load_version },
	{ 'C', load_catalogue }, { 'Y', load_copyinf }, { 'I', load_install },
	{ 'F', load_file },      { 'S', load_section }, { 'M', load_model },
};

static bool load_line(struct loading *l, char *line)
{
	const char *letter = next_field(&line);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (letter[0] == kinds[i].letter && letter[1] == '\0')
			return kinds[i].load(l, line);
	return false;
}

bool driver_record_load(char *record, struct driver_package *out, void **memory)
{
	struct loading l = { .package = out };
	char *line = record, *end;

	*out = (struct driver_package){
		.class = "",
		.class_guid = "",
		.provider = "",
		.date = "",
		.version = "",
	};
	for (size_t i = 0; i < DRIVER_ARCHES; i++)
		out->catalogue[i] = "";
	if (!make_room(&l, record, memory))
		return false;
	for (; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end)
			break;
		*end = '\0';
		if (!load_line(&l, line))
			break;
	}
	if (!*line && line > record)
		return true;
	free(*memory);
	*memory = NULL;
	return false;
}

bool driver_record_is_none(const char *record)
{
	return *record == 'N';
}

bool driver_record_is_bad(const char *record)
{
	return *record == 'E';
}
