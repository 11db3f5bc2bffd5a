/* imgctl menu: the images as a list for people, in plain text or Markdown. */
#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "tools/imgctl/overview.h"

enum { KEY_MARKDOWN = 256 };

const struct verb_option menu_options[] = {
	{ "markdown", KEY_MARKDOWN, NULL, "as a table in Markdown" },
	{ "all", 'a', NULL, "every version, not only the current ones" },
	{ 0 },
};

static const struct {
	const char *what, *firmware;
} kinds[IMAGE_KINDS] = {
	[IMAGE_ROOTFS] = { "Linux, written to the disk", "BIOS, UEFI" },
	[IMAGE_LINUX] = { "Linux kernel and initrd, started", "BIOS, UEFI" },
	[IMAGE_WIM] = { "Windows, installed", "BIOS, UEFI" },
	[IMAGE_EFI] = { "EFI program, started", "UEFI" },
	[IMAGE_ISO] = { "disc, started", "BIOS, UEFI" },
};

struct menu {
	bool markdown, all;
	size_t shown;
};

/* What people wrote may hold what Markdown takes for its own. */
static void put_text(const struct menu *m, const char *text)
{
	char safe[PRINT_SAFE];

	for (const char *p = print_safe(text, safe, sizeof(safe)); *p; p++) {
		if (m->markdown && strchr("\\`*_{}[]<>()#+!|", *p))
			putchar('\\');
		putchar(*p);
	}
}

/* A program for EFI may have a kernel beside it, for BIOS: memtest. */
static const char *firmware_of(const struct image *image)
{
	bool kernel = false;

	for (size_t i = 0; i < image->files; i++)
		kernel |= strcmp(image->file[i].name, "vmlinuz") == 0;
	return image->kind == IMAGE_EFI && kernel ? "BIOS, UEFI"
						  : kinds[image->kind].firmware;
}

static void put_head(const struct menu *m)
{
	if (m->markdown)
		puts("| Image | What it is | Firmware | Architecture | Size | Contents "
		     "|\n"
		     "|---|---|---|---|---|---|");
}

static void put_contents(const struct menu *m, const struct image *image)
{
	put_text(m, image->comment);
	for (size_t i = 0; i < image->editions; i++) {
		if (m->markdown)
			fputs(i || *image->comment ? "<br>" : "", stdout);
		else
			printf("\n    %d. ", image->edition[i].index);
		put_text(m, image->edition[i].name);
	}
}

static void put_row(const struct menu *m, const struct overview *o)
{
	const struct image *image = &o->image;
	char size[PRINT_TIME] = "-";

	if (o->size >= 0)
		print_octets(o->size, size);
	fputs("| ", stdout);
	put_text(m, image->name);
	putchar('@');
	put_text(m, image->version);
	printf(" | %s | %s | ", kinds[image->kind].what, firmware_of(image));
	put_text(m, image->arch);
	printf(" | %s | ", size);
	put_contents(m, image);
	puts(" |");
}

static void put_paragraph(const struct menu *m, const struct overview *o)
{
	const struct image *image = &o->image;
	char size[PRINT_TIME];

	printf("%s%s@%s%s\n    %s; %s", m->shown ? "\n" : "", image->name, image->version,
	       m->all && o->entry->current ? " (current)" : "", kinds[image->kind].what,
	       firmware_of(image));
	if (*image->arch)
		printf("; %s", image->arch);
	if (o->size >= 0)
		printf("; %s", print_octets(o->size, size));
	if (*image->comment)
		fputs("\n    ", stdout);
	put_contents(m, image);
	printf("\n    jobctl add --mac MAC --image %s%s%s%s\n", image->name,
	       o->entry->current ? "" : "@", o->entry->current ? "" : image->version,
	       image->kind == IMAGE_WIM && image->editions > 1 ? " --edition NUMBER"
							       : "");
}

static int put_menu(struct imgctl *ctl, struct menu *m, const struct catalogue_list *list)
{
	int code = EXIT_DONE;
	struct overview o;

	put_head(m);
	for (size_t i = 0; i < list->count; i++) {
		if (!m->all && !list->entry[i].current)
			continue;
		overview_of(ctl, &list->entry[i], &o);
		if (!o.good) {
			warnx("%s", o.why);
			code = EXIT_FAILED;
		} else if (m->markdown)
			put_row(m, &o);
		else
			put_paragraph(m, &o);
		m->shown += o.good;
		overview_done(&o);
	}
	return code;
}

int menu_main(struct imgctl *ctl, int argc, char *argv[])
{
	struct catalogue_list list;
	struct menu m = { 0 };
	int code, key;

	while ((key = imgctl_next(ctl, argc, argv)) != -1) {
		m.markdown |= key == KEY_MARKDOWN;
		m.all |= key == 'a';
	}
	verb_arguments(&ctl->face, argc, 0, 1);
	if (ctl->json)
		errx(EXIT_MISUSE,
		     "menu is for people; programs take: imgctl list --json");
	overview_list(ctl, argv[optind], &list);
	code = put_menu(ctl, &m, &list);
	catalogue_list_free(&list);
	return code;
}
