"""What a command does not need is not imported: people wait for the start of each."""

from __future__ import annotations

import subprocess
import sys


def test_a_command_that_writes_no_workbook_does_not_wait_for_what_writes_one() -> None:
    code = "import sys, gateway.cli.main; print('openpyxl' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert told.stdout == "False\n"
