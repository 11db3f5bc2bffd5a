#include "config.h"

#include "lib/core/winlocale.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct locale {
	const char *tag;
	uint16_t lcid;
} locales[] = {
	{ "af-ZA", 0x0436 },      { "am-ET", 0x045e },          { "ar-AE", 0x3801 },
	{ "ar-BH", 0x3c01 },      { "ar-DZ", 0x1401 },          { "ar-EG", 0x0c01 },
	{ "ar-IQ", 0x0801 },      { "ar-JO", 0x2c01 },          { "ar-KW", 0x3401 },
	{ "ar-LB", 0x3001 },      { "ar-LY", 0x1001 },          { "ar-MA", 0x1801 },
	{ "ar-OM", 0x2001 },      { "ar-QA", 0x4001 },          { "ar-SA", 0x0401 },
	{ "ar-SY", 0x2801 },      { "ar-TN", 0x1c01 },          { "ar-YE", 0x2401 },
	{ "as-IN", 0x044d },      { "az-Cyrl-AZ", 0x082c },     { "az-Latn-AZ", 0x042c },
	{ "ba-RU", 0x046d },      { "be-BY", 0x0423 },          { "bg-BG", 0x0402 },
	{ "bn-BD", 0x0845 },      { "bn-IN", 0x0445 },          { "bo-CN", 0x0451 },
	{ "br-FR", 0x047e },      { "bs-Cyrl-BA", 0x201a },     { "bs-Latn-BA", 0x141a },
	{ "ca-ES", 0x0403 },      { "ca-ES-valencia", 0x0803 }, { "chr-Cher-US", 0x045c },
	{ "co-FR", 0x0483 },      { "cs-CZ", 0x0405 },          { "cy-GB", 0x0452 },
	{ "da-DK", 0x0406 },      { "de-AT", 0x0c07 },          { "de-CH", 0x0807 },
	{ "de-DE", 0x0407 },      { "de-LI", 0x1407 },          { "de-LU", 0x1007 },
	{ "dsb-DE", 0x082e },     { "dz-BT", 0x0c51 },          { "el-GR", 0x0408 },
	{ "en-029", 0x2409 },     { "en-AU", 0x0c09 },          { "en-BZ", 0x2809 },
	{ "en-CA", 0x1009 },      { "en-GB", 0x0809 },          { "en-HK", 0x3c09 },
	{ "en-IE", 0x1809 },      { "en-IN", 0x4009 },          { "en-JM", 0x2009 },
	{ "en-MY", 0x4409 },      { "en-NZ", 0x1409 },          { "en-PH", 0x3409 },
	{ "en-SG", 0x4809 },      { "en-TT", 0x2c09 },          { "en-US", 0x0409 },
	{ "en-ZA", 0x1c09 },      { "en-ZW", 0x3009 },          { "es-419", 0x580a },
	{ "es-AR", 0x2c0a },      { "es-BO", 0x400a },          { "es-CL", 0x340a },
	{ "es-CO", 0x240a },      { "es-CR", 0x140a },          { "es-CU", 0x5c0a },
	{ "es-DO", 0x1c0a },      { "es-EC", 0x300a },          { "es-ES", 0x0c0a },
	{ "es-GT", 0x100a },      { "es-HN", 0x480a },          { "es-MX", 0x080a },
	{ "es-NI", 0x4c0a },      { "es-PA", 0x180a },          { "es-PE", 0x280a },
	{ "es-PR", 0x500a },      { "es-PY", 0x3c0a },          { "es-SV", 0x440a },
	{ "es-US", 0x540a },      { "es-UY", 0x380a },          { "es-VE", 0x200a },
	{ "et-EE", 0x0425 },      { "eu-ES", 0x042d },          { "fa-IR", 0x0429 },
	{ "ff-Latn-SN", 0x0867 }, { "fi-FI", 0x040b },          { "fil-PH", 0x0464 },
	{ "fo-FO", 0x0438 },      { "fr-BE", 0x080c },          { "fr-CA", 0x0c0c },
	{ "fr-CD", 0x240c },      { "fr-CH", 0x100c },          { "fr-CI", 0x300c },
	{ "fr-CM", 0x2c0c },      { "fr-FR", 0x040c },          { "fr-HT", 0x3c0c },
	{ "fr-LU", 0x140c },      { "fr-MA", 0x380c },          { "fr-MC", 0x180c },
	{ "fr-ML", 0x340c },      { "fr-RE", 0x200c },          { "fr-SN", 0x280c },
	{ "fy-NL", 0x0462 },      { "ga-IE", 0x083c },          { "gd-GB", 0x0491 },
	{ "gl-ES", 0x0456 },      { "gsw-FR", 0x0484 },         { "gu-IN", 0x0447 },
	{ "ha-Latn-NG", 0x0468 }, { "haw-US", 0x0475 },         { "he-IL", 0x040d },
	{ "hi-IN", 0x0439 },      { "hr-BA", 0x101a },          { "hr-HR", 0x041a },
	{ "hsb-DE", 0x042e },     { "hu-HU", 0x040e },          { "hy-AM", 0x042b },
	{ "id-ID", 0x0421 },      { "ig-NG", 0x0470 },          { "ii-CN", 0x0478 },
	{ "is-IS", 0x040f },      { "it-CH", 0x0810 },          { "it-IT", 0x0410 },
	{ "ja-JP", 0x0411 },      { "ka-GE", 0x0437 },          { "kk-KZ", 0x043f },
	{ "kl-GL", 0x046f },      { "km-KH", 0x0453 },          { "kn-IN", 0x044b },
	{ "ko-KR", 0x0412 },      { "kok-IN", 0x0457 },         { "ku-Arab-IQ", 0x0492 },
	{ "ky-KG", 0x0440 },      { "lb-LU", 0x046e },          { "lo-LA", 0x0454 },
	{ "lt-LT", 0x0427 },      { "lv-LV", 0x0426 },          { "mi-NZ", 0x0481 },
	{ "mk-MK", 0x042f },      { "ml-IN", 0x044c },          { "mn-MN", 0x0450 },
	{ "mr-IN", 0x044e },      { "ms-BN", 0x083e },          { "ms-MY", 0x043e },
	{ "mt-MT", 0x043a },      { "my-MM", 0x0455 },          { "nb-NO", 0x0414 },
	{ "ne-IN", 0x0861 },      { "ne-NP", 0x0461 },          { "nl-BE", 0x0813 },
	{ "nl-NL", 0x0413 },      { "nn-NO", 0x0814 },          { "nso-ZA", 0x046c },
	{ "oc-FR", 0x0482 },      { "om-ET", 0x0472 },          { "or-IN", 0x0448 },
	{ "pa-Arab-PK", 0x0846 }, { "pa-IN", 0x0446 },          { "pl-PL", 0x0415 },
	{ "prs-AF", 0x048c },     { "ps-AF", 0x0463 },          { "pt-BR", 0x0416 },
	{ "pt-PT", 0x0816 },      { "quz-BO", 0x046b },         { "quz-EC", 0x086b },
	{ "quz-PE", 0x0c6b },     { "rm-CH", 0x0417 },          { "ro-MD", 0x0818 },
	{ "ro-RO", 0x0418 },      { "ru-MD", 0x0819 },          { "ru-RU", 0x0419 },
	{ "rw-RW", 0x0487 },      { "sa-IN", 0x044f },          { "sah-RU", 0x0485 },
	{ "sd-Arab-PK", 0x0859 }, { "se-FI", 0x0c3b },          { "se-NO", 0x043b },
	{ "se-SE", 0x083b },      { "si-LK", 0x045b },          { "sk-SK", 0x041b },
	{ "sl-SI", 0x0424 },      { "smn-FI", 0x243b },         { "so-SO", 0x0477 },
	{ "sq-AL", 0x041c },      { "sr-Cyrl-BA", 0x1c1a },     { "sr-Cyrl-ME", 0x301a },
	{ "sr-Cyrl-RS", 0x281a }, { "sr-Latn-BA", 0x181a },     { "sr-Latn-ME", 0x2c1a },
	{ "sr-Latn-RS", 0x241a }, { "sv-FI", 0x081d },          { "sv-SE", 0x041d },
	{ "sw-KE", 0x0441 },      { "ta-IN", 0x0449 },          { "ta-LK", 0x0849 },
	{ "te-IN", 0x044a },      { "tg-Cyrl-TJ", 0x0428 },     { "th-TH", 0x041e },
	{ "ti-ER", 0x0873 },      { "ti-ET", 0x0473 },          { "tk-TM", 0x0442 },
	{ "tn-ZA", 0x0432 },      { "tr-TR", 0x041f },          { "tt-RU", 0x0444 },
	{ "ug-CN", 0x0480 },      { "uk-UA", 0x0422 },          { "ur-IN", 0x0820 },
	{ "ur-PK", 0x0420 },      { "uz-Cyrl-UZ", 0x0843 },     { "uz-Latn-UZ", 0x0443 },
	{ "vi-VN", 0x042a },      { "wo-SN", 0x0488 },          { "xh-ZA", 0x0434 },
	{ "yo-NG", 0x046a },      { "zh-CN", 0x0804 },          { "zh-HK", 0x0c04 },
	{ "zh-MO", 0x1404 },      { "zh-SG", 0x1004 },          { "zh-TW", 0x0404 },
	{ "zu-ZA", 0x0435 },
};

/* Where POSIX says less than Windows wants: the script, or a country of its own. */
static const struct alias {
	const char *locale, *tag;
} aliases[] = {
	{ "C", "en-US" },
	{ "POSIX", "en-US" },
	{ "az-AZ", "az-Latn-AZ" },
	{ "bs-BA", "bs-Latn-BA" },
	{ "ckb-IQ", "ku-Arab-IQ" },
	{ "ha-NG", "ha-Latn-NG" },
	{ "sr-ME", "sr-Latn-ME" },
	{ "sr-RS", "sr-Cyrl-RS" },
	{ "sr-RS@latin", "sr-Latn-RS" },
	{ "ca-ES@valencia", "ca-ES-valencia" },
	{ "tg-TJ", "tg-Cyrl-TJ" },
	{ "uz-UZ", "uz-Latn-UZ" },
	{ "uz-UZ@cyrillic", "uz-Cyrl-UZ" },
};

/* As xkb names them, a variant behind a hyphen; jp, kr, cn, tw are input methods. */
static const struct keyboard {
	const char *name;
	uint16_t lcid; /* of the people who have it */
	const char *layout;
} keyboards[] = {
	{ "us", 0x0409, "00000409" },
	{ "dvorak", 0x0409, "00010409" },
	{ "us-dvorak", 0x0409, "00010409" },
	{ "us-intl", 0x0409, "00020409" },
	{ "gb", 0x0809, "00000809" },
	{ "uk", 0x0809, "00000809" },
	{ "ie", 0x1809, "00001809" },
	{ "ca", 0x0c0c, "00001009" },
	{ "ca-multix", 0x0c0c, "00011009" },
	{ "de", 0x0407, "00000407" },
	{ "at", 0x0c07, "00000407" },
	{ "ch", 0x0807, "00000807" },
	{ "ch-fr", 0x100c, "0000100c" },
	{ "fr_CH", 0x100c, "0000100c" },
	{ "fr", 0x040c, "0000040c" },
	{ "be", 0x080c, "0000080c" },
	{ "be-nl", 0x0813, "00000813" },
	{ "lu", 0x046e, "0000046e" },
	{ "nl", 0x0413, "00020409" },
	{ "es", 0x0c0a, "0000040a" },
	{ "latam", 0x080a, "0000080a" },
	{ "pt", 0x0816, "00000816" },
	{ "br", 0x0416, "00010416" },
	{ "it", 0x0410, "00000410" },
	{ "mt", 0x043a, "0000043a" },
	{ "dk", 0x0406, "00000406" },
	{ "fo", 0x0438, "00000438" },
	{ "no", 0x0414, "00000414" },
	{ "se", 0x041d, "0000041d" },
	{ "fi", 0x040b, "0000040b" },
	{ "is", 0x040f, "0000040f" },
	{ "pl", 0x0415, "00000415" },
	{ "cz", 0x0405, "00000405" },
	{ "cz-qwerty", 0x0405, "00010405" },
	{ "sk", 0x041b, "0000041b" },
	{ "sk-qwerty", 0x041b, "0001041b" },
	{ "hu", 0x040e, "0000040e" },
	{ "ro", 0x0418, "00010418" },
	{ "bg", 0x0402, "00030402" },
	{ "bg-phonetic", 0x0402, "00040402" },
	{ "hr", 0x041a, "0000041a" },
	{ "si", 0x0424, "00000424" },
	{ "ba", 0x141a, "0000041a" },
	{ "rs", 0x281a, "00000c1a" },
	{ "rs-latin", 0x241a, "0000081a" },
	{ "mk", 0x042f, "0001042f" },
	{ "al", 0x041c, "0000041c" },
	{ "gr", 0x0408, "00000408" },
	{ "tr", 0x041f, "0000041f" },
	{ "tr-f", 0x041f, "0001041f" },
	{ "ru", 0x0419, "00000419" },
	{ "ru-phonetic", 0x0419, "00020419" },
	{ "ua", 0x0422, "00020422" },
	{ "by", 0x0423, "00000423" },
	{ "lt", 0x0427, "00010427" },
	{ "lv", 0x0426, "00020426" },
	{ "ee", 0x0425, "00000425" },
	{ "kz", 0x043f, "0000043f" },
	{ "kg", 0x0440, "00000440" },
	{ "az", 0x042c, "0000042c" },
	{ "uz", 0x0843, "00000843" },
	{ "tj", 0x0428, "00000428" },
	{ "tm", 0x0442, "00000442" },
	{ "mn", 0x0450, "00000450" },
	{ "ge", 0x0437, "00010437" },
	{ "am", 0x042b, "0002042b" },
	{ "il", 0x040d, "0002040d" },
	{ "ara", 0x0401, "00000401" },
	{ "iq", 0x0801, "00000401" },
	{ "sy", 0x2801, "00000401" },
	{ "ir", 0x0429, "00000429" },
	{ "af", 0x0463, "00000463" },
	{ "pk", 0x0420, "00000420" },
	{ "in-eng", 0x4009, "00004009" },
	{ "in", 0x0439, "00010439" },
	{ "np", 0x0461, "00000461" },
	{ "bd", 0x0445, "00000445" },
	{ "lk", 0x045b, "0000045b" },
	{ "th", 0x041e, "0000041e" },
	{ "la", 0x0454, "00000454" },
	{ "kh", 0x0453, "00000453" },
	{ "mm", 0x0455, "00130c00" },
	{ "vn", 0x042a, "0000042a" },
	{ "za", 0x1c09, "00000409" },
	{ "jp", 0x0411,
	  "{03B5835F-F03C-411B-9CE2-AA23E1171E36}{A76C93D9-5523-4E90-AAFA-"
	  "4DB112F9AC76}" },
	{ "kr", 0x0412,
	  "{A028AE76-01B1-46C2-99C4-ACD9858AE02F}{B5FE1F02-D5F2-4445-9C03-"
	  "C568F23C99A1}" },
	{ "cn", 0x0804,
	  "{81D4E9C9-1D3B-41BC-9E6C-4B40BF79E35E}{FA550B04-5AD7-411F-A5AC-"
	  "CA038EC515D7}" },
	{ "tw", 0x0404,
	  "{B115690A-EA02-48D5-A231-E3578D2FDF80}{B2F9C502-1742-11D4-9790-"
	  "0080C882687E}" },
};

static const struct locale *find_tag(const char *tag)
{
	for (size_t i = 0; i < sizeof(locales) / sizeof(locales[0]); i++)
		if (strcasecmp(locales[i].tag, tag) == 0)
			return &locales[i];
	return NULL;
}

/* de_AT.UTF-8@euro is de-AT@euro. */
static bool as_tag(const char *locale, char out[static WINLOCALE_TAG])
{
	size_t len = strcspn(locale, ".@");
	const char *modifier = strchr(locale, '@');
	int n = snprintf(out, WINLOCALE_TAG, "%.*s%s", (int)len, locale,
			 modifier ? modifier : "");

	for (char *p = out; *p; p++)
		if (*p == '_')
			*p = '-';
	return n < WINLOCALE_TAG;
}

static const struct locale *find_locale(const char *locale)
{
	char tag[WINLOCALE_TAG];
	const struct locale *found;

	if (!as_tag(locale, tag))
		return NULL;
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (strcasecmp(aliases[i].locale, tag) == 0)
			return find_tag(aliases[i].tag);
	found = find_tag(tag);
	if (found)
		return found;
	tag[strcspn(tag, "@")] = '\0'; /* @euro and the like are nothing to Windows */
	return find_tag(tag);
}

const char *winlocale_tag(const char *locale)
{
	const struct locale *found = find_locale(locale);

	return found ? found->tag : NULL;
}

/* 0407:00000407, as Windows itself writes it. */
static bool is_input(const char *text)
{
	for (size_t i = 0; i < 13; i++)
		if (i == 4 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
			return false;
	return text[13] == '\0';
}

static const struct keyboard *find_keyboard(const char *name)
{
	for (size_t i = 0; i < sizeof(keyboards) / sizeof(keyboards[0]); i++)
		if (strcasecmp(keyboards[i].name, name) == 0)
			return &keyboards[i];
	return NULL;
}

bool winlocale_input(const char *keyboard, const char *locale,
		     char out[static WINLOCALE_INPUT])
{
	const struct locale *people = *locale ? find_locale(locale) : NULL;
	const struct locale *theirs = find_locale(keyboard);
	const struct keyboard *found = find_keyboard(keyboard);
	bool method = found && *found->layout == '{';

	if (found)
		snprintf(out, WINLOCALE_INPUT, "%04x:%s",
			 people && !method ? people->lcid : found->lcid, found->layout);
	else if (is_input(keyboard) || theirs)
		snprintf(out, WINLOCALE_INPUT, "%s", theirs ? theirs->tag : keyboard);
	else
		return false;
	return true;
}
