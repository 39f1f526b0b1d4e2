"""A running site that a pair breaks and mends, and how a pair is written."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import paths

from ..city import City


@dataclass
class Site:
    """The city, and what a pair may change of its site; options are put back after the test."""

    city: City
    options: dict[str, Any]
    patch: pytest.MonkeyPatch
    folder: Path
    kept: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    """What takes back what a break changed."""
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """Datasets that a break left for its mend."""

    def option(self, name: str, value: Any) -> None:
        """Set an option of the configuration."""
        self.patch.setitem(self.options, name, value)

    def write(self, *statements: Any) -> None:
        """Change rows past every action, as time or a hand in the database does."""
        for statement in statements:
            model.Session.execute(statement)
        model.Session.commit()

    def definition(self, file: str, old: str, new: str, read: Any) -> None:
        """Change a definition as whoever has the server could, until the next mend.

        :param file: below ``schemas/``.
        :param read: the function that reads it once a process; it reads what is changed now.
        """
        changed = self.folder / "schemas"
        shutil.copytree(paths.schemas(), changed)
        text = (changed / file).read_text("utf-8")
        assert old in text
        (changed / file).write_text(text.replace(old, new), "utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(paths, "schemas", lambda: changed)
            read.cache_clear()
            read()
        self.kept.callback(read.cache_clear)
        self.kept.callback(shutil.rmtree, changed)

    def user(self, name: str) -> str:
        """Return the id of somebody of the city."""
        return self.city.users[name]["id"]

    def leave(self, org: str, user: str) -> None:
        """Take somebody out of an agency."""
        name = self.city.users[user]["name"]
        gone = {"id": org, "username": name, "nomor_sk": "SK/1/2026"}
        self.city.act("admin", "organization_member_delete", **gone)


@contextlib.contextmanager
def superuser() -> Iterator[sa.Connection]:
    """Connect as whoever has the database server, with every trigger off; what they did stays."""
    engine = sa.create_engine(os.environ["SATUDATA_ADMIN_URL"])
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
            yield connection
    finally:
        engine.dispose()


def ago(**span: float) -> dt.datetime:
    """Return a moment of the past."""
    return dt.datetime.now(dt.UTC) - dt.timedelta(**span)


@dataclass(frozen=True)
class Pair:
    """What makes a control hold on a site, and what makes it fail."""

    mends: Callable[[Site], None]
    breaks: Callable[[Site], None]


def as_before(site: Site) -> None:
    """Take back what a break changed; a site that nobody broke is left as it is."""
    site.kept.close()
