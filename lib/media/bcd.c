#include "config.h"

#include "lib/media/bcd.h"

#include <errno.h>
#include <hivex.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/media/bcd_hive.h"
#include "lib/sys/file.h"

#define BOOTMGR "{9dea862c-5cdd-4e70-acc1-f32b344d4795}"
#define RAMDISK "{ae5534e0-a924-466c-b836-758539a3ee3a}"
#define WINPE "{b0c4a3de-6f07-4c8d-9b61-70786b697401}" /* ours; any would do */

#define DEVICE_MOST 2048
#define DEVICE_OCTETS 72 /* a device without the GUID before it */

enum { DISK = 0, BOOT = 5 };              /* types of devices */
enum { RAM = 3 };                         /* of local ones */
enum { PATH_VERSION = 1, ON_DEVICE = 5 }; /* a path that begins with its device */

__attribute__((format(printf, 2, 3))) static bool refuse(char why[static BCD_WHY],
							 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, BCD_WHY, format, args);
	va_end(args);
	return false;
}

/* ---- values ---- */

/* Octets of an element; what does not fit is seen by full. */
struct value {
	uint8_t octet[DEVICE_MOST];
	size_t len;
	bool full;
};

static void put(struct value *v, const void *octets, size_t len)
{
	if (len > sizeof(v->octet) - v->len) {
		v->full = true;
		return;
	}
	memcpy(v->octet + v->len, octets, len);
	v->len += len;
}

static void put_u32(struct value *v, uint32_t n)
{
	put(v, (const uint8_t[]){ n & 255, n >> 8 & 255, n >> 16 & 255, n >> 24 }, 4);
}

static void put_zeros(struct value *v, size_t len)
{
	static const uint8_t zeros[64];

	put(v, zeros, len);
}

/* UTF-16LE with its NUL. */
static void put_text(struct value *v, const char *text)
{
	do
		put(v, (const uint8_t[]){ (uint8_t)*text, 0 }, 2);
	while (*text++);
}

/* "The one that I came from." */
static void put_boot_device(struct value *v)
{
	put_u32(v, BOOT);
	put_u32(v, 0);
	put_u32(v, DEVICE_OCTETS);
	put_zeros(v, 4 + DEVICE_OCTETS - 16);
}

/* ramdisk=[boot]PATH,{ramdiskoptions}: lengths count from their own place to the end. */
static struct value ramdisk_device(const char *path)
{
	static const uint8_t options[16] = { 0xe0, 0x34, 0x55, 0xae, 0x24, 0xa9,
					     0x6c, 0x46, 0xb8, 0x36, 0x75, 0x85,
					     0x39, 0xa3, 0xee, 0x3a };
	uint32_t text = 2 * ((uint32_t)strlen(path) + 1);
	uint32_t file = 12 + DEVICE_OCTETS + text;
	struct value v = { 0 };

	put(&v, options, sizeof(options));
	put_u32(&v, DISK);
	put_u32(&v, 1);
	put_u32(&v, 40 + file);
	put_u32(&v, 0);
	put_u32(&v, RAM);
	put_zeros(&v, 20);
	put_u32(&v, PATH_VERSION);
	put_u32(&v, file);
	put_u32(&v, ON_DEVICE);
	put_boot_device(&v);
	put_text(&v, path);
	return v;
}

static struct value boot_device(void)
{
	struct value v = { 0 };

	put_zeros(&v, 16);
	put_boot_device(&v);
	return v;
}

/* ---- the tree ---- */

struct store {
	hive_h *hive;
	hive_node_h objects, elements; /* elements: of the object that is being made */
	bool failed;                   /* errno says why */
};

static hive_node_h child(struct store *s, hive_node_h parent, const char *name)
{
	hive_node_h node = s->failed ? 0 : hivex_node_add_child(s->hive, parent, name);

	s->failed = !node;
	return node;
}

static void set(struct store *s, hive_node_h node, const char *key, hive_type type,
		const struct value *v)
{
	hive_set_value what = { 0 };

	what.key = (char *)(uintptr_t)key;
	what.t = type;
	what.len = v->len;
	what.value = (char *)(uintptr_t)v->octet;
	if (v->full)
		errno = E2BIG;
	if (!s->failed)
		s->failed = v->full || hivex_node_set_value(s->hive, node, &what, 0) < 0;
}

static void set_number(struct store *s, hive_node_h node, const char *key, uint32_t n)
{
	struct value v = { 0 };

	put_u32(&v, n);
	set(s, node, key, hive_t_REG_DWORD, &v);
}

static void object(struct store *s, const char *guid, uint32_t type)
{
	hive_node_h node = child(s, s->objects, guid);

	set_number(s, child(s, node, "Description"), "Type", type);
	s->elements = child(s, node, "Elements");
}

static void element(struct store *s, const char *name, hive_type type,
		    const struct value *v)
{
	set(s, child(s, s->elements, name), "Element", type, v);
}

static void text(struct store *s, const char *name, const char *what)
{
	struct value v = { 0 };

	put_text(&v, what);
	element(s, name, hive_t_REG_SZ, &v);
}

static void yes(struct store *s, const char *name)
{
	element(s, name, hive_t_REG_BINARY, &(struct value){ .octet = { 1 }, .len = 1 });
}

/* ---- the three objects ---- */

static void put_bootmgr(struct store *s)
{
	struct value list = { 0 }, none = { .len = 8 };

	object(s, BOOTMGR, 0x10100002);
	text(s, "12000004", "Windows Boot Manager");
	text(s, "12000005", "en-US");
	text(s, "23000003", WINPE);
	put_text(&list, WINPE);
	put_zeros(&list, 2);
	element(s, "24000001", hive_t_REG_MULTI_SZ, &list);
	element(s, "25000004", hive_t_REG_BINARY, &none); /* seconds of the menu */
}

static void put_winpe(struct store *s, const struct bcd *bcd)
{
	struct value device = ramdisk_device(bcd->wim);

	object(s, WINPE, 0x10200003);
	element(s, "11000001", hive_t_REG_BINARY, &device);
	text(s, "12000002", "\\Windows\\System32\\boot\\winload.efi");
	text(s, "12000004", bcd->title);
	text(s, "12000005", "en-US");
	element(s, "21000001", hive_t_REG_BINARY, &device);
	text(s, "22000002", "\\Windows");
	yes(s, "26000010"); /* find out which HAL */
	yes(s, "26000022"); /* it is Windows PE */
}

static void put_ramdisk(struct store *s, const struct bcd *bcd)
{
	struct value device = boot_device();

	object(s, RAMDISK, 0x30000000);
	text(s, "12000004", "Ramdisk Options");
	element(s, "31000003", hive_t_REG_BINARY, &device);
	text(s, "32000004", bcd->sdi);
}

static bool fill(const char *path, const struct bcd *bcd)
{
	struct store s = { .hive = hivex_open(path, HIVEX_OPEN_WRITE) };
	hive_node_h about;
	struct value name = { 0 };

	if (!s.hive)
		return false;
	about = child(&s, hivex_root(s.hive), "Description");
	put_text(&name, "BCD00000000");
	set(&s, about, "KeyName", hive_t_REG_SZ, &name);
	set_number(&s, about, "System", 1);
	set_number(&s, about, "TreatAsSystem", 1);
	s.objects = child(&s, hivex_root(s.hive), "Objects");
	put_bootmgr(&s);
	put_winpe(&s, bcd);
	put_ramdisk(&s, bcd);
	if (!s.failed && hivex_commit(s.hive, NULL, 0) < 0)
		s.failed = true;
	hivex_close(s.hive);
	return !s.failed;
}

static bool plain(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text >= 0x7f)
			return false;
	return true;
}

bool bcd_write(const struct bcd *bcd, const char *path, char why[static BCD_WHY])
{
	uint8_t hive[BCD_HIVE_OCTETS];
	char draft[PATH_MAX];

	if (!plain(bcd->title) || !plain(bcd->wim) || !plain(bcd->sdi))
		return refuse(why, "a name in it is not printable ASCII");
	if (snprintf(draft, sizeof(draft), "%s.new", path) >= PATH_MAX)
		return refuse(why, "the path is too long");
	bcd_hive_empty(hive);
	if (file_replace(draft, hive, sizeof(hive), 0644) < 0)
		return refuse(why, "%s", strerror(errno));
	if (fill(draft, bcd) && rename(draft, path) == 0)
		return true;
	refuse(why, "%s", strerror(errno));
	unlink(draft);
	return false;
}
