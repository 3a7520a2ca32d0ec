"""What holds for all tests."""

from __future__ import annotations

import atexit
import gc

# The collector's last pass can crash in msgspec's Meta (https://github.com/msgspec/msgspec/issues/717).
atexit.register(gc.freeze)
