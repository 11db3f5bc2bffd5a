/*
 * winstub - stands in for the programs of Windows PE in wine's cmd.
 *
 * Copied as diskpart.exe, dism.exe and so on it appends its command line to
 * X:\stub\log.txt (of diskpart also the script), prints X:\stub\KEY.out, and
 * ends with the number in X:\stub\KEY.rc; at its N-th call KEY.N.out and KEY.N.rc
 * come first.  KEY is
 * the program's name, of some with what it is asked for: diskpart-list,
 * diskpart-detail-0, diskpart-clean, dism-Apply-Image, bcdedit-enum, net-use,
 * netsh-set ...
 *
 * curl really speaks HTTP, to the address in X:\stub\server; a transfer to be
 * resumed is cut after as many octets as X:\stub\cut says, and nobody is reached
 * by a request that holds the words in X:\stub\away.  certutil really hashes, dism
 * puts a registry file on W: if there is no X:\stub\empty, net use takes what somebody
 * has typed, and ping waits next to nothing.
 */
#include <winsock2.h>

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wincrypt.h>
#include <windows.h>

#define LARGEST (4 << 20)

static char name[64], key[128];

static char *slurp(const char *path, long *len)
{
	FILE *f = fopen(path, "rb");
	char *text = calloc(1, LARGEST + 1);
	size_t n;

	if (!f || !text)
		return NULL;
	n = fread(text, 1, LARGEST, f);
	fclose(f);
	text[n] = '\0';
	if (len)
		*len = (long)n;
	return text;
}

static char *stub_octets(const char *which, const char *suffix, long *len)
{
	char path[300];

	snprintf(path, sizeof(path), "X:\\stub\\%s%s", which, suffix);
	return slurp(path, len);
}

static char *stub_file(const char *which, const char *suffix)
{
	return stub_octets(which, suffix, NULL);
}

static long stub_number(const char *which, const char *suffix, long otherwise)
{
	char *text = stub_file(which, suffix);

	return text ? strtol(text, NULL, 10) : otherwise;
}

static void append(const char *text)
{
	FILE *f = fopen("X:\\stub\\log.txt", "ab");

	if (!f)
		exit(99);
	fprintf(f, "%s\r\n", text);
	fclose(f);
}

static long count_call(void)
{
	char path[300];
	long n = stub_number(key, ".count", 0) + 1;
	FILE *f;

	snprintf(path, sizeof(path), "X:\\stub\\%s.count", key);
	f = fopen(path, "wb");
	if (!f)
		exit(99);
	fprintf(f, "%ld", n);
	fclose(f);
	return n;
}

/* ---- what the others do ---- */

static const char *argument(int count, char **arg, const char *after)
{
	for (int i = 1; i + 1 < count; i++)
		if (strcmp(arg[i], after) == 0)
			return arg[i + 1];
	return NULL;
}

static void diskpart(int count, char **arg)
{
	const char *path = argument(count, arg, "/s");
	char *script = path ? slurp(path, NULL) : NULL, *line;

	if (!script)
		exit(98);
	if (strstr(script, "clean"))
		snprintf(key, sizeof(key), "diskpart-clean");
	else if ((line = strstr(script, "select disk ")) && strstr(script, "detail"))
		snprintf(key, sizeof(key), "diskpart-detail-%d", atoi(line + 12));
	else
		snprintf(key, sizeof(key), "diskpart-list");
	for (line = strtok(script, "\r\n"); line; line = strtok(NULL, "\r\n")) {
		char shown[256];

		snprintf(shown, sizeof(shown), "  %s", line);
		append(shown);
	}
}

static void dism(int count, char **arg)
{
	static const char *const verb[] = { "/Apply-Image", "/Add-Driver",
					    "/Add-Package" };

	for (int i = 1; i < count; i++)
		for (size_t v = 0; v < 3; v++)
			if (strcmp(arg[i], verb[v]) == 0)
				snprintf(key, sizeof(key), "dism-%s", verb[v] + 1);
}

/* How often the script has told of progress. */
static int told(void)
{
	char *log = slurp("X:\\stub\\log.txt", NULL), *p = log;
	int n = 0;

	while (p && (p = strstr(p, "share="))) {
		n++;
		p++;
	}
	free(log);
	return n;
}

/* A bar as dism draws it; at its half it waits until that has been told. */
static void dism_apply(void)
{
	static const char *const folder[] = { "W:\\Windows", "W:\\Windows\\System32",
					      "W:\\Windows\\System32\\config" };
	int before;
	FILE *f;

	printf("\r[===                  10.0%% ]\r[==========           50.0%% ]");
	fflush(stdout);
	before = told();
	for (int i = 0; i < 600 && stub_number(key, ".watched", 0); i++) {
		if (told() >= before + 2)
			break;
		Sleep(100);
	}
	printf("\r[==================== 100.0%% ]");
	printf("\r\n");
	for (size_t i = 0; i < 3; i++)
		CreateDirectoryA(folder[i], NULL);
	if (stub_file("empty", ""))
		return;
	f = fopen("W:\\Windows\\System32\\config\\SYSTEM", "wb");
	if (f)
		fclose(f);
}

static void certutil(const char *path)
{
	long len;
	char *octets = slurp(path, &len);
	HCRYPTPROV provider;
	HCRYPTHASH hash;
	BYTE digest[32];
	DWORD size = sizeof(digest);

	if (!octets ||
	    !CryptAcquireContextA(&provider, NULL, NULL, PROV_RSA_AES,
				  CRYPT_VERIFYCONTEXT) ||
	    !CryptCreateHash(provider, CALG_SHA_256, 0, 0, &hash) ||
	    !CryptHashData(hash, (BYTE *)octets, (DWORD)len, 0) ||
	    !CryptGetHashParam(hash, HP_HASHVAL, digest, &size, 0))
		exit(97);
	printf("SHA256 hash of %s:\r\n", path);
	for (DWORD i = 0; i < size; i++)
		printf("%02x", digest[i]);
	printf("\r\nCertUtil: -hashfile command completed successfully.\r\n");
}

/* ---- curl ---- */

static struct {
	const char *url, *out, *format, *type;
	char *body;
	size_t len;
	long resume;
	int fail, post;
} ask;

static void body_add(const char *text, size_t len)
{
	ask.body = realloc(ask.body, ask.len + len + 1);
	if (!ask.body)
		exit(99);
	memcpy(ask.body + ask.len, text, len);
	ask.len += len;
	ask.body[ask.len] = '\0';
}

static void body_encode(const char *text, size_t len)
{
	char octet[4];

	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		snprintf(octet, sizeof(octet), isalnum(c) ? "%c" : "%%%02X", c);
		body_add(octet, strlen(octet));
	}
}

/* NAME=TEXT or NAME@FILE */
static void data_urlencode(const char *what)
{
	size_t n = strcspn(what, "=@");
	long len = (long)strlen(what + n + 1);
	const char *text = what[n] == '@' ? slurp(what + n + 1, &len) : what + n + 1;

	if (!text)
		exit(26);
	if (ask.post)
		body_add("&", 1);
	body_add(what, n);
	body_add("=", 1);
	body_encode(text, (size_t)len);
	ask.post = 1;
}

static void data_binary(const char *what)
{
	long len;
	char *text = *what == '@' ? slurp(what + 1, &len) : NULL;

	if (!text)
		exit(26);
	body_add(text, (size_t)len);
	ask.post = 1;
}

static long size_of(const char *path)
{
	FILE *f = path ? fopen(path, "rb") : NULL;
	long n = 0;

	if (!f)
		return 0;
	fseek(f, 0, SEEK_END);
	n = ftell(f);
	fclose(f);
	return n;
}

static void curl_options(int count, char **arg)
{
	int resume = 0;

	ask.type = "application/x-www-form-urlencoded";
	for (int i = 1; i < count; i++) {
		const char *a = arg[i], *next = i + 1 < count ? arg[i + 1] : "";

		if (*a != '-') {
			ask.url = a;
			continue;
		}
		if (strcmp(a, "-sS") == 0)
			continue;
		if (strcmp(a, "-fsS") == 0) {
			ask.fail = 1;
			continue;
		}
		i++;
		if (strcmp(a, "-o") == 0)
			ask.out = next;
		else if (strcmp(a, "-w") == 0)
			ask.format = next;
		else if (strcmp(a, "-H") == 0)
			ask.type = next + strlen("Content-Type: ");
		else if (strcmp(a, "-C") == 0)
			resume = 1;
		else if (strcmp(a, "--data-urlencode") == 0)
			data_urlencode(next);
		else if (strcmp(a, "--data-binary") == 0)
			data_binary(next);
		else if (strncmp(a, "--", 2) != 0)
			exit(2);
	}
	if (resume)
		ask.resume = size_of(ask.out);
}

static SOCKET dial(void)
{
	char *server = stub_file("server", "");
	struct sockaddr_in to = { .sin_family = AF_INET };
	WSADATA data;
	SOCKET s;

	if (!server)
		exit(7);
	WSAStartup(MAKEWORD(2, 2), &data);
	to.sin_addr.s_addr = inet_addr(strtok(server, ":\r\n"));
	to.sin_port = htons((u_short)atoi(strtok(NULL, ":\r\n")));
	s = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
	if (connect(s, (struct sockaddr *)&to, sizeof(to)) != 0)
		exit(7);
	return s;
}

static void send_all(SOCKET s, const char *text, size_t len)
{
	while (len > 0) {
		int n = send(s, text, (int)len, 0);

		if (n <= 0)
			exit(55);
		text += n;
		len -= (size_t)n;
	}
}

static void send_request(SOCKET s)
{
	const char *path = strchr(strstr(ask.url, "://") + 3, '/');
	char head[2048];

	snprintf(head, sizeof(head),
		 "%s %s HTTP/1.0\r\nHost: x\r\nContent-Length: %lu\r\n",
		 ask.post ? "POST" : "GET", path, (unsigned long)ask.len);
	send_all(s, head, strlen(head));
	if (ask.post) {
		snprintf(head, sizeof(head), "Content-Type: %s\r\n", ask.type);
		send_all(s, head, strlen(head));
	}
	if (ask.resume) {
		snprintf(head, sizeof(head), "Range: bytes=%ld-\r\n", ask.resume);
		send_all(s, head, strlen(head));
	}
	send_all(s, "\r\n", 2);
	if (ask.len)
		send_all(s, ask.body, ask.len);
}

static char *receive(SOCKET s, long *len)
{
	char *text = calloc(1, LARGEST + 1);
	int n;

	*len = 0;
	while (text && *len < LARGEST &&
	       (n = recv(s, text + *len, (int)(LARGEST - *len), 0)) > 0)
		*len += n;
	closesocket(s);
	if (!text || *len < 12)
		exit(52);
	return text;
}

static int curl(int count, char **arg)
{
	long len, status, cut = stub_number("cut", "", 0), n;
	char *text, *body, *away;
	int result = 0;
	SOCKET s;
	FILE *f;

	curl_options(count, arg);
	away = stub_file("away", "");
	if (away && strstr(GetCommandLineA(), strtok(away, "\r\n")))
		return 7;
	s = dial();
	send_request(s);
	text = receive(s, &len);
	status = strtol(text + 9, NULL, 10);
	body = strstr(text, "\r\n\r\n");
	if (!body)
		return 8;
	body += 4;
	n = len - (long)(body - text);
	if (ask.fail && status >= 400) {
		fprintf(stderr, "curl: (22) status %ld\n", status);
		return 22;
	}
	if (ask.resume && status != 206)
		return 33;
	if (cut && ask.fail && n > cut) {
		n = cut;
		result = 28;
	}
	f = ask.out ? fopen(ask.out, ask.resume ? "ab" : "wb") : stdout;
	if (!f || fwrite(body, 1, (size_t)n, f) != (size_t)n)
		return 23;
	if (ask.out)
		fclose(f);
	if (ask.format)
		printf("%ld\n", status);
	return result;
}

int main(int count, char **arg)
{
	char self[MAX_PATH], suffix[32], *dot, *out;
	long n, code, len = 0;

	GetModuleFileNameA(NULL, self, sizeof(self));
	snprintf(name, sizeof(name), "%s", strrchr(self, '\\') + 1);
	if ((dot = strrchr(name, '.')))
		*dot = '\0';
	snprintf(key, sizeof(key), "%s", name);
	if (strcmp(name, "ping") == 0) {
		Sleep(5);
		return 0;
	}
	append(GetCommandLineA());
	if (strcmp(name, "diskpart") == 0)
		diskpart(count, arg);
	else if (strcmp(name, "dism") == 0)
		dism(count, arg);
	else if (strcmp(name, "bcdedit") == 0 && count > 1)
		snprintf(key, sizeof(key), "bcdedit-%.20s", arg[1] + 1);
	else if (strcmp(name, "net") == 0 && count > 1)
		snprintf(key, sizeof(key), "net-%.20s", arg[1]);
	else if (strcmp(name, "netsh") == 0 && count > 3)
		snprintf(key, sizeof(key), "netsh-%.20s", arg[3]);
	n = count_call();
	snprintf(suffix, sizeof(suffix), ".%ld.out", n);
	out = stub_octets(key, suffix, &len);
	if (!out)
		out = stub_octets(key, ".out", &len);
	if (out)
		fwrite(out, 1, (size_t)len, stdout);
	if (strcmp(key, "net-use") == 0 && getchar() != EOF)
		append("somebody was asked");
	snprintf(suffix, sizeof(suffix), ".%ld.rc", n);
	code = stub_number(key, suffix, stub_number(key, ".rc", 0));
	if (code)
		return (int)code;
	if (strcmp(name, "curl") == 0)
		return curl(count, arg);
	if (strcmp(name, "certutil") == 0 && count > 2)
		certutil(arg[2]);
	if (strcmp(key, "dism-Apply-Image") == 0)
		dism_apply();
	return 0;
}
