/*
 * The compiler of generated trees. Its environment says which one it is (REAL_CC, REAL_LEVEL), so that a tree that was configured
 * once is built by many, and where objects are kept that several builds share (REAL_CACHE): an object is taken from there when
 * the compiler, its arguments, the source and what it includes are the same.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t hash = 14695981039346656037u;
static char *arguments[1000];
static int count;

static void add_hash(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
	hash = (hash ^ 0xff) * 1099511628211u;
}

static char *read_whole(const char *path, size_t *length)
{
	int file = open(path, O_RDONLY);
	struct stat status;
	char *text;

	if (file < 0)
		return NULL;
	if (fstat(file, &status) < 0 || !S_ISREG(status.st_mode)) {
		close(file);
		return NULL;
	}
	text = malloc(status.st_size + 1);
	*length = read(file, text, status.st_size);
	text[*length] = 0;
	close(file);
	return text;
}

static void add_file(const char *path, int depth);

/* Every file of the name below the folders that are searched; which of them is meant does not matter here. */
static void add_includes(const char *path, const char *text, int depth)
{
	for (const char *at = text; (at = strstr(at, "#include")) != NULL; at++) {
		char name[500], found[1500];
		const char *slash = strrchr(path, '/');

		if (sscanf(at, "#include %*1[<\"]%400[^>\"]", name) != 1)
			continue;
		snprintf(found, sizeof(found), "%.*s%s", slash ? (int)(slash - path + 1) : 0, path, name);
		add_file(found, depth + 1);
		for (int i = 1; i < count; i++) {
			if (strncmp(arguments[i], "-I", 2) != 0)
				continue;
			snprintf(found, sizeof(found), "%s/%s", arguments[i] + 2, name);
			add_file(found, depth + 1);
		}
	}
}

static void add_file(const char *path, int depth)
{
	size_t length;
	char *text = depth > 4 ? NULL : read_whole(path, &length);

	if (text == NULL)
		return;
	add_hash(path, strlen(path));
	add_hash(text, length);
	add_includes(path, text, depth);
	free(text);
}

static int copy(const char *from, const char *to)
{
	size_t length;
	char *text = read_whole(from, &length);
	int file, result;

	if (text == NULL)
		return -1;
	unlink(to);
	file = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	result = write(file, text, length) == (ssize_t)length ? 0 : -1;
	close(file);
	free(text);
	return result;
}

static void run(const char *compiler, const char *level, int links)
{
	char *all[1010];
	int n = 0;

	all[n++] = (char *)compiler;
	all[n++] = (char *)level;
	if (links && strncmp(compiler, "clang", 5) == 0)
		all[n++] = "-fuse-ld=lld";
	for (int i = 1; i < count; i++)
		all[n++] = arguments[i];
	all[n] = NULL;
	execvp(compiler, all);
	perror(compiler);
	_exit(127);
}

int main(int argc, char **argv)
{
	const char *compiler = getenv("REAL_CC"), *level = getenv("REAL_LEVEL"), *cache = getenv("REAL_CACHE");
	const char *source = argv[argc - 1], *output = NULL, *name, *said_where;
	int compiles = 0, preprocesses = 0, optimizes = 0, is_known, depends, status;
	char object[1000], said[1000], made[1000];
	size_t length;
	char *text;
	pid_t child;

	if (compiler == NULL || *compiler == 0)
		compiler = "gcc-12";
	if (level == NULL)
		level = "-O0";
	for (count = 0; count < argc && count < 999; count++)
		arguments[count] = argv[count];
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "-c") == 0)
			compiles = 1;
		else if (strcmp(argv[i], "-E") == 0 || strcmp(argv[i], "--version") == 0 || argv[i][0] == '@')
			preprocesses = 1;
		else if (strcmp(argv[i], "-flto") == 0)
			optimizes = 1;
		else if (strcmp(argv[i], "-o") == 0 && i + 1 < argc)
			output = argv[i + 1];
	}
	if (!compiles)
		run(compiler, level, !preprocesses);
	name = strrchr(source, '/');
	name = name ? name + 1 : source;
	length = strlen(name);
	is_known = length > 2 && (strcmp(name + length - 2, ".c") == 0 || strcmp(name + length - 2, ".S") == 0);
	/* What no fix looks into is compiled but once, whichever compiler is under test. */
	if (is_known && (name[length - 1] == 'S' || (!optimizes && strstr(name, "_weak") == NULL && !(name[0] == 'g' && name[1] >= '0' && name[1] <= '9')))) {
		compiler = "gcc-12";
		level = "-O1";
	}
	if (!is_known || output == NULL || cache == NULL || (text = read_whole(source, &length)) == NULL)
		run(compiler, level, 0);
	depends = strstr(text, "CONFIG_STRONG") != NULL || strstr(text, "CONFIG_OPTION") != NULL;
	add_hash(compiler, strlen(compiler));
	add_hash(level, strlen(level));
	if (depends && getenv("REAL_VARIANT"))
		add_hash(getenv("REAL_VARIANT"), strlen(getenv("REAL_VARIANT")));
	for (int i = 1; i < argc; i++) {
		int is_output = i > 1 && strcmp(argv[i - 1], "-o") == 0;

		if (is_output || (!depends && strncmp(argv[i], "-DCONFIG_", 9) == 0))
			continue;
		add_hash(argv[i], strlen(argv[i]));
	}
	add_file(source, 0);
	snprintf(object, sizeof(object), "%s/%016lx.o", cache, (unsigned long)hash);
	snprintf(said, sizeof(said), "%s/%016lx.said", cache, (unsigned long)hash);
	said_where = said;
	if (access(object, R_OK) == 0 && copy(object, output) == 0) {
		text = read_whole(said, &length);
		if (text != NULL)
			status = write(2, text, length);
		return 0;
	}
	snprintf(made, sizeof(made), "%s/%d.said", cache, (int)getpid());
	child = fork();
	if (child == 0) {
		int file = open(made, O_WRONLY | O_CREAT | O_TRUNC, 0644);

		dup2(file, 2);
		run(compiler, level, 0);
	}
	waitpid(child, &status, 0);
	text = read_whole(made, &length);
	if (text != NULL && write(2, text, length) < 0)
		return 1;
	if (status != 0)
		return 1;
	rename(made, said_where);
	snprintf(made, sizeof(made), "%s/%d.o", cache, (int)getpid());
	if (copy(output, made) == 0)
		rename(made, object);
	return 0;
}
