"""Taking over a portal of 2,000 datasets; what is compared stands in ``benchmarks/adoption.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.long
def test_two_thousand_datasets_killed_twice_and_resumed(request) -> None:
    ini = request.config.option.ckan_ini
    words = [sys.executable, "benchmarks/adoption.py", "--ini", ini, "--datasets", "2000"]
    done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    for what in (
        "every answer before the switch",
        "every row of core before the switch",
        "what the dry run said closes",
        "a second run changes no case",
        "bytes of what was opened",
    ):
        assert f"the same: {what}" in done.stdout
