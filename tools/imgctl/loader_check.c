/* imgctl loader check: what is still missing for which route. */
#include "config.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/media/catalogue.h"
#include "lib/sys/exits.h"
#include "lib/sys/print.h"
#include "tools/imgctl/loaders.h"

#define REMARK 256
#define REMARKS 8

struct verdict {
	const struct want *want; /* the first file; its route and firmware */
	bool ready;
	struct remark {
		bool fault; /* the route does not work */
		char text[REMARK];
	} remark[REMARKS];
	size_t remarks;
};

__attribute__((format(printf, 3, 4))) static void note(struct verdict *v, bool fault,
						       const char *format, ...)
{
	va_list ap;

	if (fault)
		v->ready = false;
	if (v->remarks == REMARKS)
		return;
	v->remark[v->remarks].fault = fault;
	va_start(ap, format);
	vsnprintf(v->remark[v->remarks++].text, REMARK, format, ap);
	va_end(ap);
}

/* Where to get what no package of Debian has. */
static const char *origin(const struct want *w)
{
	switch (w->route) {
	case ROUTE_IPXE_SHIM:
		return "is in the signed releases of iPXE";
	case ROUTE_BOOTMGFW:
		return w->arch == 0 ? "is in Windows\\Boot\\PXE of a boot.wim"
				    : "is laid out by wimprep netboot";
	case ROUTE_SHIM_GRUB:
		return w->arch == 7 ? "comes with shim-signed and grub-efi-amd64-signed"
				    : "comes with shim-signed and grub-efi-arm64-signed";
	default:
		return w->arch == 11 ? "is not in Debian 12: build it of iPXE, "
				       "bin-arm64-efi/snponly.efi"
				     : "comes with Debian's package ipxe";
	}
}

static void judge_signature(struct verdict *v, const struct want *w,
			    const struct loader *l)
{
	if (!loader_fits(l))
		note(v, w->secure, "%s: was changed after it was signed", w->file);
	if (!w->secure) {
		if (w->arch != 0 && !l->program.signatures && !w->second)
			note(v, false, "%s: is not signed: Secure Boot must be off",
			     w->file);
		return;
	}
	if (!l->program.signatures) {
		note(v, true, "%s: is not signed: firmware with Secure Boot refuses it",
		     w->file);
		return;
	}
	/* What a shim starts is vouched for by the CA inside the shim. */
	if (w->second)
		return;
	if (!loader_vouched(l, 0))
		note(v, false,
		     "%s: no CA of Microsoft vouches for it (%s does): firmware must be "
		     "told to trust it",
		     w->file, l->program.signature[0].issuer);
	else if (!loader_vouched(l, 2023))
		note(v, false,
		     "%s: only Microsoft's CA of 2011 vouches for it: firmware that "
		     "trusts "
		     "that of 2023 alone refuses it",
		     w->file);
	else if (!loader_vouched(l, 2011))
		note(v, false,
		     "%s: only Microsoft's CA of 2023 vouches for it: firmware without "
		     "it, "
		     "older machines', refuses it",
		     w->file);
}

static void judge_file(struct verdict *v, const struct loaders *l, const struct want *w)
{
	const struct image_file *known = loaders_find(l, w->file);
	struct loader loader;

	if (!loaders_read(l, w->file, &loader)) {
		if (w->source)
			note(v, true, "%s: is missing; imgctl loader add --name %s %s",
			     w->file, w->file, w->source);
		else
			note(v, true, "%s: is missing; it %s", w->file, origin(w));
		return;
	}
	if (!known)
		note(v, false, "%s: is not registered; imgctl loader add registers it",
		     w->file);
	else if (strcmp(known->sha256, loader.sha256) != 0)
		note(v, true, "%s: was changed since it was registered", w->file);
	if (loader.damage)
		note(v, true, "%s: %s", w->file, loader.damage);
	else if (!want_suits(w, &loader))
		note(v, true, "%s: is not for %s", w->file, want_firmware(w->arch));
	else
		judge_signature(v, w, &loader);
}

/* iPXE starts Windows by wimboot, which no package of Debian has. */
static void judge_windows(struct verdict *v, const struct loaders *l)
{
	const struct want *w = v->want;
	struct loader loader;

	if (w->route == ROUTE_BOOTMGFW || w->route == ROUTE_SHIM_GRUB || w->arch == 11)
		return;
	if (!loaders_read(l, "wimboot", &loader))
		note(v, false,
		     "wimboot: is missing; Windows images need it, which releases of "
		     "wimboot bring");
	else if (w->route == ROUTE_IPXE_SHIM && !loader_vouched(&loader, 0))
		note(v, false,
		     "wimboot: is not signed by Microsoft: Windows images need a signed "
		     "one under Secure Boot");
}

static bool has_windows(struct imgctl *ctl)
{
	struct catalogue_list list;
	char why[CATALOGUE_WHY], reference[2 * JOB_NAME];
	struct image image;
	bool found = false;

	if (!catalogue_list(imgctl_images(ctl), NULL, &list, why))
		return false;
	for (size_t i = 0; i < list.count && !found; i++) {
		snprintf(reference, sizeof(reference), "%s@%s", list.entry[i].name,
			 list.entry[i].version);
		if (!catalogue_load(imgctl_images(ctl), reference, &image, why))
			continue;
		found = image.kind == IMAGE_WIM;
		image_free(&image);
	}
	catalogue_list_free(&list);
	return found;
}

/* ---- what is said ---- */

static void build(struct jsonout *j, const void *what)
{
	const struct verdict *v = what;

	jsonout_text(j, "route", route_name(v->want->route));
	jsonout_text(j, "firmware", want_firmware(v->want->arch));
	jsonout_int(j, "arch", v->want->arch);
	jsonout_bool(j, "used", v->want->used);
	jsonout_bool(j, "ready", v->ready);
	jsonout_open(j, "remarks", '[');
	for (size_t i = 0; i < v->remarks; i++) {
		jsonout_open(j, NULL, '{');
		jsonout_bool(j, "fault", v->remark[i].fault);
		jsonout_text(j, "text", v->remark[i].text);
		jsonout_close(j, '}');
	}
	jsonout_close(j, ']');
}

static void print(const struct verdict *v)
{
	printf("%s, %s: %s%s\n", route_name(v->want->route), want_firmware(v->want->arch),
	       v->ready ? "ready" : "not ready", v->want->used ? "" : " (not in use)");
	for (size_t i = 0; i < v->remarks; i++)
		printf("  %s\n", v->remark[i].text);
}

/* ---- the check ---- */

static bool is_asked(int count, char *routes[], enum boot_route route)
{
	for (int i = 0; i < count; i++)
		if (strcmp(routes[i], route_name(route)) == 0)
			return true;
	return count == 0;
}

/* A site without any loader for ARM64 has no such machines. */
static bool has_machines(const struct loaders *l, const struct want list[], size_t n,
			 unsigned arch)
{
	struct loader loader;

	for (size_t i = 0; arch == 11 && i < n; i++)
		if (list[i].arch == 11 && loaders_read(l, list[i].file, &loader))
			return true;
	return arch != 11;
}

int loader_check(struct imgctl *ctl, int count, char *routes[])
{
	struct print_list json = { .name = "routes" };
	struct want list[WANTS_MAX];
	struct loaders l;
	enum boot_route route;
	bool windows = has_windows(ctl);
	int code = EXIT_DONE;
	size_t n;

	for (int i = 0; i < count; i++)
		if (!route_parse(routes[i], &route))
			errx(EXIT_MISUSE, "loader check: there is no route '%s'",
			     routes[i]);
	l = loaders_open(ctl, false);
	n = wants(ctl->conf, list);
	for (size_t i = 0; i < n; i++) {
		struct verdict v = { .want = &list[i], .ready = true };

		if (list[i].second || !is_asked(count, routes, list[i].route))
			continue;
		judge_file(&v, &l, &list[i]);
		if (i + 1 < n && list[i + 1].second)
			judge_file(&v, &l, &list[i + 1]);
		if (windows)
			judge_windows(&v, &l);
		if (!v.ready && (count || list[i].used) &&
		    has_machines(&l, list, n, list[i].arch))
			code = EXIT_NO;
		if (ctl->json)
			print_list_item(&json, build, &v);
		else
			print(&v);
	}
	if (ctl->json)
		print_list_end(&json);
	loaders_close(&l);
	return code;
}
