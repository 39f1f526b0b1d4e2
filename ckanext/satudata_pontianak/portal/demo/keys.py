"""The files with passwords and API tokens of the demo's people, for whoever runs the site."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

TOKENS = "demo-tokens.json"
PASSWORDS = "demo-passwords.json"
PEOPLE = "demo-people.json"
"""Who they are, for the page of the demo's mailbox: no secret."""
FOLDER_VARIABLE = "SATUDATA_RUN_DIR"


def folder() -> Path:
    """Where the files stand: the run folder of the site, else ``.run`` where we are."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen) if chosen else Path.cwd() / ".run"


def read(path: Path) -> dict[str, str]:
    """What a file says; one that is missing or broken says nothing."""
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {k: v for k, v in content.items() if isinstance(k, str) and isinstance(v, str)}


def write(path: Path, values: Mapping[str, str]) -> None:
    """Write a file that only its owner reads; one that says so already is left alone."""
    if read(path) == dict(values):
        path.chmod(0o600)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes it with 0600, so that there is no moment in which others could read it.
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(dict(values), file, indent=2)
            file.write("\n")
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
