/*
 * References of every kind that assemblers write against a section when the symbol is local. Compiled twice: LOCAL is
 * static, or it is hidden visibility, which gives the same code and keeps the names in the relocations.
 */

typedef struct {
	int first;
	long second;
	short third[9];
} record;

LOCAL volatile int number;
LOCAL volatile unsigned char byte_value;
LOCAL volatile short short_value = 3;
LOCAL volatile long long_value = 4;
LOCAL record one_record;
LOCAL volatile record records[5] = {{1, 2, {3}}};
LOCAL int in_zero[7];
LOCAL const char *const texts[3] = {"one", "two", "three"};

LOCAL __attribute__((noinline)) int first_function(int a)
{
	return a + number;
}

LOCAL __attribute__((noinline)) int second_function(int a)
{
	return a * number + in_zero[a];
}

LOCAL int (*const functions[2])(int) = {first_function, second_function};
LOCAL void *pointers[4] = {&number, (void *)&records[2].third[4], &one_record.second, pointers};

extern int external(const void *, ...);
extern int elsewhere __attribute__((weak));

int all(int a)
{
	number = 0x12345;
	number += 7;
	if (number == 3)
		external((const void *)&number);
	byte_value = 9;
	byte_value |= 4;
	if (byte_value & 2)
		external((const void *)&byte_value);
	short_value = 0x1234;
	short_value += 0x101;
	if (short_value == 0x333)
		external((const void *)&short_value);
	long_value = 0x12345678;
	if (long_value & 0x1000)
		external((const void *)&long_value);
	long_value <<= 3;
	one_record.first = 1;
	one_record.third[3] = a;
	records[3].second = 5;
	records[a].first = 6;
	external(texts, texts[a], &one_record, records, functions, pointers, in_zero + 2);
	if (&elsewhere)
		external(&elsewhere);
	return first_function(a) + second_function(a + 1) + functions[a & 1](a);
}
