"""A walk over every link of the portal as one person, breadth first, without a browser."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import requests
import yaml
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

CONTRACT = Path(__file__).parents[2] / "access/contract.yaml"
OF_EACH = 2
"""So many addresses of each pattern are looked at: states of datasets differ."""
MOST_KEYS = 1
"""Of what filters more than this nothing new comes."""
LINKS = (
    "//a/@href | //link[not(@rel = 'preconnect' or @rel = 'canonical')]/@href | //img/@src"
    " | //script/@src | //source/@src | //iframe/@src | //area/@href"
)
FORMS = "//form[translate(@method, 'GET', 'get') = 'get' or not(@method)]"
LANGUAGE = re.compile(r"^/(en|id)(?=/|$)")
WORDS = {"logic_function", "ver", "format", "_format", "kind", "extension", "word"}
"""Parts of an address that say what it is and not of which."""


def rules() -> Map:
    """Return the routes of the portal, by which addresses are told apart."""
    declared = yaml.safe_load(CONTRACT.read_text("utf-8"))["routes"]
    return Map([Rule(row["rule"], endpoint=row["rule"]) for row in declared], merge_slashes=False)


@dataclass
class Broken:
    """A link that leads nowhere, and the page where it stood."""

    who: str
    address: str
    status: int
    on: str

    def __str__(self) -> str:
        """Say it on one line."""
        return f"{self.who}: {self.status} {self.address} (on {self.on})"


@dataclass
class Walk:
    """What one person reached."""

    site: str
    who: str | None
    password: str = ""
    seen: Counter[tuple[object, ...]] = field(default_factory=Counter)
    broken: list[Broken] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        """Come to the site, with a session where there is an account."""
        self.session = requests.Session()
        self.session.trust_env = False
        self.routes = rules().bind("")
        if self.who:
            page = html.fromstring(self.session.get(f"{self.site}/user/login").content)
            token = page.xpath(
                "string(//form[.//input[@name='password']]//*[@name='_csrf_token']/@value)"
            )
            form = {"login": self.who, "password": self.password, "_csrf_token": token}
            answer = self.session.post(f"{self.site}/user/login", data=form)
            if answer.status_code >= 400 or "/user/login" in answer.url:
                raise RuntimeError(f"{self.who} could not log in")

    def pattern(self, address: str) -> tuple[object, ...]:
        """Return what addresses of one kind have in common."""
        parts = urlsplit(address)
        language = LANGUAGE.match(parts.path)
        path = LANGUAGE.sub("", parts.path) or "/"
        keys = tuple(sorted({key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}))
        try:
            rule, values = self.routes.match(path)
        except HTTPException:
            rule, values = path, {}
        words = tuple(sorted((k, str(v)) for k, v in values.items() if k in WORDS))
        return (language.group() if language else "", rule, words, keys)

    def wanted(self, address: str, *, form: bool = False) -> bool:
        """Tell whether an address is ours, and one of the first of its pattern.

        Of what a form asks all keys belong together, however many.
        """
        parts = urlsplit(address)
        if f"{parts.scheme}://{parts.netloc}" != self.site:
            return False
        pattern = self.pattern(address)
        keys = pattern[-1]
        if isinstance(keys, tuple) and len(keys) > MOST_KEYS and not form:
            return False
        if pattern[0] and self.who:
            return False  # the other language is looked at once, by the visitor
        limit = 1 if keys or pattern[0] else OF_EACH
        if self.seen[pattern] >= limit:
            return False
        self.seen[pattern] += 1
        return True

    def walk(self) -> None:
        """Go from the first page on until nothing new is left."""
        asked = {f"{self.site}/"}
        ahead = deque([(f"{self.site}/", "")])
        while ahead:
            address, on = ahead.popleft()
            for link, form in self.look(address, on):
                whole = urljoin(address, link.strip()).partition("#")[0]
                if whole not in asked and self.wanted(whole, form=form):
                    asked.add(whole)
                    ahead.append((whole, address))

    def look(self, address: str, on: str) -> list[tuple[str, bool]]:
        """Ask for one address; return the links on it where it is a page, and which are forms'."""
        self.asked += 1
        with self.session.get(address, stream=True, timeout=180) as answer:
            if answer.status_code >= 400:
                who, site = self.who or "visitor", len(self.site)
                self.broken.append(Broken(who, address[site:], answer.status_code, on[site:]))
                return []
            if not answer.headers.get("Content-Type", "").startswith("text/html"):
                return []
            if not answer.url.startswith(self.site):
                return []
            page = html.fromstring(answer.content)
            links = [(str(link), False) for link in page.xpath(LINKS)]
            return links + [(untouched(form, page), True) for form in page.xpath(FORMS)]


def untouched(form: html.FormElement, page: html.HtmlElement) -> str:
    """Return where a form leads that is sent as it stands, with its fields outside of it."""
    values = form.form_values()
    for each in page.xpath("//select[@form = $name] | //input[@form = $name]", name=form.get("id")):
        if each.name and each.value is not None:
            values.append((each.name, each.value))
    path = form.get("action") or ""
    return f"{path.partition('?')[0]}?{urlencode(values)}" if values else path
