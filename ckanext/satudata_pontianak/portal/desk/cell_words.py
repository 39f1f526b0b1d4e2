"""Says which cells of codes are in no list, and what may be meant; never what the scan covers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypedDict

import ckan.plugins.toolkit as tk
from ckan import model

from ...access.search import dictionary
from ...classification.desk.first_rows import CLEARED, Rows
from ...classification.intake.definition import intake
from ...classification.records.model import Version
from ...classification.rules import variables
from ...classification.versions import table_questions
from ...classification.versions.table_state import Tabled
from ...disclosure.places import spans
from ...metadata.codes import code_list
from ...tidying.known_cells import Unknown, levels


class Said(TypedDict):
    """Lines for people, and how many more there are."""

    lines: list[str]
    more: int


def of_staged(read: Mapping[str, Any]) -> Said:
    """Return what is in no list of the table that was read of a staged file."""
    table, scan = read.get("table") or {}, read.get("scan") or {}
    names = [variables.folded(str(each["name"])) for each in table.get("fields") or ()]
    covered = _covered(names, scan)
    found = [Unknown.from_json(each) for each in table.get("unknown") or ()]
    return _said(found, lambda place: place in covered)


def of_look(look: Rows) -> Said:
    """Return what is in no list of the rows of a waiting file."""
    return _said(look.unknown, lambda place: place in look.covered)


def satudata_unknown_cells(version_id: str) -> Said | None:
    """Return what is in no list of the table of a waiting file, for who may have its bytes.

    Nothing of a file in which the scan found something, or of a column that is called personal.
    """
    version = model.Session.get(Version, version_id)
    tabled = Tabled.of(version.tabled) if version is not None else None
    if version is None or tabled is None or not tabled.unknown:
        return None
    if not table_questions.is_clear(version.id):
        return None
    id = version.package_id
    personal = variables.personal_of([id]).get(id, frozenset())
    told = [
        one
        for one in tabled.unknown
        if not variables.is_among(personal, one.heading)
        and not (one.village and variables.is_among(personal, one.village_heading))
    ]
    return _said(told, lambda _place: False)


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {satudata_unknown_cells.__name__: satudata_unknown_cells}


def _covered(names: Sequence[str], scan: Mapping[str, Any]) -> set[int]:
    """Return the places of columns in which something was found; all where it is not sure which.

    The table was read otherwise than the scan read it: a column of its own name is the same one.
    """
    everything = set(range(len(names)))
    if scan.get("verdict") not in CLEARED:
        return everything
    covered: set[int] = set()
    for item in scan.get("found") or ():
        column = variables.folded(str(item.get("column") or ""))
        if column not in names:
            return everything
        covered |= {place for place, name in enumerate(names) if name == column}
    return covered


def _said(found: Iterable[Unknown], covered: Callable[[int], bool]) -> Said:
    meant = [one for one in found if one.kind != "region" or not _search_knows(one)]
    shown = meant[: intake().shown_unknown]
    lines = [
        _line(
            one, covered=covered(one.column) or (bool(one.village) and covered(one.village_column))
        )
        for one in shown
    ]
    return {"lines": lines, "more": len(meant) - len(shown)}


def _search_knows(one: Unknown) -> bool:
    """Tell whether the search takes a text for the name of such a region: then it is one."""
    way = dictionary.spellings().get(tuple(dictionary.folded(one.text).split()))
    code = code_list("wilayah").get(way.code) if way else None
    return code is not None and code.level in levels(one.heading)


def _line(one: Unknown, *, covered: bool) -> str:
    rows = spans(one.rows)
    if one.count > len(one.rows):
        more = tk.h.satudata_number(one.count - len(one.rows))
        rows = tk._("%(rows)s and %(more)s more") % {"rows": rows, "more": more}
    where = {"rows": rows, "column": one.heading}
    if covered and one.kind == "district":
        return tk._("Row %(rows)s, column %(column)s: covered, and not the right one.") % where
    if covered:
        return tk._("Row %(rows)s, column %(column)s: covered, and in no list.") % where
    said = {**where, "text": one.text, "nearest": one.nearest}
    if one.kind == "district":
        return tk._(
            "Row %(rows)s, column %(column)s: “%(text)s”, but %(village)s lies in %(nearest)s."
        ) % {**said, "village": one.village}
    if one.nearest:
        return (
            tk._("Row %(rows)s, column %(column)s: “%(text)s”, do you mean “%(nearest)s”?") % said
        )
    return tk._("Row %(rows)s, column %(column)s: “%(text)s” is in no list.") % said
