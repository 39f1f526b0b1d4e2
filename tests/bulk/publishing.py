"""Running ``satudata publish`` as a person does, and what the portal holds afterwards."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Container
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ckan import model

from ..unit.bulk import lists

# As on a computer where CKAN is not installed.
RUN = """
import sys
sys.modules["ckan"] = None
from ckanext.satudata_pontianak.commands import main
main()
"""
TABLES = ("package", "resource", "satudata_version", "satudata_case", "satudata_step", "activity")


class Publisher:
    """Runs the command, with a token in the environment."""

    def __init__(self, portal: str, token: str) -> None:
        self.portal = portal
        self._env = {**os.environ, "SATUDATA_TOKEN": token, "SATUDATA_URL": portal}

    def begin(self, *words: str, command: str = "publish") -> subprocess.Popen[str]:
        """Begin a run."""
        return subprocess.Popen(
            [sys.executable, "-c", RUN, command, *words],
            env=self._env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, path: Path, *words: str, wait: int = 500) -> tuple[int, str]:
        """Run it to its end; return its status and what it said."""
        process = self.begin(str(path), *words)
        said, told = process.communicate(timeout=wait)
        assert "Traceback" not in told, told[-3000:]
        return process.returncode, said


def listed(folder: Path, count: int = 24, faults: dict[int, dict[str, str]] | None = None) -> Path:
    """Write a list of datasets with their files."""
    rows = lists.rows(count)
    lists.files(folder, rows)
    for number, wrong in (faults or {}).items():
        rows[number - 2] |= wrong
    return lists.as_xlsx(folder / "manifest.xlsx", rows)


def held(city: Any) -> dict[str, list[str]]:
    """Return title → hashes of the files, of all that the producer has."""
    model.Session.rollback()
    ids = model.Session.scalars(sa.text("SELECT id FROM package WHERE type = 'dataset'")).all()
    shown = [city.act("produsen", "package_show", id=each) for each in ids]
    found = {d["title"]: [r["hash"] for r in d["resources"]] for d in shown}
    assert len(found) == len(shown), "a dataset was made twice"
    return found


def hashes(folder: Path, count: int = 24, without: Container[int] = ()) -> dict[str, list[str]]:
    """Return the same as it stands in the list."""
    found = {}
    for number, row in enumerate(lists.rows(count), 2):
        if number not in without:
            content = (folder / row["berkas"]).read_bytes()
            found[row["title"]] = [hashlib.sha256(content).hexdigest()]
    return found


def kept() -> dict[str, str | None]:
    """Return what a second run could change."""
    model.Session.rollback()
    text = 'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{}" t'
    there = sa.text("SELECT to_regclass(:name) IS NOT NULL")
    return {
        name: model.Session.scalar(sa.text(text.format(name)))
        for name in TABLES
        if model.Session.scalar(there, {"name": name})
    }
