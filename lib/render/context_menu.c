/* What an image starts with, and the entries of the menus. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/render/context_parts.h"

const struct image_file *context_file_like(const struct image *image, const char *a,
					   const char *b)
{
	for (size_t i = 0; i < image->files; i++)
		if (!strncmp(image->file[i].name, a, strlen(a)) ||
		    !strncmp(image->file[i].name, b, strlen(b)))
			return &image->file[i];
	return NULL;
}

/* Wherever an image keeps it: boot.wim, sources/boot.wim. */
const char *context_boot_wim(const struct image *image)
{
	for (size_t i = 0; image && i < image->files; i++) {
		const char *slash = strrchr(image->file[i].name, '/');

		if (strcasecmp(slash ? slash + 1 : image->file[i].name, "boot.wim") == 0)
			return image->file[i].name;
	}
	return "";
}

#define MENU_VALUES 16

static const char *const menu_fields[MENU_VALUES + 1] = {
	"name",       "title",     "kind",    "bios",           "uefi", "image",
	"image-path", "kernel",    "initrd",  "boot-wim",       "disc", "program",
	"chain-url",  "arguments", "default", "argument-words",
};

static const char *name_of(const struct image_file *file)
{
	return file ? file->name : "";
}

/* The texts of menu_fields but the last: what starts the image, and where. */
static void fill_menu(struct context *c, const struct artefact_menu *m,
		      const char *text[static MENU_VALUES])
{
	const struct conf_menu *e = m->entry;
	const struct image *image = m->image;
	enum image_kind kind = image ? image->kind : IMAGE_KINDS;
	const struct image_file *p = image ? image_payload(image) : NULL;
	bool efi = kind == IMAGE_EFI, kernel = kind == IMAGE_LINUX || efi;
	const char *vmlinuz =
		kernel ? name_of(context_file_like(image, "vmlinuz", "linux")) : "";
	bool bios = strcmp(e->firmware, "uefi") != 0 && (!efi || *vmlinuz);

	text[0] = e->name;
	text[1] = e->title;
	text[2] = image ? image_kind_name(kind) : "chain";
	text[3] = bios ? "yes" : "";
	text[4] = strcmp(e->firmware, "bios") != 0 ? "yes" : "";
	text[5] = image ? context_text(c, "%s@%s", image->name, image->version) : "";
	text[6] =
		image ? context_text(c, "images/%s/%s", image->name, image->version) : "";
	text[7] = vmlinuz;
	text[8] = kernel ? name_of(context_file_like(image, "initrd", "initramfs")) : "";
	text[9] = kind == IMAGE_WIM ? context_boot_wim(image) : "";
	text[10] = kind == IMAGE_ISO ? name_of(p) : "";
	text[11] = efi ? name_of(p) : "";
	text[12] = e->url;
	text[13] = e->arguments;
	text[14] = e->is_default ? "yes" : "";
}

/* The first that is one, as the menus call it. */
static void say_default(struct context *c, const struct artefact_facts *f)
{
	struct template_value *value = context_add(c, "menu-default");

	value->text = "";
	for (size_t i = f->menus; i-- > 0;)
		if (f->menu[i].entry->is_default)
			value->text = context_text(c, "entry-%s", f->menu[i].entry->name);
}

/* What the menus offer; nothing but what an image is says how it is started. */
void context_say_menu(struct context *c, const struct artefact_facts *f)
{
	size_t most = f->menus + 1; /* calloc(0) may say NULL */
	struct template_scope *item = context_own(c, calloc(most, sizeof(*item)));
	struct template_value *value =
		context_own(c, calloc(most, MENU_VALUES * sizeof(*value)));
	struct template_value *list = context_add(c, "menu");

	say_default(c, f);
	*list = (struct template_value){ .name = "menu",
					 .item = item,
					 .fields = menu_fields };
	for (size_t i = 0; i < f->menus && item && value; i++, value += MENU_VALUES) {
		const char *text[MENU_VALUES] = { 0 };

		fill_menu(c, &f->menu[i], text);
		for (size_t k = 0; k + 1 < MENU_VALUES; k++)
			value[k] = (struct template_value){ .name = menu_fields[k],
							    .text = text[k] };
		context_fill_list(c, &value[MENU_VALUES - 1],
				  menu_fields[MENU_VALUES - 1],
				  f->menu[i].entry->arguments, " ");
		item[i] =
			(struct template_scope){ .value = value, .values = MENU_VALUES };
		list->items++;
	}
}

bool artefact_menu_fits(const struct image *image, const char **why)
{
	*why = "has no kernel";
	if (image->kind == IMAGE_LINUX)
		return context_file_like(image, "vmlinuz", "linux") != NULL;
	*why = "has no boot.wim";
	if (image->kind == IMAGE_WIM)
		return *context_boot_wim(image) != '\0';
	*why = "is installed by a job, not started from a menu";
	if (image->kind == IMAGE_ROOTFS)
		return false;
	*why = "has no boot.efi or image.iso";
	return image_payload(image) != NULL;
}
