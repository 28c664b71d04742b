// SPDX-License-Identifier: MIT
#include "include/board.h"

int board_revision(void)
{
	return 2;
}

void board_setup(int revision)
{
	(void)revision;
}
