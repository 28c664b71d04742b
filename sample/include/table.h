/* SPDX-License-Identifier: MIT */
#ifndef TABLE_H
#define TABLE_H

#include "compiler.h"

/* The tables are generated from the linked program, so the first link has none. */
extern const unsigned char table_names[] __weak;
extern const unsigned short table_index[] __weak;

/* Keep the count out of the small data section. */
extern const unsigned int table_size
__section(".rodata") __attribute__((weak));

extern unsigned int find_name(const char *name);

#endif
