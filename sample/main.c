// SPDX-License-Identifier: MIT
#include "include/board.h"

extern char end_of_text[];

/* The compiler believes this 0, whatever strong definition is linked later. */
const int log_level __attribute__((weak)) = 0;

int main(void)
{
	if (board_setup)
		board_setup(1);
	return log_level + (end_of_text == 0);
}
