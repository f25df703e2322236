// SPDX-License-Identifier: GPL-2.0-only
/*
 * pcmpause: play a file of 16-bit stereo samples, pausing now and then.
 *
 *   pcmpause DEVICE FILE PAUSES     pcmpause /dev/snd/pcmC0D0p /tmp/played 5
 *
 * The position must not change during a pause. Exit status: 0; 1 if it does change or
 * there was an underrun; 2 for anything else.
 */
#include <errno.h>
#include <fcntl.h>
#include <sound/asound.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define RATE	48000
#define PERIOD	480
#define PERIODS	8
#define FRAME	4

static void check(int ret, const char *what)
{
	if (ret >= 0)
		return;
	fprintf(stderr, "pcmpause: %s: %s\n", what, strerror(errno));
	exit(errno == EPIPE ? 1 : 2);
}

static void mask(struct snd_pcm_hw_params *p, int param, unsigned int bit)
{
	struct snd_mask *m = &p->masks[param - SNDRV_PCM_HW_PARAM_FIRST_MASK];

	memset(m, 0, sizeof(*m));
	m->bits[bit / 32] = 1u << bit % 32;
}

static void value(struct snd_pcm_hw_params *p, int param, unsigned int val)
{
	struct snd_interval *i = &p->intervals[param - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];

	*i = (struct snd_interval) { .min = val, .max = val, .integer = 1 };
}

static void setup(int fd)
{
	struct snd_pcm_hw_params hw = { .rmask = ~0u };
	struct snd_pcm_sw_params sw = {
		.avail_min = PERIOD, .start_threshold = PERIOD * PERIODS,
		.stop_threshold = PERIOD * PERIODS, .period_step = 1,
		.boundary = 0x40000000,
	};

	memset(hw.masks, 0xff, sizeof(hw.masks));
	for (unsigned int i = 0; i < sizeof(hw.intervals) / sizeof(*hw.intervals); i++)
		hw.intervals[i] = (struct snd_interval) { .max = ~0u };
	mask(&hw, SNDRV_PCM_HW_PARAM_ACCESS, SNDRV_PCM_ACCESS_RW_INTERLEAVED);
	mask(&hw, SNDRV_PCM_HW_PARAM_FORMAT, SNDRV_PCM_FORMAT_S16_LE);
	value(&hw, SNDRV_PCM_HW_PARAM_CHANNELS, 2);
	value(&hw, SNDRV_PCM_HW_PARAM_RATE, RATE);
	value(&hw, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, PERIOD);
	value(&hw, SNDRV_PCM_HW_PARAM_PERIODS, PERIODS);
	check(ioctl(fd, SNDRV_PCM_IOCTL_HW_PARAMS, &hw), "hw_params");
	check(ioctl(fd, SNDRV_PCM_IOCTL_SW_PARAMS, &sw), "sw_params");
	check(ioctl(fd, SNDRV_PCM_IOCTL_PREPARE), "prepare");
}

static unsigned long position(int fd)
{
	struct snd_pcm_status status = { 0 };

	check(ioctl(fd, SNDRV_PCM_IOCTL_STATUS, &status), "status");
	return status.hw_ptr;
}

/* Pause. The I2S FIFO may drain, but the DMA controller must not move. */
static void pause_once(int fd)
{
	unsigned long before, after;

	check(ioctl(fd, SNDRV_PCM_IOCTL_PAUSE, 1), "pause");
	before = position(fd);
	usleep(50000);
	after = position(fd);
	if (before != after) {
		fprintf(stderr, "pcmpause: %lu frames passed in a pause\n", after - before);
		exit(1);
	}
	check(ioctl(fd, SNDRV_PCM_IOCTL_PAUSE, 0), "resume");
}

static void play(int fd, void *data, unsigned long frames)
{
	struct snd_xferi x = { .buf = data, .frames = frames };

	check(ioctl(fd, SNDRV_PCM_IOCTL_WRITEI_FRAMES, &x), "write");
}

/* DMA is cyclic until it is stopped, so silence has to follow the samples. */
static void end_silent(int fd)
{
	static char silence[PERIOD * FRAME];

	for (int i = 0; i < PERIODS; i++)
		play(fd, silence, PERIOD);
	check(ioctl(fd, SNDRV_PCM_IOCTL_DRAIN), "drain");
}

int main(int argc, char **argv)
{
	static char data[PERIOD * FRAME];
	int fd, file, pauses, done = 0;
	ssize_t got;

	if (argc != 4) {
		fprintf(stderr, "usage: pcmpause DEVICE FILE PAUSES\n");
		return 2;
	}
	check(file = open(argv[2], O_RDONLY), argv[2]);
	check(fd = open(argv[1], O_RDWR), argv[1]);
	pauses = atoi(argv[3]);
	setup(fd);
	for (unsigned int n = 0; (got = read(file, data, sizeof(data))) > 0; n++) {
		play(fd, data, got / FRAME);
		if (n > PERIODS && n % 10 == 0 && done < pauses) {
			usleep(n * 37 % 1000);
			pause_once(fd);
			done++;
		}
	}
	end_silent(fd);
	printf("pcmpause: %d pauses\n", done);
	return done == pauses ? 0 : 1;
}
