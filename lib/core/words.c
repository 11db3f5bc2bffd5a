#include "lib/core/words.h"

#include <string.h>

int words_find(const char *const words[], size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}
