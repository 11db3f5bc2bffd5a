#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/wire/dhcp.h"

/* A packet of tests/corpus/dhcp by its name; the captures are of real firmware. */
static size_t corpus(const char *name, uint8_t *octets, size_t size)
{
	const char *srcdir = getenv("srcdir");
	char path[512];
	size_t len;
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/corpus/dhcp/%s", srcdir ? srcdir : ".",
		 name);
	f = fopen(path, "rb");
	assert_non_null(f);
	len = fread(octets, 1, size, f);
	fclose(f);
	return len;
}

static struct dhcp decoded(const char *name)
{
	uint8_t octets[2048];
	struct dhcp msg;
	const char *why;

	if (!dhcp_decode(octets, corpus(name, octets, sizeof(octets)), &msg, &why))
		fail_msg("%s: %s", name, why);
	return msg;
}

static struct row {
	const char *name; /* of the file too */
	enum dhcp_type type;
	uint16_t flags, arch, max_size;
	const char *vendor_class, *user_class;
	bool ipxe;
	uint8_t undi_minor;
} rows[] = {
	{ "ipxe-bios-discover", DHCP_DISCOVER, 0, 0, 1472,
	  "PXEClient:Arch:00000:UNDI:002001", "iPXE", true, 1 },
	{ "ipxe-efi-discover", DHCP_DISCOVER, 0, 7, 1472,
	  "PXEClient:Arch:00007:UNDI:003010", "iPXE", true, 10 },
	{ "ipxe-efi-4011-request", DHCP_REQUEST, 0x8000, 7, 1472,
	  "PXEClient:Arch:00007:UNDI:003010", "iPXE", true, 10 },
	{ "ovmf-discover", DHCP_DISCOVER, 0x8000, 7, 1472,
	  "PXEClient:Arch:00007:UNDI:003000", "", false, 0 },
	{ "ovmf-request", DHCP_REQUEST, 0x8000, 7, 65280,
	  "PXEClient:Arch:00007:UNDI:003000", "", false, 0 },
	{ "ovmf-4011-request", DHCP_REQUEST, 0, 7, 1472,
	  "PXEClient:Arch:00007:UNDI:003000", "", false, 0 },
	{ "ovmf-http-discover", DHCP_DISCOVER, 0x8000, 16, 1472,
	  "HTTPClient:Arch:00016:UNDI:003000", "", false, 0 },
	{ "aavmf-discover", DHCP_DISCOVER, 0x8000, 11, 1472,
	  "PXEClient:Arch:00011:UNDI:003000", "", false, 0 },
	{ "aavmf-http-discover", DHCP_DISCOVER, 0x8000, 19, 1472,
	  "HTTPClient:Arch:00019:UNDI:003000", "", false, 0 },
	{ "user-class-counted", DHCP_DISCOVER, 0x8000, 0, 0, "", "iPXE", true, 0 },
	{ "arch-odd", DHCP_DISCOVER, 0x8000, 0, 0, "PXEClient", "", false, 0 },
	{ "arch-list", DHCP_DISCOVER, 0x8000, 99, 0, "PXEClient", "", false, 0 },
	{ "overload-both", DHCP_DISCOVER, 0x8000, 7, 0, "PXEClient", "", false, 0 },
	{ "option-twice", DHCP_DISCOVER, 0x8000, 0, 0, "", "", false, 0 },
	{ "no-end-mark", DHCP_DISCOVER, 0x8000, 0, 0, "", "", false, 0 },
	{ "only-header", DHCP_BOOTP, 0x8000, 0, 0, "", "", false, 0 },
};

static void reads_a_request(void **state)
{
	const struct row *r = *state;
	struct dhcp m = decoded(r->name);

	assert_int_equal(m.op, DHCP_OP_REQUEST);
	assert_int_equal(m.type, r->type);
	assert_int_equal(m.flags, r->flags);
	assert_int_equal(m.arch[0], r->arch);
	assert_int_equal(m.max_size, r->max_size);
	assert_string_equal(m.vendor_class, r->vendor_class);
	assert_string_equal(m.user_class, r->user_class);
	assert_int_equal(dhcp_is_ipxe(&m), r->ipxe);
	assert_int_equal(m.undi[2], r->undi_minor);
}

static struct broken {
	const char *name, *why;
} broken[] = {
	{ "broken-empty", "shorter than a DHCP header" },
	{ "broken-short", "shorter than a DHCP header" },
	{ "broken-cookie", "not DHCP: another cookie" },
	{ "broken-hlen-17", "a hardware address longer than its field" },
	{ "broken-op-3", "neither a request nor a reply" },
	{ "broken-htype-0", "hardware type 0" },
	{ "broken-past-the-end", "an option reaches past the end" },
	{ "broken-no-length", "an option reaches past the end" },
	{ "broken-server-id", "option 54 is not an address" },
	{ "broken-type", "option 53 is not one octet" },
	{ "broken-max-size", "option 57 is not two octets" },
	{ "broken-undi", "option 94 is not three octets" },
	{ "overload-broken", "an option reaches past the end" },
};

static void says_why_not(void **state)
{
	const struct broken *b = *state;
	uint8_t octets[2048];
	struct dhcp msg;
	const char *why;

	assert_false(
		dhcp_decode(octets, corpus(b->name, octets, sizeof(octets)), &msg, &why));
	assert_string_equal(why, b->why);
}

/* iPXE's boot server request: xid 0, a bare class, 43.71. */
static void boot_server_request(void **state)
{
	struct dhcp m = decoded("ipxe-bios-boot-server-request");

	(void)state;
	assert_int_equal(m.xid, 0);
	assert_string_equal(m.vendor_class, "PXEClient");
	assert_true(m.pxe.has_item);
	assert_int_equal(m.pxe.item_type, 0x8002);
	assert_int_equal(m.pxe.item_layer, 0);
	assert_int_equal(m.ciaddr, 0x0a4d0091);
	assert_int_equal(m.archs, 1);
}

static void menu_of_another_server(void **state)
{
	struct dhcp m = decoded("dnsmasq-menu-offer");

	(void)state;
	assert_int_equal(m.op, DHCP_OP_REPLY);
	assert_int_equal(m.pxe.control, 3);
	assert_int_equal(m.pxe.menu_type, 0x8002);
	assert_string_equal(m.pxe.prompt_text, "PXE");
	assert_int_equal(m.server, 0x0a4d0002);
}

static void uuid_is_kept(void **state)
{
	struct dhcp m = decoded("ovmf-discover");

	(void)state;
	assert_int_equal(m.machine_id.len, 17);
	assert_int_equal(m.machine_id.octet[0], 0);
}

static void broken_43_says_what_it_can(void **state)
{
	struct dhcp m = decoded("vendor-43-broken");

	(void)state;
	assert_true(m.pxe.has_control);
	assert_false(m.pxe.has_menu);
}

static void names_without_a_nul(void **state)
{
	struct dhcp m = decoded("unterminated-names");

	(void)state;
	assert_int_equal(strlen(m.sname), 64);
	assert_int_equal(strlen(m.file), 128);
}

static void classes(void **state)
{
	struct dhcp m = { .vendor_class = "PXEClient:Arch:00007" };

	(void)state;
	assert_true(dhcp_has_class(&m, "PXEClient"));
	assert_false(dhcp_has_class(&m, "HTTPClient"));
	strcpy(m.vendor_class, "PXEClientele");
	assert_false(dhcp_has_class(&m, "PXEClient"));
	strcpy(m.vendor_class, "PXEClient");
	assert_true(dhcp_has_class(&m, "PXEClient"));
}

static void room_is_within_reason(void **state)
{
	(void)state;
	assert_int_equal(dhcp_room(&(struct dhcp){ 0 }), 548);
	assert_int_equal(dhcp_room(&(struct dhcp){ .max_size = 100 }), 548);
	assert_int_equal(dhcp_room(&(struct dhcp){ .max_size = 1260 }), 1260);
	assert_int_equal(dhcp_room(&(struct dhcp){ .max_size = 65280 }), 1472);
}

static void long_names_move_to_67(void **state)
{
	char name[300];
	struct dhcp m = { 0 };

	(void)state;
	memset(name, 'u', sizeof(name));
	name[127] = '\0';
	assert_true(dhcp_set_file(&m, name));
	assert_string_equal(m.file, name);
	assert_string_equal(m.bootfile, "");
	name[127] = 'u';
	name[128] = '\0';
	assert_true(dhcp_set_file(&m, name));
	assert_string_equal(m.file, "");
	assert_string_equal(m.bootfile, name);
	name[128] = 'u';
	name[256] = '\0';
	assert_false(dhcp_set_file(&m, name));
}

static struct dhcp offer(void)
{
	return (struct dhcp){
		.op = DHCP_OP_REPLY,
		.htype = 1,
		.hlen = 6,
		.xid = 0x01020304,
		.flags = DHCP_BROADCAST,
		.siaddr = 0x0a4d0002,
		.sname = "10.77.0.2",
		.file = "snponly.efi",
		.type = DHCP_OFFER,
		.server = 0x0a4d0002,
		.vendor_class = "PXEClient",
		.machine_id = { 17, { 0, 1, 2 } },
		.pxe = { .has_control = true, .control = DHCP_PXE_BOOT_FILE },
		.relay_info = { 3, { 1, 1, 'x' } },
	};
}

/* The order that old ROMs want, 43 closed, 82 last, 300 octets. */
static void writes_an_offer(void **state)
{
	static const uint8_t want[] = { 99,  130, 83,  99,  53,  1,   2,   54,  4,   10,
					77,  0,   2,   60,  9,   'P', 'X', 'E', 'C', 'l',
					'i', 'e', 'n', 't', 97,  17,  0,   1,   2,   0,
					0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
					0,   0,   0,   43,  4,   6,   1,   8,   255, 82,
					3,   1,   1,   'x', 255, 0 };
	struct dhcp m = offer();
	uint8_t octets[600];
	size_t len;

	(void)state;
	assert_true(dhcp_encode(&m, octets, sizeof(octets), &len));
	assert_int_equal(len, DHCP_SIZE_MIN);
	assert_memory_equal(octets + 236, want, sizeof(want));
}

static void refuses_what_does_not_fit(void **state)
{
	struct dhcp m = offer();
	uint8_t octets[299];
	size_t len;

	(void)state;
	assert_false(dhcp_encode(&m, octets, sizeof(octets), &len));
}

static void local_boot_menu_survives(void **state)
{
	struct dhcp m = offer(), again;
	uint8_t octets[600];
	const char *why;
	size_t len;

	(void)state;
	m.pxe = (struct dhcp_pxe){ .has_control = true,
				   .control = 3,
				   .has_menu = true,
				   .menu_text = "Local boot",
				   .has_prompt = true,
				   .prompt_text = "Local boot" };
	assert_true(dhcp_encode(&m, octets, sizeof(octets), &len));
	assert_true(dhcp_decode(octets, len, &again, &why));
	assert_true(again.pxe.has_menu && again.pxe.has_prompt);
	assert_int_equal(again.pxe.menu_type, 0);
	assert_string_equal(again.pxe.menu_text, "Local boot");
}

static void text_escapes_what_is_hostile(void **state)
{
	struct dhcp m = decoded("text-hostile");
	char text[4096], small[20];

	(void)state;
	dhcp_text(&m, text, sizeof(text));
	assert_non_null(strstr(text, "\n60: PXEClient\\x0a\\x1b[2J\\xff\\xfe\"\\x5c\n"));
	assert_int_equal(dhcp_text(&m, small, sizeof(small)), sizeof(small) - 1);
	assert_int_equal(dhcp_text(&m, small, 0), 0);
}

static const struct CMUnitTest others[] = {
	cmocka_unit_test(boot_server_request),
	cmocka_unit_test(menu_of_another_server),
	cmocka_unit_test(uuid_is_kept),
	cmocka_unit_test(broken_43_says_what_it_can),
	cmocka_unit_test(names_without_a_nul),
	cmocka_unit_test(classes),
	cmocka_unit_test(room_is_within_reason),
	cmocka_unit_test(long_names_move_to_67),
	cmocka_unit_test(writes_an_offer),
	cmocka_unit_test(refuses_what_does_not_fit),
	cmocka_unit_test(local_boot_menu_survives),
	cmocka_unit_test(text_escapes_what_is_hostile),
};

int main(void)
{
	struct CMUnitTest tests[ARRAY_LEN(rows) + ARRAY_LEN(broken) + ARRAY_LEN(others)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
						  .test_func = reads_a_request,
						  .initial_state = &rows[i] };
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		tests[n++] = (struct CMUnitTest){ .name = broken[i].name,
						  .test_func = says_why_not,
						  .initial_state = &broken[i] };
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		tests[n++] = others[i];
	return cmocka_run_group_tests_name("dhcp", tests, NULL, NULL);
}
