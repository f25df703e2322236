# SPDX-License-Identifier: GPL-2.0-only
"""Messages that a healthy kernel never prints, for lab/boot and lab/unit."""

import re

# Where harmless messages have the same prefix, the rest of the line decides.
COMPLAINT = re.compile(
    r"WARNING:|BUG:|Oops|Kernel panic|Unable to handle kernel|KASAN:|UBSAN:"
    r"|Internal error|INFO: (?:task|rcu|trying|possible|suspicious)|possible .* locking"
    r"|possible .*deadlock|inconsistent lock state|suspicious RCU|sleeping function called"
    r"|ODEBUG|unreferenced object|refcount_t: |list_(?:add|del) corruption"
    r"|dma_pool_destroy .* busy|DMA-API: (?!preallocated|debugging enabled)|nobody cared")
