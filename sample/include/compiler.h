/* SPDX-License-Identifier: MIT */
#ifndef COMPILER_H
#define COMPILER_H

#define __weak __attribute__((__weak__))
#define __section(name) __attribute__((__section__(name)))

#endif
