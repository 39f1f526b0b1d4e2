"""Rows of a list of apps as entries: of the city's own sheet, or the menu of its app.

Pure. A row is a mapping from heading to text; what a heading means stands here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...messages import Message
from ...msgids import N_

MENU = frozenset({"id", "name", "slug", "url"})
"""Columns by which the menu of the city's app is known (``menu_services``)."""
DROPPED = frozenset({"user_id", "type_access", "type_logo_web", "type_logo_mobile", "logo"})
"""Columns of it that are not taken over; ``user_id`` is a person."""
KEY, AGENCY, PARENT = "name", "owner_org", "parent"
MOST = 1000
MAX_NAME = 100

NO_TITLE = N_("The row names no app.")
NO_AGENCY = N_("The row names no agency, and none was chosen for the whole list.")
TWICE = N_("Another row has the same name: %(name)s.")
STRANGE = N_("There is no such column: %(name)s.")
NO_PARENT = N_("The row belongs to one that is not in the list: %(name)s.")
CHILD = N_("The row belongs to itself.")
EMPTY = N_("The list holds no row.")
MANY = N_("A list holds at most %(count)s rows.")


@dataclass
class Row:
    """A row of a list: its number, the values of an entry, and what is wrong by field."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    parent: str = ""
    errors: dict[str, list[Message]] = field(default_factory=dict)

    def wrong(self, key: str, text: str, **values: object) -> None:
        """Write down that something is wrong with a field."""
        self.errors.setdefault(key, []).append(Message(text, values))


def is_menu(headings: Sequence[str]) -> bool:
    """Tell whether a list is the menu of the city's app."""
    return {*headings} >= MENU


def of_menu(rows: Sequence[Mapping[str, str]], agency: str) -> list[Row]:
    """Return the rows of the menu of the city's app.

    :param agency: the agency that answers for all of them, until somebody says otherwise.
    """
    names: dict[str, str] = {}
    found: list[Row] = []
    for number, given in enumerate(rows, 2):
        row = Row(number)
        title = given.get("name", "").strip()
        stem = munged(given.get("slug", "") or title)
        name = f"{agency}-{stem}"[:MAX_NAME].rstrip("-") if agency and stem else ""
        row.values = {
            "name": name,
            "title": title,
            "url": given.get("url", "").strip(),
            "urutan_jepin": given.get("position", "").strip(),
            "tampil_di_jepin": "ya",
            "owner_org": agency,
        }
        names[given.get("id", "").strip()] = name
        row.parent = given.get("parent_id", "").strip()
        found.append(row)
    for row in found:
        above = "" if row.parent in ("", "0", "NULL", "null") else row.parent
        row.parent = names.get(above, "") if above else ""
        if above and not row.parent:
            row.wrong(PARENT, NO_PARENT, name=above)
    return checked(found)


def of_sheet(
    headings: Sequence[str], rows: Sequence[Mapping[str, str]], fields: Sequence[str], agency: str
) -> list[Row]:
    """Return the rows of the city's own sheet, whose headings are names of fields.

    :param fields: the fields of the schema.
    """
    strange = [h for h in headings if h and h not in {*fields, PARENT}]
    found: list[Row] = []
    for number, given in enumerate(rows, 2):
        row = Row(number)
        row.values = {h: given.get(h, "").strip() for h in headings if h in fields}
        row.parent = given.get(PARENT, "").strip()
        if agency and not row.values.get(AGENCY):
            row.values[AGENCY] = agency
        if not row.values.get(KEY):  # the same again for the same list, so that nothing doubles
            stem = munged(row.values.get("title", ""))
            row.values[KEY] = f"{row.values.get(AGENCY, '')}-{stem}"[:MAX_NAME].strip("-")
        for heading in strange:
            row.wrong(heading, STRANGE, name=heading)
        found.append(row)
    return checked(found)


def checked(rows: list[Row]) -> list[Row]:
    """Return the rows, with what is wrong with each by itself and beside the others."""
    seen: set[str] = set()
    for row in rows:
        if not row.values.get("title"):
            row.wrong("title", NO_TITLE)
        if not row.values.get(AGENCY):
            row.wrong(AGENCY, NO_AGENCY)
        name = row.values.get(KEY, "")
        if name and name in seen:
            row.wrong(KEY, TWICE, name=name)
        if name and row.parent == name:
            row.wrong(PARENT, CHILD)
        seen.add(name)
    return rows


def munged(text: str) -> str:
    """Return a text as it may stand in an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def changed(before: Mapping[str, object], values: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return field → what stands there and what the row says, where they differ."""
    found: dict[str, tuple[str, str]] = {}
    for name, value in values.items():
        old = before.get(name)
        text = "" if old is None else str(old)
        if text.replace("\r\n", "\n").strip() != value.replace("\r\n", "\n").strip():
            found[name] = (text, value)
    return found
