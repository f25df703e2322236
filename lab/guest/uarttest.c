// SPDX-License-Identifier: GPL-2.0-only
/*
 * uarttest DEVICE BAUD BYTES [flow] [peer]: send through a serial port, and
 * compare what comes back. Exit status 0 if all of it did. By default the port's own
 * loopback is used; with "peer", a program at the other end sends the bytes back. "flow" is
 * for hardware flow control.
 */
#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <linux/serial.h>

/* asm/termios.h has it, but does not go with sys/ioctl.h */
#ifndef TIOCM_LOOP
#define TIOCM_LOOP 0x8000
#endif

static unsigned char pattern(size_t i)
{
	return i * 7 + (i >> 8) * 13 + 1;
}

static int fail(const char *what)
{
	fprintf(stderr, "uarttest: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int setup(const char *device, int baud, int flow, int peer)
{
	int fd = open(device, O_RDWR | O_NOCTTY | O_NONBLOCK);
	int loop = TIOCM_LOOP;
	struct termios2 t;

	if (fd < 0 || ioctl(fd, TCGETS2, &t))
		fail(device);
	memset(&t, 0, sizeof(t));
	t.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | BOTHER << IBSHIFT | (flow ? CRTSCTS : 0);
	t.c_ispeed = baud;
	t.c_ospeed = baud;
	if (ioctl(fd, TCSETS2, &t) || ioctl(fd, peer ? TIOCMBIC : TIOCMBIS, &loop) ||
	    ioctl(fd, TCFLSH, TCIOFLUSH))
		fail("setting it up");
	return fd;
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct serial_icounter_struct count;
	size_t length, sent = 0, received = 0, wrong = 0;
	int flow = 0, peer = 0;
	unsigned char buf[4096];
	struct pollfd p;
	double start;

	if (argc < 4) {
		fprintf(stderr, "usage: uarttest DEVICE BAUD BYTES [flow] [peer]\n");
		return 2;
	}
	length = strtoul(argv[3], NULL, 0);
	for (int i = 4; i < argc; i++) {
		flow |= !strcmp(argv[i], "flow");
		peer |= !strcmp(argv[i], "peer");
	}
	p.fd = setup(argv[1], atoi(argv[2]), flow, peer);
	start = seconds();
	while (received < length) {
		ssize_t n;

		p.events = POLLIN | (sent < length ? POLLOUT : 0);
		if (poll(&p, 1, 3000) <= 0)
			break;
		if (p.revents & POLLIN) {
			n = read(p.fd, buf, sizeof(buf));
			for (ssize_t i = 0; i < n; i++)
				wrong += buf[i] != pattern(received++);
		}
		if (p.revents & POLLOUT) {
			size_t part = length - sent < sizeof(buf) ? length - sent : sizeof(buf);

			for (size_t i = 0; i < part; i++)
				buf[i] = pattern(sent + i);
			n = write(p.fd, buf, part);
			sent += n > 0 ? n : 0;
		}
	}
	start = seconds() - start;
	if (ioctl(p.fd, TIOCGICOUNT, &count))
		fail("TIOCGICOUNT");
	printf("uarttest: sent %zu received %zu wrong %zu in %.2f s\n", sent, received,
	       wrong, start);
	printf("kernel: tx %d rx %d overrun %d buffer overrun %d parity %d frame %d break %d\n",
	       count.tx, count.rx, count.overrun, count.buf_overrun, count.parity,
	       count.frame, count.brk);
	return received != length || wrong;
}
