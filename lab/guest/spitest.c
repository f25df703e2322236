// SPDX-License-Identifier: GPL-2.0-only
/*
 * spitest: send random data through a SPI device that sends it back.
 *
 *   spitest DEVICE BITS LENGTH [COUNT]     spitest /dev/spidev0.0 8 4096 10
 *
 * LENGTH is in bytes, of one transfer; COUNT of them are made. Exit status: 0,
 * 1 if what came back differs or a transfer failed, 2 for wrong usage or no
 * device.
 */
#include <fcntl.h>
#include <linux/spi/spidev.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static uint8_t *tx, *rx;

/* A word of 4 bits has a byte of its own. */
static void fill(size_t length, unsigned int bits)
{
	size_t i;

	for (i = 0; i < length; i++)
		tx[i] = random() & (bits < 8 ? 0x0f : 0xff);
	memset(rx, 0x55, length);
}

static size_t differences(size_t length)
{
	size_t i, n = 0;

	for (i = 0; i < length; i++) {
		if (tx[i] == rx[i])
			continue;
		if (!n++)
			fprintf(stderr, "spitest: byte %zu: sent %02x, received %02x\n",
				i, tx[i], rx[i]);
	}
	return n;
}

static int run(int fd, unsigned int bits, size_t length, unsigned int count)
{
	struct spi_ioc_transfer xfer = {
		.tx_buf = (uintptr_t)tx,
		.rx_buf = (uintptr_t)rx,
		.len = length,
		.bits_per_word = bits,
	};
	size_t bytes = 0, errors = 0;
	unsigned int i;

	for (i = 0; i < count; i++) {
		fill(length, bits);
		if (ioctl(fd, SPI_IOC_MESSAGE(1), &xfer) != (int)length) {
			perror("spitest: transfer");
			errors++;
			break;
		}
		bytes += length;
		errors += differences(length);
	}
	printf("spitest: %u bits, %zu bytes: %zu bytes in all, %zu errors\n",
	       bits, length, bytes, errors);
	return errors ? 1 : 0;
}

int main(int argc, char **argv)
{
	unsigned long bits, length, count;
	int fd;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: spitest DEVICE BITS LENGTH [COUNT]\n");
		return 2;
	}
	bits = strtoul(argv[2], NULL, 0);
	length = strtoul(argv[3], NULL, 0);
	count = argc > 4 ? strtoul(argv[4], NULL, 0) : 1;
	if (!bits || !length || !count) {
		fprintf(stderr, "spitest: BITS, LENGTH and COUNT are at least 1\n");
		return 2;
	}
	tx = malloc(length);
	rx = malloc(length);
	fd = open(argv[1], O_RDWR);
	if (!tx || !rx || fd < 0) {
		perror("spitest");
		return 2;
	}
	srandom(length);
	return run(fd, bits, length, count);
}
