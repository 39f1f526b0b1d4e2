"""Pages as a person asks for them: with their token, through the whole application."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest


class _Forms(HTMLParser):
    """Reads the forms of a page: the hidden and other values by the name of the step."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: dict[str, dict[str, str]] = {}
        self.forms: list[tuple[str, dict[str, str], set[str]]] = []
        self._action = ""
        self.fields: dict[str, set[str]] = {}
        self._values: dict[str, str] | None = None
        self._names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {k: v or "" for k, v in attrs}
        if tag == "form":
            self._values, self._names = {}, set()
            self._action = found.get("action", "")
        elif self._values is not None and tag in ("input", "select", "textarea"):
            self._names.add(found.get("name", ""))
            if found.get("type") == "hidden":
                self._values[found.get("name", "")] = found.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._values is not None:
            self.forms.append((self._action, self._values, self._names))
            if "transition" in self._values:
                self.steps[self._values["transition"]] = self._values
                self.fields[self._values["transition"]] = self._names
            self._values = None


class Page:
    """What a page says and offers."""

    def __init__(self, answer: Any) -> None:
        self.status: int = answer.status_code
        self.body: str = answer.body
        self.location: str = answer.headers.get("Location", "")
        reader = _Forms()
        reader.feed(self.body)
        self.steps = reader.steps
        self.fields = reader.fields
        self.forms = reader.forms

    def hidden(self, end: str) -> list[dict[str, str]]:
        """Return the hidden values of each form whose address ends so."""
        return [values for action, values, _ in self.forms if action.endswith(end)]

    @property
    def text(self) -> str:
        """The words between ``<main>`` and the footer, without marks."""
        content = self.body.partition('id="content"')[2].partition("<footer")[0]
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


class Desk:
    """Asks for pages and sends forms as somebody of the city."""

    def __init__(self, app: Any, city: Any) -> None:
        self.app = app
        self.city = city

    def get(self, who: str | None, path: str) -> Page:
        """Ask for a page, without following where it leads."""
        headers = self.city.token(who)
        return Page(self.app.get(path, headers=headers, follow_redirects=False))

    def post(self, who: str | None, path: str, fields: Any) -> Page:
        """Send a form, without following where it leads."""
        headers = self.city.token(who)
        return Page(self.app.post(path, data=fields, headers=headers, follow_redirects=False))

    def case(self, who: str | None, dataset: dict[str, Any]) -> Page:
        """Ask for the page of a dataset's case."""
        return self.get(who, f"/satudata/berkas/{dataset['name']}")

    def send(self, who: str | None, dataset: dict[str, Any], step: str, **fields: Any) -> Page:
        """Send a step as the page of the case offers it; without a form only its name."""
        hidden = self.case(who, dataset).steps.get(step, {"transition": step})
        path = f"/satudata/berkas/{dataset['name']}"
        return self.post(who, path, {**hidden, **fields})


@pytest.fixture
def desk(city: Any, app: Any) -> Desk:
    """Return somebody's desk."""
    return Desk(app, city)
