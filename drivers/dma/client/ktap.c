// SPDX-License-Identifier: GPL-2.0-only
/*
 * The KTAP report of a run, in the kernel log and in a buffer that debugfs shows: the
 * plan, then one line per test. Before the line of a failed test are lines with what was
 * expected and what was found.
 */
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/stdarg.h>
#include <linux/string.h>

#include "client.h"

#define KTAP_SIZE	(128 * 1024)

/**
 * ktap_init() - make an empty report
 * @k: the report
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int ktap_init(struct ktap *k)
{
	spin_lock_init(&k->lock);
	k->text = kvzalloc(KTAP_SIZE, GFP_KERNEL);
	if (!k->text)
		return -ENOMEM;
	k->size = KTAP_SIZE;
	return 0;
}

/**
 * ktap_free() - free what ktap_init() allocated
 * @k: the report
 */
void ktap_free(struct ktap *k)
{
	kvfree(k->text);
}

static void ktap_line(struct ktap *k, const char *line)
{
	unsigned long flags;

	spin_lock_irqsave(&k->lock, flags);
	k->len += scnprintf(k->text + k->len, k->size - k->len, "%s\n", line);
	spin_unlock_irqrestore(&k->lock, flags);
	pr_info("%s\n", line);
}

/**
 * ktap_note() - add a diagnostic line
 * @k: the report
 * @fmt: a printf format with its arguments, without a newline
 *
 * Context: any.
 */
void ktap_note(struct ktap *k, const char *fmt, ...)
{
	char line[256] = "# ";
	va_list args;

	va_start(args, fmt);
	vscnprintf(line + 2, sizeof(line) - 2, fmt, args);
	va_end(args);
	ktap_line(k, line);
}

/**
 * ktap_start() - clear the last report and write the plan of a new one
 * @k: the report
 * @who: name of the device under test
 * @planned: tests that will be reported
 */
void ktap_start(struct ktap *k, const char *who, unsigned int planned)
{
	unsigned long flags;
	char line[32];

	spin_lock_irqsave(&k->lock, flags);
	k->len = 0;
	k->text[0] = '\0';
	spin_unlock_irqrestore(&k->lock, flags);

	k->number = 0;
	k->passed = 0;
	k->failed = 0;
	k->skipped = 0;
	ktap_line(k, "KTAP version 1");
	ktap_note(k, "dmaengine client %s", who);
	scnprintf(line, sizeof(line), "1..%u", planned);
	ktap_line(k, line);
}

/**
 * ktap_result() - write the result line of a test
 * @k: the report
 * @run: the test that ended
 * @group: name of its group
 */
void ktap_result(struct ktap *k, struct test_run *run, const char *group)
{
	const struct test *test = run->test;
	char line[320];
	int n;

	if (run->failed)
		k->failed++;
	else if (run->skip[0])
		k->skipped++;
	else
		k->passed++;

	n = scnprintf(line, sizeof(line), "%sok %u %s.%s: %s",
		      run->failed ? "not " : "", ++k->number, group,
		      test->name, test->promise);
	if (!run->failed && run->skip[0])
		scnprintf(line + n, sizeof(line) - n, " # SKIP %s", run->skip);
	ktap_line(k, line);
}

/**
 * ktap_end() - write the totals
 * @k: the report
 */
void ktap_end(struct ktap *k)
{
	ktap_note(k, "Totals: pass:%u fail:%u xfail:0 xpass:0 skip:%u error:0",
		  k->passed, k->failed, k->skipped);
}
