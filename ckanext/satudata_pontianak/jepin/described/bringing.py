"""Metadata of many datasets as one sheet: written, and looked at row by row when it comes back.

What opens a case is not changed here: the axes and the files have pages of their own. Every row
goes through the gate as a form does, with a record of its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies.rules.duties import Actor
from ...bulk import fields, round_trip, words
from ...bulk.checking import Surroundings
from ...bulk.fields import ID, STATE, Headings
from ...bulk.reading import Column, Manifest, Row, letter
from ...bulk.remarks import Remark
from ...classification.records import text_findings
from ...classification.rules.policy import may_publish
from ...msgids import N_, bare
from ..records import list_file

MOST = 500
"""Datasets of one sheet."""
SHOWN = 400
"""Signs of a value that is told of."""
KIND = "dataset"

NOT_YOURS = N_("This row names no dataset that you may edit. Leave the column as it was.")
TWICE = N_("Another row names the same dataset. Keep one of them.")
NO_STATE = N_("The sheet does not say of what state it is. Download it anew.")
FIXED = N_("An address is not changed here. Leave the column as it was.")
OTHER_COLUMNS = N_(
    "These columns are not changed by this sheet: %(names)s. Take them out. Classification and "
    "files have pages of their own."
)
NO_COLUMNS = N_("The sheet lacks the columns %(names)s. Download it anew.")
CHANGED_HERE = N_(
    "The dataset was changed here since the sheet was downloaded; the row is left as it is. "
    "Download the sheet anew for it."
)
PERSONAL = N_("This text holds what looks like personal data (%(kinds)s). Take it out.")

Shown = Mapping[str, Any]
Asking = types.Context
"""The context of whoever asks."""


@dataclass
class Looked:
    """A row that was looked at: whose it is, and what it would change."""

    number: int
    name: str = ""
    title: str = ""
    dataset_id: str = ""
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Field → before, after."""
    errors: dict[str, list[str]] = field(default_factory=dict)
    state: str = ""
    """What the sheet says the dataset was like."""
    stale: bool = False
    """The dataset was changed since the sheet was downloaded."""

    @property
    def outcome(self) -> Literal["changed", "same", "differs", "wrong"]:
        """What would become of it."""
        if self.errors:
            return "wrong"
        if not self.changes:
            return "same"
        return "differs" if self.stale else "changed"

    def wrong(self, name: str, text: str) -> None:
        """Say what is wrong with a cell."""
        self.errors.setdefault(name, []).append(text)


def state_of(shown: Shown) -> str:
    """Return by what it is told whether the metadata of a dataset changed since."""
    said = json.dumps(round_trip.values_of(shown), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def editable(asking: Asking, actor: Actor, agency: str | None = None) -> list[Shown]:
    """Return the datasets that a person may edit, by name; of one agency, where it is named.

    :param agency: id of the agency.
    """
    of = actor.publishes_for if agency is None else actor.publishes_for & {agency}
    columns = model.Package
    query = (
        sa.select(columns.id)
        .where(columns.owner_org.in_(of), columns.state == "active", columns.type == KIND)
        .order_by(columns.name)
        .limit(MOST)
    )
    found = (_mine(asking, actor, each) for each in model.Session.scalars(query).all())
    return [each for each in found if each is not None]


def _mine(asking: Asking, actor: Actor, dataset_id: str) -> Shown | None:
    """Return a dataset as this person sees it; ``None`` where they may not edit or know it."""
    if not dataset_id or "\x00" in dataset_id:
        return None
    package = model.Session.get(model.Package, dataset_id)
    if package is None or package.type != KIND or not may_publish(actor, package.owner_org):
        return None
    try:
        tk.check_access("package_update", asking.copy(), {"id": dataset_id})
        return tk.get_action("package_show")(asking.copy(), {"id": dataset_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None


def workbook(datasets: Sequence[Shown]) -> bytes:
    """Return the sheet to change, with the state of each row."""
    return round_trip.workbook(datasets, tk._, state_of, licences())


def licences() -> dict[str, str]:
    """Return the licences of the portal: id → title."""
    return {each["id"]: each["title"] for each in tk.get_action("license_list")({}, {})}


def look(content: bytes, filename: str, asking: Asking, actor: Actor) -> list[Looked]:
    """Say of every row what it would change; nothing is written.

    :raises ckan.plugins.toolkit.ValidationError: it is no such sheet.
    """
    return _look(_read(content, filename), asking, actor)


def remarked(content: bytes, filename: str, asking: Asking, actor: Actor) -> bytes:
    """Return a sheet as a workbook, with what is wrong in the cells that it is about.

    :raises ckan.plugins.toolkit.ValidationError: it is no such sheet.
    """
    manifest = _read(content, filename)
    said: dict[int, dict[str, str]] = {}
    for each in _look(manifest, asking, actor):
        found = {name: "\n".join(texts) for name, texts in each.errors.items()}
        if each.outcome == "differs":
            found[STATE] = tk._(CHANGED_HERE)
        said[each.number] = found
    return round_trip.remarked(manifest, said, tk._, licences())


def _read(content: bytes, filename: str) -> Manifest:
    return _manifest(*list_file.read(content, filename, MOST))


def _look(manifest: Manifest, asking: Asking, actor: Actor) -> list[Looked]:
    around = Surroundings(licences=licences(), translate=tk._)
    seen: set[str] = set()
    return [_looked(manifest, row, asking, actor, around, seen) for row in manifest.rows]


def _manifest(given: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Manifest:
    """Return the sheet by field.

    :raises ckan.plugins.toolkit.ValidationError: it has other columns, or not those it needs.
    """
    # Downloaded in one language, it may be brought in another.
    known = [Headings(words.translation(each)) for each in words.LANGUAGES]
    allowed = {ID, "name", STATE, *round_trip.editable()}
    named = {
        heading: next(filter(None, (each.field(heading) for each in known)), None)
        for heading in given
        if heading
    }
    others = [heading for heading, name in named.items() if name not in allowed]
    if others:
        raise list_file.refused(OTHER_COLUMNS, names=", ".join(others)[:SHOWN])
    lacking = [name for name in (ID, STATE) if name not in named.values()]
    if lacking:
        names = ", ".join(bare(tk._(fields.label(name))) for name in lacking)
        raise list_file.refused(NO_COLUMNS, names=names)
    columns = [Column(letter(n), n, heading, named.get(heading)) for n, heading in enumerate(given)]
    return Manifest(Path("metadata.xlsx"), tuple(columns), tuple(_rows(named, rows)), head=1)


def _rows(named: Mapping[str, str | None], rows: Sequence[Mapping[str, str]]) -> Iterator[Row]:
    for number, row in enumerate(rows, 2):
        cells = {name: row.get(heading, "").strip() for heading, name in named.items() if name}
        yield Row(number, {name: text for name, text in cells.items() if text})


def _looked(
    manifest: Manifest,
    row: Row,
    asking: Asking,
    actor: Actor,
    around: Surroundings,
    seen: set[str],
) -> Looked:
    found = Looked(row.number, row.cells.get("name", ""), row.cells.get("title", ""))
    dataset_id = row.cells.get(ID, "")
    shown = _mine(asking, actor, dataset_id)
    if shown is None:
        found.wrong(ID, tk._(NOT_YOURS))
        return found
    if dataset_id in seen:
        found.wrong(ID, tk._(TWICE))
        return found
    seen.add(dataset_id)
    found.dataset_id, found.title = dataset_id, str(shown.get("title") or shown["name"])
    if found.name and found.name != shown["name"]:
        found.wrong("name", tk._(FIXED))
    found.name = str(shown["name"])
    told: list[Remark] = []
    changes = round_trip.differing(manifest, row, round_trip.values_of(shown), around, told)
    found.changes = dict(changes)
    for each in told:
        if each.fault:
            found.wrong(each.field, f"{each.what.text(tk._)} {each.todo.text(tk._)}")
    for name, (_before, after) in found.changes.items():
        kinds = {each.kind for each in text_findings.hard_findings(name, after)}
        if kinds:
            found.wrong(name, tk._(PERSONAL) % {"kinds": ", ".join(sorted(kinds))})
    state = row.cells.get(STATE, "")
    if found.changes and not state:
        found.wrong(STATE, tk._(NO_STATE))
    found.state, found.stale = state, state != state_of(shown)
    return found


def apply(rows: Collection[Looked], asking: Asking) -> None:
    """Change what the rows say, each dataset by itself; what the gate refuses is told of its row.

    Rows of which the state is another are left as they are, also where it became another since it
    was looked at: a dataset is held from that question until it is written.
    """
    for each in rows:
        if each.outcome != "changed":
            continue
        patch = {name: after for name, (_before, after) in each.changes.items()}
        try:
            if not _held(each, asking):
                # Lets go of it; the dataset is no longer what the row speaks of.
                model.Session.rollback()
                each.stale = True
                continue
            tk.get_action("package_patch")(asking.copy(), {"id": each.dataset_id, **patch})
        except tk.ValidationError as refused:
            model.Session.rollback()
            for name, said in refused.error_dict.items():
                each.wrong(str(name), " ".join(_texts(said)))
        except (tk.NotAuthorized, tk.ObjectNotFound):
            model.Session.rollback()
            each.wrong(ID, tk._(NOT_YOURS))


def _held(each: Looked, asking: Asking) -> bool:
    """Hold a dataset against other writers; tell whether it is still as the sheet says.

    :raises ckan.plugins.toolkit.ObjectNotFound: it is gone.
    """
    columns = model.Package
    query = sa.select(columns).where(columns.id == each.dataset_id).with_for_update()
    # Everything that was read before is what it was then.
    model.Session.expire_all()
    if model.Session.scalars(query).one_or_none() is None:
        raise tk.ObjectNotFound
    return each.state == state_of(
        tk.get_action("package_show")(asking.copy(), {"id": each.dataset_id})
    )


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, Mapping):
        said = list(said.values())
    if isinstance(said, (list, tuple)):
        for each in said:
            yield from _texts(each)
    else:
        yield str(said)
