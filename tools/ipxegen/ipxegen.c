#include "config.h"

#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/core/jsonout.h"
#include "lib/render/artefact.h"
#include "lib/serve/serve.h"
#include "lib/sys/exits.h"
#include "lib/sys/keyfile.h"
#include "lib/sys/tool.h"
#include "tools/ipxegen/check.h"
#include "tools/ipxegen/iso.h"
#include "tools/ipxegen/publish.h"

static const char help[] =
	"Usage: ipxegen [OPTION]... --mac=MAC [ARTEFACT]\n"
	"       ipxegen [OPTION]... ARTEFACT\n"
	"       ipxegen [OPTION]... --all --output=FOLDER\n"
	"       ipxegen [OPTION]... --diff=FOLDER\n"
	"       ipxegen iso [OPTION]...\n"
	"Print the script that a machine would get now, or another of its texts, or\n"
	"write the texts of all machines into a folder.\n"
	"\n"
	"Verbs:\n"
	"  iso                   make a boot medium: see ipxegen iso --help\n"
	"\n"
	"  -m, --mac=MAC         the machine; without ARTEFACT its plan's script\n"
	"  -N, --network=NAME    as seen from this network of pxekit.conf\n"
	"  -a, --all             the texts of all machines\n"
	"  -o, --output=FOLDER   where they go; what is no longer wanted goes away\n"
	"  -d, --diff=FOLDER     print what --all would change there; exit 1 if "
	"anything\n"
	"  -n, --dry-run         with --all: print it and change nothing\n"
	"  -l, --list            list the artefacts\n"
	"  -j, --json            with --list: as JSON\n"
	"  -c, --config=FILE     instead of pxekit.conf\n"
	"      --check           read the configuration and try all templates\n"
	"      --reveal          with --mac: print secrets too, after that is on record\n"
	"  -h, --help            print this and exit\n"
	"  -V, --version         print the version and exit\n";

enum { OPTION_CHECK = 256, OPTION_REVEAL };

struct options {
	const char *config, *network, *output, *diff, *artefact;
	struct machine_key key;
	bool all, dry_run, list, json, check, reveal;
};

static const struct option longs[] = {
	{ "mac", required_argument, NULL, 'm' },
	{ "network", required_argument, NULL, 'N' },
	{ "all", no_argument, NULL, 'a' },
	{ "output", required_argument, NULL, 'o' },
	{ "diff", required_argument, NULL, 'd' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "list", no_argument, NULL, 'l' },
	{ "json", no_argument, NULL, 'j' },
	{ "config", required_argument, NULL, 'c' },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "reveal", no_argument, NULL, OPTION_REVEAL },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 },
};

static void take_mac(struct options *o, const char *text)
{
	const char *why;

	if (!mac_parse(text, &o->key.mac, &why))
		errx(EXIT_MISUSE, "--mac %s: %s", text, why);
	o->key.has_mac = true;
}

static void take_option(struct options *o, int c)
{
	switch (c) {
	case 'm':
		take_mac(o, optarg);
		break;
	case 'N':
		o->network = optarg;
		break;
	case 'a':
		o->all = true;
		break;
	case 'o':
		o->output = optarg;
		break;
	case 'd':
		o->diff = optarg;
		break;
	case 'n':
		o->dry_run = true;
		break;
	case 'l':
		o->list = true;
		break;
	case 'j':
		o->json = true;
		break;
	case 'c':
		o->config = optarg;
		break;
	case OPTION_CHECK:
		o->check = true;
		break;
	case OPTION_REVEAL:
		o->reveal = true;
		break;
	case 'h':
		fputs(help, stdout);
		exit(tool_end(EXIT_DONE));
	case 'V':
		tool_version("ipxegen");
	default:
		tool_misuse("ipxegen");
	}
}

/* One thing at a time. */
static void check_options(const struct options *o)
{
	int things = o->all + (o->diff != NULL) + o->list + o->check +
		     (o->key.has_mac || o->artefact);

	if (things != 1) {
		warnx("wants one of --mac, an artefact, --all, --diff, --list, --check");
		tool_misuse("ipxegen");
	}
	if (o->all != (o->output != NULL)) {
		warnx("--all and --output belong together");
		tool_misuse("ipxegen");
	}
	if (o->dry_run && !o->all) {
		warnx("--dry-run wants --all");
		tool_misuse("ipxegen");
	}
	if (o->reveal && !o->key.has_mac) {
		warnx("--reveal wants --mac");
		tool_misuse("ipxegen");
	}
	if (o->artefact && !artefact_find(o->artefact))
		errx(EXIT_MISUSE, "'%s' is no artefact (see --list)", o->artefact);
}

static struct options parse_options(int argc, char *argv[])
{
	struct options o = { 0 };
	int c;

	while ((c = getopt_long(argc, argv, "m:N:ao:d:nljc:hV", longs, NULL)) != -1)
		take_option(&o, c);
	if (optind < argc)
		o.artefact = argv[optind++];
	if (optind < argc) {
		warnx("'%s' is too much", argv[optind]);
		tool_misuse("ipxegen");
	}
	check_options(&o);
	return o;
}

static int list_artefacts(bool json)
{
	char buffer[8192];
	struct jsonout j = jsonout_begin(buffer, sizeof(buffer));
	size_t len;

	jsonout_open(&j, NULL, '[');
	for (size_t i = 0; i < artefact_count; i++) {
		const struct artefact *a = &artefacts[i];

		jsonout_open(&j, NULL, '{');
		jsonout_text(&j, "name", a->name);
		jsonout_text(&j, "template", a->template);
		jsonout_text(&j, "type", a->type);
		jsonout_bool(&j, "job", a->kinds != 0);
		jsonout_text(&j, "help", a->help);
		jsonout_close(&j, '}');
		if (!json)
			printf("%-14s %s%s\n", a->name, a->help,
			       a->kinds ? " (job)" : "");
	}
	jsonout_close(&j, ']');
	if (!jsonout_end(&j, &len))
		return EXIT_FAILED;
	if (json)
		puts(buffer);
	return EXIT_DONE;
}

static int exit_of(enum serve_result result)
{
	switch (result) {
	case SERVE_OK:
		return EXIT_DONE;
	case SERVE_FAILED:
		return EXIT_FAILED;
	default:
		return EXIT_NO;
	}
}

/* On record before anybody reads it. */
static bool on_record(struct serve *serve, const struct serve_answer *answer)
{
	struct event ev = event_new(EVENT_ADMIN);
	char origin[TOOL_ORIGIN];

	store_from(serve->store, "ipxegen", tool_origin(origin));
	snprintf(ev.file, sizeof(ev.file), "%s", answer->artefact);
	ev.key.mac = answer->machine.mac;
	ev.key.has_mac = answer->known;
	if (answer->has_job) {
		ev.job = answer->job.id;
		ev.attempt = answer->job.attempt;
	}
	if (store_reveal(serve->store, &ev, tool_actor()) == STORE_DONE)
		return true;
	warnx("%s", store_why(serve->store));
	return false;
}

static int print_artefact(struct serve *serve, const struct options *o,
			  const struct conf_network *network)
{
	const struct machine_key *key = o->key.has_mac ? &o->key : NULL;
	struct serve_answer answer;
	enum serve_result result;
	char why[SERVE_WHY];

	if (o->artefact)
		result = serve_artefact(serve, key, network, o->artefact, &answer, why);
	else
		result = serve_plan(serve, key, network, &answer, why);
	if (result == SERVE_OK && o->reveal && answer.secret &&
	    !on_record(serve, &answer))
		result = SERVE_FAILED;
	else if (result == SERVE_OK)
		fwrite(answer.text, 1, answer.len, stdout);
	else
		warnx("%s: %s", o->artefact ? o->artefact : "script", why);
	serve_answer_free(&answer);
	return exit_of(result);
}

static int write_tree(struct serve *serve, const struct options *o)
{
	struct tree tree = { 0 };
	bool filled = tree_fill(&tree, serve);
	int code = o->diff ? publish_diff(&tree, o->diff)
			   : publish(&tree, o->output, o->dry_run);

	tree_free(&tree);
	return filled ? code : EXIT_FAILED;
}

/* What concerns machines rests on the database and the site's key. */
static int with_database(struct serve *serve, const struct options *o,
			 const struct conf_network *network)
{
	int code = EXIT_FAILED;

	if (keyfile_read(serve->conf->key, &serve->key) < 0)
		err(EXIT_FAILED, "%s", serve->conf->key);
	serve->masked = !o->reveal;
	switch (store_open(serve->conf->database, o->reveal ? STORE_WRITE : STORE_READ,
			   &serve->store)) {
	case STORE_DONE:
		code = o->key.has_mac ? print_artefact(serve, o, network)
				      : write_tree(serve, o);
		break;
	case STORE_BUSY:
		code = EXIT_BUSY;
		/* fall through */
	default:
		warnx("%s", serve->store ? store_why(serve->store) : "not enough memory");
	}
	store_close(serve->store);
	return code;
}

/* Of all of them, what is wrong is said. */
static int check_all(const struct conf *conf)
{
	bool good = check_templates(conf);

	good &= check_menus(conf);
	good &= check_default_jobs(conf);
	return good ? EXIT_DONE : EXIT_MISUSE;
}

/* The texts; media are iso.c's. */
static int texts_main(int argc, char *argv[])
{
	const struct options o = parse_options(argc, argv);
	const struct conf_network *network = NULL;
	struct serve serve = { 0 };
	struct conf *conf;
	int code;

	if (o.list)
		return tool_end(list_artefacts(o.json));
	conf = conf_load(o.config);
	if (!conf)
		return EXIT_MISUSE;
	if (o.network && !(network = conf_network_named(conf, o.network)))
		errx(EXIT_MISUSE, "'%s' is no network of pxekit.conf", o.network);
	serve.conf = conf;
	if (o.check)
		code = check_all(conf);
	else if (o.artefact && !o.key.has_mac)
		code = print_artefact(&serve, &o, network);
	else
		code = with_database(&serve, &o, network);
	conf_free(conf);
	return tool_end(code);
}

int main(int argc, char *argv[])
{
	if (argc > 1 && strcmp(argv[1], "iso") == 0)
		return iso_main(argc - 1, argv + 1);
	return texts_main(argc, argv);
}
