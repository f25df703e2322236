/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lab's board: QEMU's "virt" with Rockchip's DMA controllers and what they
 * serve. docs/hardware.md has the memory map.
 */
#include "qemu/osdep.h"
#include "compat.h"
#include "chardev/char.h"
#include "hw/arm/virt.h"
#include "hw/ssi/ssi.h"
#include "qapi/error.h"
#include "qemu/module.h"
#include "qemu/units.h"
#include "rk3588-lab.h"

#define LLI_BASE        0xfea50000
#define LLI_SPI         100
#define FIFO_BASE       0xfea60000
#define FIFO_SIZE       0x1000
#define FIFOS           8
#define FIFO_LINE       16
#define LABCTL_BASE     0xfea6f000
#define SPI0_BASE       0xfeb00000
#define SPI0_IRQ        112
#define SPI0_LINE       14
#define SPI0_LLI_LINE   8
#define SPI0_FLASH      "n25q128a13"    /* 16 MiB */
#define I2S0_BASE       0xfe490000
#define I2S0_IRQ        113
#define I2S0_LINE       0
#define I2S0_LLI_LINE   10
#define UART_BASE       0xfeb40000
#define UART_STEP       0x10000
#define UART_SPI        110
#define UARTS           2
#define UART_LINE       8
#define UART_LLI_LINE   4
#define SRAM_BASE       0xff000000
#define SRAM_SIZE       (64 * KiB)
/* The linked-list controller's lines are fewer: for the first two FIFOs. */
#define LLI_FIFOS       2
#define NONE            (-1)
/* RAM begins at 1 GiB and must not reach the devices. */
#define RAM_LIMIT       (0xfe000000ull - 1 * GiB)

#define TYPE_RK3588_LAB MACHINE_TYPE_NAME("rk3588-lab")

static void (*virt_init)(MachineState *machine);

/* Where request lines go. */
typedef struct Controllers {
    DeviceState *lli;
    DeviceState *pl330;         /* the first one's */
} Controllers;

static void place_device(MachineState *machine, DeviceState *dev, const char *name,
                         hwaddr base)
{
    object_property_add_child(OBJECT(machine), name, OBJECT(dev));
    sysbus_realize_and_unref(SYS_BUS_DEVICE(dev), &error_fatal);
    sysbus_mmio_map(SYS_BUS_DEVICE(dev), 0, base);
}

static DeviceState *add_device(MachineState *machine, const char *type,
                               const char *name, hwaddr base)
{
    DeviceState *dev = qdev_new(type);

    place_device(machine, dev, name, base);
    return dev;
}

/* A pair of request lines, transmit on the even one, to both controllers. */
static void connect_requests(DeviceState *dev, const Controllers *dma, int line,
                             int lli_line)
{
    static const char *const names[] = { "tx-request", "rx-request" };

    for (int n = 0; n < 2; n++) {
        qdev_connect_gpio_out_named(dev, names[n], 0,
                                    qdev_get_gpio_in(dma->pl330, line + n));
        if (lli_line != NONE) {
            qdev_connect_gpio_out_named(dma->pl330, "same", line + n,
                                        qdev_get_gpio_in(dma->lli, lli_line + n));
        }
    }
}

static void add_fifo(MachineState *machine, const Controllers *dma, int n)
{
    g_autofree char *name = g_strdup_printf("fifo%d", n);
    DeviceState *fifo = add_device(machine, "rkdma-fifo", name,
                                   FIFO_BASE + n * FIFO_SIZE);

    connect_requests(fifo, dma, FIFO_LINE + 2 * n, n < LLI_FIFOS ? 2 * n : NONE);
}

/* The SPI controller: nothing on chip select 0, flash on chip select 1. */
static void add_spi(MachineState *machine, const Controllers *dma)
{
    DeviceState *gic = VIRT_MACHINE(machine)->gic;
    DeviceState *spi = add_device(machine, "rkdma-spi", "spi0", SPI0_BASE);
    DeviceState *flash = qdev_new(SPI0_FLASH);
    DriveInfo *drive = drive_get(IF_MTD, 0, 0);

    sysbus_connect_irq(SYS_BUS_DEVICE(spi), 0, qdev_get_gpio_in(gic, SPI0_IRQ));
    connect_requests(spi, dma, SPI0_LINE, SPI0_LLI_LINE);
    if (drive) {
        qdev_prop_set_drive(flash, "drive", blk_by_legacy_dinfo(drive));
    }
    ssi_realize_and_unref(flash, (SSIBus *)qdev_get_child_bus(spi, "ssi"),
                          &error_fatal);
    qdev_connect_gpio_out_named(spi, "cs", 1,
                                qdev_get_gpio_in_named(flash, SSI_GPIO_CS, 0));
}

static void add_i2s(MachineState *machine, const Controllers *dma)
{
    DeviceState *gic = VIRT_MACHINE(machine)->gic;
    DeviceState *i2s = add_device(machine, "rkdma-i2s", "i2s0", I2S0_BASE);

    sysbus_connect_irq(SYS_BUS_DEVICE(i2s), 0, qdev_get_gpio_in(gic, I2S0_IRQ));
    connect_requests(i2s, dma, I2S0_LINE, I2S0_LLI_LINE);
}

/* A UART on the chardev of its name, if any. */
static void add_uart(MachineState *machine, const Controllers *dma, int n)
{
    g_autofree char *name = g_strdup_printf("uart%d", n);
    DeviceState *uart = qdev_new("rkdma-uart");
    Chardev *chr = qemu_chr_find(name);

    if (chr) {
        qdev_prop_set_chr(uart, "chardev", chr);
    }
    place_device(machine, uart, name, UART_BASE + n * UART_STEP);
    sysbus_connect_irq(SYS_BUS_DEVICE(uart), 0,
                       qdev_get_gpio_in(VIRT_MACHINE(machine)->gic, UART_SPI + n));
    connect_requests(uart, dma, UART_LINE + 2 * n, UART_LLI_LINE + 2 * n);
}

static void rk3588_lab_init(MachineState *machine)
{
    VirtMachineState *vms = VIRT_MACHINE(machine);
    MemoryRegion *sram = g_new0(MemoryRegion, 1);
    Controllers dma;

    if (machine->ram_size > RAM_LIMIT) {
        error_setg(&error_fatal, "rk3588-lab has room for %llu MiB of RAM",
                   (unsigned long long)(RAM_LIMIT / MiB));
    }
    virt_init(machine);

    memory_region_init_ram(sram, NULL, "sram0", SRAM_SIZE, &error_fatal);
    memory_region_add_subregion(get_system_memory(), SRAM_BASE, sram);

    dma.lli = add_device(machine, "rkdma-lli", "lli0", LLI_BASE);
    sysbus_connect_irq(SYS_BUS_DEVICE(dma.lli), 0,
                       qdev_get_gpio_in(vms->gic, LLI_SPI));
    dma.pl330 = rk3588_lab_add_pl330(OBJECT(machine), vms->gic, 0);
    for (int n = 1; n < RK3588_LAB_PL330S; n++) {
        rk3588_lab_add_pl330(OBJECT(machine), vms->gic, n);
    }
    for (int n = 0; n < FIFOS; n++) {
        add_fifo(machine, &dma, n);
    }
    add_spi(machine, &dma);
    add_i2s(machine, &dma);
    for (int n = 0; n < UARTS; n++) {
        add_uart(machine, &dma, n);
    }
    add_device(machine, "rkdma-labctl", "labctl", LABCTL_BASE);
}

static void rk3588_lab_class_init(ObjectClass *klass, RKDMA_CLASS_DATA *data)
{
    MachineClass *mc = MACHINE_CLASS(klass);

    virt_init = mc->init;
    mc->init = rk3588_lab_init;
    mc->desc = "virt with Rockchip's DMA controllers (the rkdma lab)";
    rk3588_lab_pl330_defaults(mc);
}

static const TypeInfo rk3588_lab_info = {
    .name = TYPE_RK3588_LAB,
    .parent = TYPE_VIRT_MACHINE,
    .class_init = rk3588_lab_class_init,
};

static void rk3588_lab_register_types(void)
{
    type_register_static(&rk3588_lab_info);
}

type_init(rk3588_lab_register_types)
