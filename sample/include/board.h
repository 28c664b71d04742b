/* SPDX-License-Identifier: MIT */
#ifndef BOARD_H
#define BOARD_H

#include "compiler.h"

extern void board_setup(int revision) __weak;

/* Every board defines this one; the attribute makes those definitions weak. */
extern int board_revision(void) __weak;

#endif
