# SPDX-License-Identifier: GPL-2.0-only
# rkdma: see "make help".
KDIR ?= /lib/modules/$(shell uname -r)/build
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help

.PHONY: help
help:
	@echo 'In the lab, a board in QEMU (everything needed is installed or built):'
	@echo '  make run        boot it, load the driver, show it working'
	@echo '  make check      run every test (about 20 min on 2 CPUs)'
	@echo '  make quick      after an edit: style, build, unit and client tests (2 min)'
	@echo '  make unit       the unit tests: KUnit, in user mode (half a minute)'
	@echo '  make soak       the long tests'
	@echo '  make check-kernels  every kernel from Linux 6.1 to the newest: builds, selftests, clients'
	@echo '  make shell      a shell on it'
	@echo '  make bench      CPU time of transfers, against the aims'
	@echo '  make peers      rkdma and the kernel'"'"'s own driver on the same PL330'
	@echo ''
	@echo 'On a real machine:'
	@echo '  make modules    build the modules for KDIR'
	@echo '                  ($(KDIR))'
	@echo '  make install    install them there (as root)'
	@echo ''
	@echo 'For a kernel tree:'
	@echo '  make series     patches for Linux 6.12 and 7.3, in build/series/'
	@echo ''
	@echo 'Sources:'
	@echo '  make lint       style, kernel-doc, licenses, scripts'
	@echo '  make dt-check   bindings and device trees'
	@echo '  make clean      remove build/; the cache stays: $${XDG_CACHE_HOME:-~/.cache}/rkdma'

.PHONY: quick soak
quick soak:
	@lab/check --set $@

.PHONY: run check shell unit bench peers lint dt-check series
run check unit bench peers lint dt-check series:
	@lab/$@

.PHONY: check-kernels
check-kernels:
	@lab/tests/kernels
	@lab/tests/rt

shell:
	@lab/boot --shell

.PHONY: modules install
modules:
	@lab/modules build "$(KDIR)"

install: modules
	@lab/modules install "$(KDIR)"

.PHONY: clean
clean:
	rm -rf build
