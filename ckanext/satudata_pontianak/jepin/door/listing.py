"""The apps of the city of which somebody may know, as the door shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from ckan import model

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import ANONYMOUS, Actor, Agency
from ...classification.records.dataset_types import APP
from ..records import apps
from ..records.lifecycle import Life, lives
from ..records.standing import Standing, standing
from ..rules.door import Word, door, fits

SHOWN, NOT_SHOWN = "tampil_di_jepin", "tidak"
TOPIC, CATEGORY, ORDER = "urusan", "kategori_layanan", "urutan_jepin"
SEARCHED = ("singkatan", "fungsi", "penerima_layanan")


@dataclass(frozen=True)
class Listed:
    """An app of which the reader may know: nothing here says why it stands as it does."""

    package: model.Package
    agency: Agency | None
    life: Life
    pulse: Standing
    successor: model.Package | None = None

    @property
    def word(self) -> Word | None:
        """Return one of the four words, ``None`` where nobody knows."""
        return door().word(self.life.state, self.pulse.word, ended=self.life.ended)

    @property
    def since(self) -> dt.date | None:
        """Return the day since when the word is so, as far as it is known."""
        if self.life.ended or (self.word and self.word != self.pulse.word):
            return self.life.since
        moment = self.pulse.since if self.word else None
        return moment.astimezone(days.CITY).date() if moment else None

    def said(self, key: str) -> str:
        """Return a field of its entry; empty where nothing is written."""
        if key == "url":
            return str(self.package.url or "")
        return str((self.package.extras or {}).get(key) or "")

    def address(self, key: str) -> str:
        """Return one of its addresses, none of what is closed or must not be a link."""
        linked = self.pulse.link and self.word != "closed"
        return self.said(key) if linked else ""

    @property
    def place(self) -> tuple[int, str, str]:
        """Return where it stands in the list: by Jepin's order, then by its title."""
        number = self.said(ORDER)
        title = (self.package.title or self.package.name).casefold()
        return (int(number) if number.isdigit() else 10**6, title, self.package.name)


def listed(actor: Actor = ANONYMOUS) -> list[Listed]:
    """Return the apps that stand in Jepin and of which somebody may know, in Jepin's order."""
    query = sa.select(model.Package).where(
        model.Package.type == APP, model.Package.state == "active"
    )
    hidden = door().order.hidden
    found = [
        app
        for app in _read(model.Session.scalars(query), actor)
        if app.said(SHOWN) != NOT_SHOWN and app.life.state not in hidden
    ]
    return sorted(found, key=lambda app: app.place)


def known(ids: Iterable[str], actor: Actor) -> list[Listed]:
    """Return those of some apps of which somebody may know, whether Jepin shows them or not."""
    query = sa.select(model.Package).where(
        model.Package.id.in_(list(ids)), model.Package.type == APP, model.Package.state == "active"
    )
    return _read(model.Session.scalars(query), actor)


def one(name: str, actor: Actor = ANONYMOUS) -> Listed | None:
    """Return an app by its name or id; ``None``: there is none, or it is not for the reader."""
    package = model.Package.get(name)
    if package is None or package.type != APP or package.state != "active":
        return None
    return next(iter(_read([package], actor)), None)


def chosen(
    apps: Iterable[Listed], *, q: str = "", topic: str = "", category: str = "", word: str = ""
) -> list[Listed]:
    """Return those of some apps that fit what is asked for."""
    return [
        app
        for app in apps
        if (not topic or app.said(TOPIC) == topic)
        and (not category or app.said(CATEGORY) == category)
        and (not word or app.word == word)
        and (not q or fits(q, _texts(app)))
    ]


def _texts(app: Listed) -> list[str | None]:
    agency = f"{app.agency.title} {app.agency.english}" if app.agency else None
    said = [app.said(key) for key in SEARCHED]
    return [app.package.title, app.package.name, app.package.notes, agency, *said]


def _read(packages: Iterable[model.Package], actor: Actor) -> list[Listed]:
    """Return those of some apps of which somebody may know, with how they stand."""
    rows = {package.id: package for package in packages}
    known = apps.knowable(rows, actor)
    life, pulse = lives(known), standing(known)
    following = {each.successor for each in life.values() if each.successor}
    query = sa.select(model.Package).where(
        model.Package.id.in_(apps.knowable(following, actor)), model.Package.state == "active"
    )
    successors = {p.id: p for p in model.Session.scalars(query)} if following else {}
    agencies = registry.load_agencies()
    return [
        Listed(
            rows[id_],
            agencies.get(rows[id_].owner_org or ""),
            life[id_],
            pulse[id_],
            successors.get(life[id_].successor or ""),
        )
        for id_ in known
    ]
