"""`python -m generator` is `toban`. Its imports take a moment, in which Ctrl-C is answered already."""

from __future__ import annotations

import os
import signal
from typing import NoReturn

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))

from generator.cli import main as toban


def main() -> NoReturn:
    toban()


if __name__ == "__main__":
    main()
