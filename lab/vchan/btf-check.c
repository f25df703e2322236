// SPDX-License-Identifier: GPL-2.0-only
/*
 * Compares the layout of structures that modules are built with to the one that
 * a kernel's BTF has.
 *
 *	btf-check LAYOUT FILE
 *
 * LAYOUT has lines "layout STRUCTURE MEMBER OFFSET BYTES" amid others, see
 * layout.c. FILE is the BTF itself or anything that contains it uncompressed,
 * like vmlinux or arm64's Image.
 *
 * Exit status: 0 if all is the same; 1 with a line for each difference; 2 if FILE has no
 * BTF that can be read, or lacks these structures.
 *
 * The format is that of Documentation/bpf/btf.rst.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define BTF_MAGIC	0xeb9f
#define BTF_VERSION	1

enum {
	KIND_INT = 1, KIND_PTR, KIND_ARRAY, KIND_STRUCT, KIND_UNION, KIND_ENUM,
	KIND_FWD, KIND_TYPEDEF, KIND_VOLATILE, KIND_CONST, KIND_RESTRICT,
	KIND_FUNC, KIND_FUNC_PROTO, KIND_VAR, KIND_DATASEC, KIND_FLOAT,
	KIND_DECL_TAG, KIND_TYPE_TAG, KIND_ENUM64,
};

struct header {
	uint16_t magic;
	uint8_t version;
	uint8_t flags;
	uint32_t hdr_len;
	uint32_t type_off;
	uint32_t type_len;
	uint32_t str_off;
	uint32_t str_len;
};

struct type {
	uint32_t name;
	uint32_t info;
	uint32_t size;
};

struct member {
	uint32_t name;
	uint32_t type;
	uint32_t offset;
};

struct btf {
	const uint8_t *types;
	uint32_t type_len;
	const char *strs;
	uint32_t str_len;
};

static void give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

static const uint8_t *map(const char *name, size_t *len)
{
	int fd = open(name, O_RDONLY);
	uint8_t *mem = NULL;
	struct stat st;
	size_t room = 0;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st))
		give_up("%s cannot be read", name);
	if (st.st_size) {
		mem = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
		if (mem != MAP_FAILED) {
			*len = st.st_size;
			close(fd);
			return mem;
		}
		mem = NULL;
	}
	/* sysfs on older kernels gives no mapping. */
	for (*len = 0; ; *len += n) {
		if (*len == room) {
			room = room ? 2 * room : 1 << 20;
			mem = realloc(mem, room);
			if (!mem)
				give_up("no memory for %s", name);
		}
		n = read(fd, mem + *len, room - *len);
		if (n < 0)
			give_up("%s cannot be read", name);
		if (!n)
			break;
	}
	close(fd);
	return mem;
}

/* Whether BTF begins here; more than a magic number must fit. */
static bool begins(const uint8_t *mem, size_t len, struct btf *btf)
{
	struct header h;
	uint64_t end;

	if (len < sizeof(h))
		return false;
	memcpy(&h, mem, sizeof(h));
	if (h.magic != BTF_MAGIC || h.version != BTF_VERSION || h.flags ||
	    h.hdr_len < sizeof(h) || h.hdr_len > 256 || h.type_off % 4 ||
	    !h.type_len || !h.str_len)
		return false;
	end = (uint64_t)h.hdr_len + h.str_off + h.str_len;
	if (end > len || (uint64_t)h.hdr_len + h.type_off + h.type_len > len)
		return false;
	btf->types = mem + h.hdr_len + h.type_off;
	btf->type_len = h.type_len;
	btf->strs = (const char *)mem + h.hdr_len + h.str_off;
	btf->str_len = h.str_len;
	return !btf->strs[0] && !btf->strs[h.str_len - 1];
}

/* Find the largest BTF, since test data in a kernel may look like BTF, too. */
static void find_btf(const char *name, struct btf *btf)
{
	const uint8_t magic[] = { BTF_MAGIC & 0xff, BTF_MAGIC >> 8, BTF_VERSION, 0 };
	const uint8_t *mem, *p;
	struct btf found;
	size_t len;

	mem = map(name, &len);
	memset(btf, 0, sizeof(*btf));
	for (p = mem; (p = memmem(p, len - (p - mem), magic, sizeof(magic))); p++)
		if (begins(p, len - (p - mem), &found) &&
		    found.type_len > btf->type_len)
			*btf = found;
	if (!btf->types)
		give_up("%s has no BTF", name);
}

static const char *string(const struct btf *btf, uint32_t offset)
{
	return offset < btf->str_len ? btf->strs + offset : "";
}

/* Bytes that follow struct type; -1 for a kind that is not known. */
static long extra(uint32_t kind, uint32_t vlen)
{
	switch (kind) {
	case KIND_PTR: case KIND_FWD: case KIND_TYPEDEF: case KIND_VOLATILE:
	case KIND_CONST: case KIND_RESTRICT: case KIND_FUNC: case KIND_FLOAT:
	case KIND_TYPE_TAG:
		return 0;
	case KIND_INT: case KIND_VAR: case KIND_DECL_TAG:
		return 4;
	case KIND_ENUM: case KIND_FUNC_PROTO:
		return 8L * vlen;
	case KIND_ARRAY:
		return 12;
	case KIND_STRUCT: case KIND_UNION: case KIND_DATASEC: case KIND_ENUM64:
		return 12L * vlen;
	default:
		return -1;
	}
}

/* Find a structure; false if there is none of that name. */
static bool find_struct(const struct btf *btf, const char *name,
			struct type *type, const struct member **members)
{
	uint32_t at = 0;
	long more;

	while (at + sizeof(*type) <= btf->type_len) {
		uint32_t kind;

		memcpy(type, btf->types + at, sizeof(*type));
		kind = type->info >> 24 & 0x1f;
		more = extra(kind, type->info & 0xffff);
		at += sizeof(*type);
		if (more < 0)
			give_up("the BTF has a type of kind %u, which is not known", kind);
		if (more > btf->type_len - at)
			break;
		if (kind == KIND_STRUCT && !strcmp(string(btf, type->name), name)) {
			*members = (const struct member *)(btf->types + at);
			return true;
		}
		at += more;
	}
	return false;
}

/* Offset of a member in bytes, -1 if there is none of that name. */
static long find_member(const struct btf *btf, const struct type *type,
			const struct member *members, const char *name)
{
	uint32_t mask = type->info >> 31 ? 0xffffff : ~0u;
	uint32_t i;

	for (i = 0; i < (type->info & 0xffff); i++)
		if (!strcmp(string(btf, members[i].name), name))
			return (members[i].offset & mask) / 8;
	return -1;
}

/* Compare one line of the layout with a structure; return 0, or 1 if it differs. */
static int compare(const struct btf *btf, const struct type *type,
		   const struct member *members, const char *structure,
		   const char *member, long offset, long bytes)
{
	long theirs;

	if (!strcmp(member, ".")) {
		if (type->size == bytes)
			return 0;
		printf("struct %s has %u bytes in the kernel, %ld in the modules\n",
		       structure, type->size, bytes);
		return 1;
	}
	theirs = find_member(btf, type, members, member);
	if (theirs == offset)
		return 0;
	if (theirs < 0)
		printf("struct %s has no %s in the kernel\n", structure, member);
	else
		printf("%s.%s is at byte %ld in the kernel, at %ld in the modules\n",
		       structure, member, theirs, offset);
	return 1;
}

int main(int argc, char **argv)
{
	char line[256], structure[64], member[64];
	const struct member *members;
	int found = 0, differ = 0;
	long offset, bytes;
	struct type type;
	struct btf btf;
	FILE *layout;
	char *at;

	if (argc != 3)
		give_up("usage: btf-check LAYOUT FILE");
	layout = fopen(argv[1], "r");
	if (!layout)
		give_up("%s cannot be read", argv[1]);
	find_btf(argv[2], &btf);

	while (fgets(line, sizeof(line), layout)) {
		at = strstr(line, "\"layout ");
		if (!at || sscanf(at, "\"layout %63s %63s %ld %ld", structure,
				  member, &offset, &bytes) != 4)
			continue;
		if (!find_struct(&btf, structure, &type, &members))
			give_up("%s has no struct %s", argv[2], structure);
		found++;
		differ += compare(&btf, &type, members, structure, member,
				  offset, bytes);
	}
	fclose(layout);
	if (!found)
		give_up("%s has no layout", argv[1]);
	return differ ? 1 : 0;
}
