#include "config.h"

#include "lib/media/pe_import.h"

#include <string.h>

#include "lib/media/pe_inside.h"

#define IMPORTS_MOST 1024
#define SECTIONS_MOST 96 /* what Windows loads */
#define SECTION 40

/* A table of records, each of which has the address of a name. */
struct table {
	unsigned directory; /* its number among the directories */
	size_t record, name;
};

struct layout {
	struct program program;
	size_t directories, count; /* of 8 octets each */
	size_t sections, section_count;
};

static bool read_layout(struct layout *l)
{
	const struct program *p = &l->program;
	size_t at, optional, len;

	if (!pe_has(p, 0, 64) || memcmp(p->octets, "MZ", 2) != 0)
		return false;
	at = pe_u32(p, 0x3c);
	if (!pe_has(p, at, 24) || memcmp(p->octets + at, "PE\0\0", 4) != 0)
		return false;
	optional = at + 24;
	len = pe_u16(p, at + 20);
	if (len < 2 || !pe_has(p, optional, len))
		return false;
	l->directories = pe_u16(p, optional) == PE_MAGIC_64 ? 112 : 96;
	if (pe_u16(p, optional) != PE_MAGIC_64 && pe_u16(p, optional) != PE_MAGIC_32)
		return false;
	if (len < l->directories)
		return false;
	l->count = pe_u32(p, optional + l->directories - 4);
	if (l->count > (len - l->directories) / 8)
		l->count = (len - l->directories) / 8;
	l->directories += optional;
	l->sections = optional + len;
	l->section_count = pe_u16(p, at + 6);
	return l->section_count <= SECTIONS_MOST &&
	       pe_has(p, l->sections, l->section_count * SECTION);
}

/* Where in the file the octet of that address is; false if it is not in it. */
static bool find(const struct layout *l, uint32_t address, size_t *at)
{
	const struct program *p = &l->program;

	for (size_t i = 0; i < l->section_count; i++) {
		size_t s = l->sections + i * SECTION;
		uint32_t from = pe_u32(p, s + 12), octets = pe_u32(p, s + 16);

		if (address < from || address - from >= octets)
			continue;
		*at = (size_t)pe_u32(p, s + 20) + (address - from);
		return *at < p->len;
	}
	return false;
}

static bool is_file_name(const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789._-+";

	return *name && *name != '.' && name[strspn(name, good)] == '\0';
}

static bool read_name(const struct layout *l, uint32_t address,
		      char name[static PE_IMPORT_NAME])
{
	size_t at, room;

	if (!find(l, address, &at))
		return false;
	room = l->program.len - at;
	if (room > PE_IMPORT_NAME)
		room = PE_IMPORT_NAME;
	if (!memchr(l->program.octets + at, '\0', room))
		return false;
	memcpy(name, l->program.octets + at, room);
	return is_file_name(name);
}

static bool read_table(const struct layout *l, const struct table *t,
		       pe_import_visit *visit, void *arg)
{
	const struct program *p = &l->program;
	char name[PE_IMPORT_NAME];
	uint32_t address;
	size_t at;

	if (t->directory >= l->count)
		return true;
	address = pe_u32(p, l->directories + (size_t)t->directory * 8);
	if (!address)
		return true;
	if (!find(l, address, &at))
		return false;
	for (int i = 0; i < IMPORTS_MOST; i++, at += t->record) {
		if (!pe_has(p, at, t->record))
			return false;
		address = pe_u32(p, at + t->name);
		if (!address)
			return true;
		if (!read_name(l, address, name))
			return false;
		visit(name, arg);
	}
	return false;
}

bool pe_imports(const void *octets, size_t len, pe_import_visit *visit, void *arg,
		const char **why)
{
	static const struct table tables[] = { { 1, 20, 12 }, { 13, 32, 4 } };
	struct layout l = { .program = { .octets = octets, .len = len } };

	*why = "is not a Windows program";
	if (!read_layout(&l))
		return false;
	*why = "is damaged: the list of what it loads leads nowhere";
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!read_table(&l, &tables[i], visit, arg))
			return false;
	return true;
}
