// SPDX-License-Identifier: MIT
#include "include/table.h"

#define BUG_ON(condition) do { if (condition) __builtin_trap(); } while (0)

unsigned int find_name(const char *name)
{
	unsigned int i;

	/* A program without tables was never meant to run. */
	BUG_ON(!table_names);

	for (i = 0; i < table_size; i++) {
		if (table_names[table_index[i]] == (unsigned char)name[0])
			return i;
	}
	return table_size;
}
