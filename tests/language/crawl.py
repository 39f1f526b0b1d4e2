"""Ask for every page of the contract as somebody, and say what stands there in another language."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa
import yaml
from werkzeug.exceptions import HTTPException

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.portal.language import translations

from ..access.doors import doors
from ..access.matrix import Matrix
from ..access.world import World
from ..city import submission_fields
from . import documents
from .reading import Foreign, Wrong, spoken

ROOT = Path(__file__).parents[2]
LOG = os.environ.get("SATUDATA_CRAWL_LOG")
"""A file for what is wrong, written while a long crawl goes on."""

LINK = re.compile(r'\b(?:href|action)="(/[^"#]*)')
ROLES = (
    "anonymous",
    "citizen",
    "owner_editor",
    "walidata",
    "ppid",
    "superior",
    "auditor",
    "sysadmin",
)
"""Who asks: names of ``ACTORS``."""


@dataclass
class Outcome:
    """What one person read."""

    pages: int = 0
    asked: int = 0
    wrong: dict[Wrong, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)


def foreign(language: str) -> Foreign:
    """Return what must not stand on a page of a language, from the catalogue."""
    catalogue = translations.read(translations.catalogue_path(ROOT, "id"), "id")
    pairs = []
    for message in catalogue:
        if message.id:
            strings = translations.strings_of(message)
            ids = translations.ids_of(message)
            pairs += [(ids[min(i, len(ids) - 1)], s) for i, s in enumerate(strings)]
            pairs += [(other, strings[-1]) for other in ids[1:]]
    found = Foreign(language, pairs)
    # Official Indonesian names, which no law calls otherwise.
    affairs = yaml.safe_load((ROOT / "schemas" / "codes" / "urusan.yaml").read_text("utf-8"))
    found.allow(labels(affairs))
    return found


def labels(value: Any) -> Iterator[str]:
    """Give the names in a list of codes."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            for key, inner in item.items():
                if key == "label" and isinstance(inner, str):
                    yield inner
                else:
                    yield from labels(inner)


def official_titles() -> list[str]:
    """Return the titles of SOP, which are official documents: the title of their page as well."""
    catalogue = translations.read(translations.catalogue_path(ROOT, "id"), "id")
    sops = yaml.safe_load((ROOT / "schemas" / "sop.yaml").read_text("utf-8"))["documents"]
    titles = [str(catalogue.get(sop["label"]).string) for sop in sops.values()]
    return [f"{title} - {tk.config['ckan.site_title']}" for title in titles]


NOT_OURS = re.compile(r"/download/|/unduh|/lembar|sitasi|/dump|/bentuk/")
"""Documents that hold what somebody published."""

OFFICIAL = re.compile(r"/satudata/(sop|penetapan|dip|dik|kesesuaian|transparansi|bukti)")
"""Documents under Indonesian law, whose language is Indonesian wherever they are asked for."""


class Crawl:
    """The pages of the portal, read as one person in one language."""

    def __init__(self, world: World, app: Any, who: str, language: str) -> None:
        self.matrix = Matrix(world, app, who)
        self.app, self.headers = app, self.matrix.headers
        self.prefix = "" if language == "id" else f"/{language}"
        self.foreign = foreign(language)
        # What people of the city typed is Indonesian on every page.
        typed = [*submission_fields().values(), *world.city.assess_fields().values()]
        typed += model.Session.scalars(sa.select(model.User.about))
        for name in (model.Group.name, model.User.name, model.User.fullname):
            typed += model.Session.scalars(sa.select(name))
        typed += official_titles()
        self.foreign.allow(t for t in typed if isinstance(t, str))
        self.outcome = Outcome()
        self._asked: set[str] = set()
        self._parameters: set[tuple[str, str]] = set()

    def run(self, keep: Callable[[str, str | None], bool], follow: int = 0) -> Outcome:
        """Ask for the pages of the contract, then for the addresses that they name.

        :param keep: tells for a rule and a state whether that page is asked for.
        :param follow: how many named addresses are asked for at most: one for each route and
            parameter.
        """
        config = self.app.flask_app.config
        config["TESTING"], config["PROPAGATE_EXCEPTIONS"] = False, False
        try:
            named: list[str] = []
            for path in self._paths(keep):
                named += self._read(path)
            for path in self._new(named, follow):
                self._read(path)
        finally:
            config["TESTING"], config["PROPAGATE_EXCEPTIONS"] = True, None
        return self.outcome

    def documents(self) -> dict[str, list[str]]:
        """Ask once for each document of the contract; return address → its texts.

        A document of a state is the first that is given to this person.
        """
        found: dict[str, list[str]] = {}
        done: set[str] = set()
        for door in doors():
            for attempt in door.tries:
                kind = documents.kind_of(attempt.path)
                if kind is None or attempt.method != "GET" or NOT_OURS.search(attempt.path):
                    continue
                if self.prefix and OFFICIAL.match(attempt.path):
                    continue
                for _, request in self.matrix._requests(door, attempt):
                    if attempt.path in done:
                        break
                    address = self.prefix + request.path
                    answer = self.app.test_client().get(address, headers=self.headers)
                    if answer.status_code == 200 and answer.mimetype != "text/html":
                        done.add(attempt.path)
                        found[address] = documents.texts(kind, answer.get_data())
        return found

    def _paths(self, keep: Callable[[str, str | None], bool]) -> Iterator[str]:
        for door in doors():
            if not door.name.startswith("/") or door.name.startswith(("/api/", "/catalog")):
                continue
            for attempt in door.tries:
                if attempt.method == "GET" and not attempt.path.startswith("/en/"):
                    for state, request in self.matrix._requests(door, attempt):
                        if keep(door.name, state):
                            yield request.path

    def _read(self, path: str) -> list[str]:
        if path in self._asked or re.search(r"_logout|\.(csv|xlsx|pdf|docx|zip|ttl)\b", path):
            return []
        self._asked.add(path)
        address = (
            path if path.startswith(self.prefix or "/") and self.prefix else self.prefix + path
        )
        self.outcome.asked += 1
        answer = self.app.test_client().get(
            address, headers={**self.headers, "Accept": "text/html"}, follow_redirects=False
        )
        # Nobody serves the site of these tests to its own proxy of files.
        if answer.status_code >= 500 and not path.endswith("/proxy"):
            self.outcome.broken.append(f"{answer.status_code} {address}")
        if not answer.content_type.startswith("text/html") or 300 <= answer.status_code < 400:
            return []
        self.outcome.pages += 1
        page = answer.get_data(as_text=True)
        texts = spoken(page)
        for wrong in (*self.foreign.wrong(texts), *self.foreign.wrong_dates(page)):
            if wrong not in self.outcome.wrong:
                self.outcome.wrong[wrong] = address
                if LOG:
                    with Path(LOG).open("a", encoding="utf-8") as log:
                        log.write(f"{self.matrix.who} {wrong.why} at {address}: {wrong.text}\n")
        return [unescape(found) for found in LINK.findall(page)]

    def _new(self, named: list[str], follow: int) -> Iterator[str]:
        rules = self.app.flask_app.url_map.bind("test.ckan.net")
        for address in dict.fromkeys(named):
            if follow <= 0:
                return
            if not self.prefix and address.startswith(("/en/", "/id/")):
                continue
            path = address.removeprefix(self.prefix) if self.prefix else address
            parts = urlsplit(path)
            try:
                endpoint, _ = rules.match(parts.path, method="GET")
            except HTTPException:  # assets, actions that want a POST, another language
                continue
            keys = {(endpoint, name) for name, _ in parse_qsl(parts.query)} or {(endpoint, "")}
            if keys <= self._parameters or endpoint.startswith(("static", "webassets")):
                continue
            self._parameters |= keys
            follow -= 1
            yield path


def read_first(
    app: Any, language: str, addresses: Iterable[str], headers: dict[str, str]
) -> list[str]:
    """Return what is wrong on these pages, one line each."""
    of_the_language, found = foreign(language), []
    for path in addresses:
        address = path if language == "id" else f"/{language}{path}"
        answer = app.test_client().get(address, headers={**headers, "Accept": "text/html"})
        assert answer.content_type.startswith("text/html"), address
        page = answer.get_data(as_text=True)
        wrong = (*of_the_language.wrong(spoken(page)), *of_the_language.wrong_dates(page))
        found += [f"{w.why} at {address}: {w.text[:160]}" for w in wrong]
    return found
