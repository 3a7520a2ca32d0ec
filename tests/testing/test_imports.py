"""What reading tests costs lint and plan."""

from __future__ import annotations

import subprocess
import sys


def test_reading_tests_imports_no_numbers() -> None:
    code = "import sys, generator.testing.reading; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
