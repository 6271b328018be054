"""The calls that block the main thread, one Row each, and what must hold when a signal comes."""
# SPDX-License-Identifier: MIT
#
# Shared by test_interrupts_wake_main.py (signals from a thread; also under native CPython), by
# tests/js/session/interrupt-table.test.js and bench/interrupts.js (signals from the host, in a session),
# and by tests/wasmtime/interrupt_driver.py (signals from outside). A host may set stage.stage_type and
# attempt.SHORT_S.

from . import attempt, stage
from .attempt import SIGNUM, Attempt, Stop
from .table import ROWS
