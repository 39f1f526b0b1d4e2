"""Compare what is installed with constraints.txt; say what differs, exit 1 if anything does."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def differences() -> list[str]:
    """Return one line for each pin that this environment does not meet."""
    found: list[str] = []
    for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines():
        pin = re.match(r"([A-Za-z0-9._-]+)==([^\s;#]+)", line)
        if not pin:
            continue
        try:
            version = metadata.version(pin[1])
        except metadata.PackageNotFoundError:
            found.append(f"{pin[1]} is not installed, {pin[2]} is wanted")
            continue
        if version != pin[2]:
            found.append(f"{pin[1]} {version} is installed, {pin[2]} is wanted")
    try:
        metadata.version("ckanext-satudata_pontianak")
    except metadata.PackageNotFoundError:
        found.append("the project itself is not installed")
    return found


if __name__ == "__main__":
    lines = differences()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.exit(1 if lines else 0)
