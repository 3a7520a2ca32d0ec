"""What holds for all tests."""

from __future__ import annotations

import atexit
import gc

# msgspec's Meta can crash the collector's last pass (https://github.com/msgspec/msgspec/issues/717): leave it nothing.
atexit.register(gc.freeze)
