// SPDX-License-Identifier: GPL-2.0-only
/*
 * labctl: read and set properties of the lab's device models from the guest.
 *
 *   labctl get OBJECT PROPERTY          labctl get /machine/lli0 irqs-raised
 *   labctl set OBJECT PROPERTY VALUE    labctl set /machine/lli0 bus-time off
 *
 * Exit status: 0, 1 if the model refused, 2 for wrong usage or no lab.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The gateway's registers: see docs/hardware.md. */
#define BASE		0xfea6f000
#define SIZE		0x1000
#define ID		0x000
#define ID_VALUE	0x4c42414c
#define CMD		0x004
#define CMD_GET		1
#define CMD_SET		2
#define STATUS		0x008
#define BUFFER		0x100
#define BUFFER_SIZE	0xf00

static volatile uint8_t *regs;

static uint32_t read32(unsigned int reg)
{
	return *(volatile uint32_t *)(regs + reg);
}

static void write32(unsigned int reg, uint32_t val)
{
	*(volatile uint32_t *)(regs + reg) = val;
}

/* Append a string to the buffer; -1 if it has no room. */
static int put(unsigned int *at, const char *text)
{
	size_t len = strlen(text) + 1;
	size_t i;

	if (*at + len > BUFFER_SIZE)
		return -1;
	for (i = 0; i < len; i++)
		regs[BUFFER + (*at)++] = text[i];
	return 0;
}

static void print_answer(FILE *out)
{
	unsigned int i;

	for (i = 0; i < BUFFER_SIZE && regs[BUFFER + i]; i++)
		fputc(regs[BUFFER + i], out);
	fputc('\n', out);
}

static int map_gateway(void)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC);

	if (fd < 0) {
		perror("labctl: /dev/mem");
		return -1;
	}
	regs = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, BASE);
	close(fd);
	if (regs == MAP_FAILED) {
		perror("labctl: cannot map the gateway");
		return -1;
	}
	if (read32(ID) != ID_VALUE) {
		fprintf(stderr, "labctl: this is not the lab\n");
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int get = argc == 4 && !strcmp(argv[1], "get");
	int set = argc == 5 && !strcmp(argv[1], "set");
	unsigned int at = 0;
	int i;

	if (!get && !set) {
		fprintf(stderr, "usage: labctl get OBJECT PROPERTY\n"
				"       labctl set OBJECT PROPERTY VALUE\n");
		return 2;
	}
	if (map_gateway())
		return 2;
	for (i = 2; i < argc; i++) {
		if (put(&at, argv[i])) {
			fprintf(stderr, "labctl: the arguments are too long\n");
			return 2;
		}
	}
	write32(CMD, get ? CMD_GET : CMD_SET);
	if (read32(STATUS)) {
		fprintf(stderr, "labctl: %s %s: ", argv[2], argv[3]);
		print_answer(stderr);
		return 1;
	}
	if (get)
		print_answer(stdout);
	return 0;
}
