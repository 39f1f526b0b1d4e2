"""Pages of words for everybody, from ``schemas/pages.yaml``; and ``security.txt`` (RFC 9116)."""

from __future__ import annotations

import datetime as dt
from functools import cache, partial
from typing import Any

import flask
import msgspec

import ckan.plugins.toolkit as tk

from ... import config, days, paths
from ...agencies import registry
from ...agencies.rules.duties import Duty
from ...msgids import N_
from ...surface import declared
from ...surface.pages import page
from ...surface.yaml_source import Source
from . import places
from .guides import mailbox

# RFC 9116 asks for less than a year.
SECURITY_DAYS = 180
ENDPOINTS = {
    "privasi": "privacy",
    "ketentuan": "terms",
    "aksesibilitas": "accessibility",
    "kontak": "contact",
    "bantuan": "help",
}
WHO = (
    (Duty.WALIDATA, N_("Data and this portal")),
    (Duty.PPID, N_("Public information, and your own data")),
)


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paragraph."""

    help: str


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a page, and the page that leads on."""

    name: str
    label: str
    texts: tuple[Text, ...]
    to: str = ""


class Plain(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page."""

    name: str
    label: str
    help: str
    sections: tuple[Section, ...]


class Pages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    version: int
    pages: tuple[Plain, ...]

    def __post_init__(self) -> None:
        """Refuse a page without an address here, and one that is missing."""
        declared.once(each.name for each in self.pages)
        if {each.name for each in self.pages} != set(ENDPOINTS):
            raise ValueError("pages.yaml: a page is missing, or is none")


@cache
def pages() -> dict[str, Plain]:
    """Return the pages by the name in their address."""
    read = Source.read(paths.schemas() / "pages.yaml").shaped(Pages)
    return {each.name: each for each in read.pages}


def _shown(name: str) -> str:
    # The mailboxes stand where somebody looks for whom to ask.
    who = [(tk._(label), registry.body_of(duty), mailbox(duty)) for duty, label in WHO]
    return tk.render(
        "satudata/plain.html",
        {
            "plain": pages()[name],
            "who": [each for each in who if each[1]] if name in ("kontak", "privasi") else [],
        },
    )


def contact() -> str:
    """Return whom to tell of a weakness: an address (``mailto:``, ``https:``), or nothing."""
    said = config.security_contact() or mailbox(Duty.WALIDATA)
    return f"mailto:{said}" if said and ":" not in said else said


def security_txt() -> Any:
    """Say whom to tell of a weakness, for programs that look for it."""
    said, site = contact(), config.site_url().rstrip("/")
    if not said:
        return tk.abort(404, tk._("Nobody is named yet."))
    until = dt.datetime.combine(days.today() + dt.timedelta(SECURITY_DAYS), dt.time(), days.CITY)
    lines = (
        f"Contact: {said}",
        f"Expires: {until.isoformat()}",
        "Preferred-Languages: id, en",
        f"Canonical: {site}/.well-known/security.txt",
        f"Policy: {site}/kontak#kelemahan",
    )
    return flask.Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


for _name, _endpoint in ENDPOINTS.items():
    _view = partial(_shown, _name)
    places.blueprint.add_url_rule(
        f"/{_name}", _endpoint, page(_view, kept=True, light=True, about=pages()[_name].help)
    )
places.blueprint.add_url_rule("/.well-known/security.txt", "security_txt", security_txt)
