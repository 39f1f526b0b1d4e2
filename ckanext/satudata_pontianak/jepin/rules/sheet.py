"""Rows of a list of apps as entries: of the city's own sheet, or the menu of its app.

Pure. A row is a mapping from heading to text; what a heading means stands here.

A column of the sheet that is there rules: a cell that was emptied empties the field, and the app it
belongs to. A column that is left out changes nothing. The menu is no sheet: of an entry that is
there it only proposes (:data:`MENU_SAYS`).
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ...messages import Message
from ...msgids import N_

MENU = frozenset({"id", "name", "slug", "url"})
"""Columns by which the menu of the city's app is known (``menu_services``)."""
DROPPED = frozenset({"user_id", "type_access", "type_logo_web", "type_logo_mobile", "logo"})
"""Columns of it that are not taken over; ``user_id`` is a person."""
KEY, AGENCY, PARENT = "name", "owner_org", "parent"
MENU_SAYS = ("title", "url", "urutan_jepin")
"""Fields of an entry that is there for which the menu proposes what it has; no other."""
HELP = "#"
"""How the title of a row begins that helps whoever fills in the sheet, and is no app."""
MENU_ID = re.compile(r"[0-9]{1,10}")
"""A number of a row of the menu, by which its entry is known again after it was renamed."""
MOST = 1000
MAX_NAME = 100
TOLD, LONGEST = 5, 40
"""So many strange columns are told of, by so many characters of each."""

NO_TITLE = N_("The row names no app.")
NO_AGENCY = N_("The row names no agency, and none was chosen for the whole list.")
TWICE = N_("Another row has the same name: %(name)s.")
STRANGE = N_("There is no such column: %(name)s.")
NO_PARENT = N_("The row belongs to one that is not in the list: %(name)s.")
CHILD = N_("The row belongs to itself.")
CIRCLE = N_("By this list the app would belong to itself, through others.")
ABOVE = N_("The row belongs to one that is refused: %(name)s.")
EMPTY = N_("The list holds no row.")
MANY = N_("A list holds at most %(count)s rows.")


@dataclass
class Row:
    """A row of a list: its number, the values of an entry, and what is wrong by field.

    ``parent``: empty for none; ``None`` where the list says nothing of it. ``menu_id``: the number
    of a row of the menu.
    """

    number: int
    values: dict[str, str] = field(default_factory=dict)
    parent: str | None = None
    errors: dict[str, list[Message]] = field(default_factory=dict)
    menu_id: str | None = None

    def wrong(self, key: str, text: str, **values: object) -> None:
        """Write down that something is wrong with a field."""
        self.errors.setdefault(key, []).append(Message(text, values))


def is_menu(headings: Sequence[str]) -> bool:
    """Tell whether a list is the menu of the city's app."""
    return {*headings} >= MENU


def menu_id(given: Mapping[str, str]) -> str | None:
    """Return the number of a row of the menu, where it is one."""
    number = given.get("id", "").strip()
    return number if MENU_ID.fullmatch(number) else None


def of_menu(
    rows: Sequence[Mapping[str, str]],
    agency: str,
    code: Callable[[str], str] = str,
    known: Mapping[str, str] | None = None,
) -> list[Row]:
    """Return the rows of the menu of the city's app.

    :param agency: the agency that answers for all of them, until somebody says otherwise.
    :param code: what the names of an agency's entries begin with.
    :param known: number of a row → name of the entry that came from it before, whatever the row is
        called now. A name of one of them is no other row's.
    """
    known = known or {}
    names: dict[str, str] = {}
    found: list[Row] = []
    for number, given in enumerate(rows, 2):
        row = Row(number)
        title = given.get("name", "").strip()
        stem = munged(given.get("slug", "") or title)
        name = f"{code(agency)}-{stem}"[:MAX_NAME].rstrip("-") if agency and stem else ""
        row.menu_id = menu_id(given)
        if row.menu_id and row.menu_id in known:
            name = known[row.menu_id]
        elif row.menu_id and name in known.values():
            name = f"{name[: MAX_NAME - len(row.menu_id) - 1]}-{row.menu_id}"
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
        above = "" if row.parent in (None, "", "0", "NULL", "null") else row.parent
        row.parent = names.get(above, "") if above else ""
        if above and not row.parent:
            row.wrong(PARENT, NO_PARENT, name=above)
    return checked(found)


def strange(headings: Sequence[str], fields: Collection[str]) -> list[Message]:
    """Return which headings of the city's own sheet name no field; said once, and of the first."""
    wrong = [h for h in dict.fromkeys(headings) if h and h != PARENT and h not in fields]
    return [Message(STRANGE, {"name": heading[:LONGEST]}) for heading in wrong[:TOLD]]


def of_sheet(
    headings: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    fields: Collection[str],
    agency: str,
    code: Callable[[str], str] = str,
) -> list[Row]:
    """Return the rows of the city's own sheet, whose headings are names of fields.

    :param fields: the fields of the schema.
    :param code: what the names of an agency's entries begin with.
    """
    found: list[Row] = []
    for number, given in enumerate(rows, 2):
        if given.get("title", "").lstrip().startswith(HELP):
            continue
        row = Row(number)
        row.values = {h: given.get(h, "").strip() for h in headings if h in fields}
        row.parent = given.get(PARENT, "").strip() if PARENT in headings else None
        if agency and not row.values.get(AGENCY):
            row.values[AGENCY] = agency
        if not row.values.get(KEY):  # the same again for the same list, so that nothing doubles
            stem = munged(row.values.get("title", ""))
            row.values[KEY] = f"{code(row.values.get(AGENCY, ''))}-{stem}"[:MAX_NAME].strip("-")
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


def depths(above: Mapping[str, str]) -> dict[str, int | None]:
    """Return app → under how many others it stands; ``None``: it belongs to itself.

    What only leads to a circle, and is not of it, stands under as many as there are before it.
    Each app is walked over once.

    :param above: app → the app that it belongs to.
    """
    found: dict[str, int | None] = {}
    round_: dict[str, int] = {}
    for name in above:
        way: dict[str, int] = {}
        at = name
        while at in above and at not in found and at not in way:
            way[at] = len(way)
            at = above[at]
        steps = list(way)
        if at in way:
            circle = steps[way[at] :]
            found |= dict.fromkeys(circle)
            round_ |= dict.fromkeys(circle, len(circle))
            steps = steps[: way[at]]
        before = found.get(at, 0)
        before = round_[at] if before is None else before
        found |= {each: before + number for number, each in enumerate(reversed(steps), 1)}
    return found


def refused(
    said: Mapping[str, str], new: Collection[str], gone: Iterable[str], stands: Mapping[str, str]
) -> dict[str, Message]:
    """Return which rows cannot land because of what they belong to, and why.

    A row that is refused lands with none of what it says: what belongs to a new one is refused
    with it, and an app that is there stays where it stood, which is looked at again for circles.

    :param said: row → the app that it belongs to from now on, or nothing.
    :param new: the rows of apps that are not there yet.
    :param gone: new rows that are refused already.
    :param stands: app → the app that it belongs to today.
    """
    found: dict[str, Message] = {}
    left, below = dict(said), defaultdict[str, list[str]](list)
    for name, parent in said.items():
        below[parent].append(name)
    queue = deque(gone)
    while True:
        while queue:
            above = queue.popleft()
            for name in below[above] if above else ():
                if left.pop(name, None) is not None:
                    found[name] = Message(ABOVE, {"name": above})
                    queue.extend([name] if name in new else [])
        linked = {name: parent for name, parent in stands.items() if name not in left}
        linked |= {name: parent for name, parent in left.items() if parent}
        circles = [name for name, depth in depths(linked).items() if depth is None and name in left]
        if not circles:
            return found
        for name in circles:
            del left[name]
            found[name] = Message(CIRCLE)
            queue.extend([name] if name in new else [])


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
