"""What the portal reads of a column by itself: its meaning, unit and type, to be accepted. Pure.

From what is said of the same column in an earlier dataset of the agency, and from its heading.
Whether everybody may have a column is never among it: a person says that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...disclosure import totals
from ...messages import Message, Translate
from ...metadata import roles
from ...metadata.roles import Role
from ...msgids import N_
from ...tidying.columns import without_unit
from ..rules import variables as rules

HEADING = N_("the heading")
EARLIER = N_("the dataset “%(title)s”")
_MEANINGS = {
    Role.PERIOD: N_("The time that the row is about: %(name)s."),
    Role.REGION: N_("The area that the row is about: %(name)s."),
    Role.CATEGORY: N_("What the row is about: %(name)s."),
    Role.CODE: N_("The number or code of what the row is about: %(name)s."),
    Role.MEASURE: N_("%(name)s of what the row is about."),
    Role.NOTE: N_("What else is said of what the row is about: %(name)s."),
    Role.UNIT: N_("The unit of the figures in the row."),
}
_NORTH = N_("Latitude of the place, in degrees.")
_EAST = N_("Longitude of the place, in degrees.")
_TELLING = re.compile(r"\d{6}|@")
"""A heading that may name somebody: nothing is made of it."""


@dataclass(frozen=True)
class Offered:
    """Field → what is offered for it, and where it comes from; empty where nothing is."""

    values: Mapping[str, str] = field(default_factory=dict)
    source: Message | None = None


def offer(
    column: rules.Seen,
    said: Mapping[str, str],
    earlier: tuple[str, Mapping[str, str]] | None,
    indonesian: Translate,
) -> Offered:
    """Return what is offered for fields of a column that say nothing.

    :param column: as a scan saw it.
    :param said: field → what is said of it already.
    :param earlier: title of an earlier dataset and what it says of a column of this name.
    :param indonesian: of texts that stand in the dictionary.
    """
    title, values = earlier or ("", {})
    values = {name: text for name, text in values.items() if text and not said.get(name)}
    if values:
        return Offered(values, Message(EARLIER, {"title": title}))
    if _TELLING.search(column.name):
        return Offered()
    read = {n: t for n, t in _of_heading(column, indonesian).items() if t and not said.get(n)}
    return Offered(read, Message(HEADING)) if read else Offered()


def _of_heading(column: rules.Seen, indonesian: Translate) -> dict[str, str]:
    bare, unit = without_unit(column.name)
    named = roles.Column(bare)
    role = _role(column, bare)
    if role is Role.MEASURE:
        unit = unit or roles.unit_of(named)
    degrees = roles.coordinate(bare)
    if degrees is not None:
        text = _NORTH if degrees == "north" else _EAST
        return {"meaning": indonesian(text), "type": "desimal"}
    meaning = _MEANINGS.get(role) if role is not None else None
    said = Message(meaning, {"name": named.bare}).text(indonesian) if meaning else ""
    return {"meaning": said, "unit": unit, "type": _type(column, role)}


def _role(column: rules.Seen, bare: str) -> Role | None:
    """Return what a column is for, ``None`` where neither heading nor type tells."""
    found = roles.named(bare) or (Role.REGION if roles.names_region(bare) else None)
    if found is not None:
        return found
    if column.type == totals.NUMBER:
        return Role.MEASURE
    if column.type == totals.DATE:
        return Role.PERIOD
    return Role.CATEGORY if column.type == totals.TEXT else None


def _type(column: rules.Seen, role: Role | None) -> str:
    if column.type == totals.DATE:
        return "tanggal"
    if role is Role.CODE:
        return "kode"
    if column.type == totals.NUMBER:
        # A sum that is not sure says nothing of how its numbers are written.
        if column.total is None:
            return ""
        rate = roles.RATE.search(roles.folded(column.name))
        return "desimal" if "." in column.total or rate else "bilangan_bulat"
    return "teks" if column.type == totals.TEXT else ""
